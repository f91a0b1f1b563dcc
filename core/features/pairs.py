"""What each customer bought and what may have undone it: customer and product packed into one whole number.

To sort such numbers is several times faster than to group lines by two columns.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from core.features.matches import NO_PRODUCT
from core.features.runs import runs_of

_BITS: Final = 62
_SIZE: Final = 16
_FLAGS: Final = 2
_BACK: Final = 2
_EARLY: Final = 1
_NEITHER: Final = 2**_BITS
_AT_ONCE: Final = 500_000
_NONE: Final = np.empty(0, np.int64)


@ibis.udf.scalar.builtin(name="hash", signature=(("float64",), "uint64"))
def _hash(value):  # type: ignore[no-untyped-def]
    """Bits that tell numbers apart most of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """How a line becomes a number, from the highest bits on: customer × products + product, some bits of a
    hash of its pieces, and two that say whether it came back and whether it is from before the period.

    Attributes
    ----------
    customer, product : int
        The lowest of each.
    products : int
        How many numbers products take; the last is that of lines without one.
    """

    customer: int
    product: int
    products: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What packed lines say.

    Attributes
    ----------
    variety : pyarrow Table
        `customer` and `variety`, the distinct products of their sale lines in the period.
    suspects : pyarrow Table
        `customer` and `_thing` (product) of which as many pieces may have come back as were sold once: no
        other sale can be undone, and not all of these are.
    """

    variety: pa.Table
    suspects: pa.Table


def packing(customers: tuple[int, int], products: tuple[int, int]) -> Packing | None:
    """How lines are packed whose customers and products lie between these; None where they do not fit."""
    many = products[1] - products[0] + 2
    if (customers[1] - customers[0] + 1) * many >= 2 ** (_BITS - _SIZE - _FLAGS):
        return None
    return Packing(customer=customers[0], product=products[0], products=many)


def packed(lines: ir.Table, how: Packing, start: dt.date) -> ir.Table:
    """`packed`, a number per line; `start` is the first day of the period.

    Lines that are neither a sale nor a return get a number above all others: few logs have any, and to tell
    them apart first would cost more.
    """
    product = (lines["product"] - how.product).fill_null(how.products - 1)
    found = (lines.customer - how.customer) * how.products + product
    size = (_hash(lines.units.abs()) % ibis.literal(2**_SIZE, "uint64")).cast("int64")
    flags = ibis.cases((lines.sold, 0), (lines.back, _BACK), else_=_NEITHER)
    if start > dt.date.min:
        flags = flags + ibis.ifelse(lines.day < start, _EARLY, 0)
    return lines.select(packed=(found * 2**_SIZE + size) * 2**_FLAGS + flags)


def bought(lines: np.ndarray, how: Packing, pool: ThreadPoolExecutor) -> Bought:
    """What packed lines say; they are sorted in place."""
    lines.sort()
    lines = lines[: np.searchsorted(lines, _NEITHER)]
    found = list(pool.map(lambda some: _bought(some, how), _some_customers(lines, how)))
    if not found:
        return Bought(variety=_table("variety"), suspects=_table("_thing"))
    return Bought(
        variety=pa.concat_tables(some.variety for some in found),
        suspects=pa.concat_tables(some.suspects for some in found),
    )


def _some_customers(lines: np.ndarray, how: Packing) -> Iterator[np.ndarray]:
    """The sorted lines of some customers after the other, so that what is made of them stays small.

    New memory costs more time than what is done in it.
    """
    start = 0
    while start < lines.size:
        last = int(lines[min(start + _AT_ONCE, lines.size) - 1]) >> (_SIZE + _FLAGS)
        following = (last // how.products + 1) * how.products
        end = int(np.searchsorted(lines, following << (_SIZE + _FLAGS)))
        yield lines[start:end]
        start = end


def _bought(lines: np.ndarray, how: Packing) -> Bought:
    return Bought(variety=_variety(lines, how), suspects=_suspects(lines, how))


def _variety(lines: np.ndarray, how: Packing) -> pa.Table:
    sold = lines[(lines & (_BACK | _EARLY)) == 0] >> (_SIZE + _FLAGS)
    pairs = sold[runs_of(sold).starts]
    customer, product = np.divmod(pairs, how.products)
    customer = customer[product < how.products - 1]
    runs = runs_of(customer)
    return _table("variety", customer[runs.starts] + how.customer, runs.lengths)


def _suspects(lines: np.ndarray, how: Packing) -> pa.Table:
    """Of equal numbers sales stand before returns: a suspect is where a return follows a sale."""
    back = np.flatnonzero(lines & _BACK)
    back = back[back > 0]
    before, after = lines[back - 1], lines[back]
    follows = ((before >> _FLAGS) == (after >> _FLAGS)) & ((before & _BACK) == 0)
    pairs = np.unique(after[follows] >> (_SIZE + _FLAGS))
    customer, product = np.divmod(pairs, how.products)
    thing = np.where(product == how.products - 1, NO_PRODUCT, product + how.product)
    return _table("_thing", customer + how.customer, thing)


def _table(name: str, customer: np.ndarray = _NONE, values: np.ndarray = _NONE) -> pa.Table:
    return pa.table([pa.array(customer), pa.array(values)], names=["customer", name])
