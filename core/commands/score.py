"""`python -m core score QUERY FILE --out FILE`: the segment of each customer of another file."""

import argparse
import csv
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from core import child, pipeline
from core.child import Progress
from core.codec import decode, encode
from core.commands import reading
from core.commands.run import ready_store
from core.errors import UserError
from core.features.customers import Customers
from core.features.needed import needed_columns
from core.io.dataset import Dataset
from core.io.store import Store
from core.pipeline import Results
from core.score import DIALECTS, Scored, score, segment_sql
from core.score.newcomers import RULED
from core.spec import Study
from core.takeaway import safe_text
from core.words import day, plural

COLUMNS: Final = ("id", "known", "segment", "name", "margin", "unlike", "why")
_DIGITS: Final = 6


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("query", metavar="QUERY", help="the query string of a page, as in ?ds=…&k=5")
    what = "a log or customer table with the columns of the study's data set"
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help=what)
    parser.add_argument("--out", metavar="FILE", type=Path, help="the CSV or Parquet file to write")
    parser.add_argument("--json", action="store_true", help="print one JSON document about the scores")
    parser.add_argument("--sql", action="store_true", help="print the segments' formula as SQL instead")
    parser.add_argument("--dialect", choices=tuple(DIALECTS), default="duckdb", help="whose SQL")
    reading.flags(parser)


def run(args: argparse.Namespace) -> int:
    """Write a segment for each customer of the file, or print the SQL; UserError where it can't be."""
    study = Study.parse(args.query)
    if not args.sql:
        _check(args)
    store = ready_store(study)
    results = pipeline.run(study, store)
    if args.sql:
        print(segment_sql(study, results, args.dialect), end="")
        return 0
    customers, by_id = _customers_of(args, study, results, store)
    found = score(study, results, customers, by_id)
    _write(args.out, found)
    told = _document(args.out, study, results, customers, found)
    print(json.dumps(told, ensure_ascii=False) if args.json else _as_text(told))
    return 0


def read_alike(
    home: str, ds: str, path: str, needed: Sequence[str], given: dict[str, str], folder: str, tell: Progress
) -> bytes:
    """Read a file as the data set `ds` was read into a folder; runs in the limited child."""
    from core.io.sets import alike

    store = Store(Path(home))
    before = store.get(ds)
    columns = [column for column in before.columns if column.slug in needed]
    return encode(alike.read_alike(before, Path(path), columns, given, store.data, Path(folder), tell))


def _check(args: argparse.Namespace) -> None:
    if args.file is None or args.out is None:
        raise UserError("score needs a file, and --out for what it writes.", "Or --sql for the formula.")
    if args.out.suffix.lower() not in _WRITERS:
        raise UserError(
            f"{args.out} is neither CSV nor Parquet.", "Give --out a name that ends in .csv or .parquet."
        )
    if not args.file.is_file():
        raise UserError(f"There is no file {args.file}.", "Give the log or customer table to score.")


def _customers_of(
    args: argparse.Namespace, study: Study, results: Results, store: Store
) -> tuple[Customers, bool]:
    """The customer sheet of the file by the study's choices, and whether ids say who a customer is.

    A log is seen from its own snapshot day: days since the last order mean the same in both files.
    """
    from core.features.sheet import customer_sheet
    from core.io.engine import Engine
    from core.io.meaning.roles import problem

    before = store.get(study.source.ds)
    slugs = _slugs(study, results)
    needed = [column.slug for column in needed_columns(before, slugs)]
    with tempfile.TemporaryDirectory() as folder:
        dataset: Dataset = decode(
            Dataset,
            child.run(
                "core.commands.score:read_alike",
                *(str(store.home), before.id, str(args.file.absolute()), needed, reading.given(args), folder),
                doing="reading this file",
            ),
        )
        if (found := problem(dataset)) is not None:
            raise found
        source = replace(study.source, as_of=None)
        customers = customer_sheet(Engine(Path(folder) / "data"), dataset, source, study.clean)
    _refuse_absent(results, customers, slugs, args.file)
    return customers, before.table.one("id") is not None


def _slugs(study: Study, results: Results) -> tuple[str, ...]:
    """Columns of the sheet that a segment rests on."""
    assert results.matrix is not None
    ruled = RULED if study.cluster.algorithm == "rules" else ()
    return (*results.matrix.columns, *ruled, *(one.column for one in study.cohort.where))


def _refuse_absent(results: Results, customers: Customers, slugs: Sequence[str], file: Path) -> None:
    for slug in slugs:
        measure = results.customers.measure(slug)
        if measure is not None and not customers.has(slug):
            raise UserError(
                f"{measure.label} can't be told from {file.name}, and the segments rest on it.",
                "Score a file that holds it, or group customers by other attributes.",
            )


def _rows(found: Scored) -> dict[str, list[Any]]:
    """The columns of the file that is written; text as it is."""
    return {
        "id": list(found.ids),
        "known": ["fitted" if known else "new" for known in found.known.tolist()],
        "segment": found.segments.tolist(),
        "name": list(found.names),
        "margin": [None if np.isnan(m) else round(m, _DIGITS) for m in found.margins.tolist()],
        "unlike": ["yes" if one else "no" for one in found.unlike.tolist()],
        "why": list(found.why),
    }


def _write(path: Path, found: Scored) -> None:
    try:
        _WRITERS[path.suffix.lower()](path, _rows(found))
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}.", "Choose another file.") from error


def _to_csv(path: Path, columns: dict[str, list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for row in zip(*columns.values(), strict=True):
            writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])


def _to_parquet(path: Path, columns: dict[str, list[Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [(name, {"segment": pa.int32(), "margin": pa.float64()}.get(name, pa.string())) for name in COLUMNS]
    )
    with path.open("wb") as out:
        pq.write_table(pa.table(columns, schema=schema), out)


_WRITERS: Final = {".csv": _to_csv, ".parquet": _to_parquet}


def _document(
    out: Path, study: Study, results: Results, customers: Customers, found: Scored
) -> dict[str, Any]:
    return {
        "query": pipeline.resolved(study, results).query(),
        "out": str(out),
        "customers": len(found.ids),
        "known": int(found.known.sum()),
        "unlike": int(found.unlike.sum()),
        "without_segment": int((found.segments == 0).sum()),
        "margin": found.margin,
        "as_of": None if customers.as_of is None else customers.as_of.isoformat(),
        "notes": [*study.notes, *found.notes, *_seen_from(results, customers), *customers.notes],
    }


def _seen_from(results: Results, customers: Customers) -> list[str]:
    """The snapshot days, where they are not the same."""
    here, there = customers.as_of, results.customers.as_of
    if customers.kind != "log" or here == there:
        return []
    return [f"Days are counted up to {day(here)}, the last of the file; in the study up to {day(there)}."]


def _as_text(told: dict[str, Any]) -> str:
    known, total = told["known"], told["customers"]
    lines = [
        f"{plural(total, 'customer')} written to {told['out']}: {known:,} known, {total - known:,} new,"
        f" {told['unlike']:,} unlike anything seen, {told['without_segment']:,} without a segment",
        f"margin: {told['margin']}",
    ]
    return "\n".join([*lines, *(f"note: {note}" for note in told["notes"])])
