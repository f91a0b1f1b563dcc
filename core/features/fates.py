"""What becomes of every row of the file: used, or out and why."""

from typing import Final

import ibis
import ibis.expr.types as ir

from core.features.lines import standard_lines
from core.features.recipe import impossible_day, today, with_gaps, without_blanks
from core.features.snapshot import Snapshot, snapshot, window_start
from core.features.table_rows import table_rows
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.meaning.questions import leaves_out_duplicates
from core.io.query.repeated import mark_repeated, repeated
from core.spec import Clean, Source

FATES: Final = {
    "duplicate": "Rows that equal an earlier row",
    "no_customer": "Lines without a customer",
    "impossible": "Lines with an impossible date (in the future, or before 1950)",
    "no_date": "Lines without a date",
    "after": "Lines after the snapshot day",
    "status": "Cancelled or test orders",
    "service": "Lines that are not products (postage, fees, corrections)",
    "other": "Lines that are neither a sale nor a return (price or pieces zero or below)",
    "before": "Lines before the period",
}
"""Why a line of a log is out, in the order in which it is asked."""

USED, AFTER, BEFORE, OTHER = "used", "after", "before", "other"
CODES: Final = {word: code for code, word in enumerate((USED, *FATES))}
"""Fates as numbers: lines are grouped by these, which is quicker than by words."""

WORDS: Final = tuple(CODES)
LIVED: Final = (USED, OTHER, BEFORE)
"""Fates of lines that a customer's life is made of; the period only decides what of it is counted."""

PRESENT: Final = (*LIVED, "status", "service", "impossible", "no_date")
"""Fates of lines whose customer is one of the log's, on the snapshot day."""

NOBODY: Final = ("duplicate", "no_customer")
UNDATED: Final = ("duplicate", "no_customer", "impossible", "no_date")
"""Reasons that are asked before any that a snapshot day decides."""


def lines_with_fates(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> ir.Table:
    """Every stored row of a data set with what becomes of it.

    Returns
    -------
    ibis Table
        `row` (number in the file, int64) and `fate`: `used`, or a key of `FATES` (of
        `core.features.table_rows.FATES` for a customer table). A log's has the columns of
        `core.features.lines.standard_lines` too.
    """
    if dataset.kind != "log":
        return table_rows(engine, dataset, clean)
    seen = seen_from(engine, dataset, source, clean)
    lines = prepared(engine, dataset, clean)
    reasons = _reasons(lines, dataset, clean)
    reasons |= {AFTER: lines.day > seen.as_of, BEFORE: lines.day < window_start(seen.as_of, source.window)}
    return lines.mutate(fate=ibis.cases(*((reasons[k], k) for k in FATES if k in reasons), else_=USED))


def prepared(engine: Engine, dataset: Dataset, clean: Clean) -> ir.Table:
    """A log's standard lines, with the recipe's changes to single values made."""
    table = without_blanks(mark_repeated(engine, dataset.table.content), dataset.columns, clean)
    return standard_lines(table, with_gaps(dataset, clean))


def coded(lines: ir.Table, dataset: Dataset, clean: Clean) -> ir.Table:
    """The lines with `fate`, the first reason that applies, by `CODES`, and `lived`: is it one of `LIVED`?

    Lines after the snapshot day and before the period are not told yet: `core.features.blocks.dated` does.
    """
    reasons = _reasons(lines, dataset, clean)
    branches = [(reasons[key], _code(key)) for key in FATES if key in reasons]
    return lines.mutate(
        fate=ibis.cases(*branches, else_=_code(USED)),
        # LIVED are the last reasons, so that none of the others applies
        lived=ibis.and_(*(~reasons[key].fill_null(False) for key in reasons if key not in LIVED)),
    )


def seen_from(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> Snapshot:
    """The snapshot day of a log under a recipe, from the days on which something was sold to a customer."""
    register(engine, dataset)
    sql = engine.compiled(("days", *key_of_log(dataset, clean)), lambda: _days(engine, dataset, clean))
    with engine.work() as work:
        days = work.run(sql)["day"].to_pylist()
    return snapshot(sorted(days), today(dataset), source.as_of)


def register(engine: Engine, dataset: Dataset) -> None:
    """Make the files that compiled SQL over this log reads known to the engine."""
    content = dataset.table.content
    engine.view(content)
    if repeated(engine, content):
        engine.view(content, "repeated")


def key_of_log(dataset: Dataset, clean: Clean) -> tuple[object, ...]:
    """All that the SQL of a log's lines depends on."""
    steps = (clean.blanks, clean.duplicates, clean.impossible, clean.cancelled, clean.services)
    return (
        *(dataset.id, dataset.table, dataset.answers, dataset.questions),
        *(today(dataset), dataset.time_zone, steps),
    )


def _code(word: str) -> ir.IntegerValue:
    return ibis.literal(CODES[word], "int8")


def _reasons(lines: ir.Table, dataset: Dataset, clean: Clean) -> dict[str, ir.BooleanValue]:
    """The reasons that no choice of a day or a period changes, by the words of `FATES`."""
    return {**_lasting(lines, dataset, clean), OTHER: ~(lines.sold | lines.back)}


def _lasting(lines: ir.Table, dataset: Dataset, clean: Clean) -> dict[str, ir.BooleanValue]:
    """Those of them that leave sale lines out too."""
    found = {"no_customer": lines.customer.isnull(), "no_date": lines.day.isnull()}
    if clean.duplicates == "drop" or leaves_out_duplicates(dataset):
        found["duplicate"] = lines.duplicate
    if clean.impossible == "drop":
        found["impossible"] = impossible_day(lines.day, today(dataset))
    if (
        clean.impossible == "missing"
    ):  # an order of an unknown day can't be placed in time: it is out, as such
        found["no_date"] = lines.day.isnull() | impossible_day(lines.day, today(dataset))
    if clean.cancelled == "out":
        found["status"] = lines.out
    if clean.services == "out":
        found["service"] = lines.service
    return found


def _days(engine: Engine, dataset: Dataset, clean: Clean) -> ir.Table:
    lines = prepared(engine, dataset, clean)
    out = ibis.or_(*_lasting(lines, dataset, clean).values())
    return lines.filter(lines.sold & ~out).select("day").distinct()
