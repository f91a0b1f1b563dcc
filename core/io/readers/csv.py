"""Text files: comma, semicolon, tab or bar between the values; UTF-8, UTF-16 or Windows-1252."""

import bisect
import codecs
import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv

from core.errors import UserError
from core.io.reading import Raw
from core.io.values import check_width

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

_PIECE: Final = 1 << 20
_BLOCK: Final = 1 << 24
_SAMPLE: Final = 200
_MOSTLY_TEXT: Final = 0.99
_CONTROL: Final = bytes({*range(32), 127} - {*b"\t\n\r\f"})
_NOT_WINDOWS: Final = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a text file is written: encoding (Python's name and ours), separator, and whether it has quotes."""

    encoding: str
    encoding_name: str
    separator: str
    quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The header: its names, and how many blank lines stand before it."""

    names: tuple[str, ...]
    blank: int


def matches(head: bytes) -> bool:
    """Whether the file can be text; the last reader that is asked takes whatever is not binary."""
    return True


def read(path: Path) -> Raw:
    """Read a text file; every value stays text, rows of another length than the header are set aside.

    Raises
    ------
    UserError
        For a file that is empty, not text, or has a quotation mark that is never closed.
    """
    dialect = dialect_of(path)
    head = _header(path, dialect)
    if dialect.quoted:
        _check_quotes(path, dialect)
    table, aside = _parsed(path, dialect, head)
    rows = len(table) + len(aside)
    if len(aside) > rows / 2:
        raise UserError(
            f"The first line has {_columns(len(head.names))}; {len(aside):,} of {rows:,} rows have others.",
            "Remove lines above the column names, or save the file with one separator throughout.",
        )
    return Raw(
        names=head.names,
        columns=tuple(table.columns),
        numbers=_numbers(rows, [number for number, _ in aside]),
        decisions=(
            f"Values separated by {SEPARATORS[dialect.separator]}.",
            f"Encoding {dialect.encoding_name}.",
        ),
        warnings=tuple(_aside_warning(aside, len(head.names))),
    )


def dialect_of(path: Path) -> Dialect:
    """Judge encoding and separator by the content."""
    encoding, name, quoted = _encoding(path)
    return Dialect(encoding=encoding, encoding_name=name, separator=_separator(path, encoding), quoted=quoted)


def _encoding(path: Path) -> tuple[str, str, bool]:
    with path.open("rb") as file:
        head = file.read(_PIECE)
        file.seek(0)
        pieces = iter(lambda: file.read(_PIECE), b"")
        if head.startswith(codecs.BOM_UTF8):
            return _marked(pieces)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", "UTF-16", True
        if (wide := _wide(head)) is not None:
            return wide, "UTF-16", True
        return _narrow(pieces)


def _marked(pieces: Iterable[bytes]) -> tuple[str, str, bool]:
    encoding, _, quoted = _narrow(pieces)
    if encoding != "utf-8":
        raise UserError(
            "This file is marked as UTF-8 but holds letters in another encoding.",
            "Save it as UTF-8 from the program that made it, then upload it again.",
        )
    return "utf-8-sig", "UTF-8 with BOM", quoted


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: in text of the western kind every second byte is zero."""
    sample = head[: len(head) // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * len(sample) / 2 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * len(sample) / 2 and odd == 0 else None


def _narrow(pieces: Iterable[bytes]) -> tuple[str, str, bool]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, windows, quoted = True, True, False
    for piece in pieces:
        if b"\0" in piece or len(piece.translate(None, _CONTROL)) < _MOSTLY_TEXT * len(piece):
            raise _not_a_table()
        quoted = quoted or b'"' in piece
        windows = windows and not any(byte in piece for byte in _NOT_WINDOWS)
        utf8 = utf8 and _decodes(decoder, piece)
    if utf8 and _decodes(decoder, b"", final=True):
        return "utf-8", "UTF-8", quoted
    return ("cp1252", "Windows-1252", quoted) if windows else ("latin-1", "Latin-1", quoted)


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _separator(path: Path, encoding: str) -> str:
    """The separator that cuts the header in two or more and most of the first rows into as many pieces."""
    with _open(path, encoding) as file:
        lines = list(itertools.islice((line for line in file if line.strip()), _SAMPLE))
    if not lines:
        raise UserError("This file is empty.", "Choose the file that holds the data.")
    scores = {separator: _score(lines, separator) for separator in SEPARATORS}
    return max(scores, key=lambda separator: scores[separator])


def _score(lines: list[str], separator: str) -> tuple[float, int]:
    try:
        rows = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    except csv.Error:
        return 0.0, 0
    if not rows or rows[0] < 2:
        return 0.0, 0
    return round(sum(size == rows[0] for size in rows) / len(rows), 1), rows[0]


def _header(path: Path, dialect: Dialect) -> _Head:
    with _open(path, dialect.encoding) as file:
        blank = 0
        for line in file:
            if line.strip("\r\n"):
                break
            blank += 1
    with _open(path, dialect.encoding) as file:
        try:
            names = next(row for row in csv.reader(file, delimiter=dialect.separator) if row)
        except csv.Error:
            raise _unclosed(blank + 1) from None
    check_width(len(names))
    return _Head(names=tuple(names), blank=blank)


def _check_quotes(path: Path, dialect: Dialect) -> None:
    """Find a quotation mark that is never closed: it would swallow the rows after it in silence."""
    with _open(path, dialect.encoding) as file:
        lines = _Lines(file)
        rows = csv.reader(lines, delimiter=dialect.separator, strict=True)
        while True:
            lines.start()
            try:
                next(rows)
            except StopIteration:
                return
            except csv.Error:
                if len(lines.record) > 1 or lines.ended:
                    raise _unclosed(lines.first + _opened_on(lines.record, dialect.separator)) from None


class _Lines:
    """Physical lines for `csv.reader`, remembering those of the record under way."""

    def __init__(self, file: IO[str]) -> None:
        self._file = iter(file)
        self._number = 0
        self.start()
        self.ended = False

    def start(self) -> None:
        self.record: list[str] = []
        self.first = self._number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._file)
        except StopIteration:
            self.ended = True
            raise
        self._number += 1
        self.record.append(line)
        return line


def _opened_on(record: list[str], separator: str) -> int:
    """Which line of a broken record (from 0) its last quoted value begins on."""
    quoted = re.compile(rf'(?:^|(?<=[{re.escape(separator)}\r\n]))"(?:[^"]|"")*(?:"|$)')
    begins = [found.start() for found in quoted.finditer("".join(record))]
    ends = list(itertools.accumulate(map(len, record)))
    return bisect.bisect_right(ends, begins[-1]) if begins else 0


def _parsed(path: Path, dialect: Dialect, head: _Head) -> tuple[pa.Table, list[tuple[int, int]]]:
    aside: list[tuple[int, int]] = []

    def set_aside(row: pyarrow.csv.InvalidRow) -> str:
        aside.append((row.number - 1, row.actual_columns))
        return "skip"

    names = [f"f{i}" for i in range(len(head.names))]
    try:
        table = pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(
                column_names=names,
                skip_rows=head.blank,
                skip_rows_after_names=1,
                use_threads=False,  # else the rows set aside have no number
                block_size=_BLOCK,
                encoding=dialect.encoding.removesuffix("-sig"),
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=dialect.separator,
                newlines_in_values=dialect.quoted,
                invalid_row_handler=set_aside,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.large_string() for name in names}, strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, UnicodeError):
        raise _not_a_table() from None
    return table, aside


def _numbers(rows: int, aside: list[int]) -> pa.Array:
    every = np.arange(1, rows + 1, dtype=np.int64)
    return pa.array(np.delete(every, np.asarray(aside, dtype=np.int64) - 1))


def _aside_warning(aside: list[tuple[int, int]], width: int) -> Iterator[str]:
    if aside:
        number, found = aside[0]
        rows = "1 row was" if len(aside) == 1 else f"{len(aside):,} rows were"
        yield (f"{rows} set aside: not the {width} values of the header (row {number:,} has {found}).")


def _open(path: Path, encoding: str) -> IO[str]:
    return path.open(encoding=encoding, errors="replace", newline="")


def _columns(number: int) -> str:
    return "1 column" if number == 1 else f"{number:,} columns"


def _unclosed(line: int) -> UserError:
    return UserError(
        f"A quotation mark that opens on line {line:,} is never closed and takes in the rows after it.",
        f"Close or remove the quotation mark on line {line:,}, then upload the file again.",
    )


def _not_a_table() -> UserError:
    return UserError(
        "This file is not a table.", "Save it as CSV, Excel (.xlsx) or Parquet and upload it again."
    )
