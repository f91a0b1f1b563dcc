"""What makes the segments different: real values in the cells, colour for the difference from all."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.figures.drawn import (
    HOVER,
    Drawn,
    compared,
    distinct,
    figure,
    segment_names,
    shown,
    small,
    table,
    wrapped,
)
from core.figures.theme import CELL_INK, DIVERGING, HIGH, MIDDLE, TALL
from core.profile.profile import SMALL, MeasureProfile, Profile, Stats
from core.words import about, escape

LIMIT: Final = 2.0
UPRIGHT: Final = 5
"""Up to so many columns their names stand upright, on top."""


def differences(
    profile: Profile, currency: str = "", most: int = 10, statistic: str = "median", turned: bool = False
) -> Drawn:
    """Segments × attributes; `statistic` is `median` or `mean`; `turned` has the attributes down the side.

    Attributes that made the segments come first, then those that differ most.
    """
    chosen = strongest(profile, most)
    z = np.array(
        [[_z(profile, m, at) for m in chosen] for at in range(len(profile.segments))], dtype=np.float64
    )
    z = z.reshape(len(profile.segments), len(chosen))
    text = [
        [_said(profile, m, at, statistic, currency) for m in chosen] for at in range(len(profile.segments))
    ]
    hover = [
        [_sentence(profile, m, at, statistic, currency) for m in chosen]
        for at in range(len(profile.segments))
    ]
    across = len(profile.segments) if turned else len(chosen)
    names = segment_names(profile.segments, *((11, 3) if turned and across <= UPRIGHT else (23, 2)))
    labels = distinct(
        wrapped(m.label, 11, 3) if across <= UPRIGHT and not turned else shown(m.label, 24) for m in chosen
    )
    trace = _heat(z, text, hover, names, labels, turned)
    rows = len(chosen) if turned else len(names)
    return Drawn(
        figure=figure(
            [trace],
            xaxis={
                "type": "category",
                "side": "top" if across <= UPRIGHT else "bottom",
                "tickangle": 0 if across <= UPRIGHT else -35,
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=_table(profile, chosen, statistic, currency),
        alt=_alt(profile, chosen, z, statistic, currency),
        answer=_answer(profile, chosen, z, statistic, currency),
        caption=f"{statistic.capitalize()} in the cells; colour: mean against all, blue less, orange more.",
        height=MIDDLE if rows <= 5 else HIGH if rows <= 7 else TALL,
    )


def strongest(profile: Profile, most: int) -> list[MeasureProfile]:
    """The attributes that made the segments, then those that differ most, up to a number."""

    def strength(m: MeasureProfile) -> tuple[bool, float]:
        known = [abs(z) for z in m.z if z is not None]
        return (not m.made, -max(known, default=0.0))

    return sorted((m for m in profile.measures if any(z is not None for z in m.z)), key=strength)[:most]


def middle(stats: Stats, statistic: str) -> float | None:
    """Median or mean."""
    return stats.median if statistic == "median" else stats.mean


def _hidden(profile: Profile, at: int) -> bool:
    return profile.segments[at].size < SMALL


def _z(profile: Profile, m: MeasureProfile, at: int) -> float:
    found = m.z[at]
    return float("nan") if found is None or _hidden(profile, at) else found


def _said(profile: Profile, m: MeasureProfile, at: int, statistic: str, currency: str) -> str:
    return "" if _hidden(profile, at) else escape(about(middle(m.segments[at], statistic), m.unit, currency))


def _sentence(profile: Profile, m: MeasureProfile, at: int, statistic: str, currency: str) -> str:
    name = escape(profile.segments[at].name)
    if _hidden(profile, at):
        return f"{name}: fewer than {SMALL} customers, not shown"
    what = "the median of all" if statistic == "median" else "the average"
    said = compared(middle(m.segments[at], statistic), middle(m.overall, statistic), m.unit, what, currency)
    made = "" if m.made else "<br>describes the segments, did not make them"
    return f"{name}<br>{escape(m.label)}: {escape(said)}{made}"


def _heat(
    z: np.ndarray,
    text: list[list[str]],
    hover: list[list[str]],
    names: list[str],
    labels: list[str],
    turned: bool,
) -> dict[str, Any]:
    if turned:
        z, names, labels = z.T, labels, names
        text, hover = [list(c) for c in zip(*text, strict=True)], [list(c) for c in zip(*hover, strict=True)]
    return {
        "type": "heatmap",
        "z": small(np.clip(z, -LIMIT, LIMIT)),
        "x": labels,
        "y": names,
        "zmin": -LIMIT,
        "zmax": LIMIT,
        "colorscale": DIVERGING,
        "showscale": False,
        "text": text,
        "texttemplate": "%{text}",
        "textfont": {"color": CELL_INK},
        "hovertext": hover,
        "hovertemplate": HOVER,
        "hoverongaps": True,
        "xgap": 2,
        "ygap": 2,
    }


def _largest(z: np.ndarray) -> tuple[int, int] | None:
    known = np.abs(np.nan_to_num(z))
    if not known.size or not known.max():
        return None
    at, column = np.unravel_index(int(known.argmax()), known.shape)
    return int(at), int(column)


def _answer(
    profile: Profile, chosen: Sequence[MeasureProfile], z: np.ndarray, statistic: str, currency: str
) -> str:
    top = _largest(z)
    if top is None:
        return "The segments do not differ in any number."
    at, column = top
    m = chosen[column]
    said = compared(
        middle(m.segments[at], statistic),
        middle(m.overall, statistic),
        m.unit,
        "the median of all" if statistic == "median" else "the average",
        currency,
    )
    return f"“{profile.segments[at].name}” stands out most: {m.label} {said}."


def _alt(
    profile: Profile, chosen: Sequence[MeasureProfile], z: np.ndarray, statistic: str, currency: str
) -> str:
    said = ", ".join(m.label for m in chosen)
    grid = f"Grid of {len(profile.segments)} segments by {len(chosen)} attributes ({said})"
    return f"{grid}, {statistic} in the cells. {_answer(profile, chosen, z, statistic, currency)}"


def _table(profile: Profile, chosen: Sequence[MeasureProfile], statistic: str, currency: str) -> Any:
    columns = [
        ("name", "Segment", ""),
        ("customers", "Customers", "count"),
        *((m.slug, m.label, m.unit) for m in chosen),
    ]
    rows: list[tuple[Any, ...]] = [
        (
            s.name,
            s.size,
            *(None if _hidden(profile, at) else middle(m.segments[at], statistic) for m in chosen),
        )
        for at, s in enumerate(profile.segments)
    ]
    rows.append(("All customers", profile.customers, *(middle(m.overall, statistic) for m in chosen)))
    return table(columns, rows, currency)
