"""A table as content: its hash, its Parquet file, and what is worth knowing of each column."""

import hashlib
import json
import math
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.io import dates
from core.io.dataset import FEW, Column
from core.io.reading import Field, Reading

_EXAMPLES: Final = 5
_ROW_GROUP: Final = 122_880
_MOST_DECIMALS: Final = 6
_LARGEST_EXACT: Final = 2.0**53


def digest(reading: Reading) -> str:
    """sha256 over canonical values, slugs, names and types: the file's format and chunks do not matter."""
    total = hashlib.sha256()
    total.update(json.dumps([[f.slug, f.name, f.type] for f in reading.fields]).encode())
    for name in reading.table.column_names:
        for piece in _canonical(reading.table[name]):
            total.update(piece)
    return total.hexdigest()


def save(table: pa.Table, path: Path) -> None:
    """Write Parquet so that the file is either complete or not there; a file that is there is left alone."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("wb") as file:
            pq.write_table(table, file, compression="zstd", row_group_size=_ROW_GROUP, store_schema=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def described(reading: Reading) -> tuple[Column, ...]:
    """The columns with their counts, sums and examples; no role is guessed yet (`ignore`)."""
    return tuple(_described(field, reading.table[field.slug]) for field in reading.fields)


def turned(table: pa.Table, columns: Sequence[Column], slugs: Sequence[str]) -> Reading:
    """The stored table with day and month exchanged in the date columns `slugs`."""
    for slug in slugs:
        column = table[slug]
        values = dates.exchanged(column.combine_chunks().to_numpy(zero_copy_only=False))
        place = table.column_names.index(slug)
        table = table.set_column(place, slug, pa.array(values, type=column.type))
    fields = [Field(slug=c.slug, name=c.name, type=c.type, dayfirst=c.dayfirst) for c in columns]
    return Reading(
        table=table,
        fields=tuple(replace(f, dayfirst=not f.dayfirst) if f.slug in slugs else f for f in fields),
    )


def load(path: Path) -> pa.Table:
    """The stored table."""
    return pq.read_table(path)


def _canonical(column: pa.ChunkedArray) -> Iterator[bytes | memoryview]:
    """Bytes that are equal for equal values: lengths, then letters of text; gaps, then values of the rest."""
    if pa.types.is_large_string(column.type) or pa.types.is_string(column.type):
        text = [pc.cast(chunk, pa.large_string()) for chunk in column.chunks]
        for chunk in text:
            yield (
                pc.fill_null(pc.cast(pc.binary_length(chunk), pa.int64()), -1)
                .to_numpy()
                .astype("<i8")
                .tobytes()
            )
        for chunk in text:
            yield _letters(pc.fill_null(chunk, ""))
        return
    for chunk in column.chunks:
        yield chunk.is_null().to_numpy(zero_copy_only=False).tobytes()
    for chunk in column.chunks:
        yield _plain(chunk).tobytes()


def _letters(text: pa.Array) -> bytes:
    offsets = np.frombuffer(text.buffers()[1], dtype="<i8")[text.offset : text.offset + len(text) + 1]
    if not len(text) or text.buffers()[2] is None:
        return b""
    return bytes(memoryview(text.buffers()[2])[int(offsets[0]) : int(offsets[-1])])


def _plain(chunk: pa.Array) -> np.ndarray:
    kind = "<i8"
    if pa.types.is_boolean(chunk.type):
        kind = "u1"
    elif pa.types.is_floating(chunk.type):
        kind = "<f8"
    elif pa.types.is_date32(chunk.type):
        chunk = pc.cast(chunk, pa.int32())
    else:
        chunk = pc.cast(chunk, pa.int64())
    values: np.ndarray = (
        pc.fill_null(chunk, pa.scalar(0).cast(chunk.type)).to_numpy(zero_copy_only=False).astype(kind)
    )
    return values + 0.0 if kind == "<f8" else values  # -0.0 and 0.0 are one value


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _described(field: Field, column: pa.ChunkedArray) -> Column:
    printed = _PRINTED[field.type]
    known = pc.drop_null(column)
    distinct = pc.count_distinct(known).as_py()
    smallest, largest = _ends(field.type, known)
    return Column(
        slug=field.slug,
        name=field.name,
        type=field.type,
        role="ignore",
        missing=column.null_count,
        distinct=distinct,
        sum=_sum(known) if field.type in ("integer", "number") else None,
        minimum=None if smallest is None else printed(smallest),
        maximum=None if largest is None else printed(largest),
        examples=tuple(printed(v) for v in _first_distinct(known)),
        values=_most_frequent(known) if field.type == "text" and distinct <= FEW else (),
        dayfirst=field.dayfirst,
    )


def _ends(kind: str, known: pa.ChunkedArray) -> tuple[object, object]:
    if kind in ("text", "flag") or not len(known):
        return None, None
    ends = pc.min_max(known).as_py()
    return ends["min"], ends["max"]


def _sum(known: pa.ChunkedArray) -> float:
    """The sum, exact for amounts of up to six decimals: they are added as whole numbers."""
    if pa.types.is_integer(known.type):
        values = known.to_numpy()
        if not values.size or float(np.abs(values).max()) * values.size < _LARGEST_EXACT:
            return float(values.sum())
        return float(sum(values.tolist()))
    values = known.to_numpy()
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = np.rint(values * 10.0**decimals)
        if float(np.abs(scaled).sum()) >= _LARGEST_EXACT:
            break
        if np.array_equal(scaled / 10.0**decimals, values):
            return float(int(scaled.astype(np.int64).sum()) / 10**decimals)
    return math.fsum(values.tolist())


def _first_distinct(known: pa.ChunkedArray) -> list[object]:
    return list(pc.unique(known.slice(0, 1000)).to_pylist()[:_EXAMPLES])


def _most_frequent(known: pa.ChunkedArray) -> tuple[str, ...]:
    counted = pc.value_counts(known)
    pairs = zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
    return tuple(value for value, _ in sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


_PRINTED: Final[dict[str, Callable[[object], str]]] = {
    "integer": str,
    "number": repr,
    "text": str,
    "flag": lambda value: "yes" if value else "no",
    "date": lambda value: str(value),
    "datetime": lambda value: str(value),
}
