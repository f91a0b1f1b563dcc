"""What the recipe's choices on the rows of the file did, in words and numbers."""

from typing import Final

import ibis
import ibis.expr.types as ir

from core.clean import Step
from core.features.recipe import DATED, impossible, impossible_day, is_one_of, today
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.names import listed
from core.spec import Clean

_DONE: Final = {
    "report": "kept and counted",
    "missing": "read as missing",
    "drop": "these rows are left out",
}


def recipe_steps(engine: Engine, dataset: Dataset, clean: Clean) -> tuple[Step, ...]:
    """The steps `blanks` (where values were chosen), `impossible` (where values can be so), and `duplicates`
    where the choice can't be made on this kind of data."""
    content = dataset.table.content
    engine.view(content)
    key = ("steps", dataset.table, dataset.kind, dataset.added[:10], clean.blanks)
    sql = engine.compiled(key, lambda: _counts(engine.table(content), dataset, clean))
    with engine.work() as work:
        counts = work.run(sql).to_pylist()[0]
    found = (_blanks(dataset, counts), _impossible(dataset, clean, counts), _duplicates(dataset, clean))
    return tuple(step for step in found if step is not None)


def _counts(table: ir.Table, dataset: Dataset, clean: Clean) -> ir.Table:
    sums = {"rows": table.count()}
    for column in dataset.columns:
        words = [word for slug, word in clean.blanks if slug == column.slug]
        if words:
            sums[f"blank_{column.slug}"] = _sum(is_one_of(table[column.slug], column, words))
    flags = _flags(table, dataset)
    sums |= {f"impossible_{slug}": _sum(flag) for slug, flag in flags.items()}
    if flags:
        sums["impossible"] = _sum(ibis.or_(*flags.values()))
    return table.agg(**sums)


def _flags(table: ir.Table, dataset: Dataset) -> dict[str, ir.BooleanValue]:
    if dataset.kind != "log":
        return impossible(table, dataset.columns, today(dataset))
    date = dataset.table.one("date")
    if date is None or date.type not in DATED:
        return {}
    return {date.slug: impossible_day(table[date.slug].cast("date"), today(dataset))}


def _sum(flag: ir.BooleanValue) -> ir.IntegerValue:
    return flag.cast("int64").sum().fill_null(0)


def _named(dataset: Dataset, counts: dict[str, int], prefix: str) -> list[tuple[str, int]]:
    found = [(c.name, counts.get(f"{prefix}_{c.slug}", 0)) for c in dataset.columns]
    return [(name, n) for name, n in found if n]


def _blanks(dataset: Dataset, counts: dict[str, int]) -> Step | None:
    if not any(name.startswith("blank_") for name in counts):
        return None
    found = _named(dataset, counts, "blank")
    said = listed([f"{n:,} in {name}" for name, n in found])
    text = f"Values that mean “missing”: {said}; read as empty." if found else "No cell holds these values."
    cells = sum(n for _, n in found)
    return Step(name="blanks", text=text, rows=cells, values=cells)


def _impossible(dataset: Dataset, clean: Clean, counts: dict[str, int]) -> Step | None:
    if "impossible" not in counts:
        return None
    found = _named(dataset, counts, "impossible")
    said = listed([f"{n:,} in {name}" for name, n in found])
    what = "Dates in the future or before 1950" if dataset.kind == "log" else "Values that can't be"
    text = f"{what}: {said}; {_DONE[clean.impossible]}." if found else f"{what}: none."
    changed = sum(n for _, n in found) if clean.impossible == "missing" else 0
    return Step(name="impossible", text=text, rows=counts["impossible"], values=changed)


def _duplicates(dataset: Dataset, clean: Clean) -> Step | None:
    if dataset.kind != "log" or not clean.duplicates.startswith("id-"):
        return None
    text = "A log has many rows per customer: they are not merged, and rows that equal another are kept."
    return Step(name="duplicates", text=text, rows=0, values=0)
