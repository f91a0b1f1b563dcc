"""The door to the cache: made once, nothing foreign is decoded, and no fault changes an answer."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.processes import free_port
from tests.webapp import redis_server
from webapp.cache import Door, mark_of, open_door, sweep
from webapp.settings import ROOT, Settings

SECRET = b"a secret of thirty-two bytes ...."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, secret=SECRET)


@pytest.fixture
def door(settings: Settings) -> Door:
    return open_door(settings)


def stored(settings: Settings) -> list[Path]:
    return sorted(path for path in (settings.cache_dir / "files").iterdir())


def never() -> bytes:
    raise AssertionError("made again")


def test_what_was_made_is_there_for_the_next(door: Door, settings: Settings) -> None:
    assert door.through("a", lambda: b"1") == b"1"
    assert open_door(settings).through("a", never) == b"1"


def test_an_empty_value_is_a_value(door: Door) -> None:
    door.put("a", b"")
    assert door.get("a") == b""


def test_what_belongs_to_a_data_set_is_forgotten_alone(door: Door) -> None:
    forgotten_alone(door)


def test_redis_forgets_a_data_set_too(tmp_path: Path) -> None:
    with redis_server.running(tmp_path) as url:
        forgotten_alone(open_door(Settings(data_dir=tmp_path, secret=SECRET, redis_url=url)))


def forgotten_alone(door: Door) -> None:
    """Forget one of two data sets that have the same key."""
    first, second = "4f1c09ab72de", "../../etc/passwd"
    door.put("a", b"0")
    for ds in (first, second):
        door.of(ds).put("a", ds.encode())
    assert door.marks() == {mark_of(first), mark_of(second)}
    door.forget(mark_of(first))
    assert [door.of(first).get("a"), door.of(second).get("a")] == [None, second.encode()]
    assert door.get("a") == b"0" and door.marks() == {mark_of(second)}


def test_an_error_passes_and_nothing_is_stored(door: Door) -> None:
    with pytest.raises(ZeroDivisionError):
        door.through("a", lambda: bytes([1 // 0]))
    assert door.get("a") is None
    assert door.through("a", lambda: b"1") == b"1"


def test_an_os_error_of_the_maker_is_not_taken_for_a_fault_of_the_cache(door: Door) -> None:
    calls = []

    def make() -> bytes:
        calls.append(1)
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        door.through("a", make)
    assert len(calls) == 1


CROWD = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from webapp.cache import open_door
from webapp.settings import Settings

data_dir, secret, redis_url = sys.argv[1:]
door = open_door(Settings(data_dir=Path(data_dir), secret=secret.encode(), redis_url=redis_url or None))

def note(name):
    with open(Path(data_dir) / "made", "a") as file:
        file.write(name + "\\n")
    time.sleep(0.1)
    return name.encode()

def outer():
    return door.through("outer", lambda: door.through("inner", lambda: note("inner")) + note("outer"))

with ThreadPoolExecutor(4) as pool:
    assert {future.result() for future in [pool.submit(outer) for _ in range(4)]} == {b"innerouter"}
"""


def crowd(data_dir: Path, redis_url: str = "") -> list[str]:
    """Return what was made by four processes of four threads that want the same nested result."""
    command = [sys.executable, "-c", CROWD, str(data_dir), SECRET.decode(), redis_url]
    programs = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [program.wait(60) for program in programs] == [0, 0, 0, 0]
    return (data_dir / "made").read_text().split()


def test_sixteen_at_once_make_each_nested_stage_once(tmp_path: Path) -> None:
    assert crowd(tmp_path) == ["inner", "outer"]


def test_redis_lets_each_nested_stage_be_made_once_too(tmp_path: Path) -> None:
    with redis_server.running(tmp_path) as url:
        assert crowd(tmp_path, url) == ["inner", "outer"]
        door = open_door(Settings(data_dir=tmp_path, secret=SECRET, redis_url=url))
        assert door.through("outer", never) == b"innerouter"


def test_a_redis_that_is_down_changes_no_answer(tmp_path: Path) -> None:
    pytest.importorskip("redis")
    door = open_door(
        Settings(data_dir=tmp_path, secret=SECRET, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    )
    assert door.through("a", lambda: b"1") == b"1"


def test_a_planted_pickle_in_redis_is_not_read(tmp_path: Path) -> None:
    with redis_server.running(tmp_path) as url:
        from redis import from_url

        door = open_door(Settings(data_dir=tmp_path, secret=SECRET, redis_url=url))
        door.put("a", b"1")
        with from_url(url) as client:
            (name,) = client.keys("*")
            client.set(name, b"!" + pickle.dumps(Bomb(tmp_path / "executed")))
        assert door.get("a") is None
        assert not (tmp_path / "executed").exists()


def test_another_key_does_not_wait(door: Door) -> None:
    inside, leave = threading.Event(), threading.Event()

    def slow() -> bytes:
        inside.set()
        assert leave.wait(10)
        return b"slow"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(door.through, "slow", slow)
        assert inside.wait(10)
        assert door.through("quick", lambda: b"quick") == b"quick"
        leave.set()
        assert waiting.result() == b"slow"


class Bomb:
    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.file,)


def test_a_planted_pickle_is_not_read(door: Door, settings: Settings, tmp_path: Path) -> None:
    door.put("a", b"1")
    planted = pickle.dumps(Bomb(tmp_path / "executed"))
    for head in (b"", bytes(4), bytes(36), b"!"):
        for path in stored(settings):
            path.write_bytes(head + planted)
        assert open_door(settings).get("a") is None
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("place", [4, 20, 40, -1])
def test_a_flipped_bit_is_a_miss(door: Door, settings: Settings, place: int) -> None:
    door.put("a", b"some value")
    (path,) = stored(settings)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert door.through("a", lambda: b"made again") == b"made again"
    assert door.get("a") == b"made again"


@pytest.mark.parametrize("length", [0, 3, 4, 20, 60])
def test_a_cut_file_is_a_miss(door: Door, settings: Settings, length: int) -> None:
    door.put("a", b"some value")
    os.truncate(stored(settings)[0], length)
    assert door.through("a", lambda: b"made again") == b"made again"


def test_an_entry_under_another_name_is_a_miss(door: Door, settings: Settings) -> None:
    door.put("a", b"1")
    (a,) = stored(settings)
    door.put("b", b"2")
    (b,) = set(stored(settings)) - {a}
    shutil.copy(a, b)
    assert door.get("b") is None


def test_another_secret_is_a_miss(door: Door, settings: Settings) -> None:
    door.put("a", b"1")
    assert open_door(replace(settings, secret=b"x" * 32)).get("a") is None


def test_a_deleted_directory_comes_back(door: Door, settings: Settings) -> None:
    door.put("a", b"1")
    shutil.rmtree(settings.cache_dir)
    assert door.through("a", lambda: b"2") == b"2"
    assert door.through("a", never) == b"2"


def test_a_file_in_place_of_the_directory_changes_no_answer(settings: Settings) -> None:
    settings.cache_dir.write_text("in the way")
    assert open_door(settings).through("a", lambda: b"1") == b"1"


def test_a_directory_that_becomes_a_file_changes_no_answer(door: Door, settings: Settings) -> None:
    shutil.rmtree(settings.cache_dir)
    settings.cache_dir.write_text("in the way")
    assert door.through("a", lambda: b"1") == b"1"


FULL = """
import resource, signal, sys
from pathlib import Path
from webapp.cache import open_door
from webapp.settings import Settings

door = open_door(Settings(data_dir=Path(sys.argv[1]), secret=sys.argv[2].encode()))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write then fails, as on a full disk
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
assert door.through("a", lambda: b"x" * 5000) == b"x" * 5000
assert door.get("a") is None
"""


def test_a_full_disk_changes_no_answer(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", FULL, str(tmp_path), SECRET.decode()], cwd=ROOT, check=True)


def age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def test_the_sweep_bounds_the_bytes_and_the_longest_unused_go_first(door: Door, settings: Settings) -> None:
    files = {}
    for place, name in enumerate("abc"):
        before = set(stored(settings))
        door.put(name, bytes(400_000))
        (files[name],) = set(stored(settings)) - before
        age(files[name], 100 - place)
    door.get("a")
    sweep(replace(settings, cache_mb=1))
    assert [name for name, path in files.items() if path.exists()] == ["a", "c"]


def test_the_sweep_removes_what_a_dead_writer_left(door: Door, settings: Settings) -> None:
    door.through("a", lambda: b"1")
    dead, writing = (settings.cache_dir / "files" / f"{name}.__wz_cache" for name in ("dead", "writing"))
    dead.touch()
    writing.touch()
    age(dead, 3600)
    (lock,) = (settings.cache_dir / "locks").iterdir()
    age(lock, 2 * 3600)
    sweep(settings)
    assert (dead.exists(), writing.exists(), lock.exists(), door.get("a")) == (False, True, False, b"1")


def test_a_sweep_without_a_cache_is_quiet(settings: Settings) -> None:
    sweep(settings)
    assert not settings.cache_dir.exists()
