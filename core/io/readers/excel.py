"""Workbooks: xlsx, xlsb, xls and ods; one sheet, chosen or the first that holds anything."""

import contextlib
import gc
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import python_calamine as calamine

from core.errors import UserError
from core.io.columns.typed import counted
from core.io.columns.values import check_width
from core.io.dataset import ReaderChoice
from core.io.names import listed, shown_names
from core.io.readers import aside, cells, grid
from core.io.readers.archives import RATIO, WORKBOOKS, inflates
from core.io.readers.cells import Cell
from core.io.reading import Raw, ReadAs

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_SHOWN_ROWS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet: its name, its rows from the first that is filled on, and how many are empty before it.

    `repeated` are the places (row, column) of the numbers that were merged over several rows.
    """

    name: str
    rows: list[list[Cell]]
    above: int
    names: tuple[str, ...]
    repeated: tuple[tuple[int, int], ...] = ()

    def number(self, place: int) -> int:
        """The number that a row has in the workbook."""
        return place + self.above + 1


def matches(head: bytes) -> bool:
    """Whether the file begins as a workbook does: as a zip archive, or as an older Office file."""
    return head.startswith((_ZIP, _OLE))


def read(path: Path, as_: ReadAs) -> Raw:
    """Read one sheet; the first row that is as full as the others holds the column names.

    Parameters
    ----------
    path : Path
    as_ : ReadAs
        `sheet` and `header` as a person wants them.

    Raises
    ------
    UserError
        For an archive that is no workbook, a damaged or protected one, one that inflates beyond measure, one
        without values, and a sheet or a header row that is not there.
    """
    kind = _kind(path)
    with _uncollected():
        return _read(_sheet(path, as_.sheet), kind, as_)


def _read(sheet: _Sheet, kind: str, as_: ReadAs) -> Raw:
    first = [[cells.text(cell) for cell in row] for row in sheet.rows[: grid.SAMPLE]]
    place = _told(sheet, first, as_.header) if as_.header else grid.judged(first)
    check_width(place.width)
    header = first[place.header][: place.width] if place.header is not None else [""] * place.width
    raw = _raw(sheet, place, header)
    return Raw(
        names=tuple(header),
        columns=raw.columns,
        numbers=raw.numbers,
        decisions=(*_said(sheet, kind, place), *raw.decisions),
        warnings=(*raw.warnings, *_beside(sheet, place), *_repeated_said(sheet, place, header)),
        aside=raw.aside,
        choices=_choices(sheet, place, first, as_),
    )


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: a list per row makes it look at all of them again and again."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _kind(path: Path) -> str:
    """What program's workbook it is; what is none, or would inflate to many times its size, is refused."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            return WORKBOOKS["xl/workbook.xml"]
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _damaged() from None
    kind = next((WORKBOOKS[member.filename] for member in members if member.filename in WORKBOOKS), "")
    if not kind:
        raise UserError(
            "This file is a zip archive, not a workbook.",
            "Unpack it and upload the file inside (CSV, xlsx or Parquet).",
        )
    inflated = sum(member.file_size for member in members)
    if inflates(inflated, path.stat().st_size):
        raise UserError(
            f"This workbook unpacks to more than {RATIO} times its size, as no table does.",
            "Save the sheet that holds the data as CSV and upload that.",
        )
    return kind


def _sheet(path: Path, wanted: str) -> _Sheet:
    try:
        with path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            return _found(book, wanted)
    except calamine.PasswordError:
        raise UserError(
            "This workbook is protected by a password.", "Save it without one and upload it again."
        ) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise _damaged() from None


def _found(book: calamine.CalamineWorkbook, wanted: str) -> _Sheet:
    tables = tuple(s.name for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet)
    if wanted and wanted not in tables:
        raise UserError(
            f"There is no sheet “{wanted[:60]}” in this workbook.", f"Choose one of {listed(tables)}."
        )
    for name in (wanted,) if wanted else tables:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python()
        if sheet.start and any(_is_filled(cell) for row in rows for cell in row):
            repeated = _repeat_merged(rows, sheet)
            return _Sheet(name=name, rows=rows, above=sheet.start[0], names=tables, repeated=repeated)
    if wanted:
        raise UserError(f"The sheet “{wanted[:60]}” is empty.", "Choose the sheet that holds the data.")
    raise UserError("This workbook is empty.", "Choose the workbook that holds the data.")


def _repeat_merged(rows: list[list[Cell]], sheet: calamine.CalamineSheet) -> tuple[tuple[int, int], ...]:
    """Have a cell merged over several rows of a column stand for each of them; the places of the numbers."""
    top, left = sheet.start or (0, 0)
    numbers = []
    for (row, column), (last, right) in sheet.merged_cell_ranges or ():
        inside = top <= row < last < top + len(rows) and left <= column == right < left + len(rows[0])
        if inside:
            value = rows[row - top][column - left]
            for below in range(row + 1, last + 1):
                rows[below - top][column - left] = value
            if type(value) in (int, float):
                numbers.append((row - top, column - left))
    return tuple(numbers)


def _repeated_said(sheet: _Sheet, place: grid.Place, header: Sequence[str]) -> tuple[str, ...]:
    counts = Counter(c for row, c in sheet.repeated if row >= place.first and c < place.width)
    names, _ = shown_names([*header])
    return tuple(
        f"{names[column]}: {counted(count, 'number')} merged over several rows "
        f"{'stands' if count == 1 else 'stand'} in each of them and counts more than once in a sum. "
        "Unless that is an id, unmerge the cells in the workbook and upload it again."
        for column, count in sorted(counts.items())
    )


def _is_filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _told(sheet: _Sheet, first: list[list[str]], header: str) -> grid.Place:
    if header == "none":
        return grid.with_header(first, None)
    place = int(header) - 1 - sheet.above if header.isdecimal() else -1
    if not 0 <= place < len(first):
        raise UserError(
            f"Row {header[:20]} of this sheet can't hold the column names.",
            f"Choose a row from {sheet.number(0):,} to {sheet.number(len(first) - 1):,}, or “none”.",
        )
    return grid.with_header(first, place)


def _raw(sheet: _Sheet, place: grid.Place, header: Sequence[str]) -> Raw:
    """The rows below the names as columns, without empty rows and footers."""
    body = sheet.rows[place.first :]
    columns = [cells.column(column) for column in zip(*body, strict=True)][: place.width]
    empty = _empty_rows(columns, len(body))
    first = place.header if place.header is not None else place.first - 1
    numbers = np.arange(place.first, place.first + len(body)) - first
    end = int(np.flatnonzero(~empty).max(initial=-1)) + 1
    last = [[cells.text(cell) for cell in row[: place.width]] for row in body[max(end - aside.LAST, 0) : end]]
    below = [(end + place, reason) for place, reason in aside.footers(last)]
    noted = [(int(numbers[row]), reason, _line(body[row])) for row, reason in below if not empty[row]]
    kept = ~empty
    kept[[row for row, _ in below]] = False
    if not kept.all():
        columns = [column.filter(pa.array(kept)) for column in columns]
    blank = int(empty.sum())
    return Raw(
        names=tuple(header),
        columns=tuple(columns),
        numbers=pa.array(numbers[kept]),
        decisions=(f"{counted(blank, 'empty row')} left out.",) if blank else (),
        warnings=(*aside.said(noted, (aside.FOOTER, aside.NOTES)), *_doubtful(columns)),
        aside=aside.table(noted),
    )


def _doubtful(columns: Sequence[pa.ChunkedArray]) -> tuple[str, ...]:
    """A warning for a last row that may be a total, where there are several rows and columns."""
    if len(columns) < 2 or len(columns[0]) < 2:
        return ()
    last = [column[-1].as_py() for column in columns]
    return aside.doubtful(["" if cell is None else cells.text(cell) for cell in last])


def _empty_rows(columns: Sequence[pa.ChunkedArray], rows: int) -> np.ndarray:
    empty = np.ones(rows, dtype=bool)
    for column in columns:
        if not empty.any():
            break
        gaps = (
            pc.equal(pc.utf8_trim_whitespace(column), "")
            if pa.types.is_string(column.type)
            else column.is_null()
        )
        empty &= gaps.to_numpy()
    return empty


def _line(row: Sequence[Cell]) -> str:
    return "\t".join(map(cells.text, row)).rstrip()


def _said(sheet: _Sheet, kind: str, place: grid.Place) -> tuple[str, ...]:
    more = len(sheet.names) - 1
    said = [f"Sheet “{sheet.name}” of {kind}{f'; {more:,} more left unread' if more else ''}."]
    above = [
        row for row in sheet.rows[: place.first - (place.header is not None)] if any(map(_is_filled, row))
    ]
    if place.header is None:
        said.append("No row holds column names.")
    if above:
        lines = "1 row above was" if len(above) == 1 else f"{len(above):,} rows above were"
        said.append(f"The {lines} left out (the first: “{_line(above[0]).strip()[:60]}”).")
    return tuple(said)


def _beside(sheet: _Sheet, place: grid.Place) -> tuple[str, ...]:
    if place.width == len(sheet.rows[0]):
        return ()
    notes = [
        (place.first + i, cells.text(cell).strip())
        for i, row in enumerate(sheet.rows[place.first :])
        for cell in row[place.width :]
        if _is_filled(cell)
    ]
    if not notes:
        return ()
    shown = listed([f"“{text[:60]}” (row {sheet.number(row):,} of the sheet)" for row, text in notes])
    return (f"Notes beside the table were left out: {shown}.",)


def _choices(
    sheet: _Sheet, place: grid.Place, first: Sequence[Sequence[str]], as_: ReadAs
) -> tuple[ReaderChoice, ...]:
    full = [(sheet.number(i), " ".join(filter(None, row))) for i, row in enumerate(first)]
    header = None if place.header is None else sheet.number(place.header)
    shown = [one for one in full if one[1].strip()]
    shown = [one for i, one in enumerate(shown) if i < _SHOWN_ROWS or one[0] == header]
    return (
        ReaderChoice(
            key="sheet",
            value=sheet.name,
            options=tuple((name, name) for name in sheet.names),
            chosen=bool(as_.sheet),
        ),
        ReaderChoice(
            key="header",
            value=str(header or "none"),
            options=(("none", "no column names"), *((str(n), f"row {n:,}: {t[:60]}") for n, t in shown)),
            chosen=bool(as_.header),
        ),
    )


def _damaged() -> UserError:
    return UserError(
        "This workbook is damaged or incomplete.", "Open it in Excel, save it again and upload that."
    )
