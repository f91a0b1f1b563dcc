"""What the tests of children and jobs run: each does one thing that a job may do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.errors import UserError

Payload = dict[str, Any]
Progress = Callable[[str, float], None]


def echo(payload: Payload, progress: Progress) -> bytes:
    print("a library's print")  # noqa: T201 (what a library may do)
    return str(payload["text"]).encode()


def count(payload: Payload, progress: Progress) -> bytes:
    """Note each call in a file, so that a test can count them."""
    with open(payload["file"], "a") as file:
        file.write("x")
    time.sleep(payload.get("seconds", 0))
    return b"counted"


def stages(payload: Payload, progress: Progress) -> bytes:
    progress("Reading", 0.25)
    progress("Fitting", 0.75)
    return b"fitted"


def large(payload: Payload, progress: Progress) -> bytes:
    return b"ab" * (int(payload["megabytes"]) * 1024**2 // 2)


def endless(payload: Payload, progress: Progress) -> bytes:
    """Leave the process's id in a file and go on for ever."""
    partial = Path(f"{payload['file']}.part")
    partial.write_text(str(os.getpid()))
    partial.rename(payload["file"])
    progress("Going on", 0.5)
    while True:
        time.sleep(60)


def busy(payload: Payload, progress: Progress) -> bytes:
    while True:
        pass


def refuse(payload: Payload, progress: Progress) -> bytes:
    raise UserError("k=7 needs at least 7 customers.", "Choose fewer segments.")


def fail(payload: Payload, progress: Progress) -> bytes:
    raise ValueError(f"{__file__} is broken")


def swallow(payload: Payload, progress: Progress) -> bytes:
    return bytes(64 * 1024**3)


def abort(payload: Payload, progress: Progress) -> bytes:
    os.abort()


def threads(payload: Payload, progress: Progress) -> bytes:
    return os.environ["OMP_NUM_THREADS"].encode()


def fill_disk(payload: Payload, progress: Progress) -> bytes:
    with open("/dev/full", "wb") as file:
        file.write(b"x" * 10_000)
    return b""


def read_file(path: str, progress: Progress) -> bytes:
    from core.io.readers import read

    return str(read(Path(path)).table.to_pydict()).encode()


def group(payload: Payload, progress: Progress) -> bytes:
    """Ask whether a grouping fits into what this child may use."""
    from core.cluster import budget
    from core.spec import Cluster

    spec = Cluster(algorithm=payload["algorithm"], linkage=payload["linkage"])
    budget.check(spec, payload["rows"], payload["columns"])
    return b"fits"
