from typing import Any

import pytest

from comments.models import Comment
from comments.reasons import SENTENCES, sentence, sentences


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("policy", {}, "every comment here is read first"),
        ("first", {}, "first comment from this address"),
        ("unconfirmed", {}, "nobody has confirmed this address"),
        ("links", {"count": 1}, "1 link"),
        ("links", {"count": 3}, "3 links"),
        ("words", {"word": "win big"}, "has the word “win big”"),
        ("pattern", {}, "fits a pattern that holds comments"),
        ("language", {"language": "ru"}, "in another language (ru)"),
        ("repeated", {"count": 1}, "same text as another"),
        ("repeated", {"count": 2}, "same text as 2 others"),
        ("block", {"kind": "domain"}, "addresses of this domain are blocked"),
        ("honeypot", {}, "fills in a field that people do not see"),
        ("fast", {"seconds": 2}, "sent 2 seconds after the form was opened"),
        ("throwaway", {}, "address of a throwaway mail service"),
        ("akismet", {}, "Akismet takes it for spam"),
        ("score", {"score": 0.973, "words": []}, "scores 97 % on the spam filter"),
        (
            "score",
            {"score": 1, "words": [["pills", 4.2], ["win", 3]]},
            "scores 100 % on the spam filter, for words such as “pills”, “win”",
        ),
        # What it does not know, or cannot say, is called by its name.
        ("closed_script", {}, "closed script"),
        ("links", {}, "links"),
        ("links", {"count": "many"}, "links"),
        ("words", {"words": None}, "words"),
        ("block", {"kind": "planet"}, "block"),
        ("score", {"score": "high"}, "score"),
        ("score", {"score": 0.9, "words": [1, 2]}, "score"),
    ],
)
def test_a_reason_in_words(name: str, parameters: dict[str, Any], words: str) -> None:
    assert sentence(name, parameters) == words


def test_a_reason_names_no_more_than_a_few_words() -> None:
    weights = [[word, 1] for word in "abcdefgh"]

    assert sentence("score", {"score": 0.9, "words": weights}).count("“") == 5


def test_the_reasons_of_the_models_have_sentences() -> None:
    assert {Comment.HELD_BY_POLICY, Comment.HELD_FIRST, Comment.HELD_UNCONFIRMED} <= SENTENCES.keys()


def test_reasons_keep_their_order() -> None:
    assert sentences([["links", {"count": 2}], ["first", {}]]) == ["2 links", "first comment from this address"]
