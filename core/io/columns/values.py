"""From what a reader found to canonical columns: the type of each is worked out over all of its values."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pyarrow as pa

from core.errors import UserError
from core.io.columns import casts, native, serials, written
from core.io.columns.texts import Text, is_text, looked_at, positions
from core.io.columns.typed import Told, Typed, chunked, typed_dates
from core.io.dataset import ReaderChoice
from core.io.names import listed, shown_names, slugs
from core.io.reading import Field, Raw, Reading, idle

MOST_COLUMNS: Final = 10_000
ROW: Final = "_row"

_DECIMALS: Final = ((".", "Point: 1,234.50"), (",", "Comma: 1.234,50"))
_ORDER_SAID: Final = {None: "", True: ", the day first", False: ", the month first"}
_ORDERS: Final = (("yes", "The day first: 31/12/2024"), ("no", "The month first: 12/31/2024"))


def settle(raw: Raw) -> Reading:
    """Type, name and number the columns of a file.

    Each column as the reader found it is let go once it is typed, so a caller that keeps none of them needs
    no more memory than one table.

    Raises
    ------
    UserError
        When there are no rows, or too many columns.
    """
    check_width(len(raw.names))
    if not len(raw.numbers):
        raise UserError(
            "This file has column names but no rows.",
            "Check that the right sheet or export was saved, with its data.",
        )
    names, renamed = shown_names(raw.names)
    found, raw = list(raw.columns), replace(raw, columns=())
    told = Told()
    read: list[Text | Typed] = [_read(name, found, told) for name in names]
    file = written.habits(read, raw.decimal, raw.dayfirst)
    typed = []
    for place, name in enumerate(names):
        column, read[place] = read[place], _LET_GO
        done = written.typed(column, file, told) if isinstance(column, Text) else column
        typed.append(_dated(name, _finite(name, done, told), told))
    raw = replace(raw, decisions=(*raw.decisions, *renamed, *told.sentences(names)))
    return _reading(raw, names, typed, told.warnings)


def check_width(columns: int) -> None:
    """Refuse a file with more columns than can be read."""
    if columns > MOST_COLUMNS:
        raise UserError(
            f"This file has {columns:,} columns; at most {MOST_COLUMNS:,} can be read.",
            "Keep the columns that matter and upload it again.",
        )


_LET_GO: Final = Typed(values=pa.chunked_array([], pa.string()), type="text")


def _read(name: str, left: list[pa.ChunkedArray], told: Told) -> Text | Typed:
    """The next column, taken out of those that are left."""
    column = left.pop(0)
    if not is_text(column.type):
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        found = native.typed(name, column, told)
        if isinstance(found, Typed):
            return found
        column = found
    if not pa.types.is_dictionary(column.type) and (plain := _plain(name, column, told)):
        return plain
    distinct, cells = positions(column)
    del column
    if plain := _plain(name, chunked(distinct), told):
        return replace(plain, values=plain.values.take(cells))
    return looked_at(name, distinct, cells)


def _plain(name: str, column: pa.ChunkedArray, told: Told) -> Typed | None:
    typed = casts.plain_number(column) or casts.plain_moment(column) or casts.plain_day(column)
    if typed is None:
        return None
    if typed.decimal and typed.type == "integer":
        told.chose("only whole numbers, read as such", name)
    if typed.type in ("date", "datetime"):
        timed = " with time" if typed.type == "datetime" else ""
        told.chose(f"text read as dates{timed}{_ORDER_SAID[typed.order]}", name)
    return typed


def _finite(name: str, typed: Typed, told: Told) -> Typed:
    """Numbers that a float can hold; `1e400` is none."""
    if not pa.types.is_floating(typed.values.type):
        return typed
    return replace(typed, values=native.finite(name, typed.values, told))


def _dated(name: str, typed: Typed, told: Told) -> Typed:
    """Numbers that are days, as days."""
    if typed.sign or (found := serials.moments(name, typed.values)) is None:
        return typed
    told.chose(found[1], name)
    return typed_dates(found[0])


def _reading(raw: Raw, names: list[str], typed: list[Typed], warnings: list[str]) -> Reading:
    signs = sorted({column.sign for column in typed} - {""})
    if len(signs) > 1:
        warnings.append(f"Amounts are in more than one currency: {listed(signs)}. They are not converted.")
    fields = tuple(
        Field(slug=slug, name=name, type=column.type, dayfirst=column.dayfirst, zoned=column.zoned)
        for slug, name, column in zip(slugs(names), names, typed, strict=True)
    )
    return Reading(
        table=pa.table([raw.numbers, *(c.values for c in typed)], names=[ROW, *(f.slug for f in fields)]),
        fields=fields,
        currency=signs[0] if len(signs) == 1 else "",
        decisions=raw.decisions,
        warnings=(*raw.warnings, *_vain(raw, typed), *warnings),
        aside=raw.aside,
        choices=(*raw.choices, *_choices(raw, typed)),
    )


def _vain(raw: Raw, typed: Sequence[Typed]) -> Iterator[str]:
    """What a person chose of numbers and dates although no column can be read otherwise."""
    if raw.decimal and all(column.decimal != raw.decimal for column in typed):
        yield idle(["decimal"], f"no number in it is written with “{raw.decimal}” before decimals")
    if raw.dayfirst and all(column.dayfirst is None for column in typed):
        yield idle(["dayfirst"], "no date in it leaves day and month open")


def _choices(raw: Raw, typed: Sequence[Typed]) -> Iterator[ReaderChoice]:
    """What was judged of numbers and dates that can be read otherwise."""
    decimals = {column.decimal for column in typed} - {""}
    if decimals:
        value = raw.decimal or next((sign for sign in (",", ".") if sign in decimals), "")
        yield ReaderChoice(key="decimal", value=value, options=_DECIMALS, chosen=bool(raw.decimal))
    orders = {column.dayfirst for column in typed} - {None}
    if orders:
        value = raw.dayfirst or ("yes" if True in orders else "no")
        yield ReaderChoice(key="dayfirst", value=value, options=_ORDERS, chosen=bool(raw.dayfirst))
