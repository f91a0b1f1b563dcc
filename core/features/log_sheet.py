"""The customer sheet of a log."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserError
from core.features import labels as lab
from core.features.catalog import category_shares, extra_measures, log_measures, most_frequent
from core.features.customers import Customers, LedgerRow, Measure
from core.features.effects import file_totals
from core.features.emptied import emptied
from core.features.extras import NAMES, asked
from core.features.fates import register
from core.features.gathered import Gathered, Progress, beside, gathered, opened
from core.features.labelled import labelled
from core.features.ledger import log_ledger
from core.features.lines import customer_key, net
from core.features.people import People, people
from core.features.recipe_steps import recipe_steps
from core.features.scene import Scene, scene_of
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.query.repeated import repeated
from core.io.query.work import Work
from core.spec import Clean, Source


def log_sheet(
    engine: Engine,
    dataset: Dataset,
    source: Source,
    clean: Clean,
    progress: Progress,
    parts: int | None = None,
) -> Customers:
    """The customers of a log with an order that stands in the period.

    Parameters
    ----------
    parts : int, optional
        In how many parts of customers it is computed; as the engine's memory allows where it is not given.
        The result is the same.

    Raises
    ------
    UserError
        When there is none.
    """
    scene = _scene(engine, dataset, source, clean)
    with engine.work() as work:
        log = opened(engine, work, dataset, source, clean, scene, parts or 0)
        seen, scene = log.seen, log.asker.scene
        found = gathered(
            log,
            extras=asked(source.extras, scene),
            with_present=dataset.people is not None,
            progress=progress,
        )
        again = _repeats(engine, work, dataset, scene)
    joined = people(engine, dataset, clean, found.present["customer"] if found.present else None)
    ledger = log_ledger(dataset.table, found, joined.prospects, emptied(engine, dataset, clean))
    sheet = _customers(dataset, clean, scene, found, joined, ledger)
    return replace(
        sheet,
        first_day=seen.first,
        last_day=seen.last,
        duplicates=again[0],
        duplicates_money=again[1],
        notes=(*seen.notes, *_ignored(source), *joined.notes),
        steps=recipe_steps(engine, dataset, clean),
        file=file_totals(engine, dataset, found.fates),
    )


def _customers(
    dataset: Dataset,
    clean: Clean,
    scene: Scene,
    found: Gathered,
    joined: People,
    ledger: tuple[LedgerRow, ...],
) -> Customers:
    population = _population(found.sheet, joined)
    evidence = _evidence(population, scene)
    table, infos = labelled(population, evidence)
    table, marks = _return_mark(table, clean)
    measures = (
        *log_measures(dataset.table),
        *extra_measures(dataset, found.sheet.column_names, scene.categories),
    )
    keep = [m for m in measures if not _empty(table[m.slug])]
    gaps = lab.shop_gaps(evidence.gap)
    used = found.fates.get("used", {})
    return Customers(
        kind="log",
        table=table,
        measures=(*keep, *marks, *joined.measures),
        labels=infos,
        ledger=ledger,
        as_of=scene.as_of,
        months=_months(found.months),
        lines=int(pc.sum(population["lines"]).as_py() or 0),
        gap_p75=gaps[0] if gaps else None,
        gap_p90=gaps[1] if gaps else None,
        currency=dataset.currency,
        gross=float(used.get("gross", 0)),
        discount=float(used.get("discount", 0)),
        returns=float(used.get("returned", 0)),
    )


def _scene(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> Scene:
    words = _categories(engine, dataset) if "categories" in source.extras else ()
    return scene_of(dataset, source, clean, category_shares(words))


def _categories(engine: Engine, dataset: Dataset) -> tuple[str, ...]:
    """The categories with the most lines in the file; asked of the engine where they are many."""
    column = dataset.table.one("category")
    if column is None or column.values:
        return most_frequent(column)
    table = engine.table(dataset.table.content)
    words = table.select(word=customer_key(table, column.slug))
    named = words.filter(words.word.notnull())
    counts = named.group_by("word").agg(n=named.count())
    found = engine.run(counts).to_pylist()
    return tuple(row["word"] for row in sorted(found, key=lambda row: (-row["n"], row["word"])))


def _repeats(engine: Engine, work: Work, dataset: Dataset, scene: Scene) -> tuple[int, float]:
    """Lines that equal an earlier one, and what they are worth."""
    register(engine, dataset)
    n = repeated(engine, dataset.table.content)
    if not n:
        return 0, 0.0
    again = scene.lines.filter(scene.lines.duplicate)
    found = work.run(engine.compiled(("repeats", scene), lambda: again.agg(money=net(again).sum())))
    return n, float(found["money"][0].as_py() or 0)


def _population(sheet: pa.Table, joined: People) -> pa.Table:
    """Customers with a standing order in the period, by id, with their columns of the customer table."""
    found = sheet.filter(pc.greater(sheet["orders"], 0))
    if not found.num_rows:
        raise UserError(
            "No customer has an order that stands in this period.",
            "Choose a longer period or an earlier snapshot day, or check the columns on the Data page.",
        )
    if joined.table is not None:
        found = beside(found, joined.table)
    return found.rename_columns(["id" if c == "customer" else c for c in found.column_names]).sort_by("id")


def _return_mark(table: pa.Table, clean: Clean) -> tuple[pa.Table, tuple[Measure, ...]]:
    if clean.returns != "flag":
        return table, ()
    returned = pc.greater(table["returns"], 0)
    measure = Measure(slug="had_return", label="Returned something", unit="flag")
    return table.append_column("had_return", returned), (measure,)


def _evidence(population: pa.Table, scene: Scene) -> lab.Evidence:
    def column(name: str) -> np.ndarray:
        return np.array(population[name].cast(pa.float64()).to_numpy(), dtype=np.float64)

    gross = float(column("gross").sum())
    return lab.Evidence(
        n=population.num_rows,
        monetary=column("monetary"),
        orders=column("orders"),
        orders_in_all=column("orders_in_all"),
        discounted_orders=column("discounted_orders") if scene.discounts else None,
        expected=column("expected_discounted"),
        discount_share=column("discount_share") if scene.discounts else None,
        shop_discount=float(column("discount").sum()) / gross if gross else None,
        frequency=column("purchase_frequency"),
        tenure=column("tenure"),
        recency=column("recency"),
        gap=column("interpurchase_days"),
        cover=float((scene.as_of - scene.first).days),
    )


def _months(found: pa.Table) -> pa.Table:
    def kind(name: str) -> Any:
        return {"net": pa.float64(), "gross": pa.float64(), "month": pa.date32()}.get(name, pa.int64())

    return pa.table(
        {name: found[name].cast(kind(name)) for name in ("month", "net", "gross", "customers", "orders")}
    )


def _empty(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count == len(column))


def _ignored(source: Source) -> tuple[str, ...]:
    unknown = [name for name in source.extras if name not in NAMES]
    return (f"There is no optional measure called {', '.join(unknown)}; it was ignored.",) if unknown else ()
