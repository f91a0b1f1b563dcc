"""Routes that are not pages: the streamed upload and the streamed export."""

import csv
import io
import re
import secrets
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request

from core.errors import UserError
from core.pipeline import Results
from core.spec import Study
from core.takeaway import customer_rows
from webapp.results import Pending, Services
from webapp.selection import shown

CHUNK: Final = 1 << 20
LINES: Final = 2_000
EXPORT_PATIENCE: Final = 50.0


def register(server: Flask, services: Services) -> None:
    """Register `PUT /api/upload` and `GET /export/customers.csv`."""

    @server.put("/api/upload")
    def upload() -> Any:
        filename = request.args.get("name", "")[:200] or "upload"
        return _answer(lambda: jsonify(_stored(services, filename)))

    @server.get("/export/customers.csv")
    def export() -> Any:
        study = Study.parse(urlsplit(request.full_path).query)
        segment = request.args.get("segment", "")
        return _answer(lambda: _exported(services, study, segment))


def _answer(make: Any) -> Any:
    try:
        return make()
    except UserError as error:
        return jsonify({"message": error.message, "hint": error.hint}), 400
    except Pending:
        return jsonify({"message": "This is still being computed.", "hint": "Try again in a minute."}), 503


def _stored(services: Services, filename: str) -> dict[str, str]:
    """Stream the body to the inbox and ask the worker to read it."""
    inbox = services.settings.data_dir / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    path, most, size = inbox / name, services.settings.max_upload_mb << 20, 0
    try:
        with path.open("xb") as out:
            while chunk := request.stream.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise UserError(
                        f"{filename} is larger than {services.settings.max_upload_mb:,} MB.",
                        "Send a part of it, or the same data as Parquet.",
                    )
                out.write(chunk)
        if not size:
            raise UserError(f"{filename} is empty.", "Choose another file.")
        key = f"read-{name}"
        services.jobs.submit("read", key, {"file": name, "filename": filename})
    except OSError as error:
        path.unlink(missing_ok=True)
        raise UserError(
            "The file can't be stored here.", "Ask whoever runs this app to make room."
        ) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return {"job": key}


def _exported(services: Services, study: Study, segment: str) -> Response:
    results = services.results(study, "profile", patience=EXPORT_PATIENCE)
    chosen = shown(results, study, segment)
    name = f"segment-{segment}" if segment else "customers"
    day = results.customers.as_of.isoformat() if results.customers.as_of else ""
    filename = re.sub(r"[^a-zA-Z0-9_.-]+", "-", f"{name}-{day}-{int(chosen.sum())}.csv").replace("--", "-")
    return Response(
        _lines(results, chosen),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"},
    )


def _lines(results: Results, chosen: Any) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    for at, row in enumerate(customer_rows(results, chosen)):
        writer.writerow(row)
        if at % LINES == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()
