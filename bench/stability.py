"""How repeatable the segments of a million customers are, beside the time of finding them.

Both in one process, one after the other, on the planted segments of `bench.clustering_tree`.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from bench.clustering_tree import OVERLAPPING, planted
from bench.row import Row
from core.cluster import ALGORITHMS
from core.cluster.contract import Case, silent
from core.spec import Cluster
from core.stability import ROUNDS, stabilities

CUSTOMERS: Final = 1_000_000
KS: Final = tuple(range(2, 13))
RUNS: Final = 2


def rows() -> Iterator[Row]:
    """The table's lines on stability: all numbers of segments, the least of two runs."""
    x = planted(CUSTOMERS, OVERLAPPING)[0]
    for name in ("kmeans", "hierarchical", "mixture"):
        algorithm, spec = ALGORITHMS[name], Cluster(algorithm=name, k_high=KS[-1])
        case = Case(x=x, spec=spec, ks=KS)
        fits, fitted = _least(partial(algorithm.fit, case, silent))
        again, _ = _least(partial(stabilities, x, fitted.labels, algorithm, spec))
        what = f"{name}, {ROUNDS} bootstraps, k = 2…12, {CUSTOMERS:,} × {x.shape[1]}; peer: the fits"
        for unit, at in (("CPU", 0), ("wall", 1)):
            name = f"Stability, {what}, {unit}"
            yield Row(name=name, ours=again[at], peer=fits[at], unit="s", digits=2, runs=RUNS)


def _least(work: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """CPU and wall seconds, the least of each, and what came of it."""
    found = []
    for _ in range(RUNS):
        cpu, wall = time.process_time(), time.perf_counter()
        made = work()
        found.append((time.process_time() - cpu, time.perf_counter() - wall))
    return (min(cpu for cpu, _ in found), min(wall for _, wall in found)), made
