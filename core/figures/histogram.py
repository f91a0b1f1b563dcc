"""How one measure is spread over the customers; and over one segment beside all."""

from typing import Any, Final

import numpy as np

from core.explore import Histogram
from core.figures.drawn import (
    HOVER,
    Drawn,
    Mark,
    axis_title,
    figure,
    line_at,
    note,
    on_axis,
    shown,
    small,
    table,
    whole_steps,
)
from core.figures.theme import EDGE, INK, LOW, MIDDLE, QUIET, group_colour, segment_colour
from core.words import about, cut, escape, exact, number, plural

QUESTIONS: Final = {
    "monetary": "How much do customers spend?",
    "recency": "How long ago was their last order?",
    "orders": "How many orders do they place?",
    "purchase_frequency": "How often do they buy?",
    "average_order_value": "How large is an order?",
    "discount_share": "How much do they buy on discount?",
    "tenure": "How long have they been customers?",
    "age": "How old are they?",
}


def histogram(result: Histogram, currency: str = "") -> Drawn:
    """Customers per step of a measure, groups stacked; on a logarithmic axis where the result says so."""
    traces = [_bars(result, at, currency) for at in range(len(result.groups))]
    grouped = len(result.groups) > 1
    shapes, notes = _median(result, currency)
    return Drawn(
        figure=figure(
            traces,
            barmode="stack",
            bargap=0,
            showlegend=grouped,
            xaxis=_axis(result, currency),
            yaxis={"title": {"text": "Customers"}, "rangemode": "tozero", **whole_steps(_tallest(result))},
            shapes=shapes,
            annotations=notes,
        ),
        table=_table(result, currency),
        alt=_alt(result, currency),
        answer=_answer(result, currency),
        title=QUESTIONS.get(result.slug, f"How is “{cut(result.label)}” spread?"),
        caption=_left_out(result, currency),
        height=MIDDLE,
        marks=_marks(result, currency),
    )


def segment_histogram(own: Histogram, whole: Histogram, place: int, name: str, currency: str = "") -> Drawn:
    """One segment's spread over that of all customers, each as shares of its own customers.

    Both must have the same edges (`explore.histogram(…, edges=…)`). `place` is the segment's in the palette.
    """
    if not np.array_equal(own.edges, whole.edges) or own.log != whole.log:
        raise ValueError("both histograms must have the same edges")
    shares = [_shares(h) for h in (whole, own)]
    middles = [about(h.median, h.unit, currency) for h in (own, whole)]
    traces = [
        _overlay(whole, shares[0], "All customers", QUIET, 0.45, currency),
        {
            **_overlay(own, shares[1], name, segment_colour(place), 0.75, currency),
            "customdata": [_key(0, at) for at in range(shares[1].size)],
        },
    ]
    shapes, notes = _median(own, currency)
    rows = zip(whole.edges[:-1], whole.edges[1:], own.counts.sum(axis=0), shares[1], shares[0], strict=True)
    return Drawn(
        figure=figure(
            traces,
            barmode="overlay",
            bargap=0,
            showlegend=True,
            xaxis=_axis(whole, currency),
            yaxis={
                "title": {"text": "Share of customers"},
                "ticksuffix": " %",
                "rangemode": "tozero",
                "nticks": 4,
            },
            shapes=shapes,
            annotations=notes,
        ),
        table=table(
            (
                ("from", f"{whole.label}, from", whole.unit),
                ("to", "to", whole.unit),
                ("customers", "Customers", "count"),
                ("share", "Share of the segment", "share"),
                ("share_all", "Share of all", "share"),
            ),
            rows,
            currency,
        ),
        alt=f"Histograms of {whole.label} for {name} ({plural(int(own.counts.sum()), 'customer')}, median "
        f"{middles[0]}) and for all customers (median {middles[1]}).",
        answer=f"Half of this segment: {middles[0]} or less; half of all customers: {middles[1]} or less.",
        title=_question_of(whole),
        height=LOW,
        marks=_marks(own, currency),
    )


def _question_of(whole: Histogram) -> str:
    """The question about a segment's customers."""
    asked = QUESTIONS.get(whole.slug, f"How is “{cut(whole.label)}” spread?")
    return asked.replace("do customers", "do they")


def _positions(result: Histogram) -> tuple[np.ndarray, np.ndarray]:
    """Centres and widths of the bins on the axis: logarithms, or values in their unit."""
    if result.log:
        edges = np.log10(result.edges)
    elif result.unit == "count":  # the bar of 3 stands over 3
        edges = result.edges - 0.5
    else:
        edges = on_axis(result.edges, result.unit)
    return (edges[:-1] + edges[1:]) / 2, np.diff(edges)


def _marks(result: Histogram, currency: str) -> tuple[Mark, ...]:
    whole = len(result.groups) == 1
    found = []
    for group, name in enumerate(result.groups):
        of = "" if whole else f"{name}, "
        for at, n in enumerate(result.counts[group]):
            conditions = result.conditions(group, at)
            if n and conditions is not None:
                said = f"with {of}{_range(result, at, currency)}"
                row = at if whole else None
                key = _key(group, at)
                found.append(Mark(key=key, conditions=conditions, customers=int(n), said=said, row=row))
    if result.beyond and whole:
        said, row = f"with {cut(result.label)} {_over(result, currency)}", result.counts.shape[1]
        found.append(
            Mark(key="beyond", conditions=result.of_beyond, customers=result.beyond, said=said, row=row)
        )
    return tuple(found)


def _over(result: Histogram, currency: str) -> str:
    return f"{about(float(result.edges[-1]), result.unit, currency)} or more"


def _key(group: int, at: int) -> str:
    return f"{group}.{at}"


def _bars(result: Histogram, at: int, currency: str) -> dict[str, Any]:
    centres, widths = _positions(result)
    group = result.groups[at]
    of = f" ({escape(group)})" if len(result.groups) > 1 else ""
    return {
        "type": "bar",
        "name": shown(group),
        "x": small(centres),
        "y": result.counts[at].astype(np.int32),
        "width": small(widths),
        "customdata": [_key(at, bin_) for bin_ in range(widths.size)],
        "marker": {
            "color": group_colour(at) if len(result.groups) > 1 else INK,
            "line": {"color": EDGE, "width": 0.5},
            "cornerradius": 0,
        },
        "hovertext": [
            f"{plural(int(n), 'customer')}{of}: {escape(_range(result, bin_, currency))}"
            for bin_, n in enumerate(result.counts[at])
        ],
        "hovertemplate": HOVER,
    }


def _overlay(
    result: Histogram, shares: np.ndarray, name: str, colour: str, opacity: float, currency: str
) -> dict[str, Any]:
    centres, widths = _positions(result)
    return {
        "type": "bar",
        "name": shown(name),
        "x": small(centres),
        "y": small(100 * shares),
        "width": small(widths),
        "marker": {
            "color": colour,
            "opacity": opacity,
            "line": {"color": EDGE, "width": 0.5},
            "cornerradius": 0,
        },
        "hovertext": [
            f"{number(float(share), 'share')} of {escape(name)}: {escape(_range(result, at, currency))}"
            for at, share in enumerate(shares)
        ],
        "hovertemplate": HOVER,
    }


def _shares(result: Histogram) -> np.ndarray:
    counts = result.counts.sum(axis=0)
    return np.asarray(counts / max(int(counts.sum()), 1), dtype=np.float64)


def _range(result: Histogram, at: int, currency: str) -> str:
    low, high = float(result.edges[at]), float(result.edges[at + 1])
    if result.unit == "count":
        return f"{cut(result.label)} {low:,.0f}" + (f" to {high - 1:,.0f}" if high - low > 1 else "")
    return f"{cut(result.label)} {about(low, result.unit, currency)} to {about(high, result.unit, currency)}"


def _last(result: Histogram, at: int) -> float:
    """Up to where a step goes, in words of whole numbers the last one in it."""
    low, high = float(result.edges[at]), float(result.edges[at + 1])
    return max(low, high - 1) if result.unit == "count" else high


def _axis(result: Histogram, currency: str) -> dict[str, Any]:
    title = {"title": {"text": axis_title(result.label, result.unit, currency)}}
    if not result.log:
        return {**title, "ticksuffix": " %"} if result.unit == "share" else title
    low, high = float(np.log10(result.edges[0])), float(np.log10(result.edges[-1]))
    steps = (1, 3) if high - low < 4 else (1,)
    ticks = [
        (at, step * 10.0**power)
        for power in range(int(np.floor(low)), int(np.ceil(high)) + 1)
        for step in steps
        if low <= (at := power + float(np.log10(step))) <= high
    ]
    return {
        **title,
        "tickvals": [at for at, _ in ticks],
        "ticktext": [_tick(value, result.unit) for _, value in ticks],
    }


def _tick(value: float, unit: str) -> str:
    return number(value, "share") if unit == "share" else f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _median(result: Histogram, currency: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if result.median is None or (result.log and result.median <= 0):
        return [], []
    x = float(np.log10(result.median)) if result.log else float(on_axis(result.median, result.unit))
    text = f"median {escape(about(result.median, result.unit, currency))}"
    left, right = _positions(result)[0][[0, -1]]
    late = right > left and (x - left) / (right - left) > 0.6
    anchor = {"xanchor": "right", "xshift": -4} if late else {"xanchor": "left", "xshift": 4}
    return [line_at(x=x)], [note(text, x=x, y=1, xref="x", yref="y domain", yanchor="top", **anchor)]


def _answer(result: Histogram, currency: str) -> str:
    if result.median is None:
        return f"No customer has a value for “{cut(result.label)}”."
    middle = about(result.median, result.unit, currency)
    known = {
        "monetary": f"Half of the customers spent {middle} or less.",
        "recency": f"Half of the customers ordered within the last {middle} days.",
        "orders": f"Half of the customers placed {middle} {'order' if middle == '1' else 'orders'} or fewer.",
        "age": f"Half of the customers are {middle} or younger.",
    }
    return known.get(result.slug, f"For half of the customers it is {middle} or less.")


def _alt(result: Histogram, currency: str) -> str:
    total = int(result.counts.sum())
    if not total:
        return f"Histogram of {result.label}: no customer has a value."
    low, high = (exact(float(result.edges[i]), result.unit, currency) for i in (0, -1))
    groups = f", in groups {', '.join(result.groups)}" if len(result.groups) > 1 else ""
    scale = " on a logarithmic axis" if result.log else ""
    return (
        f"Histogram of {result.label} for {plural(total, 'customer')}{scale}{groups}, from {low} to {high}; "
        f"median {about(result.median, result.unit, currency)}, "
        f"mean {about(result.mean, result.unit, currency)}."
    )


def _tallest(result: Histogram) -> int:
    return int(result.counts.sum(axis=0).max(initial=0))


def _left_out(result: Histogram, currency: str) -> str:
    parts = []
    if result.beyond:
        over = f"{plural(result.beyond, 'customer')} with {_over(result, currency)}"
        parts.append(f"{over} not shown on this axis")
    if result.below:
        parts.append(f"{plural(result.below, 'customer')} with zero or less not shown on this axis")
    if result.missing:
        parts.append(f"{plural(result.missing, 'customer')} without a value")
    return "; ".join(parts)


def _table(result: Histogram, currency: str) -> Any:
    whole = len(result.groups) == 1
    names = ["Customers"] if whole else list(result.groups)
    columns = [("from", f"{result.label}, from", result.unit), ("to", "to", result.unit)]
    columns += [
        (f"customers_{at}" if not whole else "customers", name, "count") for at, name in enumerate(names)
    ]
    rows = [
        (result.edges[at], _last(result, at), *(int(n) for n in result.counts[:, at]))
        for at in range(result.counts.shape[1])
    ]
    if result.beyond and whole:
        rows.append((float(result.edges[-1]), None, result.beyond))
    return table(columns, rows, currency)
