"""The children of the worker's fork server find loaded what they need."""

import json
import subprocess
import sys
from pathlib import Path

from webapp.settings import ROOT

HEAVY = ("duckdb", "ibis", "pandas", "pyarrow", "python_calamine", "scipy", "sklearn", "sqlalchemy")
SCRIPT = """
import json, pathlib, sys
import core.loaded
before = set(sys.modules)
from core import pipeline
from core.io.store import Store
from core.spec import Study
home = pathlib.Path(sys.argv[1])
file = home / "people.csv"
file.write_text("customer,age,income\\n" + "".join(f"C{i},{20 + i % 50},{i * 37 % 91}\\n" for i in range(60)))
store = Store(home)
ds = store.add(file).id
for query in ("outliers=cap-iqr", "algorithm=hierarchical&missing=nearest", "algorithm=dbscan"):
    pipeline.run(Study.parse(f"ds={ds}&{query}"), store, "data")
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_reading_and_fitting_load_no_library_anew(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    loaded = {name.split(".")[0] for name in json.loads(ran.stdout) if name.count(".") < 2}
    assert loaded & set(HEAVY) <= {"pyarrow", "sqlalchemy"}  # small parts of what is there
