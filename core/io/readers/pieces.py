"""The bytes of a text: read in pieces, looked at while they pass, and the lines that they make."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import UserError

LONGEST_LINE: Final = 8 << 20
PIECE: Final = 1 << 20

_MOSTLY_TEXT: Final = 0.99
_CONTROL: Final = bytes({*range(32), 127} - {*b"\t\n\r\f"})


@dataclass(slots=True)
class Facts:
    """What is learnt from the UTF-8 bytes of a text while they pass by."""

    quoted: bool = False
    longest: int = 0
    _line: int = 0
    _begun: bool = False

    def see(self, piece: bytes) -> bytes:
        """Note quotation marks and lines too long to read; the pieces are at most a mebibyte each."""
        if b"\0" in piece or not (self._begun or _is_text(piece)):
            raise not_a_table()
        self._begun = True
        self.quoted = self.quoted or b'"' in piece
        ends = [at for at in (piece.find(b"\n"), piece.find(b"\r")) if at >= 0]
        self._line += min(ends, default=len(piece))
        if self._line > PIECE:
            self.longest = max(self.longest, self._line)
        if self._line > LONGEST_LINE:
            raise LineTooLong
        if ends:
            self._line = len(piece) - 1 - max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        return piece


def _is_text(piece: bytes) -> bool:
    return len(piece.translate(None, _CONTROL)) >= _MOSTLY_TEXT * len(piece)


class LineTooLong(Exception):
    """A line is longer than any table's; which one is counted by who catches this."""


def pieces(path: Path, start: int = 0) -> Iterator[bytes]:
    """A file from the byte `start` on, a mebibyte at a time."""
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(PIECE):
            yield piece


def blocks(path: Path, start: int = 0) -> Iterator[bytes]:
    """Pieces that end with a line, but for the last one and where a line is longer than any table's."""
    rest = b""
    for piece in pieces(path, start):
        rest += piece
        at = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, -1)) + 1  # a \r at the very end may be half of \r\n
        if not at and len(rest) > LONGEST_LINE:
            at = len(rest)
        if at:
            yield rest[:at]
            rest = rest[at:]
    if rest:
        yield rest


def too_long(path: Path) -> UserError:
    """The sentence for a file with a line that is longer than any table's."""
    line = line_of(path, _long_line_end(path))
    return UserError(
        f"Line {line:,} is longer than {LONGEST_LINE >> 20} MB, as no row of a table is.",
        f"Look at line {line:,} in an editor, or save the file again from the program that made it.",
    )


def _long_line_end(path: Path) -> int:
    facts, seen = Facts(), 0
    for piece in pieces(path, 0):
        try:
            facts.see(piece)
        except LineTooLong:
            return seen
        seen += len(piece)
    return seen


def not_a_table() -> UserError:
    """The sentence for a file that is no text."""
    return UserError(
        "This file is not a table.", "Save it as CSV, Excel (.xlsx) or Parquet and upload it again."
    )


def line_of(path: Path, offset: int) -> int:
    """The number, from 1, of the line that this byte of a file stands on."""
    number, last = 1, b""
    with path.open("rb") as file:
        while piece := file.read(min(PIECE, offset)):
            offset -= len(piece)
            number += piece.count(b"\n") + piece.count(b"\r") - (last + piece).count(b"\r\n")
            last = piece[-1:]
    return number
