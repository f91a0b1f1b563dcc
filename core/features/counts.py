"""Blocks counted: per fate for the ledger, per month for the charts."""

from collections.abc import Sequence

import ibis.expr.types as ir

from core.features.fates import CODES, NOBODY, PRESENT
from core.features.lines import net


def fated(blocks: ir.Table) -> ir.Table:
    """`customer` and `fate`, each pair once: what customers are counted from."""
    return blocks.select("customer", "fate").distinct()


def by_fate(blocks: ir.Table, fated: ir.Table) -> ir.Table:
    """`fate` (a code), its `rows`, `customers`, and its `gross`, `discount` and `returned` money."""
    sums = blocks.group_by("fate").agg(
        rows=blocks.rows.sum(),
        gross=blocks.gross.sum(),
        discount=blocks.discount.sum(),
        returned=blocks.returned.sum(),
    )
    return sums.inner_join(fated.group_by("fate").agg(customers=fated.customer.count()), "fate")


def customers_counted(fated: ir.Table) -> ir.Table:
    """Distinct customers: of the `file`, `known` (with a line that counts as a customer's), `present`."""
    each = fated.group_by("customer").agg(
        known=fated.count(where=~fated.fate.isin(_codes(NOBODY))),
        present=fated.count(where=fated.fate.isin(_codes(PRESENT))),
    )
    known = each.customer.notnull()
    return each.agg(
        file=each.count(where=known),
        known=each.count(where=known & (each.known > 0)),
        present=each.count(where=known & (each.present > 0)),
    )


def present(fated: ir.Table) -> ir.Table:
    """The customers of the log on the snapshot day, as text."""
    found = fated.filter(fated.fate.isin(_codes(PRESENT))).select("customer").distinct()
    return found.select(customer=found.customer.cast("string"))


def months(used: ir.Table, standing: ir.Table, returns: str) -> ir.Table:
    """`month` (date), `net` and `gross` money of blocks used, their `customers`, and standing `orders`.

    `returns` as in `core.features.measures`: with `exclude` they are not taken off.
    """
    used = used.mutate(month=used.day.truncate("M").cast("date"))
    sums = used.group_by("month").agg(
        gross=used.gross.sum(), discount=used.discount.sum(), returned=used.returned.sum()
    )
    each = used.select("month", "customer").distinct()
    money = sums.inner_join(each.group_by("month").agg(customers=each.count()), "month")
    money = money.mutate(net=money.gross - money.discount if returns == "exclude" else net(money))
    standing = standing.mutate(month=standing.day.truncate("M").cast("date"))
    made = standing.group_by("month").agg(orders=standing.count())
    joined = money.left_join(made, "month")
    return joined.select("month", "net", "gross", "customers", orders=joined.orders.fill_null(0))


def _codes(words: Sequence[str]) -> list[int]:
    return [CODES[word] for word in words]
