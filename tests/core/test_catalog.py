"""What is named and what is stored stay together: killed writers, deletions in between, damaged databases."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import UserError
from core.io import store as stores
from core.io.dataset import Dataset
from core.io.sets.shelf import Shelf
from core.io.store import Store
from tests.core.stored import files, written

PEOPLE = "customer,orders,spend\n1,3,12.5\n2,1,7.25\n3,,3.00\n"
LOG = "customer,order,day,amount\n1,A,2024-01-13,5.5\n2,B,2024-01-14,6.5\n1,C,2024-02-15,7\n"
STATUSES = "customer,order,day,amount,status\n1,A,2024-01-13,5.5,blue\n2,B,2024-01-14,6.5,red\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


@pytest.fixture
def people(store: Store, tmp_path: Path) -> Dataset:
    """A small customer table."""
    return store.add(written(tmp_path, PEOPLE, "people.csv"))


@pytest.fixture
def log(store: Store, tmp_path: Path) -> Dataset:
    """A small order log."""
    return store.add(written(tmp_path, LOG, "orders.csv"))


# Killed while it writes

KILLED = """
import os, signal, sys
from pathlib import Path
from core.io.sets.catalog import Catalog
from core.io.store import Store

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "table":
    os.fsync = die
elif sys.argv[3] == "catalog":
    Catalog.put = die
else:
    Catalog._overwrite = die
store = Store(Path(sys.argv[1]))
if sys.argv[3] == "delete":
    store.delete(sys.argv[2])
store.add(Path(sys.argv[2]))
"""


def killed(store: Store, what: str, at: str) -> None:
    """A process that adds the file `what`, or deletes the data set, and is killed at a moment."""
    command = [sys.executable, "-c", KILLED, str(store.home), what, at]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("at", ["table", "catalog"])
def test_what_a_killed_process_has_written_is_swept(
    store: Store, people: Dataset, tmp_path: Path, at: str
) -> None:
    before = files(store)
    killed(store, str(written(tmp_path, LOG)), at)
    assert files(store) != before
    store.sweep()
    assert files(store) == before and store.list() == (people,)


def test_what_a_killed_process_was_deleting_is_swept(store: Store, people: Dataset) -> None:
    killed(store, people.id, "delete")
    assert any("table.parquet" in name for name in files(store)) and store.list() == ()
    store.sweep()
    assert files(store) == set()


def test_what_the_catalog_names_is_never_swept(store: Store, people: Dataset) -> None:
    before = files(store)
    for name in (people.table.content, people.original):
        (store.data / f".doubt-{name}").touch()
    store.sweep()
    assert files(store) == before


def test_nothing_is_swept_while_somebody_writes(store: Store, people: Dataset) -> None:
    left = store.data / ".new-1"
    left.mkdir()
    with Shelf(store.home).putting():
        store.sweep()
        assert left.exists()
    store.sweep()
    assert not left.exists()


# Deleted in between


@pytest.mark.parametrize("gone", ["log", "people"])
def test_a_join_with_something_deleted_meanwhile_is_refused(
    store: Store, log: Dataset, people: Dataset, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = stores.check_join

    def meanwhile(first: Dataset, second: Dataset) -> None:
        check(first, second)
        Store(store.home).delete({"log": log, "people": people}[gone].id)

    monkeypatch.setattr(stores, "check_join", meanwhile)
    with pytest.raises(UserError, match="deleted meanwhile"):
        store.join(log.id, people.id)
    assert store.list() == ({"log": people, "people": log}[gone],)


@pytest.mark.parametrize(
    "change",
    [
        lambda store, ds: store.change(ds, roles={"amount": "number"}),
        lambda store, ds: store.change(ds, roles={"order": "ignore"}),  # looks through the rows
        lambda store, ds: store.change(ds, time_zone="Europe/Berlin"),
    ],
)
def test_a_change_of_what_was_deleted_meanwhile_is_refused(
    store: Store, log: Dataset, change: Callable[[Store, str], Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = stores.settled

    def meanwhile(*args: object, **kwargs: object) -> Dataset:
        Store(store.home).delete(log.id)
        return settle(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(stores, "settled", meanwhile)
    with pytest.raises(UserError, match="deleted meanwhile"):
        change(store, log.id)
    assert store.list() == () and store.ids() == frozenset() and files(store) == set()


def test_rows_for_what_was_deleted_meanwhile_are_not_kept(store: Store, log: Dataset, tmp_path: Path) -> None:
    def deleted(stage: str, share: float) -> None:
        if share == 0.6:
            Store(store.home).delete(log.id)

    with pytest.raises(UserError, match="deleted meanwhile"):
        store.append(log.id, written(tmp_path, LOG.replace("2024", "2025")), progress=deleted)
    assert files(store) == set()


# What is joined


def test_the_data_sets_to_which_a_table_is_joined_are_known(
    store: Store, log: Dataset, people: Dataset
) -> None:
    assert store.joined_to(people.id) == ()
    joined = store.join(log.id, people.id)
    assert store.joined_to(store.change(people.id, roles={"orders": "number"}).id) == ("orders",)
    assert store.joined_to(joined.id) == ()


# Statuses


def test_another_column_of_statuses_drops_the_answers_about_the_old_one(store: Store, tmp_path: Path) -> None:
    text = STATUSES.replace("status", "status,state").replace("blue", "blue,odd").replace("red", "red,even")
    log = store.add(written(tmp_path, text), answers={"status_1": "out"})
    other = store.change(log.id, roles={"status": "ignore", "state": "status"})
    assert other.answers == () and [q.key for q in other.questions] == ["status_1", "status_2"]
    again = store.change(log.id, roles={"status": "ignore", "state": "status"}, answers={"status_2": "out"})
    assert again.answers == (("status_2", "out"),)
    assert store.change(log.id, roles={"amount": "number"}).answers == log.answers


# Databases that can't be used


def garbled(home: Path) -> None:
    """No database at all."""
    (home / "atlas.db").write_bytes(b"no database" * 1000)


def torn(home: Path) -> None:
    """A database whose pages behind the first are gone."""
    Store(home).list()
    with sqlite3.connect(home / "atlas.db") as database:
        database.execute("pragma wal_checkpoint(truncate)")
    database.close()
    with (home / "atlas.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)


def a_folder(home: Path) -> None:
    """A folder where the database should be."""
    (home / "atlas.db").mkdir()


@pytest.mark.parametrize(("harm", "part"), [(garbled, "damaged"), (torn, "damaged"), (a_folder, "be opened")])
def test_a_database_that_can_not_be_used_is_one_sentence(
    tmp_path: Path, harm: Callable[[Path], None], part: str
) -> None:
    harm(tmp_path)
    with pytest.raises(UserError, match=part) as caught:
        Store(tmp_path).list()
    assert caught.value.hint and "\n" not in str(caught.value)


def test_the_address_of_a_database_is_not_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nosuchkind://me:secret@host/db")
    with pytest.raises(UserError, match=r"\(DATABASE_URL\) can't be opened") as caught:
        Store(tmp_path).list()
    assert "secret" not in str(caught.value)
