"""Excel workbooks (.xlsx): the first sheet that holds anything."""

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import python_calamine as calamine

from core.errors import UserError
from core.io.reading import Raw

_Cell = Any


def matches(head: bytes) -> bool:
    """Whether the file begins as a zip archive does, as every xlsx is."""
    return head.startswith(b"PK\x03\x04")


def read(path: Path) -> Raw:
    """Read the first sheet that is not empty; its first row that is not empty holds the column names.

    Raises
    ------
    UserError
        For an archive that is no workbook, a damaged or protected one, or one without values.
    """
    if not _is_workbook(path):
        raise UserError(
            "This file is a zip archive, not a workbook.",
            "Unpack it and upload the file inside (CSV, xlsx or Parquet).",
        )
    sheet, rows, others = _first_sheet(path)
    header, body = (
        rows[0],
        [(number, row) for number, row in enumerate(rows[1:], 1) if any(map(_filled, row))],
    )
    blank = len(rows) - 1 - len(body)
    return Raw(
        names=tuple(_text(cell) or "" for cell in header),
        columns=tuple(_column([row[i] for _, row in body]) for i in range(len(header))),
        numbers=pa.array([number for number, _ in body], pa.int64()),
        decisions=(
            f"Sheet “{sheet}” of an Excel workbook{f'; {others} more left unread' if others else ''}.",
            *([f"{blank:,} empty row{'' if blank == 1 else 's'} left out."] if blank else []),
        ),
    )


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        raise _damaged() from None


def _first_sheet(path: Path) -> tuple[str, list[list[_Cell]], int]:
    try:
        with path.open("rb") as file:
            book = calamine.CalamineWorkbook.from_filelike(file)
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python()
                filled = [i for i, row in enumerate(rows) if any(map(_filled, row))]
                if filled:
                    return name, rows[filled[0] : filled[-1] + 1], len(book.sheet_names) - 1
    except calamine.PasswordError:
        raise UserError(
            "This workbook is protected by a password.", "Save it without one and upload it again."
        ) from None
    except calamine.CalamineError:
        raise _damaged() from None
    raise UserError("This workbook is empty.", "Choose the workbook that holds the data.")


def _filled(cell: _Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _column(cells: list[_Cell]) -> pa.ChunkedArray:
    """Cells of one kind keep their type; a column of several kinds becomes text."""
    kinds = {type(cell) for cell in cells if _filled(cell)}
    for accepted, build in _KINDS:
        if kinds and kinds <= accepted:
            return pa.chunked_array([build([cell if _filled(cell) else None for cell in cells])])
    return pa.chunked_array([pa.array([_text(cell) for cell in cells], pa.large_string())])


def _numbers(cells: list[_Cell]) -> pa.Array:
    return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())


def _moments(cells: list[_Cell]) -> pa.Array:
    full = [_midnight(cell) if type(cell) is dt.date else cell for cell in cells]
    return pa.array(full, pa.timestamp("us"))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


_KINDS: Final[tuple[tuple[frozenset[type], Callable[[list[_Cell]], pa.Array]], ...]] = (
    (frozenset({bool}), lambda cells: pa.array(cells, pa.bool_())),
    (frozenset({int, float}), _numbers),
    (frozenset({dt.date, dt.datetime}), _moments),
)


def _text(cell: _Cell) -> str | None:
    if not _filled(cell):
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def _damaged() -> UserError:
    return UserError(
        "This workbook is damaged or incomplete.", "Open it in Excel, save it again and upload that."
    )
