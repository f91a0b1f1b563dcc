"""A log's customers gathered: all at once where the engine's memory allows, else in parts of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from core.features import blocks as bl
from core.features import counts
from core.features import measures as ms
from core.features import weeks as wk
from core.features.extras import Extra
from core.features.matches import returned, undone
from core.features.scene import Scene
from core.io.engine import Engine
from core.io.query.work import Work

Progress = Callable[[str, float], None]

ROW_BYTES: Final = 64
"""Of the engine's memory that a line takes at the widest point, distinct products of customers."""

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


def parts_for(engine: Engine, rows: int) -> int:
    """In how many parts of customers a log of so many lines is gathered, so that each fits into memory."""
    return rows * ROW_BYTES // (engine.memory_mb * 1024**2) + 1


def gathered(
    engine: Engine,
    work: Work,
    scene: Scene,
    lines: str,
    *,
    extras: Sequence[Extra] = (),
    with_present: bool = False,
    parts: int = 1,
    progress: Progress = lambda stage, share: None,
) -> Gathered:
    """Gather a log's customers; the result is the same for any number of parts.

    Parameters
    ----------
    lines : str
        SQL of the view `lines`, which is there.
    """
    asker = _Asker(engine=engine, work=work, scene=scene)
    found = []
    for at, _ in enumerate(_opened(work, lines, parts, progress)):
        progress(ADDING, (_SORTED + (1 - _SORTED) * at / parts) if parts > 1 else 0.0)
        found.append(_part(asker, extras, with_present))
    for name in ("blocks", "returned", "orders", "fated"):  # room for what is asked of all customers
        work.drop(name)
    sheet = pa.concat_tables([p.sheet for p in found])
    if scene.discounts:
        sheet = beside(sheet, asker.run("expected", lambda: wk.expected(scene.weeks)))
    else:
        sheet = sheet.append_column("expected_discounted", pa.nulls(sheet.num_rows, pa.float64()))
    return Gathered(
        sheet=sheet,
        months=_summed([p.months for p in found], "month").sort_by("month"),
        fates={row["fate"]: row for row in _summed([p.fates for p in found], "fate").to_pylist()},
        customers=_added([p.customers.to_pylist()[0] for p in found]),
        present=pa.concat_tables([p.present for p in found if p.present]) if with_present else None,
    )


def measured(engine: Engine, work: Work, scene: Scene) -> pa.Table:
    """A row per customer of the view `lines`: `core.features.measures.measures`.

    The tables `blocks`, `returned` and `orders` are there from then on.
    """
    return _measured(_Asker(engine=engine, work=work, scene=scene))


def beside(sheet: pa.Table, more: pa.Table) -> pa.Table:
    """The sheet with the columns of another table with a row per customer; nulls where it has none."""
    at = pc.index_in(sheet["customer"], value_set=more["customer"].combine_chunks())
    for name in more.column_names:
        if name != "customer":
            sheet = sheet.append_column(name, more[name].take(at))
    return sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    """Asks the questions of a scene, whose SQL is compiled once for all parts and all logs of that scene."""

    engine: Engine
    work: Work
    scene: Scene

    def sql(self, name: str, make: Callable[[], ir.Table]) -> str:
        return self.engine.compiled((name, self.scene), make)

    def run(self, name: str, make: Callable[[], ir.Table]) -> pa.Table:
        return self.work.run(self.sql(name, make))


def _opened(work: Work, lines: str, parts: int, progress: Progress) -> Iterator[None]:
    """Have the view `lines` show one part of the customers after the other."""
    if parts == 1:
        yield
        return
    progress(SORTING, 0.0)
    for part in work.spread(
        lines, ["customer"], parts, lambda share: progress(SORTING, _SORTED * min(share, 1.0))
    ):
        work.view("lines", part)
        yield


def _measured(ask: _Asker) -> pa.Table:
    scene, work = ask.scene, ask.work
    work.keep("blocks", ask.sql("blocks", lambda: bl.blocks(scene.lines, scene.placed, scene.timed)))
    work.keep("returned", ask.sql("returned", lambda: returned(_lived(scene.lines))))
    work.keep("orders", ask.sql("orders", lambda: bl.orders(scene.blocks, _undone(scene))))
    return ask.run("sheet", lambda: _sheet(scene))


def _part(ask: _Asker, extras: Sequence[Extra], with_present: bool) -> _Part:
    """One part's customers; adds their weeks to the table `weeks`."""
    scene, work = ask.scene, ask.work
    sheet = _measured(ask)
    if scene.discounts:
        work.append(
            "weeks", ask.sql("weeks", lambda: wk.weeks(scene.orders, scene.start, scene.first_weekday))
        )
    work.keep("fated", ask.sql("fated", lambda: counts.fated(scene.blocks)))
    for extra in extras:
        sheet = beside(sheet, ask.run(extra.name, lambda make=extra.make: make(scene)))  # type: ignore[misc]
    return _Part(
        sheet=sheet,
        months=ask.run("months", lambda: counts.months(scene.blocks, scene.orders, scene.start)),
        fates=ask.run("fates", lambda: counts.by_fate(scene.blocks, scene.fated)),
        customers=ask.run("customers", lambda: counts.customers_counted(scene.fated)),
        present=ask.run("present", lambda: counts.present(scene.fated)) if with_present else None,
    )


def _undone(scene: Scene) -> ir.Table:
    return undone(_lived(scene.lines), scene.returned)


def _lived(lines: ir.Table) -> ir.Table:
    return lines.filter(lines.lived)


def _sheet(scene: Scene) -> ir.Table:
    variety = None
    if scene.varied:
        variety = ms.variety(scene.lines, scene.orders, scene.start, scene.mixed)
    return ms.measures(scene.lived, scene.orders, variety, scene.as_of, scene.window, scene.returns)


def _summed(parts: Sequence[pa.Table], key: str) -> pa.Table:
    """The parts' rows of equal key added up: each part has customers of its own."""
    whole = pa.concat_tables(parts)
    names = [name for name in whole.column_names if name != key]
    found = whole.group_by(key).aggregate([(name, "sum") for name in names])
    return found.select([key, *(f"{name}_sum" for name in names)]).rename_columns([key, *names])


def _added(parts: Sequence[dict[str, int]]) -> dict[str, int]:
    return {name: sum(part[name] for part in parts) for name in parts[0]}
