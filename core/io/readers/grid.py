"""Where the table lies in the grid of a sheet: its header, its first row, its width, what stands below it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from core.io.readers.aside import FOOTER, NOTES, totals

SAMPLE: Final = 200
"""So many of the first rows are enough to judge by."""

LAST: Final = 10
"""So many of the last rows may be totals and notes."""

Row = Sequence[str]

_MOST_OF: Final = 0.6
_FEW_BESIDE: Final = 0.5
_WIDE: Final = 3
_NUMBER: Final = re.compile(r"\(?[-+]?[^\w\s]{0,3}\s?\d[\d.,'’\s:/+-]*%?\)?(?:[eE][-+]?\d+)?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of a table among rows of cells.

    Attributes
    ----------
    header : int or None
        Position of the row that holds the column names; None where the first row is data already.
    first : int
        Position of the first row of data.
    width : int
        Columns of the table, from the left; cells beyond are notes beside it.
    """

    header: int | None
    first: int
    width: int


def judged(rows: Sequence[Row]) -> Place:
    """Find the table in the first rows of a sheet: cells as text, empty ones as ""."""
    start = _start(rows)
    if start is None:
        return Place(header=None, first=len(rows), width=0)
    if _is_data(rows[start], rows[start + 1 :]):
        return Place(header=None, first=start, width=_width((), rows[start:]))
    return with_header(rows, start)


def with_header(rows: Sequence[Row], header: int | None) -> Place:
    """The table whose names stand in this row; without names where that is None."""
    if header is None:
        first = next((place for place, row in enumerate(rows) if _filled(row)), len(rows))
        return Place(header=None, first=first, width=_width((), rows[first:]))
    return Place(header=header, first=header + 1, width=_width(rows[header], rows[header + 1 :]))


def footers(rows: Sequence[Row]) -> tuple[tuple[int, str], ...]:
    """What stands below the table: positions from the end (-1 the last), each with the reason.

    Totals are rows of several cells whose first says so, and others below them. A note is a row of one filled
    cell, in a table of three or more columns, below an empty row or a total.
    """
    filled = [_filled(row) for row in rows]
    wide = median([count for count in filled if count] or [0]) >= _WIDE
    several = [row if count > 1 else () for row, count in zip(rows, filled, strict=True)]
    full = [place for place, count in enumerate(filled) if place and count]
    found: list[tuple[int, str]] = []
    while full:
        count = totals([several[place] for place in full])
        note = wide and filled[full[-1]] == 1 and _is_apart(full[-1], several, filled)
        if not count and not note:
            break
        taken = full[-count:] if count else full[-1:]
        found += [(place - len(rows), FOOTER if count else NOTES) for place in reversed(taken)]
        del full[-len(taken) :]
    return tuple(found)


def _is_apart(place: int, rows: Sequence[Row], filled: Sequence[int]) -> bool:
    return not filled[place - 1] or totals(rows[:place]) > 0


def _start(rows: Sequence[Row]) -> int | None:
    """The first row that is as full as the rows of the table: titles and notes above it have few cells."""
    typical = median([_filled(row) for row in rows if _filled(row)] or [0])
    start = next((place for place, row in enumerate(rows) if _is_full(row, typical)), None)
    if start is None:
        return None
    fuller = next((p for p in range(start + 1, len(rows)) if _filled(rows[p]) > _filled(rows[start])), None)
    return fuller if fuller is not None and _names(rows[fuller], rows[fuller + 1 :]) else start


def _names(row: Row, below: Sequence[Row]) -> bool:
    """Whether the row has words over all the columns of numbers and dates below it."""
    cells = [_cell(row, i) for i in range(len(row)) if _is_measured([_cell(one, i) for one in below])]
    return bool(cells) and all(cell and not _NUMBER.fullmatch(cell) for cell in cells)


def _is_full(row: Row, typical: float) -> bool:
    """Whether the row has most of the cells of the others; over numbered rows the first name is empty."""
    count = _filled(row)
    return count > 0 and (count >= _MOST_OF * typical or (count >= typical - 1 and not row[0].strip()))


def _is_data(candidate: Row, below: Sequence[Row]) -> bool:
    """Whether the row is like those below it: where all of these have numbers or dates, it has one too."""
    measured = [i for i in range(len(candidate)) if _is_measured([_cell(row, i) for row in below])]
    cells = [candidate[i].strip() for i in measured]
    years = all(_YEAR.fullmatch(cell) for cell in cells)
    return bool(cells) and all(_NUMBER.fullmatch(cell) for cell in cells) and not years


def _is_measured(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell]
    return bool(known) and all(_NUMBER.fullmatch(cell) for cell in known)


def _width(names: Row, below: Sequence[Row]) -> int:
    """The columns up to the first that has neither name nor values and nothing but notes to its right."""
    widest = max((len(row) for row in (names, *below)), default=0)
    filled = [sum(bool(_cell(row, i)) for row in below) for i in range(widest)]
    used = [i for i in range(widest) if _cell(names, i) or filled[i]]
    last = used[-1] + 1 if used else 0
    for gap in sorted(set(range(1, last)) - set(used)):
        named = any(_cell(names, i) for i in range(gap, last))
        if not named and max(filled[gap:last]) < _FEW_BESIDE * len(below):
            return gap
    return last


def _cell(row: Row, place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)
