"""Watching real processes: every wait has a deadline and looks until then."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import psutil


def eventually(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Return whether `true()` comes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def gone(pid: int) -> bool:
    """Return whether the process has ended; one that waits to be collected by its new parent has."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def answers(port: int) -> bool:
    """Return whether something listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
