"""Room on disk for what does not fit into memory, swept of what a process that was ended left behind."""

import contextlib
import os
import shutil
from pathlib import Path


class Spill:
    """A folder per process in `root`, with a folder per piece of work.

    Parameters
    ----------
    root : Path
        Shared by all processes of a store; a process that ends in an orderly way or not leaves its folder to
        the next one's `sweep`.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def home(self) -> Path:
        """This process's own folder; it need not be there yet."""
        return self._root / str(os.getpid())

    def folder(self, name: str) -> Path:
        """The folder of one piece of work, made where it is not there."""
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def clear(self, name: str) -> None:
        """Remove the folder of one piece of work."""
        shutil.rmtree(self.home / name, ignore_errors=True)
        with contextlib.suppress(OSError):  # DuckDB's own files may still be there
            self.home.rmdir()

    def sweep(self) -> None:
        """Remove the folders of processes that are gone."""
        for path in self._root.glob("*"):
            if not path.name.isdigit() or not _alive(int(path.name)):
                shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
