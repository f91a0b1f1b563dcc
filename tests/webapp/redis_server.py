"""A Redis of our own for the tests that want one; they skip where there is none."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import answers, eventually, free_port


@contextmanager
def running(directory: Path) -> Iterator[str]:
    """Yield the URL of a Redis server that lives as long as the block."""
    binary = shutil.which("redis-server")
    if binary is None or importlib.util.find_spec("redis") is None:
        pytest.skip("no redis-server, or no Python package redis, on this machine")
    port = free_port()
    command = [binary, "--port", str(port), "--save", "", "--dir", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            assert eventually(lambda: answers(port))
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.kill()
