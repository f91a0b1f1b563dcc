"""What several tests of the core ask for."""

from pathlib import Path

import pytest

from tests.core.texts import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text (UTF-8) or bytes to a file and return its path."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file
