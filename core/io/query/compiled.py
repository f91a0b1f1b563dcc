"""Compiled SQL, kept from one process to the next: each job runs in a process of its own."""

import hashlib
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from core.spec import CODE_VERSION

_MOST: Final = 400
"""Texts that are kept, about 10 kB each."""


class Compiled:
    """Texts by key, in memory and as files.

    Whatever goes wrong with the files, the text is the same, only slower.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, str] = {}

    def text(self, key: tuple[object, ...], make: Callable[[], str]) -> str:
        """The text under a key, made and kept where it is not there; another release has other texts."""
        name = hashlib.sha256(repr((CODE_VERSION(), *key)).encode()).hexdigest()
        if name not in self._known:
            self._known[name] = self._read(name) or self._made(name, make)
        return self._known[name]

    def _read(self, name: str) -> str:
        try:
            return (self._folder / name).read_text()
        except (OSError, UnicodeDecodeError):
            return ""

    def _made(self, name: str, make: Callable[[], str]) -> str:
        text = make()
        part = self._folder / f".{uuid.uuid4().hex}"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(text)
            part.replace(self._folder / name)
            self._prune()
        return text

    def _prune(self) -> None:
        found = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(self._folder)]
        for _, path in sorted(found)[: max(len(found) - _MOST, 0)]:
            os.unlink(path)
