"""The guard at the door, on a real Dash app with every kind of callback that the pages use."""

import json
import logging
import re
import time
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any

import dash
import pytest
from dash import ALL, MATCH, Dash, Input, Output, State, ctx, dcc, html
from flask import Flask, abort, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.errors import UserError
from tests.mutations import mutated_bodies, mutated_urls
from webapp.safety import MAX_BODY, protect

CALLBACK = "/_dash-update-component"


def part(id_: object, property_: object, value: Any = None) -> dict[str, Any]:
    return {"id": id_, "property": property_, "value": value}


def target(id_: object, property_: str) -> dict[str, Any]:
    return {"id": id_, "property": property_}


SHOW = {
    "output": "..view.children...view-out.data...k.value...method.value..",
    "outputs": [
        target("view", "children"),
        target("view-out", "data"),
        target("k", "value"),
        target("method", "value"),
    ],
    "inputs": [part("view-in", "data"), part("k", "value", 5), part("method", "value", "kmeans")],
    "changedPropIds": ["k.value"],
    "state": [part("_pages_location", "search", "?k=4")],
}
ONE = {
    "output": "echo.children",
    "outputs": target("echo", "children"),
    "inputs": [part("button", "n_clicks", 3)],
    "changedPropIds": ["button.n_clicks"],
}
EACH = {
    "output": '{"row":["MATCH"],"type":"answer"}.children',
    "outputs": target({"row": 2, "type": "answer"}, "children"),
    "inputs": [part({"row": 2, "type": "choice"}, "value", "line")],
    "changedPropIds": ['{"row":2,"type":"choice"}.value'],
}
TOGETHER = {
    "output": '..{"row":["ALL"],"type":"mark"}.children...total.children..',
    "outputs": [
        [target({"row": row, "type": "mark"}, "children") for row in (1, 2)],
        target("total", "children"),
    ],
    "inputs": [[part({"row": row, "type": "tick"}, "value", True) for row in (1, 2)]],
    "changedPropIds": ['{"row":1,"type":"tick"}.value'],
}
SILENT = {
    "output": ".dash_no_output_placeholder",
    "inputs": [part("forget", "n_clicks", 1)],
    "changedPropIds": ["forget.n_clicks"],
}
ROUTE = {
    "output": ".._pages_content.children..._pages_store.data..",
    "outputs": [target("_pages_content", "children"), target("_pages_store", "data")],
    "inputs": [part("_pages_location", "pathname", "/things/7"), part("_pages_location", "search", "?k=5")],
    "changedPropIds": ["_pages_location.pathname", "_pages_location.search"],
    "state": [],
}
URLS = ("/", "/things/7", "/things/7?k=5&cols=recency,monetary", "/_dash-layout", "/_dash-dependencies")


def changed(body: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {**body, **parts}


def routed(pathname: object) -> dict[str, Any]:
    inputs: Any = ROUTE["inputs"]
    return changed(ROUTE, inputs=[part("_pages_location", "pathname", pathname), inputs[1]])


def make_app() -> Dash:
    app = Dash(
        __name__,
        use_pages=True,
        pages_folder="",
        suppress_callback_exceptions=True,
        assets_folder="no-assets",
        enable_mcp=False,
    )
    app.layout = html.Div([dcc.Store(id="view-in"), dcc.Store(id="view-out"), dash.page_container])
    dash.page_registry.clear()  # Dash keeps one list of pages for all apps of a process
    dash.register_page("tests.home", path="/", layout=lambda **_: html.Div("home"))
    dash.register_page(
        "tests.thing", path_template="/things/<thing>", layout=lambda thing="", **_: html.Div(thing)
    )

    @app.callback(
        output={
            "view": Output("view", "children"),
            "url": Output("view-out", "data"),
            "values": {"k": Output("k", "value"), "method": Output("method", "value")},
        },
        inputs={
            "url": Input("view-in", "data"),
            "values": {"k": Input("k", "value"), "method": Input("method", "value")},
            "search": State("_pages_location", "search"),
        },
    )
    def show(url: object, values: dict[str, object], search: object) -> dict[str, Any]:
        return {"view": f"{ctx.triggered_id} {url!s} {search!s}", "url": "", "values": values}

    @app.callback(Output("echo", "children"), Input("button", "n_clicks"))
    def echo(clicks: int | None) -> str:
        if clicks == 404:
            abort(404)
        if clicks == 400:
            raise UserError("k=7 needs 7 customers; this view has 3.", "Choose a smaller number.")
        if clicks == 500:
            raise ValueError(__file__)
        return f"{clicks or 0:d}"

    @app.callback(
        Output({"type": "answer", "row": MATCH}, "children"), Input({"type": "choice", "row": MATCH}, "value")
    )
    def answer(choice: object) -> str:
        return f"{ctx.triggered_id['row'] if ctx.triggered_id else ''} {choice!s}"

    @app.callback(
        Output({"type": "mark", "row": ALL}, "children"),
        Output("total", "children"),
        Input({"type": "tick", "row": ALL}, "value"),
    )
    def tick(ticks: list[object]) -> tuple[list[str], int]:
        return [str(one) for one in ticks], len(ticks)

    @app.callback(Input("forget", "n_clicks"))
    def forget(_: int | None) -> None:
        return None

    @app.callback(Output("wrong", "children"), Output("wrong", "title"), Input("wrong-button", "n_clicks"))
    def wrong(_: int | None) -> str:
        return "one value where two are declared"

    app.clientside_callback(
        "function(x) { return x; }", Output("copy", "children"), Input("view-out", "data")
    )
    return app


@pytest.fixture(scope="module")
def server() -> Iterator[Flask]:
    app = make_app()

    @app.server.put("/api/upload")
    def upload() -> dict[str, int]:
        return {"size": len(request.stream.read())}

    protect(app.server, app)
    yield app.server
    dash.page_registry.clear()


@pytest.fixture
def client(server: Flask) -> FlaskClient:
    return server.test_client()


def send(client: FlaskClient, body: object, **headers: str) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(CALLBACK, data=data, content_type="application/json", headers=headers)


@pytest.mark.parametrize("body", [SHOW, ONE, EACH, TOGETHER, ROUTE])
def test_what_a_browser_sends_passes(client: FlaskClient, body: dict[str, Any]) -> None:
    assert send(client, body).status_code == 200


def test_a_callback_without_output_passes(client: FlaskClient) -> None:
    output = next(one["output"] for one in client.get("/_dash-dependencies").get_json() if one["no_output"])
    assert send(client, changed(SILENT, output=output)).status_code == 204


def test_the_first_call_of_a_page_names_no_changed_input(client: FlaskClient) -> None:
    assert send(client, changed(EACH, changedPropIds=[])).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([SHOW], id="a list"),
        pytest.param("text", id="a text"),
        pytest.param(changed(SHOW, output="nothing.children"), id="an unknown output"),
        pytest.param(changed(SHOW, output=["view.children"]), id="an output that is a list"),
        pytest.param(changed(ONE, output="copy.children"), id="an output that the browser computes"),
        pytest.param({key: ONE[key] for key in ("output", "inputs")}, id="no outputs"),
        pytest.param({key: ONE[key] for key in ("output", "outputs")}, id="no inputs"),
        pytest.param(changed(ONE, outputs=target("view", "children")), id="a forged target"),
        pytest.param(changed(ONE, outputs=[[]]), id="an empty target"),
        pytest.param(changed(SHOW, outputs=SHOW["outputs"][:2]), id="too few targets"),
        pytest.param(changed(SHOW, inputs=SHOW["inputs"][:1]), id="too few inputs"),
        pytest.param(changed(SHOW, inputs=SHOW["inputs"][::-1]), id="inputs in another order"),
        pytest.param(changed(ONE, inputs=[part({"a": []}, "n_clicks")]), id="an unhashable id"),
        pytest.param(changed(ONE, inputs=[part("button", {})]), id="an unhashable property"),
        pytest.param(changed(ONE, inputs=[part("button", "n_clicks", "3")]), id="clicks as text"),
        pytest.param(
            changed(EACH, inputs=[part({"type": "choice", "row": [1]}, "value")]), id="a list in an id"
        ),
        pytest.param(
            changed(TOGETHER, inputs=[part({"type": "tick", "row": 1}, "value")]), id="one for many"
        ),
        pytest.param(changed(SHOW, changedPropIds="k.value"), id="changed inputs as text"),
        pytest.param(changed(SHOW, changedPropIds=[{}]), id="a changed input that is no text"),
        pytest.param(changed(SHOW, changedPropIds=["{.value"]), id="a changed input that is half an id"),
        pytest.param(changed(SHOW, changedPropIds=["other.value"]), id="a changed input of another callback"),
        pytest.param(changed(SHOW, state=None), id="no state"),
        pytest.param(routed(7), id="a path that is a number"),
        pytest.param(routed("x"), id="a path without its slash"),
        pytest.param(
            changed(TOGETHER, outputs=[[], target("total", "children")]),
            id="fewer wildcard targets than inputs",
        ),
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="half a body"),
        pytest.param(b"[" * 200_000, id="endless nesting"),
        pytest.param(json.dumps(ONE).replace("3", "NaN").encode(), id="NaN"),
        pytest.param(json.dumps(ONE).replace("3", "1e999").encode(), id="infinity"),
        pytest.param(json.dumps(ONE).replace("3", "9" * 5_000).encode(), id="a huge number"),
        pytest.param(json.dumps(SHOW).replace("kmeans", "\\u0000").encode(), id="NUL"),
        pytest.param(json.dumps(SHOW).replace("kmeans", "\\ud800").encode(), id="half a character"),
        pytest.param(json.dumps(SHOW).encode("utf-16"), id="another encoding"),
    ],
)
def test_what_no_browser_sends_is_refused_in_a_sentence(client: FlaskClient, body: object) -> None:
    response = send(client, body)
    assert (response.status_code, response.text) == (
        400,
        "This request could not be read. Reload the page and try again.",
    )


def test_a_callback_must_be_json(client: FlaskClient) -> None:
    assert client.post(CALLBACK, data=json.dumps(ONE), content_type="text/plain").status_code == 415


def test_a_large_callback_is_refused_with_and_without_its_length(client: FlaskClient) -> None:
    large = json.dumps(ONE).encode() + b" " * MAX_BODY
    assert send(client, large).status_code == 413
    chunked = client.post(
        CALLBACK,
        content_type="application/json",
        environ_overrides={  # no Content-Length, as in a chunked request
            "wsgi.input": BytesIO(large),
            "wsgi.input_terminated": True,
            "CONTENT_LENGTH": "",
        },
    )
    assert chunked.status_code == 413


def test_an_upload_may_be_larger(client: FlaskClient) -> None:
    response = client.put("/api/upload", data=b"x" * (MAX_BODY + 1))
    assert response.get_json() == {"size": MAX_BODY + 1}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost:80"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:8051"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:port"}, 403),
    ],
)
def test_only_our_own_pages_may_write(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert client.put("/api/upload", data=b"x", headers=headers).status_code == status
    assert send(client, ONE, **headers).status_code == status


def test_other_sites_may_link_here(client: FlaskClient) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/nothing", 200),  # a page that does not exist is said on the page
        ("/_dash-component-suites/nothing/at.js", 404),
        ("/_dash-component-suites/dash/nothing.js", 404),
        ("/assets/nothing.css", 404),
        (CALLBACK, 200),  # GET: Dash's catch-all answers with the page
    ],
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert response.status_code == status
    assert policy.startswith("default-src 'none'; script-src 'self' 'sha256-")
    assert "unsafe-eval" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_policy_names_every_inline_script_of_the_page(server: Flask, client: FlaskClient) -> None:
    page = client.get("/")
    inline = re.findall(
        r"<script(?: id=\"_dash-renderer\" type=\"application/javascript\")?>(.*?)</script>", page.text, re.S
    )
    hashes = [
        b64encode(sha256(script.encode()).digest()).decode()
        for script in inline
        if "Internet Explorer" not in script
    ]
    assert len(hashes) == 3
    assert all(f"'sha256-{one}'" in page.headers["Content-Security-Policy"] for one in hashes)


def test_a_wrong_method_is_named(client: FlaskClient) -> None:
    response = client.delete("/api/upload")
    assert response.status_code == 405
    assert "PUT" in response.headers["Allow"]


def test_an_error_of_the_user_keeps_its_sentence(client: FlaskClient) -> None:
    response = send(client, changed(ONE, inputs=[part("button", "n_clicks", 400)]))
    assert (response.status_code, response.text) == (
        400,
        "k=7 needs 7 customers; this view has 3. Choose a smaller number.",
    )


def test_a_callback_may_refuse_by_itself(client: FlaskClient) -> None:
    assert send(client, changed(ONE, inputs=[part("button", "n_clicks", 404)])).status_code == 404


def test_a_bug_of_ours_is_logged_and_not_hidden(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = send(client, changed(ONE, inputs=[part("button", "n_clicks", 500)]))
    assert response.status_code == 500
    assert __file__ not in response.text
    assert "Traceback" not in response.text
    assert any(record.exc_info for record in caplog.records)


def test_a_callback_that_returns_the_wrong_shape_is_a_bug_of_ours(client: FlaskClient) -> None:
    body = {
        "output": "..wrong.children...wrong.title..",
        "outputs": [target("wrong", "children"), target("wrong", "title")],
        "inputs": [part("wrong-button", "n_clicks", 1)],
        "changedPropIds": ["wrong-button.n_clicks"],
    }
    assert send(client, body).status_code == 500


def test_another_host_name_is_refused_where_names_are_given() -> None:
    app = Dash(__name__, assets_folder="no-assets")
    app.layout = html.Div()
    protect(app.server, app, hosts=["127.0.0.1", "atlas.example"])
    client = app.server.test_client()
    assert client.get("/", headers={"Host": "atlas.example:8050"}).status_code == 200
    refused = client.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "Content-Security-Policy" in refused.headers


def test_1000_forged_callbacks_never_break_the_server(client: FlaskClient) -> None:
    recorded = [json.dumps(body).encode() for body in (SHOW, ONE, EACH, TOGETHER, ROUTE)]
    for body in mutated_bodies(recorded, count=1_000, seed=1):
        assert_harmless(body, lambda body=body: send(client, body))


def test_300_forged_addresses_never_break_the_server(client: FlaskClient) -> None:
    for url in mutated_urls(URLS, count=300, seed=1):
        assert_harmless(url, lambda url=url: client.get(url))


def assert_harmless(what: object, ask: Any) -> None:
    began = time.monotonic()
    response = ask()
    assert response.status_code < 500, what
    assert time.monotonic() - began < 5, what
    assert b"Traceback" not in response.data, what
    assert b"site-packages" not in response.data, what
