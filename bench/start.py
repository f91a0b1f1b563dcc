"""From the start of the server to its first page."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import psutil

from bench.row import Row
from bench.visitor import DEPENDENCIES, Visitor, over_http
from core.child import PARENT
from webapp.settings import ROOT

RUNS: Final = 3
DEADLINE: Final = 120
MEGABYTE: Final = 1 << 20


def rows() -> Iterator[Row]:
    """The table's lines on starting."""
    with TemporaryDirectory() as home:
        first, figures, _ = _start(Path(home))
        yield Row(name="first start, demo not made yet: first answer", ours=first, unit="s", runs=1)
        yield Row(name="first start: first page with figures", ours=figures, unit="s", runs=1)
        again = [_start(Path(home)) for _ in range(RUNS)]
    answers, pages, memory = (median(values) for values in zip(*again, strict=True))
    yield Row(name="start again: first answer", ours=answers, unit="s", runs=RUNS)
    yield Row(name="start again: first page with figures", ours=pages, unit="s", runs=RUNS)
    yield Row(name="memory of all processes after it (PSS)", ours=memory, unit="MB", runs=RUNS, digits=0)


def _start(home: Path) -> tuple[float, float, float]:
    """Seconds to the first answer, seconds to the first page with figures, megabytes."""
    began = time.perf_counter()
    with serving(home) as (base, process):
        answer_of(base, "/", process)
        answered = time.perf_counter() - began
        visitor = Visitor(callbacks=json.loads(answer_of(base, DEPENDENCIES, process)), post=over_http(base))
        visitor.settle(visitor.opening("/"))
        return answered, time.perf_counter() - began, _memory(process)


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """What `make run` runs once everything is installed."""
    port = _free_port()
    environment = {**os.environ, "DATA_DIR": str(home), "PORT": str(port), PARENT: str(os.getpid())}
    command = [sys.executable, "-m", "webapp.serve"]
    with (home / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    try:
        yield f"http://127.0.0.1:{port}", process
    except Exception:
        print((home / "said.txt").read_text(encoding="utf-8", errors="replace"), file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answer_of(base: str, path: str, process: subprocess.Popen[bytes]) -> bytes:
    """The first answer of a server that may still be starting."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            with urllib.request.urlopen(base + path, timeout=30) as answer:
                return bytes(answer.read())
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The app does not start.") from None
            time.sleep(0.02)


def _memory(process: subprocess.Popen[bytes]) -> float:
    """Megabytes of the whole tree, shared pages divided among those who share them."""
    top = psutil.Process(process.pid)
    return sum(p.memory_full_info().pss for p in [top, *top.children(recursive=True)]) / MEGABYTE
