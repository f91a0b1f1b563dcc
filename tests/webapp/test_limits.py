"""Files meant to do harm, sent to the real app: one sentence each, the same worker, and no file left."""

import io
import os
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core.child import Limits
from core.io.sets.shelf import INBOX
from core.io.store import Store
from tests.processes import eventually
from tests.webapp.test_jobs import make_settings, working
from webapp import exports, inbox
from webapp.jobs import Job, Jobs
from webapp.settings import Settings

LONGEST = 30.0
CSV = "customer,age\n" + "".join(f"C{i},{20 + i % 50}\n" for i in range(50))


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, int]]:
    """A data directory of its own, and the pid of the worker in it."""
    settings = settings_of(tmp_path_factory.mktemp("limits"))
    with working(settings) as worker:
        assert eventually(Jobs(settings).worker_alive, 30)
        yield settings, worker.pid


def settings_of(data_dir: Path) -> Settings:
    """Settings that a worker of these tests shares."""
    return replace(make_settings(data_dir), limits=Limits(memory_mb=2048))


def sent(settings: Settings, content: bytes) -> str:
    """Put a file into the inbox as the route does, and ask for its reading."""
    with inbox.received(settings, io.BytesIO(content), "sent.csv") as name:
        return Jobs(settings).submit("read", f"read-{name}", {"file": name, "filename": "sent.csv"}).key


def left(settings: Settings) -> list[str]:
    """Everything in the data directory that belongs to no data set, job or lock."""
    kept = ("jobs/", "atlas.db", "secret", "store.lock")
    found = (
        str(path.relative_to(settings.data_dir)) for path in settings.data_dir.rglob("*") if path.is_file()
    )
    return [name for name in found if not name.startswith(kept)]


def never() -> Job:
    """For a job that must be there."""
    raise AssertionError("There is no such job")


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as file:
        for _ in range(60):
            file.write(b"1,1\n" * (1 << 18))
    return packed.getvalue()


def unclosed_quote() -> bytes:
    return b"customer,word\n" + b"1,fine\n" * 99 + b'2,"opened and never closed\n' + b"3,fine\n" * 500_000


def many_columns() -> bytes:
    return b"\n".join([b",".join(b"c%d" % i for i in range(200_000)), b",".join([b"1"] * 200_000), b""])


def entities() -> bytes:
    lines = [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{"".join(lines)}]><x>&a9;</x>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", bomb)
        archive.writestr("[Content_Types].xml", bomb)
    return packed.getvalue()


@pytest.mark.parametrize("make", [zip_bomb, unclosed_quote, many_columns, entities])
def test_a_bomb_ends_in_one_sentence(at_work: tuple[Settings, int], make: Callable[[], bytes]) -> None:
    settings, pid = at_work
    content = make()
    started = time.monotonic()
    job = Jobs(settings).wait(sent(settings, content), LONGEST)
    assert job is not None and job.state == "failed", job
    assert time.monotonic() - started < LONGEST
    assert job.message.count(".") >= 1 and job.hint and "wrong while" not in job.message
    assert psutil.pid_exists(pid) and Jobs(settings).worker_alive()
    assert eventually(lambda: left(settings) == [])


def test_a_reading_that_is_cancelled_leaves_nothing(at_work: tuple[Settings, int]) -> None:
    settings, _ = at_work
    jobs = Jobs(settings)
    key = sent(settings, b"customer,word\n" + b"C1,some words that take their time to be read\n" * 400_000)
    assert eventually(lambda: (jobs.status(key) or never()).state == "running", 30)
    jobs.cancel(key)
    assert eventually(lambda: left(settings) == [], 20)


def test_a_worker_that_is_killed_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    jobs = Jobs(settings)
    with working(settings) as worker:
        key = sent(
            settings, b"customer,word\n" + b"C1,some words that take their time to be read\n" * 400_000
        )
        assert eventually(lambda: (jobs.status(key) or never()).state == "running", 30)
        worker.kill()
    (settings.data_dir / INBOX / ".reading-1").mkdir()
    (settings.data_dir / INBOX / ".reading-1" / "unpacked").write_text(CSV)
    (settings.data_dir / INBOX / "broken-off").write_text(CSV)
    (settings.data_dir / "data" / ".new-1").mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "spill" / "999999999").mkdir(parents=True)
    jobs.cancel(key)
    with working(settings):
        assert eventually(jobs.worker_alive, 30)
        assert eventually(lambda: left(settings) == [], 30)
        assert eventually(lambda: not any((settings.data_dir / "spill").iterdir()), 30)


def test_what_is_still_being_sent_stays(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    jobs = Jobs(settings)
    with inbox.received(settings, io.BytesIO(CSV.encode()), "mine.csv") as name:
        inbox.sweep(settings, jobs)
        assert (inbox.folder(settings) / name).exists()
        jobs.submit("read", "read-it", {"file": name, "filename": "mine.csv"})
    inbox.sweep(settings, jobs)
    assert (inbox.folder(settings) / name).read_text() == CSV
    jobs.cancel("read-it")
    inbox.sweep(settings, jobs)
    assert left(settings) == []


def test_a_list_is_complete_or_not_there(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    path = exports.file_of(settings, "4f1c09ab72de", "some key")

    def rows() -> Iterator[tuple[str, int]]:
        yield "word", 1
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        exports.write(path, rows())
    assert left(settings) == []
    assert exports.write(path, [("word", "n"), ("a", 1)]) == 1
    assert b"".join(exports.stream(path)) == b"word,n\r\na,1\r\n"


def test_an_old_list_is_swept(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    old, young = (exports.file_of(settings, "4f1c09ab72de", key) for key in ("old", "young"))
    for path in (old, young):
        exports.write(path, [("a",)])
    hour_ago = time.time() - exports.KEPT_SECONDS - 1
    os.utime(old, (hour_ago, hour_ago))
    exports.sweep(settings)
    assert (old.exists(), young.exists()) == (False, True)


def test_a_jobs_database_of_an_earlier_release_is_upgraded(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    Jobs(settings).submit("read", "old", {})
    with sqlite3.connect(settings.jobs_dir / "jobs.db") as database:
        database.execute("alter table jobs drop column ds")
    jobs = Jobs(settings)
    jobs.submit("study", "new", {}, "4f1c09ab72de")
    assert jobs.data_sets() == {"4f1c09ab72de"}
    jobs.forget("4f1c09ab72de")
    assert jobs.status("new") is None and jobs.status("old") is not None


def test_nothing_is_stored_of_a_refused_file(at_work: tuple[Settings, int]) -> None:
    settings, _ = at_work
    job = Jobs(settings).wait(sent(settings, b"a,b\n"), LONGEST)
    assert job is not None and job.state == "failed"
    assert Store(settings.data_dir).list() == ()
