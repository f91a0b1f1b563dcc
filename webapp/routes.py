"""Routes that are not pages: the streamed upload, and the exports (`webapp/exporting`)."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from flask import Flask, jsonify, request

from core.io.reading import ReadAs
from webapp import inbox
from webapp.answers import answer
from webapp.exporting import dialog, lists, order
from webapp.results import Services

TO: Final = ("replace", "append", "people")
"""What an upload can do to the data set that it names; without one of them it is a data set of its own."""


def register(server: Flask, services: Services) -> None:
    """Register `PUT /api/upload` and the exports.

    `PUT /api/upload?name=<file name>` adds a data set; with `replace=<ds>`, `append=<ds>` or `people=<ds>` it
    replaces, extends or is joined to that one. `query=<query string>` is the recipe that goes on with the new
    version; the fields of `ReadAs` (`separator=`, `dayfirst=` …) say how the file is read. The answer is
    `{"job": key}`, or `{"message": …, "hint": …}` with 400.
    """

    @server.put("/api/upload")
    def upload() -> Any:
        return answer(lambda: jsonify({"job": _submitted(services, request.args)}))

    lists.register(server, services)
    dialog.register(server, services)
    order.register(server, services)


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
