"""What several tests of the core ask for."""

from pathlib import Path

import pytest

from core.io.store import Store
from core.pipeline import Results, as_shown
from tests.core.small import SAMPLE
from tests.core.texts import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text (UTF-8) or bytes to a file and return its path."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


@pytest.fixture(scope="session")
def demo_results(store: Store) -> Results:
    """What Profiles shows of `SAMPLE`."""
    return as_shown(SAMPLE, store, "profiles")
