"""A newer file for a data set that is here: what both must share, and what is carried over."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from core.errors import UserError
from core.io.dataset import KINDS, TYPES, Column, Dataset
from core.io.meaning import roles as meaning
from core.io.meaning.questions import check_answers
from core.io.meaning.status import open_words
from core.io.names import listed
from core.io.sets.arrival import Arrival
from core.io.sets.decided import said_while_reading
from core.io.sets.versions import settled

_ANCHORS: Final = ("id", "date")


def carried(old: Dataset, arrival: Arrival) -> Dataset:
    """What has arrived, with name, roles, answers, calendar and joined customers of the old version.

    Columns belong together by their slugs. What no longer fits is left as it was guessed, and said.
    """
    new = arrival.dataset
    roles, unfit = _fitting(old, new)
    settings = {f: getattr(old, f) for f in ("name", "time_zone", "first_weekday", "people")}
    settings["currency"] = new.currency or old.currency
    with_roles = settled(replace(new, **settings), roles, {}, load=lambda: arrival.table)
    before = {c.slug: c for c in old.columns}
    columns = tuple(_with_reason_of(before.get(c.slug), c) for c in with_roles.columns)
    staged = replace(with_roles, table=replace(with_roles.table, columns=columns))
    told = (*differences(old, new), *unfit)
    return settled(replace(staged, warnings=(*staged.warnings, *told)), {}, fitting_answers(old, staged))


def fitting_answers(old: Dataset, new: Dataset) -> dict[str, str]:
    """The answers given to the old version that the new one still asks for."""
    keys = _status_keys(old, new)
    answers = {keys.get(key, key): answer for key, answer in old.answers}
    if any(c.key == "dayfirst" for c in new.choices):
        answers.pop("dayfirst", None)  # what was chosen for this reading, or left to the content, holds
    answers |= said_while_reading(new)
    return {key: answer for key, answer in answers.items() if _fits_answer(new, {key: answer})}


def differences(old: Dataset, new: Dataset) -> tuple[str, ...]:
    """Sentences on columns that are gone, new, or of another type."""
    gone, extra = _gone(old, new), _gone(new, old)
    types = {c.slug: c.type for c in old.columns}
    changed = [
        f"{c.name} ({TYPES[types[c.slug]]} before, now {TYPES[c.type]})"
        for c in new.columns
        if types.get(c.slug, c.type) != c.type
    ]
    return (
        *((f"Columns that are gone: {listed(gone)}.",) if gone else ()),
        *((f"Columns that are new: {listed(extra)}.",) if extra else ()),
        *((f"Columns of another type: {listed(changed)}.",) if changed else ()),
    )


def check_shape(old: Dataset, new: Dataset) -> None:
    """Refuse what can't be a newer version of `old`.

    Parameters
    ----------
    new : Dataset
        With the roles of the old version `carried` over.

    Raises
    ------
    UserError
        Naming what differs.
    """
    for column in old.table.by_role(*_ANCHORS):
        found = next((c for c in new.columns if c.slug == column.slug), None)
        if found is None:
            raise _another_shape(old, f"it has no column {column.name}")
        if found.role != column.role:
            raise _another_shape(old, f"{column.name} held {TYPES[column.type]}, here {TYPES[found.type]}")
    shared = len(old.columns) - len(_gone(old, new))
    if 2 * shared < len(old.columns):
        raise _another_shape(old, f"it has only {shared} of its {len(old.columns)} columns")
    if new.kind != old.kind:
        raise _another_shape(old, f"that has {KINDS[old.kind]}, this {KINDS[new.kind]}")


def check_same_columns(old: Dataset, new: Dataset) -> None:
    """Refuse rows that can't be added to `old`.

    Raises
    ------
    UserError
        When it is no log, or the columns are not the same.
    """
    if old.kind != "log":
        raise UserError(
            f"{old.name} has {KINDS[old.kind]}; rows can be added to an order log only.",
            "Replace it by a newer file instead.",
        )
    gone, extra = _gone(old, new), _gone(new, old)
    if gone or extra:
        told = [f"it has no column {listed(gone)}"] if gone else []
        told += [f"{old.name} has no column {listed(extra)}"] if extra else []
        raise UserError(
            f"These rows can't be added to {old.name}: {' and '.join(told)}.",
            "Give the file the same columns, or replace the data set by a file that holds everything.",
        )


def check_same_currency(old: Dataset, new: Dataset) -> None:
    """Refuse rows whose amounts can't be added to those of `old`, or take their place.

    Raises
    ------
    UserError
        When both files say their currency, and another one.
    """
    if old.currency and new.currency and old.currency != new.currency:
        raise UserError(
            f"The amounts of this file are in {new.currency}, those of {old.name} in {old.currency}.",
            f"Convert them to {old.currency}, or upload the file as a data set of its own.",
        )


def check_roles(old: Dataset, new: Dataset) -> None:
    """Refuse rows after which a column could not keep its meaning.

    Raises
    ------
    UserError
        Naming the first such column.
    """
    now = {c.slug: c for c in new.columns}
    for column in old.columns:
        if now[column.slug].role != column.role:
            raise UserError(
                f"{column.name} holds {TYPES[column.type]} in {old.name}, and something else in this file.",
                f"Correct {column.name} in the file and send it again.",
            )


def _fitting(old: Dataset, new: Dataset) -> tuple[dict[str, str], tuple[str, ...]]:
    """The old roles to give to columns of the new content, and a sentence on each that does not fit."""
    before = {c.slug: c for c in old.columns}
    given: dict[str, str] = {}
    unfit = []
    for column in new.columns:
        known = before.get(column.slug)
        if known is None or known.role == column.role:
            continue
        try:
            meaning.override(new.columns, new.table.rows, {column.slug: known.role})
            given[column.slug] = known.role
        except UserError as error:
            unfit.append(error.message)
    return given, tuple(unfit)


def _with_reason_of(old: Column | None, new: Column) -> Column:
    if old is None or old.role != new.role:
        return new
    return replace(new, reason=old.reason, confidence=old.confidence)


def _status_keys(old: Dataset, new: Dataset) -> dict[str, str]:
    """Old question about a status -> the new one about the same word, "" where it is not asked about."""
    now = {word: key for key, word in open_words(new)}
    return {key: now.get(word, "") for key, word in open_words(old)}


def _fits_answer(dataset: Dataset, answer: Mapping[str, str]) -> bool:
    try:
        check_answers(dataset, answer)
    except UserError:
        return False
    return True


def _gone(old: Dataset, new: Dataset) -> list[str]:
    there = {c.slug for c in new.columns}
    return [c.name for c in old.columns if c.slug not in there]


def _another_shape(old: Dataset, what: str) -> UserError:
    return UserError(
        f"This file has another shape than {old.name}: {what}.",
        "Upload it as a data set of its own, or choose the newer file with the same columns.",
    )
