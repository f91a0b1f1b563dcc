"""What persons' columns say, read from the stored tables as text: by customer, one value each."""

from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from core.features.contacts import Contact
from core.features.lines import key_of
from core.features.people import as_in_log
from core.features.table_rows import with_table_fates
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.spec import Clean

DIFFER: Final = " / "
"""Between two answers to one question in rows of the same customer."""


def read(
    engine: Engine, dataset: Dataset, clean: Clean, wanted: tuple[Contact, ...], ids: pa.ChunkedArray
) -> dict[str, pa.Array]:
    """The values of some columns about persons as text, by slug, for each customer number of `ids` (n,).

    Of a customer with several rows, a table gives the first value that is not empty, a log the last (a line
    without a day is older than any). Where rows of a table say different things about consent, the value is
    both (`no / yes`).
    """
    found: dict[str, pa.Array] = {}
    for joined in (True, False):
        side = tuple(c for c in wanted if c.joined is joined)
        if side:
            found |= _side(engine, dataset, clean, side, ids)
    return found


def _side(
    engine: Engine, dataset: Dataset, clean: Clean, wanted: tuple[Contact, ...], ids: pa.ChunkedArray
) -> dict[str, pa.Array]:
    joined = wanted[0].joined
    if joined:
        expression = _of_people(engine, dataset, wanted)
    elif dataset.kind == "log":
        expression = _of_log(engine, dataset, wanted)
    else:
        expression = _of_table(engine, dataset, clean, wanted)
    table = engine.run(expression.filter(expression["_id"].notnull()))
    keys = table["_id"].combine_chunks()
    if joined:
        keys = as_in_log(engine, dataset, keys)
    at = pc.index_in(ids, value_set=keys).combine_chunks()
    return {c.slug: table[c.slug].combine_chunks().take(at) for c in wanted}


def _of_people(engine: Engine, dataset: Dataset, wanted: tuple[Contact, ...]) -> ir.Table:
    ref = dataset.people
    assert ref is not None, "a joined column stands in a customer table"
    table = engine.table(ref.content)
    table = table.mutate(_id=key_of(table, ref.one("id")).cast("string"))
    return _first(table, wanted)


def _of_table(engine: Engine, dataset: Dataset, clean: Clean, wanted: tuple[Contact, ...]) -> ir.Table:
    table = with_table_fates(engine, dataset, clean)
    return _first(table.filter(table["_fate"] == "used"), wanted)


def _first(table: ir.Table, wanted: tuple[Contact, ...]) -> ir.Table:
    values = {}
    for c in wanted:
        text = _text(table, c)
        values[c.slug] = _agreed(text) if c.role == "consent" else text.first(order_by=table["_row"])
    return table.group_by("_id").agg(**values)


def _agreed(text: ir.StringValue) -> ir.Value:
    told = text.fill_null("")
    both = ibis.ifelse(told.min() == told.max(), told.min(), told.min() + DIFFER + told.max())
    return both.nullif("")


def _of_log(engine: Engine, dataset: Dataset, wanted: tuple[Contact, ...]) -> ir.Table:
    ref = dataset.table
    table = engine.table(ref.content)
    table = table.mutate(_id=key_of(table, ref.one("id")).cast("string"))
    date = ref.one("date")
    dated = [] if date is None else [table[date.slug].asc(nulls_first=True)]
    order = [*dated, table["_row"]]
    values = {c.slug: _last(_text(table, c), order) for c in wanted}
    return table.group_by("_id").agg(**values)


def _last(text: ir.StringValue, order: list[ir.Value]) -> ir.Value:
    return text.last(where=text.notnull(), order_by=order)


def _text(table: ir.Table, contact: Contact) -> ir.StringValue:
    return table[contact.slug].cast("string").strip().nullif("")
