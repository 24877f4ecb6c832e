"""The demo's cover pictures, drawn with Pillow: flat shapes, each an idea of its text.

Every drawing is made at twice its size and scaled down, which is what smooths its edges.
"""

import math
import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 1600, 1000
SCALE = 2

PAPER: Colour = (247, 240, 230)
SAND: Colour = (233, 214, 190)
CLAY: Colour = (214, 168, 140)
BLUSH: Colour = (232, 190, 178)
ROSE: Colour = (184, 92, 96)
WINE: Colour = (110, 38, 52)
INK: Colour = (52, 34, 36)
OCHRE: Colour = (217, 164, 92)


def draw(name: str) -> BytesIO:
    """Return the named picture as a PNG file. The same name gives the same picture."""
    canvas = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    DRAWINGS[name](canvas, random.Random(name))  # noqa: S311  a repeatable texture, not a secret
    picture = add_grain(canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    file = BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return file


def add_grain(picture: Image.Image) -> Image.Image:
    """Lay a little paper texture over the flat colours."""
    grain = Image.effect_noise(picture.size, 22).filter(ImageFilter.GaussianBlur(0.6))
    return Image.blend(picture, Image.merge("RGB", [grain] * 3), 0.045)


def wave(x: float, base: float, height: float, length: float, phase: float) -> float:
    return base + height * math.sin(x / length + phase) + height * 0.4 * math.sin(x / length * 2.3 + phase * 1.7)


def draw_needles(canvas: Image.Image, rng: random.Random) -> None:
    """Layers of skin, and fine lines that stop at different depths."""
    pen = ImageDraw.Draw(canvas)
    width, height = canvas.size
    layers = [(0.40, SAND), (0.52, BLUSH), (0.66, CLAY), (0.82, ROSE), (0.93, WINE)]
    for number, (level, colour) in enumerate(layers):
        edge = [
            (x, wave(x, height * level, height * 0.016, 260 + 40 * number, number * 1.3))
            for x in range(0, width + 8, 8)
        ]
        pen.polygon([*edge, (width, height), (0, height)], fill=colour)
    columns = 31
    for column in range(columns):
        x = width * (column + 1) / (columns + 1)
        middle = 1 - abs(column - columns / 2) / (columns / 2)
        depth = height * (0.47 + 0.25 * middle + rng.uniform(-0.035, 0.035))
        top = height * (0.10 - 0.05 * middle)
        pen.line([(x, top), (x, depth)], fill=INK, width=5)
        radius = 9 + 5 * middle
        pen.ellipse([x - radius, depth - radius, x + radius, depth + radius], fill=PAPER, outline=INK, width=4)


def draw_bricks(canvas: Image.Image, rng: random.Random) -> None:
    """A wall of rounded bricks; one is missing and one is on its way."""
    pen = ImageDraw.Draw(canvas)
    width, height = canvas.size
    rows, gap = 9, 22
    row_height = height * 0.80 / rows
    brick_width = width / 6.5
    for row in range(rows):
        top = height * 0.20 + row * row_height
        offset = -brick_width * (0.5 if row % 2 else 0.1)
        for number in range(9):
            left = offset + number * brick_width + rng.uniform(-5, 5)
            if (row, number) == (2, 4):
                continue
            shade = [SAND, BLUSH, CLAY, CLAY, ROSE][min(4, int(row / rows * 4 + rng.random() * 1.6))]
            box = (left, top, left + brick_width - gap, top + row_height - gap)
            pen.rounded_rectangle(box, radius=row_height * 0.36, fill=shade)
    left, top = width * 0.60, height * 0.055
    pen.rounded_rectangle(
        (left, top, left + brick_width - gap, top + row_height - gap), radius=row_height * 0.36, fill=WINE
    )


def draw_sun(canvas: Image.Image, rng: random.Random) -> None:
    """A sun that stands over a shore, with the arcs of what it sends."""
    pen = ImageDraw.Draw(canvas)
    width, height = canvas.size
    x, y = width * 0.64, height * 0.46
    for number in range(16, 0, -1):
        radius = height * (0.20 + 0.042 * number)
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], outline=BLUSH if number % 3 else OCHRE, width=4)
    radius = height * 0.20
    pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=OCHRE)
    for number, (level, colour) in enumerate([(0.66, BLUSH), (0.76, CLAY), (0.88, ROSE)]):
        edge = [
            (at, wave(at, height * level, height * 0.022, 420 + 60 * number, number * 2.1))
            for at in range(0, width + 8, 8)
        ]
        pen.polygon([*edge, (width, height), (0, height)], fill=colour)


def draw_label(canvas: Image.Image, rng: random.Random) -> None:
    """A label whose lines get shorter and thinner from the first to the last."""
    pen = ImageDraw.Draw(canvas)
    width, height = canvas.size
    pen.rectangle([0, 0, width, height], fill=BLUSH)
    pen.rectangle([0, height * 0.78, width, height], fill=CLAY)
    box = (width * 0.34, height * 0.08, width * 0.66, height * 0.92)
    pen.rounded_rectangle(box, radius=46, fill=PAPER)
    left, right, lines = box[0] + 110, box[2] - 110, 17
    for number in range(lines):
        part = 1 - number / lines
        y = height * 0.16 + number * height * 0.042
        length = (right - left) * (0.30 + 0.70 * part * rng.uniform(0.75, 1))
        pen.line(
            [(left, y), (left + length, y)],
            fill=WINE if number < 5 else ROSE,
            width=max(4, int(26 * part * part)),
        )
    pen.ellipse([width * 0.565, height * 0.80, width * 0.605, height * 0.80 + width * 0.04], fill=OCHRE)


DRAWINGS: dict[str, Callable[[Image.Image, random.Random], None]] = {
    "needles": draw_needles,
    "bricks": draw_bricks,
    "sun": draw_sun,
    "label": draw_label,
}
