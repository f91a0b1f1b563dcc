"""Likely ranges in a drawing: as whiskers, in words, and the numbers that stand beyond them."""

from collections.abc import Sequence
from typing import Any, Final

from core.figures.drawn import small
from core.profile.likely import share_range
from core.words import number

WHISKER: Final = "#7E8898"
"""To be seen by day and by night."""

Ends = tuple[float, float] | None


def whiskers(values: Sequence[float], ends: Sequence[Ends], width: int = 5) -> dict[str, Any]:
    """Error bars of values, as they stand on the axis; where there is no range, none is drawn."""
    found = [(value, value) if end is None else end for value, end in zip(values, ends, strict=True)]
    return {
        "type": "data",
        "symmetric": False,
        "array": small([max(0.0, high - value) for value, (_, high) in zip(values, found, strict=True)]),
        "arrayminus": small([max(0.0, value - low) for value, (low, _) in zip(values, found, strict=True)]),
        "color": WHISKER,
        "thickness": 1.5,
        "width": width,
    }


def beyond(at: Sequence[float], names: Sequence[str], texts: Sequence[str], lying: bool) -> dict[str, Any]:
    """The numbers of bars with whiskers: past the whiskers' ends, where they hide nothing."""
    ends = small(at)
    return {
        "type": "scatter",
        "mode": "text",
        "x": ends if lying else list(names),
        "y": list(names) if lying else ends,
        "text": [f"\u2002{text}" for text in texts] if lying else list(texts),
        "textposition": "middle right" if lying else "top center",
        "textfont": {"size": 11},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def said(count: int, n: int) -> str:
    """The likely range of a share, `likely 19 % to 24 %`; empty of nobody."""
    found = share_range(count, n)
    return "" if found is None else f"likely {number(found[0], 'share')} to {number(found[1], 'share')}"


def beside(count: int, n: int, between: str = " ") -> str:
    """A share with its likely range after it: `23 % (19–27)`."""
    found = share_range(count, n)
    if found is None:
        return number(0.0, "share")
    low, high = (number(end, "share").removesuffix(" %") for end in found)
    return f"{number(count / n, 'share')}{between}({low}–{high})"


def cells(count: int, n: int) -> tuple[float | None, float | None, float | None]:
    """A share and its likely range for a table; None of nobody."""
    found = share_range(count, n)
    return (None, None, None) if found is None else (count / n, *found)
