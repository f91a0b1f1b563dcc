"""How the segments buy: medians and middle halves as small multiples."""

from typing import Any, Final

import numpy as np

from core.figures.differences import strongest
from core.figures.drawn import HOVER, Drawn, axis_title, figure, line_at, note, on_axis, shown, small, table
from core.figures.theme import HIGH, TALL, segment_colours
from core.profile.profile import SMALL, MeasureProfile, Profile
from core.words import about, escape

USUAL: Final = ("monetary", "purchase_frequency", "recency", "discount_share")
INSTEAD: Final = {"purchase_frequency": "orders", "discount_share": "average_order_value"}
PANELS: Final = 4


def habits(profile: Profile, currency: str = "", columns: int = 2) -> Drawn:
    """Up to four panels: spend, orders a year, days since last order, discount share, as far as they are there."""
    chosen = _chosen(profile)
    columns = max(1, min(columns, len(chosen)))
    layout: dict[str, Any] = {"shapes": [], "annotations": []}
    traces: list[dict[str, Any]] = []
    for at, m in enumerate(chosen):
        _panel(profile, m, at, columns, -(-len(chosen) // columns), currency, traces, layout)
    rows = -(-len(chosen) // columns) if chosen else 1
    tall = rows * (26 * len(profile.segments) + 64)
    return Drawn(
        figure=figure(traces, showlegend=False, **layout),
        table=_table(profile, chosen, currency),
        alt=_alt(profile, chosen, currency),
        answer=_answer(profile, chosen, currency),
        caption="Dot: median; line: the middle half of the customers; dotted: median of all.",
        height=min(max(tall, HIGH), TALL),
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
    width, height = 1 / columns, 1 / rows
    gap_x, gap_y = 0.05 if columns > 1 else 0.0, 0.24 if rows > 1 else 0.08
    top = 1 - row * height
    layout[f"xaxis{suffix}"] = {
        "domain": [
            column * width + (gap_x / 2 if column else 0),
            (column + 1) * width - (gap_x / 2 if column < columns - 1 else 0),
        ],
        "anchor": f"y{suffix}",
        "rangemode": "tozero",
        "showgrid": True,
        "nticks": 5,
        **({"ticksuffix": " %"} if m.unit == "share" else {}),
    }
    layout[f"yaxis{suffix}"] = {
        "domain": [top - height + gap_y / 2 if row < rows - 1 else 0, top - gap_y / 3],
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


def _names(profile: Profile) -> list[str]:
    return [shown(s.name, 24) + "\u200b" * at for at, s in enumerate(profile.segments)]


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
            "size": 11,
            "line": {"color": "rgba(90,98,112,0.9)", "width": 1},
        },
        "hovertext": [_sentence(profile, m, at, currency) for at in places],
        "hovertemplate": HOVER,
        **axes,
    }
    return [*lines, dots]


def _sentence(profile: Profile, m: MeasureProfile, at: int, currency: str) -> str:
    s = m.segments[at]
    low, middle, high = (escape(about(v, m.unit, currency)) for v in (s.q1, s.median, s.q3))
    all_ = escape(about(m.overall.median, m.unit, currency))
    return (
        f"{escape(profile.segments[at].name)}<br>{escape(m.label)}: median {middle} (all: {all_})"
        f"<br>half of them between {low} and {high}"
    )


def _table(profile: Profile, chosen: list[MeasureProfile], currency: str) -> Any:
    columns = [("name", "Segment", "")]
    for m in chosen:
        columns += [
            (m.slug, f"{m.label}, median", m.unit),
            (f"{m.slug}_q1", "a quarter below", m.unit),
            (f"{m.slug}_q3", "a quarter above", m.unit),
        ]
    rows: list[tuple[Any, ...]] = []
    for at, segment in enumerate(profile.segments):
        told = segment.size >= SMALL
        stats = [m.segments[at] for m in chosen]
        rows.append((segment.name, *(v if told else None for s in stats for v in (s.median, s.q1, s.q3))))
    rows.append(
        ("All customers", *(v for m in chosen for v in (m.overall.median, m.overall.q1, m.overall.q3)))
    )
    return table(columns, rows, currency)


def _answer(profile: Profile, chosen: list[MeasureProfile], currency: str) -> str:
    """The widest spread of medians, as its two ends."""
    best: tuple[float, str] = (0.0, "")
    for m in chosen:
        known = [
            (m.segments[at].median, at)
            for at in _shown(profile)
            if m.segments[at].median is not None and profile.segments[at].number
        ]
        values = [float(v) for v, _ in known if v is not None]
        if len(values) < 2:
            continue
        low, high = int(np.argmin(values)), int(np.argmax(values))
        spread = (values[high] - values[low]) / (abs(values[low]) + abs(values[high]) or 1.0)
        ends = [profile.segments[known[i][1]].name for i in (high, low)]
        said = [about(values[i], m.unit, currency) for i in (high, low)]
        if spread > best[0]:
            best = (spread, f"{m.label}: from {said[1]} (“{ends[1]}”) to {said[0]} (“{ends[0]}”).")
    return best[1] or "The segments do not differ in how they buy."


def _alt(profile: Profile, chosen: list[MeasureProfile], currency: str) -> str:
    said = ", ".join(m.label for m in chosen)
    return f"Medians and middle halves per segment for {said or 'no measure'}. {_answer(profile, chosen, currency)}"
