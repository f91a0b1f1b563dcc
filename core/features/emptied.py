"""Money that the recipe reads as missing: it leaves the ledger in a line of its own."""

from typing import Final

import ibis
import ibis.expr.types as ir

from core.features.customers import LedgerRow
from core.features.lines import MONEY, net, standard_lines
from core.features.recipe import possible, without_blanks
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.meaning.questions import spend_columns
from core.spec import Clean

_OF_LINES: Final = ("quantity", "unit_price", "line_amount", "discount")


def emptied(engine: Engine, dataset: Dataset, clean: Clean) -> tuple[LedgerRow, ...]:
    """The ledger's line on amounts read as missing; none where the recipe empties no amount."""
    money = (_of_log if dataset.kind == "log" else _of_table)(engine, dataset, clean)
    if not money:
        return ()
    text = "Amounts that the recipe reads as missing"
    return (LedgerRow(key="emptied", kind="out", text=text, rows=0, customers=0, money=round(money, 4)),)


def _of_log(engine: Engine, dataset: Dataset, clean: Clean) -> float:
    chosen = {slug for slug, _ in clean.blanks}
    if not chosen & {c.slug for c in dataset.table.by_role(*_OF_LINES)}:
        return 0.0
    table = engine.table(dataset.table.content).mutate(_duplicate=ibis.literal(False))
    before, after = (
        standard_lines(each, dataset) for each in (table, without_blanks(table, dataset.columns, clean))
    )
    return _difference(engine, before.agg(net=net(before).sum()), after.agg(net=net(after).sum()))


def _of_table(engine: Engine, dataset: Dataset, clean: Clean) -> float:
    spend = spend_columns(dataset)
    chosen = {slug for slug, _ in clean.blanks} & {c.slug for c in spend}
    if not spend or not (chosen or clean.impossible == "missing"):
        return 0.0
    table = engine.table(dataset.table.content)
    kept = without_blanks(table, dataset.columns, clean)
    if clean.impossible == "missing":
        kept = possible(kept, dataset.columns, clean, dataset)

    def total(of: ir.Table) -> ir.Table:
        columns = [of[c.slug].cast(MONEY).fill_null(0) for c in spend]
        return of.agg(net=sum(columns[1:], start=columns[0]).sum())

    return _difference(engine, total(table), total(kept))


def _difference(engine: Engine, before: ir.Table, after: ir.Table) -> float:
    one, other = (engine.run(each)["net"][0].as_py() or 0 for each in (before, after))
    return float(one - other)
