"""Customer measures from a log, one row per customer (DEFINITIONS.md, Customer measures)."""

import datetime as dt
from typing import Final

import ibis
import ibis.expr.types as ir

from core.features.labels import MIN_TENURE
from core.features.lines import SUM_MONEY, net

YEAR: Final = 365


def measures(
    blocks: ir.Table, orders: ir.Table, variety: ir.Table | None, as_of: dt.date, window: str, returns: str
) -> ir.Table:
    """One row per customer of the log.

    Parameters
    ----------
    blocks : ibis Table
        `core.features.blocks.blocks` of the lines up to `as_of`, each with a customer.
    orders : ibis Table
        `core.features.blocks.orders`.
    variety : ibis Table or None
        `variety` of the lines; None where the log has neither products nor categories.
    as_of : date
        Snapshot day.
    window : str
        `all` or a number of days W; purchases in (as_of − W, as_of] count. Recency, tenure and gaps never
        depend on W.
    returns : str
        `net` and `flag` take returns off spend, `exclude` does not.

    Returns
    -------
    ibis Table
        `customer` (text), the measures of DEFINITIONS.md, and what their sums are made of: `gross`,
        `discount`, `returns`, `order_value`, `units`, `lines`, `discounted_orders`, `orders_in_all` (not only
        in W), `net_last_year` (in the 365 days up to the last order).
    """
    start = window_start(as_of, window)
    life = _life(orders, as_of, start)
    wide = _money(blocks, life, start).left_join(life, "customer").drop("customer_right")
    if variety is not None:
        wide = wide.left_join(variety, "customer").drop("customer_right")
    else:
        wide = wide.mutate(variety=ibis.literal(0))
    return _ratios(wide, window, returns)


def window_start(as_of: dt.date, window: str) -> dt.date:
    """The first day of the period (as_of − W, as_of]."""
    days = as_of.toordinal() if window == "all" else int(window)
    return dt.date.fromordinal(max(as_of.toordinal() - days, 0) + 1)


def counted(orders: ir.Table, start: dt.date) -> ir.BooleanValue:
    """Whether an order stands and is in the period that opens at `start`."""
    return orders.stands & (orders.day >= start)


def variety(lines: ir.Table, orders: ir.Table, start: dt.date, mixed: bool) -> ir.Table:
    """`variety` per customer: distinct products of the lines of standing orders in the period.

    Where `mixed` a line without a product counts by its category.
    """
    sales = sales_counted(lines, orders, start)
    thing = sales["product"]
    bought = sales.mutate(_thing=thing.cast("string").fill_null(sales.category) if mixed else thing)
    bought = bought.filter(bought._thing.notnull()).select("customer", "_thing").distinct()
    return bought.group_by("customer").agg(variety=bought.count())


def sales_counted(lines: ir.Table, orders: ir.Table, start: dt.date) -> ir.Table:
    """The sale lines of orders that stand in the period.

    Nearly all orders do: leaving out the lines of the few others is cheaper than finding those of the many.
    """
    sales = lines.filter(lines.sold & lines.lived & (lines.day >= start))
    others = orders.filter(~counted(orders, start) & (orders.until >= start))
    return sales.anti_join(others.select("customer", "order_key"), ["customer", "order_key"])


def _life(orders: ir.Table, as_of: dt.date, start: dt.date) -> ir.Table:
    """From orders: life and gaps over the whole file, sums over the period.

    The customer's own gap is over every day with a purchase: an order undone later was one that day.
    """
    inside, end = counted(orders, start), ibis.literal(as_of)
    found = orders.group_by("customer").agg(
        first=orders.day.min(where=orders.stands),
        last=orders.day.max(where=orders.stands),
        orders_in_all=orders.count(where=orders.stands),
        first_bought=orders.day.min(),
        last_bought=orders.day.max(),
        orders=orders.count(where=inside),
        discounted_orders=orders.count(where=inside & orders.discounted),
        order_gross=orders.gross.sum(where=inside),
        order_discount=orders.discount.sum(where=inside),
        units=orders.units.sum(where=inside),
    )
    found = found.inner_join(_days(orders), "customer")
    apart = found.last_bought.delta(found.first_bought, unit="day").cast("float64")
    return found.mutate(
        recency=end.delta(found["last"], unit="day"),
        tenure=end.delta(found["first"], unit="day"),
        interpurchase_days=apart / (found.days - 1).nullif(0).cast("float64"),
        order_value=found.order_gross - found.order_discount,
    ).drop("first", "first_bought", "last_bought", "days", "order_gross", "order_discount")


def _days(orders: ir.Table) -> ir.Table:
    """Distinct purchase days: two plain groupings are several times faster than counting distinct values."""
    days = orders.select("customer", "day").distinct()
    return days.group_by("customer").agg(days=days.count())


def _money(blocks: ir.Table, life: ir.Table, start: dt.date) -> ir.Table:
    """Sums of the period, and net of the 365 days up to the customer's last order."""
    joined = blocks.left_join(life.select("customer", "last"), "customer").drop("customer_right")
    # a filter that all rows pass would cost as much as the sum
    inside = None if start == dt.date.min else joined.day >= start
    recent = (joined.day <= joined["last"]) & (joined["last"].delta(joined.day, unit="day") < YEAR)
    late = ibis.ifelse(recent, net(joined), ibis.null())
    found = joined.group_by("customer").agg(
        **{name: joined[column].sum(where=inside) for name, column in _SUMS.items()},
        net_last_year=late.cast(SUM_MONEY).sum(),
        lines=joined.rows.sum(where=joined.fate == "used"),
        country=joined.country.max(),
    )
    return found.select(
        "customer",
        "country",
        "net_last_year",
        **{name: found[name].fill_null(0) for name in (*_SUMS, "lines")},
    )


_SUMS: Final = {"gross": "gross", "discount": "discount", "returns": "returned"}
"""What is added up, by the names of the sheet and of the blocks."""


def _ratios(wide: ir.Table, window: str, returns: str) -> ir.Table:
    paid = wide.gross - wide.discount
    kept = paid if returns == "exclude" else paid - wide.returns
    days = wide.tenure if window == "all" else ibis.least(wide.tenure, int(window))
    known = wide.tenure >= MIN_TENURE
    orders = wide.orders.fill_null(0)
    per_order = wide.orders.nullif(0).cast("float64")
    frequency = orders.cast("float64") / (days.nullif(0).cast("float64") / YEAR)
    return wide.select(
        "country",
        "last",
        customer=wide.customer.cast("string"),
        recency=wide.recency.cast("float64"),
        orders=orders,
        monetary=kept.cast("float64"),
        average_order_value=wide.order_value.cast("float64") / per_order,
        tenure=wide.tenure.cast("float64"),
        purchase_frequency=ibis.ifelse(known, frequency, ibis.null("float64")),
        interpurchase_days=wide.interpurchase_days,
        discount_share=wide.discount.cast("float64") / wide.gross.cast("float64").nullif(0),
        discounted_orders_share=wide.discounted_orders.cast("float64") / per_order,
        return_rate=ibis.ifelse(
            paid > 0, wide.returns.cast("float64") / paid.cast("float64").nullif(0), ibis.null("float64")
        ),
        basket_size=wide.units / per_order,
        variety=wide.variety.fill_null(0).cast("float64"),
        gross=wide.gross.cast("float64"),
        discount=wide.discount.cast("float64"),
        returns=wide.returns.cast("float64"),
        order_value=wide.order_value.cast("float64").fill_null(0.0),
        units=wide.units.fill_null(0.0),
        lines=wide.lines,
        discounted_orders=wide.discounted_orders.fill_null(0),
        orders_in_all=wide.orders_in_all.fill_null(0),
        net_last_year=wide.net_last_year.cast("float64").fill_null(0.0),
    )
