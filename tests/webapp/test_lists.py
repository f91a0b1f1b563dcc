"""Lists to download: written by the worker, streamed by a route, named for what they are."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import UserError
from core.io.dataset import Dataset
from core.io.store import Store
from tests.webapp.visitor import Visitor
from webapp import exports
from webapp.settings import Settings

LOG = "customer,order,day,amount,status\n" + "".join(
    f"C{i % 40},O{i},2024-0{1 + i % 9}-1{i % 10},{i}.25,{'cancelled' if i % 50 == 0 else 'paid'}\n"
    for i in range(200)
)
PEOPLE = "customer,age\n" + "".join(f"C{i},{20 + i}\n" for i in range(35, 45))


@pytest.fixture
def log(store: Store, tmp_path: Path) -> Iterator[Dataset]:
    """An order log with four cancelled lines and a row that its reader sets aside."""
    found = store.add(written(tmp_path / "orders.csv", LOG + "C1,too,few\n"))
    yield found
    with suppress(UserError):
        store.delete(found.id)


def written(path: Path, text: str) -> Path:
    """A file with this text."""
    path.write_text(text)
    return path


def rows(visitor: Visitor, address: str) -> list[list[str]]:
    """The rows of a list."""
    answer = visitor.client.get(address)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.mimetype == "text/csv" and answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.text)))


def written_lists(home: Settings) -> set[Path]:
    """The lists in the folder: those of other tests are there until the next sweep."""
    return set(exports.folder(home).glob("*.csv"))


def test_the_rows_left_out_with_the_reason_of_each(visitor: Visitor, home: Settings, log: Dataset) -> None:
    header, *found = rows(visitor, f"/export/left-out.csv?ds={log.id}")
    assert len(found) == 5
    assert {row[0] for row in found} >= {"1", "51", "101", "151", "201"}
    assert all(len(row) == len(header) for row in found)
    assert "customer" in header


def test_a_list_is_written_once_for_a_recipe(
    visitor: Visitor, store: Store, home: Settings, tmp_path: Path
) -> None:
    mine = store.add(written(tmp_path / "written-once.csv", LOG + "C2,too,few\n"))
    address = f"/export/left-out.csv?ds={mine.id}"
    before = written_lists(home)
    first = rows(visitor, address)
    (path,) = written_lists(home) - before
    written_at = path.stat().st_mtime_ns
    assert rows(visitor, address + "&k=5") == first
    assert path.stat().st_mtime_ns == written_at
    assert rows(visitor, address + "&cancelled=keep") != first
    assert len(written_lists(home) - before) == 2
    store.delete(mine.id)


def test_customers_of_one_side_only(visitor: Visitor, store: Store, log: Dataset, tmp_path: Path) -> None:
    people = store.add(written(tmp_path / "people.csv", PEOPLE))
    joined = store.join(log.id, people.id)
    header, *found = rows(visitor, f"/export/unmatched.csv?ds={joined.id}")
    assert header == ["only in", "customer"]
    assert len([row for row in found if row[0] == "log"]) == 35
    assert [row[1] for row in found if row[0] != "log"] == ["C40", "C41", "C42", "C43", "C44"]
    store.delete(people.id)


@pytest.mark.parametrize("what", ["left-out", "unmatched"])
def test_an_unknown_data_set_is_a_sentence(visitor: Visitor, what: str) -> None:
    answer = visitor.client.get(f"/export/{what}.csv?ds=4f1c09ab72de")
    assert answer.status_code == 400 and "There is no data set" in answer.get_json()["message"]
