"""How an attribute was spread before and after cleaning."""

from typing import Any, Final

import numpy as np

from core.clean import Change
from core.figures.drawn import HOVER, Drawn, Table, axis_title, distinct, figure, shown, small, table
from core.figures.theme import EDGE, INK, LOW, QUIET
from core.words import about, cut, escape, plural

MOST_TICKS: Final = 6
EMPTY: Final = "no value"
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "Before": {
        "width": 0.92,
        "marker": {"color": QUIET, "opacity": 0.55, "line": {"color": EDGE, "width": 0.5}},
    },
    "After": {"width": 0.5, "marker": {"color": INK, "line": {"color": EDGE, "width": 0.5}}},
}


def before_after(result: Change, currency: str = "") -> Drawn:
    """Customers per step or category: before cleaning as a wide bar, after it as a narrow one within."""
    said = _said(result, currency)
    return Drawn(
        figure=figure(
            [
                _bars(name, counts, said)
                for name, counts in zip(_LOOKS, (_before(result), _after(result)), strict=True)
            ],
            barmode="overlay",
            showlegend=True,
            xaxis=_axis(result, currency),
            yaxis={"title": {"text": "Customers"}, "rangemode": "tozero", "nticks": 4},
        ),
        table=_table(result, currency),
        alt=_alt(result),
        answer=_answer(result),
        title=f"What did cleaning do to “{result.label}”?",
        height=LOW,
    )


def _bars(name: str, counts: list[int], said: list[str]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": small(np.arange(len(counts))),
        "y": np.array(counts, dtype=np.int32),
        "hovertext": [
            f"{name} cleaning {plural(n, 'customer')}: {escape(text)}"
            for n, text in zip(counts, said, strict=True)
        ],
        "hovertemplate": HOVER,
        **_LOOKS[name],
    }


def _gaps(result: Change) -> bool:
    """Whether customers without a value have a bar, the last one."""
    return bool(result.empty_before or result.empty_after)


def _before(result: Change) -> list[int]:
    return [*(int(n) for n in result.before), *([result.empty_before] if _gaps(result) else [])]


def _after(result: Change) -> list[int]:
    return [*(int(n) for n in result.after), *([result.empty_after] if _gaps(result) else [])]


def _said(result: Change, currency: str) -> list[str]:
    """Each bar in words."""
    steps = [
        f"{about(low, result.unit, currency)} to {about(high, result.unit, currency)}"
        for low, high in zip(result.edges[:-1], result.edges[1:], strict=True)
    ]
    words = [*steps, *(cut(level) for level in result.levels), *([EMPTY] if _gaps(result) else [])]
    return [f"{cut(result.label)} {word}" for word in words]


def _axis(result: Change, currency: str) -> dict[str, Any]:
    """Ticks under the bars of a category, and between those of a number."""
    bars = len(_before(result))
    if result.levels:
        at, text = (
            [float(i) for i in range(len(result.levels))],
            distinct(shown(w, 12) for w in result.levels),
        )
    else:
        edges = range(0, result.edges.size, max(1, -(-result.edges.size // MOST_TICKS)))
        at = [edge - 0.5 for edge in edges]
        text = [escape(about(float(result.edges[edge]), result.unit, currency)) for edge in edges]
    if _gaps(result):
        at, text = [*at, float(bars - 1)], [*text, EMPTY]
    return {
        "title": {"text": axis_title(result.label, result.unit, currency)},
        "tickvals": at,
        "ticktext": text,
        "range": [-0.7, bars - 0.3],
    }


def _table(result: Change, currency: str) -> Table:
    counted = (("before", "Before", "count"), ("after", "After", "count"))
    empty = _gaps(result)
    if result.levels:
        names = [*result.levels, *([EMPTY] if empty else [])]
        rows = zip(names, _before(result), _after(result), strict=True)
        return table((("level", result.label, ""), *counted), rows)
    lows, highs = ([*ends, *([None] if empty else [])] for ends in (result.edges[:-1], result.edges[1:]))
    columns = (("from", f"{result.label}, from", result.unit), ("to", "to", result.unit), *counted)
    return table(columns, zip(lows, highs, _before(result), _after(result), strict=True), currency)


def _answer(result: Change) -> str:
    """What changed, in numbers of customers."""
    gone = sum(_before(result)) - sum(_after(result))
    difference = result.after - result.before
    moved = int(min(np.maximum(difference, 0).sum(), np.maximum(-difference, 0).sum()))
    said = [f"{plural(gone, 'customer')} left out"] if gone else []
    if not gone and result.empty_after < result.empty_before:
        said.append(f"{plural(result.empty_before - result.empty_after, 'empty value')} filled")
    if moved:
        said.append(f"{plural(moved, 'customer')} moved to another {'category' if result.levels else 'step'}")
    text = ", ".join(said) or "values changed a little, none of them to another step"
    return f"{text[:1].upper()}{text[1:]}."


def _alt(result: Change) -> str:
    bars = (
        plural(len(result.levels), "category", "categories")
        if result.levels
        else plural(max(result.edges.size - 1, 0), "step")
    )
    before, after = (plural(sum(n), "customer") for n in (_before(result), _after(result)))
    empty = f"without a value {result.empty_before:,} and {result.empty_after:,}"
    return (
        f"Bars of {result.label} in {bars} before cleaning ({before}) and after it ({after}); {empty}."
        f" {_answer(result)}"
    )
