"""Data sets as things: the file kept, deleted without a trace, replaced, joined."""

import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.errors import UserError
from core.io.dataset import Dataset
from core.io.reading import ReadAs
from core.io.store import NeedsRows, Store
from tests.core.stored import column, files, written

MARK = "xylophone-7731"
PEOPLE = f"customer,orders,spend,city\n0001,3,12.5,{MARK}\n0002,1,7.25,Rome\n0003,,3.00,Rome\n"
LOG = "customer,order,day,amount\n1,A,2024-01-13,5.5\n2,B,2024-01-14,6.5\n1,C,2024-02-15,7\n"
LATER = "customer,order,day,amount\n1,C,2024-02-15,7\n3,D,2024-03-16,8.25\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


@pytest.fixture
def people(store: Store, tmp_path: Path) -> Dataset:
    """A small customer table with a word in it that is nowhere else."""
    return store.add(written(tmp_path, PEOPLE, "people.csv"))


@pytest.fixture
def log(store: Store, tmp_path: Path) -> Dataset:
    """A small order log."""
    return store.add(written(tmp_path, LOG, "orders.csv"))


# The file as it came


def test_the_file_is_kept_as_it_came(store: Store, people: Dataset) -> None:
    assert (store.home / "originals" / people.original).read_text() == PEOPLE


def test_a_kept_file_does_not_change_with_the_users_own(
    store: Store, people: Dataset, tmp_path: Path
) -> None:
    with (tmp_path / "people.csv").open("a") as file:
        file.write("0004,1,1,Rome\n")
    assert (store.home / "originals" / people.original).read_text() == PEOPLE


def test_equal_values_from_another_file_keep_the_first_file_only(
    store: Store, people: Dataset, tmp_path: Path
) -> None:
    again = store.add(written(tmp_path, PEOPLE.replace(",", ";"), "semicolons.csv"))
    assert again == people
    assert {path.name for path in (store.home / "originals").iterdir()} == {people.original}


def test_rows_set_aside_are_counted_and_stored(store: Store, tmp_path: Path) -> None:
    found = store.add(written(tmp_path, LOG + "4,E\n5,F,2024-02-16,3,4,5,6\n"))
    assert sum(rows for _, rows in found.table.aside) == 2
    beside = pq.read_table(store.data / found.table.content / "aside.parquet")
    assert beside["_row"].to_pylist() == [4, 5]


def test_a_file_with_rows_set_aside_is_another_content(store: Store, log: Dataset, tmp_path: Path) -> None:
    assert store.add(written(tmp_path, LOG + "4,E\n")).table.content != log.table.content


def test_reading_the_file_otherwise_is_a_new_version(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "customer;spend\n1;1.250\n2;2.500\n3;1.125\n")
    first = store.add(path, name="Ours", roles={"spend": "score"}, read_as=ReadAs(decimal="."))
    second = store.reread(first.id, ReadAs(decimal=","))
    assert [column(store, found, "spend") for found in (first, second)] == [
        [1.25, 2.5, 1.125],
        [1250, 2500, 1125],
    ]
    assert (second.name, second.columns[1].role, second.original) == ("Ours", "score", first.original)
    assert store.get(first.id) == first
    assert [found.id for found in store.list()] == [second.id]
    assert not any((store.home / "spill").rglob("*.*"))


def test_a_newer_file_is_read_as_the_old_one_was_chosen_to_be(store: Store, tmp_path: Path) -> None:
    first = store.add(written(tmp_path, "customer;spend\n1;1.250\n2;2.500\n"), read_as=ReadAs(decimal=","))
    newer = store.replace(first.id, written(tmp_path, "customer;spend\n1;1.250\n3;7.125\n"))
    assert column(store, newer, "spend") == [1250, 7125]


def test_what_was_not_kept_can_not_be_read_again(store: Store, people: Dataset) -> None:
    (store.home / "originals" / people.original).unlink()
    with pytest.raises(UserError, match="is not kept here"):
        store.reread(people.id, ReadAs(separator=";"))


# Deleting


def test_a_deleted_data_set_leaves_nothing(store: Store, people: Dataset) -> None:
    second = store.change(people.id, roles={"orders": "number"})
    assert set(store.delete(people.id)) == {people.id, second.id}
    assert files(store) == set() and store.list() == ()
    for path in store.home.glob("atlas.db*"):
        content = path.read_bytes()
        assert people.id.encode() not in content and MARK.encode() not in content


@pytest.mark.parametrize("which", [0, 1])
def test_a_deleted_link_is_an_unknown_one(store: Store, people: Dataset, which: int) -> None:
    ids = (people.id, store.change(people.id, roles={"orders": "number"}).id)
    store.delete(ids[which])
    for ds in ids:
        with pytest.raises(UserError, match="There is no data set"):
            store.get(ds)


def test_what_another_data_set_needs_stays(store: Store, people: Dataset, tmp_path: Path) -> None:
    other = store.add(tmp_path / "people.csv", roles={"city": "ignore"}, name="Other")
    assert other.id != people.id and other.table.content == people.table.content
    store.delete(people.id)
    assert column(store, other, "customer") == ["0001", "0002", "0003"]
    assert (store.home / "originals" / other.original).exists()


def test_the_joined_customers_stay_with_the_log(store: Store, log: Dataset, people: Dataset) -> None:
    joined = store.join(log.id, people.id)
    store.delete(people.id)
    assert store.engine.table(people.table.content).count() is not None
    store.delete(joined.id)
    assert files(store) == set()


def test_a_deleted_file_can_be_added_again(store: Store, people: Dataset, tmp_path: Path) -> None:
    store.delete(people.id)
    assert store.add(tmp_path / "people.csv").id == people.id


def test_the_demo_can_not_be_deleted(store: Store) -> None:
    demo = store.ensure_demo()
    other = store.change(demo.id, roles={"country": "ignore"})
    for ds in (demo.id, other.id):
        assert store.is_demo(ds)
        with pytest.raises(UserError, match="The demo can't be deleted"):
            store.delete(ds)


def test_no_version_of_the_demo_is_joined_replaced_or_extended(
    store: Store, people: Dataset, tmp_path: Path
) -> None:
    other = store.change(store.ensure_demo().id, roles={"country": "ignore"})
    file = written(tmp_path, LOG)
    for act in (
        lambda: store.join(other.id, people.id),
        lambda: store.unjoin(other.id),
        lambda: store.replace(other.id, file),
        lambda: store.append(other.id, file),
    ):
        with pytest.raises(UserError, match="The demo can't be"):
            act()
    assert not store.is_demo(people.id)
    with pytest.raises(UserError, match="There is no data set"):
        store.is_demo("4f1c09ab72de")


def test_what_a_dead_writer_left_is_swept(store: Store, people: Dataset) -> None:
    kept = files(store)
    for left in (store.data / ".new-1", store.home / "originals" / ".new-2"):
        left.mkdir()
        (left / "part").write_text(MARK)
    store.sweep()
    assert files(store) == kept


# Replacing


def test_a_newer_file_is_a_new_version_with_the_same_roles(
    store: Store, people: Dataset, tmp_path: Path
) -> None:
    chosen = store.change(people.id, roles={"orders": "score"})
    store.rename(people.id, "Ours")
    newer = store.replace(chosen.id, written(tmp_path, PEOPLE + "0004,9,2.5,Oslo\n", "newer.csv"))
    assert (newer.name, newer.filename, newer.table.rows) == ("Ours", "newer.csv", 4)
    assert [c.role for c in newer.columns] == [c.role for c in chosen.columns]
    assert column(store, store.get(people.id), "customer") == ["0001", "0002", "0003"]
    assert [found.id for found in store.list()] == [newer.id]
    assert [v.id for v in store.versions(newer.id)] == [newer.id, chosen.id, people.id]


def test_answers_go_over_to_a_newer_file(store: Store, tmp_path: Path) -> None:
    dates = "customer,order,day,amount\n1,A,03/04/2024,5.5\n2,B,04/04/2024,6.5\n1,C,05/05/2024,7\n"
    first = store.add(written(tmp_path, dates), answers={"dayfirst": "no"})
    newer = store.replace(first.id, written(tmp_path, dates + "3,D,06/05/2024,8\n"))
    assert dict(newer.answers)["dayfirst"] == "no"
    assert newer.columns[2].minimum == "2024-03-04"


def test_columns_that_differ_are_said(store: Store, people: Dataset, tmp_path: Path) -> None:
    text = "customer,orders,spend,age\n0001,few,12.5,41\n0002,many,7.25,52\n0003,few,3.00,33\n"
    told = " ".join(store.replace(people.id, written(tmp_path, text)).warnings)
    assert "Columns that are gone: city." in told
    assert "Columns that are new: age." in told
    assert "orders (whole numbers before, now text)" in told


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("order,day,amount\nA,2024-01-13,5.5\nB,2024-01-14,6\n", "it has no column customer"),
        ("customer,order,day,amount\n1,A,soon,5.5\n2,B,later,6\n", "day held dates, here text"),
        ("customer,day,x,y,z\n1,2024-01-13,1,2,3\n1,2024-01-14,1,2,3\n", "that has one row per order line"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    store: Store, log: Dataset, tmp_path: Path, text: str, part: str
) -> None:
    before = files(store)
    with pytest.raises(UserError, match="another shape than orders") as caught:
        store.replace(log.id, written(tmp_path, text))
    assert part in caught.value.message and caught.value.hint
    assert files(store) == before


def test_a_file_in_another_currency_is_no_newer_version(store: Store, tmp_path: Path) -> None:
    text = "customer,spend\n1,€12.5\n2,€7.25\n"
    euros = store.add(written(tmp_path, text, "euros.csv"))
    with pytest.raises(UserError, match=r"are in \$, those of euros in €") as caught:
        store.replace(euros.id, written(tmp_path, text.replace("€", "$").replace("12.5", "13")))
    assert "Convert them to €" in caught.value.hint
    plain = store.replace(euros.id, written(tmp_path, text.replace("€", "").replace("12.5", "13")))
    assert plain.currency == "€"


def test_a_file_that_is_another_data_set_already_is_refused(
    store: Store, people: Dataset, tmp_path: Path
) -> None:
    newer = written(tmp_path, PEOPLE + "0004,9,2.5,Oslo\n", "newer.csv")
    store.add(newer)
    with pytest.raises(UserError, match="here already, as “newer”"):
        store.replace(people.id, newer)
    assert len(store.list()) == 2


# Joining


def test_a_joined_log_is_a_version_of_the_log(store: Store, log: Dataset, people: Dataset) -> None:
    joined = store.join(log.id, people.id)
    assert joined.id != log.id and joined.name == "orders"
    assert joined.people == people.table
    assert store.get(log.id).people is None
    assert store.unjoin(joined.id) == log


def test_other_customers_or_other_roles_are_another_version(
    store: Store, log: Dataset, people: Dataset
) -> None:
    changed = store.change(people.id, roles={"orders": "score"})
    ids = {log.id, store.join(log.id, people.id).id, store.join(log.id, changed.id).id}
    assert len(ids) == 3


def test_joined_customers_stay_when_rows_are_added(
    store: Store, log: Dataset, people: Dataset, tmp_path: Path
) -> None:
    joined = store.join(log.id, people.id)
    assert store.append(joined.id, written(tmp_path, LATER)).people == people.table


def test_only_a_customer_table_is_joined_and_only_to_a_log(
    store: Store, log: Dataset, people: Dataset
) -> None:
    with pytest.raises(UserError, match="nothing can be joined"):
        store.join(people.id, log.id)
    with pytest.raises(UserError, match="one row per order line"):
        store.join(log.id, log.id)


# Settings


def test_how_it_is_shown_holds_for_all_versions_and_makes_none(store: Store, people: Dataset) -> None:
    other = store.change(people.id, roles={"orders": "number"})
    store.set_display(people.id, {"currency": "CHF", "numbers": "point"})
    store.set_display(other.id, {"numbers": "space"})
    shown = store.display(people.id)
    assert (shown.currency, shown.numbers, shown.dates) == ("CHF", "space", "words")
    assert len(store.versions(people.id)) == 2
    assert store.set_display(people.id, {"currency": None}).currency is None
    with pytest.raises(UserError, match="no setting"):
        store.set_display(people.id, {"colour": "red"})


def test_another_calendar_is_another_version(store: Store, log: Dataset) -> None:
    berlin = store.change(log.id, time_zone="Europe/Berlin", first_weekday=6)
    assert berlin.id != log.id and (berlin.time_zone, berlin.first_weekday) == ("Europe/Berlin", 6)
    assert store.change(berlin.id, time_zone="UTC", first_weekday=0).id == log.id


def test_a_change_that_needs_the_rows_can_be_refused(store: Store, tmp_path: Path) -> None:
    dates = "customer,order,day,amount\n1,A,03/04/2024,5.5\n2,B,04/04/2024,6.5\n1,C,05/05/2024,7\n"
    found = store.add(written(tmp_path, dates))
    with pytest.raises(NeedsRows):
        store.change(found.id, answers={"dayfirst": "no"}, light=True)
    assert store.change(found.id, roles={"amount": "number"}, light=True).id != found.id


# Databases of earlier releases


def test_a_database_of_an_earlier_release_is_upgraded(store: Store, people: Dataset) -> None:
    with sqlite3.connect(store.home / "atlas.db") as database:
        database.execute("alter table datasets drop column settings")
        database.execute("alter table versions drop column original")
    found = Store(store.home)
    assert found.get(people.id) == people
    found.delete(people.id)
    assert found.list() == ()
