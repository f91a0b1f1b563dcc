"""A difference between two groups of customers in words, and on an axis of its own."""

from typing import Final

from core.differences.result import Gap
from core.words import about, cut, number

AS_MUCH: Final = {
    "monetary": "spend {times} as much as {other}",
    "orders": "place {times} as many orders as {other}",
    "purchase_frequency": "buy {times} as often as {other}",
    "average_order_value": "spend {times} as much per order as {other}",
    "variety": "buy {times} as many different products as {other}",
}
"""Measure -> how a person says a ratio of it."""

REST: Final = "the rest"


def name_of(gap: Gap, most: int = 32) -> str:
    """What differs: the measure, and of a category its level; not escaped."""
    return cut(f"{gap.label}: {gap.level}" if gap.level else gap.label, most)


def sentence(gap: Gap, other: str = REST, currency: str = "") -> str:
    """A difference as a person would say it, with its likely range: `buy 2.4× as often as the rest`.

    Parameters
    ----------
    other : str
        Who it is compared with: the rest, or another segment by its name.
    """
    said = _said(gap, other, currency)
    return said[:1].upper() + said[1:] + f" ({likely(gap, currency)})."


def likely(gap: Gap, currency: str = "") -> str:
    """The likely range of a difference: in times as much where it is said so, else in its unit."""
    if _as_times(gap):
        return f"likely {number(gap.times_low, 'times')} to {number(gap.times_high, 'times')}"
    low, high = (_signed(value, gap, currency) for value in (gap.low, gap.high))
    return f"likely {low} to {high}"


def ends(gap: Gap) -> tuple[float, float]:
    """The interval of a difference in standard deviations, as `effect` is."""
    if not gap.apart:
        return 0.0, 0.0
    step = gap.effect / gap.apart
    return gap.low * step, gap.high * step


def value(amount: float, gap: Gap, currency: str = "") -> str:
    """An amount in the unit of what differs."""
    return number(amount, "share") if gap.level else about(amount, gap.unit, currency)


def _as_times(gap: Gap) -> bool:
    return not gap.level and gap.times is not None


def _said(gap: Gap, other: str, currency: str) -> str:
    own, beside = value(gap.own, gap, currency), value(gap.other, gap, currency)
    what = name_of(gap, 80)
    if gap.same:
        return f"{what}: {own}, not clearly apart from {other} ({beside})"
    if not _as_times(gap):
        return f"{what}: {own}, against {beside} of {other}"
    ratio = number(gap.times, "times")
    if gap.slug in AS_MUCH:
        return f"{AS_MUCH[gap.slug].format(times=ratio, other=other)}: {own} against {beside}"
    return f"{what}: {own}, {ratio} that of {other} ({beside})"


def _signed(amount: float, gap: Gap, currency: str) -> str:
    """A difference with its sign; shares in points of a hundred."""
    sign = "−" if amount < 0 else "+"
    if gap.level or gap.unit == "share":
        points = abs(100 * amount)
        return f"{sign}{points:.0f} points" if points >= 9.5 else f"{sign}{points:.1f} points"
    return f"{sign}{about(abs(amount), gap.unit, currency)}"
