"""A world with everything in it, for the pages of every_page.py, and the states that take something out of it."""

import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from blog.keys import Purpose, Signer
from blog.models import Image, Page, Post, Publication, Series, Tag
from comments.models import Action, Comment, Decision
from operations.staff_mails import password_link
from subscribers import links
from subscribers.models import Issue
from tests.factories import make_author, make_comment, make_image, make_post, make_series, make_subscriber, make_tag
from tests.subscribers.desk.desk import make_begun
from tests.test_permissions import World, make_world

MAIL = "a-mail"
LONG = "Eine Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 3
RIGHT_TO_LEFT = "مرحبا بالعالم، هذا نص طويل يقرأ من اليمين إلى اليسار"
EVERYTHING = f"""The first paragraph, with *emphasis*, a [link](https://example.org/) and `code`.[^1]

## A first heading

- one
- two
    1. deeper

> Somebody said so.

### A heading below it

> [!WARNING]
> Mind the gap.

| {" | ".join(["a wide cell"] * 9)} |
|{"---|" * 9}
| {" | ".join(["more"] * 9)} |

| Another | table |
|---|--:|
| of two | columns |

## A second heading

```python
def greet(name: str) -> str:  # a comment that is long enough to need more room than a phone has, which is little
    return f"hello {{name}}" + "{"x" * 90}"
```

- [x] done
- [ ] open

## A third heading

{"unbroken" * 30}

---

[^1]: A note.
"""


def make_everything() -> World:
    """Make what test_permissions.py makes, and beside it posts, threads and mailings with all that they can have."""
    world = make_world()
    rows, publisher = world.rows, world.people[-1]
    rows["rich"] = rich = make_rich_post(rows["series"])
    rows["arabic"] = make_post(title=RIGHT_TO_LEFT, source=f"{RIGHT_TO_LEFT}\n\n## {RIGHT_TO_LEFT}", language="ar")
    make_comment(rows["arabic"], name="أحمد", source=RIGHT_TO_LEFT)
    rows["closed"] = make_post(title="W" * 200, allow_comments=False)
    rows["gone"] = make_post(visibility="withdrawn", withdrawn_note="It was wrong.")
    make_thread(rich, publisher)
    make_queue(rich)
    rows["waiting"] = make_comment(rich, status="waiting")
    rows["own_waiting"] = Signer(Purpose.OWN_COMMENT).token(rows["waiting"].pk)
    for verb in ("approve", "spam", "undo"):
        action = Action.objects.create(verb=verb, user=publisher)
        Decision.objects.create(action=action, comment_number=rows["comment"].pk, before="waiting", after="approved")
    rows["sending"] = make_begun("sent", "pending", "failed", subject=LONG)
    rows["rich_author"], rows["rich_tag"] = rich.bylines.first().author, rich.tags.first()
    rows["confirm"] = urlsplit(links.confirmation(make_subscriber(status="pending"))).path.split("/")[-2]
    rows["invitation"] = urlsplit(password_link(rows["person"])).path
    rows["mail"] = MAIL
    rows["forever"] = make_subscriber("x" * 64 + "@example.org", status="suppressed")
    return world


def make_rich_post(series: Series) -> Post:
    authors = [
        make_author(name="A name of eighty letters " + "n" * 55, tagline=LONG[:120], bio="About *her*."),
        make_author(portrait=make_image(alt="A face")),
    ]
    tags = [make_tag("T" * 60), make_tag(RIGHT_TO_LEFT[:40])]
    post = make_post(
        title="A title that takes " + "four long lines " * 8,
        subtitle=LONG,
        source=EVERYTHING,
        authors=authors,
        tags=tags,
        cover=make_image(alt="A cover", caption="What it shows."),
        series=series,
        series_position=2,
    )
    post.sources.create(text="A source " + "s" * 200, url="https://example.org/")
    post.corrections.create(text="It said otherwise.")
    return post


def make_thread(post: Post, staff: Any) -> None:
    """Make a conversation of every kind of comment, deeper than it is drawn."""
    parent = make_comment(post, name="W" * 80, source="An unbroken " + "word" * 80, website="https://example.org/")
    for depth in range(6):
        parent = make_comment(post, parent=parent, source=f"`Answer` {depth}\n\n> a quotation\n\n- a list")
    make_comment(post, name="أحمد", source=RIGHT_TO_LEFT, parent=parent, thumbs=12)
    make_comment(post, user=staff, name="Staff", source="We know.", pinned_at=timezone.now())
    make_comment(post, edited_at=timezone.now(), reports=3)


def make_queue(post: Post, count: int = 6) -> None:
    """Fill the moderator's queue with comments of every kind."""
    kinds: list[dict[str, Any]] = [
        {},
        {"source": "A long thought. " * 60, "held_for": [["first", {}], ["links", {"count": 3}]]},
        {"parent": post.comments.first(), "name": "W" * 80},
        {"source": "[Buy](https://example.com) " * 5, "held_for": [["score", {"score": 0.98, "words": [["buy", 3]]}]]},
        {"name": "<b>Eve</b>", "source": "x" * 200},
        {"name": "أحمد", "source": RIGHT_TO_LEFT},
    ]
    for n in range(count):
        make_comment(post, status="waiting", **kinds[n % len(kinds)])


def much_waits() -> None:
    make_queue(Post.objects.latest("pk"), 31)


def no_posts() -> None:
    Comment.objects.all().delete()
    Issue.objects.all().delete()
    Post.objects.all().delete()
    Tag.objects.all().delete()
    Page.objects.all().delete()


def nothing_waits() -> None:
    Comment.objects.filter(status="waiting").delete()


def no_actions() -> None:
    Comment.objects.update(last_action=None)
    Action.objects.all().delete()


def no_issues() -> None:
    Issue.objects.all().delete()


def no_rows() -> None:
    no_posts()
    Image.objects.all().delete()


def is_demo() -> None:
    Publication.objects.update(is_demo=True, description=LONG)


def a_mail() -> None:
    message = EmailMultiAlternatives(
        LONG, "See http://localhost:8000/x/ there.", "from@example.org", ["to@example.org"]
    )
    message.attach_alternative("<html lang=en><title>Hello</title><p>Hello</p></html>", "text/html")
    settings.OUTBOX_DIR.mkdir(parents=True)
    (settings.OUTBOX_DIR / f"{MAIL}.eml").write_bytes(message.message().as_bytes())


def many_posts() -> None:
    for _ in range(45):
        make_post(published_at=timezone.now() - datetime.timedelta(days=400))
    make_series()
