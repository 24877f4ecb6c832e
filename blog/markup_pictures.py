"""How the renderers treat pictures: in posts they are shown, in comments described (blog/markup.py)."""

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from blog.pictures import Picture, picture_html


def show_description(
    _renderer: RendererHTML, tokens: list[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    """A comment shows a picture's description in its place: the picture would be a request to another host."""
    return nh3.clean_text(tokens[index].content)


def show_picture(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A picture of ours comes in several sizes and kinds; every other address stays as it is."""
    token = tokens[index]
    address = str(token.attrs["src"])
    if Picture.at(address) is None:
        return renderer.image(tokens, index, options, env)
    alt = renderer.renderInlineAsText(token.children or [], options, env)
    return picture_html(address, alt, title=str(token.attrs.get("title", "")))


def make_figures(state: StateCore) -> None:
    """Turn a paragraph that holds one picture and nothing else into a figure; the picture's title is its caption."""
    for index in range(len(state.tokens) - 2):
        opening, inline, closing = state.tokens[index : index + 3]
        if opening.type != "paragraph_open" or inline.type != "inline":
            continue
        children = inline.children or []
        if len(children) != 1 or children[0].type != "image":
            continue
        opening.tag = closing.tag = "figure"
        opening.type, closing.type = "figure_open", "figure_close"
        opening.hidden = closing.hidden = False
        caption = str(children[0].attrs.pop("title", ""))
        if caption:
            text = Token("text", "", 0, content=caption)
            inline.children = [
                *children,
                Token("caption_open", "figcaption", 1),
                text,
                Token("caption_close", "figcaption", -1),
            ]
