"""The running app and a browser that looks at it: shared by the tests and by the screenshots."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
)

from core.spec import Study
from tests.processes import eventually, free_port, gone
from webapp.results import Services
from webapp.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
CHROMIUMS = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),  # the first draws no window around a page
    *("google-chrome", "google-chrome-stable", "chrome"),
)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
STILL = {"reduced_motion": "reduce"}  # what moves while a job runs would take processor time from it
PHONE: ViewportSize = {"width": 390, "height": 844}
OVER_THE_NET = ("http", "https", "ws", "wss")
CALLBACKS = "/_dash-update-component"
START_SECONDS, VIEW_SECONDS = 60, 60
DRAWN = "() => new Promise(done => setTimeout(() => setTimeout(done, 20), 20))"  # what came is worked off
FOLDED = "tables => tables.map(table => JSON.stringify(JSON.parse(table.dataset.table).rows))"
QUIET_SECONDS = 0.4  # so long nothing may be asked for before we say that nothing more comes


def chromium_path() -> str | None:
    """Where this system's Chromium is, None where there is none."""
    return next((found for name in CHROMIUMS if (found := shutil.which(name))), None)


def launched(playwright: Playwright) -> Browser:
    """A headless Chromium of the system."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))


@dataclass(slots=True)
class App:
    """`python -m webapp.serve` with a data directory of its own."""

    data_dir: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it says where it is."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        said = self.data_dir / "said.txt"
        environment = {**os.environ, "DATA_DIR": str(self.data_dir), "PORT": str(self.port)}
        for name in ("HOST", "SECRET_KEY", "REDIS_URL"):
            environment.pop(name, None)
        with said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "webapp.serve"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        process = self.process
        eventually(
            lambda: self.url.encode() in said.read_bytes() or process.poll() is not None, START_SECONDS
        )
        assert self.url.encode() in said.read_bytes(), said.read_text(errors="replace")

    def warm(self, *queries: str, need: str = "profile") -> None:
        """Have studies computed and kept: a page that needs no more than `need` then asks once."""
        services = Services.of(Settings.from_env({"DATA_DIR": str(self.data_dir)}))
        for query in queries:
            services.results(Study.parse(query), need, patience=VIEW_SECONDS)

    def stop(self) -> None:
        """Ctrl-C; afterwards none of its processes is left."""
        if self.process is None:
            return
        family = [p.pid for p in psutil.Process(self.process.pid).children(recursive=True)]
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=15)
        self.process = None
        assert eventually(lambda: all(gone(pid) for pid in family), 5), "a process of the app outlived it"


@contextmanager
def running(data_dir: Path) -> Iterator[App]:
    """The app over a data directory, stopped at the end."""
    app = App(data_dir)
    try:
        app.start()
        yield app
    finally:
        app.stop()


@dataclass  # no slots: Playwright keeps a note on the objects whose methods it calls
class Watch:
    """A page and everything it asked for and complained about."""

    page: Page
    app: App
    posts: list[Request] = field(default_factory=list)
    polls: list[Request] = field(default_factory=list)
    pending: set[Request] = field(default_factory=set)
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    last: float = 0.0

    def __post_init__(self) -> None:
        for event, heard in self._heard():
            self.page.on(event, heard)

    def _heard(self) -> tuple[tuple[Any, Callable[[Any], None]], ...]:
        return (
            ("request", self._asked),
            ("requestfinished", self._ended),
            ("requestfailed", self._ended),
            ("console", self._said),
            ("pageerror", self._failed),
            ("response", self._answered),
        )

    def leave(self) -> None:
        """Watch no longer; the tab is for another watch then, as it keeps what it compiled of our scripts."""
        for event, heard in self._heard():
            self.page.remove_listener(event, heard)
        self.page.mouse.move(0, 0)
        self.page.goto(f"{self.app.url}/assets/theme.css")

    def _asked(self, request: Request) -> None:
        self.last = time.monotonic()
        self.pending.add(request)
        address = urlsplit(request.url)
        if (
            address.scheme in ("http", "https", "ws", "wss")
            and address.netloc != urlsplit(self.app.url).netloc
        ):
            self.strangers.append(request.url)
        if request.method == "POST" and address.path == CALLBACKS:
            (self.polls if _of_a_job(request) else self.posts).append(request)

    def _ended(self, request: Request) -> None:
        self.last = time.monotonic()
        self.pending.discard(request)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.status} {response.url}")

    def _failed(self, error: Error) -> None:
        self.errors.append(str(error))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def open(self, address: str) -> None:
        """Open a path of the app and wait for its view."""
        self.page.goto(self.app.url + address)
        self.settle()

    def settle(self) -> None:
        """Wait until a view stands and nothing is being asked for any more."""
        deadline = time.monotonic() + VIEW_SECONDS
        while not self._still():
            assert time.monotonic() < deadline, f"no view at {self.page.url}"
            self.page.wait_for_timeout(50)  # lets the browser's events come in

    def _still(self) -> bool:
        if self.pending or time.monotonic() - self.last < QUIET_SECONDS:
            return False
        if self.page.locator("h1").count() == 0 or self.page.locator("#job-box").is_visible():
            return False
        before = self.last
        self.page.evaluate(DRAWN)
        return self.last == before and not self.pending

    def asked(self, act: Callable[[], object]) -> int:
        """How many callback requests an act causes, all that follow from it included."""
        self.settle()
        before = len(self.posts)
        self.last = time.monotonic()
        act()
        self.settle()
        return len(self.posts) - before

    @property
    def query(self) -> str:
        """The query of the address."""
        return urlsplit(self.page.url).query

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.page.url).path

    def heading(self) -> str:
        """The finding."""
        return self.page.locator("h1").inner_text()

    def view(self) -> dict[str, list[str]]:
        """What a person reads off the view: finding, key figures, names of segments, tables."""
        folded = self.page.locator(".atlas-main [data-table]")
        return {
            "folded": folded.evaluate_all(FOLDED),
            **self._read(),
        }

    def _read(self) -> dict[str, list[str]]:
        return {
            part: self.page.locator(where).all_text_contents()
            for part, where in {
                "finding": "h1",
                "scope": ".atlas-scope",
                "figures": ".atlas-figure-value",
                "segments": ".atlas-segment-card h2",
                "tables": ".atlas-main .atlas-table tbody",
            }.items()
        }

    def primary(self) -> None:
        """Press the view's primary button."""
        self.page.locator(".atlas-head .btn-primary").click()

    def exported(self) -> None:
        """Press the primary button of a list, and Export in the dialog that it opens."""
        self.primary()
        self.page.locator("dialog [data-export-go]").click()


def _of_a_job(request: Request) -> bool:
    """Whether a request is a job's poll: these are counted apart."""
    sent = json.loads(request.post_data or "{}")
    return bool(re.match(r"(\.\.)?job-box\.", str(sent.get("output", ""))))
