"""The report and the notebook of a view: written by the worker, read or taken away from an address."""

import datetime as dt
import hashlib
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, request
from markupsafe import escape

from core.errors import UserError
from core.io.meaning.roles import problem
from core.spec import Study
from webapp import exports
from webapp.answers import asked_study
from webapp.exporting.names import named
from webapp.jobs import Job
from webapp.report_task import ENDINGS
from webapp.results import Pending, Services

PATIENCE: Final = 2.0
"""Seconds a request waits before it shows how far the work is; the page then asks again by itself."""

AGAIN: Final = "again"
"""In the address of a page that asks again by itself: a report that failed meanwhile is not begun anew."""

KINDS: Final = {"report": "text/html; charset=utf-8", "notebook": "application/x-ipynb+json; charset=utf-8"}
_PAGE: Final = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{head}<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 15vh auto; padding: 0 24px; max-width: 34em; color: light-dark(#1d2430, #e3e7ed); }}
body {{ font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #13161b); }}
h1 {{ font-size: 1.5rem; line-height: 1.3; }}
progress {{ width: 100%; accent-color: light-dark(#4338ca, #aeb2ff); }}
a {{ color: light-dark(#4338ca, #aeb2ff); }}
</style></head><body><h1>{title}</h1>{body}</body></html>"""


def register(server: Flask, services: Services) -> None:
    """Register `GET /report.html` and `GET /notebook.ipynb`; both take a page's query.

    The report opens in the browser; with `download=1` it is a file to keep, as the notebook always is.
    While the worker is at it, the answer is a small page that asks again every second.
    """

    @server.get("/report.html")
    def report() -> Any:
        return _answer(services, "report", keep="download" in request.args)

    @server.get("/notebook.ipynb")
    def notebook() -> Any:
        return _answer(services, "notebook", keep=True)


def _answer(services: Services, what: str, keep: bool) -> Response:
    study = asked_study()
    try:
        return _written(services, study, what, keep)
    except Pending as pending:
        return Response(_waiting(pending.job, what), 202, mimetype="text/html", headers=_FRESH)
    except UserError as error:
        back = escape("/profiles" + study.query())
        body = f'<p>{escape(error.hint)}</p><p><a href="{back}">Back to the segments</a></p>'
        page = _PAGE.format(head="", title=escape(error.message), body=body)
        return Response(page, 400, mimetype="text/html", headers=_FRESH)


_FRESH: Final = {"Cache-Control": "no-store"}


def _written(services: Services, study: Study, what: str, keep: bool) -> Response:
    dataset = services.store.get(study.source.ds)
    refusal = problem(dataset)
    if refusal is not None:
        raise refusal
    payload = {
        "what": what,
        "query": study.query(),
        "made": dt.date.today().isoformat(),
        "address": f"{request.host_url}profiles",
    }
    beside = repr((payload, services.kept_stamp(), services.store.display(dataset.id), dataset.name))
    key = f"{what}-{study.key('lens')}-{hashlib.sha256(beside.encode('utf-8', 'replace')).hexdigest()[:24]}"
    path = exports.file_of(services.settings, dataset.id, key, ENDINGS[what])
    if not path.exists():
        _made(services, key, {**payload, "key": key}, dataset.id)
    try:
        content = exports.stream(path)
    except FileNotFoundError:
        raise UserError("The file is gone.", "Ask for it again.") from None
    name = named(what, dataset.id, payload["made"], ending=ENDINGS[what])
    shown = "attachment" if keep else "inline"
    headers = {**_FRESH, "Content-Disposition": f'{shown}; filename="{name}"'}
    return Response(content, content_type=KINDS[what], headers=headers)


def _made(services: Services, key: str, payload: dict[str, Any], ds: str) -> None:
    """Wait for the worker to have written the file.

    Raises
    ------
    Pending
        When it is still at it.
    UserError
        When it can't.
    """
    job = services.jobs.status(key)
    if job is None or job.state == "done" or (job.over and AGAIN not in request.args):
        services.jobs.submit("report", key, payload, ds)
    job = services.jobs.wait(key, PATIENCE)
    if job is not None and job.state in ("failed", "cancelled"):
        raise UserError(job.message or "This was cancelled.", job.hint or "Ask for it again.")
    if job is not None and not job.over:
        raise Pending(job)


def _waiting(job: Job, what: str) -> str:
    stage = escape(job.stage or "Waiting for a free place")
    body = f'<p>{stage}</p><progress max="1" value="{job.share:.2f}"></progress><p>It comes by itself.</p>'
    query = urlsplit(request.full_path).query
    again = query if AGAIN in request.args else f"{query}&{AGAIN}=1"
    head = f'<meta http-equiv="refresh" content="1;url=?{escape(again)}">'
    return _PAGE.format(head=head, title=f"The {what} is being written", body=body)
