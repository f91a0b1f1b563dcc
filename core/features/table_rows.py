"""What becomes of every row of a customer table: used, or out and why."""

from typing import Final

import ibis
import ibis.expr.types as ir

from core.features.lines import LINE_MONEY, key_of
from core.features.recipe import impossible, possible, without_blanks
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.meaning.roles import discount_meaning
from core.io.query.repeated import mark_repeated
from core.spec import Clean

REASONS: Final = {
    "duplicate": "Rows that equal an earlier row",
    "impossible": "Rows with an impossible value (age, spend below zero, a day in the future)",
    "no_customer": "Rows without a customer number",
}
"""Why a row of a customer table is out, in the order in which it is asked."""

MERGED: Final = {
    "id-last": "Rows of a customer who has a later row",
    "id-sum": "Rows added to the customer's last row",
}
"""The same for the choices that make one row per customer; asked last, of the rows that are left."""


def table_reasons(clean: Clean) -> dict[str, str]:
    """Fate -> its words, in the order in which rows leave."""
    if clean.duplicates not in MERGED:
        return dict(REASONS)
    rest = {key: text for key, text in REASONS.items() if key != "duplicate"}
    return {**rest, "duplicate": MERGED[clean.duplicates]}


def table_rows(engine: Engine, dataset: Dataset, clean: Clean) -> ir.Table:
    """`row` (number in the file) and `fate` of every stored row: `used`, or a key of `REASONS`."""
    table = with_table_fates(engine, dataset, clean)
    return table.select(row=table["_row"], fate=table["_fate"])


def with_table_fates(engine: Engine, dataset: Dataset, clean: Clean) -> ir.Table:
    """The stored table after the recipe, with `_id` (text, as the log's) and `_fate`.

    Under `id-sum` the last row of a customer holds the sums of what can be added up: spend, orders,
    discounts.
    """
    columns = dataset.columns
    table = without_blanks(mark_repeated(engine, dataset.table.content), columns, clean)
    gone = impossible(table, columns, dataset) if clean.impossible == "drop" else {}
    ident = dataset.table.one("id")
    key = key_of(table, ident).cast("string") if ident else table["_row"].cast("string")
    table = table.mutate(_id=key, _gone=ibis.or_(*gone.values()) if gone else ibis.literal(False))
    if clean.impossible == "missing":
        table = possible(table, columns, clean, dataset)
    return _merged(table, dataset, clean) if clean.duplicates in MERGED else _plain(table, clean)


def _plain(table: ir.Table, clean: Clean) -> ir.Table:
    again = table["_duplicate"] & ibis.literal(clean.duplicates == "drop")
    reasons = ((again, "duplicate"), (table["_gone"], "impossible"), (table["_id"].isnull(), "no_customer"))
    return table.mutate(_fate=ibis.cases(*reasons, else_="used")).drop("_gone")


def _merged(table: ir.Table, dataset: Dataset, clean: Clean) -> ir.Table:
    """Only rows that count otherwise are a customer's rows: the last of these is the customer's."""
    left = table.mutate(_left=~table["_gone"] & table["_id"].notnull())
    rows = ibis.window(group_by=["_id", "_left"])
    later = ibis.window(group_by=["_id", "_left"], order_by=ibis.desc("_row"))
    earlier = ibis.row_number().over(later) > 0
    sums = {}
    if clean.duplicates == "id-sum":
        for slug, kind in _added(dataset).items():
            total = left[slug].cast(kind).sum().over(rows)
            sums[slug] = ibis.ifelse(left["_left"], total.cast("float64"), left[slug].cast("float64"))
    reasons = ((left["_gone"], "impossible"), (left["_id"].isnull(), "no_customer"), (earlier, "duplicate"))
    return left.mutate(_fate=ibis.cases(*reasons, else_="used"), **sums).drop("_gone", "_left")


def _added(dataset: Dataset) -> dict[str, str]:
    """The columns that can be added up over the rows of a customer, and as what."""
    found = {c.slug: LINE_MONEY for c in dataset.table.by_role("spend")}
    counts = [*dataset.table.by_role("frequency"), *dataset.table.by_role("quantity")]
    found |= {c.slug: "float64" for c in counts}
    shares = {c.slug for c in dataset.table.by_role("discount") if discount_meaning(c) == "share"}
    return found | {c.slug: LINE_MONEY for c in dataset.table.by_role("discount") if c.slug not in shares}
