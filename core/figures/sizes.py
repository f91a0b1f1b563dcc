"""Share of customers beside share of net sales, orders, or the average order, per segment."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.figures.drawn import (
    HOVER,
    Drawn,
    figure,
    line_at,
    note,
    room_for,
    segment_names,
    small,
    table,
    up_to,
)
from core.figures.segment_marks import segment_marks
from core.figures.theme import EDGE, HIGH, MIDDLE, ROW, TALL, segment_colours
from core.profile.profile import Profile, Segment
from core.words import about, escape, number, plural

MEASURES: Final = {"net": "net sales", "orders": "orders"}
PALE: Final = 0.45


def sizes(segments: Sequence[Segment], currency: str = "") -> Drawn:
    """How big the segments are: customers beside net sales; customers alone where there is no money."""
    return _paired(segments, [s.value_share for s in segments], "net sales", "How big are they?", currency)


def value(profile: Profile, measure: str = "net", currency: str = "") -> Drawn:
    """Where the value is: customers beside `net` sales or `orders`; or the `average` order."""
    segments = profile.segments
    if measure == "average":
        return _averages(profile, currency)
    if measure == "orders":
        return _paired(segments, _order_shares(profile), "orders", "Who places the orders?", currency)
    shares = [s.value_share for s in segments]
    title = "Where is the value?" if any(share is not None for share in shares) else "How big are they?"
    return _paired(segments, shares, "net sales", title, currency)


def _order_shares(profile: Profile) -> list[float | None]:
    orders = next((m for m in profile.measures if m.slug == "orders"), None)
    if orders is None:
        return [None] * len(profile.segments)
    sums = [(s.mean or 0.0) * s.known for s in orders.segments]
    return [n / sum(sums) for n in sums] if sum(sums) > 0 else [None] * len(sums)


def _paired(
    segments: Sequence[Segment], shares: Sequence[float | None], what: str, title: str, currency: str
) -> Drawn:
    names, colours = segment_names(segments), segment_colours(segments)
    tints = [colours[s.number] for s in segments]
    both = any(share is not None for share in shares)
    customers, known_by = [s.share for s in segments], [s.number for s in segments]
    hover = _hover(segments, shares, what, currency)
    traces = [_bars("customers", names, customers, tints, PALE if both else 1.0, hover, known_by)]
    if both:
        traces.append(_bars(what, names, shares, tints, 1.0, hover, known_by))
        traces += [_legend("customers", PALE), _legend(what, 1.0)]
    most = max([*customers, *(share for share in shares if share is not None)], default=1.0)
    return Drawn(
        figure=figure(
            traces,
            barmode="group",
            margin=room_for(["99.9 %"]),
            showlegend=both,
            xaxis=_share_axis("Share of all" if both else "Share of customers", most),
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=_table(segments, shares, what, currency),
        alt=_alt(segments, shares, what),
        answer=_answer(segments, shares, what),
        title=title,
        height=MIDDLE
        if len(segments) <= 3
        else HIGH
        if len(segments) <= 8
        else max(TALL, 100 + ROW * len(segments)),
        marks=segment_marks(segments),
    )


def _share_axis(title: str, most: float) -> dict[str, Any]:
    return {
        "title": {"text": title},
        "ticksuffix": " %",
        "showgrid": True,
        "range": up_to(100 * most),
        "nticks": 4,
        "tickangle": 0,
    }


def _bars(
    what: str,
    names: list[str],
    shares: Sequence[float | None],
    tints: list[str],
    opacity: float,
    hover: list[str],
    known_by: list[int],
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": what,
        "legendgroup": what,
        "offsetgroup": what,  # the entry in the legend must take no room among the bars
        "showlegend": False,
        "x": small([np.nan if s is None else 100 * s for s in shares]),
        "y": names,
        "text": [number(s, "share") for s in shares],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": tints, "opacity": opacity, "line": {"color": EDGE, "width": 0.5}},
        "customdata": known_by,
        "hovertext": hover,
        "hovertemplate": HOVER,
    }


def _legend(what: str, opacity: float) -> dict[str, Any]:
    """A grey entry that stands for the series in all colours."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": what,
        "legendgroup": what,
        "offsetgroup": what,  # the entry in the legend must take no room among the bars
        "showlegend": True,
        "x": [None],
        "y": [None],
        "marker": {"color": f"rgba(112,122,138,{opacity})", "line": {"color": EDGE, "width": 0.5}},
        "hoverinfo": "skip",
    }


def _hover(
    segments: Sequence[Segment], shares: Sequence[float | None], what: str, currency: str
) -> list[str]:
    said = []
    for s, share in zip(segments, shares, strict=True):
        text = f"{escape(s.name)}: {plural(s.size, 'customer')}, {number(s.share, 'share')} of all"
        if share is not None:
            text += f"<br>{number(share, 'share')} of {what}"
            text += (
                f" ({about(s.net, 'money', currency)})" if what == "net sales" and s.net is not None else ""
            )
            text += f": {number(share / s.share, 'times')} its share" if s.share else ""
        said.append(text)
    return said


def _table(segments: Sequence[Segment], shares: Sequence[float | None], what: str, currency: str) -> Any:
    columns = [
        ("number", "Segment", "count"),
        ("name", "Name", ""),
        ("customers", "Customers", "count"),
        ("share", "Share of customers", "share"),
    ]
    money = what == "net sales" and any(s.net is not None for s in segments)
    both = any(share is not None for share in shares)
    columns += (
        [("value_share", f"Share of {what}", "share"), ("index", "Times its share", "times")] if both else []
    )
    columns += [("net", "Net sales", "money")] if money else []
    rows = [
        (
            s.number,
            s.name,
            s.size,
            s.share,
            *((share, share / s.share if share is not None and s.share else None) if both else ()),
            *((s.net,) if money else ()),
        )
        for s, share in zip(segments, shares, strict=True)
    ]
    return table(columns, rows, currency)


def _answer(segments: Sequence[Segment], shares: Sequence[float | None], what: str) -> str:
    known = [(share, s) for share, s in zip(shares, segments, strict=True) if share is not None]
    if known:
        share, s = max(known, key=lambda item: item[0])
        return (
            f"“{s.name}”: {number(s.share, 'share')} of customers bring {number(share, 'share')} of {what}."
        )
    if not segments:
        return "There are no segments."
    largest = max(segments, key=lambda s: s.size)
    return f"The largest is “{largest.name}”: {number(largest.share, 'share')} of customers."


def _alt(segments: Sequence[Segment], shares: Sequence[float | None], what: str) -> str:
    said = "; ".join(
        f"{s.name} {number(s.share, 'share')}"
        + (f" and {number(share, 'share')}" if share is not None else "")
        for s, share in zip(segments, shares, strict=True)
    )
    beside = f" beside share of {what}" if any(share is not None for share in shares) else ""
    return f"Bars per segment, share of customers{beside}: {said}."


def _averages(profile: Profile, currency: str) -> Drawn:
    segments, colours = profile.segments, segment_colours(profile.segments)
    values = [s.average_order_value for s in segments]
    known = [(v, s) for v, s in zip(values, segments, strict=True) if v is not None]
    overall = _overall_order(profile)
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": small([np.nan if v is None else v for v in values]),
        "y": segment_names(segments),
        "text": [about(v, "money", currency) for v in values],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": [colours[s.number] for s in segments], "line": {"color": EDGE, "width": 0.5}},
        "customdata": [s.number for s in segments],
        "hovertext": [
            f"{escape(s.name)}: {about(v, 'money', currency)} per order"
            for v, s in zip(values, segments, strict=True)
        ],
        "hovertemplate": HOVER,
    }
    top = max(known, key=lambda item: item[0], default=None)
    most = max([v for v, _ in known] + [overall or 0.0], default=1.0) or 1.0
    words = f"all: {escape(about(overall, 'money', currency))}"
    return Drawn(
        figure=figure(
            [trace],
            showlegend=False,
            xaxis={
                "title": {"text": _with(currency, "Average order")},
                "showgrid": True,
                "range": up_to(most),
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
            shapes=[line_at(x=overall)] if overall else [],
            annotations=[note(words, x=overall, y=1, yref="y domain", yanchor="bottom")] if overall else [],
            margin={"t": 24, **room_for(about(v, "money", currency) for v, _ in known)},
        ),
        table=table(
            (("number", "Segment", "count"), ("name", "Name", ""), ("average", "Average order", "money")),
            [(s.number, s.name, v) for v, s in zip(values, segments, strict=True)],
            currency,
        ),
        alt="Bars of the average order per segment: "
        + ("; ".join(f"{s.name} {about(v, 'money', currency)}" for v, s in known) or "not known")
        + f". All: {about(overall, 'money', currency)}.",
        answer=f"“{top[1].name}” has the largest orders: {about(top[0], 'money', currency)} on average."
        if top
        else "The average order is not known.",
        title="How large are their orders?",
        height=MIDDLE
        if len(segments) <= 3
        else HIGH
        if len(segments) <= 8
        else max(TALL, 100 + ROW * len(segments)),
        marks=segment_marks(segments),
    )


def _overall_order(profile: Profile) -> float | None:
    """Average order over all: the segments' averages weighted by their orders."""
    orders = next((m for m in profile.measures if m.slug == "orders"), None)
    if orders is None:
        return None
    known = [
        (s.average_order_value, (o.mean or 0.0) * o.known)
        for s, o in zip(profile.segments, orders.segments, strict=True)
        if s.average_order_value is not None
    ]
    total = sum(n for _, n in known)
    return sum(v * n for v, n in known) / total if total else None


def _with(currency: str, label: str) -> str:
    return f"{label} ({escape(currency)})" if currency else label
