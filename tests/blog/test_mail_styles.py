"""The style sheet in the tags of a mail: it adds style attributes and changes nothing else."""

from html.parser import HTMLParser

import pytest

from blog import mail


class Events(HTMLParser):
    """A page as the sequence of what is in it, without style attributes and white space between tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.events: list[object] = []
        self.styles = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(name, value or "") for name, value in attrs if name != "style"]
        self.styles += len(attrs) - len(kept)
        self.events.append((tag, kept))

    def handle_endtag(self, tag: str) -> None:
        self.events.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.events.append(data)

    def handle_comment(self, data: str) -> None:
        self.events.append(("comment", data))


BODIES = {
    "text": "<p>a &amp; b &lt;script&gt; “c” &#39;d&#39;</p>",
    "code": '<pre><code class="language-x">a\n  &lt;b&gt;\n</code></pre>',
    "figure": '<figure><img src="https://a.example/a.webp" alt="b &quot;c&quot;"><figcaption>d</figcaption></figure>',
    "table": '<table><thead><tr><th class="align-left">a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>',
    "lists": '<ul><li>a<ol start="3"><li>b</li></ol></li></ul>',
    "link": '<p><a href="https://a.example/?a=1&amp;b=2" title="c" rel="noopener">d</a></p>',
    "task": '<ul class="contains-task-list"><li><input type="checkbox" checked="" disabled=""> a</li></ul>',
    "quote": "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>",
    "curly": "<p>{{ x }} {% y %} body { color: red } &lt;/style&gt;</p>",
    "details": '<details open=""><summary>a</summary><p>b<br>c</p></details>',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_inlining_adds_style_attributes_and_changes_nothing_else(body: str) -> None:
    html = f'<!doctype html>\n<html lang="en"><head><title>a &amp; b</title></head><body>{body}</body></html>'

    before, after = Events(html), Events(mail.inline_styles(html))

    assert before.events == after.events
    assert after.styles > 0


def test_inlining_adds_no_style_of_its_own_making() -> None:
    html = "<!doctype html><html><head></head><body><p>a</p></body></html>"

    inlined = mail.inline_styles(html)

    assert '<p style="margin: 0 0 20px;">a</p>' in inlined
