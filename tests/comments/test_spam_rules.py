import pytest

from comments.spam_rules import RULES, SHORTEST_REPEATED, Evidence, findings, score
from comments.traps import Signs

GERMAN = "Vielen Dank für diesen Artikel, er hat mir sehr geholfen. Ich werde es nächste Woche versuchen."
LONG = "x" * SHORTEST_REPEATED


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        (Evidence("Well said."), []),
        (Evidence("x", blocked=["domain", "network"]), [("block", {"kind": "domain"})]),
        (Evidence("x", signs=Signs(is_trapped=True)), [("honeypot", {})]),
        (Evidence("x", signs=Signs(seconds=1.9)), [("fast", {"seconds": 1})]),
        (Evidence("x", signs=Signs(seconds=-5)), [("fast", {"seconds": 0})]),
        (Evidence("x", signs=Signs(seconds=2)), []),
        (Evidence("x", email="a@mailinator.com"), [("throwaway", {"domain": "mailinator.com"})]),
        (Evidence("x", email="a@sub.MAILINATOR.com"), [("throwaway", {"domain": "mailinator.com"})]),
        (Evidence("x", email="a@notmailinator.com.example.org"), []),
        (Evidence("https://a.org http://b.org"), []),
        (Evidence("https://a.org http://b.org [c](HTTPS://c.org)"), [("links", {"count": 3})]),
        (Evidence("https://a.org", most_links=0), [("links", {"count": 1})]),
        (Evidence(LONG, repeated=2), [("repeated", {"count": 2})]),
        (Evidence("Thank you", repeated=9), []),
        (Evidence("Win at the Casino", spam_words="casino"), [("words", {"word": "casino"})]),
        (Evidence("Hello", name="Best Casino", spam_words="casino"), [("words", {"word": "casino"})]),
        (Evidence("Win at the Casino", held_words="casino"), [("words", {"word": "casino"})]),
        (Evidence("call 555", patterns=r"\d{3}"), [("pattern", {"pattern": r"\d{3}"})]),
        (Evidence(GERMAN), []),
        (Evidence(GERMAN, languages=["en", "de"]), []),
        (Evidence(GERMAN, languages=["en"]), [("language", {"language": "de"})]),
        (Evidence("Danke", languages=["en"]), []),
    ],
)
def test_the_rules_find_what_is_suspicious(evidence: Evidence, found: list[tuple[str, dict[str, object]]]) -> None:
    assert [(one.reason, one.parameters) for one in findings(evidence)] == found


def test_the_heaviest_rules_come_first() -> None:
    weights = [rule.weight for rule in RULES]

    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


@pytest.mark.parametrize(
    ("weights", "total"), [([], 0), ([0.5], 0.5), ([0.5, 0.5], 0.75), ([0.4, 0.9], 0.94), ([1, 0.3], 1), ([0.3], 0.3)]
)
def test_weights_add_up_to_a_score(weights: list[float], total: float) -> None:
    assert score(weights) == pytest.approx(total)
