"""The routes that keep what a team writes: JSON in, a sentence out."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from flask import Flask, Response, jsonify

from core.actions import ACTIONS
from core.cluster.rules import NAMES
from core.errors import UserError
from core.io.sets.kept import text, tidy
from core.io.sets.kept_rows import LONGEST_NAME, LONGEST_TEXT, Edit, Given, View
from core.pipeline import resolved
from core.profile.coloured import COLOURS
from core.spec import DEMO, QUERY_LIMIT, Study
from webapp.kept.form import by_whom
from webapp.results import Pending, Services
from webapp.safety import json_body

MOST: Final = 1 << 16
"""Bytes of a request."""

PATIENCE: Final = 20.0
"""Seconds for which a view that is saved waits for its automatic values."""

_PATH: Final = re.compile(r"/(?:[a-z]{1,20}(?:/(?:[0-9]{1,4}|none))?)?\Z")
_RESERVED: Final = {name.casefold(): name for name in NAMES}


def register(server: Flask, services: Services) -> None:
    """Register the routes under `/api/kept`; each takes a JSON object.

    `POST /api/kept/segment`: `query`, `number` (where the segment began), `name`, `colour`, `note`, `author`.
    `POST /api/kept/action`: `ds`, `kind`, `text`, `author`.
    `POST /api/kept/views`: `path`, `query`, `name`, `note`, `author`; saves a view.
    `POST /api/kept/views/<id>`: `name`, `note`, `author`; `…/current`: `current`; `…/delete`: nothing.

    `seen` says which state the form showed, so that a change by somebody else in between is told. The answer
    is `{"said": sentence}`; what can't be kept is answered with 400 and `{"message": …, "hint": …}`.
    """

    def route(rule: str, act: Any) -> None:
        def answer(**given: str) -> Any:
            try:
                return jsonify({"said": act(services, json_body(MOST), **given)})
            except UserError as error:
                return _refused(error)

        server.add_url_rule(rule, f"kept{rule}", answer, methods=["POST"])

    route("/api/kept/segment", _segment)
    route("/api/kept/action", _action)
    route("/api/kept/views", _save)
    route("/api/kept/views/<ident>", _rename)
    route("/api/kept/views/<ident>/current", _mark)
    route("/api/kept/views/<ident>/delete", _delete)


def _refused(error: UserError) -> tuple[Response, int]:
    return jsonify({"message": error.message, "hint": error.hint}), 400


def _segment(services: Services, body: Mapping[str, Any]) -> str:
    query, number = _words(body, "query", QUERY_LIMIT), _whole(body, "number", 10_000)
    colour = _whole(body, "colour", COLOURS)
    study, name = Study.parse(query), _named(body, "name")
    if number < 1 or study.query()[1:] != query:
        raise UserError("This is no segment of a study.", "Reload the page and try again.")
    if name.casefold().replace("’", "'") in _RESERVED:
        raise UserError(
            f"“{name}” is the name of an RFM rule, and only of that.",
            "Choose another name, so that nobody takes these customers for those of the rule.",
        )
    note = _words(body, "note", LONGEST_TEXT)
    given = Given(name=name, colour=colour, note=note, author=_author(body))
    before = services.store.kept.give(study.source.ds, (query, number), given)
    was = f"“{before.name}”" if before and before.name else "the automatic name"
    return _said(body, before, was)


def _action(services: Services, body: Mapping[str, Any]) -> str:
    kind, said = _words(body, "kind", 40), _words(body, "text", LONGEST_TEXT)
    if kind not in ACTIONS:
        raise UserError("There is no such suggestion.", "Reload the page and try again.")
    if text(said) == text(ACTIONS[kind].text):
        said = ""
    before = services.store.kept.act(_words(body, "ds", 40), kind, said, _author(body))
    was = f"“{before.text}”" if before and before.text else "our suggestion"
    return _said(body, before, was)


def _save(services: Services, body: Mapping[str, Any]) -> str:
    path, query = _words(body, "path", 60), _words(body, "query", QUERY_LIMIT)
    if not _PATH.match(path):
        raise UserError("This page can't be saved as a view.", "Save it from one of the four pages.")
    study = Study.parse(query)
    view = View(
        id="",
        version=services.store.get(study.source.ds).id,
        name=_needed(body, "name", "A view needs a name.", "Type one, such as “Board, November”."),
        owner=_author(body),
        note=_words(body, "note", LONGEST_TEXT),
        path=path,
        query=_spelled(study),
        settled=_spelled(_settled(services, study)),
        changed="",
    )
    return f"Saved “{services.store.kept.save(view).name}”. It is in the menu at the data set’s name."


def _rename(services: Services, body: Mapping[str, Any], ident: str) -> str:
    name = _needed(body, "name", "A view needs a name.", "Type one, then save it.")
    before = services.store.kept.reword(ident, name, _author(body), _words(body, "note", LONGEST_TEXT))
    return _said(body, Edit(text="", author=before.owner, changed=before.changed), f"“{before.name}”")


def _mark(services: Services, body: Mapping[str, Any], ident: str) -> str:
    current = body.get("current") is True
    found = services.store.kept.mark(ident, current)
    if not current:
        return f"“{found.name}” is no longer current."
    return f"“{found.name}” is current: the data set opens with it, and newer data keep its names."


def _delete(services: Services, body: Mapping[str, Any], ident: str) -> str:
    services.store.kept.drop(ident)
    return "Deleted."


def _settled(services: Services, study: Study) -> Study:
    """The study with automatic values written out; as it is where these can't be had."""
    with suppress(UserError, Pending):
        return resolved(study, services.results(study, "profile", patience=PATIENCE))
    return study


def _spelled(study: Study) -> str:
    """A study's query without `?`, never empty."""
    return study.query()[1:] or f"ds={DEMO}"


def _said(body: Mapping[str, Any], before: Given | Edit | None, was: str) -> str:
    """That it is saved, and whose change in between it has replaced."""
    if before is None or before.changed == body.get("seen"):
        return "Saved."
    who = f"{by_whom(before.author, before.changed)}, {before.changed[11:16]} UTC"
    return f"Saved. {who}, had written {was} meanwhile; yours replaced it."


def _words(body: Mapping[str, Any], name: str, most: int) -> str:
    given = body.get(name, "")
    if not isinstance(given, str):
        raise UserError("This form could not be read.", "Reload the page and try again.")
    if len(given) > most:
        raise UserError(
            f"That is {len(given):,} signs; at most {most:,} are kept.", "Make it shorter, then save it."
        )
    return given


def _whole(body: Mapping[str, Any], name: str, most: int) -> int:
    given = body.get(name, 0)
    digits = isinstance(given, str) and len(given) < 10 and given.isascii() and given.isdigit()
    number = int(given) if digits else given
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
        raise UserError("This form could not be read.", "Reload the page and try again.")
    return number


def _named(body: Mapping[str, Any], name: str) -> str:
    return tidy(_words(body, name, LONGEST_NAME))


def _needed(body: Mapping[str, Any], name: str, why: str, hint: str) -> str:
    found = _named(body, name)
    if not found:
        raise UserError(why, hint)
    return found


def _author(body: Mapping[str, Any]) -> str:
    return _needed(body, "author", "Your name is missing.", "Type it, so that others know whom to ask.")
