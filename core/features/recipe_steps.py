"""What the recipe's choices on the rows of the file did, in words and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from core.clean import Step
from core.features.days import local
from core.features.recipe import DATED, impossible, impossible_day, is_one_of, today
from core.io.dataset import Dataset, TableRef
from core.io.engine import Engine
from core.io.names import listed
from core.spec import Clean

_DONE: Final = {
    "report": "kept and counted",
    "missing": "read as missing",
    "drop": "these rows are left out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """What the recipe meets in one table: cells and rows, by the names of the columns."""

    rows: int
    blanks: tuple[tuple[str, int], ...]
    impossible: tuple[tuple[str, int], ...]
    can_be: bool


def recipe_steps(engine: Engine, dataset: Dataset, clean: Clean) -> tuple[Step, ...]:
    """The steps `blanks` (where values were chosen), `impossible` (where values can be so), and `duplicates`
    where the choice can't be made on this kind of data."""
    counted = [_counted(engine, dataset, clean, dataset.table, "")]
    if dataset.people is not None:
        counted.append(_counted(engine, dataset, clean, dataset.people, " of the customer table"))
    found = (_blanks(clean, counted), _impossible(dataset, clean, counted), _duplicates(dataset, clean))
    return tuple(step for step in found if step is not None)


def _counted(engine: Engine, dataset: Dataset, clean: Clean, ref: TableRef, whose: str) -> _Counted:
    content = ref.content
    engine.view(content)
    key = ("steps", ref, dataset.kind, today(dataset), dataset.time_zone, clean.blanks)
    sql = engine.compiled(key, lambda: _counts(engine.table(content), dataset, ref, clean))
    with engine.work() as work:
        counts = work.run(sql).to_pylist()[0]

    def named(prefix: str) -> tuple[tuple[str, int], ...]:
        found = ((c.name + whose, counts.get(f"{prefix}_{c.slug}", 0)) for c in ref.columns)
        return tuple((name, n) for name, n in found if n)

    return _Counted(
        rows=counts.get("impossible", 0),
        blanks=named("blank"),
        impossible=named("impossible"),
        can_be="impossible" in counts,
    )


def _counts(table: ir.Table, dataset: Dataset, ref: TableRef, clean: Clean) -> ir.Table:
    sums = {"rows": table.count()}
    for column in ref.columns:
        words = [word for slug, word in clean.blanks if slug == column.slug]
        if words:
            sums[f"blank_{column.slug}"] = _sum(is_one_of(table[column.slug], column, words))
    flags = _flags(table, dataset, ref)
    sums |= {f"impossible_{slug}": _sum(flag) for slug, flag in flags.items()}
    if flags:
        sums["impossible"] = _sum(ibis.or_(*flags.values()))
    return table.agg(**sums)


def _flags(table: ir.Table, dataset: Dataset, ref: TableRef) -> dict[str, ir.BooleanValue]:
    if dataset.kind != "log" or ref is dataset.people:
        return impossible(table, ref.columns, dataset)
    date = ref.one("date")
    if date is None or date.type not in DATED:
        return {}
    return {date.slug: impossible_day(local(table[date.slug], date, dataset).cast("date"), today(dataset))}


def _sum(flag: ir.BooleanValue) -> ir.IntegerValue:
    return flag.cast("int64").sum().fill_null(0)


def _blanks(clean: Clean, counted: Sequence[_Counted]) -> Step | None:
    if not clean.blanks:
        return None
    found = [pair for one in counted for pair in one.blanks]
    said = listed([f"{n:,} in {name}" for name, n in found])
    none = "No cell holds one of the values chosen as missing."
    text = f"Values that mean “missing”: {said}; read as empty." if found else none
    cells = sum(n for _, n in found)
    return Step(name="blanks", text=text, rows=cells, values=cells)


def _impossible(dataset: Dataset, clean: Clean, counted: Sequence[_Counted]) -> Step | None:
    if not any(one.can_be for one in counted):
        return None
    found = [pair for one in counted for pair in one.impossible]
    said = listed([f"{n:,} in {name}" for name, n in found])
    dates = dataset.kind == "log" and not any(one.impossible for one in counted[1:])
    what = "Dates in the future or before 1950" if dates else "Values that can't be"
    beside = clean.impossible == "drop" and any(one.impossible for one in counted[1:])
    also = ", and those of the customer table are read as missing" if beside else ""
    text = f"{what}: {said}; {_DONE[clean.impossible]}{also}." if found else f"{what}: none."
    emptied = counted if clean.impossible == "missing" else counted[1:] if beside else []
    changed = sum(n for one in emptied for _, n in one.impossible)
    return Step(name="impossible", text=text, rows=sum(one.rows for one in counted), values=changed)


def _duplicates(dataset: Dataset, clean: Clean) -> Step | None:
    if dataset.kind != "log" or not clean.duplicates.startswith("id-"):
        return None
    text = "A log has many rows per customer: they are not merged, and rows that equal another are kept."
    return Step(name="duplicates", text=text, rows=0, values=0)
