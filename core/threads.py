"""Threads for work that is divided by hand: libraries get one each, so that their sums stay the same."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from threadpoolctl import threadpool_limits

_MOST: Final = 4


def threads() -> int:
    """How many threads work is divided among; no result depends on it."""
    return min(len(os.sched_getaffinity(0)), _MOST)


@contextmanager
def several() -> Iterator[ThreadPoolExecutor]:
    """A pool of threads, each of which runs linear algebra on itself alone."""
    with threadpool_limits(1), ThreadPoolExecutor(threads()) as pool:
        yield pool
