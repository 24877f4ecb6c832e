"""What a mail costs to make, and what SpamAssassin finds in its form: `python -m bench.mail`.

The first table is processor time: a post's mail filled in for one reader after the other, beside Django's building of
the same message, and the signature. The second is `spamassassin -L -t` (Debian's package) on a post's mail, a
confirmation and a mail about an answer. It ends with 1 when a rule about the form of a mail fires, with 2 when
SpamAssassin is missing.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import django

READERS = 20_000
RULE = re.compile(r"^ *-?\d+\.\d (?P<name>[A-Z][A-Z0-9_]+) ", re.MULTILINE)
ABOUT_FORM = re.compile(r"(MIME_|MISSING_|INVALID_|HTML_(?!MESSAGE$)|MSGID_|BAD_|BASE64_|SUBJ_ILLEGAL|DATE_|MALFORMED)")

SOURCE = """The skin is the body's *largest* organ, and [the only one we show](/posts/other/).[^1]

## What it does

It keeps **water in** and most of the world out – für alle.

> We are told that beauty is skin deep.

| Layer | Thickness |
|:------|----------:|
| Dermis | 2 mm |

```python
print("a line of code")
```

![A drawn field of colour](/media/a.webp "Drawn for this article.")

[^1]: Measured in 1974.
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            ENV_FILE="",
            DATA_DIR=folder,
            DJANGO_SETTINGS_MODULE="config.settings",
            SITE_URL="https://byline.example",
            INBOUND_ADDRESS="list@byline.example",
        )
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        mails = make_mails()
        print_times()
        return look_at(mails)


def make_mails() -> dict[str, bytes]:
    """Return one mail of each kind in the form of the wire."""
    from blog.models import Publication
    from blog.routes import as_bytes
    from comments import messages as about_comments
    from comments.models import ConversationMail
    from subscribers import messages
    from subscribers.letters import Letter, Reader
    from subscribers.models import Notice
    from tests.comments.conversing import make_follow, make_settled
    from tests.factories import make_author, make_issue, make_post, make_subscriber

    Publication.objects.update_or_create(pk=1, defaults={"name": "Blög & Söhne", "postal_address": "1 Main Street"})
    post = make_post(authors=[make_author("Kim Lee")], title="Fünf Fakten über die Haut", source=SOURCE)
    letter = Letter(make_issue(post))
    content = letter.ready(Reader(1, 1, "kim@example.org"), takes_bytes=True).content
    assert isinstance(content, bytes)
    notice = Notice.objects.create(subscriber=make_subscriber(status="pending"), kind=Notice.Kind.CONFIRM)
    follow = make_follow(post)
    comment = make_settled(post, name="Bob", source="Well *said*.")
    row = ConversationMail.objects.create(commenter=follow.commenter, comment=comment, kind="answer")
    return {
        "a post": content,
        "a confirmation": as_bytes(messages.confirmation(notice)),
        "an answer": as_bytes(about_comments.answer(row)),
    }


def print_times() -> None:
    from django.conf import settings

    from blog.dkim import signed
    from subscribers.letters import Letter, Reader
    from subscribers.models import Issue

    letter = Letter(Issue.objects.get())

    def reader(number: int) -> Reader:
        return Reader(number, number, f"reader{number}@example.org")

    mail = letter.ready(reader(0), takes_bytes=True).content
    assert isinstance(mail, bytes)
    print(f"\nMaking a mail of {len(mail):,} bytes, processor time\n")
    filled = seconds_each(lambda n: letter.ready(reader(n), takes_bytes=True), READERS)
    built = seconds_each(lambda n: letter.message(reader(n)).message().as_bytes(), READERS // 50)
    print(f"  filled in                  {filled * 1e6:9.1f} µs   {1 / filled:9,.0f} a second")
    print(f"  built by Django            {built * 1e6:9.1f} µs   {1 / built:9,.0f} a second")
    if shutil.which("openssl"):
        key = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, text=True, check=True).stdout
        settings.DKIM_KEY, settings.DKIM_SELECTOR = key, "post"
        signing = seconds_each(lambda n: signed(mail), READERS // 200)
        settings.DKIM_KEY = ""
        print(f"  signed (DKIM, 2048 bits)   {signing * 1e6:9.1f} µs   {1 / signing:9,.0f} a second")


def seconds_each(act: Callable[[int], object], times: int) -> float:
    began = time.process_time()
    for number in range(times):
        act(number)
    return (time.process_time() - began) / times


def look_at(mails: dict[str, bytes]) -> int:
    """Print what SpamAssassin says of each mail; return 1 if something is wrong with the form of one."""
    if not shutil.which("spamassassin"):
        print("\nSPAMASSASSIN IS MISSING: apt-get install spamassassin")
        return 2
    print("\nWhat SpamAssassin finds (-L: it asks nobody)\n")
    wrong: list[str] = []
    for kind, content in mails.items():
        found = subprocess.run(["spamassassin", "-L", "-t"], input=content, capture_output=True, check=True).stdout
        report = found.decode(errors="replace").rpartition("Content analysis details:")[2]
        rules = RULE.findall(report)
        points = re.search(r"\((-?\d+\.\d) points", report)
        wrong += [f"{kind}: {rule}" for rule in rules if ABOUT_FORM.match(rule)]
        print(f"  {kind:15} {points[1] if points else '?':>5} points   {' '.join(rules)}")
    print("\nNothing is wrong with their form." if not wrong else "\nWrong: " + ", ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
