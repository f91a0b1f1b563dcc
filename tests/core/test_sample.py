"""A sample of the customers: the same each time, nested, and said with its money."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from core import describe, pipeline
from core.features.cohort import of_study
from core.features.sampled import first_by_hash, hash_of
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Cohort, Study
from tests.core.small import add, sheet

IDS = [f"customer {i}" for i in range(400)]
ROWS = [f"c{i},{10 + 37 * i % 101},{1 + i % 7}" for i in range(120)]
ROLES = {"customer": "id", "spend": "spend", "orders": "frequency"}


def chosen(ids: list[str], size: int) -> set[str]:
    """The ids of a sample."""
    mask = first_by_hash(pa.chunked_array([ids]), size)
    return {one for one, kept in zip(ids, mask, strict=True) if kept}


@pytest.fixture(scope="module")
def table(store: Store) -> Dataset:
    """A customer table of 120 rows."""
    return add(store, "customer,spend,orders\n" + "\n".join(ROWS), ROLES)


def test_a_sample_has_the_size_asked_for() -> None:
    assert [len(chosen(IDS, size)) for size in (0, 1, 20, 399, 400, 500)] == [0, 1, 20, 399, 400, 400]


def test_the_order_of_the_ids_does_not_matter() -> None:
    assert chosen(IDS, 37) == chosen(IDS[::-1], 37) == chosen(sorted(IDS, key=len), 37)


def test_a_larger_sample_holds_a_smaller_one() -> None:
    samples = [chosen(IDS, size) for size in (10, 50, 51, 300)]
    assert all(small < large for small, large in pairwise(samples))


def test_the_hash_is_that_of_every_machine_and_any_chunks() -> None:
    known = [0xC3817C016BA4FF30, 0x5F29C2AADD9B8527, 0x844F3380D17C0C12]
    ids = ["", "a", "Zoë"]
    assert hash_of(pa.chunked_array([ids])).tolist() == known
    parts = pa.chunked_array([ids[:1], ids[1:]]).slice(1)
    assert hash_of(parts).tolist() == known[1:]
    assert hash_of(pa.chunked_array([], pa.string())).size == 0


def test_ids_in_a_row_are_drawn_evenly() -> None:
    mask = first_by_hash(pa.chunked_array([[str(i) for i in range(100_000)]]), 20_000)
    tenths = mask.reshape(10, -1).sum(axis=1)
    assert abs(tenths - 2_000).max() < 5 * np.sqrt(10_000 * 0.2 * 0.8)


def test_ids_that_are_equal_for_long_are_told_apart_by_their_order() -> None:
    ids = [f"{'x' * 80}{i}" for i in range(9)]
    assert chosen(ids, 4) == set(ids[:4])


def test_the_sample_is_of_those_who_meet_the_conditions() -> None:
    customers = sheet({"age": np.arange(100.0)})
    cohort = Study.parse("where=age:ge:40&sample=25").cohort
    found = of_study(customers, cohort)
    assert (int(found.met.sum()), int(found.mask.sum())) == (60, 25)
    assert not found.mask[:40].any()
    assert of_study(customers, Cohort(where=cohort.where, sample=60)).mask.tolist() == found.met.tolist()


def test_who_is_not_in_the_sample_stands_in_the_ledger_and_the_scope(store: Store, table: Dataset) -> None:
    study = Study.parse(f"ds={table.id}&sample=30&k=2&n_init=1")
    results = pipeline.run(study, store)
    assert results.matrix is not None and results.clustering is not None
    out, total = results.matrix.ledger
    spend = results.customers.number("monetary")
    assert (out.key, out.kind, out.customers) == ("not_sampled", "out", 90)
    assert (total.key, total.customers) == ("segmented", 30)
    assert out.money == pytest.approx(spend.sum() - spend[results.matrix.rows].sum())
    assert results.clustering.labels.size == 30
    assert describe.scope(study, results).startswith("30 customers · from a sample of 30 of 120 customers")


def test_labels_are_those_of_all_customers(store: Store, table: Dataset) -> None:
    whole, part = (
        pipeline.run(Study.parse(f"ds={table.id}{more}"), store, need="customers").customers
        for more in ("", "&sample=30")
    )
    assert whole.table.equals(part.table) and whole.labels == part.labels


def test_a_sample_of_more_than_there_are_is_all_of_them(store: Store, table: Dataset) -> None:
    plain, sampled = (Study.parse(f"ds={table.id}&k=2&n_init=1{more}") for more in ("", "&sample=120"))
    one, other = pipeline.run(plain, store), pipeline.run(sampled, store)
    assert one.matrix is not None and other.matrix is not None
    assert np.array_equal(one.matrix.x, other.matrix.x)
    assert "sample" not in describe.scope(sampled, other)
