"""Lines added up to blocks: one order of one customer on one day."""

import datetime as dt

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from core.features.coded import number_of, numbers
from core.features.fates import AFTER, BEFORE, CODES, UNDATED, USED
from core.features.lines import SUM_MONEY


def blocks(lines: ir.Table, placed: bool = True, timed: bool = True) -> ir.Table:
    """One row per customer, order, day and fate: all that is asked of lines later, in a fifth of the rows.

    Parameters
    ----------
    lines : ibis Table
        `core.features.fates.coded` lines.
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
        sales=sale.cast("int8").sum().cast("int64"),
        **({"at": lines["at"].min(where=sale)} if timed else {}),
        **({"country": lines.country.max()} if placed else {}),
        gross=lines.gross.sum().cast(SUM_MONEY),
        discount=lines.discount.sum().cast(SUM_MONEY),
        returned=lines.returned.sum().cast(SUM_MONEY),
        units=ibis.ifelse(sale, lines.units, 0.0).sum(),
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


def order_days(blocks: pa.Table) -> list[dt.date]:
    """The days on which something was sold to a customer, ascending; of blocks before they are `dated`."""
    sold = (numbers(blocks["fate"]) == CODES[USED]) & (numbers(blocks["sales"]) > 0)
    day = numbers(blocks["day"])[sold]
    first = int(day.min(initial=0))
    seen = np.bincount(day - first) > 0  # there are few days, and many blocks
    return list((np.flatnonzero(seen) + first).astype("datetime64[D]").tolist())


def dated(blocks: pa.Table, as_of: dt.date, start: dt.date) -> pa.Table:
    """Blocks with the fates that days decide: those after the snapshot day, and before the period."""
    fate, day = numbers(blocks["fate"]), numbers(blocks["day"])
    late = (day > number_of(as_of)) & ~np.isin(fate, [CODES[word] for word in UNDATED])
    early = (fate == CODES[USED]) & (day < number_of(start)) & ~late
    found = np.where(late, CODES[AFTER], np.where(early, CODES[BEFORE], fate)).astype(np.int8)
    return blocks.set_column(blocks.column_names.index("fate"), "fate", pa.array(found))
