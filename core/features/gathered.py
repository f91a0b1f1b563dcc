"""A log's customers gathered: all at once where the engine's memory allows, else in parts of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.child import Progress
from core.features import counts
from core.features import weeks as wk
from core.features.asked import Asker
from core.features.blocks import blocks, dated, order_days
from core.features.extras import Extra
from core.features.fates import WORDS, seen_from
from core.features.folded import order_table
from core.features.lines import key_type
from core.features.measured import Measured, measured
from core.features.month_bits import ordered
from core.features.recipe import today
from core.features.scene import Scene, open_lines
from core.features.snapshot import Snapshot, snapshot
from core.features.spreading import PART, Spreading, spreading
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.query.work import Work
from core.spec import Clean, Source

ROW_BYTES: Final = 208
"""Of memory that a line takes at the widest point, beside what the engine itself holds."""

SORTING: Final = "Sorting the lines by customer"
ADDING: Final = "Adding up what each customer did"
_SORTED: Final = 0.35
"""Share of the time that sorting takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a log's lines come to.

    Attributes
    ----------
    sheet : pyarrow Table
        A row per customer with a dated line: `core.features.measures.measures`, `expected_discounted`, and
        the optional measures asked for.
    months : pyarrow Table
        `core.features.counts.months`, by month.
    fates : dict of str to dict
        Fate -> `rows`, `customers`, `gross`, `discount`, `returned`.
    customers : dict of str to int
        `core.features.counts.customers_counted`.
    present : pyarrow Table or None
        `core.features.counts.present`, where it is asked for.
    """

    sheet: pa.Table
    months: pa.Table
    fates: dict[str, dict[str, Any]]
    customers: dict[str, int]
    present: pa.Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    sheet: pa.Table
    months: pa.Table
    fates: pa.Table
    customers: pa.Table
    present: pa.Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A log whose lines can be asked for: the view `lines`.

    Attributes
    ----------
    lines : str
        SQL of that view.
    parts : int
        In how many parts of customers the log is gathered.
    source : Spreading or None
        What these parts are made of, where there are several.
    products : (low, high) or None
        Between which products lie, where they are whole numbers and no category stands in for one.
    blocks : pyarrow Table or None
        Those of all customers, where they are gathered at once.
    """

    asker: Asker
    seen: Snapshot
    lines: str
    parts: int
    source: Spreading | None = None
    products: tuple[int, int] | None = None
    blocks: pa.Table | None = None


def parts_for(engine: Engine, rows: int) -> int:
    """In how many parts of customers a log of so many lines is gathered, so that each fits into memory."""
    return rows * ROW_BYTES // (engine.memory_mb * 1024**2) + 1


def opened(
    engine: Engine, work: Work, dataset: Dataset, source: Source, clean: Clean, scene: Scene, parts: int = 0
) -> Opened:
    """Open a log, and find its snapshot day.

    Parameters
    ----------
    scene : Scene
        Without its days.
    parts : int, optional
        As the engine's memory allows where it is not given.

    Raises
    ------
    UserError
        When no line is a sale up to that day.
    """
    parts = parts or parts_for(engine, dataset.table.rows)
    lines = open_lines(engine, work, dataset, clean)
    asker = Asker(engine=engine, work=work, scene=scene)
    if parts > 1:
        seen, found = seen_from(engine, dataset, source, clean), None
    else:
        found = _blocks(asker)
        seen = snapshot(order_days(found), today(dataset), source.as_of)
    return Opened(
        asker=asker.on(seen),
        seen=seen,
        lines=lines,
        parts=parts,
        source=spreading(engine, dataset, clean, lines) if parts > 1 else None,
        products=None if scene.mixed else _products(engine, dataset),
        blocks=found,
    )


def measured_at_once(log: Opened) -> Measured:
    """Measure all customers of a log that is gathered in one part."""
    assert log.blocks is not None, "found when it was opened"
    return measured(log.asker, _dated(log.asker, log.blocks), log.products)


def gathered(
    log: Opened,
    *,
    extras: Sequence[Extra] = (),
    with_present: bool = False,
    progress: Progress = lambda stage, share: None,
) -> Gathered:
    """Gather a log's customers; the result is the same for any number of parts."""
    asker, found = log.asker, []
    for table in each_part(log, progress):
        found.append(_part(log, table, extras, with_present))
        del table  # room for the next part, and for what is asked of all customers
    sheet = pa.concat_tables([p.sheet for p in found])
    if asker.scene.discounts:
        sheet = beside(sheet, asker.run("expected", lambda: wk.expected(asker.scene.weeks)))
    else:
        sheet = sheet.append_column("expected_discounted", pa.nulls(sheet.num_rows, pa.float64()))
    return Gathered(
        sheet=sheet,
        months=_summed([p.months for p in found], "month").sort_by("month"),
        fates={WORDS[row["fate"]]: row for row in _summed([p.fates for p in found], "fate").to_pylist()},
        customers=_added([p.customers.to_pylist()[0] for p in found]),
        present=pa.concat_tables([p.present for p in found if p.present]) if with_present else None,
    )


def each_part(log: Opened, progress: Progress) -> Iterator[pa.Table]:
    """The blocks of one part of the customers after the other; what is lent for a part is then taken back."""
    asker, work = log.asker, log.asker.work
    for at, _ in enumerate(_parts(log, progress)):
        progress(ADDING, (_SORTED + (1 - _SORTED) * at / log.parts) if log.parts > 1 else 0.0)
        yield log.blocks if log.blocks is not None else _blocks(asker)
        for name in ("blocks", "orders", "others"):
            work.take_back(name)
        work.drop("fated")
        pa.default_memory_pool().release_unused()


def beside(sheet: pa.Table, more: pa.Table) -> pa.Table:
    """The sheet with the columns of another table with a row per customer; nulls where it has none."""
    at = pc.index_in(sheet["customer"], value_set=more["customer"].combine_chunks())
    for name in more.column_names:
        if name != "customer":
            sheet = sheet.append_column(name, more[name].take(at))
    return sheet


def _parts(log: Opened, progress: Progress) -> Iterator[None]:
    """Have the view `lines` show one part of the customers after the other."""
    work, source = log.asker.work, log.source
    if source is None:
        yield
        return
    progress(SORTING, 0.0)
    for part in work.spread(
        source.rows, ["_customer"], log.parts, lambda share: progress(SORTING, _SORTED * min(share, 1.0))
    ):
        work.view(PART, part)
        work.view("lines", source.lines)
        yield
    work.view("lines", log.lines)


def _blocks(ask: Asker) -> pa.Table:
    scene = ask.scene
    return ask.run("blocks", lambda: blocks(scene.lines, scene.placed, scene.timed))


def _products(engine: Engine, dataset: Dataset) -> tuple[int, int] | None:
    """The engine knows these from the file's own statistics, without reading it."""
    column = dataset.table.one("product")
    if column is None or key_type(column) != "int64":
        return None
    ends = engine.table(dataset.table.content)[column.slug]
    found = engine.run(ends.as_table().agg(low=ends.min(), high=ends.max())).to_pylist()[0]
    return int(found["low"] or 0), int(found["high"] or 0)


def _dated(ask: Asker, table: pa.Table) -> pa.Table:
    return dated(table, ask.scene.as_of, ask.scene.start)


def _part(log: Opened, table: pa.Table, extras: Sequence[Extra], with_present: bool) -> _Part:
    """One part's customers; adds their weeks to the table `weeks`."""
    ask, scene, work = log.asker, log.asker.scene, log.asker.work
    table = _dated(ask, table)
    found = measured(ask, table, log.products)
    sheet = found.sheet
    work.lend("blocks", table)
    work.lend("orders", order_table(found.blocks, found.folded, scene.timed))
    if scene.discounts:
        work.append("weeks", ask.sql("weeks", lambda: wk.weeks(scene.counted, scene.first_weekday)))
    work.keep("fated", ask.sql("fated", lambda: counts.fated(scene.blocks)))
    sheet = beside(sheet, ask.run("ordered", lambda: ordered(scene)))
    for extra in extras:
        sheet = beside(sheet, ask.run(extra.name, lambda make=extra.make: make(scene)))  # type: ignore[misc]
    return _Part(
        sheet=sheet,
        months=ask.run("months", lambda: counts.months(scene.used, scene.counted, scene.returns)),
        fates=ask.run("fates", lambda: counts.by_fate(scene.blocks, scene.fated)),
        customers=ask.run("customers", lambda: counts.customers_counted(scene.fated)),
        present=ask.run("present", lambda: counts.present(scene.fated)) if with_present else None,
    )


def _summed(parts: Sequence[pa.Table], key: str) -> pa.Table:
    """The parts' rows of equal key added up: each part has customers of its own."""
    whole = pa.concat_tables(parts)
    names = [name for name in whole.column_names if name != key]
    found = whole.group_by(key).aggregate([(name, "sum") for name in names])
    return found.select([key, *(f"{name}_sum" for name in names)]).rename_columns([key, *names])


def _added(parts: Sequence[dict[str, int]]) -> dict[str, int]:
    return {name: sum(part[name] for part in parts) for name in parts[0]}
