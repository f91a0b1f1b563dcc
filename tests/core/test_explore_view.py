"""How EDA is looked at: how many bars, far-off values left off, the period shown, sales of those shown."""

import numpy as np
import pytest

from core import explore, pipeline
from core.features.order_months import number_of
from core.features.spending import spending
from core.features.spent import Spent
from core.figures import CHARTS
from core.io.store import Store
from core.spec import Study
from tests.core.small import add_log, sheet

RNG = np.random.default_rng(8)
SPEND = np.round(RNG.lognormal(4, 1.5, 2_000), 2)
ALL = np.arange(2_000)
CUSTOMERS = sheet(
    {"monetary": SPEND, "visits": RNG.normal(50, 10, 2_000), "g": ["a", "b"] * 1_000},
    {"monetary": "money", "g": "category"},
)

# B's second order came back whole: it does not stand, and April counts nothing of it
LOG = """
order,customer,day,product,quantity,price
1,A,2024-01-31,tea,1,10
2,A,2024-03-01,tea,2,10
3,A,2024-03-02,mug,1,7.5
4,B,2024-03-09,tea,1,4
5,B,2024-04-05,cup,2,10
5,B,2024-04-06,cup,-2,10
6,C,2024-02-03,mug,3,7
6,C,2024-04-03,mug,-1,7
"""


@pytest.mark.parametrize("about", [5, 12, 100])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_about_so_many_bars_as_are_asked_for(about: int, scale: str) -> None:
    found = explore.histogram(CUSTOMERS, ALL, "monetary", "", scale, about)
    assert 0.35 * about <= found.counts.shape[1] <= 1.4 * about + 1
    assert found.counts.sum() == 2_000


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_the_highest_values_are_left_off_and_counted(scale: str) -> None:
    found = explore.histogram(CUSTOMERS, ALL, "monetary", "g", scale, None, "cut")
    assert 1 <= found.beyond <= 20  # of the highest 1 %, those over the last step
    assert found.beyond == (found.edges[-1] <= SPEND).sum()
    assert found.counts.sum() + found.beyond == 2_000
    assert found.median == np.median(SPEND)
    drawn = CHARTS["histogram"].draw(found, "€")
    assert drawn.caption.startswith(f"{found.beyond} customers with €")


def test_without_far_off_values_nobody_is_left_off() -> None:
    even = sheet({"x": np.repeat([1.0, 2, 3, 4], 50)})
    found = explore.histogram(even, np.arange(200), "x", far="cut")
    assert (found.beyond, found.counts.sum()) == (0, 200)


def test_no_box_is_cut_by_an_axis_without_the_highest_values() -> None:
    found = explore.boxes(CUSTOMERS, ALL, "monetary", "g", "linear", "cut")
    assert found.most is not None
    assert found.most >= max(box.marks[3] for box in found.boxes if box.marks)
    assert found.beyond == (found.most < SPEND).sum() > 0
    assert f"{found.beyond} customers with far-off values" in CHARTS["boxes"].draw(found, "€").caption


def test_points_with_a_far_off_value_are_left_off_and_counted() -> None:
    found = explore.pair(CUSTOMERS, ALL, "visits", "monetary", "", "linear", "cut")
    assert found.points is not None and found.beyond > 0
    assert len(found.points) == found.customers == 2_000 - found.beyond


def test_of_two_attributes_that_say_the_same_another_pair_is_told_first() -> None:
    x = RNG.normal(size=300)
    found = explore.correlations(
        sheet({"x": x, "copy": 2 * x, "alike": x + RNG.normal(size=300)}), np.arange(300)
    )
    assert found is not None
    assert (found.copies, abs(found.strongest[0][2]) < 0.99) == (1, True)


@pytest.fixture(scope="module")
def asked(store: Store) -> Study:
    """A log of seven orders, as of 30 April 2024."""
    return Study.parse(f"ds={add_log(store, LOG).id}&as_of=2024-04-30")


def test_sales_by_month_are_those_of_the_customers_shown(store: Store, asked: Study) -> None:
    results = pipeline.run(asked, store, "months")
    customers, spent = results.customers, results.spent
    assert customers.table["id"].to_pylist() == ["A", "B", "C"] and spent is not None
    found = explore.months(customers, np.array([0, 2]), everybody=False, spent=spent)
    assert found is not None and found.own
    assert found.months == ("2024-01", "2024-02", "2024-03", "2024-04")
    assert (found.net.tolist(), found.orders.tolist()) == ([10, 21, 27.5, -7], [1, 1, 2, 0])
    assert "Of the 2 customers shown." in CHARTS["over_time"].draw(found).answer


@pytest.mark.parametrize("recipe", ["", "&returns=exclude", "&window=365"])
def test_months_of_all_customers_add_up_to_what_each_spent(store: Store, asked: Study, recipe: str) -> None:
    results = pipeline.run(Study.parse(asked.query() + recipe), store, "months")
    customers, spent = results.customers, results.spent
    assert spent is not None and customers.months is not None
    for values, slug in ((spent.net, "monetary"), (spent.orders, "orders")):
        each = np.bincount(spent.customer, weights=values, minlength=len(customers))
        np.testing.assert_allclose(each, customers.number(slug))
    months = [number_of(day) for day in customers.months["month"].to_pylist()]
    net, orders = spent.by_month(np.arange(len(customers)), len(customers), np.array(months))
    np.testing.assert_allclose(net, customers.months["net"].to_numpy())
    np.testing.assert_array_equal(orders, customers.months["orders"].to_numpy())


def test_the_number_of_parts_changes_nothing(store: Store, asked: Study) -> None:
    def ordered(spent: Spent) -> list[tuple[float, ...]]:
        return sorted(zip(*(v.tolist() for v in (spent.customer, spent.month, spent.net)), strict=True))

    customers = pipeline.run(asked, store, "customers").customers
    dataset = store.get(asked.source.ds)
    made = [
        spending(store.engine, dataset, asked.source, asked.clean, customers, parts=parts) for parts in (1, 2)
    ]
    assert ordered(made[0]) == ordered(made[1])


def test_charts_over_time_go_from_month_to_month(store: Store, asked: Study) -> None:
    customers = pipeline.run(asked, store, "customers").customers
    rows = np.arange(len(customers))
    for period in (("2024-02", "2024-03"), ("2024-03", "2024-02")):
        found = explore.months(customers, rows, period=period)
        first = explore.retention(customers, rows, period)
        assert found is not None and first is not None
        assert found.months == ("2024-02", "2024-03") == first.cohorts
        assert first.counts.tolist() == [[1, 0, 0], [1, 0, -1]]
    nothing = explore.months(customers, rows, period=("2030-01", ""))
    assert nothing is not None
    assert CHARTS["over_time"].draw(nothing).answer == "There is no month with orders."
    assert explore.retention(customers, rows, ("2030-01", "")) is None


def test_categories_named_as_a_script_s_own_words_are_drawn() -> None:
    words = ["__proto__", "constructor", "plain"]
    named = sheet({"g": words * 20}, {"g": "category"})
    drawn = CHARTS["bars"].draw(explore.level_bars(named, np.arange(60), "g"))
    (bars,) = drawn.figure.data
    assert not {*words[:2]} & {*bars.x}
    assert [text.rstrip("\u200b") for text in bars.x] == words == [row[0] for row in drawn.table.rows]
