"""What a drawing gives back, and the few parts that drawings share."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from core.figures.theme import MIDDLE
from core.param import Filter
from core.words import about, cut, escape, exact, number

HOVER = "%{hovertext}<extra></extra>"
"""Every mark's hover is a finished sentence, made here: data strings never stand in a template."""

LOG_AXIS: Final = {"type": "log", "dtick": 1, "tickformat": ",~f"}
"""An axis on which ten times as much is one step, in plain numbers."""

Cell = str | float | int | None

UNSEEN: Final = "\u200b"
OF_OBJECTS: Final = frozenset(
    (
        *("__proto__", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toString"),
        *("toLocaleString", "valueOf", "__defineGetter__", "__defineSetter__", "__lookupGetter__"),
        "__lookupSetter__",
    )
)
"""What `Object.prototype` has (ECMA-262)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table under a chart.

    Attributes
    ----------
    columns : tuple of (str, str)
        Key and label; strings are as in the data, not escaped.
    rows : tuple of tuple
    units : tuple of str
        One per column, empty for text: how a number is said. An amount's currency is in `currency`.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    units: tuple[str, ...]
    currency: str = ""

    def said(self) -> tuple[tuple[str, ...], ...]:
        """The rows as a page shows them."""
        return tuple(
            tuple(self._cell(value, unit) for value, unit in zip(row, self.units, strict=True))
            for row in self.rows
        )

    def _cell(self, value: Cell, unit: str) -> str:
        if isinstance(value, str):
            return value
        return exact(value, unit or "number", self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark that counts customers, and how to find exactly these.

    Attributes
    ----------
    key : str
        What the mark is known by in the figure: its (first) `customdata`, where it has none its trace's
        `legendgroup`.
    conditions : tuple of Filter
        Who is behind it, of those that the chart is about.
    customers : int
        How many they are.
    said : str
        Who they are, to stand after the number: `who spent 20 to 50`; not escaped.
    row : int or None
        The row of the chart's table that says the same; its first cell then opens them.
    """

    key: str
    conditions: tuple[Filter, ...]
    customers: int
    said: str
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A drawn chart.

    Attributes
    ----------
    figure : plotly Figure
        Without template, see `core.figures.theme`.
    alt : str
        One or two sentences that stand for the picture.
    answer : str
        One sentence above the chart that says its answer.
    title : str
        The question it answers where it depends on what is drawn; empty: `Chart.title`.
    caption : str
        Small type under the chart.
    height : int
        Pixels on a wide page.
    marks : tuple of Mark
        The marks that open their customers.
    axes : mapping of str to str
        Columns on the axes `x` and `y`, where a box drawn over the chart is a condition on them; `log.`
        before one whose axis is logarithmic.
    cells : int array (n,) or None
        Of marks too many to be counted one by one under “Show only”: the place in `marks` of the one that
        each of the study's customers is in, −1 for none.
    keys : tuple of str
        What each row of the table is known by, where a mark leads to another chart; else empty.
    """

    figure: go.Figure
    table: Table
    alt: str
    answer: str
    title: str = ""
    caption: str = ""
    height: int = MIDDLE
    marks: tuple[Mark, ...] = ()
    axes: Mapping[str, str] = field(default_factory=dict)
    cells: np.ndarray | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """An entry of `CHARTS`: the question it answers and the function that draws it."""

    key: str
    title: str
    draw: Callable[..., Drawn]


def figure(traces: Iterable[Any], **layout: Any) -> go.Figure:
    """A figure without a template."""
    drawn = go.Figure(data=list(traces), layout=layout)
    drawn.layout.template = None
    return drawn


def table(
    columns: Sequence[tuple[str, str, str]], rows: Iterable[Sequence[Any]], currency: str = ""
) -> Table:
    """A table from (key, label, unit) and rows; numpy's numbers become Python's, NaN becomes None."""
    return Table(
        columns=tuple((key, label) for key, label, _ in columns),
        rows=tuple(tuple(_plain(value) for value in row) for row in rows),
        units=tuple(unit for _, _, unit in columns),
        currency=currency,
    )


def _plain(value: Any) -> Cell:
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def small(values: Any) -> np.ndarray:
    """Numbers for a figure: float32, which plotly sends as bytes."""
    return np.ascontiguousarray(values, dtype=np.float32)


def shown(text: str, most: int = 28) -> str:
    """A data string on an axis or in a legend: cut, then escaped.

    A word that every object of JavaScript has as a property gets an unseen sign: plotly finds categories by
    name in an object, and would lose it.
    """
    return escape(cut(text, most)) + (UNSEEN if text in OF_OBJECTS else "")


def distinct(labels: Iterable[str]) -> list[str]:
    """Labels for a category axis: plotly adds up bars of the same name, so repeats get an unseen sign."""
    said: list[str] = []
    for label in labels:
        while label in said:
            label += UNSEEN
        said.append(label)
    return said


def segment_names(segments: Iterable[Any], most: int = 23, lines: int = 2) -> list[str]:
    """Segments' names on an axis: in two lines, each its own."""
    return distinct(wrapped(s.name, most, lines) for s in segments)


def wrapped(text: str, most: int = 13, lines: int = 3) -> str:
    """A data string in a few short lines, escaped."""
    rows = [""]
    for word in text.split():
        if rows[-1] and len(rows[-1]) + len(word) + 1 > most and len(rows) < lines:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return "<br>".join(escape(cut(row, most + 1)) for row in rows) + (UNSEEN if text in OF_OBJECTS else "")


def axis_title(label: str, unit: str, currency: str = "") -> str:
    """A measure's label with its unit, escaped."""
    unit_word = {"money": currency, "share": "%", "days": "days"}.get(unit, "")
    if not unit_word or unit_word in label.lower():
        return shown(label, 48)
    return f"{shown(label, 40)} ({escape(unit_word)})"


def on_axis(values: Any, unit: str) -> np.ndarray:
    """Values as they stand on an axis: shares in per cent."""
    array = np.asarray(values, dtype=np.float64)
    return 100 * array if unit == "share" else array


def line_at(
    x: float | None = None, y: float | None = None, dash: str = "dot", **where: Any
) -> dict[str, Any]:
    """A thin mark across the plot, as a layout shape."""
    ends = (
        {"x0": x, "x1": x, "y0": 0, "y1": 1, "xref": "x", "yref": "y domain"}
        if x is not None
        else {"x0": 0, "x1": 1, "y0": y, "y1": y, "xref": "x domain", "yref": "y"}
    )
    return {
        "type": "line",
        "line": {"color": "#7E8898", "width": 1.5, "dash": dash},
        "layer": "above",
        **ends,
        **where,
    }


def note(text: str, **where: Any) -> dict[str, Any]:
    """Words in the plot, as a layout annotation; its text is already escaped."""
    return {"text": text, "showarrow": False, "font": {"size": 11}, **where}


def room_for(texts: Iterable[str]) -> dict[str, int]:
    """Margin for the numbers that stand outside the ends of lying bars, whatever the width of the card."""
    return {"r": 12 + 7 * max((len(text) for text in texts), default=3)}


def up_to(most: float) -> list[float]:
    """The range of bars from zero: a hair more than the longest, or rounding hides its number."""
    return [0.0, 1.002 * most]


def whole_steps(most: float) -> dict[str, Any]:
    """What keeps an axis of few customers or orders from showing halves of them."""
    return {"dtick": 1} if most <= 5 else {}


def percent_axis(**more: Any) -> dict[str, Any]:
    """An axis of shares in per cent."""
    return {"ticksuffix": " %", "rangemode": "tozero", **more}


def times(ratio: float) -> str:
    """How many times as much, in words: `twice`, `2.6 times`, `half`, `11 % of`."""
    if 0.95 <= ratio < 1.05:
        return "about the same as"
    if 1.9 <= ratio < 2.1:
        return "twice"
    if 0.48 <= ratio < 0.52:
        return "half"
    if ratio < 1:
        return f"{number(ratio, 'share')} of"
    return f"{ratio:,.0f} times" if ratio >= 10 else f"{ratio:.1f} times"


def compared(value: float | None, base: float | None, unit: str, what: str, currency: str = "") -> str:
    """A value beside another one: `8.2, twice the average (4.1)`."""
    said = about(value, unit, currency)
    if value is None or base is None:
        return said
    other = f"{what} ({about(base, unit, currency)})"
    if value > 0 and base > 0 and unit not in ("age", "score"):
        return f"{said}, {times(value / base)} {other}"
    return f"{said}, {'above' if value > base else 'below' if value < base else 'as'} {other}"
