"""Customers and products packed into one number each, and sums that must be exact."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest

from core.errors import UserError
from core.features.coded import both_coded
from core.features.pairs import Packing, bought, packing
from core.features.runs import runs_of
from core.io.store import Store
from tests.core.small import add_log, column, customers_of

LOG = "order,customer,day,product,quantity,price\n"
HOW = Packing(customer=10, product=100, products=4)
"""Products 100 to 102, and one number for lines without."""


def line(customer: int, product: int | None, pieces: int = 1, back: bool = False, early: bool = False) -> int:
    """A packed line; its pieces stand for their hash."""
    at = 3 if product is None else product - 100
    return ((((customer - 10) * 4 + at) << 16) + pieces << 2) + 2 * back + early


def read(*lines: int) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """Variety by customer, and the suspects."""
    with ThreadPoolExecutor(2) as pool:
        found = bought(np.array(lines, dtype=np.int64), HOW, pool)
    variety = dict(
        zip(found.variety["customer"].to_pylist(), found.variety["variety"].to_pylist(), strict=True)
    )
    return variety, list(zip(*(found.suspects[n].to_pylist() for n in ("customer", "_thing")), strict=True))


def test_variety_counts_each_product_of_a_sale_in_the_period_once() -> None:
    sales = (line(10, 100), line(10, 100, 2), line(10, 102), line(11, 100), line(11, None))
    assert read(*sales, line(11, 101, back=True), line(12, 101, early=True))[0] == {10: 2, 11: 1}


def test_a_suspect_has_a_sale_of_as_many_pieces_as_came_back() -> None:
    back = (line(10, 100, 2, back=True), line(11, 101, 1, back=True), line(12, None, 1, back=True))
    sold = (line(10, 100, 2), line(11, 101, 5), line(11, 100, 1), line(12, None, 1, early=True))
    assert read(*sold, *back)[1] == [(10, 100), (12, -(2**63))]


def test_lines_that_are_neither_a_sale_nor_a_return_are_passed_over() -> None:
    assert read(line(10, 100), 2**62 + line(10, 101))[0] == {10: 1}


def test_customers_and_products_of_too_wide_a_range_are_not_packed() -> None:
    assert packing((1, 10**6), (1, 10**5)) is not None
    assert packing((1, 10**15), (1, 10**5)) is None


@pytest.mark.parametrize("far", [1, 2**61, 2**62])
def test_numbers_of_any_range_are_coded_apart(far: int) -> None:
    one, other = pa.chunked_array([[far, -far, 0]]), pa.chunked_array([[7, far, -far]])
    a, b = both_coded(one, other)
    keys = {x * b.size + y for x in a.of(one).tolist() for y in b.of(other).tolist()}
    assert len(keys) == 9
    assert a.values(a.of(one)).to_pylist() == [far, -far, 0]


def test_a_sum_that_can_not_be_held_exactly_is_refused() -> None:
    runs = runs_of(np.array([1, 1, 2]))
    assert runs.money(np.array([4 * 10**17, 5 * 10**17, 1])).tolist() == [9 * 10**17, 1]
    with pytest.raises(UserError, match="too large to be money"):
        runs.money(np.array([5 * 10**17, 5 * 10**17, 1]))


@pytest.mark.parametrize("wide", [1, 10**15])
def test_packed_or_not_the_customers_are_the_same(store: Store, wide: int) -> None:
    log = add_log(
        store,
        LOG
        + f"""1,{wide},2024-01-01,5,2,5
              1,{wide},2024-01-01,6,1,5
              2,{wide},2024-02-01,{7 * wide},1,5
              3,{wide},2024-02-02,{7 * wide},-1,5
              4,{2 * wide},2024-03-01,5,1,5
              4,{2 * wide},2024-03-01,5,3,5""",
    )
    found = customers_of(store, log)
    assert column(found, "variety") == {str(wide): 2, str(2 * wide): 1}
    assert column(found, "orders") == {str(wide): 1, str(2 * wide): 1}
