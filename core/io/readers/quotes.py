"""Quotation marks: one that is never closed would swallow the rows after it in silence.

Lines with an even number of marks need no look. A line with an odd one begins a value that goes on below, or
holds a mark that means inches; which of them is seen by matching the row that it begins.
"""

import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from core.errors import UserError
from core.io.columns.typed import counted
from core.io.readers.encoding import Text
from core.io.readers.pieces import LONGEST_LINE, line_of

_BLOCK: Final = 1 << 22
_FEW_VALUES: Final = 2
_MARK, _LF, _CR = b'"\n\r'

_ROW: Final = rb"""(?x)
    (?P<before> (?: VALUE SEPARATOR )*+ )
    VALUE (?: \r\n? | \n | \Z )
"""
_VALUE: Final = rb"""(?:
    " (?: [^"]++ | "" )*+ " (?= SEPARATOR | [\r\n] | \Z )  # may span lines
    | " (?: [^"\r\n]++ | "" )*+ " [^SEPARATOR\r\n]*+       # more after the second mark: closed all the same
    | (?! " ) [^SEPARATOR\r\n]*+
)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What quotation marks do to the lines of a text.

    Attributes
    ----------
    spanning : bool
        Whether a value spans lines.
    rows : int
        How many rows the lines make.
    swallowed : int
        Rows of several lines each of which looks like a row of its own.
    first : int
        The number of the line on which the first of these begins; 0 without.
    """

    spanning: bool
    rows: int
    swallowed: int = 0
    first: int = 0

    def warnings(self) -> tuple[str, ...]:
        """What a person must look at."""
        if not self.swallowed:
            return ()
        more = f", and {counted(self.swallowed - 1, 'more row')} like it" if self.swallowed > 1 else ""
        return (
            f"A value in quotation marks that begins on line {self.first:,} takes in the lines below it, "
            f"which look like rows of their own{more}. If they are, remove the quotation mark and upload the "
            "file again.",
        )


def check(text: Text, separator: str, width: int, begin: int, *, every: bool = False) -> Quoted:
    """Look at the quotation marks of a text from the byte `begin` on.

    Parameters
    ----------
    text : Text
    separator : str
        One character.
    width : int
        Values of a row.
    begin : int
    every : bool
        Whether to match each line with a mark, not only those with an odd number.

    Raises
    ------
    UserError
        For a mark that is never closed, and for a value longer than 8 MB.
    """
    row, prefix = _patterns(separator)
    done, spanning, swallowing, sign = begin, False, list[int](), separator.encode()
    lines = _Lines(text.path, begin, every=every)
    with _mapped(text.path) as content:
        for at in lines:
            if at < done:
                continue
            found = row.match(content, at)
            if found is None:
                raise _unclosed(text.path, _end(prefix, content, at))
            if found.end() - at > LONGEST_LINE:
                raise _too_long(text.path, at)
            done = found.end()
            taken = [line for line in found[0].splitlines() if line]
            if len(taken) > 1:
                spanning, lines.full = True, lines.full - (len(taken) - 1)
                if _are_rows(taken, sign, width):
                    swallowing.append(at)
    return Quoted(
        spanning=spanning,
        rows=lines.full,
        swallowed=len(swallowing),
        first=line_of(text.path, swallowing[0]) if swallowing else 0,
    )


def _are_rows(lines: Sequence[bytes], sign: bytes, width: int) -> bool:
    """Whether the lines of one row look like several: two or more have as many values as the table."""
    alike = sum(line.count(sign) == width - 1 for line in lines)
    return width > 1 and alike > 1 and (alike == len(lines) or width > _FEW_VALUES)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError:  # more than the address space of this process may take
            raise MemoryError from None


def _patterns(separator: str) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A whole row, and the values of a broken one before the value that breaks it."""
    sign = re.escape(separator.encode())
    value = _VALUE.replace(b"SEPARATOR", sign)
    row = _ROW.replace(b"VALUE", value).replace(b"SEPARATOR", sign)
    before = rb"(?x) (?: VALUE SEPARATOR )*+".replace(b"VALUE", value).replace(b"SEPARATOR", sign)
    return re.compile(row), re.compile(before)


def _end(prefix: re.Pattern[bytes], content: mmap.mmap, at: int) -> int:
    found = prefix.match(content, at)
    return found.end() if found else at


class _Lines:
    """Where the lines begin whose quotation marks must be looked at; counts the lines that are not empty."""

    def __init__(self, path: Path, begin: int, *, every: bool) -> None:
        self._path, self._begin, self._every = path, begin, every
        self.full = 0

    def __iter__(self) -> Iterator[int]:
        at, rest = self._begin, b""
        with self._path.open("rb") as file:
            file.seek(at)
            while piece := file.read(_BLOCK):
                block = rest + piece
                cut = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
                yield from self._seen(block[:cut], at)
                at, rest = at + cut, block[cut:]
        if rest:
            yield from self._seen(rest, at)

    def _seen(self, block: bytes, at: int) -> Iterator[int]:
        content = np.frombuffer(block, np.uint8)
        ends = _line_ends(content)
        self.full += int(np.count_nonzero(np.diff(ends, prepend=-1, append=len(content)) > 1))
        marks = np.flatnonzero(content == _MARK)
        if len(marks):
            counts = np.diff(np.searchsorted(marks, ends), prepend=0, append=len(marks))
            begins = np.append(0, ends + 1)
            yield from (at + begins[np.flatnonzero(counts if self._every else counts % 2)]).tolist()


def _line_ends(content: np.ndarray) -> np.ndarray:
    ends = content == _LF
    returns = content == _CR
    return np.flatnonzero(ends | returns if returns.any() else ends)


def _unclosed(path: Path, at: int) -> UserError:
    line = line_of(path, at)
    return UserError(
        f"A quotation mark that opens on line {line:,} is never closed and takes in the rows after it.",
        f"Close or remove the quotation mark on line {line:,}, then upload the file again.",
    )


def _too_long(path: Path, at: int) -> UserError:
    line = line_of(path, at)
    return UserError(
        f"The row from line {line:,} on is longer than {LONGEST_LINE >> 20} MB, as no row of a table is.",
        f"Look at line {line:,} in an editor, or save the file again from the program that made it.",
    )
