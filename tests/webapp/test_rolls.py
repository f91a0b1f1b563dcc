"""The files of rolls: what a sweep leaves, and that they go with their data set."""

import os
import time
from pathlib import Path

import pytest

from webapp import rolls
from webapp.cache import mark_of
from webapp.settings import Settings

DAY = 86_400


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data directory in which rolls may take one MiB."""
    found = Settings.from_env({"DATA_DIR": str(tmp_path), "CACHE_MB": "1"})
    rolls.folder(found).mkdir()
    return found


def kept(settings: Settings, name: str, size: int = 10, age: float = 0) -> Path:
    """A file of the folder that nobody has used for so many seconds."""
    path = rolls.folder(settings) / name
    path.write_bytes(b"x" * size)
    os.utime(path, (time.time() - age,) * 2)
    return path


def left(settings: Settings) -> set[str]:
    """Names of the files in the folder."""
    return {path.name for path in rolls.folder(settings).iterdir()}


def test_a_sweep_takes_the_longest_unused_beyond_the_limit(settings: Settings) -> None:
    for age, name in enumerate(("a-1.arrow", "a-2.arrow", "a-3.sheet.arrow")):
        kept(settings, name, 400_000, age=100 * age)
    rolls.sweep(settings)
    assert left(settings) == {"a-1.arrow", "a-2.arrow"}


def test_a_sweep_takes_what_nobody_has_opened_for_a_month(settings: Settings) -> None:
    kept(settings, "a-1.arrow", age=29 * DAY)
    kept(settings, "a-2.arrow", age=31 * DAY)
    rolls.sweep(settings)
    assert left(settings) == {"a-1.arrow"}


def test_what_broke_off_goes_when_no_job_runs_or_after_an_hour(settings: Settings) -> None:
    kept(settings, "a-1.arrow.12.part")
    kept(settings, "a-2.arrow.34.part", age=2 * 3600)
    rolls.sweep(settings)
    assert left(settings) == {"a-1.arrow.12.part"}
    rolls.sweep(settings, idle=True)
    assert left(settings) == set()


def test_rolls_go_with_their_data_set(settings: Settings) -> None:
    own, other = mark_of("own"), mark_of("other")
    for name in (f"{own}-1.arrow", f"{own}-2.sheet.arrow", f"{own}-3.arrow.1.part", f"{other}-1.arrow"):
        kept(settings, name)
    assert rolls.marks(settings) == {own, other}
    rolls.forget(settings, own)
    assert left(settings) == {f"{other}-1.arrow"}


def test_without_a_folder_there_is_nothing_to_sweep(tmp_path: Path) -> None:
    settings = Settings.from_env({"DATA_DIR": str(tmp_path)})
    rolls.sweep(settings)
    rolls.forget(settings, "0" * 16)
    assert rolls.marks(settings) == frozenset()
