"""The first lines of a text, cut into rows by a separator."""

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from core.io.readers import positions

SAMPLE: Final = positions.SAMPLE
POSITIONS: Final = "columns"
"""In place of a separator: values stand at fixed positions of their lines."""

_TWO_LINES: Final = 2
_TOKEN: Final = r'(?:"(?:[^"]|"")*"|[^ \t\r\n]+)'
_TOKENS: Final = {" ": re.compile(_TOKEN), "  ": re.compile(rf"{_TOKEN}(?: {_TOKEN})*")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the first lines: the lines it takes, from 1 to before `end`, and its values."""

    line: int
    end: int
    cells: list[str]

    @property
    def filled(self) -> int:
        return filled(self.cells)


def filled(cells: Sequence[str]) -> int:
    """How many of the cells hold anything."""
    return sum(bool(cell.strip()) for cell in cells)


def rows_of(lines: Sequence[str], separator: str) -> list[Row]:
    """The rows of the first lines that are not empty."""
    if separator == POSITIONS:
        return _positioned(lines)
    if separator in _TOKENS:
        tokens = _TOKENS[separator]
        full = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
        return [
            Row(line=n, end=n + 1, cells=[_unquoted(token) for token in tokens.findall(line)])
            for n, line in itertools.islice(full, SAMPLE)
        ]
    rows = list(itertools.islice((row for row in _quoted_rows(lines, separator) if row.filled), SAMPLE))
    return rows or [Row(line=1, end=2, cells=[lines[0].strip("\r\n")])]


def _positioned(lines: Sequence[str]) -> list[Row]:
    columns = positions.found(lines)
    full = ((n, line.rstrip()) for n, line in enumerate(lines, 1) if line.strip())
    return [
        Row(line=n, end=n + 1, cells=(columns and positions.cut(line, columns.spans)) or [line])
        for n, line in itertools.islice(full, SAMPLE)
    ]


def _unquoted(token: str) -> str:
    whole = len(token) > 1 and token[0] == token[-1] == '"'
    return token[1:-1].replace('""', '"') if whole else token


def _quoted_rows(lines: Sequence[str], separator: str) -> Iterator[Row]:
    reader, begin = csv.reader(lines, delimiter=separator), 1
    with suppress(csv.Error):  # a value beyond measure
        for cells in reader:
            end = reader.line_num + 1
            if end > begin + 1 and "".join(lines[begin - 1 : end - 1]).count('"') % 2:
                break
            yield Row(line=begin, end=end, cells=cells)
            begin = end
    if begin > _TWO_LINES:
        return
    # what a mark that is never closed swallows is cut all the same, for the separator to be the right one
    for number in range(begin, len(lines) + 1):
        line = lines[number - 1].rstrip("\r\n")
        yield Row(line=number, end=number + 1, cells=line.split(separator))


def width_of(rows: Sequence[Row]) -> int:
    """The most frequent number of values, if most rows from the first of its kind have it."""
    counts = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    if not counts:
        return 1
    width = max(counts, key=lambda size: (counts[size], size))
    after = itertools.dropwhile(lambda row: len(row.cells) != width, rows)
    return width if 2 * counts[width] >= sum(1 for _ in after) else 1
