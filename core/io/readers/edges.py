"""What stands around the rows of a table: empty rows, totals below, names repeated, notes beside."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from core.io.names import listed
from core.io.readers.delimited import Misfit, Parsed

MISFIT: Final = "another number of values than there are columns"
FOOTER: Final = "a total below the table"
REPEATED: Final = "the column names once more"

_TOTAL: Final = re.compile(
    r"(?:grand |over|sub)?-?(?:total|totals|sum|summe|gesamt|gesamtsumme|insgesamt|totale|totaal|somme|suma|"
    r"soma|razem|итого|合計|合计|總計|总计)\s*:?",
    re.IGNORECASE,
)
_LAST: Final = 5
_FEW: Final = 3
_ONE_IN: Final = 50
_ASIDE: Final = pa.schema({"_row": pa.int64(), "reason": pa.string(), "text": pa.large_string()})


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
    empty = _rows_of(table, [""] * len(names))
    again = _rows_of(table, names) if any(names) else empty[:0]
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
        aside=_aside(aside),
        decisions=(
            *([f"{blank:,} empty row{'' if blank == 1 else 's'} left out."] if blank else []),
            *decisions,
        ),
        warnings=(*_said(aside, parsed.misfits, len(names), any(names)), *warnings),
    )


def _rows_of(table: pa.Table, values: Sequence[str]) -> np.ndarray:
    """Positions of the rows that have just these values."""
    found = np.arange(0)
    for i, value in enumerate(values):
        here = _where(table.column(i), value)
        found = here if i == 0 else np.intersect1d(found, here, assume_unique=True)
        if not len(found):
            break
    return found


def _where(column: pa.ChunkedArray, value: str) -> np.ndarray:
    """Positions of a value in a column, looked up in the dictionaries where there are some."""
    found, start = [], 0
    for chunk in column.chunks:
        if isinstance(chunk, pa.DictionaryArray):
            code = chunk.dictionary.index(value).as_py()
            here = np.flatnonzero(chunk.indices.to_numpy() == code) if code >= 0 else np.arange(0)
        else:
            here = np.flatnonzero(_equal(chunk, value))
        found.append(here + start)
        start += len(chunk)
    return np.concatenate(found) if found else np.arange(0)


def _equal(chunk: pa.Array, value: str) -> np.ndarray:
    same: np.ndarray = pa.compute.equal(chunk, value).to_numpy(zero_copy_only=False)
    return same


def _footers(table: pa.Table, empty: np.ndarray) -> np.ndarray:
    """Positions of the rows of totals at the very end."""
    found: list[int] = []
    if table.num_columns < 2:
        return np.arange(0)
    skip = {*empty[-_LAST:].tolist()}
    for row in range(len(table) - 1, max(len(table) - 1 - _LAST, 0), -1):
        if row in skip:
            continue
        first = next((text for text in _values(table, row) if text.strip()), "")
        if not _TOTAL.fullmatch(first.strip()):
            break
        found.append(row)
    return np.array(sorted(found), dtype=np.int64)


def _values(table: pa.Table, row: int) -> list[str]:
    return [column[row].as_py() for column in table.columns]


def _text(table: pa.Table, row: int, separator: str) -> str:
    return separator.join(_values(table, row))


def _misfit(one: Misfit, separator: str) -> tuple[int, str, str]:
    first = next((part.strip(' "') for part in one.text.split(separator) if part.strip(' "')), "")
    return one.row, FOOTER if _TOTAL.fullmatch(first) else MISFIT, one.text


def _beside(
    table: pa.Table, names: Sequence[str], numbers: np.ndarray
) -> tuple[list[int], list[str], list[str]]:
    """Which columns belong to the table: those after the last name with next to nothing in them do not."""
    named = max((i for i, name in enumerate(names) if name.strip()), default=len(names) - 1) + 1
    keep, empty, notes = list(range(named)), 0, list[tuple[int, str]]()
    for i in range(named, len(names)):
        filled = len(table) - len(_where(table.column(i), ""))
        if not filled:
            empty += 1
        elif filled <= max(_FEW, len(table) // _ONE_IN) and 2 * filled <= len(table):
            notes += _notes(table.column(i), numbers)
        else:
            keep.append(i)
    columns = "1 column" if empty == 1 else f"{empty:,} columns"
    said = [f"{columns} without name and values left out."] if empty else []
    return keep, said, _noted(sorted(notes))


def _notes(column: pa.ChunkedArray, numbers: np.ndarray) -> list[tuple[int, str]]:
    return [(int(number), text) for number, text in zip(numbers, column.to_pylist(), strict=True) if text]


def _noted(notes: Sequence[tuple[int, str]]) -> list[str]:
    if not notes:
        return []
    shown = listed([f"“{text.strip()[:60]}” (row {number:,})" for number, text in notes])
    return [f"Notes beside the table, in columns without a name, were left out: {shown}."]


def _aside(rows: list[tuple[int, str, str]]) -> pa.Table:
    ordered = sorted(rows)
    return pa.table([list(part) for part in zip(*ordered, strict=True)] or [[], [], []], schema=_ASIDE)


def _said(
    aside: Sequence[tuple[int, str, str]], misfits: Sequence[Misfit], width: int, named: bool
) -> list[str]:
    counts = Counter(reason for _, reason, _ in aside)
    said = []
    if counts[MISFIT]:
        first = next(row for row, reason, _ in aside if reason == MISFIT)
        found = next(one.found for one in misfits if one.row == first)
        whose = "the header" if named else "the other rows"
        said.append(
            f"{_rows(counts[MISFIT])} set aside: not the {width} values of {whose} "
            f"(row {first:,} has {found})."
        )
    for reason in (FOOTER, REPEATED):
        example = next((text.strip()[:60] for _, other, text in aside if other == reason), "")
        said += [f"{_rows(counts[reason])} set aside: {reason} (“{example}”)."] if example else []
    return said


def _rows(count: int) -> str:
    return "1 row was" if count == 1 else f"{count:,} rows were"
