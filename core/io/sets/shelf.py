"""The files of the store: tables by the hash of their content, files as they came by the hash of theirs."""

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import UserError
from core.io.query.spill import Spill

if TYPE_CHECKING:  # the web process removes files without loading what writes them
    import pyarrow as pa

TABLE: Final = "table.parquet"
ASIDE: Final = "aside.parquet"
INBOX: Final = "inbox"

_NEW: Final = ".new-"
_DOUBT: Final = ".doubt-"
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")


def made(folder: Path) -> None:
    """Make a folder where it is not there yet.

    Raises
    ------
    UserError
        When it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error


def _unusable(folder: Path, error: OSError) -> UserError:
    return UserError(
        f"Nothing can be kept in the folder {folder}: {error.strerror}.",
        "Choose another one as DATA_DIR, or ask whoever runs this app.",
    )


def deleted() -> UserError:
    """What to say where something that was here a moment ago is not any more."""
    return UserError("This data set was deleted meanwhile.", "Choose one from the list.")


class Shelf:
    """Files in a folder, each complete or not there; several processes may put and take at once.

    What is put here, or is about to be removed, is in doubt until `settle` or `remove`: a mark beside it says
    so, and `sweep` removes what a process that was killed has left in doubt and the catalog does not name.

    Parameters
    ----------
    home : Path
        Folder of `data/` (one folder per content) and `originals/` (one file per file that came).
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    @property
    def data(self) -> Path:
        """Folder of the stored tables: `<content>/table.parquet` each, `aside.parquet` beside some."""
        return self._home / "data"

    @property
    def originals(self) -> Path:
        """Folder of the files as they came."""
        return self._home / "originals"

    @contextmanager
    def putting(self) -> Iterator[None]:
        """Around putting files here and naming them in the catalog: nobody removes any meanwhile."""
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Around removing files that the catalog names no more: nobody puts any meanwhile."""
        with self._locked(fcntl.LOCK_EX):
            yield

    def has(self, content_hash: str) -> bool:
        """Whether this table is here."""
        return self._path(content_hash).exists()

    def save(self, content_hash: str, table: "pa.Table", aside: "pa.Table | None" = None) -> None:
        """Keep a table and the rows set aside; what is here already is left alone."""
        from core.io.columns import content

        if self.has(content_hash):
            return
        self.doubt([content_hash])
        with self._staged(self.data) as folder:
            if aside is not None and len(aside):
                content.save(aside, folder / ASIDE)
            content.save(table, folder / TABLE)
            self._path(content_hash).parent.mkdir(exist_ok=True)
            for path in sorted(folder.iterdir()):  # the table last: with it the rows aside are there too
                path.replace(self._path(content_hash).with_name(path.name))

    def load(self, content_hash: str) -> "pa.Table":
        """The stored table.

        Raises
        ------
        UserError
            When it is not here.
        """
        from core.io.columns import content

        try:
            return content.load(self._path(content_hash))
        except FileNotFoundError:
            raise deleted() from None

    def aside(self, content_hash: str) -> "pa.Table | None":
        """The rows that were set aside when the table was read; None without any."""
        from core.io.columns import content

        path = self._path(content_hash).with_name(ASIDE)
        return content.load(path) if path.exists() else None

    def keep(self, path: Path) -> str:
        """Keep a file as it came and return its sha256.

        A file of the inbox is ours and is linked; any other is copied, since its owner may write on in it.
        """
        with path.open("rb") as file:
            name = hashlib.file_digest(file, "sha256").hexdigest()
        if self.original(name) is not None:
            return name
        self.doubt([name])
        with self._staged(self.originals) as folder:
            place = os.link if path.parent == self._home / INBOX else shutil.copyfile
            place(path, folder / name)
            (folder / name).replace(self.originals / name)
        return name

    def original(self, name: str) -> Path | None:
        """The kept file with this sha256; None where it is not here."""
        path = self.originals / name
        return path if name and path.is_file() else None

    @contextmanager
    def lent(self, name: str) -> Iterator[Path]:
        """The kept file in a folder of its own: readers unpack beside what they read.

        Raises
        ------
        UserError
            When it is not here.
        """
        spill, work = Spill(self._home / "spill"), uuid.uuid4().hex
        path = spill.folder(work) / name
        try:
            try:
                os.link(self.originals / name, path)
            except FileNotFoundError:
                raise deleted() from None
            yield path
        finally:
            spill.clear(work)

    def doubt(self, hashes: Iterable[str]) -> None:
        """Mark tables and kept files that the catalog may not name, before that is so."""
        for name in hashes:
            made(self.data)
            (self.data / f"{_DOUBT}{name}").touch()

    def settle(self, hashes: Iterable[str]) -> None:
        """Take the marks away: the catalog names these, or they are removed."""
        for name in hashes:
            (self.data / f"{_DOUBT}{name}").unlink(missing_ok=True)

    def remove(self, contents: Iterable[str], originals: Iterable[str]) -> None:
        """Remove tables and kept files; call it `alone`."""
        for content_hash in contents:
            shutil.rmtree(self._path(content_hash).parent, ignore_errors=True)
        for name in originals:
            (self.originals / name).unlink(missing_ok=True)
        self.settle({*contents, *originals})

    def sweep(self, named: Callable[[], frozenset[str]]) -> None:
        """Remove what processes that died have left: half-written files, what is in doubt, spills.

        Parameters
        ----------
        named : callable
            Looks up which hashes the catalog names; called while nobody puts or removes any.
        """
        Spill(self._home / "spill").sweep()
        if not (self.data.exists() or self.originals.exists()):
            return
        with suppress(BlockingIOError), self._locked(fcntl.LOCK_EX | fcntl.LOCK_NB):
            # while somebody is writing, nothing can be told from what a dead writer left
            for folder in (self.data, self.originals):
                for left in folder.glob(f"{_NEW}*"):
                    shutil.rmtree(left, ignore_errors=True)
            if doubted := self._doubted():
                unnamed = doubted - named()
                self.remove(unnamed, unnamed)
                self.settle(doubted)

    def _doubted(self) -> frozenset[str]:
        found = (path.name.removeprefix(_DOUBT) for path in self.data.glob(f"{_DOUBT}*"))
        return frozenset(name for name in found if _HASH.match(name))

    @contextmanager
    def _staged(self, folder: Path) -> Iterator[Path]:
        made(folder)
        with tempfile.TemporaryDirectory(prefix=_NEW, dir=folder) as new:
            yield Path(new)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        made(self._home)
        try:
            lock = os.open(self._home / "store.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(self._home, error) from error
        try:
            fcntl.flock(lock, how)
            yield
        finally:
            os.close(lock)

    def _path(self, content_hash: str) -> Path:
        return self.data / content_hash / TABLE
