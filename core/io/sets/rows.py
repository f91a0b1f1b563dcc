"""A data set as the database keeps it: JSON for the version, JSON for what hangs on its name."""

import json
from dataclasses import asdict
from typing import Any

from core.io.dataset import Column, Dataset, Question, ReaderChoice, TableRef


def written(dataset: Dataset) -> str:
    """The version as JSON."""
    return json.dumps(asdict(dataset), ensure_ascii=False)


def loaded(text: str, name: str) -> Dataset:
    """The version of this JSON, under its data set's present name; older JSON may lack younger fields."""
    meta = json.loads(text)
    people = meta.pop("people")
    return Dataset(
        **{
            **meta,
            "name": name,
            "table": _table(meta["table"]),
            "people": _table(people) if people else None,
            "answers": _pairs(meta["answers"]),
            "questions": tuple(_question(q) for q in meta["questions"]),
            "facts": tuple(tuple(fact) for fact in meta.get("facts", ())),
            "decisions": tuple(meta["decisions"]),
            "warnings": tuple(meta["warnings"]),
            "choices": tuple(_choice(c) for c in meta.get("choices", ())),
        }
    )


def _table(meta: dict[str, Any]) -> TableRef:
    columns = tuple(_column(c) for c in meta["columns"])
    return TableRef(**{**meta, "columns": columns, "aside": _pairs(meta.get("aside", ()))})


def _column(meta: dict[str, Any]) -> Column:
    lists = {name: tuple(meta[name]) for name in ("examples", "levels", "values")}
    return Column(**{**meta, **lists, "blanks": _pairs(meta.get("blanks", ()))})


def _choice(meta: dict[str, Any]) -> ReaderChoice:
    return ReaderChoice(**{**meta, "options": _pairs(meta["options"])})


def _question(meta: dict[str, Any]) -> Question:
    return Question(**{**meta, "options": _pairs(meta["options"])})


def _pairs(values: Any) -> tuple[tuple[Any, Any], ...]:
    return tuple((first, second) for first, second in values)
