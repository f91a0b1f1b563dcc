"""In which months a customer ordered: a bit per month, in hidden columns of a log's customer sheet.

A column `_ordered_2010_12` holds the 63 months from December 2010 on, the first in its lowest bit; 63 bits of
a signed whole number are the same on every engine. Months count back from the snapshot day, whatever the
period: at most four columns, 21 years.
"""

import datetime as dt
import re
from typing import Final

import numpy as np

from core.arrow import held
from core.features.customers import Customers
from core.param import Filter
from core.words import MONTHS

ORDERED: Final = "ordered"
"""The column of a condition for the months with a standing order: `ordered:eq:2011-03`."""

FIRST: Final = "first"
"""The column of a condition for the month of the first standing order in the file: `first:eq:2010-12`."""

BITS: Final = 63
MOST: Final = 4
_NAME: Final = re.compile(r"_ordered_(\d{1,4})_(\d\d)\Z")
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")


def span(first: dt.date, as_of: dt.date) -> range:
    """The month with which each hidden column of a log begins, of the first order day to the snapshot day."""
    end = number_of(as_of)
    return range(max(number_of(first), end - MOST * BITS + 1), end + 1, BITS)


def name_of(month: int) -> str:
    """The hidden column that begins with a month."""
    return f"_ordered_{month // 12}_{month % 12 + 1:02d}"


def number_of(day: dt.date) -> int:
    """A day's month as a number that counts on by one a month."""
    return day.year * 12 + day.month - 1


def written(month: int) -> str:
    """A month as conditions have it: `2011-03`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def said(month: int) -> str:
    """A month in words: `Mar 2011`."""
    return f"{MONTHS[month % 12]} {month // 12}"


def read(text: str) -> int:
    """The month of a condition; ValueError where it is none."""
    found = _MONTH.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a month such as 2011-03")
    return int(found[1]) * 12 + int(found[2]) - 1


def has_months(customers: Customers) -> bool:
    """Whether it is known in which months customers ordered."""
    return bool(_starts(customers)) and customers.as_of is not None and customers.has("tenure")


def column_of(customers: Customers, word: str) -> str:
    """What `ORDERED` or `FIRST` is called in conditions on these customers.

    A column of the file of that name keeps it; two signs `_` never stand in a file's slugs.
    """
    return f"{word}__" if customers.has(word) else word


def in_month(customers: Customers, word: str, month: int) -> Filter:
    """The condition to have ordered, or first ordered, in a month."""
    return Filter(column_of(customers, word), "eq", (written(month),))


def ordered_in(customers: Customers, month: int) -> np.ndarray:
    """Who has a standing order in a month: bool (n,); nobody in a month that is not kept."""
    for start, name in _starts(customers):
        if start <= month < start + BITS:
            bits = held(customers.table[name], 0)
            return np.asarray((bits >> np.int64(month - start)) & 1, dtype=bool)
    return np.zeros(len(customers), dtype=bool)


def first_months(customers: Customers) -> np.ndarray:
    """The month of each customer's first standing order in the file: int64 (n,), −1 where not known."""
    assert customers.as_of is not None
    tenure = customers.number("tenure")
    days = np.datetime64(customers.as_of, "D") - np.nan_to_num(tenure).astype("timedelta64[D]")
    months = days.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return np.asarray(np.where(np.isnan(tenure), -1, months))


def about_months(customers: Customers, condition: Filter) -> bool:
    """Whether a condition is about the months of orders."""
    columns = (column_of(customers, ORDERED), column_of(customers, FIRST))
    return has_months(customers) and condition.column in columns


def met(customers: Customers, condition: Filter) -> np.ndarray:
    """Who meets a condition about months: bool (n,); ValueError where it is none."""
    if condition.op not in ("eq", "in"):
        raise ValueError("use “is” or “is one of” with months")
    months = [read(text) for text in condition.values]
    if condition.column == column_of(customers, FIRST):
        return np.isin(first_months(customers), months)
    return np.logical_or.reduce([ordered_in(customers, month) for month in months])


def in_words(customers: Customers, condition: Filter) -> str:
    """A condition about months: `Ordered in Mar 2011`."""
    what = "First order in" if condition.column == column_of(customers, FIRST) else "Ordered in"
    return f"{what} {' or '.join(_told(text) for text in condition.values)}"


def _told(text: str) -> str:
    return said(read(text)) if _MONTH.match(text) else text


def _starts(customers: Customers) -> list[tuple[int, str]]:
    found = ((_NAME.match(name), name) for name in customers.table.column_names)
    return [(int(m[1]) * 12 + int(m[2]) - 1, name) for m, name in found if m]
