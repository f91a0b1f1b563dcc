"""The flags of `python -m core add` that say how a file is to be read, and what its document says of it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

TEXT = "Export of Anna\nKunde;Tag;Betrag\n7;03/04/2024;1.234\n8;05/04/2024;2.500\nmehr;als;drei;Werte\n"


def add(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m core add … --json`."""
    command = [sys.executable, "-m", "core", "add", *map(str, words), "--json"]
    environment = {**os.environ, "DATA_DIR": str(folder)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The document of a run that went well."""
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_decision_can_be_made_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "orders.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", TEXT.encode("cp1252"))
        archive.writestr("b.txt", "x;y\n1;2\n")
    flags = ("--member", "a.txt", "--separator", ";", "--encoding", "cp1252", "--header", "2")
    found = document(add(tmp_path, path, *flags, "--decimal", ",", "--dayfirst", "yes"))
    choices = {choice["key"]: choice for choice in found["choices"]}
    assert {key: (choice["value"], choice["chosen"]) for key, choice in choices.items()} == {
        "member": ("a.txt", True),
        "separator": (";", True),
        "header": ("2", True),
        "encoding": ("cp1252", True),
        "decimal": (",", True),
        "dayfirst": ("yes", True),
    }
    assert choices["member"]["options"] == ["a.txt", "b.txt"]
    assert [column["sum"] for column in found["columns"]][2] == 3734
    assert found["aside"] == [{"reason": "another number of values than there are columns", "rows": 1}]


def test_a_choice_that_does_not_fit_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(TEXT)
    done = add(tmp_path, path, "--encoding", "klingon")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no encoding “klingon”" in done.stderr and done.stderr.count("\n") == 1
