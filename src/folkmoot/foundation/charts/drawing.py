"""Paper, pencil and letters: the SVG that charts are drawn with.

A drawing carries classes and no colours, so that one style sheet gives light, dark, print and forced colours, and so
that no inline style has to be allowed by the content security policy. Each chart is drawn twice, for a wide and for a
narrow column, because letters in a scaled drawing shrink with it; the style sheet shows the one that fits.

>>> paper = Paper(100, 20)
>>> paper.text(0, 15, "Beds & <trolleys>")
>>> "Beds &amp; &lt;trolleys&gt;" in paper.svg("A title")
True
"""

from dataclasses import dataclass, field
from html import escape

LETTER = 15
LINE = 19
WIDE = 720
NARROW = 320

_SLIM = set("iljtfrI.,:;'|!()[] 1")
_BROAD = set("mwMW@%—…")


def width(text: str, size: float = LETTER) -> float:
    """About how wide a text is, in drawing units: generous, so that labels do not collide."""
    return sum(0.3 if c in _SLIM else 0.86 if c in _BROAD else 0.64 if c.isupper() else 0.545 for c in text) * size


def wrapped(text: str, room: float, size: float = LETTER) -> list[str]:
    """Lines that fit the room, broken at spaces; a single word that is too long is broken where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        while width(word, size) > room and len(word) > 4:
            cut = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or width(word[:n] + "-", size) <= room)
            head, word = word[:cut] + "-", word[cut:]
            lines += [line] if line else []
            lines.append(head)
            line = ""
        candidate = f"{line} {word}" if line else word
        if line and width(candidate, size) > room:
            lines.append(line)
            line = word
        else:
            line = candidate
    return [*lines, line] if line else lines or [""]


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


@dataclass
class Paper:
    """A sheet of given width and height in drawing units (one unit is one CSS pixel at full size)."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, look: str = "", anchor: str = "start") -> None:
        kind = f"fm-letter {look}".strip()
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}"{place}>{escape(text)}</text>')

    def lines(self, x: float, y: float, lines: list[str], look: str = "", anchor: str = "start") -> None:
        for index, line in enumerate(lines):
            self.text(x, y + index * LINE, line, look, anchor)

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str) -> None:
        ends = f'x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}"'
        self.parts.append(f'<line class="{look}" {ends}/>')

    def rect(self, x: float, y: float, w: float, h: float, look: str, round_: float = 0) -> None:
        corner = f' rx="{_number(round_)}"' if round_ else ""
        box = f'x="{_number(x)}" y="{_number(y)}" width="{_number(max(w, 0))}" height="{_number(max(h, 0))}"'
        self.parts.append(f'<rect class="{look}" {box}{corner}/>')

    def path(self, points: list[tuple[float, float]], look: str, *, closed: bool = False) -> None:
        if points:
            steps = "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
            self.parts.append(f'<path class="{look}" d="M{steps}{"Z" if closed else ""}"/>')

    def mark(self, x: float, y: float, index: int, *, tone: int | None = None, size: float = 5) -> None:
        """A sign of series `index`: disc, square, triangle, diamond, ring or cross, each told apart without colour."""
        kind = f"fm-mark fm-series-{(index if tone is None else tone) % 6 + 1}"
        shape = index % 6
        if shape in (0, 4):
            hollow = " fm-mark--hollow" if shape == 4 else ""
            self.parts.append(
                f'<circle class="{kind}{hollow}" cx="{_number(x)}" cy="{_number(y)}" r="{_number(size)}"/>'
            )
        elif shape == 1:
            self.rect(x - size, y - size, 2 * size, 2 * size, kind)
        elif shape == 2:
            r = size * 1.25
            self.path([(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)], kind, closed=True)
        elif shape == 3:
            r = size * 1.35
            self.path([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], kind, closed=True)
        else:
            self.line(x - size, y - size, x + size, y + size, kind.replace("fm-mark", "fm-mark fm-mark--cross", 1))
            self.line(x - size, y + size, x + size, y - size, kind.replace("fm-mark", "fm-mark fm-mark--cross", 1))

    def svg(self, name: str, look: str = "") -> str:
        kind = f"fm-drawing {look}".strip()
        box = f"0 0 {_number(self.width)} {_number(self.height)}"
        # The focusable attribute keeps old browsers from making the drawing a stop for the keyboard.
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" viewBox="{box}" role="img" '
            f'aria-label="{escape(name)}" focusable="false">{"".join(self.parts)}</svg>'
        )
