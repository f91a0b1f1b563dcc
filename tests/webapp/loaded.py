"""Serve every page in a process of its own and say which large libraries it has loaded by then."""

import json
import os
import sys

from tests.webapp.visitor import Visitor
from webapp.app import create_app
from webapp.settings import Settings

LARGE = ("duckdb", "ibis", "sqlglot", "sklearn", "scipy", "pandas")


def loaded(*names: str) -> list[str]:
    """Those of the libraries that this process has loaded."""
    return [name for name in names if name in sys.modules]


def main(data_dir: str, addresses: list[str]) -> None:
    visitor = Visitor(create_app(Settings.from_env({**os.environ, "DATA_DIR": data_dir})))
    at_start = loaded(*LARGE)
    pages = sum(bool(visitor.open(address).finding) for address in addresses)
    json.dump({"pages": pages, "at_start": at_start, "loaded": loaded(*LARGE)}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
