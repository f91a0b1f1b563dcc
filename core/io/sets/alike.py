"""A file read as a data set that is here was read: the same columns with the same meanings, not kept."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from core.child import Progress
from core.errors import UserError
from core.io.dataset import KINDS, TYPES, Column, Dataset
from core.io.names import listed
from core.io.sets.arrival import read_file
from core.io.sets.decided import merged
from core.io.sets.keeper import answered
from core.io.sets.newer import carried, check_same_currency, fitting_answers
from core.io.sets.shelf import TABLE, Shelf


def read_alike(
    before: Dataset,
    path: Path,
    needed: Sequence[Column],
    given: Mapping[str, str],
    tables: Path,
    home: Path,
    tell: Progress,
) -> Dataset:
    """Read a file with the roles, answers and calendar of a data set into a folder of its own.

    Parameters
    ----------
    before : Dataset
    path : Path
    needed : sequence of Column
        Columns of the data set that the file must have.
    given : mapping of str to str
        Fields of `core.io.reading.ReadAs` that were decided for this file.
    tables : Path
        Folder of the stored tables (`core.io.store.Store.data`), from which customers joined to a log come.
    home : Path
        Folder for `data/`, as an engine reads it.
    tell : callable

    Raises
    ------
    UserError
        When the file can't be read, or lacks a column, or holds something else in it.
    """
    read = read_file(path, merged(before, given), tell, name=before.name, filename=path.name)
    _refuse_gaps(before, read.dataset, needed, path.name)
    arrival = answered(read, fitting_answers(before, read.dataset))
    dataset = carried(before, arrival)
    _refuse_others(before, dataset, needed, path.name)
    check_same_currency(before, read.dataset)
    Shelf(home).save(dataset.table.content, arrival.table, arrival.aside)
    if before.people is not None:
        beside = home / "data" / before.people.content
        beside.mkdir(exist_ok=True)
        shutil.copyfile(tables / before.people.content / TABLE, beside / TABLE)
    return replace(dataset, people=before.people)


def _refuse_gaps(before: Dataset, new: Dataset, needed: Sequence[Column], name: str) -> None:
    there = {c.slug for c in new.columns}
    gone = [c.name for c in needed if c.slug not in there]
    if gone:
        columns = "column" if len(gone) == 1 else "columns"
        raise UserError(
            f"{name} has no {columns} {listed(gone)}, by which the customers of {before.name} were grouped.",
            f"Add {'it' if len(gone) == 1 else 'them'} to the file, under the same name.",
        )


def _refuse_others(before: Dataset, new: Dataset, needed: Sequence[Column], name: str) -> None:
    now = {c.slug: c for c in new.columns}
    for column in needed:
        if now[column.slug].role != column.role:
            held, holds = TYPES[column.type], TYPES[now[column.slug].type]
            raise UserError(
                f"{column.name} holds {held} in {before.name}, and {holds} in {name}.",
                f"Correct {column.name} in the file.",
            )
    if new.kind != before.kind:
        raise UserError(
            f"{before.name} has {KINDS[before.kind]}, {name} has {KINDS[new.kind]}.",
            "Give a file of the same kind.",
        )
