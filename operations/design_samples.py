"""What the design page shows: posts, comments and forms made in memory, each in a state that a design has to bear.

The words are samples and stay English, as the demo's are.
"""

import datetime
from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone

from blog.archive import Period
from blog.models import Author, Byline, Correction, Image, Post, Series, Source, Tag
from blog.related import SeriesPlace
from blog.themes import Theme
from comments.forms import CommentForm, Preview
from comments.models import Comment
from comments.threads import Conversation, Entry, Thread
from subscribers.forms import SubscribeForm

LONG_NAME = "Wilhelmina Charlotte Konstantinopolitanska-Featherstonehaugh of Llanfairpwllgwyngyll"
RIGHT_TO_LEFT = "ما تستحق الكلمات أن تُقرأ ببطء"
STAFF = 1  # any number: nobody is looked up
TEXT = """\
The first paragraph opens a text, and says by its size and colour that reading begins here. It is long enough to run
over three lines, so that the space between them can be judged, and it has a [link](https://example.org/), a few *words
in italics*, some **in bold** and `a name in code`.

## A heading of the second level

A paragraph under a heading stands close to it.[^note] A quotation is somebody else’s:

> A page is well made when its reader remembers what it said, and has to look again to see how it was set.

- A list has points,
- some of them long enough to need a second line, which begins where the first one did and not under the mark,
- and an end.

1. Steps have numbers.
2. They are counted for you.

### A heading of the third level

| What | Where | How much |
|---|---|---:|
| Ink | on the paper | 12.50 |
| Paper | under the ink | 1,240.00 |

```python
def greet(name: str) -> str:
    \"\"\"Code keeps its spaces, and scrolls where a line is longer than the page is wide.\"\"\"
    return f"Good morning, {name}"  # said once a day
```

> [!NOTE]
> A note stands aside from the text.

> [!TIP]
> A tip helps.

> [!WARNING]
> A warning is read before the step it belongs to.

---

- [x] done
- [ ] still to do

![Three stripes, as on the icon](/static/icon-192.png "A figure has a caption. It says what the picture does not.")

[^note]: A footnote stands at the end, with a way back.
"""


def author(name: str = "Ada Winter", tagline: str = "Writes about what can be measured.") -> Author:
    return Author(pk=0, name=name, slug="sample", tagline=tagline)


def sample_post(title: str, authors: list[Author], **values: Any) -> Post:
    """Make a post with its surroundings, which templates ask for as if they came from the database."""
    now = timezone.now()
    post = Post(pk=0, slug="sample", title=title, created_at=now, updated_at=now, **values)
    post.render()
    around = {
        "bylines": [Byline(post=post, author=one) for one in authors],
        "tags": [Tag(pk=0, name=name, slug="sample") for name in ("Evidence", "Field notes")],
        "sources": [
            Source(post=post, text="A book with a long title, by several people, published somewhere in 1972."),
            Source(post=post, text="A page elsewhere.", url="https://example.org/"),
        ],
        "corrections": [Correction(post=post, text="An earlier version gave the wrong year.")],
    }
    vars(post)["_prefetched_objects_cache"] = around  # where Django keeps what prefetch_related() has fetched
    return post


def post() -> Post:
    """A post with everything that can stand on its page."""
    return sample_post(
        "A headline that says what the text is about",
        [author(), author("Bo Lindqvist", "Draws what Ada measures.")],
        subtitle="The lines under it say why somebody should read on, in one sentence or two.",
        source=TEXT,
        published_at=timezone.now() - datetime.timedelta(days=3),
        cover=Image.objects.first(),
        reviewed_by="Dr. Carla Gomes",
        reviewed_on=datetime.date(2026, 3, 14),
    )


def lists() -> dict[str, Any]:
    """What lists are made of: lines of posts, a hit of a search, tallies, a page in the middle of many."""
    lines = [
        sample_post(
            "A title of the usual length",
            [author()],
            excerpt="One line that says what it is about.",
            published_at=timezone.now(),
        ),
        sample_post(
            "A title that goes on, because the writer could not decide what to leave out and so left it all in, twice",
            [author(LONG_NAME), author("Bo Lindqvist")],
            published_at=timezone.now() - datetime.timedelta(days=400),
        ),
        sample_post(RIGHT_TO_LEFT, [author("ليلى حداد")]),
    ]
    plain = sample_post(
        "A lead without a picture",
        [author()],
        excerpt="It holds the page by its words alone.",
        published_at=timezone.now(),
    )
    return {
        "lines": lines,
        "plain_lead": plain,
        "related": lines[:2],
        "series_place": SeriesPlace(Series(pk=0, title="A series of three", slug="sample"), 2, 3, lines[1], lines[0]),
        "months": [Period(2026, month, count) for month, count in ((1, 4), (2, 1), (3, 12))],
        "hit": {
            "post": lines[0],
            "title": [("A title of the usual ", False), ("length", True)],
            "text": [("What was searched for is ", False), ("marked", True), (" in the text too.", False)],
        },
        "page": Paginator(range(2000), 12).page(84),
        "many": [(f"Subject {number}", number * 7) for number in range(1, 31)],
    }


def comment(pk: int, name: str, source: str, *, depth: int = 0, answers: str = "", **values: Any) -> Comment:
    """Make a comment as a page of a conversation holds it (comments/threads.py)."""
    made = Comment(
        pk=pk, name=name, source=source, depth=depth, created_at=timezone.now(), **{"status": "approved", **values}
    )
    made.published_at = made.created_at
    made.render()
    made.parent_id = pk - 1 if depth else None
    vars(made).update(parent_name=answers, parent_status="approved" if answers else None)
    return made


def conversation(shown: Post) -> dict[str, Any]:
    """A thread in every state: pinned, by the author, edited, gone, answered to the deepest indent and beyond."""
    first = comment(901, "Ines", "What is pinned stands first.", pinned_at=timezone.now(), thumbs=12, answers="")
    first.answers = 6
    gone = comment(902, "", "", depth=1, answers="Ines", status="removed")
    below = [
        gone,
        comment(
            903,
            "Bo Lindqvist",
            "An answer, one step in. It was changed later.",
            depth=1,
            answers="Ines",
            edited_at=timezone.now(),
        ),
        comment(
            904,
            LONG_NAME,
            "Two steps in, under a long name, with `code` and a [link](https://example.org/).",
            depth=2,
            answers="Bo Lindqvist",
        ),
        comment(
            905, "Ada Winter", "> Three steps in.\n\nA quotation, answered.", depth=3, answers=LONG_NAME, user_id=STAFF
        ),
        comment(906, "ليلى حداد", RIGHT_TO_LEFT, depth=4, answers="Ada Winter"),
        comment(
            907,
            "Chidi",
            "From here on nothing moves further to the right." + " Averylongwordthatnobodybroke" * 3,
            depth=5,
            answers="ليلى حداد",
        ),
    ]
    alone = comment(910, "Somebody new", "A comment nobody has answered yet.", website="https://example.org/")
    threads = [Thread(Entry(first, False), [Entry(one, True) for one in below]), Thread(Entry(alone, False))]
    return {
        "conversation": Conversation(shown, "oldest", 2, threads, 1240, 1300),
        "fresh": comment(912, "Nkechi", "Written while you were away."),
        "writers": {STAFF},
        "own": comment(911, "Ines", "A comment as its author sees it on the page that is theirs."),
        "preview_sample": Preview("Ines", first.rendered_html),
    }


def forms(shown: Post) -> dict[str, Any]:
    """Forms at rest, filled in, and sent back with what has to be put right."""
    written = {"name": "Ines", "email": "ines@example.org", "body": "A text that fills the field."}
    return {
        "form": CommentForm(post=shown),
        "filled": CommentForm(post=shown, initial=written, auto_id="filled_%s"),
        "wrong": CommentForm({"name": LONG_NAME, "email": "ines@", "body": ""}, post=shown, auto_id="wrong_%s"),
        "ask": SubscribeForm(auto_id="ask_%s"),
    }


def steps(theme: Theme) -> list[tuple[str, str]]:
    """The type scale, largest first: each token with its value."""
    return [(name, value) for name, value in reversed(theme.tokens.items()) if name.startswith("size-")]


def spaces(theme: Theme) -> list[tuple[str, str]]:
    return [(name, value) for name, value in theme.tokens.items() if name.startswith("space-")]
