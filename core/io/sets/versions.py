"""A version of a data set: its id, and how roles and answers make a new version of an old one."""

import hashlib
import json
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.errors import UserError
from core.io.dataset import WEEKDAYS, Column, Dataset
from core.io.meaning import roles as meaning
from core.io.meaning.blanks import blank_candidates
from core.io.meaning.facts import with_facts
from core.io.meaning.groups import one_hot_groups
from core.io.meaning.guess import guess
from core.io.meaning.questions import answer_price, check_answers, questions
from core.io.meaning.status import is_about_status
from core.io.sets.decided import with_day_order

if TYPE_CHECKING:  # the web process makes versions without loading what reads tables
    import pyarrow as pa

_ID_DIGITS: Final = 12


def guessed(dataset: Dataset, table: "pa.Table | None" = None) -> Dataset:
    """The data set with kind, roles and questions guessed from its columns.

    Parameters
    ----------
    dataset : Dataset
        With described columns.
    table : pyarrow Table, optional
        Its rows. They show which columns are a one-hot group, which values may mean “missing”, and what has
        to be asked about repeated amounts and equal rows; without them none of these is known.
    """
    groups = one_hot_groups(table, dataset.columns) if table is not None else {}
    columns = [replace(c, group=groups.get(c.slug, "")) for c in dataset.columns]
    kind, found = guess(columns, dataset.table.rows)
    if table is not None:
        blanks = blank_candidates(table, found)
        found = tuple(replace(c, blanks=blanks.get(c.slug, ())) for c in found)
        staged = replace(dataset, kind=kind, table=replace(dataset.table, columns=found))
        dataset = replace(dataset, facts=with_facts(staged, table).facts)
    return _with(dataset, kind, found, {})


def settled(
    dataset: Dataset,
    roles: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    time_zone: str | None = None,
    first_weekday: int | None = None,
    load: "Callable[[], pa.Table] | None" = None,
) -> Dataset:
    """The data set with other roles, answers and calendar, under the id that these give it.

    Parameters
    ----------
    dataset : Dataset
    roles : mapping of str to str
        Column (slug or shown name) -> role.
    answers : mapping of str to str
        Question -> answer.
    time_zone : str, optional
        IANA name of the business's time zone.
    first_weekday : int, optional
        0 for Monday … 6 for Sunday.
    load : callable, optional
        Reads the rows; called only where another column gives the orders, so that what is asked about
        repeated amounts is looked up anew.

    Raises
    ------
    UserError
        When a role, an answer, the zone or the weekday does not fit.
    """
    dataset = _with_calendar(dataset, time_zone, first_weekday)
    kind, columns = dataset.kind, dataset.columns
    if roles:
        kind, columns = meaning.override(columns, dataset.table.rows, roles)
    staged = replace(dataset, kind=kind, table=replace(dataset.table, columns=columns))
    if load is not None and (kind, staged.table.one("order")) != (dataset.kind, dataset.table.one("order")):
        staged = with_facts(staged, load())
    check_answers(staged, answers)
    if "price" in answers:
        columns = answer_price(columns, answers["price"])
    kept = _still_meant(dataset, staged)
    if "dayfirst" in answers:
        dataset = with_day_order(dataset, answers["dayfirst"])
    return _with(replace(dataset, facts=staged.facts), kind, columns, {**kept, **answers})


def _still_meant(old: Dataset, new: Dataset) -> dict[str, str]:
    """The answers given, but for those about statuses when another column gives the statuses."""
    before, now = old.table.one("status"), new.table.one("status")
    same = (before and before.slug) == (now and now.slug)
    return {key: answer for key, answer in old.answers if same or not is_about_status(key)}


def _with_calendar(dataset: Dataset, time_zone: str | None, first_weekday: int | None) -> Dataset:
    if time_zone is not None and time_zone not in zoneinfo.available_timezones():
        raise UserError(f"There is no time zone “{time_zone}”.", "Choose one such as Europe/Berlin or UTC.")
    if first_weekday is not None and first_weekday not in range(7):
        named = ", ".join(f"{i} {day}" for i, day in enumerate(WEEKDAYS))
        raise UserError(f"{first_weekday} is no weekday.", f"Choose one of {named}.")
    return replace(
        dataset,
        time_zone=dataset.time_zone if time_zone is None else time_zone,
        first_weekday=dataset.first_weekday if first_weekday is None else first_weekday,
    )


def _with(dataset: Dataset, kind: str, columns: tuple[Column, ...], answers: Mapping[str, str]) -> Dataset:
    rows = dataset.table.rows
    old = meaning.remarks(dataset.columns, dataset.kind, rows)
    new = replace(
        dataset,
        kind=kind,
        table=replace(dataset.table, columns=columns),
        answers=tuple(sorted(answers.items())),
        warnings=(*(w for w in dataset.warnings if w not in old), *meaning.remarks(columns, kind, rows)),
    )
    new = replace(new, questions=tuple(q for q in questions(new) if q.key not in answers))
    return replace(new, id=_id(new))


def _id(dataset: Dataset) -> str:
    """First digits of sha256 over values (currency, zone), roles, answers and choices, calendar."""
    parts = {
        "content": dataset.table.content,
        "roles": [[c.slug, c.role, c.levels] for c in dataset.columns],
        "answers": dataset.answers,
        "guesses": [[q.key, q.guess] for q in dataset.questions],
        "time_zone": dataset.time_zone,
        "first_weekday": dataset.first_weekday,
    }
    if dataset.currency:
        parts["currency"] = dataset.currency
    if zoned := [c.slug for c in dataset.columns if c.zoned]:
        parts["zoned"] = zoned
    if chosen := sorted([c.key, c.value] for c in dataset.choices if c.chosen):
        parts["chosen"] = chosen  # the next file is read in the same way
    if dataset.people:
        parts["people"] = [
            dataset.people.content,
            [[c.slug, c.role, c.levels] for c in dataset.people.columns],
        ]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]
