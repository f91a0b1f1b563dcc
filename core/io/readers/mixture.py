"""Files put together from several: lines in UTF-8 and lines in Windows-1252."""

import codecs
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

MIXED: Final = "mixed"


@dataclass(slots=True)
class Mixture:
    """Lines that are valid UTF-8 and lines that are not, which are taken for Windows-1252."""

    marked: bool = False
    utf8: int = 0
    others: int = 0
    first: int = 0
    _line: int = 0

    def turned(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for i, block in enumerate(blocks):
            if i == 0 and block.startswith(codecs.BOM_UTF8):
                self.marked, block = True, block[len(codecs.BOM_UTF8) :]
            lines = block.splitlines(keepends=True)
            yield b"".join(line if line.isascii() else self._one(line, n) for n, line in enumerate(lines, 1))
            self._line += len(lines)

    def _one(self, line: bytes, number: int) -> bytes:
        with suppress(UnicodeDecodeError):
            line.decode()
            self.utf8 += 1
            return line
        self.others += 1
        self.first = self.first or self._line + number
        return line.decode("cp1252", errors="undefined-as-latin-1").encode()

    @property
    def encoding(self) -> str:
        return MIXED if self.utf8 or self.marked else "cp1252"

    def warnings(self) -> tuple[str, ...]:
        if not self.others or self.encoding != MIXED:
            return ()
        lines = "1 line is" if self.others == 1 else f"{self.others:,} lines are"
        return (
            f"The encoding changes: {lines} not UTF-8 as the rest and read as Windows-1252 "
            f"(the first is line {self.first:,}).",
        )


def _undefined_as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """Five bytes mean nothing in Windows-1252; a file that has them must not fail for it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("undefined-as-latin-1", _undefined_as_latin_1)
