"""What stands around the rows of a table: empty rows, totals below, names repeated, notes beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.io.columns.typed import counted
from core.io.names import listed
from core.io.readers.aside import FOOTER, MISFIT, REPEATED, Aside, is_total, said, totals, were
from core.io.readers.aside import table as table_of
from core.io.readers.delimited import Misfit, Parsed

_LAST: Final = 5
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
    footers = _footers(table, empty)
    gone = np.concatenate([empty, again, footers]).astype(np.int64)
    aside = [_misfit(one, separator) for one in parsed.misfits]
    for rows, reason in ((again, REPEATED), (footers, FOOTER)):
        aside += [(int(parsed.numbers[row]), reason, _text(table, row, separator)) for row in rows.tolist()]
    kept = np.ones(len(table), dtype=bool)
    kept[gone] = False
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
        warnings=(*_said(aside, parsed.misfits, len(names), any(names)), *warnings),
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


def _footers(table: pa.Table, empty: np.ndarray) -> np.ndarray:
    """Positions of the rows of totals at the very end."""
    if table.num_columns < 2:
        return np.arange(0)
    skip = {*empty[-_LAST:].tolist()}
    last = [row for row in range(max(len(table) - _LAST, 1), len(table)) if row not in skip]
    count = totals([_values(table, row) for row in last])
    return np.array(last[len(last) - count :], dtype=np.int64)


def _values(table: pa.Table, row: int) -> list[str]:
    return [column[row].as_py() for column in table.columns]


def _text(table: pa.Table, row: int, separator: str) -> str:
    return separator.join(_values(table, row))


def _misfit(one: Misfit, separator: str) -> Aside:
    total = is_total([part.strip(' "') for part in one.text.split(separator)])
    return one.row, FOOTER if total else MISFIT, one.text


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
        return said(aside, (FOOTER, REPEATED))
    found = next(one.found for one in misfits if one.row == ragged[0])
    whose = "the header" if named else "the other rows"
    return [
        f"{were(len(ragged))} set aside: not the {width} values of {whose} (row {ragged[0]:,} has {found}).",
        *said(aside, (FOOTER, REPEATED)),
    ]
