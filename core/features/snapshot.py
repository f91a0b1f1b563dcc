"""The snapshot day: the day from which "days since" is counted."""

import datetime as dt
import itertools
from dataclasses import dataclass

import numpy as np

from core.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The day in force, the first and last order day up to it, and what a person should know about it."""

    as_of: dt.date
    first: dt.date
    last: dt.date
    notes: tuple[str, ...] = ()


def latest_day(days: list[dt.date], today: dt.date) -> tuple[dt.date, bool]:
    """The snapshot day a log proposes, and whether a later day was passed over.

    A last day in the future, or later than the one before it by more than max(7 days, the P99 gap between the
    shop's order days), is passed over until a day passes (one date typed 2099 would ruin every recency).

    Parameters
    ----------
    days : list of date
        Distinct order days, ascending, at least one.
    today : date
        The day the data set was added; a later day is in the future.
    """
    at = len(days) - 1
    gaps = [(b - a).days for a, b in itertools.pairwise(days)]
    while at > 0:
        usual = float(np.quantile(gaps[: max(at - 1, 1)], 0.99))
        if days[at] <= today and gaps[at - 1] <= max(7.0, usual):
            break
        at -= 1
    return days[at], at < len(days) - 1


def snapshot(days: list[dt.date], today: dt.date, chosen: dt.date | None) -> Snapshot:
    """The chosen snapshot day, or the one that the order days propose.

    Raises
    ------
    UserError
        When there is no order day, or none up to the chosen day.
    """
    if not days:
        raise UserError(
            "No line of this log is a sale with a customer and a date.",
            "Check which columns hold the date, the price and the customer on the Data page.",
        )
    proposed, passed = latest_day(days, today)
    as_of = chosen or proposed
    inside = [d for d in days if d <= as_of]
    if not inside:
        raise UserError(
            f"The snapshot day {as_of} is before the first order ({days[0]}).",
            f"Choose a day from {days[0]} on.",
        )
    notes: tuple[str, ...] = ()
    if chosen is None and passed:
        notes = (
            f"The last order day, {days[-1]:%-d %b %Y}, stands alone or in the future; {proposed:%-d %b %Y}"
            " is used as the snapshot day. Choose another on the Data page.",
        )
    return Snapshot(as_of=as_of, first=inside[0], last=inside[-1], notes=notes)


def window_start(as_of: dt.date, window: str) -> dt.date:
    """The first day of the period (as_of − W, as_of]; W is `all` or a number of days."""
    days = as_of.toordinal() if window == "all" else int(window)
    return dt.date.fromordinal(max(as_of.toordinal() - days, 0) + 1)
