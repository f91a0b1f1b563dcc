"""Routes that are not pages: the streamed upload and the streamed exports."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request

from core.errors import UserError
from core.io.reading import ReadAs
from core.spec import Study
from core.takeaway import customer_rows, moved_rows
from webapp import exports, inbox
from webapp.results import Pending, Services
from webapp.selection import shown

LINES: Final = 2_000
EXPORT_PATIENCE: Final = 50.0
TO: Final = ("replace", "append", "people")
"""What an upload can do to the data set that it names; without one of them it is a data set of its own."""

LISTS: Final = {"left-out": "rows-left-out.csv", "unmatched": "customers-unmatched.csv"}
"""Lists that the worker writes -> the file's name."""


def register(server: Flask, services: Services) -> None:
    """Register `PUT /api/upload` and the exports.

    `PUT /api/upload?name=<file name>` adds a data set; with `replace=<ds>`, `append=<ds>` or `people=<ds>` it
    replaces, extends or is joined to that one. `query=<query string>` is the recipe that goes on with the new
    version; the fields of `ReadAs` (`separator=`, `dayfirst=` …) say how the file is read. The answer is
    `{"job": key}`, or `{"message": …, "hint": …}` with 400.

    `GET /export/customers.csv`, `/export/left-out.csv` and `/export/unmatched.csv` take a page's query, and
    `/export/moved.csv` does: those who are in another segment in the model at the place `model=`; with
    `from=` and `to=` those who are in these two segments.
    """

    @server.put("/api/upload")
    def upload() -> Any:
        return _answer(lambda: jsonify({"job": _submitted(services, request.args)}))

    @server.get("/export/customers.csv")
    def export() -> Any:
        segment = request.args.get("segment", "")
        return _answer(lambda: _exported(services, _study(), segment))

    @server.get("/export/moved.csv")
    def moved() -> Any:
        return _answer(lambda: _moved(services, _study(), request.args))

    @server.get("/export/left-out.csv")
    def left_out() -> Any:
        return _answer(lambda: _listed(services, _study(), "left-out"))

    @server.get("/export/unmatched.csv")
    def unmatched() -> Any:
        return _answer(lambda: _listed(services, _study(), "unmatched"))


def _study() -> Study:
    return Study.parse(urlsplit(request.full_path).query)


def _answer(make: Any) -> Any:
    try:
        return make()
    except UserError as error:
        return jsonify({"message": error.message, "hint": error.hint}), 400
    except Pending:
        return jsonify({"message": "This is still being computed.", "hint": "Try again in a minute."}), 503


def _submitted(services: Services, given: Mapping[str, str]) -> str:
    """Stream the body to the inbox and ask the worker to read it; the job's key."""
    filename = given.get("name", "")[:200] or "upload"
    to = next((name for name in TO if given.get(name)), "")
    ds = services.store.get(given[to]).id if to else ""
    with inbox.received(services.settings, request.stream, filename) as name:
        payload = {
            "file": name,
            "filename": filename,
            "to": to,
            "ds": ds,
            "query": given.get("query", ""),
            "read_as": {f.name: given[f.name][:100] for f in fields(ReadAs) if given.get(f.name)},
        }
        return services.jobs.submit("read", f"read-{name}", payload, ds).key


def _listed(services: Services, study: Study, what: str) -> Response:
    """A list that the worker writes and that is kept for an hour."""
    ds = services.store.get(study.source.ds).id
    key = f"{what}-{study.key('clean')}"
    path = exports.file_of(services.settings, ds, key)
    if not path.exists():
        payload = {"what": what, "query": study.query(), "key": key}
        job = services.jobs.submit("rows", key, payload, ds)
        job = services.jobs.wait(key, EXPORT_PATIENCE) or job
        if job.state in ("failed", "cancelled"):
            raise UserError(job.message or "This was cancelled.", job.hint or "Ask for the list again.")
        if not job.over:
            raise Pending(job)
    try:
        return _download(exports.stream(path), LISTS[what])
    except FileNotFoundError:
        raise UserError("The list is gone.", "Ask for it again.") from None


def _exported(services: Services, study: Study, segment: str) -> Response:
    results = services.results(study, "profile", patience=EXPORT_PATIENCE)
    chosen = shown(results, study, segment)
    name = f"segment-{segment}" if segment else "customers"
    day = results.customers.as_of.isoformat() if results.customers.as_of else ""
    filename = re.sub(r"[^a-zA-Z0-9_.-]+", "-", f"{name}-{day}-{int(chosen.sum())}.csv").replace("--", "-")
    return _download(_written(customer_rows(results, chosen)), filename)


def _moved(services: Services, study: Study, given: Mapping[str, str]) -> Response:
    results = services.results(study, "compare", patience=EXPORT_PATIENCE)
    assert results.comparison is not None
    moves = results.comparison.move(_whole(given.get("model", "1")))
    if moves is None:
        raise UserError("There is no such model in this comparison.", "Ask for the list on Compare.")
    pair = (_whole(given["from"]), _whole(given["to"])) if given.keys() >= {"from", "to"} else None
    name = "-".join(["moved", *(str(n) for n in pair or ())])
    return _download(_written(moved_rows(results, moves, pair)), f"{name}.csv")


def _whole(text: str) -> int:
    """A number of an address; −1 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1


def _download(content: Iterator[str] | Iterator[bytes], filename: str) -> Response:
    return Response(
        content,
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"},
    )


def _written(rows: Iterable[list[Any]]) -> Iterator[str]:
    """Rows as CSV, some thousand at a time."""
    out = io.StringIO()
    writer = csv.writer(out)
    for at, row in enumerate(rows):
        writer.writerow(row)
        if at % LINES == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()
