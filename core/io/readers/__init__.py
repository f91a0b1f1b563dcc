"""One module per file format; which one reads a file is judged by its content, never by its name."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from core.errors import UserError
from core.io.columns import values
from core.io.readers import csv, excel, packed, parquet
from core.io.reading import Raw, ReadAs, Reading, idle

_HEAD: Final = 4096
_VALUES: Final = ("decimal", "dayfirst")
_ALLOWED: Final = {"decimal": ("", ",", "."), "dayfirst": ("", "yes", "no")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A file format.

    Attributes
    ----------
    label : str
    matches : callable
        Whether a file, given with its first bytes, is of this format.
    read : callable
    takes : tuple of str
        The fields of `ReadAs` that mean something for it.
    """

    label: str
    matches: Callable[[Path, bytes], bool]
    read: Callable[[Path, ReadAs], Raw]
    takes: tuple[str, ...]


READERS: Final = {
    "packed": Reader(
        label="gzip or zip archive",
        matches=packed.matches,
        read=lambda path, as_: packed.read(path, as_, _unpacked, _may_be_a_table),
        takes=tuple(field.name for field in fields(ReadAs)),
    ),
    "parquet": Reader(
        label="Parquet",
        matches=lambda path, head: parquet.matches(head),
        read=lambda path, as_: parquet.read(path),
        takes=(),
    ),
    "excel": Reader(
        label="Excel or OpenDocument workbook",
        matches=lambda path, head: excel.matches(head),
        read=excel.read,
        takes=("sheet", "header"),
    ),
    "csv": Reader(
        label="text: CSV, TSV and the like",
        matches=lambda path, head: True,
        read=csv.read,
        takes=csv.TAKES,
    ),
}
"""Asked in this order; the last one takes any text."""

_BYTE_ORDER: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHERS: Final = (
    (rb"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or one with a password"),
    (rb"BZh|7z\xbc\xaf|\x28\xb5\x2f\xfd|Rar!|\xfd7zXZ", "a packed archive other than zip and gzip"),
    (rb"%PDF", "a PDF"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", "a picture"),
    (rb"SQLite format 3", "a database"),
    (rb"(?i)\s*<(?:!doctype html|html|table)", "a web page"),
    (rb"\s*<\?xml", "an XML file"),
    (rb"\s*(?:\[\s*)?\{", "a JSON file"),
)


def read(path: Path, as_: ReadAs = ReadAs()) -> Reading:  # noqa: B008  (frozen)
    """Read a file of any known format into canonical columns.

    Parameters
    ----------
    path : Path
    as_ : ReadAs
        What a person wants to be read otherwise than it would be judged.

    Raises
    ------
    UserError
        When it can't be read; the message says why, the hint what to do.
    """
    for name, allowed in _ALLOWED.items():
        if (value := getattr(as_, name)) not in allowed:
            raise UserError(f"“{value[:20]}” is no value of {name}.", f"Choose {' or '.join(allowed[1:])}.")
    pa.set_memory_pool(pa.system_memory_pool())  # the default one costs a sixth more time
    raw = _read_by(_reader(path), path, as_)
    return values.settle(replace(raw, decimal=as_.decimal, dayfirst=as_.dayfirst))


def _reader(path: Path) -> Reader:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise UserError(
            f"The file {path.name} can't be opened: {error.strerror}.", "Check its path and permissions."
        ) from None
    if not head:
        raise UserError("This file is empty.", "Choose the file that holds the data.")
    found = next(reader for reader in READERS.values() if reader.matches(path, head))
    if found is READERS["csv"]:
        _check_text(head)
    return found


def _check_text(head: bytes) -> None:
    for mark in _BYTE_ORDER:
        head = head.removeprefix(mark)
    plain = head.replace(b"\0", b"")  # of UTF-16
    for start, what in _OTHERS:
        if re.match(start, plain):
            raise UserError(f"This file is {what}, not a table.", "Save it as CSV, Excel (.xlsx) or Parquet.")


def _unpacked(path: Path, as_: ReadAs) -> Raw:
    reader = _reader(path)
    if reader is READERS["packed"]:
        raise UserError(
            "This archive holds another archive.", "Unpack it and upload the file that holds the data."
        )
    return _read_by(reader, path, as_)


def _read_by(reader: Reader, path: Path, as_: ReadAs) -> Raw:
    """Read; a choice that means nothing for the format is said."""
    raw = reader.read(path, as_)
    taken = (*reader.takes, *_VALUES)
    vain = [f.name for f in fields(ReadAs) if getattr(as_, f.name) and f.name not in taken]
    said = (idle(vain, reader.label),) if vain else ()
    return replace(raw, warnings=(*raw.warnings, *said))


def _may_be_a_table(path: Path) -> bool:
    """Judge a file by its beginning: a text of two columns or more, or bytes that begin as a table's do."""
    try:
        reader = _reader(path)
    except UserError:
        return False
    return reader is not READERS["packed"] and (reader is not READERS["csv"] or csv.looks_like_a_table(path))
