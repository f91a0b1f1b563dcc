"""One module per file format; which one reads a file is judged by its content, never by its name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import UserError
from core.io import values
from core.io.readers import csv, excel, parquet
from core.io.reading import Raw, Reading

_HEAD: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A file format: whether the first bytes of a file are its, and how to read one."""

    label: str
    matches: Callable[[bytes], bool]
    read: Callable[[Path], Raw]


READERS: Final = {
    "parquet": Reader(label="Parquet", matches=parquet.matches, read=parquet.read),
    "excel": Reader(label="Excel", matches=excel.matches, read=excel.read),
    "csv": Reader(label="CSV", matches=csv.matches, read=csv.read),
}
"""Asked in this order; the last one takes any text."""

_OTHERS: Final = (
    (rb"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or one with a password"),
    (rb"\x1f\x8b|BZh|7z\xbc\xaf|\x28\xb5\x2f\xfd|Rar!", "a packed archive"),
    (rb"%PDF", "a PDF"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", "a picture"),
    (rb"SQLite format 3", "a database"),
    (rb"(?i)\s*<(?:!doctype html|html)", "a web page"),
    (rb"\s*<\?xml", "an XML file"),
    (rb"\s*(?:\[\s*)?\{", "a JSON file"),
)


def read(path: Path) -> Reading:
    """Read a file of any known format into canonical columns.

    Raises
    ------
    UserError
        When it can't be read; the message says why, the hint what to do.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise UserError(
            f"The file {path.name} can't be opened: {error.strerror}.", "Check its path and permissions."
        ) from None
    if not head:
        raise UserError("This file is empty.", "Choose the file that holds the data.")
    for start, what in _OTHERS:
        if re.match(start, head):
            raise UserError(f"This file is {what}, not a table.", "Save it as CSV, Excel (.xlsx) or Parquet.")
    reader = next(reader for reader in READERS.values() if reader.matches(head))
    return values.settle(reader.read(path))
