"""How many customers an address shows: for a box or a lasso that was drawn over a chart."""

from typing import Any
from urllib.parse import urlsplit

import numpy as np
from flask import Flask, jsonify, request

from core import describe
from core.errors import UserError
from core.spec import Study
from webapp import rolls
from webapp.display import in_currency, written
from webapp.results import Pending, Services
from webapp.selection import need_of, rows_shown


def register(server: Flask, services: Services) -> None:
    """Register `GET /api/count`: it takes a page's query.

    The answer is `{"count": 412, "text": "412", "said": "who spent 20 to 50"}`, and `one` is the address of a
    customer who is the only one; else `{"message": …, "hint": …}` with 400, or with 503 while the customers
    are still being computed.
    """

    @server.get("/api/count")
    def count() -> Any:
        study = Study.parse(urlsplit(request.full_path).query)
        try:
            return jsonify(counted(services, study))
        except UserError as error:
            return jsonify({"message": error.message, "hint": error.hint}), 400
        except Pending:
            return jsonify(
                {"message": "This is still being computed.", "hint": "Try again in a minute."}
            ), 503


def counted(services: Services, study: Study) -> dict[str, Any]:
    """How many customers a study shows, the number as text, and who they are.

    Raises
    ------
    UserError, Pending
        As `Services.results` does.
    """
    display = services.store.display(services.store.get(study.source.ds).id)
    roll = rolls.kept(services, study)
    if roll is not None:  # it lies in memory already; else the whole customer sheet is read
        rows = np.flatnonzero(roll.shown(study, left_out=True))
        n, seen = int(rows.size), rolls.outline(services, study)
    else:
        seen = services.results(study, need_of(study, "customers"))
        n = int(rows_shown(seen, study).size)
    said = describe.who_is_shown(study, in_currency(seen, display))
    found = {"count": n, "text": written(f"{n:,}", display), "said": written(said, display)}
    return {**found, "one": roll.addressed(rows)[0]} if roll is not None and n == 1 else found
