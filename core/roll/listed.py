"""A list of customers: whom it shows, and a block of it in any order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from core.arrow import over, texts
from core.features.customers import Customers, Measure
from core.roll.asked import Asked, in_words, meets
from core.roll.block import block
from core.roll.roll import ORDER, Roll
from core.roll.search import matches

SEGMENT: Final = "_segment"
"""The column with the names of the segments, which has a name that no column of a file has."""

Conditions = Sequence[Sequence[Asked]]
"""All of them are to be met, and of each one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Customers to list: rows of the roll in the order of the ids, all of them where `rows` is None."""

    roll: Roll
    rows: np.ndarray | None = None

    @property
    def size(self) -> int:
        """How many customers there are."""
        return len(self.roll) if self.rows is None else int(self.rows.size)

    def narrowed(self, text: str, slugs: Sequence[str], conditions: Conditions) -> "Listed":
        """Those of them who have a text in one of some columns and meet conditions."""
        mask = np.ones(len(self.roll), dtype=bool)
        if text.strip():
            mask &= matches(self.roll.customers, text, slugs)
        for either in conditions:
            mask &= np.logical_or.reduce([meets(self.roll.customers, asked) for asked in either])
        return self._of(mask) if text.strip() or conditions else self

    def page(self, start: int, end: int, slug: str = "id", descending: bool = False) -> np.ndarray:
        """Rows of the roll from place `start` to `end` in the order of a column; missing ones stand last."""
        start, end = min(max(start, 0), self.size), min(max(end, start, 0), self.size)
        if slug == "id":
            places = np.arange(start, end)
            places = self.size - 1 - places if descending else places
        else:
            keys = ranks(self.roll.customers, slug)
            places = block(keys if self.rows is None else keys[self.rows], start, end, descending)
        return places if self.rows is None else self.rows[places]

    def _of(self, mask: np.ndarray) -> "Listed":
        rows = np.flatnonzero(mask) if self.rows is None else self.rows[mask[self.rows]]
        return replace(self, rows=rows)


def listed(roll: Roll, mask: np.ndarray) -> Listed:
    """The list of some customers of a roll."""
    return Listed(roll=roll, rows=None if mask.all() else np.flatnonzero(mask))


def with_segments(roll: Roll, names: Mapping[int, str]) -> Roll:
    """The roll with the segments as one more column, `SEGMENT`, by these names, else by their own."""
    numbered = [number for number, _ in roll.segments]
    said = [*(names.get(number, name) for number, name in roll.segments), "Left out"]
    place = np.full(max(numbered, default=0) + 2, len(numbered), np.int32)
    place[numbered] = np.arange(len(numbered))
    codes = place[roll.labels]  # −1 is the last place: nobody's
    column = pa.DictionaryArray.from_arrays(over(codes), texts(said))
    measure = Measure(slug=SEGMENT, label="Segment", unit="band", levels=tuple(said))
    customers = roll.customers
    table = customers.table.append_column(SEGMENT, column)
    named = replace(customers, table=table, measures=(measure, *customers.measures))
    return replace(roll, outline=replace(roll.outline, customers=named))


def ranks(customers: Customers, slug: str) -> np.ndarray:
    """What a column is sorted by, float64 (n,), NaN where missing: words by the alphabet, bands by level."""
    measure = customers.measure(slug)
    if measure is None or measure.levels or not in_words(customers, slug):
        return customers.number(slug)
    if customers.has(ORDER + slug):
        return customers.number(ORDER + slug)
    codes, words = customers.codes(slug)
    alphabetical = np.append(np.argsort(np.argsort(np.array(words))), np.nan)
    return np.asarray(alphabetical[codes])  # −1, a missing word, is the last
