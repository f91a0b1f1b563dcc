"""From a file to a stored table, beside the library that only reads it; each in a process of its own.

To the quality report it is measured as a process from its start, without and with the rows whose numbers
rarely occur together, for which that process loads scikit-learn; and as the product does it, with these rows,
in a child of a fork server that has loaded what the worker names.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd

from bench.row import Row
from bench.sheets import write_workbook
from core import child
from webapp.worker import PRELOAD

LINES: Final = 1_500_000
SHEET_ROWS: Final = 100_000
RUNS: Final = 3

_STORED: Final = """
from core.io.columns import content
from core.io.readers import read
{began}
found = read(path)
content.digest(found)
content.described(found)
content.save(found.table, home / "stored" / "table.parquet")
"""
_REPORTED: Final = """
from core.io.store import Store
from core.quality import report
{began}
store = Store(home)
dataset = store.add(path)
quality = report(store.engine, dataset)
"""
_COMPLETE: Final = f"""{_REPORTED}
from core.quality import with_unusual
with_unusual(quality, store.engine, dataset)
"""
_WORK: Final = (
    (_STORED, "stored table"),
    (_REPORTED, "stored data set and quality report"),
    (_COMPLETE, "the same with unusual combinations"),
)
_PANDAS: Final = """
import pandas
{began}
pandas.read_csv(path)
"""
_CALAMINE: Final = """
import python_calamine
{began}
book = python_calamine.CalamineWorkbook.from_path(path)
book.get_sheet_by_name(book.sheet_names[0]).to_python()
"""
_MEASURED: Final = """
import json, sys, time
from pathlib import Path
path, home = map(Path, sys.argv[1:])
began = 0.0
{work}
seconds = time.process_time() - began
lines = Path("/proc/self/status").read_text().splitlines()
memory = next(line.split()[1] for line in lines if line.startswith("VmHWM"))  # not what the parent had
print(json.dumps([seconds, int(memory) / 1024]))
"""
_FROM_THE_START: Final = ""
_AFTER_IMPORTS: Final = (
    "import pyarrow; pyarrow.array([0])  # loads what it loads at first use\nbegan = time.process_time()"
)


def rows() -> Iterator[Row]:
    """The table's lines on reading: CPU seconds and peak memory of a process, the least of its runs."""
    with TemporaryDirectory() as folder:
        text, sheet = Path(folder) / "log.csv", Path(folder) / "log.xlsx"
        made = log(LINES)
        made.to_csv(text, index=False)
        write_workbook(sheet, made.head(SHEET_ROWS))
        peer = _least(_PANDAS, text, _FROM_THE_START)
        for work, what in _WORK:
            ours = _least(work, text, _FROM_THE_START)
            name = f"CSV of {LINES:,} lines to {what}"
            yield Row(
                name=f"{name}, CPU of the process; pandas.read_csv alone",
                ours=ours[0], peer=peer[0], unit="s", runs=RUNS, digits=2,
            )  # fmt: skip
            yield Row(
                name=f"{name}, peak memory; pandas.read_csv alone",
                ours=ours[1], peer=peer[1], unit="MB", runs=RUNS, digits=0,
            )  # fmt: skip
        yield Row(
            name=f"CSV of {LINES:,} lines to the same, CPU of a job; pandas.read_csv alone in a job",
            ours=_least_of_jobs("reported", text),
            peer=_least_of_jobs("read_by_pandas", text),
            unit="s",
            runs=RUNS,
            digits=2,
        )
        yield Row(
            name=f"Workbook of {SHEET_ROWS:,} rows to stored table, CPU after imports; calamine alone",
            ours=_least(_STORED, sheet, _AFTER_IMPORTS)[0],
            peer=_least(_CALAMINE, sheet, _AFTER_IMPORTS)[0],
            unit="s",
            runs=RUNS,
            digits=2,
        )


def log(lines: int) -> pd.DataFrame:
    """A log of order lines: ids, codes, names, pieces, moments, prices, customers, countries."""
    random = np.random.default_rng(0)
    moments = np.sort(random.integers(0, 730 * 86_400, lines)).astype("m8[s]")
    return pd.DataFrame(
        {
            "InvoiceNo": np.sort(random.integers(500_000, 500_000 + lines // 12, lines)),
            "StockCode": random.integers(10_000, 14_000, lines),
            "Description": _words("PRODUCT NAME WITH WORDS", random.integers(0, 4_000, lines)),
            "Quantity": random.integers(-2, 30, lines),
            "InvoiceDate": np.datetime64("2023-01-01", "s") + moments,
            "UnitPrice": np.round(random.lognormal(1, 1, lines), 2),
            "CustomerID": random.integers(12_000, 12_000 + lines // 12, lines),
            "Country": _words("Country", random.integers(0, 4, lines)),
        }
    )


def _words(word: str, numbers: np.ndarray) -> np.ndarray:
    names: np.ndarray = np.array([f"{word} {i}" for i in range(numbers.max() + 1)])[numbers]
    return names


def _least(work: str, path: Path, began: str) -> tuple[float, float]:
    """Seconds of CPU and MB at the peak, each the least of the runs."""
    code = _MEASURED.format(work=work.format(began=began))
    found = [_run(code, path) for _ in range(RUNS)]
    return min(seconds for seconds, _ in found), min(memory for _, memory in found)


def _least_of_jobs(function: str, path: Path) -> float:
    """Seconds of CPU in a child as the worker starts them, the least of the runs."""
    found = []
    for _ in range(RUNS):
        with TemporaryDirectory() as home:
            done = child.run(f"bench.job:{function}", str(path), home, preload=PRELOAD)
        found.append(float(json.loads(done)))
    return min(found)


def _run(code: str, path: Path) -> tuple[float, float]:
    with TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", code, path, home], capture_output=True, text=True, check=True
        )
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory
