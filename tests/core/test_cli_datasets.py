"""`python -m core list | rename | delete | replace | append | reread | join | settings`."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.io.dataset import Dataset
from core.io.store import Store
from tests.core.stored import written

LOG = "customer;order;day;amount\n1;A;2024-01-13;5,500\n2;B;2024-01-14;6,500\n1;C;2024-02-15;7,250\n"
LATER = "customer;order;day;amount\n3;D;2024-03-16;8,250\n"
PEOPLE = "customer,age,spend\n1,30,2.5\n2,41,3.5\n9,52,4.5\n"

Atlas = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the commands work on, empty."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "home"))
    return Store()


@pytest.fixture
def atlas(store: Store, capsys: pytest.CaptureFixture[str]) -> Atlas:
    """Run a command: exit code, standard output, standard error."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def log(store: Store, tmp_path: Path) -> Dataset:
    """A small log."""
    return store.add(written(tmp_path, LOG, "orders.csv"))


@pytest.fixture
def people(store: Store, tmp_path: Path) -> Dataset:
    """A small customer table."""
    return store.add(written(tmp_path, PEOPLE, "people.csv"))


def document(answer: tuple[int, str, str]) -> Any:
    """The JSON of a command that went well."""
    assert (answer[0], answer[2]) == (0, "")
    return json.loads(answer[1])


def test_list_prints_every_data_set(atlas: Atlas, log: Dataset, people: Dataset) -> None:
    assert [found["id"] for found in document(atlas("list", "--json"))] == [people.id, log.id]
    assert f"{log.id}  orders: 3 rows, one row per order line" in atlas("list")[1]


def test_an_empty_list_says_the_next_step(atlas: Atlas) -> None:
    assert "python -m core add FILE" in atlas("list")[1]


def test_rename(atlas: Atlas, log: Dataset) -> None:
    assert document(atlas("rename", log.id, "Our orders", "--json"))["name"] == "Our orders"


def test_delete(atlas: Atlas, log: Dataset) -> None:
    assert document(atlas("delete", log.id, "--json")) == {
        "name": "orders",
        "deleted": [log.id],
        "joined_to": [],
    }
    assert document(atlas("list", "--json")) == []


def test_replace(atlas: Atlas, log: Dataset, tmp_path: Path) -> None:
    newer = written(tmp_path, LOG + LATER.splitlines()[1] + "\n", "newer.csv")
    found = document(atlas("replace", log.id, newer, "--json"))
    assert (found["rows"], found["name"]) == (4, "orders") and found["id"] != log.id


def test_append(atlas: Atlas, log: Dataset, tmp_path: Path) -> None:
    code, out, _ = atlas("append", log.id, written(tmp_path, LATER, "later.csv"))
    assert code == 0 and "orders: 4 rows, one row per order line" in out


def test_reread_keeps_what_was_decided_before(atlas: Atlas, store: Store, tmp_path: Path) -> None:
    first = document(atlas("add", written(tmp_path, LOG, "orders.csv"), "--json"))["id"]
    second = document(atlas("reread", first, "--decimal", ".", "--json"))
    assert second["columns"][3]["sum"] == 19_250
    third = document(atlas("reread", second["id"], "--header", "2", "--json"))
    assert [c.key for c in store.get(third["id"]).choices if c.chosen] == ["header", "decimal"]


def test_join_and_off(atlas: Atlas, log: Dataset, people: Dataset) -> None:
    code, out, _ = atlas("join", log.id, people.id)
    assert code == 0 and "with 3 customers joined" in out
    assert document(atlas("join", out.split()[0], "--off", "--json"))["id"] == log.id


def test_a_choice_is_taken_back(atlas: Atlas, store: Store, log: Dataset, tmp_path: Path) -> None:
    first = document(atlas("add", tmp_path / "orders.csv", "--decimal", ".", "--json"))
    assert first["columns"][3]["sum"] == 19_250
    store.delete(log.id)
    second = document(atlas("reread", first["id"], "--decimal", "auto", "--json"))
    assert second["id"] == log.id and not any(c["chosen"] for c in second["choices"])
    atlas("settings", second["id"], "--currency", "chf", "--tax", "incl")
    assert document(atlas("settings", second["id"], "--currency", "auto", "--json"))["currency"] is None
    assert store.display(second["id"]).written() == {"tax": "incl"}


def test_a_deletion_says_where_rows_stay(atlas: Atlas, store: Store, log: Dataset, people: Dataset) -> None:
    store.join(log.id, people.id)
    assert "Its rows stay in “orders”" in atlas("delete", people.id)[1]


def test_settings_are_said_in_words(atlas: Atlas, log: Dataset) -> None:
    said = atlas("settings", log.id)[1]
    for line in ("currency: as found in the file", "tax: tax not known", "first weekday: Monday"):
        assert line in said.splitlines()


def test_settings(atlas: Atlas, log: Dataset) -> None:
    found = document(atlas("settings", log.id, "--currency", "chf", "--time-zone", "Europe/Berlin", "--json"))
    assert (found["currency"], found["time_zone"], found["first_weekday"]) == ("CHF", "Europe/Berlin", 0)
    assert found["id"] != log.id
    assert "currency: CHF" in atlas("settings", found["id"])[1]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("rename", "4f1c09ab72de", "x"), "no data set 4f1c09ab72de"),
        (("delete", "demo"), "no data set demo"),
        (("replace", "{log}", "{people}"), "another shape than orders"),
        (("append", "{log}", "{people}"), "These rows can't be added to orders"),
        (("append", "{log}", "nowhere.csv"), "can't be opened"),
        (("join", "{log}"), "a customer table or --off"),
        (("join", "{log}", "{log}"), "not one per customer"),
        (("join", "{log}", "{people}", "--off"), "a customer table or --off"),
        (("join", "{log}", "--off"), "No customer table is joined"),
        (("rename", "{log}", ""), "A data set needs a name"),
        (("settings", "{log}", "--time-zone", "Mars"), "no time zone “Mars”"),
        (("settings", "{log}", "--dates", "backwards"), "“backwards” is no way of writing dates"),
    ],
)
def test_what_can_not_be_done_is_one_line_and_exit_code_2(
    atlas: Atlas, log: Dataset, people: Dataset, tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    people_file = str(tmp_path / "people.csv")
    filled = [w.format(log=log.id, people=people.id if words[0] == "join" else people_file) for w in words]
    code, out, err = atlas(*filled)
    assert (code, out) == (2, "")
    assert part in err and err.count("\n") == 1


@pytest.mark.parametrize("harm", ["database", "folder"])
def test_what_can_not_be_opened_is_one_line_and_exit_code_2(
    atlas: Atlas, store: Store, tmp_path: Path, harm: str
) -> None:
    file = written(tmp_path, LOG, "orders.csv")
    if harm == "folder":
        store.home.write_text("no folder")
    else:
        store.home.mkdir()
        (store.home / "atlas.db").write_bytes(b"no database" * 1000)
    for words in (("list",), ("add", file), ("run", "?k=4"), ("delete", "4f1c09ab72de")):
        code, out, err = atlas(*words)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1 and "Traceback" not in err and "runs this app" in err


def test_a_file_whose_name_is_no_text_is_added(atlas: Atlas, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xffd.csv"))
    odd.write_text(LOG)
    assert document(atlas("add", odd, "--json"))["name"] == "b\ufffdd"
    odd.write_text("")
    code, _, err = atlas("add", odd)
    assert code == 2 and err.count("\n") == 1
