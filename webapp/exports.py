"""Lists that the worker writes for a download: files that a route streams, kept for an hour."""

from __future__ import annotations

import csv
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from webapp.cache import MARK_DIGITS, mark_of
from webapp.settings import Settings

KEPT_SECONDS = 3600
CHUNK = 1 << 18


def file_of(settings: Settings, ds: str, key: str, ending: str = "csv") -> Path:
    """Where the list with this key, of this data set, is."""
    return folder(settings) / f"{mark_of(ds)}-{sha256(key.encode()).hexdigest()[:32]}.{ending}"


def part_of(path: Path) -> Path:
    """A name for a list while it is being written."""
    return path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")


def folder(settings: Settings) -> Path:
    """Folder of the lists."""
    return settings.data_dir / "exports"


def write(path: Path, rows: Iterable[Iterable[Any]]) -> int:
    """Write rows as CSV, the first being the header; complete or not there. The number of the others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(path)
    count = -1
    try:
        with part.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            for row in rows:
                writer.writerow(row)
                count += 1
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def stream(path: Path) -> Iterator[bytes]:
    """The bytes of a list; opened at once, so that a sweep meanwhile does not cut it."""
    return _pieces(path.open("rb"))


def marks(settings: Settings) -> frozenset[str]:
    """The marks of the data sets of which a list is here."""
    return frozenset(path.name[:MARK_DIGITS] for path in folder(settings).glob("*-*.*"))


def forget(settings: Settings, mark: str) -> None:
    """Remove every list of the data set with this mark."""
    for path in folder(settings).glob(f"{mark}-*"):
        path.unlink(missing_ok=True)


def sweep(settings: Settings, *, idle: bool = False) -> None:
    """Remove lists older than an hour, and, where no job runs (`idle`), those that broke off."""
    oldest = time.time() - KEPT_SECONDS
    for path in folder(settings).glob("*"):
        with suppress(OSError):
            broken = path.suffix in (".part", "")  # what Excel sheets are put together from has no suffix
            if path.stat().st_mtime < oldest or (idle and broken):
                path.unlink()


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece
