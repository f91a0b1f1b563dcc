"""Our net sales beside a figure that somebody brings: the difference and what explains it."""

from collections.abc import Sequence

import pyarrow as pa
import pytest

from core.features.customers import Customers, LedgerRow, Totals
from core.features.reconcile import Reconciliation, reconcile, sentence
from core.features.sheet import customer_sheet
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Clean, Source

OURS = 8_311_069.954
NO_CUSTOMER = 1_469_806.24
NO_ORDER = -11_004.14
RETURNS = 611_342.09


def row(key: str, kind: str, money: float) -> LedgerRow:
    """A ledger row with this money."""
    return LedgerRow(key=key, kind=kind, text=key.replace("_", " "), rows=1, customers=1, money=money)


CUSTOMERS = Customers(
    kind="log",
    table=pa.table({"id": ["1"]}),
    measures=(),
    labels=(),
    ledger=(
        row("file", "total", OURS + NO_ORDER + NO_CUSTOMER),
        row("no_customer", "out", NO_CUSTOMER),
        row("used", "total", OURS + NO_ORDER),
        row("no_standing_order", "out", NO_ORDER),
        row("standing", "total", OURS),
    ),
    gross=OURS + NO_ORDER + RETURNS,
    discount=0.0,
    returns=RETURNS,
    file=Totals(gross=10_666_684.544, discount=0.0, returns=896_812.49, unsold=-22_124.12),
)


def parts(found: Reconciliation) -> dict[str, float]:
    """Key -> money, to the cent."""
    return {part.key: round(part.money, 2) for part in found.parts}


@pytest.mark.parametrize(
    ("figure", "keys"),
    [
        (OURS, []),
        (OURS + NO_ORDER, ["no_standing_order"]),
        (OURS + NO_ORDER + RETURNS, ["returns", "no_standing_order"]),
        (OURS + NO_ORDER + NO_CUSTOMER - 22_124.12, ["no_customer", "unsold", "no_standing_order"]),
        (10_666_684.54, ["no_customer", "returns", "returns_beside", "no_standing_order"]),
    ],
)
def test_a_figure_made_of_known_parts_is_explained_to_the_cent(figure: float, keys: Sequence[str]) -> None:
    found = reconcile(CUSTOMERS, round(figure, 2))
    assert [part.key for part in found.parts] == keys
    assert found.exact
    assert found.difference == pytest.approx(sum(p.money for p in found.parts) + found.rest)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (OURS * 1.2, "Tax of 20 %, if your figure holds it and the file does not"),
        (OURS / 1.19 * 1.0005, "Tax of 19 %, if the file holds it and your figure does not"),
        ((OURS + NO_ORDER) * 1.21, "Tax of 21 %, if your figure holds it and the file does not"),
    ],
)
def test_a_tax_is_recognised(figure: float, text: str) -> None:
    found = reconcile(CUSTOMERS, figure)
    assert [p.text for p in found.parts if p.key == "tax"] == [text]
    assert abs(found.rest_share) <= 0.001


def test_what_parts_leave_is_said() -> None:
    found = reconcile(CUSTOMERS, 9_000_000)
    assert parts(found) == {"returns": RETURNS}
    assert sentence(found) == (
        "Your figure is 7.7 % higher than ours, of which Returns, if they were not taken off 6.8 %,"
        " not explained 0.9 %."
    )


def test_a_figure_that_nothing_explains_is_left_unexplained() -> None:
    found = reconcile(CUSTOMERS, 8_000_000)
    assert (found.parts, round(found.rest, 3)) == ((), -311069.954)
    assert sentence(found).startswith("Your figure is 3.9 % lower. Nothing that is known here explains it")


def test_equal_figures_are_said_to_be_equal() -> None:
    assert sentence(reconcile(CUSTOMERS, 8_311_069.95)) == "Your figure and ours are the same."


@pytest.mark.parametrize("figure", [0.0, -5.0, float("nan"), float("inf")])
def test_a_figure_that_is_no_net_sales_is_refused(figure: float) -> None:
    with pytest.raises(ValueError, match="should be > 0"):
        reconcile(CUSTOMERS, figure)


def test_online_retail_beside_the_sum_of_all_its_lines(store: Store, online_retail: Dataset) -> None:
    sheet = customer_sheet(store.engine, online_retail, Source(), Clean())
    assert sheet.file == Totals(gross=10666684.544, discount=0.0, returns=896812.49, unsold=-22124.12)
    found = reconcile(sheet, 9_747_747.93)
    assert parts(found) == {"no_customer": 1469806.24, "unsold": -22124.12, "no_standing_order": -11004.14}
    assert found.exact
