"""A log's lines in one shape: what each line is, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from core.features.days import local
from core.features.services import service_line
from core.io.dataset import Column, Dataset, TableRef
from core.io.meaning.questions import counted_once
from core.io.meaning.status import words_out

MONEY: Final = "decimal(38, 4)"
"""Sums."""

LINE_MONEY: Final = "decimal(17, 4)"
"""One line: an integer of 1/10,000 units to the engine, added up as fast as any other integer."""

SUM_MONEY: Final = "decimal(18, 4)"
"""The lines of a customer added up, still such an integer; a sum beyond it is refused, never cut."""


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


def key_type(column: Column | None) -> str:
    """How a column that names things is compared: whole numbers as they are, all else as text.

    Whole numbers are compared and counted far faster than text; they become text in the customer sheet.
    """
    return "int64" if column is not None and column.type == "integer" else "string"


def key_of(table: ir.Table, column: Column | None) -> ir.Value:
    """The values of a column that names things, by `key_type`; nulls without a column."""
    if column is None:
        return ibis.null("string")
    if key_type(column) == "int64":
        return table[column.slug].cast("int64")
    return customer_key(table, column.slug)


def lines_schema(dataset: Dataset) -> ibis.Schema:
    """Names and types of `standard_lines`, from the roles alone."""
    ref = dataset.table
    number = ref.one("order")
    types = {
        "row": "int64",
        "duplicate": "boolean",
        "customer": key_type(ref.one("id")),
        "at": "timestamp(6)",
        "day": "date",
        "product": key_type(ref.one("product")),
        "category": "string",
        "country": "string",
        "order_key": "date" if number is None else "string" if number.missing else key_type(number),
        "units": "float64",
        "kind": "string",
        "sold": "boolean",
        "back": "boolean",
        "out": "boolean",
        "service": "boolean",
        **dict.fromkeys(("gross", "discount", "returned", "alike"), LINE_MONEY),
    }
    return ibis.schema(types)


def customer_key(table: ir.Table, slug: str) -> ir.StringValue:
    """The customer's number as text, without blanks around it; empty is missing."""
    return table[slug].cast("string").strip().nullif("")


def standard_lines(table: ir.Table, dataset: Dataset, keep: Sequence[str] = ()) -> ir.Table:
    """One row per line of the file (with its `_duplicate`), in the house's own columns.

    Returns
    -------
    ibis Table
        `row` int, `duplicate` flag, `customer`, `order_key`, `product` (int64 or text), `category`,
        `country` text, `at` timestamp, `day` date, `units` float, `kind` ("sale", "return", "other") and the
        same as flags, quicker to ask for, `sold` and `back` (came back), `out` (true where the status says
        cancelled or test), `service` (true where the line is no product), `gross`, `discount`, `returned`
        money of four decimals. A sale has gross > 0; a return has returned > 0. `alike` is money that a
        return must share with its sale: what was paid, where the log has no product or no quantity to know it
        by, else 0. Without an order number an order is a customer's day. The columns to `keep` stand beside
        these as they are in the file, as `raw_<slug>`.
    """
    ref, how = dataset.table, amounts(dataset)
    table = _shared_out(table, dataset)
    units = _units(table, ref)
    amount = _amount(table, ref, units, how)
    discount = _discount(table, ref)
    listed = (amount + discount).cast(LINE_MONEY) if how.after_discount and discount is not None else amount
    sale = (units > 0) & (listed > 0)
    refund = (
        amount.abs() if how.after_discount or discount is None else (amount.abs() - discount).cast(LINE_MONEY)
    )
    is_return = (amount < 0) & (_price(table, ref) > 0) if ref.one("quantity") else amount < 0
    back = is_return & ~sale
    zero = ibis.literal(0).cast(LINE_MONEY)
    date = _date(table, dataset)
    lines = table.select(
        row=table["_row"],
        duplicate=table["_duplicate"],
        customer=key_of(table, ref.one("id")),
        at=date.cast("timestamp(6)"),
        day=date.cast("date"),
        product=key_of(table, ref.one("product")),
        category=_optional_text(table, ref, "category"),
        country=_optional_text(table, ref, "country"),
        order_key=_order(table, ref, date),
        units=units,
        kind=ibis.cases((sale, "sale"), (is_return, "return"), else_="other"),
        sold=sale,
        back=back,
        out=_out(table, dataset),
        service=service_line(table, ref),
        gross=ibis.ifelse(sale, listed, zero),
        discount=zero if discount is None else ibis.ifelse(sale, discount, zero),
        returned=ibis.ifelse(back, refund, zero),
        **{f"raw_{slug}": table[slug] for slug in keep},
    )
    named = ref.one("quantity") is not None and ref.one("product") is not None
    return lines.mutate(
        alike=zero if named else (lines.gross - lines.discount + lines.returned).cast(LINE_MONEY)
    )


def net(lines: ir.Table) -> ir.DecimalValue:
    """gross − discount − returned, a line."""
    return lines.gross - lines.discount - lines.returned


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
    return (value * units if how.per_piece else value).cast(LINE_MONEY)


def _discount(table: ir.Table, ref: TableRef) -> ir.DecimalValue | None:
    """The discounts of a line added up; None where the log has no such column."""
    found = [
        table[column.slug].cast("float64").fill_null(0.0).abs().cast(LINE_MONEY)
        for column in ref.by_role("discount")
    ]
    return sum(found[1:], start=found[0]).cast(LINE_MONEY) if found else None


def _optional_text(table: ir.Table, ref: TableRef, role: str) -> ir.StringValue:
    column = ref.one(role)
    return customer_key(table, column.slug) if column else ibis.null("string")


def _order(table: ir.Table, ref: TableRef, date: ir.Value) -> ir.Value:
    """The order's number; the day where there is none, or where the line has none."""
    column = ref.one("order")
    if column is None:
        return date.cast("date")
    if not column.missing and key_type(column) == "int64":
        return key_of(table, column)
    return customer_key(table, column.slug).fill_null(date.cast("date").cast("string"))


def _date(table: ir.Table, dataset: Dataset) -> ir.Value:
    column = dataset.table.one("date")
    assert column is not None, "a log without a date is refused before"
    return local(table[column.slug], column, dataset)


def _out(table: ir.Table, dataset: Dataset) -> ir.BooleanValue:
    column = dataset.table.one("status")
    if column is None:
        return ibis.literal(False)
    return table[column.slug].cast("string").strip().lower().isin(words_out(dataset)).fill_null(False)


def _shared_out(table: ir.Table, dataset: Dataset) -> ir.Table:
    """Amounts that are the order's and stand on each of its lines, divided among these to the last digit.

    Every line stays a line of its product; the first one takes what division leaves over.
    """
    columns, number = counted_once(dataset), dataset.table.one("order")
    if not columns or number is None:
        return table
    order = ibis.window(group_by=number.slug)
    first = ibis.row_number().over(ibis.window(group_by=number.slug, order_by="_row")) == 0
    n = table.count().over(order)
    parts = {}
    for column in columns:
        whole = table[column.slug].cast("float64").cast(LINE_MONEY)
        each = (table[column.slug].cast("float64") / n.cast("float64")).cast(LINE_MONEY)
        rest = whole - each * (n - 1).cast("decimal(9, 0)")
        parts[column.slug] = ibis.ifelse(first, rest.cast("float64"), each.cast("float64"))
    known = table[number.slug].notnull()
    return table.mutate(
        **{slug: ibis.ifelse(known, part, table[slug].cast("float64")) for slug, part in parts.items()}
    )
