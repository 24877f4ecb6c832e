"""What the filter learned, as a file: to keep, to look at, and to take to another site."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from comments.bayes import Counts
from comments.learning import MOST_WORDS, reset
from comments.models import Filters, WordCount

FORMAT = "byline spam filter 1"
LONGEST = WordCount._meta.get_field("word").max_length or 0
MOST = 2**31 - 1  # that a column of either database takes


def written() -> str:
    """Return everything that was learned as JSON, words in their order, so that two files can be compared."""
    filters = Filters.load()
    counts = WordCount.objects.order_by("word").values_list("word", "ham", "spam")
    content = {
        "format": FORMAT,
        "comments": [filters.learned_ham, filters.learned_spam],
        "words": {word: [ham, spam] for word, ham, spam in counts if ham or spam},
    }
    return json.dumps(content, ensure_ascii=False, indent=0)


def read(text: str) -> int:
    """Put what a file says in the place of what was learned here; return how many words it has.

    Raises ValidationError, with nothing changed, for what is no such file.
    """
    learned, words = checked(text)
    with transaction.atomic():
        reset()
        WordCount.objects.bulk_create(
            (WordCount(word=word, ham=count.ham, spam=count.spam) for word, count in words.items()), batch_size=1000
        )
        Filters.objects.update(learned_ham=learned.ham, learned_spam=learned.spam)
    return len(words)


def checked(text: str) -> tuple[Counts, dict[str, Counts]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This is not a file of the spam filter: it is not JSON.")) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValidationError(_("This is not a file of the spam filter: it does not say “%s”.") % FORMAT)
    words = content.get("words")
    if not isinstance(words, dict) or len(words) > MOST_WORDS:
        raise ValidationError(_("The file has to have words, at most %d.") % MOST_WORDS)
    for word in words:
        if not 0 < len(word) <= LONGEST or "\0" in word or not is_text(word):
            raise ValidationError(_("“%s” in the file is not a word that the filter keeps.") % ascii(word[:LONGEST]))
    return counts_in(content.get("comments")), {word: counts_in(count) for word, count in words.items()}


def is_text(word: str) -> bool:
    """Say whether a word can be stored: JSON may hold halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in word)


def counts_in(value: Any) -> Counts:
    is_pair = isinstance(value, list) and len(value) == 2 and all(type(number) is int for number in value)
    if not is_pair or not all(0 <= number <= MOST for number in value):
        raise ValidationError(_("A count in the file is not a pair of numbers: [good, spam]."))
    return Counts(*value)
