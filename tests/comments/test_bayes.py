import math

import pytest

from comments.bayes import ENOUGH, MOST_WORDS, Counts, chi_square_above, combined, opinion, weight

LEARNED = Counts(100, 100)


@pytest.mark.parametrize(
    ("count", "learned", "expected"),
    [
        (Counts(0, 10), LEARNED, 0.978),
        (Counts(10, 0), LEARNED, 0.022),
        (Counts(5, 5), LEARNED, 0.5),
        (Counts(0, 1), LEARNED, 0.845),  # seen once, it is believed less
        (Counts(10, 10), Counts(1000, 100), 0.900),  # as often, but among far less spam
    ],
)
def test_a_word_weighs_what_it_was_seen_in(count: Counts, learned: Counts, expected: float) -> None:
    assert weight(count, learned) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("value", "degrees", "expected"), [(0, 2, 1.0), (5.991, 2, 0.05), (18.307, 10, 0.05), (3.94, 10, 0.95)]
)
def test_chi_square_agrees_with_the_printed_tables(value: float, degrees: int, expected: float) -> None:
    assert chi_square_above(value, degrees) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize("value", [1e-12, 1e3, 1e6])
def test_chi_square_is_a_probability_however_large_the_numbers(value: float) -> None:
    assert 0 <= chi_square_above(value, 300) <= 1


@pytest.mark.parametrize(
    ("weights", "low", "high"),
    [([], 0.5, 0.5), ([0.99] * 10, 0.999, 1), ([0.01] * 10, 0, 0.001), ([0.99, 0.01] * 10, 0.49, 0.51)],
)
def test_words_are_combined_into_one_score(weights: list[float], low: float, high: float) -> None:
    assert low <= combined(weights) <= high


def test_an_opinion_names_the_words_that_weighed_most() -> None:
    found = opinion({"pills": Counts(0, 90), "the": Counts(80, 80), "cheap": Counts(5, 60)}, LEARNED)

    assert found is not None
    assert found.score > 0.9
    assert [word for word, _weight in found.words] == ["pills", "cheap"]


def test_an_opinion_does_not_depend_on_the_order_of_words() -> None:
    counts = {f"word{n}": Counts(n % 3, 2) for n in range(400)}

    assert opinion(counts, LEARNED) == opinion(dict(reversed(counts.items())), LEARNED)


def test_what_is_new_is_neither_good_nor_bad() -> None:
    assert opinion({}, LEARNED) == (0.5, [])
    assert opinion({"new": Counts(0, 0)}, LEARNED) == (0.5, [])


@pytest.mark.parametrize("learned", [Counts(ENOUGH - 1, 500), Counts(500, ENOUGH - 1), Counts(0, 0)])
def test_with_few_decisions_there_is_no_opinion(learned: Counts) -> None:
    assert opinion({"pills": Counts(0, 10)}, learned) is None


def test_a_count_larger_than_what_was_learned_is_still_a_score() -> None:
    """After a prune and an undo the numbers need not fit each other."""
    found = opinion({f"w{n}": Counts(n, 10**9) for n in range(MOST_WORDS * 2)}, Counts(20, 20))

    assert found is not None
    assert 0 <= found.score <= 1
    assert not math.isnan(found.score)
