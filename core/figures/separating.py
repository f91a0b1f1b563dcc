"""What separates the segments: what they explain of each attribute, and what a guess loses without it."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.drivers import Driver, Drivers
from core.figures.drawn import HOVER, Drawn, distinct, figure, line_at, shown, small, table
from core.figures.theme import EDGE, HIGH, INK, MIDDLE, QUIET, TALL
from core.words import escape, number, plural

ROW: Final = 30
"""Pixels that one attribute takes."""

LEFT: Final = (0.0, 0.46)
RIGHT: Final = (0.54, 1.0)
WHOLE: Final = (0.0, 1.0)


def separating(found: Drivers, most: int = 12, losses: bool = True) -> Drawn:
    """Attributes by the share that the segments explain, beside what a guess loses without each.

    Those that made the segments are dark, those that only describe them light.

    Parameters
    ----------
    losses : bool
        Whether the second panel is drawn; a phone has no room for it.
    """
    drivers = found.drivers[:most]
    labels = distinct(shown(d.label, 24) for d in drivers)
    hover = [_sentence(d) for d in drivers]
    right = [_dots(drivers, labels, hover)] if losses else []
    second = {**_axis("Wrong without it, of 100", RIGHT, _range(drivers), ""), "anchor": "y"}
    return Drawn(
        figure=figure(
            [*_bars(drivers, labels, hover), *right],
            barmode="overlay",
            showlegend=True,
            xaxis=_axis("Explained by the segments", LEFT if losses else WHOLE, [0, 101], " %"),
            yaxis={"type": "category", "autorange": "reversed", "categoryarray": labels, "showgrid": False},
            **({"xaxis2": second, "shapes": [_zero()]} if losses else {}),
        ),
        table=_table(found.drivers),
        alt=_alt(drivers),
        answer=_answer(drivers),
        caption=_caption(found),
        height=min(max(MIDDLE if len(drivers) <= 6 else HIGH, 110 + ROW * len(drivers)), TALL + 60),
    )


def _zero() -> dict[str, Any]:
    return line_at(x=0, dash="solid", xref="x2", yref="y domain")


def _axis(title: str, domain: tuple[float, float], span: list[float], suffix: str) -> dict[str, Any]:
    return {
        "title": {"text": title},
        "domain": list(domain),
        "range": span,
        "ticksuffix": suffix,
        "showgrid": True,
        "nticks": 5,
        "tickangle": 0,
    }


def _range(drivers: Sequence[Driver]) -> list[float]:
    high = max([d.drop_high for d in drivers] + [1.0])
    low = min([d.drop_low for d in drivers] + [0.0])
    return [low - 0.06 * (high - low), high + 0.06 * (high - low)]


def _bars(drivers: Sequence[Driver], labels: list[str], hover: list[str]) -> list[dict[str, Any]]:
    """A trace of those that made the segments, and one of those that describe them."""
    found = []
    for made, name, colour in ((True, "made the segments", INK), (False, "only describe them", QUIET)):
        own = [at for at, d in enumerate(drivers) if d.made == made]
        if not own:
            continue
        some = [drivers[at] for at in own]
        found.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "x": small([100 * d.explained for d in some]),
                "y": [labels[at] for at in own],
                "error_x": _errors(
                    [100 * (d.high - d.explained) for d in some], [100 * (d.explained - d.low) for d in some]
                ),
                "marker": {"color": colour, "line": {"color": EDGE, "width": 0.5}},
                "hovertext": [hover[at] for at in own],
                "hovertemplate": HOVER,
            }
        )
    return found


def _dots(drivers: Sequence[Driver], labels: list[str], hover: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "xaxis": "x2",
        "showlegend": False,
        "x": small([d.drop for d in drivers]),
        "y": labels,
        "error_x": _errors([d.drop_high - d.drop for d in drivers], [d.drop - d.drop_low for d in drivers]),
        "marker": {
            "color": [INK if d.made else QUIET for d in drivers],
            "size": 9,
            "line": {"color": EDGE, "width": 1},
        },
        "hovertext": hover,
        "hovertemplate": HOVER,
    }


def _errors(up: Sequence[float], down: Sequence[float]) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": small(np.maximum(up, 0)),
        "arrayminus": small(np.maximum(down, 0)),
        "color": "#7E8898",
        "thickness": 1.5,
        "width": 3,
    }


def _sentence(d: Driver) -> str:
    share, low, high = (number(v, "share") for v in (d.explained, d.low, d.high))
    said = f"{escape(d.label)}: the segments explain {share} of its differences (likely {low} to {high})"
    lost = f"{max(d.drop, 0.0):.1f} of 100 customers (likely {d.drop_low:.1f} to {d.drop_high:.1f})"
    with_ = f", together with {escape(', '.join(d.together[:3]))}" if d.together else ""
    said += f"<br>shuffled{with_}: {lost} more are put into a wrong segment"
    said += "" if d.made else "<br>describes the segments, did not make them"
    return said + ("<br>its range reaches that of the one above: no clear order" if d.tied else "")


def _caption(found: Drivers) -> str:
    seen = (
        f" Right: of {plural(found.seen, 'customer')}, {number(found.accuracy, 'share')} are guessed right."
    )
    together = any(d.together for d in found.drivers)
    grouped = " Attributes that say the same are taken away together." if together else ""
    return f"Lines are likely ranges; where they overlap the order says nothing.{seen}{grouped}"


def _answer(drivers: Sequence[Driver]) -> str:
    if not drivers:
        return "With one segment there is nothing to separate."
    top = [drivers[0]]
    for d in drivers[1:]:
        if not d.tied or len(top) == 3:
            break
        top.append(d)
    said = " and ".join(f"“{d.label}”" for d in top)
    order = ", in no clear order" if len(top) > 1 else ""
    most = f"The segments explain most of {said} ({number(top[0].explained, 'share')}{order})."
    other = next((d for d in drivers if not d.made), None)
    if other is None:
        return most
    share = number(other.explained, "share")
    return f"{most} Of what did not make them, “{other.label}” goes most with them ({share})."


def _alt(drivers: Sequence[Driver]) -> str:
    said = "; ".join(f"{d.label} {number(d.explained, 'share')}" for d in drivers)
    return f"Bars of the share that the segments explain of each attribute: {said or 'none'}."


def _table(drivers: Sequence[Driver]) -> Any:
    columns = (
        ("label", "Attribute", ""),
        ("role", "Part", ""),
        ("explained", "Explained by the segments", "share"),
        ("low", "likely from", "share"),
        ("high", "to", "share"),
        ("drop", "Wrong without it, of 100", "rate"),
        ("drop_low", "likely from", "rate"),
        ("drop_high", "to", "rate"),
        ("together", "Taken away with", ""),
        ("tied", "Order", ""),
    )
    rows = [
        (
            d.label,
            "made the segments" if d.made else "describes them",
            *(d.explained, d.low, d.high, d.drop, d.drop_low, d.drop_high),
            ", ".join(d.together),
            "as the one above" if d.tied else "",
        )
        for d in drivers
    ]
    return table(columns, rows)
