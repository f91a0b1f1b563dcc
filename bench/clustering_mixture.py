"""Gaussian mixtures of planted segments, beside scikit-learn's; every run in a process of its own.

`python -m bench.clustering_mixture WHO FILE` measures one and prints JSON; WHO is `ours` or `peer`, FILE
holds the compared numbers and the planted segments.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from bench.row import Row

CUSTOMERS: Final = 1_000_000
COLUMNS: Final = 12
SHARES: Final = (0.3, 0.25, 0.2, 0.12, 0.08, 0.05)
RUNS: Final = 3
_KS: Final = tuple(range(2, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds and MiB of a process, the work without the imports; agreement with the plant, and best k."""

    wall: float
    cpu: float
    memory: float
    agreement: float
    best: int


def rows() -> Iterator[Row]:
    """The table's lines on mixtures."""
    with TemporaryDirectory() as home:
        path = Path(home) / "planted.npz"
        x, own = planted(CUSTOMERS)
        np.savez(path, x=x, own=own)
        del x, own
        ours, peer = _least("ours", path), _least("peer", path)
    figures = {
        "wall": ("s", 1),
        "cpu": ("s", 1),
        "memory": ("MiB", 0),
        "agreement": ("", 3),
        "best": ("", 0),
    }
    said = {
        "agreement": f"agreement with the plant at {len(SHARES)}",
        "best": f"number with the lowest BIC ({len(SHARES)} planted)",
    }
    for what, (unit, digits) in figures.items():
        yield Row(
            name=f"Mixtures of 2 to 8, {CUSTOMERS:,} × {COLUMNS}, {said.get(what, what)}",
            ours=getattr(ours, what),
            peer=getattr(peer, what),
            unit=unit,
            digits=digits,
            runs=RUNS,
        )


def planted(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Standardised numbers (n, 12) in six unequal segments of unlike shapes, and the segment of each."""
    rng = np.random.default_rng(seed)
    own = rng.choice(len(SHARES), n, p=SHARES)
    x = rng.normal(size=(n, COLUMNS))
    for segment in range(len(SHARES)):
        shape = np.eye(COLUMNS) + rng.normal(0, 0.35, (COLUMNS, COLUMNS))
        x[own == segment] = x[own == segment] @ shape + rng.normal(0, 2.2, COLUMNS)
    return (x - x.mean(axis=0)) / x.std(axis=0), own


def _least(who: str, path: Path) -> Measured:
    """The least of some runs of each figure."""
    command = [sys.executable, "-m", "bench.clustering_mixture", who, str(path)]
    done = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(RUNS)]
    found = [json.loads(one.stdout.splitlines()[-1]) for one in done]
    return Measured(**{what: min(one[what] for one in found) for what in found[0]})


def _ours(x: np.ndarray) -> Callable[[], tuple[np.ndarray, int]]:
    from core.cluster import mixture
    from core.cluster.contract import Case, silent
    from core.spec import Cluster

    def work() -> tuple[np.ndarray, int]:
        found = mixture.fit(Case(x=x, spec=Cluster(), ks=_KS), silent)
        assert found.bic is not None
        return found.labels[len(SHARES)], min(_KS, key=found.bic.__getitem__)

    return work


def _peer(x: np.ndarray) -> Callable[[], tuple[np.ndarray, int]]:
    from sklearn.mixture import GaussianMixture

    from core.cluster.mixture import FLOOR, SAMPLE

    def work() -> tuple[np.ndarray, int]:
        sample = x[np.random.default_rng(0).choice(len(x), SAMPLE, replace=False)]
        fits = {k: GaussianMixture(k, reg_covar=FLOOR, tol=1e-5, max_iter=200, random_state=0) for k in _KS}
        labels = {k: fit.fit(sample).predict(x) for k, fit in fits.items()}
        return labels[len(SHARES)], min(_KS, key=lambda k: fits[k].bic(sample))

    return work


def main() -> None:
    """Measure once, as the arguments say."""
    from sklearn.metrics import adjusted_rand_score

    who, path = sys.argv[1:]
    with np.load(path) as file:
        x, own = file["x"], file["own"]
    work = {"ours": _ours, "peer": _peer}[who](x)
    began, cpu = time.perf_counter(), time.process_time()
    labels, best = work()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    agreement = float(adjusted_rand_score(own, labels))
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory, "agreement": agreement, "best": best}))


if __name__ == "__main__":
    main()
