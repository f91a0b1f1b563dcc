"""A page of a list of 5 million customers, beside pandas and DuckDB; each in a process of its own.

`python -m bench.lists WHO FOLDER` measures one and prints JSON; WHO is `ours`, `pandas` or `duckdb`. `make`
writes what they read.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from bench.row import Row

CUSTOMERS: Final = 5_000_000
NUMBERS: Final = 17
DEEP: Final = 4_000_000
ROWS: Final = 100
RUNS: Final = 7
PEER_RUNS: Final = 3
SEARCHED: Final = "c1012"
CHANGED: Final = "customers-grid.getRowsRequest"
FROM: Final = 0.5
"""The filter keeps the customers whose second number is above it."""

ASKED: Final[dict[str, dict[str, Any]]] = {
    "first page": {},
    "sorted by a number": {"sort": "n00"},
    "sorted by a number, row 4,000,000": {"sort": "n00", "start": DEEP},
    "sorted by a word": {"sort": "city"},
    "search": {"search": SEARCHED},
    "filter and sort": {"sort": "n00", "filter": True},
}
"""What is asked for: the order, the first row, a text, a filter."""


def rows() -> Iterator[Row]:
    """The table's lines on lists of customers."""
    with TemporaryDirectory() as folder:
        _run("make", folder)
        ours, peers = _run("ours", folder), {who: _run(who, folder) for who in ("pandas", "duckdb")}
    for name in ASKED:
        for who, found in peers.items():
            yield Row(
                name=f"List of {CUSTOMERS:,} customers, {name}, median; peer: {who}",
                ours=ours[name],
                peer=found.get(name),
                unit="ms",
                digits=0,
                runs=RUNS,
            )
    yield Row(
        name=f"List of {CUSTOMERS:,} customers, most memory beside the mapped file",
        ours=ours["memory"],
        unit="MiB",
        digits=0,
        runs=RUNS,
    )


def _run(who: str, folder: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.lists", who, folder], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(done.stdout or "{}")
    return found


def _make(folder: Path) -> None:
    """The roll of the demo's study, with many customers in the place of its own."""
    from core.io.store import Store
    from core.pipeline import key_of, run
    from core.roll import write
    from core.spec import Study
    from webapp import rolls
    from webapp.settings import Settings

    settings = Settings.from_env({"DATA_DIR": str(folder)})
    store, study = Store(folder), Study()
    store.ensure_demo()
    results = run(study, store)
    assert results.matrix is not None and results.clustering is not None
    labels = np.resize(results.clustering.labels, CUSTOMERS)
    x, fitted = results.matrix.x, np.resize(results.matrix.fitted, CUSTOMERS)
    many = replace(
        results,
        customers=_customers(results.customers),
        matrix=replace(
            results.matrix,
            rows=np.arange(CUSTOMERS),
            fitted=fitted,
            x=x[np.arange(int(fitted.sum())) % len(x)],
        ),
        clustering=replace(
            results.clustering, labels=labels, coords=np.zeros((CUSTOMERS, 2), dtype=np.float32)
        ),
    )
    write(rolls.folder(settings), rolls.name_of(study), key_of(study, "customers"), study, many)


def _customers(demo: Any) -> Any:
    """A sheet of 20 columns: the id, numbers of which some are missing, words, a band."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from core.features.customers import Measure

    rng = np.random.default_rng(0)
    place = pc.cast(pa.array(np.arange(CUSTOMERS) + 10**7), pa.string())
    columns: dict[str, Any] = {"id": pc.binary_join_element_wise("C", place, "")}
    measures = []
    for at in range(NUMBERS):
        values = rng.gamma(2.0, 50.0, CUSTOMERS) if at % 2 == 0 else rng.random(CUSTOMERS)
        columns[f"n{at:02}"] = pa.array(values, mask=rng.random(CUSTOMERS) < 0.02 if at % 5 == 0 else None)
        measures.append(
            Measure(slug=f"n{at:02}", label=f"Number {at}", unit="money" if at == 0 else "number")
        )
    for slug, words in (("city", [f"City {i}" for i in range(300)]), ("band", ["low", "mid", "high"])):
        codes = pa.array(rng.integers(0, len(words), CUSTOMERS, dtype=np.int32))
        columns[slug] = pc.cast(pa.DictionaryArray.from_arrays(codes, pa.array(words)), pa.string())
        measures.append(Measure(slug=slug, label=slug.capitalize(), unit="category"))
    return replace(demo, table=pa.table(columns), measures=tuple(measures), labels=())


def _ours(folder: Path) -> dict[str, float]:
    """The callback of the grid, as a browser asks for it: from request to answer."""
    from bench.visitor import Visitor
    from webapp.app import create_app
    from webapp.settings import Settings

    client = create_app(Settings.from_env({"DATA_DIR": str(folder)})).server.test_client()

    def post(path: str, body: bytes) -> tuple[int, bytes]:
        answer = client.post(path, data=body, content_type="application/json")
        return answer.status_code, answer.data

    visitor = Visitor(callbacks=json.loads(client.get("/_dash-dependencies").data), post=post)
    beside = Beside()
    found = {}
    for name, asked in ASKED.items():
        bodies = [
            visitor.request("customers-grid.getRowsResponse", _request(asked, at), [CHANGED])
            for at in range(RUNS)
        ]
        found[name] = median(_milliseconds(lambda body=body: _answered(post, body)) for body in bodies)
    return {**found, "memory": beside.most()}


def _answered(post: Callable[[str, bytes], tuple[int, bytes]], body: bytes) -> None:
    status, data = post("/_dash-update-component", body)
    assert status == 200
    assert len(json.loads(data)["response"]["customers-grid"]["getRowsResponse"]["rowData"]) == ROWS


def _request(asked: dict[str, Any], at: int) -> dict[str, Any]:
    """Each request is another one: what is narrowed for one search or filter is of no use to the next."""
    model = {"n01": {"filterType": "number", "type": "greaterThan", "filter": FROM + at / 1000}}
    start = asked.get("start", 0) + at
    return {
        CHANGED: {
            "startRow": start,
            "endRow": start + ROWS,
            "sortModel": [{"colId": asked["sort"], "sort": "desc"}] if "sort" in asked else [],
            "filterModel": model if "filter" in asked else {},
        },
        "customers-of.data": {"query": "", "segment": "", "everybody": False, "names": []},
        "customers-search.value": f"{asked['search']}{at}" if "search" in asked else "",
    }


def _pandas(folder: Path) -> dict[str, float]:
    frame = _table(folder).to_pandas()
    frame["city"] = frame["city"].astype("str")

    def page(asked: dict[str, Any]) -> Any:
        chosen, start = frame, asked.get("start", 0)
        if "search" in asked:
            chosen = chosen[chosen["id"].str.contains(SEARCHED, case=False, regex=False)]
        if "filter" in asked:
            chosen = chosen[chosen["n01"] > FROM]
        if "sort" in asked:
            order = chosen[asked["sort"]].sort_values(ascending=False, kind="stable").index
            return frame.iloc[order[start : start + ROWS]].to_dict("records")
        return chosen.iloc[start : start + ROWS].to_dict("records")

    return {name: _best(lambda asked=asked: page(asked)) for name, asked in ASKED.items()}


def _duckdb(folder: Path) -> dict[str, float]:
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    connection.register("given", _table(folder))
    connection.execute("create table customers as select * from given")
    connection.unregister("given")

    def page(asked: dict[str, Any]) -> Any:
        where = []
        if "search" in asked:
            where.append(f"contains(lower(id), '{SEARCHED}')")
        if "filter" in asked:
            where.append(f"n01 > {FROM}")
        said = f"where {' and '.join(where)}" if where else ""
        order = f"{asked['sort']} desc nulls last" if "sort" in asked else "id"
        limit = f"limit {ROWS} offset {asked.get('start', 0)}"
        return connection.sql(f"select * from customers {said} order by {order} {limit}").fetchall()

    return {name: _best(lambda asked=asked: page(asked)) for name, asked in ASKED.items()}


def _table(folder: Path) -> Any:
    from core.roll import read

    (name,) = [p.name for p in (folder / "rolls").glob("*.arrow") if ".sheet." not in p.name]
    return read(folder / "rolls", name)[0].customers.table


def _best(work: Callable[[], Any]) -> float:
    return min(_milliseconds(work) for _ in range(PEER_RUNS))


def _milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


class Beside:
    """The most memory of this process since now, in MiB, without the pages of mapped files."""

    def __init__(self) -> None:
        self._before = self._most = _anonymous()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def most(self) -> float:
        """How much more than at first."""
        self._over.set()
        self._thread.join()
        return self._most - self._before

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self._most = max(self._most, _anonymous())


def _anonymous() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


_WHO: Final[dict[str, Callable[[Path], Any]]] = {
    "make": _make,
    "ours": _ours,
    "pandas": _pandas,
    "duckdb": _duckdb,
}


def main() -> None:
    """Measure once, as the first argument says."""
    print(json.dumps(_WHO[sys.argv[1]](Path(sys.argv[2])) or {}))


if __name__ == "__main__":
    main()
