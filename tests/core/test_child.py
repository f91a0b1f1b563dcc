"""Children with limits: what comes back, what ends them, and that none is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from core import child
from core.child import Cancelled, Limits
from core.errors import UserError
from tests.processes import eventually, gone

ROOT = Path(__file__).parents[2]
FUNCTIONS = "tests.core.child_functions"


def run(name: str, payload: dict[str, object] | None = None, **options: object) -> bytes:
    return child.run(f"{FUNCTIONS}:{name}", payload or {}, **options)  # type: ignore[arg-type]


def test_bytes_come_back() -> None:
    assert run("echo", {"text": "äb"}) == "äb".encode()


def test_a_large_result_comes_back_whole() -> None:
    assert run("large", {"megabytes": 200}) == b"ab" * (100 * 1024**2)


def test_progress_is_told_in_words() -> None:
    told: list[tuple[str, float]] = []
    run("stages", progress=lambda stage, share: told.append((stage, share)))
    assert told == [("Reading", 0.25), ("Fitting", 0.75)]


def test_a_user_error_passes_with_its_hint() -> None:
    with pytest.raises(UserError) as caught:
        run("refuse")
    assert caught.value.args == ("k=7 needs at least 7 customers.", "Choose fewer segments.")


def test_an_unexpected_error_is_said_in_words_without_a_path() -> None:
    with pytest.raises(
        UserError, match=r"^Something went wrong while reading the file\. Try again;"
    ) as caught:
        run("fail", doing="reading the file")
    assert "/" not in str(caught.value)


def test_too_much_memory_is_said_with_the_limit() -> None:
    with pytest.raises(UserError, match=r"needs more memory than one job may use \(512 MB\)"):
        run("swallow", limits=Limits(memory_mb=512))


def test_a_full_disk_is_said() -> None:
    with pytest.raises(UserError, match="disk of this server is full"):
        run("fill_disk")


def test_an_abort_is_contained() -> None:
    with pytest.raises(UserError, match="broke off"):
        run("abort")


def test_processor_time_is_limited() -> None:
    with pytest.raises(UserError, match=r"longer than one job may run \(1 s\)"):
        run("busy", limits=Limits(cpu_seconds=1))


def test_time_is_limited() -> None:
    with pytest.raises(UserError, match="longer than one job may run"):
        run("busy", limits=Limits(wall_seconds=0.3))


def test_cancel_kills_the_child_within_a_second(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    with pytest.raises(Cancelled):
        run("endless", {"file": str(pid_file)}, cancelled=pid_file.exists)
    assert time.time() - pid_file.stat().st_mtime < 1
    assert gone(int(pid_file.read_text()))


def test_a_child_has_one_thread_and_its_parent_keeps_its_own_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert run("threads") == b"1"
    assert os.environ["OMP_NUM_THREADS"] == "7"


SCRIPT = f"""
import json, sys
from core import child
print(json.dumps({{"answer": child.run("{FUNCTIONS}:echo", {{"text": "once"}}).decode()}}))
try:
    child.run("{FUNCTIONS}:fail", {{}})
except Exception as error:
    print(error, file=sys.stderr)
"""


@pytest.mark.parametrize("how", ["-c", "-m", "a plain script"])
def test_a_program_without_a_main_guard_runs_once(how: str, tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text(SCRIPT)
    command = {"-c": ["-c", SCRIPT], "-m": ["-m", "plain"], "a plain script": [str(script)]}[how]
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == {"answer": "once"}
    assert "a library's print" in done.stderr
    assert "child_functions.py is broken" in done.stderr


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_program(end: signal.Signals, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f'from core import child\nchild.run("{FUNCTIONS}:endless", {{"file": {str(pid_file)!r}}})'
    program = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    assert eventually(pid_file.exists)
    family = [each.pid for each in psutil.Process(program.pid).children(recursive=True)]
    assert int(pid_file.read_text()) in family
    program.send_signal(end)
    program.wait()
    assert eventually(lambda: all(map(gone, family)), 5)


def test_a_killed_fork_server_is_started_again(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"

    def kill_the_fork_server() -> bool:
        if pid_file.exists():
            psutil.Process(int(pid_file.read_text())).parent().kill()
        return False

    with pytest.raises(UserError, match="broke off"):
        run("endless", {"file": str(pid_file)}, cancelled=kill_the_fork_server)
    assert eventually(lambda: gone(int(pid_file.read_text())))
    assert run("echo", {"text": "again"}) == b"again"
