"""The paper that figures are drawn on: its sizes, its type, and its way into a page."""

import io
import itertools
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.words import cut, number

Say = Callable[[str], str]
"""A text of ours with its numbers and days written as the data set's settings say."""

HALF: Final = 4.4
WHOLE: Final = 9.2
"""Widths in inches: beside another figure, and alone."""

MOST: Final = 12
"""Segments in one figure: the first, which are the most valuable; the tables have all."""

TEXT: Final = "#1D2430"
SOFT: Final = "#566072"
LINE: Final = "#CFD4DC"
EDGE: Final = "#5A6270"
PALE: Final = 0.4
ROW: Final = 0.2
"""Inches of one line of text."""

_STYLE: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "segment-atlas",
    "text.parse_math": False,
    "font.size": 9.0,
    "text.color": TEXT,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "xtick.color": SOFT,
    "ytick.color": TEXT,
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "grid.color": "#E6E9EE",
    "grid.linewidth": 0.8,
    "lines.solid_capstyle": "butt",
}
_UNSEEN: Final = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", re.S
)
_FONT: Final = re.compile(r"font-family: [^;\"]*;?|'DejaVu Sans'[^;\"]*(?=[;\"])")
_NUMBERED: Final = re.compile(r' id="[\w.]+_[0-9]+"')
_WHOLE: Final = re.compile(r"<svg .*?</svg>", re.S)
_KNOWN_BY: Final = re.compile(r'(\bid="|url\(#|href="#)([a-z][0-9a-f]{10})\b')


@contextmanager
def sheet(width: float, height: float) -> Iterator[Figure]:
    """An empty figure in the style of paper, in inches."""
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # the reader's own fonts are used; ours only measure, and need not have every sign
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield Figure(figsize=(width, height))


def axes_in(drawn: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Axes with margins in inches."""
    width, height = drawn.get_size_inches()
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
    return drawn.add_axes(box)


def svg(drawn: Figure) -> str:
    """The figure as SVG text without a size of its own; text stays text, in the font of the page."""
    out = io.StringIO()
    drawn.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _tidied(out.getvalue(), drawn.get_size_inches()[0])


def apart(page: str) -> str:
    """A page whose figures share no id: equal marks and frames of two figures are known by the same hash."""
    at = itertools.count(1)

    def own(found: re.Match[str]) -> str:
        return _KNOWN_BY.sub(rf"\g<1>\g<2>-{next(at)}", found[0])

    return _WHOLE.sub(own, page)


def _tidied(text: str, width: float) -> str:
    text = _UNSEEN.sub("", text)
    head, mark, rest = text.partition(">")
    head = re.sub(r' (width|height|version|xmlns:xlink|xmlns)="[^"]*"', "", head)
    # numbered ids would stand twice in a page of several figures; those that are referred to are hashes
    body = "\n".join(_FONT.sub("", _named(line)) for line in rest.splitlines() if line.strip())
    return f'{head.strip()} style="max-width:{round(1.2 * 96 * width)}px" aria-hidden="true"{mark}{body}'


def _named(line: str) -> str:
    return _NUMBERED.sub("", line) if line.lstrip().startswith("<g ") else line


def lines(ax: Axes, x: float, y: float, text: str, most: int, step: float, **style: Any) -> None:
    """A text in up to two lines from `y` downwards (`step` in the units of y), each anchored on its own."""
    for at, row in enumerate(broken(text, most)):
        ax.text(x, y + at * step, row, **style)


def above(ax: Axes, y: float, text: str) -> None:
    """A name over its row, at the left edge; lines behind it are hidden."""
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    ax.text(0, y, text, va="center", size=8.5, transform=ax.get_yaxis_transform(), bbox=behind)


def broken(text: str, most: int, rows: int = 2) -> list[str]:
    """A data string in a few short lines."""
    found = [""]
    for word in text.split():
        if found[-1] and len(found[-1]) + len(word) + 1 > most and len(found) < rows:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return [cut(row, most + 2) for row in found]


def ticks(ax: Axes, unit: str, currency: str, say: Say) -> None:
    """A lower axis whose few numbers are written as everywhere else."""
    ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    plain = currency if unit == "money" else ""
    ax.xaxis.set_major_formatter(lambda v, _: say(_tick(v, unit, plain)))
    ax.grid(True, axis="x")


def _tick(value: float, unit: str, currency: str) -> str:
    if unit == "share":  # in per cent already, as `on_axis` has it
        return number(value / 100, "share")
    return number(value, {"money": "whole", "rate": "number"}.get(unit, unit), currency)
