"""Lines added up: to blocks (one order of one customer on one day), and these to orders."""

import ibis
import ibis.expr.types as ir

from core.features.fates import LIVED
from core.features.lines import SUM_MONEY


def blocks(lines: ir.Table, placed: bool = True, timed: bool = True) -> ir.Table:
    """One row per customer, order, day and fate: all that is asked of lines later, in a fifth of the rows.

    Parameters
    ----------
    placed, timed : bool
        Whether the lines have countries, and times of day; what they have not is not looked for.

    Returns
    -------
    ibis Table
        `customer`, `order_key`, `day`, `fate`, `rows`, `sales` (lines), `at` (of the first sale), `country`,
        `gross`, `discount`, `returned` money, `units` sold.
    """
    sale = lines.sold
    found = lines.group_by("customer", "order_key", "day", "fate").agg(
        rows=lines.count(),
        sales=lines.count(where=sale),
        **({"at": lines["at"].min(where=sale)} if timed else {}),
        **({"country": lines.country.max()} if placed else {}),
        gross=lines.gross.sum().cast(SUM_MONEY),
        discount=lines.discount.sum().cast(SUM_MONEY),
        returned=lines.returned.sum().cast(SUM_MONEY),
        units=lines.units.sum(where=sale),
    )
    absent = {"at": ibis.null("timestamp(6)"), "country": ibis.null("string")}
    return found.mutate(**{name: null for name, null in absent.items() if name not in found.columns})


def blocks_schema(lines: ibis.Schema) -> ibis.Schema:
    """Names and types of the blocks of lines with this schema."""
    kept = {name: lines[name] for name in ("customer", "order_key", "day", "fate", "at", "country")}
    return ibis.schema(
        {
            **kept,
            "rows": "int64",
            "sales": "int64",
            "units": "float64",
            **dict.fromkeys(("gross", "discount", "returned"), SUM_MONEY),
        }
    )


def orders(blocks: ir.Table, undone: ir.Table) -> ir.Table:
    """One row per order with a sale line: whose, when, its money, and whether it stands.

    An order stands unless a return undid every one of its sale lines.

    Parameters
    ----------
    undone : ibis Table
        `core.features.matches.undone` of the lines.

    Returns
    -------
    ibis Table
        `customer`, `order_key`, `at`, `day` (of its first sale), `until` (day of its last), `gross`,
        `discount` money, `units`, flags `stands` and `discounted`.
    """
    sold = blocks.filter(blocks.fate.isin(LIVED) & (blocks.sales > 0))
    found = sold.group_by("customer", "order_key").agg(
        at=sold["at"].min(),
        day=sold.day.min(),
        until=sold.day.max(),
        gross=sold.gross.sum().cast(SUM_MONEY),
        discount=sold.discount.sum().cast(SUM_MONEY),
        units=sold.units.sum(),
        sales=sold.sales.sum(),
    )
    joined = found.left_join(undone, ["customer", "order_key"]).drop("customer_right", "order_key_right")
    return joined.mutate(
        stands=joined.sales > joined.undone.fill_null(0), discounted=joined.discount > 0
    ).drop("undone", "sales")


def orders_schema(lines: ibis.Schema) -> ibis.Schema:
    """Names and types of the orders of lines with this schema."""
    kept = {name: lines[name] for name in ("customer", "order_key", "at", "day")}
    return ibis.schema(
        {
            **kept,
            "until": "date",
            "gross": SUM_MONEY,
            "discount": SUM_MONEY,
            "units": "float64",
            "stands": "boolean",
            "discounted": "boolean",
        }
    )
