"""The rows of the file that are not used, each with its number and the reason."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow.parquet as pq

from core.features.fates import FATES, lines_with_fates
from core.features.ledger import aside_text
from core.features.table_rows import table_reasons
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.spec import Clean, Source
from core.takeaway import safe_text

ROW: Final = "Row in the file"
REASON: Final = "Reason"
AS_IT_STOOD: Final = "As it stood in the file"


def left_out(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> Iterator[tuple[str, ...]]:
    """Every row of the file that is not used, by the words of the ledger, safe to open in a spreadsheet.

    Parameters
    ----------
    source, clean
        The period, the snapshot day and the recipe: they decide which rows are used.

    Yields
    ------
    tuple of str
        A header first; then the rows that the reader set aside, as text in the last column, then the others
        by their number, with their values as stored. Rows are counted from 1 after the header of the file.

    Raises
    ------
    UserError
        When no study can be made of the log: no line is a sale, or the snapshot day is before the first.
    """
    columns = dataset.columns
    yield (ROW, REASON, *(safe_text(c.name) for c in columns), AS_IT_STOOD)
    yield from _aside(engine, dataset)
    words = FATES if dataset.kind == "log" else table_reasons(clean)
    for batch in engine.batches(_out(engine, dataset, source, clean)):
        cells = [map(_cell, batch.column(c.slug).to_pylist()) for c in columns]
        reasons = (words[fate] for fate in batch.column("_fate").to_pylist())
        numbers = map(str, batch.column("_row").to_pylist())
        yield from ((*row, "") for row in zip(numbers, reasons, *cells, strict=True))


def _aside(engine: Engine, dataset: Dataset) -> Iterator[tuple[str, ...]]:
    """The rows that never reached the table."""
    if not dataset.table.aside:
        return
    path = engine.folder(dataset.table.content) / "aside.parquet"
    gaps = ("",) * len(dataset.columns)
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=["_row", "reason", "text"]):
            for row in batch.to_pylist():
                yield (str(row["_row"]), aside_text(row["reason"]), *gaps, safe_text(row["text"]))


def _out(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> ir.Table:
    stored = engine.table(dataset.table.content)
    fates = lines_with_fates(engine, dataset, source, clean).select(_number="row", _fate="fate")
    out = fates.filter(fates["_fate"] != "used")
    return stored.inner_join(out, stored["_row"] == out["_number"]).order_by("_row")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return safe_text(value) if isinstance(value, str) else str(value)
