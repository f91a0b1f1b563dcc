"""Customer measures from a log, one row per customer (DEFINITIONS.md, Customer measures)."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.features.coded import as_days, number_of
from core.features.fates import CODES, USED
from core.features.folded import Blocks, Folded, Orders
from core.features.labels import MIN_TENURE
from core.features.runs import Runs, runs_of
from core.features.snapshot import window_start
from core.features.variety import Variety

YEAR: Final = 365
_PARTS: Final = 10_000
"""Money is counted in units of 1/10,000."""


def measures(some: Folded, variety: Variety, as_of: dt.date, window: str, returns: str) -> pa.Table:
    """One row per customer, of some customers of the log.

    Parameters
    ----------
    as_of : date
        Snapshot day.
    window : str
        `all` or a number of days W; purchases in (as_of − W, as_of] count. Recency, tenure and gaps never
        depend on W.
    returns : str
        `net` and `flag` take returns off spend, `exclude` does not.

    Returns
    -------
    pyarrow Table
        `customer` (text), the measures of DEFINITIONS.md, and what their sums are made of: `gross`,
        `discount`, `returns`, `order_value`, `units`, `lines`, `discounted_orders`, `orders_in_all` (not only
        in W), `net_last_year` (in the 365 days up to the last order).
    """
    blocks, start = some.blocks, number_of(window_start(as_of, window))
    owner = blocks.owner
    own = runs_of(owner)
    who = owner[own.starts]
    life = _life(some, who, start)
    spent = _spent(blocks, own, life, start)
    country = own.most(blocks.get("country"))
    columns = {
        "country": blocks.countries.take(pa.array(country, mask=country < 0)),
        "last": pc.if_else(pa.array(life.known), as_days(life.last), pa.scalar(None, pa.date32())),
        "customer": blocks.customer.values(who).cast(pa.string()),
        **_ratios(life, spent, number_of(as_of), window, returns),
        "variety": pa.array(variety.of(who).astype(np.float64)),
    }
    return pa.table(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Life:
    """Per customer: life and gaps over the whole file, sums over the orders that stand in the period.

    `first`, `last` are days from 1970 of standing orders, and mean nothing where there is none (`known`). The
    customer's own gap is over every day with a purchase: an order undone later was one that day.
    """

    known: np.ndarray
    first: np.ndarray
    last: np.ndarray
    gap: np.ndarray
    orders_in_all: np.ndarray
    orders: np.ndarray
    discounted: np.ndarray
    value: np.ndarray
    units: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spent:
    """Per customer, in the period: money in units of 1/10,000, and lines used."""

    gross: np.ndarray
    discount: np.ndarray
    returns: np.ndarray
    lines: np.ndarray
    last_year: np.ndarray


def _life(some: Folded, who: np.ndarray, start: int) -> _Life:
    orders = some.orders
    customer = orders.key // some.blocks.order.size
    runs = runs_of(customer)
    at = np.searchsorted(who, customer[runs.starts])
    inside = orders.stands & (orders.day >= start)
    low, high = np.iinfo(np.int64).min // 2, np.iinfo(np.int64).max // 2

    def spread(values: np.ndarray, absent: float = 0) -> np.ndarray:
        found = np.full(who.size, absent, dtype=values.dtype)
        found[at] = values
        return found

    in_all = spread(runs.sum(orders.stands.astype(np.int64)))
    return _Life(
        known=in_all > 0,
        first=spread(runs.least(np.where(orders.stands, orders.day, high))),
        last=spread(runs.most(np.where(orders.stands, orders.day, low))),
        gap=spread(_gaps(orders, runs), np.nan),
        orders_in_all=in_all,
        orders=spread(runs.sum(inside.astype(np.int64))),
        discounted=spread(runs.sum((inside & (orders.discount > 0)).astype(np.int64))),
        value=spread(runs.money(np.where(inside, orders.gross - orders.discount, 0))),
        units=spread(runs.sum(np.where(inside, orders.units, 0.0))),
    )


def _gaps(orders: Orders, runs: Runs) -> np.ndarray:
    """Days between the first and the last purchase day over their number less one; NaN with one day."""
    if not runs.size:
        return np.empty(0)
    whose = np.repeat(np.arange(runs.starts.size), runs.lengths)
    first = orders.day.min()
    span = int(orders.day.max() - first) + 1
    # customer by customer and day by day: to sort numbers is quicker than to group rows by them
    each = np.sort(whose * span + (orders.day - first))
    new = np.concatenate([[True], each[1:] != each[:-1]])
    count = np.add.reduceat(new.astype(np.int64), runs.starts)
    apart = each[runs.starts + runs.lengths - 1] - each[runs.starts]
    return np.divide(apart, count - 1, out=np.full(count.size, np.nan), where=count > 1)


def _spent(blocks: Blocks, own: Runs, life: _Life, start: int) -> _Spent:
    day = blocks.get("day")
    inside = day >= start
    gross, discount, back = (blocks.get(name) for name in ("gross", "discount", "returned"))
    last = np.repeat(np.where(life.known, life.last, np.iinfo(np.int64).min // 2), own.lengths)
    recent = (day <= last) & (last - day < YEAR)
    used = blocks.get("fate") == CODES[USED]
    return _Spent(
        gross=own.money(np.where(inside, gross, 0)),
        discount=own.money(np.where(inside, discount, 0)),
        returns=own.money(np.where(inside, back, 0)),
        lines=own.sum(np.where(used, blocks.get("rows"), 0)),
        last_year=own.money(np.where(recent, gross - discount - back, 0)),
    )


def _ratios(life: _Life, spent: _Spent, as_of: int, window: str, returns: str) -> dict[str, pa.Array]:
    paid = spent.gross - spent.discount
    kept = paid if returns == "exclude" else paid - spent.returns
    tenure = as_of - life.first
    counted = tenure if window == "all" else np.minimum(tenure, int(window))
    a_year = _ratio(life.orders, _ratio(counted, YEAR), life.known & (tenure >= MIN_TENURE) & (counted > 0))
    some = life.orders > 0
    gross, discount, back, worth = map(_money, (spent.gross, spent.discount, spent.returns, life.value))
    return {
        "recency": _where(life.known, as_of - life.last),
        "orders": pa.array(life.orders),
        "monetary": pa.array(_money(kept)),
        "average_order_value": _where(some, _ratio(worth, life.orders, some)),
        "tenure": _where(life.known, tenure),
        "purchase_frequency": _where(~np.isnan(a_year), a_year),
        "interpurchase_days": _where(~np.isnan(life.gap), life.gap),
        "discount_share": _where(spent.gross != 0, _ratio(discount, gross, spent.gross != 0)),
        "discounted_orders_share": _where(some, _ratio(life.discounted, life.orders, some)),
        "return_rate": _where(paid > 0, _ratio(back, _money(paid), paid > 0)),
        "basket_size": _where(some, _ratio(life.units, life.orders, some)),
        "gross": pa.array(gross),
        "discount": pa.array(discount),
        "returns": pa.array(back),
        "order_value": pa.array(worth),
        "units": pa.array(life.units),
        "lines": pa.array(spent.lines),
        "discounted_orders": pa.array(life.discounted),
        "orders_in_all": pa.array(life.orders_in_all),
        "net_last_year": pa.array(_money(spent.last_year)),
    }


def _money(values: np.ndarray) -> np.ndarray:
    return values / _PARTS


def _ratio(values: np.ndarray, by: np.ndarray | int, where: np.ndarray | None = None) -> np.ndarray:
    """The quotient; NaN where it is not asked for."""
    if where is None:
        return np.asarray(values / by, dtype=np.float64)
    return np.divide(values, by, out=np.full(values.size, np.nan), where=where)


def _where(known: np.ndarray, values: np.ndarray) -> pa.Array:
    return pa.array(values.astype(np.float64), mask=~known)
