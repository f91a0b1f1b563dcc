"""Results as bytes: what goes in comes out, and damaged bytes are refused."""

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pipeline
from core.choose import Clustering
from core.codec import decode, encode
from core.features.customers import Customers
from core.features.matrix import Matrix
from core.groups import Verdict
from core.io.dataset import Dataset
from core.io.store import Store
from core.profile import Profile
from core.spec import Study
from tests.core.small import add


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A part of a result."""

    name: str
    pair: tuple[int, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result with every kind of field that the house has."""

    array: np.ndarray
    table: pa.Table
    parts: tuple[Inner, ...]
    by_key: dict[int, float]
    day: dt.date | None
    nothing: np.ndarray | None = None
    number: float | None = None


RESULT = Result(
    array=np.array([[1.5, np.nan], [-np.inf, 0.0]], dtype=np.float32),
    table=pa.table({"id": ["é", None], "n": pa.array([1, 2], pa.int8())}),
    parts=(Inner(name="a", pair=(1, 2.5)), Inner(name="b")),
    by_key={3: 0.1 + 0.2},
    day=dt.date(2011, 12, 9),
    number=float("nan"),
)


@pytest.fixture(scope="module")
def few(store: Store) -> Dataset:
    """A customer table of 60 rows."""
    rows = "".join(f"{i},{i % 7},{i % 3 * 50 + i},{'ab'[i % 2]}\n" for i in range(60))
    roles = {"customer": "id", "orders": "frequency", "spend": "spend", "kind": "category"}
    return add(store, "customer,orders,spend,kind\n" + rows, roles)


def test_what_goes_in_comes_out() -> None:
    found = decode(Result, encode(RESULT))
    np.testing.assert_array_equal(found.array, RESULT.array)
    assert found.array.dtype == np.float32
    assert found.table.equals(RESULT.table)
    assert (found.parts, found.by_key, found.day) == (RESULT.parts, RESULT.by_key, RESULT.day)
    assert found.nothing is None and np.isnan(found.number)


def test_encoding_is_the_same_every_time() -> None:
    assert encode(RESULT) == encode(decode(Result, encode(RESULT)))


@given(st.integers(0, 10_000), st.binary(max_size=4))
def test_damaged_bytes_are_a_value_error_or_another_result(at: int, other: bytes) -> None:
    good = encode(RESULT)
    at %= len(good)
    for bad in (good[:at], good[:at] + other, good[:at] + other + good[at + len(other) :], other):
        with contextlib.suppress(ValueError):
            assert isinstance(decode(Result, bad), Result)


def test_an_object_array_is_not_written() -> None:
    with pytest.raises(ValueError):
        encode(Inner(name="x", pair=np.array([object()])))  # type: ignore[arg-type]


def test_every_stage_of_a_study_survives(store: Store, few: Dataset) -> None:
    results = pipeline.run(Study.parse(f"ds={few.id}&k=3"), store)
    stages = (
        (Customers, results.customers),
        (Matrix, results.matrix),
        (Verdict, results.verdict),
        (Clustering, results.clustering),
        (Profile, results.profile),
    )
    for kind, result in stages:
        assert encode(decode(kind, encode(result))) == encode(result)


def test_a_stage_is_computed_once_and_read_afterwards(store: Store, few: Dataset) -> None:
    kept: dict[str, bytes] = {}

    def through(key: str, make: Callable[[], bytes]) -> bytes:
        if key not in kept:
            kept[key] = make()
        return kept[key]

    first = pipeline.run(Study.parse(f"ds={few.id}&k=3"), store, through=through)
    size = len(kept)
    again = pipeline.run(Study.parse(f"ds={few.id}&k=3&average=mean"), store, through=through)
    assert len(kept) == size == len(pipeline.NEEDS["profile"])
    assert again.profile == first.profile


def test_a_damaged_entry_is_computed_again(store: Store, few: Dataset) -> None:
    results = pipeline.run(Study.parse(f"ds={few.id}&k=3"), store, through=lambda key, make: b"damaged")
    assert results.profile is not None and len(results.profile.segments) == 3
