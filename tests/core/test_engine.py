"""The engine: what it keeps on disk, and what it leaves there."""

import os
import subprocess
import sys
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import UserError
from core.io.engine import Engine
from core.io.query.repeated import mark_repeated, repeated


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An engine over one table."""
    folder = tmp_path / "data" / "c1"
    folder.mkdir(parents=True)
    table = pa.table(
        {"x": [1, 1, 2, None, None, 1], "y": ["a", "a", "b", None, None, "b"], "_row": [1, 2, 3, 4, 5, 6]}
    )
    pq.write_table(table, folder / "table.parquet")
    return Engine(tmp_path / "data")


def test_rows_that_equal_an_earlier_one_are_found_once_and_kept(engine: Engine) -> None:
    assert repeated(engine, "c1") == 2
    marked = engine.run(mark_repeated(engine, "c1")).sort_by("_row")
    assert marked["_duplicate"].to_pylist() == [False, True, False, False, True, False]
    assert (engine.folder("c1") / "repeated.parquet").exists()


def test_compiled_text_is_kept_from_one_process_to_the_next(engine: Engine, tmp_path: Path) -> None:
    made = []

    def make() -> ibis.Table:
        made.append(1)
        return engine.table("c1").select("x")

    first = engine.compiled(("some", 1), make)
    assert engine.compiled(("some", 1), make) == first
    assert Engine(tmp_path / "data").compiled(("some", 1), make) == first
    assert len(made) == 1
    assert engine.compiled(("some", 2), make) == first and len(made) == 2


def test_a_piece_of_work_has_tables_of_its_own(engine: Engine) -> None:
    with engine.work() as one, engine.work() as other:
        one.keep("mine", "select 1 as n")
        other.keep("mine", "select 2 as n")
        assert one.run("select n from mine")["n"].to_pylist() == [1]
    with engine.work() as third, pytest.raises(Exception, match="mine"):
        third.run("select n from mine")


def test_rows_are_spread_by_their_key_and_none_is_lost(engine: Engine, tmp_path: Path) -> None:
    with engine.work() as work:
        sql = "select i % 10 as k, i, null::int as e from range(1000) t(i)"
        parts = [work.run(part) for part in work.spread(sql, ["k"], 4)]
        assert sorted(i for part in parts for i in part["i"].to_pylist()) == list(range(1000))
        keys = [set(part["k"].to_pylist()) for part in parts]
        assert sum(len(k) for k in keys) == 10
        assert parts[0].column_names == ["k", "i", "e"]
    assert not list((tmp_path / "spill").rglob("*.parquet"))


def test_spreading_tells_how_far_it_is_and_ends_when_told_to(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.io.query.work._TELL_EVERY", 0.01)
    told: list[float] = []

    def tell(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise KeyboardInterrupt

    with engine.work() as work, pytest.raises(KeyboardInterrupt):
        work.spread("select i, hash(i) as h from range(1000000000) t(i)", ["i"], 2, tell)
    assert len(told) == 3 and all(0 <= share <= 1 for share in told)
    assert not list((tmp_path / "spill").rglob("*.parquet"))


def test_what_a_killed_process_spilled_is_swept(engine: Engine, tmp_path: Path) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    left = tmp_path / "spill" / gone.stdout.decode().strip()
    own = tmp_path / "spill" / str(os.getpid())
    for folder in (left, own):
        folder.mkdir(parents=True)
        (folder / "part.parquet").write_bytes(b"x")
    engine.run(engine.table("c1"))
    assert not left.exists()
    assert own.exists()


def test_memory_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_MEMORY_MB", "300")
    assert Engine(tmp_path / "data").memory_mb == 300
    monkeypatch.delenv("ENGINE_MEMORY_MB")
    assert Engine(tmp_path / "data").memory_mb >= 256


def test_a_sum_beyond_any_money_is_refused_in_words(engine: Engine) -> None:
    with engine.work() as work, pytest.raises(UserError, match="too large"):
        work.run("select (1e30)::decimal(17, 4) as x")
