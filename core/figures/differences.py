"""What makes the segments different: real values in the cells, colour for the difference from all."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.figures.base import Base, middle
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
from core.figures.segment_marks import segment_marks
from core.figures.theme import CELL_INK, DIVERGING, LOW
from core.profile.measured import MeasureProfile, Stats
from core.profile.profile import SMALL, Profile
from core.words import about, escape

LIMIT: Final = 2.0
UPRIGHT: Final = 5
"""Up to so many columns their names stand upright, on top."""

EVERYBODY: Final = Base()
ROW: Final = 40
"""Pixels that a row takes."""


def differences(
    profile: Profile,
    currency: str = "",
    most: int = 10,
    statistic: str = "median",
    turned: bool = False,
    steps: bool = False,
    base: Base = EVERYBODY,
) -> Drawn:
    """Segments × attributes, in colour how far they are from all customers, or from another base.

    Attributes that made the segments come first, then those that differ most.

    Parameters
    ----------
    statistic : str
        `median` or `mean`: what stands in the cells.
    turned : bool
        Whether the attributes are down the side.
    steps : bool
        Whether the cells hold standard differences instead of real values.
    """
    chosen = strongest(profile, most)
    z = np.array(
        [[_z(profile, m, at, base) for m in chosen] for at in range(len(profile.segments))], dtype=np.float64
    )
    z = z.reshape(len(profile.segments), len(chosen))
    text = [
        [
            _step(float(z[at, column]))
            if steps and not _hidden(profile, at)
            else _said(profile, m, at, statistic, currency)
            for column, m in enumerate(chosen)
        ]
        for at in range(len(profile.segments))
    ]
    hover = [
        [_sentence(profile, m, at, statistic, currency, base) for m in chosen]
        for at in range(len(profile.segments))
    ]
    across = len(profile.segments) if turned else len(chosen)
    names = segment_names(profile.segments, *((11, 3) if turned and across <= UPRIGHT else (23, 2)))
    labels = distinct(
        wrapped(m.label, 11, 3) if across <= UPRIGHT and not turned else shown(m.label, 24) for m in chosen
    )
    trace = _heat(z, text, hover, names, labels, turned)
    known_by = np.repeat([[s.number] for s in profile.segments], len(chosen), axis=1)
    trace["customdata"] = (known_by.T if turned else known_by).tolist()
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
        alt=_alt(profile, chosen, z, statistic, currency, base),
        answer=_answer(profile, chosen, z, statistic, currency, base),
        caption=_caption(profile, statistic, steps, base),
        height=max(LOW, 130 + ROW * rows),
        marks=segment_marks(profile.segments),
    )


def strongest(profile: Profile, most: int) -> list[MeasureProfile]:
    """The attributes that made the segments, then those that differ most, up to a number."""

    def strength(m: MeasureProfile) -> tuple[bool, float]:
        known = [abs(z) for z in m.z if z is not None]
        return (not m.made, -max(known, default=0.0))

    return sorted((m for m in profile.measures if any(z is not None for z in m.z)), key=strength)[:most]


def _hidden(profile: Profile, at: int) -> bool:
    return profile.segments[at].size < SMALL


def _z(profile: Profile, m: MeasureProfile, at: int, base: Base) -> float:
    return float("nan") if _hidden(profile, at) else base.apart(m, at)


def _said(profile: Profile, m: MeasureProfile, at: int, statistic: str, currency: str) -> str:
    return "" if _hidden(profile, at) else escape(about(middle(m.segments[at], statistic), m.unit, currency))


def _step(z: float) -> str:
    """A standard difference with its sign."""
    return "" if np.isnan(z) else f"{'−' if z < 0 else '+'}{abs(z):.1f}"


def _caption(profile: Profile, statistic: str, steps: bool, base: Base) -> str:
    cells = "Standard deviations" if steps else statistic.capitalize()
    return f"{cells} in the cells; colour: mean against {base.short(profile)}, blue less, orange more."


def _compared(profile: Profile, m: MeasureProfile, at: int, statistic: str, currency: str, base: Base) -> str:
    own, other = middle(m.segments[at], statistic), base.value(m, at, statistic)
    return compared(own, other, m.unit, base.said(profile, statistic), currency)


def _sentence(profile: Profile, m: MeasureProfile, at: int, statistic: str, currency: str, base: Base) -> str:
    name = escape(profile.segments[at].name)
    if _hidden(profile, at):
        return f"{name}: fewer than {SMALL} customers, not shown"
    said, own = _compared(profile, m, at, statistic, currency, base), m.segments[at]
    low, median, high = (about(v, m.unit, currency) for v in (own.q1, own.median, own.q3))
    half = f"<br>median {escape(median)}, half of them between {escape(low)} and {escape(high)}"
    made = "" if m.made else "<br>describes the segments, did not make them"
    return f"{name}<br>{escape(m.label)}: {escape(said)}{half}{made}"


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
    profile: Profile,
    chosen: Sequence[MeasureProfile],
    z: np.ndarray,
    statistic: str,
    currency: str,
    base: Base,
) -> str:
    top = _largest(z)
    if top is None:
        return "The segments do not differ in any number."
    at, column = top
    m = chosen[column]
    said = _compared(profile, m, at, statistic, currency, base)
    verb = "changed most" if base.then else "stands out most"
    return f"“{profile.segments[at].name}” {verb}: {m.label} {said}."


def _alt(
    profile: Profile,
    chosen: Sequence[MeasureProfile],
    z: np.ndarray,
    statistic: str,
    currency: str,
    base: Base,
) -> str:
    said = ", ".join(m.label for m in chosen)
    grid = f"Grid of {len(profile.segments)} segments by {len(chosen)} attributes ({said})"
    return f"{grid}, {statistic} in the cells. {_answer(profile, chosen, z, statistic, currency, base)}"


def _table(profile: Profile, chosen: Sequence[MeasureProfile], statistic: str, currency: str) -> Any:
    """The cells, and of each attribute the middle half of the customers."""
    columns = [("name", "Segment", ""), ("customers", "Customers", "count")]
    for m in chosen:
        columns += [
            (m.slug, f"{m.label}, {statistic}", m.unit),
            (f"{m.slug}_q1", "a quarter below", m.unit),
            (f"{m.slug}_q3", "a quarter above", m.unit),
        ]

    def cells(stats: Sequence[Stats], told: bool) -> tuple[float | None, ...]:
        return tuple(v if told else None for s in stats for v in (middle(s, statistic), s.q1, s.q3))

    rows: list[tuple[Any, ...]] = [
        (s.name, s.size, *cells([m.segments[at] for m in chosen], not _hidden(profile, at)))
        for at, s in enumerate(profile.segments)
    ]
    rows.append(("All customers", profile.customers, *cells([m.overall for m in chosen], True)))
    return table(columns, rows, currency)
