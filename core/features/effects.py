"""What each possible answer to a question is worth: net sales under it, for all customers of the file."""

from typing import Final

import ibis

from core.features.customers import Effect
from core.features.lines import MONEY, net, standard_lines
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.roles import questions, spend_columns
from core.io.versions import settled

WORTH: Final = ("price", "discount", "spend")
"""Questions whose answers move net sales; turning day and month moves only days."""


def effects(engine: Engine, dataset: Dataset) -> tuple[Effect, ...]:
    """Net sales of the lines with a customer (or a table's spend) under every answer of every question."""
    return tuple(
        Effect(question=q.key, answer=value, net=_net(engine, settled(dataset, {}, {q.key: value})))
        for q in questions(dataset.columns, dataset.kind)
        if q.key in WORTH
        for value, _ in q.options
    )


def _net(engine: Engine, dataset: Dataset) -> float:
    table = engine.table(dataset.table.content)
    if dataset.kind == "log":
        lines = standard_lines(table.mutate(_duplicate=ibis.literal(False)), dataset)
        known = lines.filter(lines.customer.notnull())
        found = engine.run(known.agg(net=net(known).sum()))
    else:
        spend = [table[c.slug].cast(MONEY).fill_null(0) for c in spend_columns(dataset)]
        found = engine.run(table.agg(net=sum(spend[1:], start=spend[0]).sum()))
    return float(found["net"][0].as_py() or 0)
