"""Lists to take away: who goes, who does not and why, and what each kind of file holds of hostile values."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core.arrow import flags, integers, numbers, texts
from core.errors import UserError
from core.features.contact_values import read
from core.features.contacts import contacts
from core.features.table_sheet import table_sheet
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Clean, Source
from core.takeaway import Listed, csv_of
from core.takeaway.addresses import addresses
from core.takeaway.choices import Choices, offer
from core.takeaway.consent import Consent, consent
from core.takeaway.control import control
from core.takeaway.delimited import header, lines
from core.takeaway.files import MOST_ROWS, WRITERS, check_room
from core.takeaway.going import Known, going
from core.takeaway.leave_out import LeftOut, entries
from core.takeaway.take import take
from core.takeaway.told import Taken
from tests.core.small import LOG_ROLES, add, add_log

HOSTILE = ("=1+1", "__proto__", "🦊 <b>", "مرحبا", "x" * 300, '"a",\r\nb', "+49", "-5", "@x", "\tq")
SAFE = ("'=1+1", "__proto__", "🦊 <b>", "مرحبا", "x" * 300, '"a",\r\nb', "'+49", "'-5", "'@x", "'\tq")
HEAD = "customer,email,consent,orders,spend\n"
PEOPLE = (
    "c01,a@x.de,yes,1,10",
    "c02,B@X.de,Opt-in,2,20",
    "c03,b@x.de,yes,3,30",  # the address of c02
    "c04,,yes,4,40",
    "c05,nobody,yes,5,50",
    "c06,f@x.de,no,6,60",
    "c07,g@x.de,maybe,7,70",
    "c08,h@x.de,,8,80",
    "c09,i@x.de,1,9,90",
    "c10,j@x.de,TRUE,10,100",
)
ROLES = {"customer": "id", "email": "email", "consent": "consent"}
Stored = tuple[Store, Dataset, Listed, Path]
Export = Callable[..., tuple[Taken, list[dict[str, str]]]]


def listed_of(store: Store, dataset: Dataset) -> Listed:
    customers = table_sheet(store.engine, dataset, Source(), Clean())
    labels = np.arange(len(customers)) % 2 + 1
    return Listed(customers=customers, labels=labels, names={1: "Odd", 2: "=Even"})


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The ten people, stored once for many choices."""
    folder = tmp_path_factory.mktemp("known")
    store = Store(folder)
    dataset = add(store, HEAD + "\n".join(PEOPLE), ROLES)
    return store, dataset, listed_of(store, dataset), folder


@pytest.fixture
def export(stored: Stored, tmp_path: Path) -> Export:
    """Take everybody with these choices: what became of it, and the file's rows."""
    store, dataset, listed, _ = stored

    def taken(leave_out: str | None = None, **choices: Any) -> tuple[Taken, list[dict[str, str]]]:
        path = tmp_path / "out.csv"
        if leave_out is not None:
            choices["leave_out"] = tmp_path / "list.txt"
            choices["leave_out"].write_text(leave_out)
        source = (store.engine, dataset, Clean())
        made = take(path, listed, np.arange(len(listed)), Choices(**choices), source)
        with path.open(newline="", encoding="utf-8") as file:
            return made, list(csv.DictReader(file))

    return taken


def ids(rows: list[dict[str, str]]) -> list[str]:
    return [row["id"] for row in rows]


def test_a_list_has_number_and_segment_and_nothing_about_the_person(export: Export) -> None:
    made, rows = export()
    assert list(rows[0]) == ["id", "segment"] and len(rows) == 10
    assert (made.exported, made.sentence) == (10, "10 exported.")


def test_only_words_of_agreement_are_consent(export: Export) -> None:
    made, rows = export(consent=True)
    assert ids(rows) == ["c01", "c02", "c03", "c04", "c05", "c09", "c10"]
    assert made.sentence == "7 exported: 3 without consent."
    assert made.notes == ("Neither yes nor no, and counted as no consent: “maybe” (1 in all).",)


def test_different_answers_of_one_customer_are_no_consent(store: Store) -> None:
    log = add_log(store, "order,customer,day,quantity,price\n1,0001,2024-01-01,1,5\n2,0002,2024-01-02,1,5")
    people = add(store, "customer,email,consent\n1,a@x.de,yes\n2,b@x.de,Opt-in\n1,,no", ROLES)
    joined = replace(log, people=people.table)
    found = read(store.engine, joined, Clean(), contacts(joined), pa.chunked_array([["0001", "0002", "zz"]]))
    assert found["email"].to_pylist() == ["a@x.de", "b@x.de", None]
    assert found["consent"].to_pylist() == ["no / yes", "Opt-in", None]
    assert consent(found["consent"]).given.tolist() == [False, True, False]


def test_an_e_mail_tool_gets_each_address_once(export: Export) -> None:
    made, rows = export(purpose="email")
    assert list(rows[0]) == ["Email", "id", "segment"]
    assert [row["Email"][0] for row in rows] == ["a", "b", "f", "g", "h", "i", "j"]
    assert (made.without_email, made.repeated) == (2, 1)
    assert made.sentence == "7 exported: 2 without e-mail, 1 with the e-mail of another."


def test_an_ad_audience_gets_codes_of_trimmed_small_addresses_alone(export: Export) -> None:
    _, rows = export(purpose="audience", consent=True)
    codes = [sha256(address.encode()).hexdigest() for address in ("a@x.de", "b@x.de", "i@x.de", "j@x.de")]
    assert rows == [{"Email": code} for code in codes]


def test_who_is_on_the_list_is_left_out_with_every_customer_of_the_address(export: Export) -> None:
    made, rows = export('\ufeffc02\n"I@x.de";9\n C010 \nzz\nzz\n', purpose="email")
    assert [row["id"] for row in rows] == ["c01", "c06", "c07", "c08", "c10"]
    assert (made.left_out, made.repeated) == (3, 0)
    assert made.notes == ("2 entries of your leave-out list: nobody here. “C010”, “zz”.",)


def test_numbers_of_the_list_may_be_spelled_another_way(export: Export) -> None:
    assert ids(export(" C 01 \nC02")[1])[:2] == ["c03", "c04"]


def test_one_line_with_several_numbers_leaves_all_of_them_out(export: Export) -> None:
    assert ids(export("\nc01, c02; c03\n\n")[1])[0] == "c04"
    assert ids(export("c01,c02\nc03,c04")[1])[:2] == ["c02", "c04"]


def test_a_list_that_is_no_text_or_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list"
    path.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(UserError, match="no text file"):
        entries(path)
    monkeypatch.setattr("core.takeaway.leave_out.MOST", 3)
    path.write_text("a\nb\nc\nd")
    with pytest.raises(UserError, match="more than 3 lines"):
        entries(path)


def test_a_control_group_is_the_same_whatever_else_is_chosen() -> None:
    names = pa.chunked_array([[f"customer {i}" for i in range(10_000)]])
    five, ten = control(names, 5), control(names, 10)
    assert abs(five.mean() - 0.05) < 0.01 and abs(ten.mean() - 0.10) < 0.01
    assert not (five & ~ten).any() and not control(names, 0).any()
    some = np.arange(0, 10_000, 7)[::-1]
    assert np.array_equal(control(names.take(pa.array(some)), 10), ten[some])


def test_a_control_group_is_held_back_or_marked(store: Store, tmp_path: Path) -> None:
    rows = [f"p{i:03d},{i},{10 * i}" for i in range(200)]
    dataset = add(store, "customer,orders,spend\n" + "\n".join(rows), {"customer": "id"})
    listed, out = listed_of(store, dataset), tmp_path / "out.parquet"
    at, source = np.arange(200), (store.engine, dataset, Clean())
    inside = control(listed.customers.table["id"], 10)
    made = take(out, listed, at, Choices(form="parquet", held=10), source)
    assert pq.read_table(out)["id"].to_pylist() == [f"p{i:03d}" for i in np.flatnonzero(~inside)]
    assert made.held == inside.sum() > 0
    made = take(out, listed, at, Choices(form="parquet", held=10, marked=True), source)
    assert pq.read_table(out)["control"].to_pylist() == inside.tolist()
    assert (made.exported, made.held) == (200, 0)


@settings(max_examples=50, deadline=None)
@given(
    purpose=st.sampled_from(["list", "email", "audience"]),
    agreed=st.booleans(),
    held=st.sampled_from([0, 5, 10]),
    marked=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_the_counts_add_up_to_those_who_were_chosen(
    purpose: str, agreed: bool, held: int, marked: bool, seed: int
) -> None:
    rng, n = np.random.default_rng(seed), 60
    emails = [None if i > 50 else f"a{i}@x.de" for i in rng.integers(0, 60, n)]
    known = Known(
        ids=pa.chunked_array([[f"{seed}-{i}" for i in range(n)]]),
        emails=pa.array(emails, pa.string()),
        consent=Consent(given=rng.random(n) < 0.7, unclear=()),
        left_out=LeftOut(listed=rng.random(n) < 0.2),
    )
    rows = np.flatnonzero(rng.random(n) < 0.6)
    choices = Choices(purpose=purpose, consent=agreed, held=held, marked=marked)
    found = going(choices, known, np.arange(rows.size), rows)
    gone = found.left_out + found.without_consent + found.without_email + found.held + found.repeated
    assert found.at.size + gone == rows.size
    going_to = [emails[row] for row in rows[found.at]]
    assert purpose == "list" or (None not in going_to and len(set(going_to)) == len(going_to))


def test_nobody_left_is_said_and_leaves_no_file(export: Export, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Nobody is left for the file: 0 exported: 10 on your leave-out list"):
        export("\n".join(row[:3] for row in PEOPLE))
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"columns": ("id", "password")}, "“password” is not a column"),
        ({"personal": ("orders",)}, "“orders” is not a personal column"),
        ({"form": "exe"}, "“exe” is not a kind of file"),
        ({"held": 99}, "“99” is not a share"),
        ({"columns": ()}, "No column is chosen"),
    ],
)
def test_what_is_not_offered_is_refused(export: Export, choices: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        export(**choices)


def test_without_a_column_of_addresses_or_consent_they_can_not_be_asked_for(
    store: Store, tmp_path: Path
) -> None:
    dataset = add(store, "customer,orders,spend\na,1,2\nb,2,3", {"customer": "id"})
    listed = listed_of(store, dataset)
    assert offer(dataset, listed).personal == ()
    for choices, said in ((Choices(purpose="email"), "e-mail addresses"), (Choices(consent=True), "agreed")):
        with pytest.raises(UserError, match=said):
            take(tmp_path / "out.csv", listed, np.arange(2), choices, (store.engine, dataset, Clean()))


def test_a_log_gives_what_its_last_line_says_on_a_person(store: Store) -> None:
    head = "order,customer,day,quantity,price,email,consent\n"
    roles = LOG_ROLES | {"email": "email", "consent": "consent"}
    rows = ["1,a,2024-01-02,1,5,new@x.de,no", "2,a,2024-01-01,1,5,old@x.de,yes", "3,b,2024-01-03,1,5,,"]
    log = add(store, head + "\n".join(rows), {name: roles[name] for name in head.strip().split(",")})
    found = read(store.engine, log, Clean(), contacts(log), pa.chunked_array([["a", "b"]]))
    assert found["email"].to_pylist() == ["new@x.de", None]
    assert found["consent"].to_pylist() == ["false", None]


def test_a_line_without_a_day_does_not_overrule_a_dated_one(store: Store) -> None:
    head = "order,customer,day,quantity,price,consent\n"
    roles = LOG_ROLES | {"consent": "consent"}
    rows = ["1,a,2024-01-02,1,5,no", "2,a,,1,5,yes", "3,b,2024-01-03,1,5,yes"]
    log = add(store, head + "\n".join(rows), {name: roles[name] for name in head.strip().split(",")})
    found = read(store.engine, log, Clean(), contacts(log), pa.chunked_array([["a", "b"]]))
    assert found["consent"].to_pylist() == ["false", "true"]


def test_an_address_that_can_not_be_written_to_is_none() -> None:
    told = [
        " Anna@X.de",
        "a+b@x.co.uk",
        "ü@müller.de",
        "nobody",
        "a@b",
        "=1@x.de",
        "a@x..de",
        "a@x.de, b@x.de",
        None,
    ]
    assert addresses(pa.array(told)).to_pylist() == ["anna@x.de", "a+b@x.co.uk", "ü@müller.de", *[None] * 6]


@pytest.mark.parametrize(("form", "expected"), [("csv", SAFE), ("xlsx", SAFE), ("parquet", HOSTILE)])
def test_hostile_text_comes_out_right(tmp_path: Path, form: str, expected: tuple[str, ...]) -> None:
    path = tmp_path / "out"
    WRITERS[form](path, ["=name", "n"], [[texts(HOSTILE), integers(np.arange(len(HOSTILE)))]])
    name, *found = first_column(path, form)
    assert tuple(found) == expected and name == ("=name" if form == "parquet" else "'=name")


def first_column(path: Path, form: str) -> list[str]:
    if form == "parquet":
        table = pq.read_table(path)
        return [table.column_names[0], *table[0].to_pylist()]
    if form == "xlsx":
        return [
            str(row[0]) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        ]
    with path.open(newline="", encoding="utf-8") as file:
        return [row[0] for row in csv.reader(file)]


def test_an_excel_sheet_has_numbers_and_words_and_says_what_it_cut(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    columns = [numbers(np.array([1.5, np.nan])), flags(np.array([1, -1])), texts(["x" * 40_000, "é"])]
    assert WRITERS["xlsx"](path, ["a", "b", "c"], [columns]) == 1
    _, first, second = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert first == [1.5, "yes", "x" * 32_767] and second == ["", "", "é"]


def test_more_customers_than_an_excel_sheet_holds_are_refused() -> None:
    check_room("csv", MOST_ROWS + 1, 2)
    with pytest.raises(UserError, match="1,048,575 customers; this list has 1,048,576") as error:
        check_room("xlsx", MOST_ROWS + 1, 2)
    assert error.value.hint == "Take CSV or Parquet."


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5),
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=5),
)
def test_a_csv_is_read_back_as_it_was_written(words: list[str], values: list[float]) -> None:
    n = min(len(words), len(values))
    text = (header(["a", "b"]) + lines([texts(words[:n]), numbers(np.array(values[:n]))])).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [row[0].removeprefix("'") for row in rows] == [w.removeprefix("'") for w in words[:n]]
    assert [float(row[1]) for row in rows] == pytest.approx(values[:n], abs=5.1e-7)


def test_numbers_are_plain_decimals() -> None:
    told = np.array([1e20, -0.0, 0.1, 1.5e-7, 2.0, np.inf, np.nan])
    assert lines([numbers(told), integers(np.arange(7))]).decode().split("\r\n")[:7] == [
        *["100000000000000000000,0", "0,1", "0.1,2", "0,3", "2,4", ",5", ",6"]
    ]
    assert lines([numbers(np.array([1e40])), texts(["a"])]).startswith(b"1" + b"0" * 16)


def test_a_line_of_one_empty_cell_is_a_row_all_the_same() -> None:
    assert lines([texts(["", "a"])]) == b'""\r\na\r\n'


def test_columns_of_the_file_that_are_called_as_ours_keep_their_values(store: Store) -> None:
    head = "customer,segment,segment_column,control,orders,spend\n"
    rows = [f"c{i},{'xy'[i % 2]},was{i},{i % 3},{i},{10 * i}" for i in range(9)]
    roles = {"customer": "id", "segment": "category", "segment_column": "category", "control": "category"}
    listed = listed_of(store, add(store, head + "\n".join(rows), roles))
    _, row, *_ = csv.reader(io.StringIO(b"".join(csv_of(listed, np.arange(9))).decode()))
    assert len(set(listed.slugs)) == len(listed.slugs) == len(row)
    told = dict(zip(listed.slugs, row, strict=True))
    assert (told["segment"], told["segment_column_column"], told["segment_column"]) == ("1", "x", "was0")
    assert "control" not in told and told["control_column"] == "0"


def test_the_quick_list_has_every_column(stored: Stored) -> None:
    listed = stored[2]
    rows = list(csv.DictReader(io.StringIO(b"".join(csv_of(listed, np.array([3, 1]))).decode())))
    assert ids(rows) == ["c04", "c02"]
    assert {"segment_name": "'=Even", "spend": "40"}.items() <= rows[0].items()
    assert not {"email", "consent"} & rows[0].keys()
