"""`python -m core run` and `export`: the document, the file, and how they refuse."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core import __main__ as cli
from core import pipeline
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Study
from tests.core.small import add

pytestmark = pytest.mark.usefixtures("at_home")

ROLES = {"customer": "id", "orders": "frequency", "spend": "spend", "kind": "category"}
NAMES = ["=1+1", "+49", "-x", "@home", "plain"]


@pytest.fixture
def at_home(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the tests' store."""
    monkeypatch.setenv("DATA_DIR", str(store.home))


@pytest.fixture(scope="module")
def people(store: Store) -> Dataset:
    """120 customers in three groups; some names begin a formula, some spend is missing."""
    rows = [
        f"{NAMES[i % 5]}{i},{1 + i % 3 * 10 + i % 2},{'' if i == 7 else 100 * (i % 3) + i % 7},{NAMES[i % 4]}"
        for i in range(120)
    ]
    return add(store, "customer,orders,spend,kind\n" + "\n".join(rows), ROLES)


def atlas(*words: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m core` as a person does."""
    command = [sys.executable, "-m", "core", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """The JSON document of a command that went well."""
    assert cli.main([*words, "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    found: dict[str, Any] = json.loads(
        printed.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")
    )
    return found


def test_the_document_of_a_run(people: Dataset, store: Store) -> None:
    query = f"ds={people.id}&cols=orders,monetary&algorithm=kmeans&k=3&transform=none&scaling=standard"
    done = atlas("run", query, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["query"] == f"?ds={people.id}&cols=orders,monetary&transform=none&k=3"
    assert (found["rows_in"], found["customers"]) == (120, 120)
    assert (found["columns"], found["algorithm"], found["suggested_k"]) == (
        ["orders", "monetary"],
        "kmeans",
        3,
    )
    results = pipeline.run(Study.parse(query), store)
    assert results.profile is not None and results.clustering is not None
    assert [
        {key: s[key] for key in ("number", "name", "size", "value_share", "labels")}
        for s in found["segments"]
    ] == [
        {
            "number": s.number,
            "name": s.name,
            "size": s.size,
            "value_share": s.value_share,
            "labels": list(s.labels),
        }
        for s in results.profile.segments
    ]
    assert found["inertia"] == results.clustering.inertia
    score = results.clustering.silhouette
    assert score is not None
    assert found["silhouette"] == {"value": score.value, "low": None, "high": None, "sampled": False}
    assert [row["key"] for row in found["ledger"]] == ["file", "used", "segmented"]
    assert {"rows", "customers", "money"} <= set(found["ledger"][0])
    assert found["notes"] == []


def test_the_query_of_the_document_gives_the_document(
    people: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    first = document(capsys, "run", f"?ds={people.id}&where=orders:ge:2")
    assert first["query"].startswith(f"?ds={people.id}&where=orders:ge:2&cols=orders,monetary&")
    assert "&k=" in first["query"]
    again = document(capsys, "run", first["query"])
    assert {k: v for k, v in again.items() if k != "reason"} == {
        k: v for k, v in first.items() if k != "reason"
    }


@pytest.mark.parametrize(("k", "expected", "said"), [("banana", 3, "'banana'"), ("10000", 12, "became 12")])
def test_what_can_be_settled_is_settled_and_noted(
    people: Dataset, capsys: pytest.CaptureFixture[str], k: str, expected: int, said: str
) -> None:
    found = document(capsys, "run", f"ds={people.id}&transform=none&k={k}")
    assert (found["k"], len(found["segments"])) == (expected, expected)
    assert said in found["notes"][0]


@pytest.mark.parametrize(
    "extra",
    [
        "&algorithm=dbscan",
        "&algorithm=dbscan&eps=0.000001",
        "&algorithm=hierarchical&linkage=single",
        "&missing=leave&outliers=drop",
        "&missing=drop&outliers=cap-iqr&returns=flag",
        "&cols=kind,monetary&weight=kind:0.2",
        "&where=nothing:eq:1&where=kind:lt:3&where=id:missing",
        "&where=spend:missing",
        "&as_of=2020-01-01&window=365",
    ],
)
def test_every_way_prints_a_document_or_one_sentence(
    people: Dataset, capsys: pytest.CaptureFixture[str], extra: str
) -> None:
    code = cli.main(["run", f"ds={people.id}{extra}", "--json"])
    printed = capsys.readouterr()
    if code == 2:
        assert printed.out == "" and printed.err.count("\n") == 1
        return
    found = json.loads(printed.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert sum(s["size"] for s in found["segments"]) == found["customers"]


def test_conditions_that_do_not_fit_are_noted(people: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    query = f"ds={people.id}&where=nothing:eq:1&where=kind:lt:3&where=orders:ge:x&k=2"
    notes = document(capsys, "run", query)["notes"]
    assert ["no column “nothing”" in notes[0], "no order" in notes[1], "not a number" in notes[2]] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("orders:between:11,12", 40),
        ("orders:in:1,2", 40),
        ("kind:eq:-x", 30),
        ("kind:in:-x,plain", 30),
        ("monetary:lt:200", 79),
        ("high_value:eq:1", 22),
        ("id:in:plain4,%2B491", 2),
    ],
)
def test_only_who_is_included_is_segmented(
    people: Dataset, capsys: pytest.CaptureFixture[str], where: str, expected: int
) -> None:
    query = f"ds={people.id}&where={where.replace('%', '%25')}&algorithm=dbscan&cols=id,orders,monetary,kind"
    found = document(capsys, "run", query)
    assert found["customers"] == expected
    out = {row["key"]: row["customers"] for row in found["ledger"]}
    assert out["outside_cohort"] == 120 - expected


def test_the_text_says_segments_and_notes(people: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", f"ds={people.id}&k=3&bananas=1"]) == 0
    text = capsys.readouterr().out
    assert "120 customers, grouped by orders, monetary" in text
    assert "3 segments: " in text
    assert "note: “bananas”" in text


# What can't be settled


@pytest.fixture(scope="module")
def undated(store: Store) -> Dataset:
    """A log without a date."""
    roles = {"order": "order", "customer": "id", "quantity": "quantity", "price": "unit_price"}
    return add(store, "order,customer,quantity,price\na,A,1,2\nb,A,2,3\nc,B,1,2", roles)


@pytest.fixture(scope="module")
def wordy(store: Store) -> Dataset:
    """A customer table without a number."""
    rows = "\n".join(f"C{i},{'xyz'[i % 3]}" for i in range(40))
    return add(store, "customer,kind\n" + rows, {"customer": "id", "kind": "category"})


@pytest.fixture(scope="module")
def five(store: Store) -> Dataset:
    """A customer table of five."""
    rows = "\n".join(f"C{i},{i},{i * i}" for i in range(5))
    return add(
        store, "customer,orders,spend\n" + rows, {k: ROLES[k] for k in ("customer", "orders", "spend")}
    )


@pytest.mark.parametrize(
    ("which", "query", "said"),
    [
        ("", "ds=0123456789ab", "There is no data set 0123456789ab here. Choose one"),
        ("", "ds=../../etc/passwd", "There is no data set ../../etc/passwd here."),
        ("five", "k=7", "7 segments need at least 7 customers; there are 5. Choose fewer segments"),
        ("five", "", "5 customers can't be divided into segments; it takes at least 20."),
        ("undated", "", "This order log has no date column."),
        ("wordy", "", "This table has no column with numbers"),
        ("people", "where=orders:gt:9999", "Nobody meets the conditions"),
        ("people", "cols=orders&where=orders:eq:1", "Every attribute chosen has one value only."),
    ],
)
@pytest.mark.parametrize("command", ["run", "export"])
def test_what_can_not_be_settled_is_one_sentence_and_exit_code_2(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: str,
    which: str,
    query: str,
    said: str,
) -> None:
    if which:
        query = f"ds={request.getfixturevalue(which).id}&{query}"
    out = tmp_path / "out.csv"
    assert cli.main([command, query, *(["--out", str(out)] if command == "export" else [])]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and not out.exists()
    assert printed.err.startswith(said) and printed.err.count("\n") == 1


def test_a_refusal_of_the_real_command_has_no_traceback(people: Dataset) -> None:
    done = atlas("run", "ds=0123456789ab")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "There is no data set 0123456789ab here. Choose one from the list, or upload the file.\n"
    )


# Export


def exported(people: Dataset, tmp_path: Path, extra: str = "") -> list[dict[str, str]]:
    """The rows of an export."""
    out = tmp_path / "segments.csv"
    assert cli.main(["export", f"ds={people.id}&k=3{extra}", "--out", str(out)]) == 0
    with out.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_customer_is_exported_with_its_segment(people: Dataset, store: Store, tmp_path: Path) -> None:
    rows = exported(people, tmp_path)
    results = pipeline.run(Study.parse(f"ds={people.id}&k=3"), store)
    assert results.clustering is not None and results.profile is not None
    assert [row["segment"] for row in rows] == [str(label) for label in results.clustering.labels]
    names = {str(s.number): s.name for s in results.profile.segments}
    assert all(row["segment_name"] == names[row["segment"]] for row in rows)
    assert len({row["id"] for row in rows}) == 120
    assert sum(float(row["monetary"] or 0) for row in rows) == results.profile.net
    assert [row["monetary"] for row in rows].count("") == 1


def test_no_cell_begins_a_formula(people: Dataset, tmp_path: Path) -> None:
    rows = exported(people, tmp_path)
    texts = {row[key] for row in rows for key in ("id", "kind", "segment_name")}
    assert {"'=1+1", "'+49", "'-x", "'@home"} <= texts
    assert not [text for text in texts if text[:1] in "=+-@"]


def test_exported_values_are_never_limited(people: Dataset, tmp_path: Path) -> None:
    plain, limited = exported(people, tmp_path), exported(people, tmp_path, "&outliers=cap-quantile")
    assert [row["monetary"] for row in plain] == [row["monetary"] for row in limited]


def test_customers_without_a_segment_are_exported_too(people: Dataset, tmp_path: Path) -> None:
    rows = exported(people, tmp_path, "&missing=leave")
    assert [row["segment_name"] for row in rows].count("No segment") == 1
    assert [row["segment"] for row in rows].count("0") == 1


def test_a_file_that_can_not_be_written_is_refused_in_words(
    people: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nowhere" / "out.csv"
    assert cli.main(["export", f"ds={people.id}&k=3", "--out", str(out)]) == 2
    assert "can't be written" in capsys.readouterr().err


def test_the_document_of_an_export(
    people: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out.csv")
    found = document(capsys, "export", f"ds={people.id}&k=3", "--out", out)
    assert (found["customers"], found["out"]) == (120, out)


def test_an_export_may_be_some_columns_of_a_segment_without_its_control_group(
    people: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everybody = exported(people, tmp_path)
    capsys.readouterr()
    out = tmp_path / "out.csv"
    command = ["export", f"ds={people.id}&k=3", "--out", str(out), "--segment", "2", "--hold-back", "10"]
    found = document(capsys, *command, "--columns", "id,segment")
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert {tuple(row) for row in rows} == {("id", "segment")} and {row["segment"] for row in rows} == {"2"}
    assert found["chosen"] == [row["segment"] for row in everybody].count("2")
    assert found["said"] == f"{len(rows)} exported: {found['chosen'] - len(rows)} held back."
    assert cli.main([*command, "--for", "email"]) == 2
    assert "no column with e-mail addresses" in capsys.readouterr().err


def test_an_export_is_the_same_every_time(people: Dataset, tmp_path: Path) -> None:
    assert exported(people, tmp_path) == exported(people, tmp_path)
    assert os.listdir(tmp_path) == ["segments.csv"]
