"""The quick lists: a view's customers, those who moved, what the worker writes; each a CSV file, streamed."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from flask import Flask, Response, request

from core.errors import UserError
from core.spec import Study
from core.takeaway import csv_of, moved_rows
from webapp import exports
from webapp.answers import answer, asked_study
from webapp.exporting.customers import customers_of
from webapp.exporting.names import named
from webapp.results import Pending, Services

LINES: Final = 2_000
PATIENCE: Final = 50.0
LISTS: Final = {"left-out": "rows-left-out.csv", "unmatched": "customers-unmatched.csv"}
"""Lists that the worker writes -> the file's name."""

CSV: Final = "text/csv; charset=utf-8"


def register(server: Flask, services: Services) -> None:
    """Register the exports that are only an address.

    `GET /export/customers.csv`, `/export/left-out.csv` and `/export/unmatched.csv` take a page's query, and
    `/export/moved.csv` does: those who are in another segment in the model at the place `model=`; with
    `from=` and `to=` those who are in these two segments. `everybody=1` adds those of `customers.csv` whom
    cleaning left out of the segments.
    """

    @server.get("/export/customers.csv")
    def export() -> Any:
        segment = request.args.get("segment", "")
        everybody = bool(request.args.get("everybody"))
        return answer(lambda: _exported(services, asked_study(), segment, everybody))

    @server.get("/export/moved.csv")
    def moved() -> Any:
        return answer(lambda: _moved(services, asked_study(), request.args))

    @server.get("/export/left-out.csv")
    def left_out() -> Any:
        return answer(lambda: _listed(services, asked_study(), "left-out"))

    @server.get("/export/unmatched.csv")
    def unmatched() -> Any:
        return answer(lambda: _listed(services, asked_study(), "unmatched"))


def download(content: Iterator[str] | Iterator[bytes], filename: str, kind: str = CSV) -> Response:
    """A file to keep, never cached on the way."""
    return Response(
        content,
        mimetype=kind,
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"},
    )


def _exported(services: Services, study: Study, segment: str, everybody: bool) -> Response:
    found, at = customers_of(services, study.with_(segment=segment), PATIENCE, everybody)
    name = f"segment-{segment}" if segment else "customers"
    day = found.customers.as_of.isoformat() if found.customers.as_of else ""
    return download(csv_of(found, at), named(name, day, str(at.size), ending="csv"))


def _moved(services: Services, study: Study, given: Mapping[str, str]) -> Response:
    results = services.results(study, "compare", patience=PATIENCE)
    assert results.comparison is not None
    moves = results.comparison.move(_whole(given.get("model", "1")))
    if moves is None:
        raise UserError("There is no such model in this comparison.", "Ask for the list on Compare.")
    pair = (_whole(given["from"]), _whole(given["to"])) if given.keys() >= {"from", "to"} else None
    name = "-".join(["moved", *(str(n) for n in pair or ())])
    return download(_written(moved_rows(results, moves, pair)), f"{name}.csv")


def _listed(services: Services, study: Study, what: str) -> Response:
    """A list that the worker writes and that is kept for an hour."""
    ds = services.store.get(study.source.ds).id
    key = f"{what}-{study.key('clean')}"
    path = exports.file_of(services.settings, ds, key)
    if not path.exists():
        payload = {"what": what, "query": study.query(), "key": key}
        job = services.jobs.submit("rows", key, payload, ds)
        job = services.jobs.wait(key, PATIENCE) or job
        if job.state in ("failed", "cancelled"):
            raise UserError(job.message or "This was cancelled.", job.hint or "Ask for the list again.")
        if not job.over:
            raise Pending(job)
    try:
        return download(exports.stream(path), LISTS[what])
    except FileNotFoundError:
        raise UserError("The list is gone.", "Ask for it again.") from None


def _whole(text: str) -> int:
    """A number of an address; −1 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1


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
