"""Discounted orders to expect of a customer: those of others in the same weeks (DEFINITIONS.md, Labels)."""

from typing import Final

import ibis
import ibis.expr.types as ir

WEEK_ORDERS: Final = 20
"""Fewer other orders in a week than this: the shop's own share stands in for the week's."""


def weeks(standing: ir.Table, first_weekday: int) -> ir.Table:
    """One row per customer and week of standing orders: `customer`, `week`, `orders`, `discounted` ones."""
    day = standing.day - ibis.interval(days=first_weekday)
    weekly = standing.mutate(week=day.cast("timestamp(6)").truncate("W").cast("date"))
    return weekly.group_by("customer", "week").agg(
        orders=weekly.count(), discounted=weekly.count(where=weekly.discounted)
    )


def weeks_schema(lines: ibis.Schema) -> ibis.Schema:
    """Names and types of the weeks of lines with this schema."""
    return ibis.schema(
        {"customer": lines["customer"], "week": "date", "orders": "int64", "discounted": "int64"}
    )


def expected(weeks: ir.Table) -> ir.Table:
    """`customer` (text) and `expected_discounted`: the mean over their orders of p_w.

    p_w is the discounted share of *other* customers' orders in the order's week, or the shop's share where
    these are under 20. `weeks` are those of all customers.
    """
    totals = weeks.group_by("week").agg(all_orders=weeks.orders.sum(), all_discounted=weeks.discounted.sum())
    shop = weeks.agg(share=weeks.discounted.sum().cast("float64") / weeks.orders.sum().cast("float64"))
    joined = weeks.inner_join(totals, "week").cross_join(shop)
    others = (joined.all_orders - joined.orders).cast("float64")
    share = (joined.all_discounted - joined.discounted).cast("float64") / others.nullif(0)
    p = ibis.ifelse(others >= WEEK_ORDERS, share, joined.share)
    found = joined.mutate(_p=p * joined.orders.cast("float64"))
    found = found.group_by("customer").agg(sum=found._p.sum(), orders=found.orders.sum())
    return found.select(
        customer=found.customer.cast("string"),
        expected_discounted=found["sum"] / found.orders.cast("float64"),
    )
