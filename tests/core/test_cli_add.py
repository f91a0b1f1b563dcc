"""`python -m core add`: what it prints, and how it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.io.store import Store

CSV = "customer,orders,spend\n0001,3,12.5\n0002,1,7.25\n0003,,3.00\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small customer table."""
    path = tmp_path / "people.csv"
    path.write_text(CSV)
    return path


def atlas(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m core`."""
    command = [sys.executable, "-m", "core", *map(str, words)]
    environment = {**os.environ, "DATA_DIR": str(home)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def document(home: Path, *words: str | Path) -> dict[str, Any]:
    """The JSON document of a run that went well."""
    done = atlas(home, *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_document_of_a_file(tmp_path: Path, file: Path) -> None:
    found = document(tmp_path, "add", file, "--name", "Our people")
    assert (found["name"], found["rows"]) == ("Our people", 3)
    assert found["id"] == Store(tmp_path).list()[0].id
    assert {key: found["columns"][1][key] for key in ("slug", "name", "role", "type", "missing", "sum")} == {
        "slug": "orders",
        "name": "orders",
        "role": "frequency",
        "type": "integer",
        "missing": 1,
        "sum": 4,
    }
    assert found["columns"][0]["sum"] is None
    assert found["decisions"] == ["Values separated by comma.", "Encoding UTF-8."]
    assert found["warnings"] == ["orders is empty in 1 of 3 rows."]


def test_a_clean_file_has_no_warnings(tmp_path: Path, shared_data: Path) -> None:
    assert document(tmp_path, "add", shared_data / "Mall_Customers.csv")["warnings"] == []


def test_roles_and_answers_given_on_the_command_line(tmp_path: Path, file: Path) -> None:
    file.write_text("a=b,x,mnt 1,mnt 2\n1,2,3,4\n2,3,4,5\n")
    found = document(tmp_path, "add", file, "--role", "a=b=id", "--role", "x=score", "--answer", "spend=no")
    assert [column["role"] for column in found["columns"]] == ["id", "score", "spend", "spend"]
    assert found["questions"] == []


def test_the_text_says_columns_decisions_and_what_to_look_at(tmp_path: Path, file: Path) -> None:
    done = atlas(tmp_path, "add", file)
    assert done.returncode == 0
    for part in (
        "people: 3 rows",
        "frequency",
        "Values separated by comma.",
        "orders is empty in 1 of 3 rows.",
    ):
        assert part in done.stdout


def test_a_log_without_a_date_is_stored_with_a_warning(tmp_path: Path, file: Path) -> None:
    file.write_text("order,customer,quantity,unit price\nA,1,2,3.5\nB,1,1,3.5\n")
    found = document(tmp_path, "add", file)
    assert "no date column" in found["warnings"][-1]
    assert Store(tmp_path).get(found["id"]).kind == "log"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nothing.csv",), "can't be opened"),
        (("people.csv", "--role", "spend=date"), "spend holds numbers such as “12.5”"),
        (("people.csv", "--role", "nothing=date"), "no column “nothing”"),
        (("people.csv", "--role", "spend"), "“spend” is not of the form"),
        (("people.csv", "--answer", "price=line"), "no question “price”"),
        (("junk",), "not a table"),
    ],
)
def test_what_can_not_be_done_is_one_line_and_exit_code_2(
    tmp_path: Path, file: Path, words: tuple[str, ...], part: str
) -> None:
    (tmp_path / "junk").write_bytes(bytes(range(256)) * 20)
    done = atlas(tmp_path / "home", "add", tmp_path / words[0], *words[1:])
    assert (done.returncode, done.stdout) == (2, "")
    assert part in done.stderr and done.stderr.count("\n") == 1


def test_the_demo_is_made_ready(tmp_path: Path) -> None:
    first, second = atlas(tmp_path, "demo"), atlas(tmp_path, "demo")
    assert first.stdout == second.stdout
    assert first.stdout.startswith("demo-1  Demo shop: ")
