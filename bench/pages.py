"""Server time of a page of which everything is cached, beside a Dash app that does next to nothing."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from dash import Dash, Input, Output, html
from flask import Flask

from bench.row import Row, percentile
from bench.visitor import DEPENDENCIES, UPDATE, Post, Visitor
from core.child import PARENT
from core.io.store import Store
from core.spec import DEMO
from webapp.app import create_app
from webapp.page import Page
from webapp.pages import PAGES
from webapp.settings import ROOT, Settings

RUNS: Final = 40
OPENED: Final = {"segment": "1", "customer": "42eea89385f8981b"}
"""Page -> the segment, or the customer of the demo, that it shows."""


def rows() -> Iterator[Row]:
    """The table's lines on pages."""
    peer = visitor_of(hello().server)
    word = peer.request("said.children", {"asked.value": "world"})
    with TemporaryDirectory() as home, working(Path(home)):
        Store(Path(home)).ensure_demo()
        visitor = visitor_of(create_app(Settings.from_env({"DATA_DIR": home})).server)
        for name, page, path, query in _views():
            segment = OPENED.get(page.name, "")
            visitor.settle(visitor.opening(path, query))
            for way, body in (
                ("opened by a link", visitor.opening(path, query)),
                ("after Back", visitor.moving(page.name, segment, query)),
            ):
                visitor.settle(body)
                yield from _rows(f"{name}, {way}", _pairs(visitor, body, peer, word))


def _views() -> Iterator[tuple[str, Page, str, str]]:
    """Every page, and the Data page of a data set beside the one without: name, page, path, query."""
    for page in PAGES.values():
        yield page.title, page, page.path.replace("<segment>", OPENED.get(page.name, "")), ""
    yield "Data of a data set", PAGES["data"], "/", f"?ds={DEMO}"


@contextmanager
def working(home: Path) -> Iterator[None]:
    """A worker over a data directory, that goes with this process."""
    environment = {**os.environ, "DATA_DIR": str(home), PARENT: str(os.getpid())}
    worker = subprocess.Popen([sys.executable, "-m", "webapp.worker"], cwd=ROOT, env=environment)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def hello() -> Dash:
    """The peer: one callback that returns a word."""
    app = Dash("hello")
    app.layout = html.Div([html.Button(id="asked"), html.Div(id="said")])

    @app.callback(Output("said", "children"), Input("asked", "value"))
    def say(word: Any) -> str:
        return f"Hello {word}"

    return app


def visitor_of(server: Flask) -> Visitor:
    client = server.test_client()

    def post(path: str, body: bytes) -> tuple[int, bytes]:
        answer = client.post(path, data=body, content_type="application/json")
        return answer.status_code, answer.data

    return Visitor(callbacks=json.loads(client.get(DEPENDENCIES).data), post=post)


def _pairs(visitor: Visitor, body: bytes, peer: Visitor, word: bytes) -> list[tuple[float, float]]:
    """Milliseconds of ours and of the peer, in turn, so that a busy moment meets both."""
    return [(milliseconds(visitor.post, body), milliseconds(peer.post, word)) for _ in range(RUNS)]


def milliseconds(post: Post, body: bytes) -> float:
    began = time.perf_counter()
    status, _ = post(UPDATE, body)
    assert status == 200
    return 1000 * (time.perf_counter() - began)


def _rows(name: str, pairs: Sequence[tuple[float, float]]) -> Iterator[Row]:
    ours, peers = zip(*pairs, strict=True)
    yield Row(name=f"{name}, median", ours=median(ours), unit="ms", peer=median(peers), runs=RUNS)
    high = percentile(ours, 95), percentile(peers, 95)
    yield Row(name=f"{name}, 95th percentile", ours=high[0], unit="ms", peer=high[1], runs=RUNS)
