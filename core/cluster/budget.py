"""Whether a grouping fits into what the process may still use, known before it begins.

The constants were measured on 0.1 to 1 million customers by 4 to 12 attributes: the address space and
processor seconds of everything from the customer sheet to the profiles. A machine may need `MARGIN` times
as much before it is not refused in time.
"""

import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from core.cluster.hierarchical import LINKAGES
from core.errors import UserError
from core.spec import PARAMS, Cluster
from core.words import plural

GB: Final = 1024**3
MB: Final = 1024**2
LEAST_SAMPLE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Bytes of address space and seconds of a processor."""

    memory: float
    seconds: float


MARGIN: Final = Needs(memory=1.25, seconds=2.0)
"""How many times the measured bytes and seconds another machine may need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a method needs beside what each customer, attribute and number of segments costs in any."""

    memory: float = 0
    seconds: float = 0
    bytes_a_customer: float = 0


ALWAYS: Final = Needs(memory=300 * MB, seconds=1.5)
A_CUSTOMER: Final = Needs(memory=144, seconds=30e-6)
A_CELL: Final = Needs(memory=40, seconds=0.7e-6)
A_LABEL: Final = Needs(memory=8, seconds=0.7e-6)
COSTS: Final[dict[str, Cost]] = {
    "kmeans": Cost(),
    "hierarchical": Cost(),
    "dbscan": Cost(seconds=40, bytes_a_customer=160),  # core.cluster.effort bounds its search
    "hdbscan": Cost(memory=140 * MB, seconds=3),
    "mixture": Cost(seconds=10, bytes_a_customer=130),
    "rules": Cost(),
}
PAIRS: Final[dict[str, Needs]] = {
    "ward": Needs(memory=0, seconds=8e-9),
    "average": Needs(memory=4, seconds=4e-8),
    "complete": Needs(memory=4, seconds=4e-8),
    "single": Needs(memory=0, seconds=8e-9),
}
"""What each pair of customers costs who are joined one by one, by linkage."""


def needs(spec: Cluster, rows: int, columns: int) -> Needs:
    """What it takes to group so many customers by so many compared columns, with the margin."""
    cost, numbers = COSTS[spec.algorithm], _numbers(spec)
    pairs = rows**2 if rows <= LINKAGES[spec.linkage].exact and spec.algorithm == "hierarchical" else 0
    pair = PAIRS[spec.linkage]

    def total(what: str, own: float, each: float) -> float:
        always, customer, cell, label, joined = (
            getattr(one, what) for one in (ALWAYS, A_CUSTOMER, A_CELL, A_LABEL, pair)
        )
        of_rows = rows * (customer + each + cell * columns + label * numbers)
        return float(getattr(MARGIN, what) * (always + own + of_rows + joined * pairs))

    return Needs(
        memory=total("memory", cost.memory, cost.bytes_a_customer), seconds=total("seconds", cost.seconds, 0)
    )


def left() -> Needs:
    """What this process may still use by its limits; without a limit of memory, what the machine has."""
    space, seconds = (resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU))
    page = resource.getpagesize()
    if space == resource.RLIM_INFINITY:
        memory = os.sysconf("SC_PHYS_PAGES") * page
    else:
        with open("/proc/self/statm") as file:
            memory = space - int(file.read().split()[0]) * page
    endless = seconds == resource.RLIM_INFINITY
    return Needs(
        memory=float(memory), seconds=float("inf") if endless else float(seconds) - time.process_time()
    )


def check(spec: Cluster, rows: int, columns: int, held: int = 0) -> None:
    """Refuse in words what would not fit, with the sample that does.

    Parameters
    ----------
    held : int
        Bytes of it that the process holds already.

    Raises
    ------
    UserError
        With an offer of a sample, where one fits.
    """
    room = left()
    room = Needs(memory=room.memory + held, seconds=room.seconds)
    wanted = needs(spec, rows, columns)
    if not _fits(wanted, room):
        size = next((one for one in _samples(rows) if _fits(needs(spec, one, columns), room)), None)
        grouped = f"{plural(rows, 'customer')} by {plural(columns, 'attribute')}"
        raise _refusal(f"{_named(spec)} of {grouped}", wanted, room, size)


def _refusal(what: str, wanted: Needs, room: Needs, size: int | None) -> UserError:
    if wanted.memory > room.memory:
        much, here = f"{_size(wanted.memory)} of memory", _size(max(room.memory, 0))
        more = "JOB_MEMORY_MB where there is more memory"
    else:
        much, here, more = _time(wanted.seconds), _time(max(room.seconds, 0)), "JOB_CPU_SECONDS"
    said = f"{what} may take up to {much}; {here} are left for it here."
    if size is None:
        return UserError(said, f"Choose fewer attributes, or raise {more}.")
    hint = f"Group a sample of {size:,} customers instead, or choose fewer attributes."
    return UserError(said, hint, {"sample": str(size)})


def _named(spec: Cluster) -> str:
    return dict(PARAMS["algorithm"][1].choices)[spec.algorithm]


def _numbers(spec: Cluster) -> int:
    """How many numbers of segments are compared."""
    if spec.algorithm in ("dbscan", "hdbscan", "rules"):
        return 1
    return max(spec.k_low, spec.k_high, spec.k or 2) - 1


def _fits(wanted: Needs, room: Needs) -> bool:
    return wanted.memory <= room.memory and wanted.seconds <= room.seconds


def _samples(rows: int) -> Iterator[int]:
    """Round numbers below the number of customers, the largest first."""
    sizes = sorted(digit * 10**power for digit, power in product((1, 2, 5), range(3, 9)))
    return (size for size in reversed(sizes) if LEAST_SAMPLE <= size < rows)


def _size(memory: float) -> str:
    return f"{memory / GB:.1f} GB" if memory >= 0.95 * GB else f"{memory / MB:,.0f} MB"


def _time(seconds: float) -> str:
    return f"{seconds / 60:,.0f} minutes" if seconds >= 120 else f"{seconds:,.0f} seconds"
