"""What would pass the limits of a process is refused beforehand, with the sample that does not."""

import resource
from itertools import pairwise

import pytest

from core import child, describe
from core.child import Limits
from core.cluster import ALGORITHMS, budget
from core.cluster.budget import GB, MB, Needs, needs
from core.cluster.hierarchical import LINKAGES
from core.errors import UserError
from core.spec import Cluster

MILLION = 1_000_000


def refused(spec: Cluster, rows: int, columns: int) -> UserError:
    """The refusal in a child with the usual limits."""
    with pytest.raises(UserError) as caught:
        child.run(
            "tests.core.child_functions:group",
            {"algorithm": spec.algorithm, "linkage": spec.linkage, "rows": rows, "columns": columns},
            limits=Limits(memory_mb=2048, cpu_seconds=300),
        )
    return caught.value


def test_every_method_and_linkage_has_its_costs() -> None:
    assert set(budget.COSTS) == set(ALGORITHMS)
    assert set(budget.PAIRS) == set(LINKAGES)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("what", ["memory", "seconds"])
def test_more_customers_attributes_and_numbers_need_more(algorithm: str, what: str) -> None:
    spec = Cluster(algorithm=algorithm)
    by_rows = [getattr(needs(spec, rows, 8), what) for rows in (100, 200_000, MILLION)]
    by_columns = [getattr(needs(spec, MILLION, columns), what) for columns in (1, 2, 40)]
    assert all(less < more for found in (by_rows, by_columns) for less, more in pairwise(found))
    if ALGORITHMS[algorithm].chooses_k:
        twelve = needs(Cluster(algorithm=algorithm, k_high=12), MILLION, 8)
        assert getattr(twelve, what) > by_rows[-1]


def test_pairs_are_counted_up_to_the_exact_limit_only() -> None:
    spec = Cluster(algorithm="hierarchical", linkage="complete")
    exact = LINKAGES["complete"].exact
    assert needs(spec, exact, 4).memory - needs(Cluster(), exact, 4).memory >= 4 * exact**2
    assert needs(spec, exact + 1, 4) == needs(Cluster(), exact + 1, 4)


def test_a_process_without_limits_may_use_the_machine() -> None:
    if resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY:
        assert budget.left().seconds == float("inf")
    budget.check(Cluster(), 1_000, 12)


def test_what_the_memory_does_not_hold_is_refused_with_a_sample_that_it_does() -> None:
    error = refused(Cluster(algorithm="hierarchical"), 9 * MILLION, 40)
    assert error.message.startswith(
        "Family tree of 9,000,000 customers by 40 attributes may take up to 19.2 GB of memory; "
    )
    size = int(error.offer["sample"])
    assert error.hint == f"Group a sample of {size:,} customers instead, or choose fewer attributes."
    fits = needs(Cluster(algorithm="hierarchical"), size, 40)
    assert fits.memory <= 2 * GB and size >= 200_000
    assert describe.offered(error.offer) == f"Group a sample of {size:,} customers"


def test_what_would_take_too_long_is_refused_in_minutes() -> None:
    limits = Limits(memory_mb=500_000, cpu_seconds=300)
    with pytest.raises(UserError, match=r"may take up to 29 minutes; 5 minutes are left for it here\.") as e:
        child.run(
            "tests.core.child_functions:group",
            {"algorithm": "kmeans", "linkage": "ward", "rows": 20 * MILLION, "columns": 12},
            limits=limits,
        )
    assert e.value.offer == {"sample": "2000000"}


def test_where_no_sample_fits_there_is_no_offer() -> None:
    wanted = needs(Cluster(), MILLION, 12)
    error = budget._refusal("A grouping", wanted, Needs(memory=100 * MB, seconds=300), None)
    assert not error.offer and "JOB_MEMORY_MB" in error.hint
