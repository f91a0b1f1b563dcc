"""Customer measures from a log, one row per customer (DEFINITIONS.md, Customer measures)."""

import datetime as dt
from typing import Final

import ibis
import ibis.expr.types as ir

from core.features.lines import MONEY, net

YEAR: Final = 365
MIN_TENURE: Final = 90
"""Days a customer must be known before orders a year mean anything."""

WEEK_ORDERS: Final = 20
"""Fewer other orders in a week than this: the shop's own share stands in for the week's."""


def measures(
    lines: ir.Table, orders: ir.Table, as_of: dt.date, window: str, returns: str, first_weekday: int = 0
) -> ir.Table:
    """One row per customer of the log.

    Parameters
    ----------
    lines : ibis Table
        `standard_lines` up to `as_of`, each with a customer.
    orders : ibis Table
        `orders(with_matches(lines))`.
    as_of : date
        Snapshot day.
    window : str
        `all` or a number of days W; purchases in (as_of − W, as_of] count. Recency, tenure and gaps never
        depend on W.
    returns : str
        `net` and `flag` take returns off spend, `exclude` does not.
    first_weekday : int
        0 is Monday.

    Returns
    -------
    ibis Table
        `customer`, the measures of DEFINITIONS.md, and what their sums are made of: `gross`, `discount`,
        `returns`, `order_value`, `units`, `lines`, `discounted_orders`, `expected_discounted` (e of
        the discount-seeker rule), `orders_in_all` (not only in W), `net_last_year` (in the 365 days up to the
        last order).
    """
    start = window_start(as_of, window)
    standing = orders.filter(orders.stands)
    life = _life(standing, as_of)
    gaps = _gaps(orders)
    bought = _bought(standing.filter(standing.day >= start), start, first_weekday)
    money = _money(lines, start)
    wide = (
        money.left_join(life, "customer")
        .drop("customer_right")
        .left_join(gaps, "customer")
        .drop("customer_right")
        .left_join(bought, "customer")
        .drop("customer_right")
        .left_join(_variety(lines, standing.filter(standing.day >= start)), "customer")
        .drop("customer_right")
        .left_join(_last_year(lines, life), "customer")
        .drop("customer_right")
    )
    return _ratios(wide, window, returns)


def window_start(as_of: dt.date, window: str) -> dt.date:
    """The first day of the period (as_of − W, as_of]."""
    days = as_of.toordinal() if window == "all" else int(window)
    return dt.date.fromordinal(max(as_of.toordinal() - days, 0) + 1)


def _life(standing: ir.Table, as_of: dt.date) -> ir.Table:
    end = ibis.literal(as_of)
    found = standing.group_by("customer").agg(
        first=standing.day.min(), last=standing.day.max(), orders_in_all=standing.count()
    )
    return found.mutate(
        recency=end.delta(found["last"], unit="day"),
        tenure=end.delta(found["first"], unit="day"),
    ).drop("first")


def _gaps(orders: ir.Table) -> ir.Table:
    """The customer's own gap, over every day with a purchase: an order undone later was one that day."""
    days = orders.group_by("customer").agg(
        first=orders.day.min(), last=orders.day.max(), days=orders.day.nunique()
    )
    apart = days["last"].delta(days["first"], unit="day").cast("float64")
    return days.select("customer", interpurchase_days=apart / (days.days - 1).nullif(0).cast("float64"))


def _bought(standing: ir.Table, start: dt.date, first_weekday: int) -> ir.Table:
    shift = ibis.interval(days=first_weekday)
    weekly = standing.mutate(_week=(standing.day - shift).cast("timestamp(6)").truncate("W"))
    expected = _expected_discount(weekly)
    return expected.group_by("customer").agg(
        orders=expected.count(),
        discounted_orders=expected.discounted.cast("int64").sum().cast("int64"),
        expected_discounted=expected._expected.mean(),
        order_value=(expected.gross - expected.discount).sum(),
        units=expected.units.sum(),
    )


def _expected_discount(weekly: ir.Table) -> ir.Table:
    """Each order with p_w, the discounted share of *other* customers' orders in its week."""
    flag = weekly.discounted.cast("float64")
    week, own = ibis.window(group_by="_week"), ibis.window(group_by=["_week", "customer"])
    others = weekly.mutate(
        _others=weekly.count().over(week) - weekly.count().over(own),
        _others_discounted=flag.sum().over(week) - flag.sum().over(own),
        _shop=flag.mean().over(ibis.window()),
    )
    share = others._others_discounted / others._others.nullif(0).cast("float64")
    return others.mutate(_expected=ibis.ifelse(others._others >= WEEK_ORDERS, share, others._shop))


def _money(lines: ir.Table, start: dt.date) -> ir.Table:
    inside = lines.day >= start
    zero = ibis.literal(0).cast(MONEY)
    return lines.group_by("customer").agg(
        gross=lines.gross.sum(where=inside).fill_null(zero),
        discount=lines.discount.sum(where=inside).fill_null(zero),
        returns=lines.returned.sum(where=inside).fill_null(zero),
        lines=lines.count(where=inside & (lines.kind != "other")),
        country=lines.country.max(),
    )


def _variety(lines: ir.Table, standing: ir.Table) -> ir.Table:
    sales = lines.filter(lines.kind == "sale").semi_join(standing, ["customer", "order_key"])
    things = sales["product"].fill_null(sales.category)
    return sales.group_by("customer").agg(variety=things.nunique())


def _last_year(lines: ir.Table, life: ir.Table) -> ir.Table:
    """Net in the 365 days up to the customer's last order."""
    joined = lines.inner_join(life.select("customer", "last"), "customer")
    recent = (joined.day <= joined["last"]) & (joined["last"].delta(joined.day, unit="day") < YEAR)
    return joined.filter(recent).group_by("customer").agg(net_last_year=net(joined).sum())


def _ratios(wide: ir.Table, window: str, returns: str) -> ir.Table:
    paid = wide.gross - wide.discount
    kept = paid if returns == "exclude" else paid - wide.returns
    days = wide.tenure if window == "all" else ibis.least(wide.tenure, int(window))
    known = wide.tenure >= MIN_TENURE
    orders = wide.orders.fill_null(0)
    per_order = wide.orders.nullif(0).cast("float64")
    frequency = orders.cast("float64") / (days.nullif(0).cast("float64") / YEAR)
    return wide.select(
        "customer",
        "country",
        "last",
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
        expected_discounted=wide.expected_discounted,
        net_last_year=wide.net_last_year.cast("float64").fill_null(0.0),
    )
