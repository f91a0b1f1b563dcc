"""The customer sheet: one row per customer with a measure in each column, and the ledger of the way there."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from core.arrow import held
from core.clean import Step

AGES: Final = (25, 35, 45, 55, 65)
"""Where the bands of ages begin."""

NUMERIC: Final = ("money", "days", "count", "share", "rate", "number", "score", "age")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One column of the customer sheet.

    Attributes
    ----------
    slug, label : str
        Its name in URLs, and the words of the page.
    unit : str
        `money`, `days`, `count`, `share` (0 to 1), `rate` (a year), `number`, `score`, `age`, `band`,
        `category`, `flag` or `text`.
    makes : bool
        Whether it can make segments (numbers, bands, categories and flags can).
    levels : tuple of str
        For a band: its levels from low to high; the sheet holds their text.
    group : str
        Name shared by the columns of a one-hot group, which count as one attribute; else empty.
    """

    slug: str
    label: str
    unit: str
    makes: bool = True
    levels: tuple[str, ...] = ()
    group: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.unit in NUMERIC


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One line of the way from the file to the segmented customers.

    `money` is net (gross − discount − returned) of these rows, None where the data has no money. Rows of kind
    `total` are subtotals, rows of kind `out` leave the way, rows of kind `beside` never were on it.
    """

    key: str
    kind: str
    text: str
    rows: int
    customers: int
    money: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelInfo:
    """A label's rule and counts; its codes (1, 0, -1 can't be judged) are the sheet's column of that key.

    The rule is said by `core.features.labels.said_rule`, which puts the amount into it.
    """

    key: str
    name: str
    rule: str
    reason: str
    yes: int
    judged: int
    amount: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an answer to a question that moves a total is worth: net sales under it."""

    question: str
    answer: str
    net: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over every line of a log's file, with or without a customer.

    `unsold` is the value, as it stands, of lines that are neither a sale nor a return (a correction with a
    price below zero): net sales do not count them, other reports may.
    """

    gross: float
    discount: float
    returns: float
    unsold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Every customer who can be segmented, before the choice of who is included.

    Attributes
    ----------
    kind : str
        `log` or `customers`.
    table : pyarrow Table
        Sorted by `id` (text). Columns: `id`, every measure, the labels (int8) and, where computable, the
        scores `r`, `f`, `m`, `fm` (int8, 0 missing).
    as_of, first_day, last_day : date or None
    months : pyarrow Table or None
        `month` (date), `net`, `gross`, `orders`, `customers` of the lines used.
    gross, discount, returns : float or None
        Sums of the lines used.
    gap_p75, gap_p90 : float or None
        The shop's gaps between orders, in days.
    steps : tuple of Step
        What the recipe's choices on the rows of the file did, by the names of these choices.
    file : Totals or None
        Of a log: what all of its lines add up to.
    """

    kind: str
    table: pa.Table
    measures: tuple[Measure, ...]
    labels: tuple[LabelInfo, ...]
    ledger: tuple[LedgerRow, ...]
    as_of: dt.date | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    months: pa.Table | None = None
    gross: float | None = None
    discount: float | None = None
    returns: float | None = None
    lines: int = 0
    duplicates: int = 0
    duplicates_money: float | None = None
    gap_p75: float | None = None
    gap_p90: float | None = None
    currency: str = ""
    effects: tuple[Effect, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    file: Totals | None = None

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def measure(self, slug: str) -> Measure | None:
        """The measure of this name, or None."""
        return next((m for m in self.measures if m.slug == slug), None)

    def has(self, slug: str) -> bool:
        """Whether the sheet has this column."""
        return slug in self.table.column_names

    def number(self, slug: str) -> np.ndarray:
        """A column as float64, NaN where missing; a band as the rank of its level, a flag as 0 or 1."""
        column = self.table[slug]
        found = self.measure(slug)
        if found is not None and found.levels:
            codes, _ = self.codes(slug)
            return np.where(codes < 0, np.nan, codes)
        return held(column.cast(pa.float64(), safe=False), np.nan)

    def codes(self, slug: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """A column as codes and their words; -1 where missing. Bands keep their order, else by frequency."""
        column, found = self.table[slug], self.measure(slug)
        own = found.levels if found is not None else ()
        if not pa.types.is_dictionary(column.type):
            column = column.cast(pa.string()).dictionary_encode()
        return _recoded(column, own)


def age_bands(customers: Customers, slug: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Ages as codes of bands of ten years, -1 where missing, and the bands' words."""
    age = customers.number(slug)
    edges = np.array(AGES, dtype=np.float64)
    names = ("under 25", "25–34", "35–44", "45–54", "55–64", "65 and over")
    codes = np.searchsorted(edges, np.nan_to_num(age), side="right")
    return np.where(np.isnan(age), -1, codes).astype(np.int32), names


def _recoded(column: pa.ChunkedArray, levels: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes and words of a column that holds codes already."""
    column = column.unify_dictionaries()
    words = tuple(column.chunk(0).dictionary.to_pylist()) if column.num_chunks else ()
    parts = [held(part.indices.cast(pa.int32()), len(words)) for part in column.chunks]
    codes = np.concatenate([np.empty(0, np.int32), *parts])
    if not levels:
        counts = np.bincount(codes, minlength=len(words) + 1)
        order = sorted((-int(n), word) for n, word in zip(counts[:-1], words, strict=True) if n)
        levels = tuple(word for _, word in order)
    places = {word: place for place, word in enumerate(levels)}
    known = np.array([*(places.get(word, -1) for word in words), -1], dtype=np.int32)
    return known[codes], levels
