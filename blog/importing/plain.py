"""Plain text as people paste it out of other sites, made into Markdown.

Such a text has lost its marks but kept its shape: a title on the first line, the author's name (often twice: once
as a link, once as a label), a tagline, headings that are short lines of their own, bullets drawn as characters.
"""

import re

from blog.importing.document import Document, Signature, UnreadableDocumentError

BULLET = re.compile(r"^\s*[•●▪‣◦∙·–*-]\s+(?P<item>\S.*)$")
NUMBERED = re.compile(r"^\s*(?P<number>\d{1,3})[.)]\s+(?P<item>\S.*)$")
# "Fact #2: Benefits", "Step 3: Rinse", "Part II – The end": a word, a number, a title that is not a sentence.
HEADING = re.compile(r"^[^\W\d_]{3,20} ?(# ?|No\. ?|№ ?)?(\d{1,3}|[IVXL]{1,6}) ?[:–—] ?\S.{0,120}(?<![.,;])$")
LABEL = re.compile(r"^(?P<label>[^:.!?*_`]{1,60}):(?P<rest>\s+\S.*)$")
# "By Kim Doe", but neither "By morning the bread had risen" nor "By Sunday it was gone."
BY = re.compile(r"^by\s+(?P<name>\S.*(?<![.,;:!?…]))$", re.IGNORECASE)
LONGEST_NAME = 60
LONGEST_TAGLINE = 120
LONGEST_WRAPPED_LINE = 100

# What Markdown would read as a mark where the writer meant a character.
ADDRESS = r"https?://[^\s<>\"\[\]\\]+"
SPECIAL = re.compile(rf"(?P<glued>{ADDRESS}(?=[<\[\]\\]))|(?P<address>{ADDRESS})|[\\`*_\[\]<|]|~(?=~)|&(?=#?\w+;)")
# A backslash belongs behind the number of "1986. A good year", and in front of every other mark.
LINE_START = re.compile(r"^(\d{1,9}(?=[.)](\s|$))|(?=#{1,6}(\s|$)|>|[+-](\s|$)|=+$|-[\s-]*$))")


def read_plain(text: str) -> Document:
    """Read plain text. Raises UnreadableDocumentError if there is none."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")]
    lines = [line.replace("\xa0", " ") for line in lines]
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        raise UnreadableDocumentError("The file is empty. Its first line should be the title.")
    title = lines.pop(0).strip()
    signature, rest = take_signature(lines)
    return Document(title=title, text=to_markdown(rest), authors=[signature] if signature else [])


def take_signature(lines: list[str]) -> tuple[Signature | None, list[str]]:
    """Split off the author below the title: a name on two lines, or after "By", then perhaps a tagline."""
    block, rest = first_block(lines)
    if not block:
        return None, lines
    name, tail = block[0], block[1:]
    by = BY.match(name)
    repeated = bool(tail) and tail[0] == name
    if by and not by["name"][0].islower():
        name = by["name"]
    elif not repeated:
        return None, lines
    if len(name) > LONGEST_NAME:
        return None, lines
    tail = [line for line in tail if line != name]
    if len(tail) > 1 or (tail and len(tail[0]) > LONGEST_TAGLINE):
        return Signature(name), [*tail, "", *rest]
    return Signature(name, tail[0] if tail else ""), rest


def first_block(lines: list[str]) -> tuple[list[str], list[str]]:
    """Split lines at the first blank one after some text."""
    start = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    end = next((index for index in range(start, len(lines)) if not lines[index].strip()), len(lines))
    return [line.strip() for line in lines[start:end]], lines[end:]


def to_markdown(lines: list[str]) -> str:
    """Write the lines as Markdown: headings, lists with strong labels, paragraphs."""
    # Lines that nobody wrapped are paragraphs, each of them; wrapped ones are pieces of a paragraph.
    together = {"bullet", "number"} if is_unwrapped(lines) else {"bullet", "number", "text"}
    blocks: list[str] = []
    previous = latest = "blank"
    counted = 0
    for line in lines:
        # Markdown counts for itself: a number stays the writer's own only where it counts on, or begins a list.
        numbers = {counted + 1} if latest == "number" else {1, counted + 1}
        kind, written = write_line(line, numbers)
        continues_item = kind == "text" and previous in {"bullet", "number"} and line.startswith("  ")
        if continues_item:
            blocks[-1] += f"\n  {written}"
            continue
        if kind == previous and kind in together:
            blocks[-1] += f"\n{written}"
        elif kind != "blank":
            blocks.append(written)
        if kind == "number":
            counted = int(written.partition(".")[0])
        previous, latest = kind, latest if kind == "blank" else kind
    return "\n\n".join(blocks) + "\n"


def is_unwrapped(lines: list[str]) -> bool:
    return any(len(line) > LONGEST_WRAPPED_LINE for line in lines)


def write_line(line: str, numbers: set[int]) -> tuple[str, str]:
    """Return what a line is, and the line as Markdown; a list's item may have one of these numbers."""
    text = line.strip()
    if not text:
        return "blank", ""
    if HEADING.match(text):
        return "heading", f"## {escape(text)}"
    if bullet := BULLET.match(line):
        return "bullet", f"- {strong_label(bullet['item'])}"
    if (numbered := NUMBERED.match(line)) and int(numbered["number"]) in numbers:
        return "number", f"{int(numbered['number'])}. {strong_label(numbered['item'])}"
    return "text", escape_line(text)


def strong_label(item: str) -> str:
    """Make the short label before a colon strong: "Sun Protection: Wear a hat" opens with its subject."""
    if match := LABEL.match(item):
        return f"**{escape(match['label'])}:**{escape(match['rest'])}"
    return escape_line(item)


def escape_line(text: str) -> str:
    return LINE_START.sub(r"\1\\", escape(text))


def escape(text: str) -> str:
    """Keep every character what it was: a star is a star, a bracket is a bracket. Web addresses stay whole."""
    return SPECIAL.sub(escape_match, text)


def escape_match(match: re.Match[str]) -> str:
    if match["glued"]:  # the backslash of the mark behind it would become a part of the address
        return f"<{match['glued']}>"
    return match["address"] or f"\\{match[0]}"
