"""A table as content: its hash, its Parquet file, and what is worth knowing of each column."""

import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.io.columns import dates
from core.io.columns.sums import exact_sum
from core.io.columns.texts import is_text
from core.io.dataset import FEW, Column
from core.io.reading import Field, Reading

_EXAMPLES: Final = 5
_ROW_GROUP: Final = 122_880
_PIECE: Final = 1 << 17


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
            _write(table, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _write(table: pa.Table, file: IO[bytes]) -> None:
    """Whole numbers and days as differences, the rest by distinct values: half the size, half the time.

    Text has no smallest and largest value in the file: it takes a quarter of the time, and no query asks.
    """
    whole = [f.name for f in table.schema if _is_whole(f.type)]
    text = {f.name for f in table.schema if is_text(f.type)}
    pq.write_table(
        table,
        file,
        compression="zstd",
        compression_level=1,
        row_group_size=_ROW_GROUP,
        store_schema=False,
        use_dictionary=[name for name in table.column_names if name not in set(whole)],
        column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
        write_statistics=[name for name in table.column_names if name not in text],
    )


def _is_whole(kind: pa.DataType) -> bool:
    return pa.types.is_int64(kind) or pa.types.is_timestamp(kind) or pa.types.is_date32(kind)


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
    fields = [
        Field(slug=c.slug, name=c.name, type=c.type, dayfirst=c.dayfirst, zoned=c.zoned) for c in columns
    ]
    return Reading(
        table=table,
        fields=tuple(replace(f, dayfirst=not f.dayfirst) if f.slug in slugs else f for f in fields),
    )


def load(path: Path) -> pa.Table:
    """The stored table."""
    return pq.read_table(path)


def _canonical(column: pa.ChunkedArray) -> Iterator[bytes | memoryview]:
    """Bytes that are equal for equal values: lengths, then letters of text; gaps, then values of the rest."""
    if is_text(column.type):
        yield from (_lengths(chunk).data for chunk in column.chunks)
        for chunk in column.chunks:
            for start in range(0, len(chunk), _PIECE):
                yield _letters(chunk.slice(start, _PIECE))
        return
    for chunk in column.chunks:
        yield chunk.is_null().to_numpy(zero_copy_only=False).data
    for chunk in column.chunks:
        yield _plain(chunk).data


def _lengths(chunk: pa.Array) -> np.ndarray:
    if isinstance(chunk, pa.DictionaryArray):
        lengths = pc.binary_length(chunk.dictionary).take(chunk.indices)
    else:
        lengths = pc.binary_length(chunk)
    found: np.ndarray = pc.fill_null(pc.cast(lengths, pa.int64()), -1).to_numpy()
    return found.astype("<i8", copy=False)


def _letters(text: pa.Array) -> bytes | memoryview:
    """The letters of all values, one after the other: no value's end shows, the lengths tell it."""
    if isinstance(text, pa.DictionaryArray):
        text = text.dictionary.take(text.indices)
    _, ends, letters = text.buffers()
    if not len(text) or letters is None:
        return b""
    width = 8 if pa.types.is_large_string(text.type) else 4
    offsets = np.frombuffer(ends, dtype=f"<i{width}")[text.offset : text.offset + len(text) + 1]
    if text.null_count and bool(np.any(np.diff(offsets)[text.is_null().to_numpy(zero_copy_only=False)])):
        return _letters(pc.fill_null(text, ""))  # letters under an empty cell
    return memoryview(letters)[int(offsets[0]) : int(offsets[-1])]


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
    if chunk.null_count:
        chunk = pc.fill_null(chunk, pa.scalar(0).cast(chunk.type))
    values: np.ndarray = chunk.to_numpy(zero_copy_only=False).astype(kind, copy=False)
    return values + 0.0 if kind == "<f8" else values  # -0.0 and 0.0 are one value


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _described(field: Field, column: pa.ChunkedArray) -> Column:
    printed = _PRINTED[field.type]
    known = pc.drop_null(column) if column.null_count else column
    distinct = _distinct(known)
    smallest, largest = _ends(field.type, known)
    return Column(
        slug=field.slug,
        name=field.name,
        type=field.type,
        role="ignore",
        missing=column.null_count,
        distinct=distinct,
        sum=exact_sum(known) if field.type in ("integer", "number") else None,
        minimum=None if smallest is None else printed(smallest),
        maximum=None if largest is None else printed(largest),
        examples=tuple(printed(v) for v in _first_distinct(known)),
        values=_most_frequent(known) if field.type == "text" and distinct <= FEW else (),
        dayfirst=field.dayfirst,
        zoned=field.zoned and field.type == "datetime",
    )


def _distinct(known: pa.ChunkedArray) -> int:
    """How many different values there are; numbers and times are sorted, faster than hashed."""
    if pa.types.is_dictionary(known.type):
        places = [chunk.indices for chunk in known.unify_dictionaries().chunks]
        return int(pc.count_distinct(pa.chunked_array(places, pa.int32())).as_py()) if places else 0
    if is_text(known.type) or pa.types.is_boolean(known.type) or not len(known):
        return int(pc.count_distinct(known).as_py())
    values = known.to_numpy()
    values = values.view(np.int64) if values.dtype.kind == "M" else values
    if np.any(values[1:] < values[:-1]):
        values = np.sort(values)
    return 1 + int(np.count_nonzero(values[1:] != values[:-1]))


def _ends(kind: str, known: pa.ChunkedArray) -> tuple[object, object]:
    if kind in ("text", "flag") or not len(known):
        return None, None
    ends = pc.min_max(known).as_py()
    return ends["min"], ends["max"]


def _first_distinct(known: pa.ChunkedArray) -> list[object]:
    head = known.slice(0, 1000)
    if pa.types.is_dictionary(head.type):
        head = head.cast(head.type.value_type)
    return list(pc.unique(head).to_pylist()[:_EXAMPLES])


def _most_frequent(known: pa.ChunkedArray) -> tuple[str, ...]:
    if pa.types.is_dictionary(known.type):
        known = known.unify_dictionaries()
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
