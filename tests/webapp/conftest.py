"""A data directory with the demo and a worker at work in it; the app over it; somebody who visits the app."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from dash import Dash

from core.io.store import Store
from tests.processes import eventually
from tests.webapp.visitor import Visitor
from webapp.app import create_app
from webapp.jobs import Jobs
from webapp.settings import ROOT, Settings


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a data directory with the demo, where a worker does the jobs."""
    folder = tmp_path_factory.mktemp("home")
    Store(folder).ensure_demo()
    environ = {**os.environ, "DATA_DIR": str(folder), "MAX_UPLOAD_MB": "1"}
    settings = Settings.from_env(environ)
    worker = subprocess.Popen([sys.executable, "-m", "webapp.worker"], env=environ, cwd=ROOT)
    try:
        assert eventually(Jobs(settings).worker_alive, 30)
        yield settings
    finally:
        worker.terminate()
        worker.wait(10)


@pytest.fixture(autouse=True)
def _nobody_waits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Cancel, at a test's end, the jobs that nobody waits for: those of the next would stand behind them."""
    yield
    if "home" not in request.fixturenames:
        return
    cancel_open(request.getfixturevalue("home"))


def cancel_open(settings: Settings) -> None:
    """Cancel every job that is queued or runs."""
    Jobs(settings).status("none")  # makes the table where there is none yet
    with closing(sqlite3.connect(settings.jobs_dir / "jobs.db", timeout=10)) as database:
        keys = database.execute("select key from jobs where state in ('queued', 'running')").fetchall()
    for (key,) in keys:
        Jobs(settings).cancel(key)


@pytest.fixture(scope="module")
def app(home: Settings) -> Dash:
    """The app; made once a file, since Dash keeps one list of pages for all apps of a process."""
    return create_app(home)


@pytest.fixture(scope="module")
def store(home: Settings) -> Store:
    """The store that the app reads."""
    return Store(home.data_dir)


@pytest.fixture
def visitor(app: Dash) -> Visitor:
    """Somebody new at the app."""
    return Visitor(app)


@pytest.fixture(scope="session")
def links() -> list[str]:
    """The addresses of tests/urls.txt."""
    lines = (Path(ROOT) / "tests" / "urls.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]
