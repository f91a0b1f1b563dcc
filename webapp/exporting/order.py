"""A list that was asked for in the dialog: taken in, followed, downloaded."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import Flask, Response, abort, jsonify, request
from werkzeug.datastructures import MultiDict

from core.errors import UserError
from core.spec import Study
from webapp import exports, inbox
from webapp.answers import answer
from webapp.exporting.lists import download
from webapp.jobs import Job
from webapp.results import Services

MOST_BYTES: Final = 128 << 20
"""Of what the dialog sends: a list of a million lines to leave out is the largest part."""

MOST_FIELDS: Final = 4 << 20
KEY: Final = re.compile(r"[0-9a-f]{32}")
KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
CHOSEN: Final = ("purpose", "form", "who", "held", "control")


def register(server: Flask, services: Services) -> None:
    """Register `POST /api/export`, `GET /api/export/<key>`, its `/cancel`, and `GET /export/file/<key>`."""

    @server.post("/api/export")
    def order() -> Any:
        request.max_content_length = MOST_BYTES
        request.max_form_memory_size = MOST_FIELDS
        request.max_form_parts = 20_000
        return answer(lambda: jsonify({"key": _ordered(services, request.form)}))

    @server.get("/api/export/<key>")
    def follow(key: str) -> Any:
        return answer(lambda: jsonify(_told(services, _job(services, key), key)))

    @server.post("/api/export/<key>/cancel")
    def cancel(key: str) -> Any:
        services.jobs.cancel(_name(key))
        return jsonify({})

    @server.get("/export/file/<key>")
    def file(key: str) -> Any:
        return answer(lambda: _file(services, key))


def _ordered(services: Services, given: MultiDict[str, str]) -> str:
    """Ask the worker for the list that a filled-in form describes; its key."""
    study = Study.parse(given.get("query", ""))
    ds = services.store.get(study.source.ds).id
    with _left_out(services) as listed:
        payload = {
            "query": study.query(),
            "segment": given.get("segment", "")[:20],
            "columns": given.getlist("column"),
            "personal": given.getlist("personal"),
            "consent": bool(given.get("consent")),
            "everybody": bool(given.get("everybody")),
            "file": listed,
            **{name: given.get(name, "")[:20] for name in CHOSEN},
        }
        told = json.dumps([payload, secrets.token_hex(8)], sort_keys=True)
        key = hashlib.sha256(told.encode()).hexdigest()[:32]
        services.jobs.submit("take", _name(key), {**payload, "key": key}, ds)
    return key


@contextmanager
def _left_out(services: Services) -> Iterator[str]:
    """The name of the list to leave out in the inbox, empty without one."""
    sent = request.files.getlist("leave_out")
    if len(sent) > 1:
        raise UserError("The list to leave out is given twice.", "Paste it, or choose a file.")
    if "leave_out" in request.form:
        raise UserError("The list to leave out is not sent as a file.", "Send it as one.")
    if not sent:
        yield ""
        return
    with inbox.received(services.settings, sent[0].stream, "The list to leave out") as name:
        yield name


def _name(key: str) -> str:
    """The job's key; 404 for what can be none."""
    if not KEY.fullmatch(key):
        abort(404)
    return f"take-{key}"


def _job(services: Services, key: str) -> Job:
    job = services.jobs.status(_name(key))
    if job is None:
        raise UserError("This list is gone.", "Export it again.")
    return job


def _told(services: Services, job: Job, key: str) -> dict[str, Any]:
    """How far the list is; once it is there, what became of it and where it is."""
    if job.state in ("failed", "cancelled"):
        raise UserError(job.message or "The export was cancelled.", job.hint or "Export it again.")
    if job.state != "done":
        waiting = f"Waiting: {job.ahead} before this one" if job.ahead else "Waiting for a free place"
        return {"stage": job.stage or waiting, "share": job.share}
    made = _made(services, key)
    return {"said": made["said"], "notes": made["notes"], "name": made["name"], "href": f"/export/file/{key}"}


def _made(services: Services, key: str) -> dict[str, Any]:
    """What the worker says of a list that it has written."""
    data = services.jobs.result(_name(key))
    if data is None:
        raise UserError("This list is gone.", "Export it again.")
    made: dict[str, Any] = json.loads(data)
    return made


def _file(services: Services, key: str) -> Response:
    made = _made(services, key)
    path = exports.file_of(services.settings, made["ds"], key, made["form"])
    try:
        return download(exports.stream(path), made["name"], KINDS[made["form"]])
    except FileNotFoundError:
        raise UserError("This list is gone.", "Export it again.") from None
