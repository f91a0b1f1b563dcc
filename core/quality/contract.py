"""The quality report: what is known of each column, and the problems by the money they touch."""

import datetime as dt
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where the numbers of a column lie. Quartiles are linear between the two nearest values, as numpy's."""

    minimum: float
    first_quartile: float
    median: float
    third_quartile: float
    maximum: float

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and highest usual value: 1.5 widths of the middle half beyond its ends (Tukey 1977)."""
        width = 1.5 * (self.third_quartile - self.first_quartile)
        return self.first_quartile - width, self.third_quartile + width


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """First, middle and last day of a column of dates."""

    first: dt.date
    middle: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A value of a column of text, and the rows that hold it."""

    value: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """A small histogram of the usual values: those within `Spread.limits` (all, where these are one value).

    Attributes
    ----------
    edges : float array (b + 1,), b ≤ 20
        Numbers, or days since 1 Jan 1970. A value on an edge is in the bin to the right; the last edge is in
        the last bin.
    counts : int array (b,)
        Rows per bin.
    """

    edges: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnQuality:
    """What is known of one column.

    Attributes
    ----------
    slug, name, type, role, missing, distinct
        As in `core.io.dataset.Column`.
    spread : Spread or None
        Of numbers.
    period : Period or None
        Of dates.
    top : tuple of Level
        Of text, flags and numbers that stand for categories: up to eight values, most frequent first. Empty
        where every value is another one, and for what is personal.
    outliers : int or None
        Numbers beyond `spread.limits`; None for columns without numbers, and for codes and flags.
    bins : Bins or None
        Of numbers and dates.
    """

    slug: str
    name: str
    type: str
    role: str
    missing: int
    distinct: int
    spread: Spread | None = None
    period: Period | None = None
    top: tuple[Level, ...] = ()
    outliers: int | None = None
    bins: Bins | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something a person should know about the file, in one sentence.

    Attributes
    ----------
    key : str
        What it is, and the column's slug where it is about one: `missing:income`, `duplicate`.
    text : str
        One sentence with the column's name and the rows; never escaped.
    rows : int
        Rows it touches; of the sample where `sampled`.
    customers : int or None
        Different customers of these rows; None where it can't be told.
    money : float or None
        Net sales of these rows (a customer table: the spend of these customers); None without money.
    severity : str
        `high`, `medium` or `low`: by the share of rows and money it touches.
    decides : str
        The field of `core.spec.Clean` that decides about it, `meanings` where a column's meaning does, else
        empty: then it is in the file only.
    slug : str
        The column, empty where it is about whole rows.
    sampled : bool
        Whether rows, customers and money are those of a sample.
    """

    key: str
    text: str
    rows: int
    customers: int | None
    money: float | None
    severity: str
    decides: str = ""
    slug: str = ""
    sampled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The quality report of a data set.

    Attributes
    ----------
    rows : int
        Rows of the table.
    aside : int
        Rows of the file that its reader set aside.
    money : float or None
        Net sales of all rows.
    columns : tuple of ColumnQuality
        In file order.
    people : tuple of ColumnQuality
        Of the customer table beside a log.
    problems : tuple of Problem
        Most money first (of either sign), then most rows; those without money last.
    notes : tuple of str
        What was looked at in a sample only.
    """

    rows: int
    aside: int
    money: float | None
    columns: tuple[ColumnQuality, ...]
    people: tuple[ColumnQuality, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
