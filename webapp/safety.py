"""What may come in and what goes out: headers, origins, sizes, and the shape of callback requests.

The line between a forged request and a bug of ours: everything that a browser with our page cannot send is
refused here, before Dash sees it, with 400 and a sentence. A request is compared with the *declaration* of
the callback it names (ids, properties, lists where a wildcard stands), so Dash's own code never meets a shape
it does not expect. What is left free is the ``value`` of a control: it may be any JSON, and reading it is the
work of ``Param.read``. So an exception inside one of our callbacks is a bug, is logged and stays a 500; only
``UserError`` and what Dash raises about the request itself become a 400.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from dash.exceptions import CallbackException, DependencyException, InvalidCallbackReturnValue
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from core.errors import UserError

MAX_BODY = 1 << 20
MAX_DEPTH = 64
MAX_DIGITS = 21  # the longest whole number a browser writes without an exponent
READING = frozenset({"GET", "HEAD", "OPTIONS"})
MANY = (["ALL"], ["ALLSMALLER"])
ANY_ONE = ["MATCH"]

CSP = (
    "default-src 'none'",
    "script-src 'self' {hashes}",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SENTENCES = {
    400: "This request could not be read. Reload the page and try again.",
    403: "This request did not come from a page of this app.",
    404: "There is nothing at this address.",
    405: "This address does not take this kind of request.",
    413: "This request is larger than this server takes.",
    415: "This request must be JSON.",
    500: "Something went wrong on our side. It is in the server's log; reload the page and try again.",
}
# Properties that Dash and its components fill themselves, with the types they can have in a browser.
PROPERTY_TYPES: Mapping[str, tuple[type, ...]] = {
    "pathname": (str,),
    "search": (str,),
    "hash": (str,),
    "href": (str,),
    "n_clicks": (int,),
    "n_submit": (int,),
    "n_blur": (int,),
    "n_intervals": (int,),
    "is_open": (bool,),
    "disabled": (bool,),
    "clickData": (dict,),
    "hoverData": (dict,),
    "selectedData": (dict,),
    "relayoutData": (dict,),
    "filterModel": (dict,),
    "getRowsRequest": (dict,),
    "cellClicked": (dict,),
    "selectedRows": (list, dict),
}
NEVER_NULL = frozenset({"pathname"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One Input, State or Output as its callback declares it."""

    id: str | dict[str, Any]
    name: str

    @property
    def many(self) -> bool:
        """Whether a request fills this slot with a list, one entry per matching component."""
        return isinstance(self.id, dict) and any(value in MANY for value in self.id.values())

    def takes(self, id_: object, property_: object) -> bool:
        """Whether a component's id and property are ones that this slot stands for."""
        if not isinstance(property_, str) or property_.split("@")[0] != self.name:
            return False
        if not isinstance(self.id, dict):
            return id_ == self.id
        return (
            isinstance(id_, dict)
            and id_.keys() == self.id.keys()
            and all(_stands_for(self.id[key], id_[key]) for key in id_)
        )


def protect(
    server: Flask, app: Dash, *, hosts: Sequence[str] = (), streamed: Sequence[str] = ("/api/upload",)
) -> None:
    """Guard every route of the app. Call it last, when all routes and callbacks stand.

    Parameters
    ----------
    server, app
        The Flask server and the Dash app on it.
    hosts
        Names this server answers to (without port); other ``Host`` headers get 400. Empty: any name.
    streamed
        Paths that read their own body in pieces and set their own limit.

    Notes
    -----
    Dash finishes its own set-up during the first request it meets, without a lock: a second request in that
    moment finds no callbacks. So the first request is made here, by ourselves.
    """
    server.config["TRUSTED_HOSTS"] = list(hosts) or None
    callback_path = f"{app.config.routes_pathname_prefix}_dash-update-component"

    @cache
    def policy() -> str:
        return "; ".join(CSP).format(hashes=" ".join(app.csp_hashes()))

    def check() -> None:
        _check_address()
        if request.method not in READING:
            _check_origin()
            if request.path not in streamed:
                request.max_content_length = MAX_BODY + 1  # a body without a length is cut here, not refused
        if request.path == callback_path and request.method == "POST":
            _check_callback(app.callback_map)

    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy()
        response.headers.update(HEADERS)
        return response

    server.before_request(check)
    server.after_request(add_headers)
    _answer_errors(server, app)
    server.test_client().get(
        f"{app.config.routes_pathname_prefix}_dash-dependencies",
        headers={"Host": hosts[0].lstrip(".") if hosts else "localhost"},
    )


def _answer_errors(server: Flask, app: Dash) -> None:
    def answer(status: int, sentence: str = "") -> Response:
        text = sentence or SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400])
        return Response(text, status=status, mimetype="text/plain")

    def from_http(error: HTTPException) -> Response | HTTPException:
        if error.response is not None or error.code is None or error.code < 400:
            return error  # a redirect or a ready answer
        ours = error.description if error.description != type(error).description else None
        response = answer(error.code, ours or "")
        allow = getattr(error, "valid_methods", None)
        if allow:
            response.headers["Allow"] = ", ".join(sorted(allow))
        return response

    def from_dash(error: CallbackException) -> Response:
        # A callback that returns the wrong shape is a bug of ours, unless the request said how many outputs
        # a wildcard has.
        if isinstance(error, InvalidCallbackReturnValue) and not _has_wildcard_outputs(app.callback_map):
            raise error
        return answer(400)

    def from_suites(_: Exception) -> Response:
        return answer(404)

    def from_file(error: FileNotFoundError) -> Response:
        if "/_dash-component-suites/" not in request.path:
            raise error
        return answer(404)

    def from_user(error: UserError) -> Response:
        return answer(400, str(error))

    handlers: Mapping[type[Exception], Callable[[Any], Any]] = {
        HTTPException: from_http,
        CallbackException: from_dash,
        DependencyException: from_suites,
        FileNotFoundError: from_file,
        UserError: from_user,
    }
    for kind, handler in handlers.items():
        server.register_error_handler(kind, handler)


def _check_address() -> None:
    if "\0" in request.path:
        abort(404)


def _check_origin() -> None:
    """Refuse a writing request that a page of another site made the browser send."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in (None, "same-origin", "none"):
        abort(403)
    if origin is not None and _host_of(origin) != _host_of(f"{request.scheme}://{request.host}"):
        abort(403)


def _host_of(origin: str) -> tuple[str | None, int | None]:
    """Name and port; the usual ports count as none, since a proxy may speak TLS for us."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None, -1
    return parts.hostname, None if port in (80, 443) else port


def _check_callback(callbacks: Mapping[str, Any]) -> None:
    body = json_body()
    output = body.get("output")
    declared = callbacks.get(output) if isinstance(output, str) else None
    if declared is None or "callback" not in declared:
        abort(400)
    if not all(_requirements(body, declared)):
        abort(400)


def json_body(most: int = MAX_BODY) -> dict[str, Any]:
    """The JSON object that a request carries; 415, 413 or 400 for anything else.

    Parameters
    ----------
    most : int
        Bytes that it may have.
    """
    if request.mimetype != "application/json" or request.content_encoding:
        abort(415)
    data = request.get_data()
    if len(data) > most:
        abort(413)
    body = _read_json(data)
    if not isinstance(body, dict):
        abort(400)
    return body


def _requirements(body: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[bool]:
    """Go through what must hold, one thing after the other."""
    inputs, state = (_slots(declared[part]) for part in ("inputs", "state"))
    yield _fits_all(body.get("inputs"), inputs)
    # Dash leaves `state` out where a callback has none, and `outputs` where it has none
    yield _fits_all(body.get("state", []), state)
    yield _fits_outputs(body.get("outputs"), declared)
    changed = body.get("changedPropIds", [])
    yield isinstance(changed, list) and all(_names_one(item, inputs) for item in changed)


def _slots(dependencies: Sequence[Mapping[str, str]]) -> list[Slot]:
    return [_slot(dependency["id"], dependency["property"]) for dependency in dependencies]


def _slot(id_: str, property_: str) -> Slot:
    return Slot(json.loads(id_) if id_.startswith("{") else id_, property_.split("@")[0])


def _output_slots(declared: Mapping[str, Any]) -> list[Slot]:
    output = declared["output"]
    flat = output if isinstance(output, list | tuple) else [output]
    return [_slot(one.component_id_str(), one.component_property) for one in flat]


def _fits_outputs(given: object, declared: Mapping[str, Any]) -> bool:
    if declared.get("no_output"):
        return given is None or given == []
    slots = _output_slots(declared)
    if isinstance(declared["output"], list | tuple):
        return _fits_all(given, slots, with_values=False)
    return _fits(given, slots[0], with_values=False)


def _fits_all(given: object, slots: Sequence[Slot], *, with_values: bool = True) -> bool:
    return (
        isinstance(given, list)
        and len(given) == len(slots)
        and all(_fits(one, slot, with_values=with_values) for one, slot in zip(given, slots, strict=True))
    )


def _fits(given: object, slot: Slot, *, with_values: bool = True) -> bool:
    if slot.many:
        return isinstance(given, list) and all(_is_component(one, slot, with_values) for one in given)
    return _is_component(given, slot, with_values)


def _is_component(given: object, slot: Slot, with_value: bool) -> bool:
    return (
        isinstance(given, dict)
        and slot.takes(given.get("id"), given.get("property"))
        and (not with_value or _can_have(slot.name, given.get("value")))
    )


def _can_have(property_: str, value: object) -> bool:
    kinds = PROPERTY_TYPES.get(property_)
    if kinds is None or (value is None and property_ not in NEVER_NULL):
        return True
    return isinstance(value, kinds) and not (isinstance(value, bool) and bool not in kinds)


def _names_one(changed: object, inputs: Sequence[Slot]) -> bool:
    """Whether an entry of ``changedPropIds`` names an input of this callback."""
    if not isinstance(changed, str):
        return False
    id_, _, property_ = changed.rpartition(".")
    try:
        component = _read_json(id_.encode()) if id_.startswith("{") else id_
    except HTTPException:
        return False
    return any(slot.takes(component, property_) for slot in inputs)


def _stands_for(declared: object, given: object) -> bool:
    if declared in MANY or declared == ANY_ONE:
        return isinstance(given, str | int | float)
    return type(declared) is type(given) and declared == given


def _has_wildcard_outputs(callbacks: Mapping[str, Any]) -> bool:
    body = request.get_json(silent=True)
    declared = callbacks.get(body.get("output", "")) if isinstance(body, dict) else None
    return declared is not None and any(slot.many for slot in _output_slots(declared))


def _read_json(data: bytes) -> object:
    """Return the value that JSON bytes stand for; 400 for what no browser writes.

    That is: not JSON, not UTF-8, nested deeper than any layout, ``NaN`` or ``Infinity``, numbers that are
    none, half characters and NUL.
    """
    try:
        value = json.loads(
            data.decode(), parse_int=_whole_number, parse_float=_number, parse_constant=_no_number
        )
    except (ValueError, RecursionError):
        abort(400)
    if not _is_plain(value):
        abort(400)
    return value


def _is_plain(value: object) -> bool:
    pending: list[tuple[object, int]] = [(value, 1)]
    while pending:
        one, depth = pending.pop()
        if depth > MAX_DEPTH or (isinstance(one, str) and not _is_text(one)):
            return False
        if isinstance(one, dict):
            pending.extend((key, depth) for key in one)
            pending.extend((inner, depth + 1) for inner in one.values())
        elif isinstance(one, list):
            pending.extend((inner, depth + 1) for inner in one)
    return True


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _whole_number(text: str) -> int:
    if len(text) > MAX_DIGITS + 1:
        raise ValueError(text[:MAX_DIGITS])
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value


def _no_number(text: str) -> float:
    raise ValueError(text)
