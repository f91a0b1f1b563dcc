"""A version of a data set: its id, and how roles and answers make a new version of an old one."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from core.errors import UserError
from core.io import roles as meaning
from core.io.dataset import Column, Dataset
from core.io.guess import guess
from core.io.names import listed

_ID_DIGITS: Final = 12


def guessed(dataset: Dataset) -> Dataset:
    """The data set with kind, roles and questions guessed from its columns."""
    kind, columns = guess(dataset.columns, dataset.table.rows)
    return _with(dataset, kind, columns, {})


def settled(dataset: Dataset, roles: Mapping[str, str], answers: Mapping[str, str]) -> Dataset:
    """The data set with other roles and answers, under the id that these give it.

    Raises
    ------
    UserError
        When a role or an answer does not fit.
    """
    kind, columns = dataset.kind, dataset.columns
    if roles:
        kind, columns = meaning.override(columns, dataset.table.rows, roles)
    check_answers(replace(dataset, kind=kind, table=replace(dataset.table, columns=columns)), answers)
    if "price" in answers:
        columns = meaning.answer_price(columns, answers["price"])
    return _with(dataset, kind, columns, {**dict(dataset.answers), **answers})


def check_answers(dataset: Dataset, answers: Mapping[str, str]) -> None:
    """Refuse an answer to a question that is not asked, or one that is none of its options."""
    asked = {q.key: q for q in meaning.questions(dataset.columns, dataset.kind)}
    for key, answer in answers.items():
        if key not in asked:
            raise UserError(f"This data set leaves no question “{key}” open.", _open(asked))
        options = [value for value, _ in asked[key].options]
        if answer not in options:
            raise UserError(
                f"“{answer}” is no answer to “{asked[key].text}”", f"Answer with {' or '.join(options)}."
            )


def _open(asked: Mapping[str, object]) -> str:
    return f"It asks about {listed(list(asked))}." if asked else "It asks nothing."


def _with(dataset: Dataset, kind: str, columns: tuple[Column, ...], answers: Mapping[str, str]) -> Dataset:
    rows = dataset.table.rows
    old = meaning.remarks(dataset.columns, dataset.kind, rows)
    asked = meaning.questions(columns, kind)
    new = replace(
        dataset,
        kind=kind,
        table=replace(dataset.table, columns=columns),
        answers=tuple(sorted(answers.items())),
        questions=tuple(q for q in asked if q.key not in answers),
        warnings=(*(w for w in dataset.warnings if w not in old), *meaning.remarks(columns, kind, rows)),
    )
    return replace(new, id=_id(new))


def _id(dataset: Dataset) -> str:
    """First digits of sha256 over values, roles, answers (given or guessed) and calendar."""
    parts = {
        "content": dataset.table.content,
        "roles": [[c.slug, c.role, c.levels] for c in dataset.columns],
        "answers": dataset.answers,
        "guesses": [[q.key, q.guess] for q in dataset.questions],
        "time_zone": dataset.time_zone,
        "first_weekday": dataset.first_weekday,
    }
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]
