"""The conversation under a post, in reading order."""

from collections import defaultdict
from dataclasses import dataclass

from blog.models import Post
from comments.models import Comment

DEEPEST_INDENT = 3


@dataclass(frozen=True)
class Entry:
    """One comment in its place: how deep it is indented, and whom it answers."""

    comment: Comment
    depth: int
    answers: Comment | None
    answers_removed: bool

    @property
    def names_whom_it_answers(self) -> bool:
        """Beyond the deepest indentation the page says in words what the indentation no longer shows."""
        return self.answers is not None and self.depth > DEEPEST_INDENT

    @property
    def indent(self) -> int:
        return min(self.depth, DEEPEST_INDENT)


def thread(post: Post) -> list[Entry]:
    """Return the approved comments of a post, every answer below what it answers, oldest first.

    One query, however long the thread. An answer to a comment that is gone moves to the top level and says so.
    """
    comments = {comment.pk: comment for comment in post.comments.approved()}
    answers: dict[int | None, list[Comment]] = defaultdict(list)
    for comment in comments.values():
        answers[comment.parent_id if comment.parent_id in comments else None].append(comment)

    entries: list[Entry] = []
    pending = [(comment, 0) for comment in reversed(answers[None])]
    while pending:  # a stack, not recursion: a thread may be a thousand answers deep
        comment, depth = pending.pop()
        parent = comments.get(comment.parent_id) if comment.parent_id else None
        entries.append(Entry(comment, depth, parent, comment.parent_id is not None and parent is None))
        pending.extend((answer, depth + 1) for answer in reversed(answers[comment.pk]))
    return entries
