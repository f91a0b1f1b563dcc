"""A place for what is unpacked or re-encoded while a file is read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

PREFIX: Final = ".reading-"
"""How such folders begin; one that a killed process left behind may be removed."""


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """A folder beside the file that is read, gone afterwards; elsewhere where none can be made there."""
    beside = path.absolute().parent
    with TemporaryDirectory(prefix=PREFIX, dir=beside if os.access(beside, os.W_OK) else None) as folder:
        yield Path(folder)
