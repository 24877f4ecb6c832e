class UnicodeSlug:
    """A slug in any script: the letters, digits, hyphens and underscores that `slugify(allow_unicode=True)` leaves."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
