"""Settings: what the environment may say, who may be let in, and one secret for all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.settings import ROOT, Settings

LONG = "x" * 32


def settings(data_dir: Path, **environ: str) -> Settings:
    return Settings.from_env({"DATA_DIR": str(data_dir), **environ})


def test_the_environment_is_read(tmp_path: Path) -> None:
    read = settings(tmp_path, PORT="9000", CACHE_MB="5", JOB_MEMORY_MB="100", HOST="::1", JOB_QUEUE="")
    assert (read.address, read.cache_mb, read.limits.memory_mb, read.queue_limit) == (
        "[::1]:9000",
        5,
        100,
        20,
    )


@pytest.mark.parametrize("port", ["http", "0", "-1", "70000", "8050.0", "²"])
def test_a_value_that_is_no_number_is_refused_by_name(port: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=f"^PORT={port} is not a whole number from 1 to 65,535"):
        settings(tmp_path, PORT=port)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_computer_needs_no_secret(host: str, tmp_path: Path) -> None:
    assert settings(tmp_path, HOST=host).host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org"])
@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 31, "ALLOW_ANONYMOUS": "1"}, "SECRET_KEY"),
        ({"SECRET_KEY": LONG}, "ALLOW_ANONYMOUS=1"),
        ({"SECRET_KEY": LONG, "ALLOW_ANONYMOUS": "0"}, "ALLOW_ANONYMOUS=1"),
    ],
)
def test_other_computers_are_let_in_only_on_purpose(
    host: str, environ: dict[str, str], missing: str, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match=f"^HOST={host} can be reached from other computers.* {missing}"):
        settings(tmp_path, HOST=host, **environ)
    assert settings(tmp_path, HOST=host, SECRET_KEY=LONG, ALLOW_ANONYMOUS="1").secret == LONG.encode()


def test_the_secret_is_kept_and_for_its_owner_only(tmp_path: Path) -> None:
    first = settings(tmp_path / "data").secret
    assert (len(first), first) == (32, settings(tmp_path / "data").secret)
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path / "data") == ["secret"]


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    assert LONG not in repr(settings(tmp_path, SECRET_KEY=LONG))


def test_processes_that_start_together_find_one_secret(tmp_path: Path) -> None:
    script = "from webapp.settings import Settings\nprint(Settings.from_env().secret.hex())"
    environ = {**os.environ, "DATA_DIR": str(tmp_path), "SECRET_KEY": ""}
    programs = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environ, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert len({program.communicate(timeout=30)[0] for program in programs}) == 1


def test_an_emptied_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    with pytest.raises(SystemExit, match="Delete it"):
        settings(tmp_path)


def test_a_data_dir_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="can't be used: File exists"):
        settings(tmp_path / "file")
