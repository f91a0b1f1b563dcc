"""Blocks folded to orders: sorted once, then added up in runs of equal rows, some customers at a time."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.features.coded import Codes, as_days, both_coded, floats, money, numbers
from core.features.fates import CODES, LIVED
from core.features.runs import runs_of

_AT_ONCE: Final = 250_000
"""Blocks: what is made of them then stays small. New memory costs more time than what is done in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The blocks that customers' lives are made of, or those of some customers.

    Attributes
    ----------
    table : pyarrow Table
        All blocks of the log, as they came.
    columns : mapping of str to array
        Its numbers, `country` as a place in `countries` (-1 where there is none).
    place : int64 array (n,)
        Where each of these blocks stands in the table; by customer and order.
    key : int64 array (n,)
        Ascending; customer × `order.size` + order, by the numbers of `customer` and `order`.
    countries : pyarrow Array
        By the alphabet.
    """

    table: pa.Table
    columns: Mapping[str, np.ndarray]
    place: np.ndarray
    key: np.ndarray
    customer: Codes
    order: Codes
    countries: pa.Array

    def __len__(self) -> int:
        return int(self.key.size)

    @property
    def lines(self) -> int:
        """Lines of all blocks, of which these are some."""
        return int(self.columns["rows"].sum())

    @property
    def owner(self) -> np.ndarray:
        """Whose each block is, by the numbers of `customer`."""
        return self.key // self.order.size

    def get(self, name: str) -> np.ndarray:
        """A column in the order of `place`; days count from 1970, money in units of 1/10,000."""
        return self.columns[name][self.place]

    def some(self) -> Iterator["Blocks"]:
        """The blocks of some customers after the other."""
        start = 0
        while start < len(self):
            last = int(self.key[min(start + _AT_ONCE, len(self)) - 1]) // self.order.size
            end = int(np.searchsorted(self.key, (last + 1) * self.order.size))
            yield replace(self, place=self.place[start:end], key=self.key[start:end])
            start = end


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """The orders with a sale line, by customer: arrays of the same length.

    Attributes
    ----------
    key : int64 array
        As of `Blocks`, ascending, each once.
    day, until : int64 array
        Days of the first and the last sale, from 1970.
    gross, discount : int64 array
        In units of 1/10,000.
    units : float array
    sales : int64 array
        Sale lines.
    stands : bool array
        Whether some of its sale lines was not undone by a return.
    """

    key: np.ndarray
    day: np.ndarray
    until: np.ndarray
    gross: np.ndarray
    discount: np.ndarray
    units: np.ndarray
    sales: np.ndarray
    stands: np.ndarray

    def __len__(self) -> int:
        return int(self.key.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Some customers: their blocks and their orders."""

    blocks: Blocks
    orders: Orders


_READ: Final = {
    **dict.fromkeys(("fate", "day", "rows", "sales"), numbers),
    **dict.fromkeys(("gross", "discount", "returned"), money),
    "units": floats,
}


def lived_blocks(table: pa.Table, pool: ThreadPoolExecutor) -> Blocks:
    """The blocks of `core.features.blocks.dated` with a fate of `LIVED`."""
    read = [pool.submit(how, table[name]) for name, how in _READ.items()]
    customer, order = both_coded(table["customer"], table["order_key"])
    key = customer.of(table["customer"]) * order.size + order.of(table["order_key"])
    columns = {name: each.result() for name, each in zip(_READ, read, strict=True)}
    mine = np.isin(columns["fate"], [CODES[word] for word in LIVED])
    place = np.argsort(key) if mine.all() else _sorted(np.flatnonzero(mine), key)
    countries = pc.unique(table["country"]).drop_null()
    countries = countries.take(pc.sort_indices(countries))
    country = pc.fill_null(pc.index_in(table["country"], value_set=countries), -1)
    return Blocks(
        table=table,
        columns={**columns, "country": numbers(country)},
        place=place,
        key=key[place],
        customer=customer,
        order=order,
        countries=countries,
    )


def _sorted(place: np.ndarray, key: np.ndarray) -> np.ndarray:
    return np.asarray(place[np.argsort(key[place])])


def folded(blocks: Blocks) -> Folded:
    """The blocks added up to orders; all of them stand, as long as no return is known to undo one."""
    runs = runs_of(blocks.key)
    lines, day = blocks.get("sales"), blocks.get("day")
    has = lines > 0
    sales = runs.sum(lines)
    sold = sales > 0
    never = np.iinfo(np.int64)
    return Folded(
        blocks=blocks,
        orders=Orders(
            key=blocks.key[runs.starts][sold],
            day=runs.least(np.where(has, day, never.max))[sold],
            until=runs.most(np.where(has, day, never.min))[sold],
            gross=runs.money(np.where(has, blocks.get("gross"), 0))[sold],
            discount=runs.money(np.where(has, blocks.get("discount"), 0))[sold],
            units=runs.sum(blocks.get("units"))[sold],
            sales=sales[sold],
            stands=np.ones(int(sold.sum()), dtype=bool),
        ),
    )


def keys_of(blocks: Blocks, table: pa.Table) -> np.ndarray:
    """The keys of `customer` and `order_key` in a table of the engine."""
    return blocks.customer.of(table["customer"]) * blocks.order.size + blocks.order.of(table["order_key"])


def with_undone(some: Folded, key: np.ndarray, undone: np.ndarray) -> Folded:
    """The orders, with those that returns undid whole no longer standing.

    Parameters
    ----------
    key, undone : int64 array
        Keys of orders, of these and of others, and how many of their sale lines were undone.
    """
    orders = some.orders
    theirs = np.isin(key, orders.key)
    gone = np.zeros(len(orders), dtype=np.int64)
    gone[np.searchsorted(orders.key, key[theirs])] = undone[theirs]
    return replace(some, orders=replace(orders, stands=orders.sales > gone))


def others(orders: Orders, start: int) -> np.ndarray:
    """Keys of orders with a sale from the day `start` on that do not count: undone, or begun before it."""
    return orders.key[~(orders.stands & (orders.day >= start)) & (orders.until >= start)]


def named(blocks: Blocks, key: np.ndarray) -> pa.Table:
    """`customer` and `order_key` of some of the keys of all blocks, as the engine has them."""
    at = blocks.place[np.searchsorted(blocks.key, key)]
    return blocks.table.select(["customer", "order_key"]).take(pa.array(at))


def order_table(blocks: Blocks, found: Sequence[Folded], timed: bool) -> pa.Table:
    """The orders of all customers for the engine to ask: `core.features.scene.Scene.orders`."""
    orders = [some.orders for some in found]
    key = np.concatenate([np.empty(0, np.int64), *(o.key for o in orders)])
    discount = np.concatenate([np.empty(0, np.int64), *(o.discount for o in orders)])
    who = named(blocks, key)
    return pa.table(
        {
            "customer": who["customer"],
            "order_key": who["order_key"],
            "at": _times(blocks, key) if timed else pa.nulls(key.size, pa.timestamp("us")),
            "day": as_days(np.concatenate([np.empty(0, np.int64), *(o.day for o in orders)])),
            "stands": pa.array(np.concatenate([np.empty(0, bool), *(o.stands for o in orders)])),
            "discounted": pa.array(discount > 0),
        }
    )


def _times(blocks: Blocks, key: np.ndarray) -> pa.Array:
    """When each order was: its first sale."""
    runs = runs_of(blocks.key)
    never = np.iinfo(np.int64).max
    times = pc.fill_null(blocks.table["at"].cast(pa.int64()), never).to_numpy()[blocks.place]
    found = runs.least(times)[np.searchsorted(blocks.key[runs.starts], key)]
    return pa.array(found).cast(pa.timestamp("us"))
