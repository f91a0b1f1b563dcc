"""Columns whose every cell is written plainly (12, -3.5, 2024-01-31 08:26) are cast as a whole.

This gives what the long way over distinct values gives (`core.io.columns.amounts`, `core.io.columns.dates`),
many times faster. Wherever a value could mean anything else (007, +5, 1.234 as a thousand, a word), it gives
None and the long way is taken.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.io.columns import amounts
from core.io.columns.dates import is_midnight
from core.io.columns.typed import Typed, typed_dates

_SAMPLE: Final = 1000
_WHOLE: Final = r"^-?\d{1,18}$"
_THOUSAND_OR_FRACTION: Final = r"^-?(?:\d{1,3}(?:\.\d{3})+|\d+)$"
_DECIMAL: Final = r"^-?\d+(?:\.\d+)?$"
_MOMENT: Final = r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?$"
_DAY: Final = r"^\d\d[-/.]\d\d[-/.]\d{4}(?: \d\d:\d\d(?::\d\d)?)?$"
_DAY_LENGTHS: Final = ({10}, {16}, {19})
_LARGEST: Final = 10**18
_MOMENT_LENGTHS: Final = frozenset({10, 16, 19, *range(21, 27)})
_FIRST_YEAR: Final = int(np.datetime64("0001-01-01", "us").astype(np.int64))


def plain_number(column: pa.ChunkedArray) -> Typed | None:
    """A text column as int64 or float64, or None where not every cell is plainly a number."""
    sample = _sample(column)
    if sample is None:
        return None
    if _all(sample, _WHOLE):
        found = _whole(column)
        if found is not None:
            return Typed(values=found, type="integer")
    if _all(sample, _DECIMAL) and not _all(sample, _THOUSAND_OR_FRACTION):
        return _decimal(column)
    return None


def plain_moment(column: pa.ChunkedArray) -> Typed | None:
    """A text column as dates or moments, or None where not every cell is plainly one, year first."""
    sample = _sample(column)
    if sample is None or not _all(sample, _MOMENT):
        return None
    text = _emptied(column)
    return _moments(text) if _MOMENT_LENGTHS.issuperset(_lengths(text)) else None


def plain_day(column: pa.ChunkedArray) -> Typed | None:
    """A text column as dates or moments, or None where not every cell is plainly one, day or month first.

    All are written with the same number of digits, and one of them tells the day from the month.
    """
    sample = _sample(column)
    if sample is None or not _all(sample, _DAY):
        return None
    text = _emptied(column)
    parts = [pc.utf8_slice_codeunits(text, *at) for at in ((0, 2), (3, 5), (6, 10), (10, 19), (2, 3), (5, 6))]
    first, second, year, clock, *marks = parts
    same = _lengths(text) in _DAY_LENGTHS and pc.unique(marks[0]).equals(pc.unique(marks[1]))
    if not same or pc.count_distinct(marks[0]).as_py() != 1:
        return None
    over = [pc.max(part).as_py() > "12" for part in (first, second)]
    if over[0] == over[1]:
        return None
    month, day = (second, first) if over[0] else (first, second)
    date = pc.binary_join_element_wise(year, month, day, pa.scalar("-", year.type))
    del parts, marks, text, first, second, month, day
    found = _moments(pc.binary_join_element_wise(date, clock, pa.scalar("", date.type)))
    return None if found is None else replace(found, order=over[0])


def _moments(text: pa.ChunkedArray) -> Typed | None:
    try:
        moments = pc.cast(text, pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    if pc.min(pc.cast(moments, pa.int64())).as_py() < _FIRST_YEAR:
        return None
    if not is_midnight(moments.slice(0, _SAMPLE).to_numpy()):
        return Typed(values=moments, type="datetime")
    return typed_dates(moments.to_numpy())


def _lengths(text: pa.ChunkedArray) -> set[int]:
    return set(pc.unique(pc.drop_null(pc.binary_length(text))).to_pylist())


def _sample(column: pa.ChunkedArray) -> pa.Array | None:
    """The first values that are not empty; None where there are none."""
    head = column.slice(0, _SAMPLE).combine_chunks()
    known = head.filter(pc.not_equal(head, "")) if len(head) else head
    return known if len(known) else None


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    text = _emptied(column)
    try:
        values = pc.cast(text, pa.int64())
    except pa.ArrowInvalid:
        return None
    if _beyond(values) or _any(text, "-0") or _count(text, "0") != _equal(text, "0"):
        return None
    return values


def _decimal(column: pa.ChunkedArray) -> Typed | None:
    text = _emptied(column)
    try:
        values = pc.cast(text, pa.float64())
    except pa.ArrowInvalid:
        return None
    codes = _count(text, "0") != _count(text, "0.") + _equal(text, "0") or _count(text, "-0") != _count(
        text, "-0."
    )
    if codes or not pc.all(pc.is_finite(values)).as_py() or _beyond(values):
        return None
    whole = amounts.whole_if_possible(values)
    kind = "integer" if whole.type == pa.int64() else "number"
    return Typed(values=whole, type=kind, decimal=".")


def _emptied(column: pa.ChunkedArray) -> pa.ChunkedArray:
    shortest = pc.min(pc.binary_length(column)).as_py()
    return column if shortest else pc.if_else(pc.equal(column, ""), None, column)


def _beyond(values: pa.ChunkedArray) -> bool:
    ends = pc.min_max(values).as_py()
    return ends["min"] is not None and (ends["min"] <= -_LARGEST or ends["max"] >= _LARGEST)


def _count(text: pa.ChunkedArray, start: str) -> int:
    return int(pc.sum(pc.starts_with(text, start)).as_py() or 0)


def _equal(text: pa.ChunkedArray, word: str) -> int:
    return int(pc.sum(pc.equal(text, word)).as_py() or 0)


def _any(text: pa.ChunkedArray, start: str) -> bool:
    return _count(text, start) > 0


def _all(values: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())
