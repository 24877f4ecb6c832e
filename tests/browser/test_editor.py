"""Writing a post in Chromium: marks, preview, pictures, rich text."""

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from blog.models import Image, Post
from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def java_script() -> bool:
    return True


@pytest.fixture
def desk(page: Page, site: str) -> Page:
    """The form for a new post, with staff signed in, in a window with room for both sides."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    sign_in(page, site)
    page.goto(f"{site}/admin/blog/post/add/")
    return page


def source(page: Page) -> Any:
    return page.locator("#id_source")


def preview(page: Page) -> Any:
    return page.frame_locator(".editor iframe")


def photo() -> dict[str, Any]:
    file = BytesIO()
    Pillow.effect_noise((1000, 600), 50).save(file, "PNG")
    return {"name": "a photo.png", "mimeType": "image/png", "buffer": file.getvalue()}


def write(page: Page, text: str) -> None:
    source(page).fill(text)
    source(page).press("Control+End")


def test_what_is_written_stands_beside_it_as_readers_will_see_it(desk: Page) -> None:
    complaints: list[str] = []
    desk.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    desk.locator("#id_title").fill("A <title>")
    source(desk).press_sequentially("## A heading\n\nSome *words*.\n")

    expect(preview(desk).get_by_role("heading", name="A <title>")).to_be_visible()
    expect(preview(desk).get_by_role("heading", name="A heading")).to_be_visible()
    expect(preview(desk).locator("em")).to_have_text("words")
    expect(preview(desk).locator(".text h2")).to_have_css("text-wrap", "balance")  # the page's own style sheet
    expect(desk.locator(".editor-count")).to_have_text("4 words, 1 minute to read")
    assert complaints == []


def test_nothing_in_a_text_acts_in_the_preview(desk: Page) -> None:
    write(desk, "<script>parent.acted = true</script><img src=x onerror='parent.acted = true'>\n\n[Away](/admin/)")

    with desk.expect_popup() as popup:
        preview(desk).get_by_role("link", name="Away").click()

    assert popup.value.url.endswith("/admin/")
    expect(source(desk)).to_be_visible()
    assert desk.evaluate("() => window.acted") is None


@pytest.mark.parametrize(
    ("before", "selected", "mark", "after"),
    [
        ("Some words", "words", "Bold", "Some **words**"),
        ("Some **words**", "words", "Bold", "Some words"),
        ("Some **words**", "words", "Italic", "Some ***words***"),
        ("Some words", "words", "Link", "Some [words](https://)"),
        ("See https://a.example now", "https://a.example", "Link", "See [](https://a.example) now"),
        ("One\nTwo", "Two", "Heading", "One\n## Two"),
        ("One\nTwo", "One\nTwo", "Quote", "> One\n> Two"),
        ("> One\n> Two", "> One\n> Two", "Quote", "One\nTwo"),
        ("One\nTwo", "One\nTwo", "List", "- One\n- Two"),
        ("Call it", "it", "Code", "Call `it`"),
        ("One\nTwo", "One\nTwo", "Code", "```\nOne\nTwo\n```"),
        ("One two.\n\nThree.", "One two", "Footnote", "One two[^1].\n\nThree.\n\n[^1]: "),
        ("One[^1] two\n\n[^1]: Note", "two", "Footnote", "One[^1] two[^2]\n\n[^1]: Note\n[^2]: "),
        ("One", "One", "Table", "One\n\n| Column | Column |\n| --- | --- |\n|  |  |"),
    ],
)
def test_a_button_makes_its_mark_and_one_key_takes_it_back(
    desk: Page, before: str, selected: str, mark: str, after: str
) -> None:
    write(desk, before)
    source(desk).evaluate(
        "(area, words) => area.setSelectionRange(area.value.indexOf(words), area.value.indexOf(words) + words.length)",
        selected,
    )

    desk.get_by_role("button", name=mark, exact=True).click()

    expect(source(desk)).to_have_value(after)
    expect(source(desk)).to_be_focused()
    desk.keyboard.press("Control+z")
    expect(source(desk)).to_have_value(before)


def test_the_keyboard_is_enough(desk: Page) -> None:
    source(desk).press_sequentially("words")
    desk.keyboard.press("Control+a")
    desk.keyboard.press("Control+b")
    desk.keyboard.press("Control+i")
    expect(source(desk)).to_have_value("***words***")

    desk.keyboard.press("Shift+Tab")  # through the toolbar's one stop
    expect(desk.get_by_role("button", name="Bold", exact=True)).to_be_focused()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Enter")

    expect(source(desk)).to_have_value("**words**")


def test_a_picture_is_described_sent_and_put_into_the_text(desk: Page) -> None:
    write(desk, "Before.")
    with desk.expect_file_chooser() as chooser:
        desk.get_by_role("button", name="Picture", exact=True).click()
    chooser.value.set_files([photo()])  # type: ignore[list-item]

    dialog = desk.get_by_role("dialog", name="Describe the picture")
    expect(dialog).to_contain_text("a photo.png")
    dialog.get_by_label("What it shows").fill("A [grey] field")
    dialog.get_by_label("Caption").fill('Called "grey"')
    dialog.get_by_label("Caption").press("Enter")

    expect(desk.locator(".editor-status")).to_have_text("a photo.png is in the text.")
    image = Image.objects.get()
    assert (image.alt, image.caption, image.width) == ("A [grey] field", 'Called "grey"', 1000)
    assert image.uploaded_by is not None
    expect(source(desk)).to_have_value(f"Before.\n\n{image.markdown}")
    expect(preview(desk).get_by_role("img", name="A [grey] field")).to_be_visible()
    expect(preview(desk).locator("figcaption")).to_have_text('Called "grey"')


def test_a_file_that_is_no_picture_gets_an_answer_and_the_text_stays(desk: Page) -> None:
    write(desk, "Before.")
    file = {"name": "page.gif", "mimeType": "image/gif", "buffer": b"<script>alert(1)</script>"}
    desk.locator(".editor input[type=file]").set_input_files([file])  # type: ignore[list-item]
    desk.get_by_role("button", name="Put it into the text").click()

    expect(desk.get_by_role("alert")).to_contain_text("page.gif was not taken. This file is not a picture")
    expect(source(desk)).to_have_value("Before.")
    assert not Image.objects.exists()


def test_a_picture_can_be_left_out(desk: Page) -> None:
    desk.locator(".editor input[type=file]").set_input_files([photo()])  # type: ignore[list-item]
    desk.keyboard.press("Escape")

    expect(desk.get_by_role("dialog")).to_be_hidden()
    expect(source(desk)).to_have_value("")
    assert not Image.objects.exists()


DROP = """(area, [name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def test_a_picture_can_be_dropped(desk: Page) -> None:
    file = photo()
    source(desk).evaluate(DROP, [file["name"], file["mimeType"], base64.b64encode(file["buffer"]).decode()])
    desk.get_by_role("button", name="Put it into the text").click()

    expect(desk.locator(".editor-status")).to_have_text("a photo.png is in the text.")
    expect(source(desk)).to_have_value(Image.objects.get().markdown)


PASTE = """(area, [html, words]) => {
  area.focus();
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", words);
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_rich_text_becomes_markdown_and_one_key_brings_the_plain_words_back(desk: Page) -> None:
    write(desk, "Before. ")
    source(desk).evaluate(PASTE, ['<p>Some <b>rich</b> <a href="https://a.example/">text</a>.</p>', "Some rich text."])

    expect(source(desk)).to_have_value("Before. Some **rich** [text](https://a.example/).")
    desk.keyboard.press("Control+z")
    expect(source(desk)).to_have_value("Before. Some rich text.")


def test_signed_out_meanwhile_a_writer_loses_nothing(desk: Page) -> None:
    write(desk, "Before. ")
    desk.context.clear_cookies()
    source(desk).evaluate(PASTE, ["<p>Some <b>rich</b> text.</p>", "Some rich text."])

    expect(desk.get_by_role("alert")).to_contain_text("You are signed out.")
    expect(source(desk)).to_have_value("Before. Some rich text.")


def test_on_a_phone_text_and_preview_take_turns(desk: Page) -> None:
    desk.set_viewport_size(NARROW)  # type: ignore[arg-type]
    write(desk, "Some *words*.")
    expect(desk.locator(".editor iframe")).to_be_hidden()

    desk.get_by_role("tab", name="Preview").click()
    expect(source(desk)).to_be_hidden()
    expect(preview(desk).locator("em")).to_have_text("words")

    desk.keyboard.press("ArrowLeft")
    expect(desk.get_by_role("tab", name="Write")).to_be_focused()
    expect(source(desk)).to_be_visible()
    assert desk.evaluate("() => document.querySelector('.editor').scrollWidth <= window.innerWidth")


class TestWithoutJavaScript:
    @pytest.fixture
    def java_script(self) -> bool:
        return False

    def test_there_is_a_textarea_and_it_works(self, desk: Page) -> None:
        desk.locator("#id_title").fill("Plain")
        write(desk, "Some *words*.")
        expect(desk.get_by_role("toolbar")).to_be_hidden()
        expect(desk.locator(".editor iframe")).to_be_hidden()

        desk.get_by_role("button", name="Save", exact=True).click()

        assert Post.objects.get(title="Plain").rendered_html == "<p>Some <em>words</em>.</p>\n"
