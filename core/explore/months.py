"""What happened month by month, and whether customers come back."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from core.arrow import flags
from core.explore.levels import Conditions, taken
from core.features import order_months as om
from core.features.customers import Customers
from core.features.spent import Spent
from core.param import Filter
from core.words import day as said_day

MOST_COHORTS: Final = 24
Period = tuple[str, str]
"""The first and the last month, such as `2011-03`; empty for no bound."""

WHOLE: Final[Period] = ("", "")
_NEVER: Final = 120_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Net sales, orders and customers by month.

    Attributes
    ----------
    months : tuple of str
        `2011-03`, ascending.
    net, orders : float and int array (m,)
        Of those shown where `own`, else of all customers of the file; net is NaN without money.
    customers : int array (m,)
        Of those shown, who has a standing order in the month.
    shown : int
        How many are shown; `everybody` whether that is all.
    own : bool
        Whether net and orders are those of the customers who are shown.
    cuts : tuple of str
        Words for a month that the file or the period cuts, empty for a whole one.
    ordered : str
        The column of a condition on these months.
    """

    months: tuple[str, ...]
    net: np.ndarray
    orders: np.ndarray
    customers: np.ndarray
    shown: int
    everybody: bool
    cuts: tuple[str, ...]
    ordered: str
    own: bool = True

    def conditions(self, at: int) -> Conditions:
        """Who ordered in a month."""
        return (Filter(self.ordered, "eq", (self.months[at],)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Customers by the month of their first order, and how many of them order in the months after.

    Attributes
    ----------
    cohorts : tuple of str
        `2010-12`, ascending; at most the last 24.
    sizes : int array (c,)
    counts : int array (c, a)
        Who orders so many months after; −1 where the file ends before.
    before : bool
        Whether the first of them is the file's first month: these customers may be older than the file.
    earlier : int
        First months of the period left out because there are more than 24.
    last : str
        The snapshot day's month where the file cuts it, else empty.
    """

    cohorts: tuple[str, ...]
    sizes: np.ndarray
    counts: np.ndarray
    before: bool
    earlier: int
    last: str
    first: str
    ordered: str

    def conditions(self, cohort: int, after: int) -> Conditions:
        """Who of a cohort orders so many months after."""
        begun = Filter(self.first, "eq", (self.cohorts[cohort],))
        later = om.written(om.read(self.cohorts[cohort]) + after)
        return (begun, Filter(self.ordered, "eq", (later,)))


def months(
    customers: Customers,
    rows: np.ndarray,
    everybody: bool = True,
    begins: dt.date | None = None,
    period: Period = WHOLE,
    spent: Spent | None = None,
) -> Months | None:
    """By month, of a log; None of a customer table.

    Parameters
    ----------
    everybody : bool
        Whether `rows` are all customers.
    begins : date, optional
        Where the period of purchases counted begins, if it is not the whole file.
    period : (str, str)
        The first and the last month that are shown, such as `2011-03`; empty for no bound.
    spent : Spent, optional
        What each customer spent, where not everybody is shown.
    """
    if customers.months is None or not om.has_months(customers):
        return None
    table = customers.months.sort_by("month")
    since, until = _bounds(period)
    within = [since <= om.number_of(day) <= until for day in table["month"].cast(pa.date32()).to_pylist()]
    table = table.filter(flags(np.array(within, dtype=np.int8)))
    firsts = table["month"].cast(pa.date32()).to_pylist()
    numbers = [om.number_of(day) for day in firsts]
    start = max(filter(None, (customers.first_day, begins)), default=None)
    net = np.array([v if v is not None else np.nan for v in table["net"].to_pylist()], dtype=np.float64)
    orders = np.array(table["orders"].to_pylist(), dtype=np.int64)
    if spent is not None and not everybody:
        own, orders = spent.by_month(rows, len(customers), np.array(numbers, dtype=np.int64))
        net = np.where(np.isnan(net), np.nan, own)
    return Months(
        months=tuple(om.written(month) for month in numbers),
        net=net,
        orders=orders,
        customers=np.array(
            [int(taken(om.ordered_in(customers, m), rows).sum()) for m in numbers], dtype=np.int64
        ),
        shown=int(rows.size),
        everybody=everybody,
        cuts=tuple(cut_of(day, start, customers.last_day) for day in firsts),
        ordered=om.column_of(customers, om.ORDERED),
        own=everybody or spent is not None,
    )


def retention(customers: Customers, rows: np.ndarray, period: Period = WHOLE) -> Retention | None:
    """Whether customers come back, by the month of their first order; None with under two such months.

    `period` is that of the first orders, as in `months`; orders in the months after are counted to the end.
    """
    if not om.has_months(customers) or customers.as_of is None:
        return None
    first = taken(om.first_months(customers), rows)
    end = om.number_of(customers.as_of)
    found = np.unique(first[(first >= 0) & (first > end - om.MOST * om.BITS)])
    since, until = _bounds(period)
    some = found[(found >= since) & (found <= until)]
    if found.size < 2 or not some.size:
        return None
    chosen = [int(month) for month in some[-MOST_COHORTS:]]
    width = min(end - chosen[0], MOST_COHORTS) + 1
    counts = np.full((len(chosen), width), -1, dtype=np.int64)
    place = np.array(chosen)
    for month in range(chosen[0], end + 1):
        theirs = first[taken(om.ordered_in(customers, month), rows)]
        at = np.bincount(theirs[theirs >= chosen[0]] - chosen[0], minlength=end - chosen[0] + 1)
        after = month - place
        some = (after >= 0) & (after < width)
        counts[some, after[some]] = at[place[some] - chosen[0]]
    begun = customers.first_day is not None and om.number_of(customers.first_day) == chosen[0]
    return Retention(
        cohorts=tuple(om.written(month) for month in chosen),
        sizes=np.array([int((first == month).sum()) for month in chosen], dtype=np.int64),
        counts=counts,
        before=begun,
        earlier=int(some.size - len(chosen)),
        last=_last(customers),
        first=om.column_of(customers, om.FIRST),
        ordered=om.column_of(customers, om.ORDERED),
    )


def cut_of(first: dt.date, start: dt.date | None, end: dt.date | None) -> str:
    """Words for a month, given by its first day, that the file cuts; empty for a whole one."""
    last = _last_of(first)
    parts = []
    if start is not None and first < start <= last:
        parts.append(f"from {said_day(start)}")
    if end is not None and first <= end < last:
        parts.append(f"to {said_day(end)}")
    return f"only {' '.join(parts)}" if parts else ""


def _bounds(period: Period) -> tuple[int, int]:
    """The first and the last month of a period, whichever was given first."""
    since, until = period
    ends = (om.read(since) if since else 0, om.read(until) if until else _NEVER)
    return min(ends), max(ends)


def _last(customers: Customers) -> str:
    end = customers.last_day
    return om.written(om.number_of(end)) if end is not None and end < _last_of(end) else ""


def _last_of(day: dt.date) -> dt.date:
    return dt.date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
