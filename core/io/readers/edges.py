"""What stands around the rows of a table: empty rows, totals below, names repeated, notes beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.io.columns.typed import counted
from core.io.names import listed
from core.io.readers.aside import (
    FOOTER,
    LAST,
    MISFIT,
    NOTES,
    REPEATED,
    Aside,
    doubtful,
    footers,
    is_total,
    said,
    were,
)
from core.io.readers.aside import table as table_of
from core.io.readers.delimited import Misfit, Parsed

_WIDE: Final = 3
_OTHERS: Final = (FOOTER, NOTES, REPEATED)
_FEW: Final = 3
_ONE_IN: Final = 50

Test = Callable[[pa.Array], pa.Array]
"""Texts -> which of them pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """A table without what stands around it.

    Attributes
    ----------
    names : tuple of str
    columns : tuple of pa.ChunkedArray
    numbers : np.ndarray
        int64: the row of the file that each row is.
    aside : pa.Table
        `_row`, `reason`, `text` of the rows set aside, in the file's order.
    decisions, warnings : tuple of str
    """

    names: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    numbers: np.ndarray
    aside: pa.Table
    decisions: tuple[str, ...]
    warnings: tuple[str, ...]


def trimmed(parsed: Parsed, names: Sequence[str], separator: str) -> Trimmed:
    """Take away what is no row and no column of the table, and say it.

    Parameters
    ----------
    parsed : Parsed
    names : sequence of str
        The column names as written; all empty in a file without.
    separator : str
        Put between the values of a row that is set aside.
    """
    table = parsed.table
    empty = _rows(table, [_is_blank] * len(names))
    again = _rows(table, [_is(name) for name in names]) if any(names) else empty[:0]
    below = _below(parsed, empty)
    gone = np.concatenate([empty, again, [row for row, _ in below]]).astype(np.int64)
    kept = np.ones(len(table), dtype=bool)
    kept[gone] = False
    aside = _misfits(parsed, kept, separator)
    for row, reason in (*((row, REPEATED) for row in again.tolist()), *below):
        aside.append((int(parsed.numbers[row]), reason, _text(table, row, separator)))
    numbers = parsed.numbers[kept] if len(gone) else parsed.numbers
    table = table.filter(pa.array(kept)) if len(gone) else table
    keep, decisions, warnings = _beside(table, names, numbers)
    blank = len(empty) + parsed.blank
    return Trimmed(
        names=tuple(names[i] for i in keep),
        columns=tuple(table.column(i) for i in keep),
        numbers=numbers,
        aside=table_of(aside),
        decisions=(
            *([f"{counted(blank, 'empty row')} left out."] if blank else []),
            *decisions,
        ),
        warnings=(*_said(aside, parsed.misfits, len(names), any(names)), *_doubtful(table), *warnings),
    )


def _is(value: str) -> Test:
    return lambda texts: pc.equal(texts, value)


def _is_blank(texts: pa.Array) -> pa.Array:
    return pc.equal(pc.utf8_trim_whitespace(texts), "")


def _rows(table: pa.Table, tests: Sequence[Test]) -> np.ndarray:
    """Positions of the rows whose values pass these tests, one per column."""
    found = np.arange(0)
    for i, test in enumerate(tests):
        here = _where(table.column(i), test)
        found = here if i == 0 else np.intersect1d(found, here, assume_unique=True)
        if not len(found):
            break
    return found


def _where(column: pa.ChunkedArray, test: Test) -> np.ndarray:
    """Positions of the values that pass, each asked once where a column has dictionaries."""
    found, start = [], 0
    for chunk in column.chunks:
        if isinstance(chunk, pa.DictionaryArray):
            good = test(chunk.dictionary).to_numpy(zero_copy_only=False)
            passed = good[chunk.indices.to_numpy()] if good.any() else np.zeros(0, dtype=bool)
        else:
            passed = test(chunk).to_numpy(zero_copy_only=False)
        found.append(np.flatnonzero(passed) + start)
        start += len(chunk)
    return np.concatenate(found) if found else np.arange(0)


def _below(parsed: Parsed, empty: np.ndarray) -> list[tuple[int, str]]:
    """Positions of the totals and notes at the very end, each with its reason."""
    table = parsed.table
    trailing = empty[::-1] == len(table) - 1 - np.arange(len(empty))
    end = len(table) - int(np.logical_and.accumulate(trailing).sum())
    rows = [_values(table, row) for row in range(max(end - LAST, 0), end)]
    apart = int(np.count_nonzero(parsed.numbers[:end] > parsed.apart))
    if not 0 < apart < len(rows):
        return [(end + place, reason) for place, reason in footers(rows)]
    rows.insert(len(rows) - apart, [])
    return [(end + place + (place < -apart), reason) for place, reason in footers(rows)]


def _doubtful(table: pa.Table) -> tuple[str, ...]:
    return doubtful(_values(table, len(table) - 1)) if table.num_columns > 1 and len(table) > 1 else ()


def _values(table: pa.Table, row: int) -> list[str]:
    return [column[row].as_py() for column in table.columns]


def _text(table: pa.Table, row: int, separator: str) -> str:
    return separator.join(_values(table, row))


def _misfits(parsed: Parsed, kept: np.ndarray, separator: str) -> list[Aside]:
    """The rows that do not fit; below the last row of the table they are totals or notes."""
    last = parsed.numbers[kept].max(initial=0)
    found = []
    for one in parsed.misfits:
        total = is_total([part.strip(' "') for part in one.text.split(separator)])
        note = one.row > last and one.found == 1 and parsed.table.num_columns >= _WIDE
        found.append((one.row, FOOTER if total else NOTES if note else MISFIT, one.text))
    return found


def _beside(
    table: pa.Table, names: Sequence[str], numbers: np.ndarray
) -> tuple[list[int], list[str], list[str]]:
    """Which columns belong to the table: those after the last name with next to nothing in them do not."""
    named = max((i for i, name in enumerate(names) if name.strip()), default=len(names) - 1) + 1
    keep, empty, notes = list(range(named)), 0, list[tuple[int, str]]()
    for i in range(named, len(names)):
        filled = len(table) - len(_where(table.column(i), _is_blank))
        if not filled:
            empty += 1
        elif filled <= max(_FEW, len(table) // _ONE_IN) and 2 * filled <= len(table):
            notes += _notes(table.column(i), numbers)
        else:
            keep.append(i)
    left_out = [f"{counted(empty, 'column')} without name and values left out."] if empty else []
    return keep, left_out, _noted(sorted(notes))


def _notes(column: pa.ChunkedArray, numbers: np.ndarray) -> list[tuple[int, str]]:
    pairs = zip(numbers, column.to_pylist(), strict=True)
    return [(int(number), text) for number, text in pairs if text.strip()]


def _noted(notes: Sequence[tuple[int, str]]) -> list[str]:
    if not notes:
        return []
    shown = listed([f"“{text.strip()[:60]}” (row {number:,})" for number, text in notes])
    return [f"Notes beside the table, in columns without a name, were left out: {shown}."]


def _said(aside: Sequence[Aside], misfits: Sequence[Misfit], width: int, named: bool) -> list[str]:
    ragged = [row for row, reason, _ in aside if reason == MISFIT]
    if not ragged:
        return said(aside, _OTHERS)
    found = next(one.found for one in misfits if one.row == ragged[0])
    whose = "the header" if named else "the other rows"
    return [
        f"{were(len(ragged))} set aside: not the {width} values of {whose} (row {ragged[0]:,} has {found}).",
        *said(aside, _OTHERS),
    ]
