"""What a post's page costs with ten thousand comments below it, beside the same with a hundred.

Two shapes of ten thousand: all of them answers to the post, and a chain in which a thousand answer one another. The
page is fetched in every order, at its first, middle and last page, and permalinks are followed, without a server
between. What counts is how much longer that takes than with a hundred comments, and that it asks as many queries. The
plan of each order is printed.

python -m bench.conversation [--postgres]
"""

import argparse
import datetime
import os
import statistics
from typing import Any

from bench.growth import cost, get
from bench.site import surroundings

MANY, FEW, PAGE = 10_000, 100, 100
CHAIN = 1_000
WORDS = "An answer of a usual length, two sentences at most. It says something, and then it has been said. " * 3


def main() -> None:
    parser = argparse.ArgumentParser(description="What a long conversation costs.")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that it starts, instead of SQLite")
    options = parser.parse_args()
    with surroundings(postgres=options.postgres) as environment:
        os.environ.update(environment)
        measure()


def measure() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from comments.threads import ORDERS

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    few = write("few", FEW)
    posts = {"flat": write("flat", MANY), "a chain": write("chain", MANY, chain=CHAIN)}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.display_name}: milliseconds beside a page of {FEW} comments, growth, queries")
    for order in ORDERS:
        base = cost(get(f"{few.get_absolute_url()}?order={order}"))
        line(f"{FEW}, {order}", base, base)
        for name, post in posts.items():
            for number in (1, MANY // PAGE // 2, MANY // PAGE):
                page = cost(get(f"{post.get_absolute_url()}?order={order}&comments={number}"))
                line(f"{MANY:,} {name}, {order}, page {number}", page, base)
    permalinks(few, posts)
    plans(posts["a chain"])


def line(name: str, page: dict[str, Any], base: dict[str, Any]) -> None:
    growth = min(page["times"]) / min(base["times"])
    print(f"  {name:36} {statistics.median(page['times']):7.1f}   × {growth:4.1f}   {page['queries']}")


def permalinks(few: Any, posts: dict[str, Any]) -> None:
    base = cost(get(few.comments.last().get_absolute_url(), status=302))
    for name, post in posts.items():
        line(f"permalink, {MANY:,} {name}", cost(get(post.comments.last().get_absolute_url(), status=302)), base)


def plans(post: Any) -> None:
    """Print how the database finds a page: texts are fetched for the comments that are shown, and never sorted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from comments.threads import ORDERS, conversation

    for order in ORDERS:
        with CaptureQueriesContext(connection) as asked:
            conversation(post, {"order": order, "comments": "50"})
        explain = "EXPLAIN ANALYZE " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
        with connection.cursor() as cursor:
            cursor.execute(explain + asked.captured_queries[0]["sql"])
            print(f"{order}:", *("  " + str(row[-1]) for row in cursor.fetchall()), sep="\n")


def write(slug: str, count: int, chain: int = 0) -> Any:
    """Write a post with so many comments, of which the first `chain` answer one another."""
    from blog.models import Post
    from comments.models import Comment

    published_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(
        days=30 * Post.objects.count()
    )
    post = Post.objects.create(title=slug, slug=slug, source=WORDS, published_at=published_at)
    first = Comment.objects.count() + 1
    comments: list[Any] = []
    for number in range(count):
        moment = published_at + datetime.timedelta(minutes=number)
        comment = Comment(
            pk=first + number,
            post=post,
            parent=comments[-1] if 0 < number < chain else None,
            name=f"Reader {number}",
            source=WORDS,
            rendered_html=f"<p>{WORDS}</p>",
            digest=f"{slug} {number}",
            status=Comment.Status.APPROVED,
            created_at=moment,
            published_at=moment,
        )
        comment.place()
        comments.append(comment)
    Comment.objects.bulk_create(comments, batch_size=500)
    Comment.objects.filter(pk=first).count_answers()
    return post


if __name__ == "__main__":
    main()
