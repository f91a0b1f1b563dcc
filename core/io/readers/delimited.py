"""From the lines of a text table to columns of text, and the rows that do not fit them."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from core.io.readers.aside import LAST
from core.io.readers.encoding import Text
from core.io.readers.layout import Layout
from core.io.readers.pieces import LONGEST_LINE, not_a_table

_BLOCK: Final = 1 << 22
_SAMPLE: Final = 1 << 20
_TAIL: Final = 1 << 16
_OFTEN: Final = 0.5
_TEXT: Final = pa.large_string()
_REPEATED: Final = pa.dictionary(pa.int32(), _TEXT)

OnMisfit = Callable[[pyarrow.csv.InvalidRow], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A row with another number of values than the table has columns; `row` counts from 1 after the names."""

    row: int
    found: int
    text: str


@dataclass(slots=True, kw_only=True)
class Parsed:
    """The rows of a text: a column per name, each row's number, and what did not fit.

    Attributes
    ----------
    table : pa.Table
    numbers : np.ndarray
        int64, counted from 1 after the names.
    misfits : list of Misfit
    blank : int
        Rows of another width that hold nothing but separators and blanks.
    apart : int
        The number of the last row above the file's last blank lines; those after it stand apart.
    """

    table: pa.Table
    numbers: np.ndarray
    misfits: list[Misfit] = field(default_factory=list)
    blank: int = 0
    apart: int = 0

    @property
    def rows(self) -> int:
        """How many rows there are, with those that do not fit."""
        return len(self.table) + len(self.misfits) + self.blank


def parse(text: Text, layout: Layout, begin: int, *, spanning: bool) -> Parsed:
    """Cut the text from the byte `begin` on into columns; values stay as they are written.

    Columns whose values recur are dictionaries: a third of the memory, and each value is typed once.

    Parameters
    ----------
    text : Text
    layout : Layout
    begin : int
    spanning : bool
        Whether quoted values span lines.

    Raises
    ------
    UserError
        For what can't be cut at all.
    """
    misfits: list[Misfit] = []
    blank: list[int] = []
    nothing = f' "\t{layout.separator}'

    def misfit(row: pyarrow.csv.InvalidRow) -> str:
        if row.text.strip(nothing):
            misfits.append(Misfit(row=row.number, found=row.actual_columns, text=row.text))
        else:
            blank.append(row.number)
        return "skip"

    with text.path.open("rb") as file:
        file.seek(begin)
        head = file.read(_SAMPLE)
        if not head.strip():
            return Parsed(table=_nothing(layout), numbers=np.empty(0, np.int64))
        kinds = _kinds(head, text, layout, spanning=spanning)
        file.seek(begin)
        table = _cut(file, text, layout, kinds, misfit, spanning=spanning)
    every = np.arange(1, len(table) + len(misfits) + len(blank) + 1, dtype=np.int64)
    if gone := [*(one.row - 1 for one in misfits), *(row - 1 for row in blank)]:
        every = np.delete(every, gone)
    parsed = Parsed(table=table, numbers=every, misfits=misfits, blank=len(blank))
    parsed.apart = parsed.rows - _apart(text)
    return parsed


def _apart(text: Text) -> int:
    """How many of the last lines stand below a blank one; 0 for more than a few."""
    with text.path.open("rb") as file:
        file.seek(max(file.seek(0, io.SEEK_END) - _TAIL, text.start))
        lines = [line.strip() for line in file.read().strip().splitlines()]
    apart = next((count for count, line in enumerate(reversed(lines)) if not line), 0)
    return apart if apart <= LAST else 0


def _nothing(layout: Layout) -> pa.Table:
    return pa.table({f"f{i}": pa.array([], _TEXT) for i in range(len(layout.names))})


def _cut(
    source: BinaryIO,
    text: Text,
    layout: Layout,
    kinds: Sequence[pa.DataType],
    misfit: OnMisfit,
    *,
    spanning: bool,
) -> pa.Table:
    names = [f"f{i}" for i in range(len(kinds))]
    try:
        return pyarrow.csv.read_csv(
            source,
            read_options=pyarrow.csv.ReadOptions(
                column_names=names,
                use_threads=False,  # else the rows set aside have no number
                block_size=LONGEST_LINE if text.longest else _BLOCK,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=layout.separator,
                quote_char='"' if text.quoted else False,
                newlines_in_values=spanning,
                invalid_row_handler=misfit,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict(zip(names, kinds, strict=True)), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        raise not_a_table() from None


def _kinds(head: bytes, text: Text, layout: Layout, *, spanning: bool) -> list[pa.DataType]:
    """Dictionaries for the columns whose values recur in the first rows, if there are more."""
    plain = [_TEXT] * len(layout.names)
    if len(head) < _SAMPLE:
        return plain
    lines = head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1]
    if not lines.strip():
        return plain
    first = _cut(io.BytesIO(lines), text, layout, plain, lambda row: "skip", spanning=spanning)
    return [
        _REPEATED if pc.count_distinct(column).as_py() < _OFTEN * len(column) else _TEXT
        for column in first.columns
    ]
