"""A Postgres for one test: a cluster in a folder, asked without a server or a port."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest

TYPES = {
    "string": "text",
    "double": "double precision",
    "int64": "bigint",
    "int8": "smallint",
    "bool": "text",
}
"""Arrow type -> that of Postgres; the customer sheet's flags are read as their words."""


def answers(tables: dict[str, pa.Table], queries: list[str]) -> list[list[list[str]]]:
    """The rows of each query as text, in Postgres; the test is skipped where there is none."""
    programs = _programs()
    with TemporaryDirectory(prefix="atlas-postgres-") as home:
        folder, owner = Path(home), _owner()
        for name, table in tables.items():
            arrow_csv.write_csv(table, folder / f"{name}.csv")
        if owner:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, owner)
        data = folder / "data"
        _ran([programs / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], owner)
        told = [_created(name, table) for name, table in tables.items()]
        told += [f"COPY {name} FROM '{folder}/{name}.csv' CSV HEADER" for name in tables]
        told += [f"COPY ({q}) TO '{folder}/{at}.out' CSV" for at, q in enumerate(queries)]
        said = _ran([programs / "postgres", "--single", "-j", "-D", data, "postgres"], owner, told)
        assert "ERROR" not in said, said
        return [
            [line.split(",") for line in (folder / f"{at}.out").read_text().splitlines()]
            for at in range(len(queries))
        ]


def _created(name: str, table: pa.Table) -> str:
    columns = [f'"{f.name}" {TYPES[str(f.type)]}' for f in table.schema]
    return f"CREATE TABLE {name} ({', '.join(columns)})"


def _ran(command: list[Any], owner: str, statements: list[str] | None = None) -> str:
    text = "".join(f"{one};\n\n" for one in statements or [])
    extra: dict[str, Any] = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=True, cwd="/", timeout=120, **extra
    )
    return done.stdout + done.stderr


def _owner() -> str:
    """Who runs it: Postgres refuses root."""
    if os.getuid():
        return ""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = str(found[-1]) if found else shutil.which("initdb")
    if path is None:
        pytest.skip("there is no Postgres on this machine")
    return Path(path).parent
