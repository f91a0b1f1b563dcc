"""`python -m core add FILE`: read a file into the store and say what was made of it."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core import child
from core.child import Progress
from core.commands import reading
from core.errors import UserError
from core.io.dataset import KINDS, ROLES, Column, Dataset, Question, ReaderChoice
from core.io.meaning.roles import problem
from core.io.sets.decided import merged
from core.io.store import Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, help="text (CSV and the like), workbook or Parquet file")
    parser.add_argument("--name", help="name of the data set; the file's name where it is not given")
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="COLUMN=ROLE",
        help=f"what a column means, instead of the guess; roles: {', '.join(ROLES)}",
    )
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="QUESTION=ANSWER",
        help="answer to a question that the file leaves open, instead of the guess",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    reading.flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Add the file and print its data set.

    Raises
    ------
    UserError
        When the file can't be read, or a role or an answer does not fit.
    """
    dataset = _added(arguments)
    print(json.dumps(document(dataset), ensure_ascii=False, indent=2) if arguments.json else _text(dataset))
    return 0


def read_into(
    home: str,
    path: str,
    name: str,
    roles: dict[str, str],
    answers: dict[str, str],
    read_as: dict[str, str],
    tell: Progress,
) -> bytes:
    """Read a file into the store at `home` and return the data set's id; runs in the limited child."""
    added = Store(Path(home)).add(
        Path(path),
        name=name or None,
        roles=roles,
        answers=answers,
        read_as=merged(None, read_as),
        progress=tell,
    )
    return added.id.encode()


def document(dataset: Dataset) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "id": dataset.id,
        "name": dataset.name,
        "kind": dataset.kind,
        "rows": dataset.table.rows,
        "columns": [_column(column) for column in dataset.columns],
        "questions": [_question(dataset, q.key, q.text, q.options) for q in dataset.questions],
        "choices": [_choice(choice) for choice in dataset.choices],
        "aside": [{"reason": reason, "rows": rows} for reason, rows in dataset.table.aside],
        "decisions": list(dataset.decisions),
        "warnings": _warnings(dataset),
    }


def _added(arguments: argparse.Namespace) -> Dataset:
    store = Store()
    roles, answers = (
        _pairs(arguments.role, "--role column=role"),
        _pairs(arguments.answer, "--answer question=answer"),
    )
    id_ = child.run(
        "core.commands.add:read_into",
        str(store.home),
        str(arguments.file.absolute()),
        arguments.name or "",
        roles,
        answers,
        reading.given(arguments),
        doing="reading this file",
    )
    return store.get(id_.decode())


def _pairs(given: Sequence[str], form: str) -> dict[str, str]:
    pairs = [text.rpartition("=") for text in given]
    if wrong := next((text for text, pair in zip(given, pairs, strict=True) if not all(pair)), None):
        raise UserError(f"“{wrong}” is not of the form {form.split()[1]}.", f"Write {form}.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _column(column: Column) -> dict[str, Any]:
    return {
        "slug": column.slug,
        "name": column.name,
        "role": column.role,
        "type": column.type,
        "missing": column.missing,
        "sum": column.sum,
        "reason": column.reason,
    }


def _question(dataset: Dataset, key: str, text: str, options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "key": key,
        "text": text,
        "options": [value for value, _ in options],
        "answer": dataset.answer(key),
    }


def _choice(choice: ReaderChoice) -> dict[str, Any]:
    return {
        "key": choice.key,
        "value": choice.value,
        "options": [value for value, _ in choice.options],
        "chosen": choice.chosen,
    }


def _warnings(dataset: Dataset) -> list[str]:
    found = problem(dataset)
    return [*dataset.warnings, *([str(found)] if found else [])]


def _text(dataset: Dataset) -> str:
    lines = [
        f"{dataset.id}  {dataset.name}: {dataset.table.rows:,} rows, {KINDS[dataset.kind]}",
        "",
        *_table(dataset.columns),
    ]
    for title, sentences in (
        ("Questions left open (the first answer is used until you choose)", _asked(dataset)),
        ("Decided while reading", dataset.decisions),
        ("Look at", _warnings(dataset)),
    ):
        lines += ["", f"{title}:", *(f"  {sentence}" for sentence in sentences)] if sentences else []
    return "\n".join(lines)


def _table(columns: Sequence[Column]) -> list[str]:
    rows = [("column", "role", "type", "missing", "why"), *(_row(column) for column in columns)]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    return [
        "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[4]])
        for row in rows
    ]


def _row(column: Column) -> tuple[str, str, str, str, str]:
    return column.slug, column.role, column.type, f"{column.missing:,}", column.reason


def _asked(dataset: Dataset) -> list[str]:
    return [f"{q.text} --answer {q.key}={' or '.join(_guess_first(q))}" for q in dataset.questions]


def _guess_first(question: Question) -> list[str]:
    return sorted((value for value, _ in question.options), key=lambda value: value != question.guess)
