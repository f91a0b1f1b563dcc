"""The store: content once, versions for ever, names on the data set, several processes at a time."""

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import UserError
from core.io.reading import ReadAs
from core.io.sets.decided import AUTO, merged
from core.io.store import Store

CSV = "customer,orders,spend\n0001,3,12.5\n0002,1,7.25\n0003,,3.00\n"
OPEN_DATES = "customer,order,day,amount\n1,A,03/04/2024,5.5\n2,B,04/04/2024,6.5\n1,C,05/05/2024,7\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small customer table."""
    path = tmp_path / "people.csv"
    path.write_text(CSV)
    return path


def folders(store: Store) -> set[str]:
    """The contents that are stored."""
    return {path.name for path in store.data.iterdir()}


def test_what_was_added_is_there_by_its_id(store: Store, file: Path) -> None:
    added = store.add(file)
    assert (added.name, added.filename, added.table.rows) == ("people", "people.csv", 3)
    assert len(added.id) == 12
    assert Store(store.home).get(added.id) == added
    table = pq.read_table(store.data / added.table.content / "table.parquet")
    assert table.column_names == ["_row", "customer", "orders", "spend"]
    assert table["_row"].to_pylist() == [1, 2, 3]
    assert table["customer"].to_pylist() == ["0001", "0002", "0003"]


def test_the_engine_reads_what_was_stored(store: Store, file: Path) -> None:
    added = store.add(file)
    table = store.engine.table(added.table.content)
    assert store.engine.frame(table.aggregate(total=table["spend"].sum()))["total"].to_pylist() == [22.75]


def test_sums_are_those_of_the_file(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "sums.csv"
    path.write_text("id,paid\n" + "".join(f"{i},0.1\n" for i in range(1000)))
    assert store.add(path).columns[1].sum == 100.0


def test_the_same_values_are_one_content_whatever_the_format(
    store: Store, file: Path, tmp_path: Path
) -> None:
    added = store.add(file)
    columns = {"customer": ["0001", "0002", "0003"], "orders": [3.0, 1.0, None], "spend": [12.5, 7.25, 3.0]}
    pieces = [pa.table(columns).slice(i, 1) for i in range(3)]
    pq.write_table(pa.concat_tables(pieces), tmp_path / "people", row_group_size=1)
    (tmp_path / "semicolons").write_bytes(CSV.replace(",", ";").replace("\n", "\r\n").encode("utf-16"))
    assert store.add(tmp_path / "people") == added
    assert store.add(tmp_path / "semicolons") == added
    assert folders(store) == {added.table.content}


@pytest.mark.parametrize(
    "other", [CSV.replace("7.25", "7.26"), CSV.replace("spend", "spent"), CSV.replace("0002", "2")]
)
def test_another_value_name_or_type_is_another_content(store: Store, file: Path, other: str) -> None:
    added = store.add(file)
    file.write_text(other)
    assert store.add(file).table.content != added.table.content


def test_text_of_two_cells_is_not_text_of_one(store: Store, file: Path) -> None:
    file.write_text("a,b\nxy,z\n,q\n")
    one = store.add(file)
    file.write_text("a,b\nx,yz\n,q\n")
    assert store.add(file).id != one.id


def test_adding_a_file_again_keeps_its_name_unless_one_is_given(store: Store, file: Path) -> None:
    first = store.add(file, name="Our people")
    again = store.add(file.rename(file.with_name("other.csv")))
    assert (again.id, again.name) == (first.id, "Our people")
    assert store.add(file.with_name("other.csv"), name="New").name == "New"
    assert [found.name for found in store.list()] == ["New"]


def test_adding_the_first_file_again_does_not_roll_the_data_set_back(store: Store, file: Path) -> None:
    first = store.add(file)
    second = store.change(first.id, roles={"orders": "number"})
    assert store.add(file) == first
    assert store.list() == (second,)


def test_a_change_of_nothing_is_the_same_version(store: Store, file: Path) -> None:
    first = store.add(file)
    same = store.change(first.id, roles={}, answers={}, time_zone="UTC", first_weekday=0, light=True)
    assert same == first == store.change(first.id) and store.versions(first.id) == (first,)


def test_the_same_amounts_in_another_currency_are_another_version(store: Store, file: Path) -> None:
    ids = []
    for sign in ("", "€", "$"):
        file.write_text(f"customer,spend\n1,{sign}12.5\n2,{sign}7.25\n3,{sign}3.50\n")
        ids.append(store.add(file))
    assert len({found.id for found in ids}) == 3 and len({found.table.content for found in ids}) == 1
    assert [store.get(found.id).currency for found in ids] == ["", "€", "$"]


def test_what_was_chosen_of_the_reading_is_another_version(store: Store, file: Path) -> None:
    file.write_text(CSV.replace(",", ";").replace("12.5", "12.500"))
    judged = store.add(file)
    chosen = store.reread(judged.id, ReadAs(decimal="."))
    assert chosen.id != judged.id and chosen.table.content == judged.table.content
    assert store.reread(chosen.id, ReadAs()) == judged


def test_a_name_that_is_no_text_is_kept_as_text(store: Store, file: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(file.parent) + b"/b\xffd\tname.csv"))
    added = store.add(file.rename(odd))
    assert (added.name, added.filename) == ("b\ufffdd name", "b\ufffdd name.csv")
    assert store.rename(added.id, "a\udcff b").name == "a\ufffd b"
    for empty in ("", " \n "):
        with pytest.raises(UserError, match="needs a name"):
            store.rename(added.id, empty)


def test_an_upload_goes_by_the_name_it_had(store: Store, file: Path) -> None:
    assert store.add(file, filename="Kunden 2024.xlsx").name == "Kunden 2024"


def test_a_changed_role_is_a_new_version_of_the_same_content(store: Store, file: Path) -> None:
    first = store.add(file, name="Our people")
    second = store.change(first.id, roles={"orders": "number"})
    assert second.id != first.id
    assert (second.table.content, second.name) == (first.table.content, "Our people")
    assert [column.role for column in store.get(first.id).columns] == ["id", "frequency", "spend"]
    assert [found.id for found in store.list()] == [second.id]


def test_changing_back_is_the_first_version_again(store: Store, file: Path) -> None:
    first = store.add(file)
    second = store.change(first.id, roles={"orders": "number"})
    third = store.change(second.id, roles={"orders": "frequency"})
    assert store.change(third.id, roles={"orders": "frequency"}) == third
    assert [found.id for found in store.list()] == [third.id]


def test_a_new_name_holds_for_all_versions(store: Store, file: Path) -> None:
    first = store.add(file)
    second = store.change(first.id, roles={"orders": "number"})
    store.rename(second.id, "  Our \n people ")
    assert {store.get(first.id).name, store.get(second.id).name} == {"Our people"}


@pytest.mark.parametrize(
    "ds", ["4f1c09ab72de", "", "x", "../../etc/passwd", "demo-1", "demo-1\n", "A" * 5000]
)
def test_an_unknown_data_set_is_one_sentence_with_a_next_step(store: Store, ds: str) -> None:
    with pytest.raises(UserError, match="There is no data set") as caught:
        store.get(ds)
    assert caught.value.hint
    assert len(caught.value.message) < 60


def test_the_other_reading_of_open_dates_is_a_version_of_its_own(store: Store, file: Path) -> None:
    file.write_text(OPEN_DATES)
    first = store.add(file)
    assert [(q.key, q.guess) for q in first.questions] == [("dayfirst", "yes")]
    turned = store.change(first.id, answers={"dayfirst": "no"})
    assert turned.questions == ()
    assert turned.columns[2].minimum == "2024-03-04"
    days = pq.read_table(store.data / turned.table.content / "table.parquet")["day"].to_pylist()
    assert days == [dt.date(2024, 3, 4), dt.date(2024, 4, 4), dt.date(2024, 5, 5)]
    back = store.change(turned.id, answers={"dayfirst": "yes"})
    assert back.table.content == first.table.content
    assert store.get(first.id).columns[2].minimum == "2024-04-03"


def test_the_order_of_days_is_what_was_said_last(store: Store, file: Path) -> None:
    file.write_text(OPEN_DATES)
    answered = store.change(store.add(file).id, answers={"dayfirst": "no"})
    assert merged(answered, {}).dayfirst == "no"
    kept = store.reread(answered.id, merged(answered, {"separator": ","}))
    assert (kept.answers, kept.columns[2].minimum) == ((("dayfirst", "no"),), "2024-03-04")
    reread = store.reread(kept.id, merged(kept, {"dayfirst": "yes"}))
    assert (reread.answers, reread.columns[2].minimum) == ((("dayfirst", "yes"),), "2024-04-03")
    again = store.change(reread.id, answers={"dayfirst": "no"})
    assert again.columns[2].minimum == "2024-03-04" and merged(again, {}).dayfirst == "no"
    judged = store.reread(again.id, merged(again, {"dayfirst": AUTO, "separator": AUTO}))
    assert (judged.answers, [q.key for q in judged.questions]) == ((), ["dayfirst"])


def test_an_answer_given_with_the_file_is_the_same_as_one_given_later(store: Store, file: Path) -> None:
    file.write_text(OPEN_DATES)
    with_file = store.add(file, answers={"dayfirst": "no"})
    assert folders(store) == {with_file.table.content}
    other = Store(file.parent / "other")
    later = other.change(other.add(file).id, answers={"dayfirst": "no"})
    assert (later.id, later.table, later.answers) == (with_file.id, with_file.table, with_file.answers)


def test_a_change_does_not_lead_into_another_data_set(store: Store, file: Path) -> None:
    file.write_text(OPEN_DATES)
    first = store.add(file, answers={"dayfirst": "no"}, name="Mine")
    second = store.add(file, name="Yours")
    with pytest.raises(UserError, match="is here already, as “Mine”"):
        store.change(second.id, answers={"dayfirst": "no"})
    assert [d.id for d in store.list()] == [second.id, first.id]
    assert folders(store) == {first.table.content, second.table.content}


def test_the_demo_is_made_once(store: Store) -> None:
    demo = store.ensure_demo()
    assert (demo.id, demo.name, demo.kind) == ("demo-1", "Demo shop", "log")
    assert demo.people is not None and demo.people.rows == 5000
    written = (store.data / demo.table.content / "table.parquet").stat().st_mtime_ns
    assert store.ensure_demo() == demo == store.get("demo-1")
    assert (store.data / demo.table.content / "table.parquet").stat().st_mtime_ns == written


def test_the_demo_comes_back_when_its_table_is_gone(store: Store) -> None:
    demo = store.ensure_demo()
    (store.data / demo.table.content / "table.parquet").unlink()
    assert store.ensure_demo() == demo
    assert (store.data / demo.table.content / "table.parquet").exists()


def test_the_demo_stands_first_then_the_latest(store: Store, file: Path) -> None:
    first = store.add(file)
    store.ensure_demo()
    file.write_text(OPEN_DATES)
    second = store.add(file)
    assert [found.id for found in store.list()] == ["demo-1", second.id, first.id]


def test_a_refused_file_leaves_nothing_behind(store: Store, file: Path) -> None:
    file.write_text("a,b\n")
    with pytest.raises(UserError):
        store.add(file)
    assert not store.data.exists() or not folders(store)


def test_a_write_that_breaks_off_leaves_no_table(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.add(file)
    assert not list(store.data.glob("*/*")) and store.list() == ()
    assert store.add(file).id == store.list()[0].id


ADD = """
import sys
from pathlib import Path
from core.io.store import Store
store = Store(Path(sys.argv[1]))
for path in sys.argv[2:]:
    added = store.add(Path(path))
    store.rename(added.id, path[-20:])
    store.change(added.id, roles={"orders": "number"})
print(len(store.list()))
"""


def test_several_processes_write_at_once(store: Store, tmp_path: Path) -> None:
    shared = tmp_path / "shared.csv"
    shared.write_text(CSV)
    own = [tmp_path / f"own{i}.csv" for i in range(4)]
    for i, path in enumerate(own):
        path.write_text(CSV + f"9,9,{i}\n")

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", ADD, str(store.home), str(shared), str(path)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(run, own))
    assert [found.stderr for found in done] == [""] * 4
    assert len(store.list()) == 5


def test_the_database_is_in_wal_mode(store: Store, file: Path) -> None:
    store.add(file)
    assert sqlite3.connect(store.home / "atlas.db").execute("pragma journal_mode").fetchone() == ("wal",)


def test_database_url_is_honoured(
    store: Store, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    added = store.add(file)
    assert (tmp_path / "elsewhere.db").exists() and not (store.home / "atlas.db").exists()
    assert Store(store.home).get(added.id) == added


LIGHT = """
import json, sys
from pathlib import Path
from core.io.store import Store
store = Store(Path(sys.argv[1]))
found = store.get(sys.argv[2])
store.change(found.id, roles={"orders": "number"})
store.rename(found.id, "light")
store.list()
heavy = ("pandas", "scipy", "sklearn", "pyarrow", "duckdb", "ibis", "numpy")
print(json.dumps([name for name in heavy if name in sys.modules]))
"""


def test_names_and_roles_are_read_without_loading_what_reads_files(store: Store, file: Path) -> None:
    added = store.add(file)
    command = [sys.executable, "-c", LIGHT, str(store.home), added.id]
    assert json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout) == []
