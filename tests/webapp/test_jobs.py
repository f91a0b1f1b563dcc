"""Jobs from asking to result, done by a real worker."""

from __future__ import annotations

import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from core.child import Limits
from core.errors import UserError
from tests.processes import eventually, free_port, gone
from tests.webapp import redis_server
from webapp.jobs import Jobs, SealedJson
from webapp.seal import Seal
from webapp.settings import ROOT, Settings

SECRET = b"a secret of thirty-two bytes ...."
KINDS = ["echo", "count", "stages", "large", "endless", "refuse", "fail", "swallow", "abort"]
TASKS = {kind: f"tests.core.child_functions:{kind}" for kind in KINDS}


def make_settings(data_dir: Path, redis_url: str | None = None) -> Settings:
    return Settings(
        data_dir=data_dir, secret=SECRET, redis_url=redis_url, limits=Limits(memory_mb=512), queue_limit=3
    )


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": SECRET.decode(),
        "REDIS_URL": settings.redis_url or "",
        "JOB_MEMORY_MB": str(settings.limits.memory_mb),
        "SEGMENT_ATLAS_TASKS": json.dumps(TASKS),
    }
    return subprocess.Popen([sys.executable, "-m", "webapp.worker"], cwd=ROOT, env=environment)


@contextmanager
def working(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    worker = start_worker(settings)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings with a worker that all tests of this module share; each uses keys of its own."""
    settings = make_settings(tmp_path_factory.mktemp("jobs"))
    with working(settings):
        yield settings


@pytest.fixture
def jobs(at_work: Settings) -> Jobs:
    return Jobs(at_work)


@pytest.fixture
def idle(tmp_path: Path) -> Jobs:
    """Jobs that no worker does."""
    return Jobs(make_settings(tmp_path))


def test_making_jobs_opens_nothing(tmp_path: Path) -> None:
    Jobs(make_settings(tmp_path / "data"))
    assert not (tmp_path / "data").exists()


def test_a_job_is_done_and_its_result_read(jobs: Jobs) -> None:
    submitted = jobs.submit("echo", "one", {"text": "äb"})
    done = jobs.wait("one", 30)
    assert (submitted.kind, submitted.over) == ("echo", False)
    assert done is not None and (done.state, done.share, jobs.result("one")) == ("done", 1, "äb".encode())


def test_a_large_result_is_handed_over(jobs: Jobs) -> None:
    jobs.submit("large", "large", {"megabytes": 100})
    jobs.wait("large", 30)
    assert jobs.result("large") == b"ab" * (50 * 1024**2)


def test_an_unknown_job_is_none(jobs: Jobs) -> None:
    assert (jobs.status("unknown"), jobs.result("unknown"), jobs.wait("unknown", 1)) == (None, None, None)


def test_progress_is_seen_and_cancel_kills_the_child_within_a_second(jobs: Jobs, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    jobs.submit("endless", "cancelled", {"file": str(pid_file)})
    assert eventually(lambda: (job := jobs.status("cancelled")) is not None and job.share == 0.5)
    job = jobs.status("cancelled")
    assert job is not None and (job.state, job.stage) == ("running", "Going on")
    jobs.cancel("cancelled")
    assert eventually(lambda: gone(int(pid_file.read_text())), 1)
    job = jobs.wait("cancelled", 1)
    assert job is not None and job.state == "cancelled"


def test_a_user_error_is_the_job_s_sentence(jobs: Jobs) -> None:
    jobs.submit("refuse", "refused", {})
    job = jobs.wait("refused", 30)
    assert job is not None and job.state == "failed"
    assert (job.message, job.hint) == ("k=7 needs at least 7 customers.", "Choose fewer segments.")


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("swallow", r"This needs more memory than one job may use (512 MB)."),
        ("abort", "The calculation broke off"),
        ("fail", "Something went wrong while working on this."),
    ],
)
def test_a_job_that_breaks_ends_in_words_and_the_next_is_done(jobs: Jobs, kind: str, message: str) -> None:
    jobs.submit(kind, kind, {})
    jobs.submit("echo", f"after {kind}", {"text": "next"})
    broken, following = jobs.wait(kind, 30), jobs.wait(f"after {kind}", 30)
    assert broken is not None and broken.state == "failed" and broken.message.startswith(message)
    assert following is not None and following.state == "done"


def test_the_same_key_asked_twice_is_one_job(jobs: Jobs, tmp_path: Path) -> None:
    counted = {"file": str(tmp_path / "count"), "seconds": 0.3}
    for _ in range(5):
        jobs.submit("count", "counted", counted)
    jobs.wait("counted", 30)
    assert (tmp_path / "count").read_text() == "x"


def test_a_job_that_is_over_is_done_anew_when_asked_again(jobs: Jobs, tmp_path: Path) -> None:
    for _ in range(2):
        jobs.submit("count", "again", {"file": str(tmp_path / "count")})
        jobs.wait("again", 30)
    assert (tmp_path / "count").read_text() == "xx"


def test_a_cancelled_job_asked_again_at_once_is_done(jobs: Jobs, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    jobs.submit("endless", "changed my mind", {"file": str(pid_file)})
    assert eventually(pid_file.exists)
    jobs.cancel("changed my mind")
    jobs.submit("echo", "changed my mind", {"text": "done"})
    job = jobs.wait("changed my mind", 30)
    assert job is not None and (job.state, jobs.result("changed my mind")) == ("done", b"done")


def test_the_worker_is_known_to_be_alive(jobs: Jobs) -> None:
    jobs.submit("echo", "alive", {"text": ""})
    jobs.wait("alive", 30)
    assert jobs.worker_alive()


def test_without_a_worker_a_job_waits(idle: Jobs) -> None:
    assert not idle.worker_alive()
    idle.submit("echo", "a", {"text": ""})
    assert not idle.worker_alive()
    job = idle.wait("a", 0.1)
    assert job is not None and job.state == "queued"


def test_a_queued_job_knows_how_many_are_ahead(idle: Jobs) -> None:
    assert [idle.submit("echo", key, {"text": ""}).ahead for key in "abc"] == [0, 1, 2]
    idle.cancel("a")
    job = idle.status("c")
    assert job is not None and job.ahead == 1


def test_a_full_queue_says_so(idle: Jobs) -> None:
    for key in "abc":
        idle.submit("echo", key, {"text": ""})
    with pytest.raises(
        UserError, match=r"^The server is busy: 3 jobs are waiting\. Try again in a minute\.$"
    ):
        idle.submit("echo", "d", {"text": ""})
    assert idle.submit("echo", "a", {"text": ""}).state == "queued"


def test_a_worker_does_what_was_asked_before_it_came_and_not_what_was_cancelled(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    jobs = Jobs(settings)
    for key in "ab":
        jobs.submit("count", key, {"file": str(tmp_path / key)})
    jobs.cancel("a")
    with working(settings):
        job = jobs.wait("b", 30)
    assert job is not None and job.state == "done"
    assert not (tmp_path / "a").exists()


def test_a_job_whose_worker_is_killed_is_tried_once_more_then_fails_in_words(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    jobs = Jobs(settings)
    pid_file = tmp_path / "pid"
    jobs.submit("endless", "a", {"file": str(pid_file)})
    for _ in range(2):
        with working(settings) as worker:
            assert eventually(pid_file.exists, 30)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert eventually(lambda: gone(int(pid_file.read_text())), 5)
            pid_file.unlink()
            assert not jobs.worker_alive()
    with working(settings):
        job = jobs.wait("a", 30)
    assert job is not None and (job.state, job.message) == (
        "failed",
        "This job stopped twice without an end.",
    )


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_worker_told_to_stop_goes_at_once_with_its_child(stop: signal.Signals, tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    pid_file = tmp_path / "pid"
    Jobs(settings).submit("endless", "a", {"file": str(pid_file)})
    with working(settings) as worker:
        assert eventually(pid_file.exists, 30)
        family = [each.pid for each in psutil.Process(worker.pid).children(recursive=True)]
        worker.send_signal(stop)
        assert worker.wait(2) == 0
        assert eventually(lambda: all(map(gone, family)), 5)


def test_a_second_worker_is_refused(jobs: Jobs) -> None:
    assert eventually(jobs.worker_alive)
    assert jobs.claim_worker() is None


def test_a_planted_or_moved_result_is_none(jobs: Jobs, at_work: Settings, tmp_path: Path) -> None:
    jobs.submit("echo", "planted", {"text": "mine"})
    jobs.wait("planted", 30)
    path = max(at_work.jobs_dir.glob("*.result"), key=lambda each: each.stat().st_mtime)
    content = path.read_bytes()
    path.write_bytes(pickle.dumps("planted"))
    assert jobs.result("planted") is None
    path.write_bytes(content)
    assert jobs.result("planted") == b"mine"
    assert jobs._seal_of("another").open(content) is None


def test_a_planted_message_is_refused_and_the_next_job_done(
    jobs: Jobs, at_work: Settings, tmp_path: Path
) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "executed",)

    with sqlite3.connect(at_work.jobs_dir / "queue.db") as db:
        db.execute("insert into task (queue, data) values ('segment-atlas', ?)", (pickle.dumps(Bomb()),))
    db.close()
    jobs.submit("echo", "after the planted", {"text": "next"})
    job = jobs.wait("after the planted", 30)
    assert job is not None and job.state == "done"
    assert not (tmp_path / "executed").exists()


def test_a_message_holds_ids_only(idle: Jobs, tmp_path: Path) -> None:
    idle.submit("echo", "a", {"text": "confidential"})
    (data,) = idle._perform.huey.storage.enqueued_items()
    idle._perform.huey.storage.close()
    message = SealedJson(Seal(SECRET, "queue")).deserialize(data)
    assert message.args[0] == "a"
    assert b"confidential" not in data


def test_jobs_that_were_over_an_hour_ago_are_forgotten(jobs: Jobs, at_work: Settings) -> None:
    jobs.submit("echo", "old", {"text": "old"})
    jobs.wait("old", 30)
    path = max(at_work.jobs_dir.glob("*.result"), key=lambda each: each.stat().st_mtime)
    os.utime(path, (0, 0))
    with jobs._database.transaction() as db:
        db.execute("update jobs set changed = 0 where key = 'old'")
    jobs.sweep()
    assert (jobs.status("old"), jobs.result("old")) == (None, None)


def test_a_queue_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    jobs = Jobs(make_settings(tmp_path))
    (tmp_path / "jobs" / "queue.db").mkdir(parents=True)
    job = jobs.submit("echo", "a", {"text": ""})
    assert (job.state, job.message) == ("failed", "The job could not be handed to the worker.")


def test_redis_carries_jobs_the_same_way(tmp_path: Path) -> None:
    with redis_server.running(tmp_path) as url:
        settings = make_settings(tmp_path, url)
        jobs = Jobs(settings)
        with working(settings):
            jobs.submit("echo", "a", {"text": "by Redis"})
            jobs.wait("a", 30)
            assert jobs.result("a") == b"by Redis"


def test_a_redis_that_is_down_is_said_in_words(tmp_path: Path) -> None:
    pytest.importorskip("redis")
    job = Jobs(make_settings(tmp_path, f"redis://127.0.0.1:{free_port()}/0")).submit("echo", "a", {})
    assert (job.state, job.message) == ("failed", "The job could not be handed to the worker.")
