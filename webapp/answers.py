"""How routes beside the pages answer: what went wrong is told as JSON, in a sentence."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import jsonify, request

from core.errors import UserError
from core.spec import Study
from webapp.results import Pending


def answer(make: Callable[[], Any]) -> Any:
    """What `make` answers; 400 with the sentence of a UserError, 503 while it is still being computed."""
    try:
        return make()
    except UserError as error:
        return jsonify({"message": error.message, "hint": error.hint}), 400
    except Pending:
        return jsonify({"message": "This is still being computed.", "hint": "Try again in a minute."}), 503


def asked_study() -> Study:
    """The study of the request's address."""
    return Study.parse(urlsplit(request.full_path).query)
