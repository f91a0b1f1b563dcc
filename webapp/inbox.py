"""Where an upload lies until the worker has read it; nothing stays there that nobody is waiting for."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from core.errors import UserError
from core.io.sets.shelf import INBOX
from webapp.jobs import Jobs
from webapp.settings import Settings

CHUNK = 1 << 20


@contextmanager
def received(settings: Settings, stream: IO[bytes], filename: str) -> Iterator[str]:
    """Stream an upload to a file of the inbox and give its name; when the block fails, the file is removed.

    The file is locked until the end of the block, by when a job must be waiting for it: see `sweep`.

    Raises
    ------
    UserError
        When it is empty or too large, or there is no room for it.
    """
    name = secrets.token_hex(16)
    path = folder(settings) / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            _fill(out, stream, filename, settings.max_upload_mb)
            yield name
    except OSError as error:
        path.unlink(missing_ok=True)
        raise UserError(
            "The file can't be stored here.", "Ask whoever runs this app to make room."
        ) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def folder(settings: Settings) -> Path:
    """Folder of the uploads that wait to be read."""
    return settings.data_dir / INBOX


def sweep(settings: Settings, jobs: Jobs, *, idle: bool = False) -> None:
    """Remove what nobody waits for: uploads that broke off, were read, or whose reading failed.

    A file that is still being sent is locked by its sender; one that was sent stands in a job that waits.
    What readers unpack lies in folders: where no job runs (`idle`), a reader that was killed has left them.
    """
    for entry in _entries(folder(settings)):
        if entry.is_dir(follow_symlinks=False):
            if idle:
                shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with suppress(OSError), open(entry.path, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not any(payload.get("file") == entry.name for payload in jobs.waited_for()):
                    os.unlink(entry.path)


def _fill(out: IO[bytes], stream: IO[bytes], filename: str, most_mb: int) -> None:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most_mb << 20:
            raise UserError(
                f"{filename} is larger than {most_mb:,} MB.",
                "Send a part of it, or the same data as Parquet.",
            )
        out.write(chunk)
    out.flush()
    if not size:
        raise UserError(f"{filename} is empty.", "Choose another file.")


def _entries(inbox: Path) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(inbox))
    except FileNotFoundError:
        return []
