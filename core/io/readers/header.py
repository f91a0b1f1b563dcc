"""Column names: which row of a text or a sheet holds them, and what they are where there are too few."""

import itertools
import re
from collections.abc import Sequence
from statistics import median
from typing import Final

from core.io.columns.texts import MISSING_WORDS
from core.io.readers.cut import Row, filled

LOOKED_AT: Final = 50

_TYPED: Final = re.compile(
    r"[-+(]?\s*[^\w\s(]?\s*[-+]?\d[\d\s/.,:'TZ+%-]*(?:[eE][-+]?\d+)?(?:\s*[^\w\s])?\s*\)?"
)
_EMPTY: Final = frozenset({"", *MISSING_WORDS})
_LONGEST_TYPED: Final = 60
_MOSTLY: Final = 0.8
_YEARS: Final = (1900, 2100)
_MONTHS: Final = 12


def names_of(rows: Sequence[Row], first: int, width: int) -> tuple[tuple[str, ...], Row | None]:
    """The column names and their row; empty names and None where the first row holds values."""
    first = below_titles([row.cells if len(row.cells) == width else () for row in rows], first)
    body = [row.cells for row in rows[first + 1 :] if len(row.cells) == width]
    if is_header(rows[first].cells, body):
        return tuple(rows[first].cells), rows[first]
    above = rows[first - 1] if first else None
    if above and above.line == rows[first].line - 1 and _all_names(above.cells):
        if len(above.cells) >= width:
            extra = [cell for cell in above.cells[width:] if cell.strip()]
            return tuple(above.cells if extra else above.cells[:width]), above
        if len(above.cells) == width - 1 and width > 2:
            return _one_missing(above.cells, [rows[first].cells, *body]), above
    return ("",) * width, None


def first_row(rows: Sequence[Row], width: int) -> int:
    """The first row of a text table: as wide as it, and not a title that a spreadsheet has padded."""
    wide = [i for i, row in enumerate(rows) if len(row.cells) == width]
    found = first_full([rows[i].cells for i in wide])
    return wide[found or 0] if wide else 0


def first_full(rows: Sequence[Sequence[str]]) -> int | None:
    """The first row as full as the others: titles have fewer cells; over numbered rows the first is empty."""
    typical = median([filled(cells) for cells in rows if filled(cells)] or [0])
    return next((i for i, cells in enumerate(rows) if _is_full(cells, typical)), None)


def _is_full(cells: Sequence[str], typical: float) -> bool:
    count = filled(cells)
    return count > 0 and (2 * count > typical or (count >= typical - 1 and not cells[0].strip()))


def below_titles(rows: Sequence[Sequence[str]], first: int) -> int:
    """The first row, or a fuller one below it that has words over all columns of numbers and dates.

    Rows without cells are passed over.
    """
    least, width = filled(rows[first]), len(rows[first])
    fuller = next((i for i in range(first + 1, len(rows)) if filled(rows[i]) > least), first)
    typed = typed_columns([cells for cells in rows[fuller + 1 :] if cells], width)
    names = [cell.strip() for cell, column in zip(rows[fuller], typed, strict=False) if column]
    return fuller if names and all(name and not _is_typed(name) for name in names) else first


def _one_missing(names: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Names of one column fewer: each line ends with a separator, or an index column has no name."""
    ended = not any(row[-1].strip() for row in body)
    return (*names, "") if ended else ("", *names)


def is_header(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether a row holds names, judged by the rows below it, which have as many cells.

    Names are words over most columns of numbers and dates, or years or months one after the other. Where no
    column has numbers or dates, names are what does not recur below.
    """
    typed = typed_columns(body, len(first))
    of_typed = [cell.strip() for cell, column in zip(first, typed, strict=False) if column]
    known = [cell for cell in of_typed if cell.lower() not in _EMPTY]
    words = [cell for cell in known if not _is_typed(cell)]
    if words:
        values = [cell for cell in known if _is_typed(cell)]
        return len(words) > len(values) or _are_counted(values)
    if any(of_typed):
        return _are_counted([cell for cell in of_typed if cell])
    return not any(
        cell.strip() and cell == row[i]
        for row in body[:LOOKED_AT]
        if row != first
        for i, cell in enumerate(first)
    )


def _are_counted(cells: Sequence[str]) -> bool:
    """Whether names that look like values are years or months, one after the other."""
    if not all(re.fullmatch(r"\d{1,4}", cell) for cell in cells):
        return False
    years = len(cells) > 1 and all(_YEARS[0] <= int(cell) < _YEARS[1] for cell in cells)
    months = len(cells) == _MONTHS
    return (years or months) and all(int(b) - int(a) == 1 for a, b in itertools.pairwise(cells))


def _all_names(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and not any(map(_is_typed, filled)) and len({*filled}) == len(filled)


def typed_columns(body: Sequence[Sequence[str]], width: int) -> list[bool]:
    """Which of the first columns hold numbers or dates."""
    return [_typed([row[i].strip() for row in body[:LOOKED_AT]]) for i in range(min(width, LOOKED_AT))]


def _is_typed(cell: str) -> bool:
    return len(cell) <= _LONGEST_TYPED and _TYPED.fullmatch(cell) is not None


def _typed(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell.lower() not in _EMPTY]
    return bool(known) and sum(map(_is_typed, known)) >= _MOSTLY * len(known)
