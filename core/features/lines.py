"""A log's lines in one shape: what each line is, what it is worth, and whether its order stands."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np

from core.io.dataset import Dataset, TableRef

MONEY: Final = "decimal(38, 4)"
STATUS_OUT: Final = ("cancelled", "canceled", "void", "voided", "test", "failed", "storniert", "annulé")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How the columns of a log become money (DEFINITIONS.md, Money).

    Attributes
    ----------
    per_piece : bool
        True where the price is per piece, False where the column is the line's total.
    after_discount : bool
        True where the amount is what was paid; gross is then amount + discounts.
    """

    per_piece: bool
    after_discount: bool


def amounts(dataset: Dataset) -> Amounts:
    """How money columns are read: the role says per piece or line, the answer before or after discount."""
    return Amounts(
        per_piece=dataset.table.one("unit_price") is not None,
        after_discount=dataset.answer("discount") != "before",
    )


def customer_key(table: ir.Table, slug: str) -> ir.StringValue:
    """The customer's number as text, without blanks around it; empty is missing."""
    return table[slug].cast("string").strip().nullif("")


def standard_lines(table: ir.Table, dataset: Dataset) -> ir.Table:
    """One row per line of the file (marked by `core.clean.mark_duplicates`), in the house's own columns.

    Returns
    -------
    ibis Table
        `row` int, `duplicate` flag, `customer`, `order_key`, `product`, `category`, `country` text, `at`
        timestamp, `day` date, `units` float, `kind` ("sale", "return", "other"), `out` (true where the status
        says cancelled or test), `gross`, `discount`, `returned` money of four decimals. A sale has gross > 0;
        a return has returned > 0. `alike` is money that a return must share with its sale: what was paid,
        where the log has no product or no quantity to know it by, else 0.
    """
    ref, how = dataset.table, amounts(dataset)
    units = _units(table, ref)
    amount = _amount(table, ref, units, how)
    discount = _discount(table, ref)
    listed = amount + discount if how.after_discount else amount
    priced = _price(table, ref)
    sale = (units > 0) & (listed > 0)
    returned = amount.abs() if how.after_discount else amount.abs() - discount
    is_return = (amount < 0) & (priced > 0) if ref.one("quantity") else amount < 0
    zero = ibis.literal(0).cast(MONEY)
    lines = table.select(
        row=table["_row"],
        duplicate=table["_duplicate"],
        customer=_optional_key(table, ref, "id"),
        at=_date(table, ref).cast("timestamp(6)"),
        product=_optional_key(table, ref, "product"),
        category=_optional_key(table, ref, "category"),
        country=_optional_key(table, ref, "country"),
        order_number=_optional_key(table, ref, "order"),
        units=units,
        kind=ibis.cases((sale, "sale"), (is_return, "return"), else_="other"),
        out=_out(table, ref),
        gross=ibis.ifelse(sale, listed, zero),
        discount=ibis.ifelse(sale, discount, zero),
        returned=ibis.ifelse(is_return & ~sale.fill_null(False), returned, zero),
    )
    named = ref.one("quantity") is not None and ref.one("product") is not None
    lines = lines.mutate(alike=zero if named else lines.gross - lines.discount + lines.returned)
    lines = lines.mutate(day=lines.at.date())
    return lines.mutate(order_key=lines.order_number.fill_null(lines.day.cast("string"))).drop("order_number")


def net(lines: ir.Table) -> ir.DecimalValue:
    """gross − discount − returned, a line."""
    return lines.gross - lines.discount - lines.returned


def with_matches(lines: ir.Table) -> ir.Table:
    """Mark each sale line that a return undid.

    A return is matched to the latest earlier sale line of the same customer, product and quantity, each once
    (without a product or quantity column, of the same amount paid: 5 back do not undo an order of 100).
    Sales and returns of one key are brackets, and a sale is matched when its bracket closes. The depth of a
    bracket is a running sum held at zero, so the pairs come out of window functions on any engine.

    Returns
    -------
    ibis Table
        The sale and return lines with `matched` (false for every return).
    """
    moves = lines.filter(lines.kind != "other")
    moves = moves.mutate(
        _size=moves.units.abs(),
        _thing=moves["product"].fill_null(""),
        _back=(moves.kind == "return").cast("int8"),
    )
    key = ["customer", "_thing", "_size", "alike"]
    order = ["at", "_back", "order_key", "row"]
    so_far = ibis.window(group_by=key, order_by=order, preceding=None, following=0)
    moves = moves.mutate(_sum=(1 - 2 * moves._back.cast("int64")).sum().over(so_far))
    moves = moves.mutate(_depth=moves._sum - ibis.least(0, moves._sum.min().over(so_far)))
    before = moves._depth.lag(1).over(ibis.window(group_by=key, order_by=order)).fill_null(0)
    moves = moves.mutate(_level=ibis.ifelse(moves._back == 1, before, moves._depth))
    level = ibis.window(group_by=[*key, "_level"], order_by=order)
    closed = moves._back.lead(1).over(level).fill_null(0) == 1
    return moves.mutate(matched=(moves._back == 0) & closed).drop(
        "_size", "_thing", "_back", "_sum", "_depth", "_level"
    )


def orders(lines: ir.Table) -> ir.Table:
    """One row per order with a sale line: customer, order_key, at, day, money, and whether it stands.

    `lines` are those of `with_matches`. An order stands unless every one of its sale lines was matched by a
    return.
    """
    sales = lines.filter(lines.kind == "sale")
    found = sales.group_by("customer", "order_key").agg(
        at=sales["at"].min(),
        day=sales.day.min(),
        gross=sales.gross.sum(),
        discount=sales.discount.sum(),
        units=sales.units.sum(),
        kept=(~sales.matched).cast("int64").sum(),
    )
    return found.mutate(stands=found.kept > 0, discounted=found.discount > 0).drop("kept")


def latest_day(days: list[dt.date], today: dt.date) -> tuple[dt.date, bool]:
    """The snapshot day a log proposes, and whether a later day was passed over.

    A last day in the future, or later than the one before it by more than max(7 days, the P99 gap between the
    shop's order days), is passed over until a day passes (one date typed 2099 would ruin every recency).

    Parameters
    ----------
    days : list of date
        Distinct order days, ascending, at least one.
    today : date
        The day the data set was added; a later day is in the future.
    """
    at = len(days) - 1
    gaps = [(b - a).days for a, b in itertools.pairwise(days)]
    while at > 0:
        usual = float(np.quantile(gaps[: max(at - 1, 1)], 0.99))
        if days[at] <= today and gaps[at - 1] <= max(7.0, usual):
            break
        at -= 1
    return days[at], at < len(days) - 1


def _units(table: ir.Table, ref: TableRef) -> ir.FloatingValue:
    column = ref.one("quantity")
    return table[column.slug].cast("float64").fill_null(0.0) if column else ibis.literal(1.0)


def _price(table: ir.Table, ref: TableRef) -> ir.FloatingValue:
    column = ref.one("unit_price")
    return table[column.slug].cast("float64").fill_null(0.0) if column else ibis.literal(1.0)


def _amount(table: ir.Table, ref: TableRef, units: ir.FloatingValue, how: Amounts) -> ir.DecimalValue:
    column = ref.one("unit_price") or ref.one("line_amount")
    assert column is not None, "a log without a price is refused before"
    value = table[column.slug].cast("float64").fill_null(0.0)
    return (value * units if how.per_piece else value).cast(MONEY)


def _discount(table: ir.Table, ref: TableRef) -> ir.DecimalValue:
    total = ibis.literal(0).cast(MONEY)
    for column in ref.by_role("discount"):
        total = total + table[column.slug].cast("float64").fill_null(0.0).abs().cast(MONEY)
    return total


def _optional_key(table: ir.Table, ref: TableRef, role: str) -> ir.StringValue:
    column = ref.one(role)
    return customer_key(table, column.slug) if column else ibis.null("string")


def _date(table: ir.Table, ref: TableRef) -> ir.Value:
    column = ref.one("date")
    assert column is not None, "a log without a date is refused before"
    return table[column.slug]


def _out(table: ir.Table, ref: TableRef) -> ir.BooleanValue:
    column = ref.one("status")
    if column is None:
        return ibis.literal(False)
    return table[column.slug].cast("string").strip().lower().isin(STATUS_OUT).fill_null(False)
