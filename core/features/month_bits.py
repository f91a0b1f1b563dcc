"""A bit per month with a standing order, added up by the engine: `core.features.order_months` reads them."""

import ibis
import ibis.expr.types as ir

from core.features.order_months import BITS, name_of, span
from core.features.scene import Scene


def ordered(scene: Scene) -> ir.Table:
    """The hidden columns of months per customer with a standing order."""
    orders = scene.orders.filter(scene.orders.stands)
    month = orders.day.year() * 12 + orders.day.month() - 1
    found = {name_of(at): _bits(month - at) for at in span(scene.first, scene.as_of)}
    each = orders.group_by("customer").agg(**found)
    bits = {name: each[name].cast("int64").fill_null(0) for name in found}
    return each.select(customer=each.customer.cast("string"), **bits)


def _bits(month: ir.IntegerValue) -> ir.IntegerValue:
    """The months from 0 to 62 as bits; powers of two in floating point are exact, and the same everywhere.

    A shifted 1 is not: it is as wide as an engine's own numbers. The power is kept in bounds for engines that
    look at every row.
    """
    inside = (month >= 0) & (month < BITS)
    power = ibis.least(ibis.greatest(month, 0), BITS - 1).cast("float64")
    return (ibis.literal(2.0) ** power).cast("int64").bit_or(where=inside)
