"""Work that may go wrong, done in a child process with limits.

Reading an uploaded file and fitting a model run here: a crash, an endless loop or a table too big for the
machine ends the child, never the process that asked. Only bytes and JSON come back from it, never a pickle.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import json
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

from core.errors import UserError

Progress = Callable[[str, float], None]

PARENT = "SEGMENT_ATLAS_PARENT"
FORKSERVER_PARENT = "SEGMENT_ATLAS_FORKSERVER_PARENT"
POLL_SECONDS = 0.1
JOIN_SECONDS = 5
ONE_AT_A_TIME = threading.Lock()  # around the process's environment and main module while a child starts
ONE_THREAD = {  # with two BLAS threads on a busy machine k-means was 50 times slower
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one job may use.

    Parameters
    ----------
    memory_mb : int
        Address space beyond what the preloaded libraries already take, in MiB.
    cpu_seconds : int
        Processor time.
    wall_seconds : float
        Time from start to end.
    """

    memory_mb: int = 4096
    cpu_seconds: int = 600
    wall_seconds: float = 900


class Cancelled(Exception):
    """The caller's `cancelled` said yes; the child is gone."""


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent, the pid `parent`, ends; exit if it already has.

    The parent is the *thread* that started this process: start processes from one that stays.
    """
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def die_with_parent() -> None:
    """Tie this process to the one that started it, if that one asked for it by the variable `PARENT`."""
    if parent := os.environ.get(PARENT):
        die_with(int(parent))


def start(preload: Sequence[str] = ()) -> None:
    """Start the fork server with the modules `preload` imported, or start it again if it has died.

    `run` does so too; a server calls this first, from its main thread, for the first job to be as fast as the
    next and because the fork server ends with the thread that started it. A module that is not there is left
    to the job that needs it.
    """
    with _starting(preload):
        forkserver.ensure_running()


def run(
    function: str,
    *args: object,
    limits: Limits | None = None,
    preload: Sequence[str] = (),
    progress: Progress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
    doing: str = "working on this",
) -> bytes:
    """Run `function(*args, progress)` in a child process and return the bytes that it returns.

    Parameters
    ----------
    function : str
        "module:function", imported by the child.
    *args : object
        Picklable arguments.
    limits : Limits, optional
    preload : sequence of str
        Modules that the fork server imports when it starts; the same in every call.
    progress : callable
        Called here with (stage in plain words, share 0..1), at most about ten times a second.
    cancelled : callable
        Asked about ten times a second; when it says yes the child is killed.
    doing : str
        What goes on, for the sentence of an unexpected error: "Something went wrong while {doing}."

    Raises
    ------
    UserError
        The function's own, or one that says which limit ended the child.
    Cancelled
    """
    limits = limits or Limits()
    context = multiprocessing.get_context("forkserver")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, function, args, limits, doing), daemon=True)
    with receiver:
        try:
            with sender, _starting(preload):
                process.start()
            result = _listen(receiver, limits, progress, cancelled)
            if result is None:
                process.join(JOIN_SECONDS)
                raise _ended(process.exitcode, limits)
            return result
        finally:
            _end(process)


def _listen(
    receiver: Connection, limits: Limits, progress: Progress, cancelled: Callable[[], bool]
) -> bytes | None:
    """Return the child's result, or None when it ended without one."""
    deadline = time.monotonic() + limits.wall_seconds
    while True:
        if cancelled():
            raise Cancelled
        if time.monotonic() > deadline:
            raise _too_long(limits.wall_seconds)
        try:
            if not receiver.poll(POLL_SECONDS):
                continue
            kind, *told = json.loads(receiver.recv_bytes())
            if kind == "result":
                return receiver.recv_bytes()
        except (EOFError, OSError):
            return None
        if kind == "error":
            raise UserError(*told)
        progress(*told)


def _work(sender: Connection, function: str, args: Sequence[Any], limits: Limits, doing: str) -> None:
    from core import tethered  # the fork server has it; elsewhere importing it would end the process

    die_with(tethered.PID)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer: it kills this process
    os.dup2(2, 1)  # a library's print must not get into the JSON that the parent prints
    _limit(limits)
    try:
        module, name = function.split(":")
        result = getattr(importlib.import_module(module), name)(*args, _Reporter(sender))
    except UserError as error:
        _tell(sender, "error", error.message, error.hint, error.offer)
    except Exception as error:
        traceback.print_exc()
        known = _known(error, limits) or _unexpected(doing)
        _tell(sender, "error", known.message, known.hint)
    else:
        _tell(sender, "result")
        sender.send_bytes(result)


class _Reporter:
    """The child's end of `progress`: passes on a new stage at once, a new share ten times a second."""

    def __init__(self, sender: Connection) -> None:
        self.sender, self.stage, self.told = sender, "", 0.0

    def __call__(self, stage: str, share: float) -> None:
        if stage != self.stage or time.monotonic() - self.told >= POLL_SECONDS:
            self.stage, self.told = stage, time.monotonic()
            _tell(self.sender, "progress", stage, float(share))


def _tell(sender: Connection, *words: str | float | dict[str, str]) -> None:
    sender.send_bytes(json.dumps(words).encode())


def _limit(limits: Limits) -> None:
    with open("/proc/self/statm") as file:
        preloaded = int(file.read().split()[0]) * resource.getpagesize()
    memory = preloaded + limits.memory_mb * 1024**2
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _known(error: Exception, limits: Limits) -> UserError | None:
    """What the machine lacks, in words; DuckDB and SQLite are asked by name, not to be imported here."""
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        return _out_of_memory(limits)
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or any(words in str(error) for words in ("disk is full", "No space left on device")):
        return UserError("The disk of this server is full.", "Ask whoever runs this app to make room.")
    return None


def _ended(exitcode: int | None, limits: Limits) -> UserError:
    if exitcode == -signal.SIGXCPU:
        return _too_long(limits.cpu_seconds)
    if exitcode == -signal.SIGKILL:  # nobody here sent it: the kernel did, for want of memory
        return _out_of_memory(limits)
    return UserError(
        "The calculation broke off: the file may be damaged, or it needs more memory than "
        f"one job may use ({_size(limits)}).",
        "Try it with fewer rows or columns, or save the file anew from the program that made it.",
    )


def _out_of_memory(limits: Limits) -> UserError:
    return UserError(
        f"This needs more memory than one job may use ({_size(limits)}).",
        "Try it with fewer rows or columns, or raise JOB_MEMORY_MB where there is more memory.",
    )


def _too_long(seconds: float) -> UserError:
    return UserError(
        f"This takes longer than one job may run ({seconds:g} s).",
        "Try it with fewer rows or columns, or raise JOB_WALL_SECONDS and JOB_CPU_SECONDS.",
    )


def _unexpected(doing: str) -> UserError:
    return UserError(
        f"Something went wrong while {doing}.",
        "Try again; if it stays, ask whoever runs this app to look at its log.",
    )


def _size(limits: Limits) -> str:
    return f"{limits.memory_mb / 1024:g} GB" if limits.memory_mb >= 1024 else f"{limits.memory_mb} MB"


def _end(process: multiprocessing.process.BaseProcess) -> None:
    if process.pid is not None:
        process.kill()
        process.join()
    process.close()


@contextmanager
def _starting(preload: Sequence[str]) -> Iterator[None]:
    """What the fork server inherits when it has to be started, and without the main module.

    multiprocessing would run a plain script once more in the child to have its functions; ours are named.
    """
    environment = {
        **ONE_THREAD,
        FORKSERVER_PARENT: str(os.getpid()),
        "PYTHONPATH": os.pathsep.join(sys.path),  # Python 3.11 does not hand it to the fork server otherwise
    }
    with ONE_AT_A_TIME:
        main, before = sys.modules["__main__"], dict(os.environ)
        sys.modules["__main__"] = ModuleType("__main__")
        os.environ.update(environment)
        forkserver.set_forkserver_preload(["core.tethered", *preload])
        try:
            yield
        finally:
            sys.modules["__main__"] = main
            for name in environment.keys() - before.keys():
                del os.environ[name]
            os.environ.update(before)
