"""What may stand in the parameters of an address, and in a form that anybody may have sent."""

DIGITS = 18  # of a row's number; with one more, a database might not hold it


def number(text: str) -> int:
    """Return what the digits say, or 0 for anything that is no number of a row."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0
