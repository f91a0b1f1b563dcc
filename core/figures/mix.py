"""Who they are: how a category divides each segment, and one segment beside all."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from core.features.cohort import of_segment
from core.figures.drawn import (
    HOVER,
    Drawn,
    Mark,
    distinct,
    figure,
    room_for,
    segment_names,
    shown,
    small,
    table,
)
from core.figures.ranges import beside, cells, said
from core.figures.segment_marks import said_in
from core.figures.theme import (
    EDGE,
    HIGH,
    LEGEND,
    LOW,
    MIDDLE,
    QUIET,
    ROW,
    TALL,
    level_colours,
    segment_colours,
)
from core.param import Filter
from core.profile.mixes import Mix
from core.profile.profile import SMALL, Profile, Segment
from core.words import cut, escape, number, plural

READABLE: Final = 0.09
"""Shares from which a number fits into its piece of the bar."""

BESIDE: Final = 36
"""Pixels that a level's two bars take."""


def mix(profile: Profile, slug: str) -> Drawn:
    """A bar of 100 % per segment, and one for all on top; customers without a value are left out."""
    found = _mix(profile, slug)
    names = distinct(["All customers", *segment_names(profile.segments)])
    counts = [
        found.overall,
        *(
            c if s.size >= SMALL else (0,) * len(c)
            for s, c in zip(profile.segments, found.segments, strict=True)
        ),
    ]
    colours = level_colours(found.levels)
    plain = ["All customers", *(s.name for s in profile.segments)]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": shown(level),
            "x": small([100 * _share(row, at) for row in counts]),
            "y": names,
            "text": [
                number(_share(row, at), "share") if _share(row, at) >= READABLE else "" for row in counts
            ],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "textfont": {"size": 11},
            "marker": {"color": colours[at], "line": {"color": EDGE, "width": 0.5}, "cornerradius": 0},
            "customdata": [_key(bar, at) for bar in range(len(counts))],
            "hovertext": [_sentence(name, level, row, at) for name, row in zip(plain, counts, strict=True)],
            "hovertemplate": HOVER,
        }
        for at, level in enumerate(found.levels)
    ]
    return Drawn(
        figure=figure(
            traces,
            barmode="stack",
            showlegend=True,
            uniformtext={"mode": "hide", "minsize": 9},
            legend={"traceorder": "normal"},
            xaxis={
                "ticksuffix": " %",
                "range": [0, 100.5],
                "tickangle": 0,
                "title": {"text": "Share of customers"},
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=_table(profile, found),
        alt=f"Bars of 100 % per segment by “{found.label}”. {_answer(profile, found)}",
        answer=_answer(profile, found),
        title=f"Who are they, by “{found.label}”?",
        caption=_left_out(profile, found),
        height=(HIGH if len(names) <= 8 else max(TALL, 100 + ROW * len(names)))
        + LEGEND * max(0, len(found.levels) - 3),
        marks=tuple(_marks(profile, found, counts)),
    )


def _key(bar: int, level: int) -> str:
    return f"{bar}.{level}"


def _marks(profile: Profile, found: Mix, counts: Sequence[tuple[int, ...]]) -> Iterator[Mark]:
    """Of each bar (the first is all customers) and level that a condition can say."""
    of: list[tuple[Filter, ...]] = [(), *((of_segment(s.number),) for s in profile.segments)]
    where = ["", *(f" {said_in(s)}" for s in profile.segments)]
    for bar, row in enumerate(counts):
        for at, (level, own) in enumerate(zip(found.levels, found.conditions, strict=True)):
            if own is not None:
                said = f"with “{cut(found.label)}” {cut(level)}{where[bar]}"
                yield Mark(key=_key(bar, at), conditions=(*of[bar], *own), customers=row[at], said=said)


def segment_mix(profile: Profile, slug: str, number_of: int) -> Drawn:
    """One segment beside all customers, level by level."""
    found, at = _mix(profile, slug), profile.at(number_of)
    segment = profile.segments[at]
    hidden = segment.size < SMALL
    own = (0,) * len(found.levels) if hidden else found.segments[at]
    levels = distinct(shown(level, 20) for level in found.levels)
    lying = len(levels) > 2
    traces = [
        _beside(found, levels, own, segment.name, segment_colours(profile.segments)[number_of], lying),
        _beside(found, levels, found.overall, "All customers", QUIET, lying, 1),
    ]
    axis = {
        "ticksuffix": " %",
        "rangemode": "tozero",
        "tickangle": 0,
        "title": {"text": "Share of customers"},
        "showgrid": True,
    }
    named = {"type": "category", "showgrid": False}
    layout = (
        {"xaxis": axis, "yaxis": {**named, "autorange": "reversed"}}
        if lying
        else {"xaxis": named, "yaxis": axis}
    )
    return Drawn(
        figure=figure(
            traces,
            barmode="group",
            showlegend=True,
            margin=room_for(["99 % (99–99)"] if lying else []),
            **layout,
        ),
        table=table(
            (
                ("level", found.label, ""),
                ("customers", "Customers of the segment", "count"),
                ("share", "Share of the segment", "share"),
                ("low", "likely from", "share"),
                ("high", "to", "share"),
                ("share_all", "Share of all", "share"),
            ),
            [
                (level, own[i], *cells(own[i], sum(own)), _share(found.overall, i))
                for i, level in enumerate(found.levels)
            ],
        ),
        alt=f"Bars of “{found.label}” for {segment.name} beside all customers. "
        f"{_one_answer(segment.name, found, own)}",
        answer=f"Fewer than {SMALL} customers: not shown."
        if hidden
        else _one_answer(segment.name, found, own),
        title=f"Who are they, by “{found.label}”?",
        caption=_of_one(found.missing[at]),
        height=max(MIDDLE, 110 + BESIDE * len(levels)) if lying else LOW,
        marks=tuple(_level_marks(found, segment, own)),
    )


def _of_one(missing: int) -> str:
    left = f" {plural(missing, 'customer')} of the segment without a value." if missing else ""
    return f"In brackets: likely range.{left}"


def _level_marks(found: Mix, segment: Segment, own: tuple[int, ...]) -> Iterator[Mark]:
    """Of the bars of one segment and of those of all customers."""
    bars = ((0, own, (of_segment(segment.number),), f" {said_in(segment)}"), (1, found.overall, (), ""))
    for bar, counts, of, where in bars:
        for at, (level, conditions) in enumerate(zip(found.levels, found.conditions, strict=True)):
            if conditions is not None:
                yield Mark(
                    key=_key(bar, at),
                    conditions=(*of, *conditions),
                    customers=counts[at],
                    said=f"with “{cut(found.label)}” {cut(level)}{where}",
                    row=None if bar else at,
                )


def _mix(profile: Profile, slug: str) -> Mix:
    return next(m for m in profile.mixes if m.slug == slug)


def _share(counts: tuple[int, ...], at: int) -> float:
    total = sum(counts)
    return counts[at] / total if total else 0.0


def _sentence(name: str, level: str, counts: tuple[int, ...], at: int) -> str:
    share, likely = number(_share(counts, at), "share"), said(counts[at], sum(counts))
    count = plural(counts[at], "customer")
    return f"{escape(name)}: {share} {shown(level, 60)} ({count}){f'<br>{likely}' if likely else ''}"


def _beside(
    found: Mix, levels: list[str], counts: tuple[int, ...], name: str, colour: str, lying: bool, bar: int = 0
) -> dict[str, Any]:
    shares = small([100 * _share(counts, i) for i in range(len(levels))])
    return {
        "type": "bar",
        "orientation": "h" if lying else "v",
        "name": shown(name),
        "x": shares if lying else levels,
        "y": levels if lying else shares,
        "text": [
            number(_share(counts, i), "share") if bar else beside(n, sum(counts), " " if lying else "<br>")
            for i, n in enumerate(counts)
        ],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": colour, "line": {"color": EDGE, "width": 0.5}},
        "customdata": [_key(bar, i) for i in range(len(levels))],
        "hovertext": [_sentence(name, level, counts, i) for i, level in enumerate(found.levels)],
        "hovertemplate": HOVER,
    }


def _answer(profile: Profile, found: Mix) -> str:
    """The level and segment that differ most from all, of the real segments."""
    gaps = [
        (_share(counts, i) - _share(found.overall, i), i, s, counts)
        for s, counts in zip(profile.segments, found.segments, strict=True)
        if s.number and s.size >= SMALL and sum(counts)
        for i in range(len(found.levels))
    ]
    if not gaps:
        return f"“{found.label}” is not known for these customers."
    _, i, s, counts = max(gaps, key=lambda gap: gap[0])
    return (
        f"“{s.name}” has most “{found.levels[i]}”: {number(_share(counts, i), 'share')}, "
        f"{said(counts[i], sum(counts))}, against {number(_share(found.overall, i), 'share')} of all."
        if _share(counts, i) - _share(found.overall, i) >= 0.02
        else f"The segments are alike in “{found.label}”."
    )


def _one_answer(name: str, found: Mix, own: tuple[int, ...]) -> str:
    if not sum(own):
        return f"“{found.label}” is not known for these customers."
    i = max(range(len(own)), key=lambda at: abs(_share(own, at) - _share(found.overall, at)))
    return (
        f"{number(_share(own, i), 'share')} of “{name}” are “{found.levels[i]}”, "
        f"against {number(_share(found.overall, i), 'share')} of all customers."
    )


def _left_out(profile: Profile, found: Mix) -> str:
    parts = [f"{plural(sum(found.missing), 'customer')} without a value"] if sum(found.missing) else []
    parts += (
        [f"segments under {SMALL} customers not shown"]
        if any(s.size < SMALL for s in profile.segments)
        else []
    )
    return "; ".join(parts)


def _table(profile: Profile, found: Mix) -> Any:
    """Of each level customers, share and likely range."""
    columns = [("name", "Segment", "")]
    for i, level in enumerate(found.levels):
        columns += [(f"level_{i}", level, "count"), (f"share_{i}", "share", "share")]
        columns += [(f"low_{i}", "likely from", "share"), (f"high_{i}", "to", "share")]
    columns.append(("missing", "without a value", "count"))
    rows: list[tuple[Any, ...]] = [
        (s.name, *_levels(counts), missing) if s.size >= SMALL else (s.name, *[None] * (len(columns) - 1))
        for s, counts, missing in zip(profile.segments, found.segments, found.missing, strict=True)
    ]
    rows.append(("All customers", *_levels(found.overall), sum(found.missing)))
    return table(columns, rows)


def _levels(counts: tuple[int, ...]) -> list[float | int | None]:
    return [cell for count in counts for cell in (count, *cells(count, sum(counts)))]
