"""Columns as the bytes of a CSV file (RFC 4180), made by Arrow: no value becomes a Python object."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import texts
from core.takeaway.plain import plain
from core.takeaway.safe import safe_texts

_SPECIAL: Final = '[",\r\n]'


def header(names: Sequence[str]) -> bytes:
    """The first line."""
    return lines([texts([name]) for name in names])


def lines(columns: Sequence[pa.Array]) -> bytes:
    """Rows of columns; text is safe in a spreadsheet, what is missing is empty."""
    comma, end, nothing = texts([",", "\r\n", ""])
    cells = [_cells(column, alone=len(columns) == 1) for column in columns]
    blank = {"null_handling": "replace", "null_replacement": ""}
    rows = pc.binary_join_element_wise(*cells, comma, **blank)
    written = pc.binary_join_element_wise(rows, nothing, end, **blank)
    return _bytes(written)


def _cells(column: pa.Array, alone: bool) -> pa.Array:
    found = plain(column)
    if pa.types.is_string(column.type):
        found = _quoted(safe_texts(found))
    if not alone:
        return found
    empty = texts(["", '""'])
    found = pc.coalesce(found, empty[0])
    return pc.if_else(pc.equal(found, empty[0]), empty[1], found)  # an empty line would be no row


def _quoted(found: pa.Array) -> pa.Array:
    special = pc.match_substring_regex(found, _SPECIAL)
    if not pc.any(special).as_py():
        return found
    quote, nothing = texts(['"', ""])
    doubled = pc.replace_substring(found, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise(quote, doubled, quote, nothing), found)


def _bytes(written: pa.Array) -> bytes:
    """Texts one after the other: what Arrow holds of them is just that."""
    _, ends, data = written.buffers()
    size = np.frombuffer(ends, np.int32)[len(written)]
    return data.slice(0, size).to_pybytes() if size else b""
