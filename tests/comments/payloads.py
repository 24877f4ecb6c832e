"""Hostile words, and how one sees in a page that they did something."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

HTML = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe src=//evil.example></iframe>",
    "<form action=//evil.example><button>Sign in</button></form>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<base href=//evil.example>",
    "<math><mi xlink:href=data:x,<script>alert(1)</script>>",
    "<style>*{display:none}</style>",
    "<p onclick=alert(1)\u2028>",
    "\u202e<b onmouseover=alert(1)>",
    "{{ request.user.email }}<i onfocus=alert(1)>",
]
MARKDOWN = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "<svg:rect onload=alert(1)>",
    "![x](x\"onerror=alert(1))",
    '[x](https://a.org/"onmouseover="alert(1))',
    "> <blockquote cite=\"\n\" onmouseover=alert(1)//\">",
    "```<script>\nalert(1)</script>\n```",
]  # fmt: skip
WEBSITES = [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://a.org/"onmouseover="alert(1)',
    "https://[",
    "//evil.example/",
]
PAYLOADS = HTML + MARKDOWN + WEBSITES

HARMLESS_SCHEMES = {"", "http", "https", "mailto"}
FOREIGN = {"iframe", "object", "embed", "math", "base", "style", "frame", "applet"}


def dangers(html: str) -> Iterator[str]:
    """Yield every element of a page that could run something, load something or send something elsewhere."""
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        own_script = re.match(r"/(?!/)", str(tag.get("src", ""))) or tag.get("type") in {
            "application/json",
            "application/ld+json",
        }
        addresses = [re.sub(r"[\x00-\x20]", "", str(tag.get(name, ""))) for name in ("href", "src", "action")]
        if (
            tag.name in FOREIGN
            or (tag.name == "script" and not own_script)
            or tag.has_attr("http-equiv")
            or any(name.lower().startswith("on") for name in tag.attrs)
            or any(urlsplit(address).scheme.lower() not in HARMLESS_SCHEMES for address in addresses)
            or (tag.name in {"form", "img"} and any(urlsplit(address).netloc for address in addresses))
        ):
            yield str(tag)
