"""Rows spread evenly over a table by their number: the same ones whoever asks, and however often."""

from typing import Final, TypeVar

import ibis.expr.types as ir
import numpy as np

_SPREADING: Final = 2_654_435_761
_RANGE: Final = 2**32

_Number = TypeVar("_Number", np.ndarray, ir.IntegerValue)


def sample(table: ir.Table, rows: int, most: int) -> ir.Table:
    """About `most` rows of a table that has `_row`; all where there are no more."""
    return table.filter(chosen(table["_row"], rows, most)) if rows > most else table


def chosen(number: _Number, rows: int, most: int) -> _Number:
    """Whether the row of this number is one of about `most` of `rows`."""
    found: _Number = (number * _SPREADING) % _RANGE < int(most / rows * _RANGE)
    return found
