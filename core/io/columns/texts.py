"""A column of text as positions in its distinct values: whatever is asked of it is asked once per value."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserError
from core.io.columns import amounts, dates
from core.io.columns.amounts import Numerals
from core.io.columns.dates import Written

MISSING_WORDS: Final = (
    *("na", "n/a", "#n/a", "nan", "null", "none", "nat", "<na>"),
    *("#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!"),
    *("?", "-", "--", "—", "–", "."),
)
"""Words and signs that mean "empty" in a column whose other values are numbers or dates; in lower case."""

LONGEST_VALUE: Final = 1 << 20
"""Bytes; what is longer is no value of a table."""

_LARGEST_TEXT: Final = 2**31 - 1
_SHARED: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text column as positions in its distinct values, and what these look like.

    Attributes
    ----------
    name : str
    distinct : pa.Array
        The values without blanks around them, in the order in which they first appear.
    cells : pa.Array
        int32: where each cell's value stands in `distinct`; null for an empty cell.
    kept, words : pa.Array
        The distinct values that count, and those that mean "empty" among numbers or dates.
    numerals : Numerals or None
        Set where all of `kept` are numbers.
    written : Written or None
        Set where all of `kept` are dates.
    """

    name: str
    distinct: pa.Array
    cells: pa.Array
    kept: pa.Array
    words: pa.Array
    numerals: Numerals | None = None
    written: Written | None = None

    @property
    def missing(self) -> int:
        """Cells that are empty or hold a word that means so."""
        return int(self.cells.null_count) + self.rows_with(self.words)

    def rows_with(self, texts: pa.Array) -> int:
        """Cells that hold one of these distinct values."""
        if not len(texts):
            return 0
        wanted = pc.is_in(self.distinct, texts)
        return int(pc.sum(wanted.take(self.cells)).as_py() or 0)

    def spread(self, values: pa.Array) -> pa.Array:
        """Values of `kept`, one per cell; words that mean "empty" become empty."""
        if not len(self.words):
            return values.take(self.cells)
        place = pc.index_in(self.distinct, self.kept)
        return values.take(place.take(self.cells))

    def as_text(self) -> pa.Array:
        """The cells as text: positions in the distinct values, or plain where hardly any value repeats."""
        if len(self.distinct) > _SHARED * len(self.cells):
            return self.distinct.take(self.cells)
        return pa.DictionaryArray.from_arrays(self.cells, self.distinct)


def positions(column: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The values of a text column and each cell's place in them: `distinct` and `cells` of `Text`."""
    distinct, cells = _encoded(column)
    tidy = pc.utf8_trim_whitespace(distinct)
    given = pa.types.is_dictionary(column.type)
    if (
        pc.any(pc.equal(tidy, "")).as_py()
        or not tidy.equals(distinct)
        or (given and _disordered(tidy, cells))
    ):
        return _numbered_anew(pc.if_else(pc.equal(tidy, ""), None, tidy), cells)
    return distinct, cells


def looked_at(name: str, distinct: pa.Array, cells: pa.Array) -> Text:
    """See whether a column of text, given as `positions` does, holds numbers or dates.

    Raises
    ------
    UserError
        When a value is longer than any value of a table.
    """
    _check_lengths(name, distinct)
    is_word = pc.is_in(pc.utf8_lower(distinct), pa.array(MISSING_WORDS, distinct.type))
    kept = distinct.filter(pc.invert(is_word))
    numerals = amounts.numerals(kept)
    return Text(
        name=name,
        distinct=distinct,
        cells=cells,
        kept=kept,
        words=distinct.filter(is_word),
        numerals=numerals,
        written=None if numerals else dates.written(kept),
    )


def _check_lengths(name: str, distinct: pa.Array) -> None:
    longest = pc.max(pc.binary_length(distinct)).as_py() or 0
    if longest > LONGEST_VALUE:
        raise UserError(
            f"A value of {name} is longer than {LONGEST_VALUE >> 20} MB, which no value of a table is.",
            "Remove it, or leave that column out, and upload the file again.",
        )


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text, or nothing at all."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    return any(test(kind) for test in tests)


def _numbered_anew(distinct: pa.Array, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Each value once, in order of appearance, without those that no cell holds; null is no value."""
    order = pc.unique(pc.drop_null(cells))
    again = distinct.take(order).dictionary_encode()
    places = np.zeros(max(len(distinct), 1), dtype=np.int32)
    places[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    return again.dictionary, again.indices.take(pa.array(places).take(cells))


def _encoded(column: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    if not pa.types.is_dictionary(column.type):
        column = _narrow(column).dictionary_encode()
    chunks = column.unify_dictionaries().chunks
    if not chunks:
        return pa.array([], pa.string()), pa.array([], pa.int32())
    distinct = _narrow(pa.chunked_array([chunks[0].dictionary])).combine_chunks()
    cells = pa.concat_arrays([pc.cast(chunk.indices, pa.int32()) for chunk in chunks])
    return distinct, cells


def _narrow(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text with short offsets where it fits: they take half the memory."""
    if pa.types.is_string(text.type) or text.nbytes > _LARGEST_TEXT:
        return text
    return pc.cast(text, pa.string())


def _disordered(distinct: pa.Array, cells: pa.Array) -> bool:
    """Whether a dictionary that came with the file has values twice, unused ones, or another order."""
    places = pc.fill_null(cells, -1).to_numpy()
    highest = np.maximum.accumulate(places) if len(places) else np.array([-1])
    if highest[0] > 0 or highest[-1] + 1 != len(distinct) or np.any(highest[1:] - highest[:-1] > 1):
        return True
    return bool(pc.count_distinct(distinct).as_py() != len(distinct))
