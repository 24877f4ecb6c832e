"""How likely words make a comment spam. Counts come in and an opinion goes out: nothing here asks the database.

Each word gets the probability that a comment with it is spam, drawn towards one half while it is rare (Gary Robinson,
“A Statistical Approach to the Spam Problem”, Linux Journal 107, 2003). The words that say most are combined by Fisher's
method, once for spam and once against it, as SpamBayes does; if both hold, or neither, the score is near one half.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

# Chosen by cross-validation inside the training part of a public corpus: docs/decisions/0020.
STRENGTH = 0.45  # how many comments' worth of doubt a word begins with
SAYS_NOTHING = 0.1  # a word this near one half is left out
MOST_WORDS = 150  # that are combined
ENOUGH = 20  # comments of each kind before there is an opinion
EXPLAINED = 8  # words that are named


class Counts(NamedTuple):
    """In how many good and how many spam comments a word stood, or how many of each there were."""

    ham: int
    spam: int


class Opinion(NamedTuple):
    """A score from 0 (certainly good) to 1 (certainly spam), and the words that weighed most with their own."""

    score: float
    words: list[tuple[str, float]]


def opinion(counts: Mapping[str, Counts], learned: Counts) -> Opinion | None:
    """Say what words make of a comment, or None as long as too little was learned."""
    if min(learned) < ENOUGH:
        return None
    weighed = [(word, weight(count, learned)) for word, count in counts.items() if sum(count)]
    # Ties are settled by the word, so that the same comment always has the same score.
    telling = sorted((abs(w - 0.5), word, w) for word, w in weighed if abs(w - 0.5) >= SAYS_NOTHING)
    chosen = [(word, w) for _distance, word, w in reversed(telling[-MOST_WORDS:])]
    return Opinion(combined([w for _word, w in chosen]), [(word, round(w, 3)) for word, w in chosen[:EXPLAINED]])


def weight(count: Counts, learned: Counts) -> float:
    """Return the probability that a comment with this word is spam: more than 0, less than 1."""
    spam, ham = count.spam / learned.spam, count.ham / learned.ham
    number = sum(count)
    return (STRENGTH * 0.5 + number * spam / (spam + ham)) / (STRENGTH + number)


def combined(weights: Iterable[float]) -> float:
    """Combine weights by Fisher's method into one score; without any it is one half."""
    weights = list(weights)
    degrees = 2 * len(weights)
    for_spam = 1 - chi_square_above(-2 * sum(math.log(1 - w) for w in weights), degrees)
    against = 1 - chi_square_above(-2 * sum(math.log(w) for w in weights), degrees)
    return (1 + for_spam - against) / 2


def chi_square_above(value: float, degrees: int) -> float:
    """Return how likely chance exceeds `value`, for an even number of degrees of freedom."""
    half = value / 2
    if half <= 0:
        return 1.0
    # In logarithms: the first term of the series is too small for a float when many words agree.
    term = -half
    terms = [term]
    for number in range(1, degrees // 2):
        term += math.log(half / number)
        terms.append(term)
    largest = max(terms)
    return min(1.0, math.exp(largest) * math.fsum(math.exp(term - largest) for term in terms))
