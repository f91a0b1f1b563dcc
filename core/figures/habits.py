"""How the segments buy: medians and middle halves as small multiples."""

from typing import Any, Final

from core.figures.differences import strongest
from core.figures.drawn import (
    HOVER,
    Drawn,
    axis_title,
    figure,
    line_at,
    note,
    on_axis,
    segment_names,
    small,
    table,
)
from core.figures.ranges import Ends, whiskers
from core.figures.segment_marks import segment_marks
from core.figures.theme import HIGH, LOW, segment_colours
from core.profile.measured import MeasureProfile, Stats
from core.profile.profile import SMALL, Profile
from core.words import about, escape

USUAL: Final = ("monetary", "purchase_frequency", "recency", "discount_share")
INSTEAD: Final = {"purchase_frequency": "orders", "discount_share": "average_order_value"}
PANELS: Final = 4
TWO_LINES: Final = 5
"""Up to so many segments their names stand in two lines."""


def habits(profile: Profile, currency: str = "", columns: int = 2) -> Drawn:
    """Up to four panels: spend, orders a year, days since last order and discount share where known."""
    chosen = _chosen(profile)
    columns = max(1, min(columns, len(chosen)))
    layout: dict[str, Any] = {"shapes": [], "annotations": []}
    traces: list[dict[str, Any]] = []
    for at, m in enumerate(chosen):
        _panel(profile, m, at, columns, -(-len(chosen) // columns), currency, traces, layout)
    rows = -(-len(chosen) // columns) if chosen else 1
    tall = rows * (34 * len(profile.segments) + 64)
    return Drawn(
        figure=figure(traces, showlegend=False, **layout),
        table=_table(profile, chosen, currency),
        alt=_alt(profile, chosen, currency),
        answer=_answer(profile, chosen, currency),
        caption="Dot: median; thin line: its likely range; broad line: the middle half of the customers; "
        "dotted: median of all.",
        height=max(tall, LOW) if rows == 1 else max(tall, HIGH),
        marks=segment_marks(profile.segments),
    )


def _chosen(profile: Profile) -> list[MeasureProfile]:
    by_slug = {m.slug: m for m in profile.measures if m.overall.known}
    wanted = [slug if slug in by_slug else INSTEAD.get(slug, "") for slug in USUAL]
    found = [by_slug[slug] for slug in wanted if slug in by_slug]
    rest = [m for m in strongest(profile, len(profile.measures)) if m not in found]
    return (found + (rest if len(found) < 2 else []))[:PANELS]


def _panel(
    profile: Profile,
    m: MeasureProfile,
    at: int,
    columns: int,
    rows: int,
    currency: str,
    traces: list[dict[str, Any]],
    layout: dict[str, Any],
) -> None:
    suffix = str(at + 1) if at else ""
    row, column = divmod(at, columns)
    left, bottom, width, height = _place(row, column, rows, columns)
    told = [m.overall, *(m.segments[at] for at in _shown(profile))]
    most = max((v for s in told for v in (s.q3, s.high) if v is not None), default=1.0)
    least = min((v for s in told for v in (s.q1, s.low) if v is not None), default=0.0)
    span = (most - min(least, 0.0)) or 1.0
    layout[f"xaxis{suffix}"] = {
        "domain": [left, min(left + width, 1.0)],
        "anchor": f"y{suffix}",
        # room for a whole dot at zero
        "range": [float(on_axis(v, m.unit)) for v in (min(least, 0.0) - 0.07 * span, most + 0.07 * span)],
        "showgrid": True,
        "nticks": 5,
        "tickangle": 0,
        **({"ticksuffix": " %"} if m.unit == "share" else {}),
    }
    layout[f"yaxis{suffix}"] = {
        "domain": [bottom, bottom + height],
        "anchor": f"x{suffix}",
        "type": "category",
        "autorange": "reversed",
        "showgrid": False,
        "showticklabels": column == 0,
        # every name on every panel's axis, so that rows stand in line even where a segment has no value
        "categoryorder": "array",
        "categoryarray": _names(profile),
    }
    words = f"<b>{axis_title(m.label, m.unit, currency)}</b>"
    ref = {"xref": f"x{suffix} domain", "yref": f"y{suffix} domain"}
    layout["annotations"].append(note(words, x=0, y=1, xanchor="left", yanchor="bottom", yshift=2, **ref))
    if m.overall.median is not None:
        x = float(on_axis(m.overall.median, m.unit))
        layout["shapes"].append(line_at(x=x, xref=f"x{suffix}", yref=f"y{suffix} domain"))
    traces.extend(_marks(profile, m, suffix, currency))


def _place(row: int, column: int, rows: int, columns: int) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of a panel; above each there is room for its title."""
    across, down, title = 0.05, 0.2 / max(rows, 2), 0.16 / max(rows, 2)
    width = (1 - across * (columns - 1)) / columns
    height = (1 - down * (rows - 1)) / rows - title
    bottom = max(1 - (row + 1) * (height + title) - row * down, 0.0)
    return column * (width + across), bottom, width, height


def _names(profile: Profile) -> list[str]:
    return segment_names(profile.segments, lines=2 if len(profile.segments) <= TWO_LINES else 1)


def _shown(profile: Profile) -> list[int]:
    return [at for at, s in enumerate(profile.segments) if s.size >= SMALL]


def _marks(profile: Profile, m: MeasureProfile, suffix: str, currency: str) -> list[dict[str, Any]]:
    colours, names = segment_colours(profile.segments), _names(profile)
    places = [at for at in _shown(profile) if m.segments[at].median is not None]
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": small(on_axis([m.segments[at].q1, m.segments[at].q3], m.unit)),
            "y": [names[at]] * 2,
            "line": {"color": colours[profile.segments[at].number], "width": 6},
            "opacity": 0.5,
            "hoverinfo": "skip",
            **axes,
        }
        for at in places
    ]
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": small(on_axis([m.segments[at].median for at in places], m.unit)),
        "y": [names[at] for at in places],
        "marker": {
            "color": [colours[profile.segments[at].number] for at in places],
            "size": 9,
            "line": {"color": "rgba(90,98,112,0.9)", "width": 1},
        },
        "error_x": _likely([m.segments[at] for at in places], m.unit),
        "customdata": [profile.segments[at].number for at in places],
        "hovertext": [_sentence(profile, m, at, currency) for at in places],
        "hovertemplate": HOVER,
        **axes,
    }
    return [*lines, dots]


def _likely(own: list[Stats], unit: str) -> dict[str, Any]:
    """The likely range of each median."""

    def placed(value: float | None) -> float:
        return float(on_axis(value, unit))

    ends: list[Ends] = [None if s.low is None else (placed(s.low), placed(s.high)) for s in own]
    return whiskers([placed(s.median) for s in own], ends)


def _sentence(profile: Profile, m: MeasureProfile, at: int, currency: str) -> str:
    s = m.segments[at]
    low, middle, high = (escape(about(v, m.unit, currency)) for v in (s.q1, s.median, s.q3))
    all_ = escape(about(m.overall.median, m.unit, currency))
    return (
        f"{escape(profile.segments[at].name)}<br>{escape(m.label)}: median {middle} (all: {all_})"
        f"{_said_range(s, m.unit, currency)}<br>half of them between {low} and {high}"
    )


def _said_range(s: Stats, unit: str, currency: str) -> str:
    if s.low is None or s.high is None:
        return "<br>too few customers for a likely range of the median"
    low, high = (escape(about(v, unit, currency)) for v in (s.low, s.high))
    return f"<br>likely range of the median: {low} to {high}"


def _table(profile: Profile, chosen: list[MeasureProfile], currency: str) -> Any:
    columns = [("name", "Segment", "")]
    for m in chosen:
        columns += [
            (m.slug, f"{m.label}, median", m.unit),
            (f"{m.slug}_low", "likely from", m.unit),
            (f"{m.slug}_high", "to", m.unit),
            (f"{m.slug}_q1", "a quarter below", m.unit),
            (f"{m.slug}_q3", "a quarter above", m.unit),
        ]
    rows: list[tuple[Any, ...]] = []
    for at, segment in enumerate(profile.segments):
        told = segment.size >= SMALL
        stats = [m.segments[at] for m in chosen]
        rows.append((segment.name, *(v if told else None for s in stats for v in _cells(s))))
    rows.append(("All customers", *(v for m in chosen for v in _cells(m.overall))))
    return table(columns, rows, currency)


def _cells(s: Stats) -> tuple[float | None, ...]:
    return s.median, s.low, s.high, s.q1, s.q3


def _answer(profile: Profile, chosen: list[MeasureProfile], currency: str) -> str:
    """The panel in which the segments lie farthest apart, as its two ends."""
    told = [at for at in _shown(profile) if profile.segments[at].number]

    def apart(m: MeasureProfile) -> float:
        known = [float(m.z[at] or 0.0) for at in told]
        return max(known) - min(known) if known else 0.0

    best = max(chosen, key=apart, default=None)
    ends = [(s.median, at) for at in told if best is not None and (s := best.segments[at]).median is not None]
    if best is None or len(ends) < 2 or not apart(best):
        return "The segments do not differ in how they buy."
    low, high = min(ends), max(ends)
    said = [f"{about(v, best.unit, currency)} (“{profile.segments[at].name}”)" for v, at in (low, high)]
    return f"{best.label}: from {said[0]} to {said[1]}."


def _alt(profile: Profile, chosen: list[MeasureProfile], currency: str) -> str:
    said = ", ".join(m.label for m in chosen)
    what = f"Medians with their likely ranges and middle halves per segment for {said or 'no measure'}."
    return f"{what} {_answer(profile, chosen, currency)}"
