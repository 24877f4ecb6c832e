"""What a browser would send, for tests of forms that carry hidden fields and formsets."""

from html.parser import HTMLParser

from django.test import Client

Attributes = list[tuple[str, str | None]]


class FormFields(HTMLParser):
    """Collects the fields of one form on a page: text, hidden, checked, selected; never a button."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.values: dict[str, str | list[str]] = {}
        self.inside = False
        self.writing = ""  # the name of the open textarea
        self.choosing = ""  # and of the open select

    def handle_starttag(self, tag: str, attributes: Attributes) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        elif not self.inside:
            return
        elif tag == "textarea":
            self.writing, self.values[name] = name, ""
        elif tag == "select":
            self.choosing = name
        elif tag == "option" and "selected" in given and given["value"]:
            self.values[self.choosing] = [*self.values.get(self.choosing, []), given["value"]]
        elif tag == "input" and name and is_sent(given):
            self.values[name] = given.get("value", "on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.writing = ""

    def handle_data(self, data: str) -> None:
        if self.writing:
            self.values[self.writing] = f"{self.values[self.writing]}{data}".removeprefix("\n")


def is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    return "checked" in given if kind in {"checkbox", "radio"} else kind not in {"submit", "file"}


def opened(client: Client, path: str, form_id: str = "post_form") -> dict[str, str | list[str]]:
    """Open a page and return what its form would send if nobody changed anything."""
    fields = FormFields(form_id)
    fields.feed(client.get(path).text)
    return fields.values
