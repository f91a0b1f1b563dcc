"""A data set's rows with their customer and money, as the checks look at them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.features.lines import LINE_MONEY, key_of, net, standard_lines
from core.features.services import naming_columns
from core.io.dataset import Column, Dataset
from core.io.engine import Engine
from core.io.meaning.guess import repeats
from core.io.meaning.questions import spend_columns
from core.io.meaning.roles import problem
from core.quality.narrow import narrow

RAW = "raw_"
"""What the name of a column of the file begins with beside the house's own columns."""


_IDLE = ("ignore", "number", "personal", "email", "consent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What some rows come to."""

    rows: int
    customers: int | None
    money: float | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A data set under examination.

    Parameters
    ----------
    engine : Engine
    dataset : Dataset
    """

    engine: Engine
    dataset: Dataset

    @property
    def is_log(self) -> bool:
        """Whether its rows are lines with a customer, a date and money."""
        return self.dataset.kind == "log" and problem(self.dataset) is None

    @property
    def has_money(self) -> bool:
        """Whether rows have money."""
        return self.is_log or (self.dataset.kind == "customers" and bool(spend_columns(self.dataset)))

    @property
    def noun(self) -> str:
        """What a row is called."""
        return "line" if self.dataset.kind == "log" else "row"

    def table(self) -> ir.Table:
        """The stored table."""
        return self.engine.table(self.dataset.table.content)

    def rows(self, keep: Iterable[str] = ()) -> ir.Table:
        """The rows of the stored table.

        Returns
        -------
        ibis Table
            `row`, `customer`, `money` (null without money), `raw_<slug>` of the columns to keep;
            of a log also the columns of `standard_lines`, with `duplicate` always false.
        """
        keep = tuple(dict.fromkeys(keep))
        table = narrow(self.table(), (*(c.slug for c in self._needed()), *keep))
        if self.is_log:
            # which rows are repeated is asked apart: to mark them costs more than all other checks
            lines = standard_lines(table.mutate(_duplicate=ibis.literal(False)), self.dataset, keep)
            return lines.mutate(money=net(lines))
        ident = self.dataset.table.one("id")
        return table.select(
            row=table["_row"],
            customer=key_of(table, ident) if ident else table["_row"],
            money=self._spend(table),
            **{RAW + slug: table[slug] for slug in keep},
        )

    def sums(self, rows: ir.Table, where: ir.BooleanValue | None = None) -> dict[str, ir.Scalar]:
        """Aggregates of some of the rows, of which `touched` makes a result; `where` is never null."""
        if where is None:
            return {"rows": rows.count(), "customers": self._customers(rows), "money": rows.money.sum()}
        # adding up over all rows is faster here than adding up a choice of them
        return {
            "rows": where.cast("int64").sum(),
            "customers": self._customers(rows, where),
            "money": ibis.ifelse(where, rows.money, ibis.literal(0).cast(LINE_MONEY)).sum(),
        }

    def touched(self, found: pa.Table, prefix: str = "") -> Touched:
        """The result of `sums`, whose names may begin with a prefix."""
        rows, customers, money = (found[prefix + name][0].as_py() for name in ("rows", "customers", "money"))
        return Touched(
            rows=int(rows or 0),
            customers=int(customers or 0) if self.dataset.kind == "customers" or self.is_log else None,
            money=self.money(money),
        )

    def money(self, total: Decimal | float | None) -> float | None:
        """A sum of rows' money, None where rows have none."""
        return round(float(total or 0), 4) if self.has_money else None

    def _needed(self) -> tuple[Column, ...]:
        """The columns that tell a row's customer and money."""
        ref = self.dataset.table
        if self.is_log:
            return (*(c for c in ref.columns if c.role not in _IDLE), *naming_columns(ref))
        spend = spend_columns(self.dataset) if self.dataset.kind == "customers" else ()
        return (*ref.by_role("id"), *spend)

    def _spend(self, table: ir.Table) -> ir.Value:
        columns = spend_columns(self.dataset) if self.dataset.kind == "customers" else ()
        if not columns:
            return ibis.null(LINE_MONEY)
        found = [table[c.slug].cast(LINE_MONEY).fill_null(0) for c in columns]
        return sum(found[1:], start=found[0]).cast(LINE_MONEY)

    def _customers(self, rows: ir.Table, where: ir.BooleanValue | None = None) -> ir.IntegerScalar:
        ident = self.dataset.table.one("id")
        one_row_each = ident is None or not repeats(ident, self.dataset.table.rows)
        if self.dataset.kind != "customers" or not one_row_each:
            return rows.customer.nunique(where=where)
        if ident is not None and ident.missing:
            known = rows.customer.notnull()
            where = known if where is None else known & where
        return rows.count() if where is None else where.cast("int64").sum()
