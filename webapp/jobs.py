"""Jobs: what takes longer than a page may, done by the worker, one at a time.

The state of a job is a row in SQLite, its result a sealed file, and huey's queue carries its name from web
to worker. Nothing is opened before it is used, so that a web server may fork after making a `Jobs`.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Literal

from huey import RedisHuey, SqliteHuey
from huey.api import Huey, TaskWrapper
from huey.registry import Message
from huey.serializer import Serializer

from core.errors import UserError
from webapp.database import Database
from webapp.seal import Seal
from webapp.settings import Settings

LOG = logging.getLogger(__name__)

State = Literal["queued", "running", "done", "failed", "cancelled"]

POLL_SECONDS = 0.02
KEPT_SECONDS = 3600
MOST_ATTEMPTS = 2

MAKES_DATA = frozenset({"read", "reread", "change"})  # kinds whose result is the query of a new version
RUNNING = "key = ? and run = ? and state = 'running'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it stands.

    Parameters
    ----------
    key, kind : str
    state : {"queued", "running", "done", "failed", "cancelled"}
    stage, share : str, float
        What it is doing in plain words, and how far it is, 0..1.
    message, hint : str
        Of a failed job: what went wrong and the next step.
    offer : dict of str to str
        Values by their URL names with which the failed job works.
    ahead : int
        Jobs that come before a queued one, the running one included.
    """

    key: str
    kind: str
    state: State
    stage: str
    share: float
    message: str
    hint: str
    offer: dict[str, str]
    ahead: int

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")


class Jobs:
    """Ask for jobs, follow them, and get what they return; used by web and worker alike."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seal = Seal(settings.secret, "job")
        self._database = Database(settings.jobs_dir / "jobs.db")

    def submit(self, kind: str, key: str, payload: dict[str, Any], ds: str = "") -> Job:
        """Return the job `key`: the queued or running one, else one started now.

        Parameters
        ----------
        kind : str
            A name in the worker's table of tasks.
        key : str
            What the result depends on: the same key asked twice is one job.
        payload : dict
            JSON; the argument of the task.
        ds : str
            The data set that the job is about, if it is about one: it goes when that is deleted.

        Raises
        ------
        UserError
            When too many jobs wait.
        """
        run = uuid.uuid4().hex
        with self._database.transaction() as db:
            if _is_open(db, key):
                run = ""
            else:
                self._refuse_when_full(db)
                db.execute(
                    "insert or replace into jobs (key, run, kind, payload, ds) values (?, ?, ?, ?, ?)",
                    (key, run, kind, json.dumps(payload), ds),
                )
        if run:
            self._enqueue(key, run)
        job = self.status(key)
        assert job is not None
        return job

    def status(self, key: str) -> Job | None:
        """Return the job, None when there is none of that key, or not any more."""
        row = self._database.one(
            "select key, kind, state, stage, share, message, hint, offer,"
            " (select count(*) from jobs as other"
            " where other.state in ('queued', 'running') and other.rowid < jobs.rowid"
            " and jobs.state = 'queued')"
            " from jobs where key = ?",
            key,
        )
        if row is None:
            return None
        found = dict(zip(Job.__dataclass_fields__, row, strict=True))
        return Job(**found | {"offer": json.loads(found["offer"])})

    def cancel(self, key: str) -> None:
        """End the job, queued or running; the worker kills its child within a tenth of a second or so."""
        self._change("state = 'cancelled'", "key = ? and state in ('queued', 'running')", key)

    def cancel_of(self, ds: str) -> None:
        """End every job about a data set."""
        self._change("state = 'cancelled'", "ds = ? and state in ('queued', 'running')", ds)

    def forget(self, ds: str) -> None:
        """End and forget every job about a data set, with what it returned."""
        self.cancel_of(ds)
        for (key,) in self._database.all("select key from jobs where ds = ?", ds):
            self._result_file(key).unlink(missing_ok=True)
        with self._database.transaction() as db:
            db.execute("delete from jobs where ds = ?", (ds,))
        self._database.all("pragma wal_checkpoint(truncate)")  # the log would keep the old pages for a while

    def data_sets(self) -> frozenset[str]:
        """The data sets that jobs are about."""
        return frozenset(ds for (ds,) in self._database.all("select distinct ds from jobs where ds <> ''"))

    def waited_for(self) -> list[dict[str, Any]]:
        """The payloads of the jobs that are queued or running."""
        found = self._database.all("select payload from jobs where state in ('queued', 'running')")
        return [json.loads(payload) for (payload,) in found]

    def wait(self, key: str, seconds: float) -> Job | None:
        """Return the job once it is over, or as it stands after `seconds`."""
        deadline = time.monotonic() + seconds
        while (job := self.status(key)) and not job.over and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        return job

    def result(self, key: str) -> bytes | None:
        """Return what the job returned, None when it is not done or the hour for which it is kept is over."""
        try:
            return self._seal_of(key).open(self._result_file(key).read_bytes())
        except OSError:
            return None

    def worker_alive(self) -> bool:
        """Say whether a worker runs. It holds a lock for as long as it lives, however it ends."""
        try:
            with open(self._lock_file, "rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    # the worker's side

    def consume(self, perform: Callable[[str, str], None]) -> Huey:
        """Return the queue for a consumer that calls `perform(key, run)` for each job."""
        return self._open_queue(perform).huey

    def claim_worker(self) -> IO[bytes] | None:
        """Return the lock of the one worker, held until it is closed; None when another has it."""
        self._settings.jobs_dir.mkdir(parents=True, exist_ok=True)
        lock = open(self._lock_file, "ab")  # noqa: SIM115
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return lock

    def recover(self) -> None:
        """Queue what waits, and what ran when the last worker died; what has died twice has failed."""
        self._change(
            "state = 'failed', message = ?, hint = ?",
            "state = 'running' and attempts >= ?",
            "This job stopped twice without an end.",
            "Try it with fewer rows or columns.",
            MOST_ATTEMPTS,
        )
        self._change("state = 'queued', stage = '', share = 0", "state = 'running'")
        queue = self._perform.huey
        queue.storage.flush_queue()  # a message too many does no harm, and a lost one is made again
        for key, run in self._database.all("select key, run from jobs where state = 'queued' order by rowid"):
            self._enqueue(key, run)

    def begin(self, key: str, run: str) -> tuple[str, dict[str, Any]] | None:
        """Take the job and return its kind and payload; None when it is not to be done any more."""
        if not self._change(
            "state = 'running', attempts = attempts + 1", "key = ? and run = ? and state = 'queued'", key, run
        ):
            return None
        row = self._database.one("select kind, payload from jobs where key = ?", key)
        return None if row is None else (row[0], json.loads(row[1]))

    def progress(self, key: str, run: str, stage: str, share: float) -> None:
        """Say how far the running job is."""
        self._change("stage = ?, share = ?", RUNNING, stage, share, key, run)

    def is_running(self, key: str, run: str) -> bool:
        """Say whether the job is still wanted."""
        return self._database.one(f"select 1 from jobs where {RUNNING}", key, run) is not None

    def finish(self, key: str, run: str, result: bytes, ds: str | None = None) -> None:
        """Keep the result and say that the job is done; `ds` is the data set that it has made."""
        self._keep(key, result)
        done = "state = 'done', share = 1, ds = coalesce(?, ds)"
        if not self._change(done, RUNNING, ds, key, run):  # cancelled, or its data set was deleted meanwhile
            self._result_file(key).unlink(missing_ok=True)

    def fail(self, key: str, run: str, error: UserError) -> None:
        """Say what went wrong."""
        told = (error.message, error.hint, json.dumps(error.offer))
        self._change("state = 'failed', message = ?, hint = ?, offer = ?", RUNNING, *told, key, run)

    def sweep(self) -> None:
        """Forget jobs and results an hour after they were over."""
        oldest = time.time() - KEPT_SECONDS
        with self._database.transaction() as db:
            db.execute("delete from jobs where state not in ('queued', 'running') and changed < ?", (oldest,))
        for path in self._settings.jobs_dir.glob("*.result*"):
            with suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def _change(self, values: str, where: str, *parameters: object) -> bool:
        with self._database.transaction() as db:
            sql = f"update jobs set {values}, changed = strftime('%s', 'now') + 0 where {where}"
            return db.execute(sql, parameters).rowcount > 0

    def _refuse_when_full(self, db: sqlite3.Connection) -> None:
        (waiting,) = db.execute("select count(*) from jobs where state = 'queued'").fetchone()
        if waiting >= self._settings.queue_limit:
            jobs = "1 job is" if waiting == 1 else f"{waiting} jobs are"
            raise UserError(f"The server is busy: {jobs} waiting.", "Try again in a minute.")

    def _enqueue(self, key: str, run: str) -> None:
        try:
            self._perform(key, run)
            self._perform.huey.storage.close()
        except Exception:  # SQLite's and Redis' errors are of many kinds, and none must reach the user
            LOG.exception("The queue can't be written")
            error = UserError("The job could not be handed to the worker.", "Try again in a minute.")
            self._change(
                "state = 'failed', message = ?, hint = ?", "key = ? and run = ?", *error.args, key, run
            )

    @cached_property
    def _perform(self) -> TaskWrapper:
        return self._open_queue(_not_here)

    def _open_queue(self, perform: Callable[[str, str], None]) -> TaskWrapper:
        serializer = SealedJson(Seal(self._settings.secret, "queue"))
        if self._settings.redis_url:
            queue = RedisHuey(
                "segment-atlas", results=False, serializer=serializer, url=self._settings.redis_url
            )
        else:
            self._settings.jobs_dir.mkdir(parents=True, exist_ok=True)
            filename = str(self._settings.jobs_dir / "queue.db")
            queue = SqliteHuey("segment-atlas", results=False, serializer=serializer, filename=filename)

        def task(key: str, run: str) -> None:  # huey finds it by module and name: the same in web and worker
            perform(key, run)

        return queue.task(name="perform")(task)

    @property
    def _lock_file(self) -> Path:
        return self._settings.jobs_dir / "worker.lock"

    def _result_file(self, key: str) -> Path:
        return self._settings.jobs_dir / f"{sha256(key.encode()).hexdigest()}.result"

    def _seal_of(self, key: str) -> Seal:
        return Seal(self._settings.secret, f"job {key}")

    def _keep(self, key: str, result: bytes) -> None:
        path = self._result_file(key)
        try:
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as file:
                file.write(self._seal_of(key).close(result))
            os.replace(file.name, path)
        except OSError as error:
            raise UserError(
                f"The result can't be kept: {error.strerror}.", "Ask whoever runs this app to make room."
            ) from error


class SealedJson(Serializer):
    """huey's messages as sealed JSON. Its own serializers, the signed one too, are pickles."""

    def __init__(self, seal: Seal) -> None:
        super().__init__()
        self._seal = seal

    def _serialize(self, data: Message) -> bytes:
        return self._seal.close(json.dumps(data).encode())

    def _deserialize(self, data: bytes) -> Message:
        opened = self._seal.open(bytes(data))
        if opened is None:
            raise ValueError("A message in the queue is not ours")
        return Message(*json.loads(opened))


def _is_open(db: sqlite3.Connection, key: str) -> bool:
    found = db.execute("select 1 from jobs where key = ? and state in ('queued', 'running')", (key,))
    return found.fetchone() is not None


def _not_here(key: str, run: str) -> None:
    raise AssertionError("Jobs are done by the worker")
