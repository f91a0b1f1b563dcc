"""The README's commands with what they really print."""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from webapp.settings import ROOT

ORDERS: Final = """\
Order;Date;Customer;Product;Quantity;Price
1001;04.03.2026;C-17;Mug set;2;12,50
1001;04.03.2026;C-17;Kettle;1;39,90
1002;05.03.2026;C-04;Notebook;5;3,20
1003;19.03.2026;C-17;Candle;3;8,00
1004;21.03.2026;;Candle;1;8,00
"""
OF_THE_DEMO: Final = ("demo", "run 'where=country:eq:France&k=4'", "export 'k=5' --out customers.csv")
OF_A_FILE: Final = ("add orders.csv",)


def orders_file() -> str:
    """The README's little log."""
    return f"```\n{ORDERS}```"


def on_the_demo() -> str:
    """Demo, run and export, each with its output."""
    return _session(OF_THE_DEMO)


def on_a_file() -> str:
    """The little log added."""
    return _session(OF_A_FILE)


def _session(commands: Sequence[str]) -> str:
    """Commands, one after the other in a data directory of their own, as a terminal shows them."""
    with TemporaryDirectory() as folder:
        Path(folder, "orders.csv").write_text(ORDERS, encoding="utf-8")
        shown = [f"$ .venv/bin/python -m core {command}\n{_output(command, folder)}" for command in commands]
    return "```console\n" + "\n".join(shown) + "```"


def _output(command: str, folder: str) -> str:
    environment = {**os.environ, "DATA_DIR": f"{folder}/var", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "core", *shlex.split(command)]
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
