"""Which segments hold the customers of one label."""

import numpy as np

from core.features.cohort import of_segment
from core.features.labels import YES, said_rule
from core.figures.drawn import (
    HOVER,
    Drawn,
    Mark,
    figure,
    line_at,
    note,
    room_for,
    segment_names,
    small,
    table,
    up_to,
)
from core.figures.ranges import Ends, beyond, cells, said, whiskers
from core.figures.segment_marks import said_in
from core.figures.theme import EDGE, HIGH, MIDDLE, ROW, TALL, segment_colours
from core.param import Filter
from core.profile.likely import share_range
from core.profile.profile import SMALL, LabelShare, Profile, Segment
from core.words import escape, number, plural


def label_shares(profile: Profile, key: str, currency: str = "") -> Drawn:
    """Flagged share of those that can be judged, per segment, with the share over all."""
    found = next(label for label in profile.labels if label.key == key)
    segments, colours = profile.segments, segment_colours(profile.segments)
    shares = [f / j if j else None for f, j in zip(found.flagged, found.judged, strict=True)]
    known = [share for share in shares if share is not None]
    overall, rule = found.overall, said_rule(found, currency)
    ends = _ends(profile, found)
    values = [np.nan if s is None else 100 * s for s in shares]
    names = segment_names(segments)
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": small(values),
        "y": names,
        "error_x": whiskers(values, ends),
        "marker": {"color": [colours[s.number] for s in segments], "line": {"color": EDGE, "width": 0.5}},
        "customdata": [s.number for s in segments],
        "hovertext": [
            f"{escape(s.name)}: {number(share, 'share')} "
            f"({found.flagged[at]:,} of {found.judged[at]:,} that can be judged)"
            f"{f'<br>{said(found.flagged[at], found.judged[at])}' if ends[at] else ''}"
            f"{'<br>the segment as a whole carries the label' if found.earned[at] else ''}"
            for at, (s, share) in enumerate(zip(segments, shares, strict=True))
        ],
        "hovertemplate": HOVER,
    }
    most = max([*(end[1] for end in ends if end), *(100 * share for share in known), 1.0])
    tips = [end[1] if end else value for end, value in zip(ends, values, strict=True)]
    return Drawn(
        figure=figure(
            [trace, beyond(tips, names, [number(s, "share") for s in shares], lying=True)],
            showlegend=False,
            xaxis={
                "title": {"text": f"Share marked “{escape(found.name)}”"},
                "ticksuffix": " %",
                "range": up_to(most),
                "showgrid": True,
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
            shapes=[line_at(x=100 * overall)] if overall is not None else [],
            annotations=[
                note(
                    f"all: {number(overall, 'share')}",
                    x=100 * overall,
                    y=1,
                    yref="y domain",
                    yanchor="bottom",
                )
            ]
            if overall is not None
            else [],
            margin={"t": 24, **room_for(["99.9 %"])},
        ),
        table=table(
            (
                ("name", "Segment", ""),
                ("flagged", found.name, "count"),
                ("judged", "can be judged", "count"),
                ("share", "Share", "share"),
                ("low", "likely from", "share"),
                ("high", "to", "share"),
            ),
            [_row(found, s, at) for at, s in enumerate(segments)],
        ),
        alt=_alt(profile, found, shares),
        answer=_answer(profile, found, shares),
        title=f"Which segments hold the customers marked “{found.name}”?",
        caption=f"{rule[:1].upper()}{rule[1:]}. Whiskers: likely range.",
        height=MIDDLE
        if len(segments) <= 6
        else HIGH
        if len(segments) <= 8
        else max(TALL, 100 + ROW * len(segments)),
        marks=tuple(
            Mark(
                key=str(s.number),
                conditions=(of_segment(s.number), Filter(key, "eq", (str(YES),))),
                customers=found.flagged[at],
                said=f"{said_in(s)} marked “{found.name}”",
                row=at,
            )
            for at, s in enumerate(segments)
        ),
    )


def _ends(profile: Profile, found: LabelShare) -> list[Ends]:
    """The likely range of each segment's share, in per cent; none of a small segment."""
    ends = [share_range(f, j) for f, j in zip(found.flagged, found.judged, strict=True)]
    return [
        (100 * end[0], 100 * end[1]) if end and s.size >= SMALL else None
        for s, end in zip(profile.segments, ends, strict=True)
    ]


def _row(found: LabelShare, s: Segment, at: int) -> tuple[str | float | int | None, ...]:
    share, low, high = cells(found.flagged[at], found.judged[at])
    likely = (low, high) if s.size >= SMALL else (None, None)
    return s.name, found.flagged[at], found.judged[at], share, *likely


def _answer(profile: Profile, found: LabelShare, shares: list[float | None]) -> str:
    if found.reason:
        return f"Can't be judged: {found.reason}"
    known = [(share, at) for at, share in enumerate(shares) if share is not None]
    if not known or not found.yes:
        return f"No customer is marked “{found.name}”."
    share, at = max(known)
    return (
        f"{number(share, 'share')} of “{profile.segments[at].name}” are marked “{found.name}”, "
        f"against {number(found.overall, 'share')} of all that can be judged."
    )


def _alt(profile: Profile, found: LabelShare, shares: list[float | None]) -> str:
    said = "; ".join(
        f"{s.name} {number(share, 'share')}" for s, share in zip(profile.segments, shares, strict=True)
    )
    return (
        f"Bars of the share with “{found.name}” per segment: {said}. In all {plural(found.yes, 'customer')}."
    )
