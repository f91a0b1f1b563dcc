"""Columns that come with a type of their own, as Parquet and workbooks give them, in canonical types."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from core.io.columns import amounts
from core.io.columns.typed import Told, Typed, chunked, counted, typed_dates


def typed(name: str, column: pa.ChunkedArray, told: Told) -> Typed | pa.ChunkedArray:
    """The column in its canonical type, or as text where only that can hold its values.

    Lists, records and binary data are left empty, with a warning.
    """
    kind = column.type
    if pa.types.is_boolean(kind):
        return Typed(values=column, type="flag")
    if pa.types.is_integer(kind):
        return _integers(column)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _floats(name, column, told)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _dates(name, column, told)
    return _foreign(name, column, told)


def _integers(column: pa.ChunkedArray) -> Typed | pa.ChunkedArray:
    try:
        return Typed(values=pc.cast(column, pa.int64()), type="integer")
    except pa.ArrowInvalid:  # unsigned and beyond int64: a code, not an amount
        return pc.cast(column, pa.string())


def _floats(name: str, column: pa.ChunkedArray, told: Told) -> Typed:
    if pa.types.is_decimal(column.type):  # Arrow's own cast to a float is off by the last bit now and then
        column = pc.cast(column, pa.string())
    values = finite(name, pc.cast(column, pa.float64()), told)
    whole = amounts.whole_if_possible(values)
    if whole.type == pa.int64():
        told.chose("only whole numbers, read as such", name)
    return Typed(values=whole, type="integer" if whole.type == pa.int64() else "number")


def finite(name: str, values: pa.ChunkedArray, told: Told) -> pa.ChunkedArray:
    """Numbers without what is infinite or none, `1e400` too; told where something was infinite."""
    known = pc.is_finite(values)
    if pc.all(known).as_py():
        return values
    if count := pc.sum(pc.is_inf(values)).as_py():
        told.warn(f"{name} has {counted(count, 'infinite value')}, read as empty.")
    return pc.if_else(known, values, None)


def _dates(name: str, column: pa.ChunkedArray, told: Told) -> Typed:
    zone = getattr(column.type, "tz", None)
    if zone:
        told.chose("times turned into UTC", name)
    moments = pc.cast(pc.cast(column, pa.timestamp("us", zone), safe=False), pa.timestamp("us"))
    return replace(typed_dates(moments.to_numpy()), zoned=bool(zone))


def _foreign(name: str, column: pa.ChunkedArray, told: Told) -> Typed | pa.ChunkedArray:
    try:
        return pc.cast(column, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        told.warn(f"{name} holds lists, records or binary data that can't be used; it was left empty.")
        return Typed(values=chunked(pa.nulls(len(column), pa.string())), type="text")
