"""How a roll is written and read: uncompressed Arrow files, mapped into memory.

The sheet of the customers is a file of its own: other segments of the same customers share it, and cost a few
bytes a customer.
"""

import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import over, taken
from core.choose import Clustering
from core.codec import decode, encode
from core.features.cohort import of_study
from core.features.customers import Customers
from core.features.matrix import Matrix
from core.features.sampled import hash_of
from core.pipeline import Results, origins
from core.roll.mapped import mapped
from core.roll.outline import outlined
from core.roll.roll import LEFT_OUT, ORDER, Roll, compared_columns
from core.spec import Study

BATCH: Final = 1 << 20
MOST_WORDS: Final = 1 << 15
"""Text with at most so many different values is written as codes."""

SHEET: Final = ".sheet.arrow"

_ABOUT: Final = b"roll"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The names of the two files of a roll in their folder: both are needed."""

    roll: str
    sheet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What a roll says beside its columns; the sheet's table has no rows here."""

    sheet: str
    outline: Results
    segments: tuple[tuple[int, str], ...]
    origins: tuple[tuple[int, str, int], ...]


def write(folder: Path, name: str, sheet_key: str, study: Study, results: Results) -> Written:
    """Write the roll `name` of a study's results with a profile, and its sheet where that is not there; each
    file is complete or not there.

    Parameters
    ----------
    folder : Path
        Made where it is not there.
    name : str
        Of the roll's file; what stands before its first `-` begins the name of the sheet's file too.
    sheet_key : str
        Says all that the sheet of the customers depends on, but who of them is in the study.
    """
    matrix, clustering, profile = results.matrix, results.clustering, results.profile
    assert matrix is not None and clustering is not None and profile is not None
    folder.mkdir(parents=True, exist_ok=True)
    rows = np.flatnonzero(of_study(results.customers, study.cohort).mask)
    sheet = f"{name.partition('-')[0]}-{_hash(sheet_key, rows)}{SHEET}"
    if not _whole(folder / sheet):
        _put(folder / sheet, _sheet(results.customers, rows))
    about = _About(
        sheet=sheet,
        outline=outlined(results),
        segments=tuple((s.number, s.name) for s in profile.segments),
        origins=tuple((number, *began) for number, began in origins(study, results).items()),
    )
    _put(folder / name, _own(matrix, clustering, rows).replace_schema_metadata({_ABOUT: encode(about)}))
    return Written(roll=name, sheet=sheet)


def read(folder: Path, name: str) -> tuple[Roll, Written]:
    """The roll of this name, and the names of its files.

    Raises
    ------
    ValueError
        Where it is not there, or is damaged; so is every file of it then, and none is left.
    """
    own, _ = _mapped(folder / name)
    about = _about(folder / name, own)
    if Path(about.sheet).name != about.sheet or not about.sheet.endswith(SHEET):
        raise _damaged(folder / name)
    sheet, release = _mapped(folder / about.sheet)
    if sheet.num_rows != own.num_rows or "_key" not in sheet.column_names:
        raise _damaged(folder / name, folder / about.sheet)
    columns = [c for c in sheet.column_names if c != "_key"]
    made = Roll(
        outline=replace(
            about.outline, customers=replace(about.outline.customers, table=sheet.select(columns))
        ),
        segments=about.segments,
        origins=about.origins,
        own=own.replace_schema_metadata(None).append_column("_key", sheet["_key"]),
        release=release,
    )
    return made, Written(roll=name, sheet=about.sheet)


def _own(matrix: Matrix, clustering: Clustering, rows: np.ndarray) -> pa.Table:
    at = np.searchsorted(rows, matrix.rows)
    segment = np.full(rows.size, LEFT_OUT, np.int16)
    segment[at] = clustering.labels
    own = {"_segment": segment}
    for name, values in zip(("_x", "_y"), clustering.coords.T, strict=True):
        own[name] = np.full(rows.size, np.nan, np.float32)
        own[name][at] = values
    if matrix.unusual is not None:
        own["_unusual"] = np.zeros(rows.size, np.int8)
        own["_unusual"][at] = matrix.unusual
    for name, values in zip(compared_columns(matrix.names), matrix.x.T, strict=True):
        own[name] = np.full(rows.size, np.nan, np.float32)
        own[name][at[matrix.fitted]] = values
    return pa.Table.from_arrays([over(column) for column in own.values()], names=list(own))


def _sheet(customers: Customers, rows: np.ndarray) -> pa.Table:
    table = customers.table if rows.size == len(customers) else taken(customers.table, rows)
    for at, name in enumerate(table.column_names):
        if name != "id" and pa.types.is_string(table.schema.field(name).type):
            coded = table[name].dictionary_encode().unify_dictionaries()
            if not coded.num_chunks or len(coded.chunk(0).dictionary) <= MOST_WORDS:
                table = table.set_column(at, name, coded)
            else:
                table = table.append_column(ORDER + name, _places(table[name]))
    return table.append_column("_key", [over(_keys(customers.table["id"])[rows])])


def _places(words: pa.ChunkedArray) -> pa.Array:
    """The place of each word in the alphabet, the same for equal ones; null where missing."""
    places = pc.rank(words, sort_keys="ascending", tiebreaker="dense")
    return pc.if_else(pc.is_valid(words), places, pa.scalar(None, places.type)).combine_chunks()


def _keys(ids: pa.ChunkedArray) -> np.ndarray:
    """A hash of each id (n,), of another kind for ids that share one: no two are alike.

    Of all customers, whoever is included: an address means the same customer in every view.
    """
    keys = hash_of(ids)
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    for row in np.unique(np.concatenate([order[same], order[same + 1]])).tolist():
        digest = blake2b(str(ids[row]).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        keys[row] = int.from_bytes(digest, "big")
    return keys


def _hash(key: str, rows: np.ndarray) -> str:
    told = sha256(key.encode())
    told.update(np.ascontiguousarray(rows, dtype=np.int64).data)
    return told.hexdigest()[:32]


def _put(path: Path, table: pa.Table) -> None:
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        own = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(own, "wb") as file, pa.ipc.new_file(file, table.schema) as out:
            out.write_table(table, max_chunksize=BATCH)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _mapped(path: Path) -> tuple[pa.Table, Callable[[], None]]:
    try:
        return mapped(path)
    except FileNotFoundError as error:
        raise ValueError(f"{path.name} is not there") from error
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _damaged(path) from error


def _whole(path: Path) -> bool:
    """Whether a file is there and can be read; one that can't is removed."""
    try:
        return _mapped(path)[0].num_rows >= 0
    except ValueError:
        return False


def _about(path: Path, table: pa.Table) -> _About:
    try:
        about: _About = decode(_About, (table.schema.metadata or {}).get(_ABOUT, b""))
        return about
    except ValueError as error:
        raise _damaged(path) from error


def _damaged(*paths: Path) -> ValueError:
    _remove(paths)
    return ValueError(f"{paths[0].name} is damaged")


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
