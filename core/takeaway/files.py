"""Files that a list is written to, some thousand rows at a time: CSV, Excel, Parquet."""

from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import UserError
from core.takeaway.delimited import header, lines
from core.takeaway.plain import plain
from core.takeaway.safe import safe_text, safe_texts

MOST_ROWS: Final = 1_048_575
"""Rows of an Excel sheet below its header."""

MOST_COLUMNS: Final = 16_384
MOST_SIGNS: Final = 32_767
"""Signs that an Excel cell holds; longer text is cut there."""

Blocks = Iterable[list[pa.Array]]


def write_csv(path: Path, names: Sequence[str], blocks: Blocks) -> int:
    """Columns as CSV in UTF-8; 0, no text is cut."""
    with path.open("wb") as out:
        out.write(header(names))
        for columns in blocks:
            out.write(lines(columns))
    return 0


def write_xlsx(path: Path, names: Sequence[str], blocks: Blocks) -> int:
    """Columns as an Excel sheet: text as text, numbers as numbers, days as ISO text; never a formula.

    How many texts were cut at `MOST_SIGNS` is returned.
    """
    import xlsxwriter  # takes 0.1 s, and only this needs it

    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Customers")
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(names):
            sheet.write_string(0, at, safe_text(name))
        row, cut = 0, 0
        for columns in blocks:
            cells = [_cells(column) for column in columns]
            for values in zip(*cells, strict=True):
                row += 1
                cut += sum(_put(sheet, row, at, value) for at, value in enumerate(values))
    return cut


def write_parquet(path: Path, names: Sequence[str], blocks: Blocks) -> int:
    """Columns as Parquet, with their types and their text as it is; 0, no text is cut."""
    writer = None
    try:
        for columns in blocks:
            table = pa.Table.from_arrays(columns, names=list(names))
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
    return 0


WRITERS: Final[dict[str, Callable[[Path, Sequence[str], Blocks], int]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}


def check_room(form: str, rows: int, columns: int) -> None:
    """Refuse what does not fit into a kind of file.

    Raises
    ------
    UserError
        When it is an Excel sheet with too many rows or columns.
    """
    if form == "xlsx" and rows > MOST_ROWS:
        raise UserError(
            f"An Excel sheet holds {MOST_ROWS:,} customers; this list has {rows:,}.", "Take CSV or Parquet."
        )
    if form == "xlsx" and columns > MOST_COLUMNS:
        raise UserError(f"An Excel sheet holds {MOST_COLUMNS:,} columns.", "Take CSV or Parquet.")


def _put(sheet: Any, row: int, at: int, value: str | float | None) -> bool:
    """Write a cell; whether its text was cut."""
    if isinstance(value, str):
        return bool(sheet.write_string(row, at, value) == -2)
    if value is not None:
        sheet.write_number(row, at, value)
    return False


def _cells(column: pa.Array) -> list[str | float | None]:
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return [v if v is not None and isfinite(v) else None for v in column.to_pylist()]
    found = plain(column)
    return (safe_texts(found) if pa.types.is_string(column.type) else found).to_pylist()
