"""Where the table lies in the grid of a sheet: its header, its first row and its width."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.io.readers import header as names_above
from core.io.readers.cut import filled

SAMPLE: Final = 200
"""So many of the first rows are enough to judge by."""

Row = Sequence[str]

_FEW_BESIDE: Final = 0.5


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
    full = names_above.first_full(rows)
    if full is None:
        return Place(header=None, first=len(rows), width=0)
    start = names_above.below_titles(rows, full)
    if names_above.is_header(rows[start], rows[start + 1 :]):
        return with_header(rows, start)
    return Place(header=None, first=start, width=_width((), rows[start:]))


def with_header(rows: Sequence[Row], header: int | None) -> Place:
    """The table whose names stand in this row; without names where that is None."""
    if header is None:
        first = next((place for place, row in enumerate(rows) if filled(row)), len(rows))
        return Place(header=None, first=first, width=_width((), rows[first:]))
    return Place(header=header, first=header + 1, width=_width(rows[header], rows[header + 1 :]))


def _width(names: Row, below: Sequence[Row]) -> int:
    """The columns up to the first that has neither name nor values and nothing but notes to its right."""
    widest = max((len(row) for row in (names, *below)), default=0)
    values = [sum(bool(_cell(row, i)) for row in below) for i in range(widest)]
    used = [i for i in range(widest) if _cell(names, i) or values[i]]
    last = used[-1] + 1 if used else 0
    for gap in sorted(set(range(1, last)) - set(used)):
        named = any(_cell(names, i) for i in range(gap, last))
        if not named and max(values[gap:last]) < _FEW_BESIDE * len(below):
            return gap
    return last


def _cell(row: Row, place: int) -> str:
    return row[place].strip() if place < len(row) else ""
