"""Rows of a stored table that equal an earlier row, found once per content and kept beside it."""

import uuid
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.io.engine import Engine

FILE: Final = "repeated"
_AT_ONCE: Final = 24_000_000
"""Rows whose hashes are compared in one go."""


def repeated(engine: Engine, name: str) -> int:
    """How many rows of the stored table equal an earlier one in every column.

    Their numbers (`_row`) lie in `repeated.parquet` beside the table from then on: a table never changes.
    """
    path = engine.folder(name) / f"{FILE}.parquet"
    if not path.exists():
        _write(pa.concat_tables(_found(engine, name)), path)
    return int(pq.read_metadata(path).num_rows)


def mark_repeated(engine: Engine, name: str) -> ir.Table:
    """The stored table with `_duplicate`: true where an earlier row has the same value in every column."""
    table = engine.table(name)
    if not repeated(engine, name):
        return table.mutate(_duplicate=ibis.literal(False))
    again = ibis.table({"_row": "int64"}, name=engine.view(name, FILE))
    return table.mutate(_duplicate=table["_row"].isin(again["_row"]))


def _found(engine: Engine, name: str) -> list[pa.Table]:
    columns = [f'"{c}"' for c in engine.schema(name) if c != "_row"]
    rows = int(pq.read_metadata(engine.folder(name) / "table.parquet").num_rows)
    parts = rows // _AT_ONCE + 1 if columns else 0
    table, listed = engine.view(name), ", ".join(columns)
    found = [pa.table({"_row": pa.array([], pa.int64())})]
    with engine.work() as work:
        for part in range(parts):
            only = f"where hash({listed}) % {parts} = {part}" if parts > 1 else ""
            shared = _shared(work.run(f"select hash({listed}) as hash from {table} {only}"))
            if len(shared):
                work.lend("shared", shared)
                found.append(work.run(_query(table, listed)))
    return found


def _shared(hashes: pa.Table) -> pa.Table:
    """The hashes that stand more than once; to sort numbers is faster than to group rows by them."""
    ordered = np.concatenate([np.empty(0, np.uint64), *(c.to_numpy() for c in hashes["hash"].chunks)])
    ordered.sort()
    return pa.table({"hash": np.unique(ordered[1:][ordered[1:] == ordered[:-1]])})


def _query(table: str, columns: str) -> str:
    """Rows whose hash is `shared` are few, and only these are compared value by value."""
    return f"""
        select _row from (
          select _row, row_number() over (partition by {columns} order by _row) as nth
          from {table} where hash({columns}) in (select hash from shared)
        ) where nth > 1 order by _row
    """


def _write(table: pa.Table, path: Path) -> None:
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        pq.write_table(table, part, compression="zstd")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
