"""The worker: `python -m webapp.worker` does the jobs, one at a time, each in a child process with limits."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Mapping
from typing import IO

from core import child
from core.errors import UserError
from webapp import cache
from webapp.jobs import Jobs
from webapp.settings import Settings

LOG = logging.getLogger(__name__)

TASKS: dict[str, str] = {"study": "webapp.tasks:study", "read": "webapp.tasks:read"}
DOING = {"study": "computing the segments", "read": "reading the file"}
MORE_TASKS = "SEGMENT_ATLAS_TASKS"
PRELOAD = ("core.pipeline", "webapp.tasks")

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
    jobs.recover()
    queue = jobs.consume(lambda key, run: perform(jobs, settings, tasks, key, run))
    consumer = queue.create_consumer(
        workers=1, worker_type="thread", periodic=False, initial_delay=0.02, max_delay=MOST_DELAY_SECONDS
    )
    consumer.start()
    for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(stop, _stop)
    with lock:
        while True:
            _tidy(settings, jobs)
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
        jobs.finish(key, run, result)
    except child.Cancelled:
        pass
    except UserError as error:
        jobs.fail(key, run, error)
    except Exception:
        LOG.exception("A job of kind %s failed", kind)
        jobs.fail(key, run, UserError("Something went wrong in the worker.", "Try again."))


def _tidy(settings: Settings, jobs: Jobs) -> None:
    try:
        cache.sweep(settings)
        jobs.sweep()
        child.start(PRELOAD)  # were it killed, it would be a zombie until the next job
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
