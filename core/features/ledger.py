"""The ledger: from the rows of the file to the customers who can be segmented, adding up at each step."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.features.customers import LedgerRow
from core.features.fates import FATES
from core.features.gathered import Gathered
from core.io.dataset import TableRef

STANDING: dict[str, str] = {
    "no_standing_order": "Customers without an order that stands",
    "no_order_in_period": "Customers without an order in the period",
}


def log_ledger(
    ref: TableRef, found: Gathered, prospects: int, gone: tuple[LedgerRow, ...] = ()
) -> tuple[LedgerRow, ...]:
    """From the rows of a log's file to the customers with an order that stands in the period.

    Parameters
    ----------
    gone : tuple of LedgerRow
        Money that the file holds and the recipe reads as missing.
    """
    fates = found.fates
    early = [key for key in ("duplicate", "no_customer") if key in fates]
    late = [key for key in FATES if key in fates and key not in early]
    every = [*early, *late, *(["used"] if "used" in fates else [])]
    known = [key for key in every if key not in early]
    return (
        *file_rows(
            ref, _with(gone, _total("file", "Rows in the file", fates, every, found.customers["file"]))
        ),
        *gone,
        *(_of_fate(key, "out", FATES[key], fates[key]) for key in early),
        _total("known", "Lines with a customer", fates, known, found.customers["known"]),
        *(_of_fate(key, "out", FATES[key], fates[key]) for key in late),
        _of_fate("used", "total", "Lines used", fates.get("used", {})),
        *_without_order(found.sheet, found.customers["present"]),
        *_prospects(prospects),
        _of_sheet("standing", "total", "Customers with an order that stands", _with_order(found.sheet)),
    )


def file_rows(ref: TableRef, stored: LedgerRow) -> tuple[LedgerRow, ...]:
    """The rows of the file, and those that its reader set aside; `stored` are the others."""
    aside = sum(rows for _, rows in ref.aside)
    none = 0.0 if stored.money is not None else None
    file = LedgerRow(
        key="file",
        kind="total",
        text=stored.text,
        rows=stored.rows + aside,
        customers=stored.customers,
        money=stored.money,
    )
    return (
        file,
        *(
            LedgerRow(
                key=f"aside_{i}",
                kind="out",
                text=aside_text(reason),
                rows=rows,
                customers=0,
                money=none,
            )
            for i, (reason, rows) in enumerate(ref.aside, 1)
        ),
    )


def _with(gone: tuple[LedgerRow, ...], file: LedgerRow) -> LedgerRow:
    return replace(file, money=round((file.money or 0) + sum(row.money or 0 for row in gone), 4))


def aside_text(reason: str) -> str:
    """Why rows of the file never reached the table."""
    return f"Rows set aside while reading: {reason}"


def _of_fate(key: str, kind: str, text: str, found: Mapping[str, Any]) -> LedgerRow:
    return LedgerRow(
        key=key,
        kind=kind,
        text=text,
        rows=int(found.get("rows", 0)),
        customers=int(found.get("customers", 0)),
        money=round(float(_net(found)), 4),
    )


def _total(
    key: str, text: str, fates: Mapping[str, Mapping[str, Any]], keys: list[str], customers: int
) -> LedgerRow:
    return LedgerRow(
        key=key,
        kind="total",
        text=text,
        rows=sum(int(fates[k]["rows"]) for k in keys),
        customers=customers,
        money=round(float(sum(_net(fates[k]) for k in keys)), 4),
    )


def _net(found: Mapping[str, Any]) -> Any:
    """Exact: decimals until here."""
    return found["gross"] - found["discount"] - found["returned"] if found else 0


def _with_order(sheet: pa.Table) -> pa.Table:
    return sheet.filter(pc.greater(sheet["orders"], 0))


def _without_order(sheet: pa.Table, present: int) -> list[LedgerRow]:
    """Customers who are counted and valued beside the segments, never among them.

    Those whose every line is out by its status or has no date are not in the sheet; their lines stand above.
    """
    standing = pc.greater(sheet["orders_in_all"], 0)
    never = sheet.filter(pc.invert(standing))
    earlier = sheet.filter(pc.and_(standing, pc.equal(sheet["orders"], 0)))
    rows = [
        _of_sheet("no_standing_order", "out", STANDING["no_standing_order"], never, present - sheet.num_rows),
        _of_sheet("no_order_in_period", "out", STANDING["no_order_in_period"], earlier),
    ]
    return [row for row in rows if row.customers]


def _of_sheet(key: str, kind: str, text: str, table: pa.Table, more: int = 0) -> LedgerRow:
    """Money is net whatever the returns policy; customers carry their lines and net of the period."""
    value = pc.sum(pc.subtract(pc.subtract(table["gross"], table["discount"]), table["returns"])).as_py()
    return LedgerRow(
        key=key,
        kind=kind,
        text=text,
        rows=int(pc.sum(table["lines"]).as_py() or 0),
        customers=table.num_rows + more,
        money=round(float(value or 0), 4),
    )


def _prospects(prospects: int) -> list[LedgerRow]:
    if not prospects:
        return []
    text = "Prospects: in the customer table, without a line in the log"
    return [LedgerRow(key="prospect", kind="beside", text=text, rows=0, customers=prospects, money=0.0)]
