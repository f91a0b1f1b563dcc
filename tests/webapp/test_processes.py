"""`make run` as a tree of real processes: when a parent ends nothing stays; web and worker come back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.processes import answers, eventually, free_port, gone
from webapp.jobs import Jobs
from webapp.settings import ROOT, Settings

SECRET = "a secret of thirty-two bytes ...."
SERVE = "from webapp import serve; serve.main('tests.webapp.tiny:app', lambda settings: None)"
MAKEFILE = f'run:\n\t@SEGMENT_ATLAS_PARENT=$$PPID exec {sys.executable} -c "{SERVE}"\n'

# how a part of the tree is known by its command line
PARTS = {
    "make": "make -f",
    "serve": "serve.main",
    "web": "-m gunicorn",
    "worker": "webapp.worker",
    "fork server": "forkserver import main",
    "resource tracker": "resource_tracker import main",
}


@dataclass(frozen=True)
class Tree:
    """A running app with a job under way, so that every kind of process is there."""

    make: subprocess.Popen[str]
    settings: Settings

    def processes(self) -> list[psutil.Process]:
        top = psutil.Process(self.make.pid)
        return [top, *top.children(recursive=True)]

    def part(self, name: str) -> psutil.Process:
        return next(each for each in self.processes() if PARTS[name] in command_line(each))


def command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return ""


def environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "PORT": str(settings.port),
        "SECRET_KEY": SECRET,
        "SEGMENT_ATLAS_TASKS": json.dumps({"endless": "tests.core.child_functions:endless"}),
    }


@contextmanager
def growing(directory: Path) -> Iterator[Tree]:
    settings = Settings(data_dir=directory / "data", secret=SECRET.encode(), port=free_port())
    makefile = directory / "Makefile"
    makefile.write_text(MAKEFILE)
    make = subprocess.Popen(
        ["make", "-f", str(makefile), "run"],
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    tree = Tree(make, settings)
    family: list[psutil.Process] = []
    try:
        assert make.stdout is not None
        assert make.stdout.readline() == f"Segment Atlas is on http://127.0.0.1:{settings.port}\n"
        assert settled(tree)
        family = tree.processes()
        yield tree
    finally:
        for each in family:
            if each.is_running():
                each.kill()
        make.kill()
        make.communicate()


def settled(tree: Tree) -> bool:
    """Return whether both parts are up, which a new job shows."""
    jobs, pid_file = Jobs(tree.settings), tree.settings.data_dir / "pid"
    jobs.cancel("job")
    pid_file.unlink(missing_ok=True)
    jobs.submit("endless", "job", {"file": str(pid_file)})
    return eventually(pid_file.exists, 30) and eventually(lambda: answers(tree.settings.port), 30)


@pytest.mark.parametrize(
    ("part", "end"),
    [
        ("make", "Ctrl-C"),
        ("make", signal.SIGTERM),
        ("make", signal.SIGKILL),
        ("serve", signal.SIGHUP),
        ("serve", signal.SIGTERM),
        ("serve", signal.SIGKILL),
    ],
)
def test_when_a_parent_ends_nothing_of_ours_lives_five_seconds_later(
    part: str, end: signal.Signals | str, tmp_path: Path
) -> None:
    with growing(tmp_path) as tree:
        family = [each.pid for each in tree.processes()]
        assert len(family) >= 8
        if end == "Ctrl-C":
            os.killpg(tree.make.pid, signal.SIGINT)
        else:
            tree.part(part).send_signal(end)
        assert eventually(lambda: all(pid == tree.make.pid or gone(pid) for pid in family), 5)
        assert sorted(
            path.name for path in tree.settings.data_dir.iterdir() if path.name != "supervisord.pid"
        ) == [
            "jobs",
            "pid",
        ]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    with growing(tmp_path_factory.mktemp("tree")) as tree:
        yield tree


@pytest.mark.parametrize(
    ("part", "end"),
    [
        ("web", signal.SIGTERM),
        ("web", signal.SIGINT),
        ("web", signal.SIGKILL),
        ("worker", signal.SIGTERM),
        ("worker", signal.SIGINT),
        ("worker", signal.SIGKILL),
        ("fork server", signal.SIGKILL),
        ("resource tracker", signal.SIGKILL),
    ],
)
def test_a_part_that_ends_takes_its_children_along_and_comes_back(
    tree: Tree, part: str, end: signal.Signals
) -> None:
    ended = tree.part(part)
    family = [ended.pid, *(each.pid for each in ended.children(recursive=True))]
    ended.send_signal(end)
    assert eventually(lambda: all(map(gone, family)), 5)
    assert settled(tree)
    assert not [each for each in tree.processes() if gone(each.pid)]


def serve(data_dir: Path, script: str = SERVE, **environ: str) -> subprocess.CompletedProcess[str]:
    settings = Settings(data_dir=data_dir, secret=SECRET.encode(), port=free_port())
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**environment(settings), **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_port_in_use_is_one_sentence(tree: Tree, tmp_path: Path) -> None:
    done = serve(tmp_path, PORT=str(tree.settings.port))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Port {tree.settings.port} on 127.0.0.1 can't be used: Address already in use. "
        "Set PORT to another one.\n"
    )


def test_an_open_address_without_a_secret_is_refused_by_serve_and_gunicorn_alike(tmp_path: Path) -> None:
    environ = {**os.environ, "DATA_DIR": str(tmp_path), "HOST": "0.0.0.0", "SECRET_KEY": ""}
    for command in (["webapp.serve"], ["gunicorn", "-c", "gunicorn.conf.py", "tests.webapp.tiny:app"]):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode != 0
        assert done.stderr.startswith("HOST=0.0.0.0 can be reached from other computers: set SECRET_KEY")
        assert len(done.stderr.splitlines()) == 1


def test_a_demo_that_can_not_be_made_ends_it_before_anything_starts(tmp_path: Path) -> None:
    prepare = "def prepare(settings): raise SystemExit(2)"
    script = f"from webapp import serve\n{prepare}\nserve.main('tests.webapp.tiny:app', prepare)"
    done = serve(tmp_path, script)
    assert (done.returncode, done.stdout) == (2, "")


def test_an_app_that_does_not_load_ends_it_in_words(tmp_path: Path) -> None:
    done = serve(
        tmp_path, "from webapp import serve; serve.main('tests.webapp.absent:app', lambda settings: None)"
    )
    assert done.returncode == 1
    assert done.stderr.endswith("The app does not start; the lines above say why.\n")
