"""The worker: `python -m webapp.worker` does the jobs, one at a time, each in a child process with limits."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import IO

from core import child
from core.errors import UserError
from core.io.store import Store
from core.spec import Study
from webapp import cache, exports, gone, inbox, rolls
from webapp.jobs import MAKES_DATA, Jobs
from webapp.settings import Settings

LOG = logging.getLogger(__name__)

TASKS: dict[str, str] = {
    "study": "webapp.tasks:study",
    "read": "webapp.tasks:read",
    "reread": "webapp.tasks:reread",
    "change": "webapp.tasks:change",
    "rows": "webapp.tasks:rows",
    "take": "webapp.exporting.task:written",
    "report": "webapp.report_task:written",
    "roll": "webapp.tasks:roll",
    "history": "webapp.tasks:history",
}
DOING = {
    "study": "computing the segments",
    "read": "reading the file",
    "reread": "reading the file",
    "change": "looking through the rows",
    "rows": "writing the list",
    "take": "writing the list",
    "report": "writing the report",
    "roll": "writing the list of customers",
    "history": "reading the orders",
}
MORE_TASKS = "SEGMENT_ATLAS_TASKS"
PRELOAD = ("core.loaded", "webapp.tasks")

BEAT_SECONDS = 10
CLAIM_SECONDS = 10
MOST_DELAY_SECONDS = 0.1


def main() -> None:
    """Do jobs until told to stop."""
    child.die_with_parent()
    logging.basicConfig(level=logging.WARNING, format="worker: %(message)s")
    settings = Settings.from_env()
    jobs = Jobs(settings)
    lock = _claim(jobs)
    tasks = TASKS | json.loads(os.environ.get(MORE_TASKS, "{}"))
    child.start(PRELOAD)
    broom = Broom(settings, jobs)
    jobs.recover()
    broom.after_job()
    queue = jobs.consume(lambda key, run: _done(jobs, settings, tasks, broom, key, run))
    consumer = queue.create_consumer(
        workers=1, worker_type="thread", periodic=False, initial_delay=0.02, max_delay=MOST_DELAY_SECONDS
    )
    consumer.start()
    for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(stop, _stop)
    with lock:
        while True:
            broom.now_and_then()
            child.start(PRELOAD)  # were it killed, it would be a zombie until the next job
            consumer.check_worker_health()
            time.sleep(BEAT_SECONDS)


def perform(jobs: Jobs, settings: Settings, tasks: Mapping[str, str], key: str, run: str) -> None:
    """Do one job, if it is still wanted, and say how it ended."""
    begun = jobs.begin(key, run)
    if begun is None:
        return
    kind, payload = begun
    try:
        result = child.run(
            tasks[kind],
            payload,
            limits=settings.limits,
            preload=PRELOAD,
            progress=lambda stage, share: jobs.progress(key, run, stage, share),
            cancelled=lambda: not jobs.is_running(key, run),
            doing=DOING.get(kind, "working on this"),
        )
        made = Study.parse(result.decode()).source.ds if kind in MAKES_DATA else None
        jobs.finish(key, run, result, made)
    except child.Cancelled:
        pass
    except UserError as error:
        jobs.fail(key, run, error)
    except Exception:
        LOG.exception("A job of kind %s failed", kind)
        jobs.fail(key, run, UserError("Something went wrong in the worker.", "Try again."))


class Broom:
    """Keeps the data directory clean: what no job and no data set needs any more is removed."""

    def __init__(self, settings: Settings, jobs: Jobs) -> None:
        self._settings, self._jobs = settings, jobs
        self._store = Store(settings.data_dir)

    @cached_property
    def _door(self) -> cache.Door:
        return cache.open_door(self._settings)

    def after_job(self) -> None:
        """No job runs now: whatever one has left behind goes."""
        with _logged():
            inbox.sweep(self._settings, self._jobs, idle=True)
            exports.sweep(self._settings, idle=True)
            rolls.sweep(self._settings, idle=True)
            self._store.sweep()
            self._forget_gone()

    def now_and_then(self) -> None:
        """Jobs may be running: what is old goes, and what has lost its data set."""
        with _logged():
            cache.sweep(self._settings)
            self._jobs.sweep()
            inbox.sweep(self._settings, self._jobs)
            exports.sweep(self._settings)
            rolls.sweep(self._settings)
            self._forget_gone()

    def _forget_gone(self) -> None:
        made = self._settings.redis_url or self._settings.cache_dir.exists() or self._jobs.data_sets()
        if made:  # else nothing is opened yet
            gone.sweep(self._settings, self._store, self._jobs, self._door)


def _done(jobs: Jobs, settings: Settings, tasks: Mapping[str, str], broom: Broom, key: str, run: str) -> None:
    perform(jobs, settings, tasks, key, run)
    broom.after_job()


@contextmanager
def _logged() -> Iterator[None]:
    """What goes wrong with the tidying must not end the worker."""
    try:
        yield
    except Exception:
        LOG.exception("Tidying up failed")


def _claim(jobs: Jobs) -> IO[bytes]:
    """A worker just killed frees its lock a moment later than its successor starts."""
    deadline = time.monotonic() + CLAIM_SECONDS
    while (lock := jobs.claim_worker()) is None:
        if time.monotonic() > deadline:
            raise SystemExit("Another worker is at work in this DATA_DIR.")
        time.sleep(0.1)
    return lock


def _stop(*_: object) -> None:
    """The fork server and a job's child go with this process; the next worker queues the job again."""
    os._exit(0)


if __name__ == "__main__":
    main()
