"""An Arrow file in memory as the machine's file cache has it, whose pages a process can give back."""

import mmap
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa


def mapped(path: Path) -> tuple[pa.Table, Callable[[], None]]:
    """The table of an uncompressed Arrow file without a copy, and what lets go of the pages read so far.

    Pages that were let go are read again when they are asked for: mostly from the machine's file cache.

    Raises
    ------
    OSError, ValueError
        When it is not there, or no such file.
    """
    with path.open("rb") as file:
        pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    table = pa.ipc.open_file(pa.py_buffer(pages)).read_all()
    table.validate()
    return table, lambda: pages.madvise(mmap.MADV_DONTNEED)
