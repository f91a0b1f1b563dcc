"""What is said of segments beyond their profile, over very many customers; each figure in its own process.

`python -m bench.profiles WHAT` prints the CPU seconds of one of `WHAT`. The peers stand for what an analyst
would run: a description of every column by segment, and the permutation importance of a forest.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from bench import change
from bench.row import Row

CUSTOMERS: Final = 1_000_000
NUMBERS, WORDS, SEGMENTS, COMPARED = 15, 5, 6, 12
RUNS: Final = 2
PEER_ROWS: Final = 40_000


def rows() -> Iterator[Row]:
    """The table's lines on differences, drivers, plain rules and the rules beside the segments."""
    done = {what: min(_child(what) for _ in range(RUNS)) for what in WHAT}
    name = f"{CUSTOMERS:,} × {NUMBERS + WORDS}, {SEGMENTS} segments, cpu"
    for what, peer in (
        ("differences", "pandas describe by segment"),
        ("drivers", f"scikit-learn permutation importance of {PEER_ROWS:,}"),
    ):
        yield Row(name=f"{what}, {name}; peer: {peer}", ours=done[what], peer=done[peer], unit="s", runs=RUNS)
    for what in ("profile", "plain", "crossed", "margins"):
        yield Row(name=f"{what}, {name}", ours=done[what], unit="s", runs=RUNS, digits=2)
    whole = sum(done[what] for what in ("profile", "differences", "drivers", "plain", "crossed", "margins"))
    yield Row(name=f"all of these, {name}; peer: the limit", ours=whole, peer=5.0, unit="s", runs=RUNS)
    yield from change.rows()


def _child(what: str) -> float:
    command = [sys.executable, "-m", "bench.profiles", what]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def case() -> tuple[Any, Any, Any]:
    """A customer sheet, a matrix and a clustering: planted segments, a tenth of each column missing."""
    import pyarrow as pa

    from core.features.customers import Customers, Measure
    from tests.core.blobs import matrix_of
    from tests.core.grouped import grouping

    rng = np.random.default_rng(0)
    labels = rng.integers(1, SEGMENTS + 1, CUSTOMERS).astype(np.int8)
    units = ("money", "count", "days", "rate", "share")
    table: dict[str, Any] = {"id": pa.array(np.arange(CUSTOMERS)).cast(pa.string())}
    measures = []
    for at in range(NUMBERS):
        x = np.exp(rng.normal(size=CUSTOMERS) + labels * (at % 4) / 6)
        table[f"n{at}"] = pa.array(x, mask=rng.random(CUSTOMERS) < 0.1)
        measures.append(Measure(slug=f"n{at}", label=f"Number {at}", unit=units[at % len(units)]))
    for at in range(WORDS):
        codes = (rng.integers(0, 8, CUSTOMERS) + labels * (at % 2)) % 8
        words = np.array([f"word {i}" for i in range(8)])[codes]
        table[f"w{at}"] = pa.array(words, mask=rng.random(CUSTOMERS) < 0.1)
        measures.append(Measure(slug=f"w{at}", label=f"Word {at}", unit="category"))
    for score in ("r", "f", "m", "fm"):
        table[score] = pa.array(rng.integers(1, 6, CUSTOMERS).astype(np.int8))
    table["new"] = pa.array(np.zeros(CUSTOMERS, np.int8))
    customers = Customers(kind="log", table=pa.table(table), measures=tuple(measures), labels=(), ledger=())
    matrix = matrix_of(np.zeros((CUSTOMERS, COMPARED)))
    return customers, matrix, replace(grouping(labels), centres=np.zeros((SEGMENTS, COMPARED)))


def _profile(customers: Any, matrix: Any, found: Any) -> None:
    from core.profile import profile

    profile(customers, matrix, found)


def _differences(customers: Any, matrix: Any, found: Any) -> None:
    from core.differences import differences

    differences(customers, matrix, found)


def _drivers(customers: Any, matrix: Any, found: Any) -> None:
    from core.drivers import drivers

    drivers(customers, matrix.rows, ("n0", "n1"), found.labels)


def _plain(customers: Any, matrix: Any, found: Any) -> None:
    from core.plain import plain_rules

    plain_rules(customers, matrix.rows, found.labels, found.k)


def _crossed(customers: Any, matrix: Any, found: Any) -> None:
    from core.crossed import crossed

    crossed(customers, matrix, found)


def _margins(customers: Any, matrix: Any, found: Any) -> None:
    from core.margins import margins

    margins(matrix, found)


def _described(customers: Any, matrix: Any, found: Any) -> None:
    frame = customers.table.select([m.slug for m in customers.measures if m.numeric]).to_pandas()
    frame.groupby(found.labels).describe()


def _permuted(customers: Any, matrix: Any, found: Any) -> None:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.inspection import permutation_importance

    numbers = [m.slug for m in customers.measures if m.numeric]
    x = np.column_stack([customers.number(slug)[:PEER_ROWS] for slug in numbers])
    y = found.labels[:PEER_ROWS]
    half = PEER_ROWS // 2
    forest = RandomForestClassifier(n_jobs=1, random_state=0).fit(x[:half], y[:half])
    permutation_importance(forest, x[half:], y[half:], n_repeats=5, random_state=0)


WHAT: Final[dict[str, Callable[[Any, Any, Any], None]]] = {
    "profile": _profile,
    "differences": _differences,
    "drivers": _drivers,
    "plain": _plain,
    "crossed": _crossed,
    "margins": _margins,
    "pandas describe by segment": _described,
    f"scikit-learn permutation importance of {PEER_ROWS:,}": _permuted,
}


def main() -> None:
    """Do what the argument says and print its CPU seconds."""
    from core import loaded

    assert loaded
    made = case()
    began = time.process_time()
    WHAT[" ".join(sys.argv[1:])](*made)
    print(time.process_time() - began)


if __name__ == "__main__":
    main()
