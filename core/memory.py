"""Memory that libraries keep for later."""

import ctypes

import pyarrow as pa


def give_back() -> None:
    """Give what is free back to the machine: after a million customers it is as much as what is in use."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc alone
    if trim is not None:
        trim(0)
