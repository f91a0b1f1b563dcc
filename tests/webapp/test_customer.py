"""A customer's own page: what it says is what the sheet says, and it leads on without losing the view."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from core.io.store import Store
from core.placed import Placed
from core.roll import Roll
from core.spec import Study
from tests.core.small import add
from tests.webapp.visitor import Tree, Visitor, text
from webapp import rolls
from webapp.results import Services
from webapp.settings import Settings

QUERY = "k=4&show=orders:ge:3"


@pytest.fixture
def study() -> Study:
    return Study.parse(QUERY)


@pytest.fixture
def roll(home: Settings, study: Study) -> Roll:
    services = Services.of(home)
    services.results(study, "profile", patience=60)
    return rolls.roll(services, study, 60)


def listed(roll: Roll, study: Study, segment: str) -> np.ndarray:
    """Rows of the customers whom the study shows of a segment."""
    return np.flatnonzero(roll.shown(replace(study, lens=replace(study.lens, segment=segment))))


def opened(visitor: Visitor, roll: Roll, row: int) -> Tree:
    """The page of the customer in a row of the roll."""
    return visitor.open(f"/customers/{roll.addressed(np.array([row]))[0]}?{QUERY}")


def links(page: Tree) -> dict[str, str]:
    """Text of each link -> where it leads."""
    return {text(p): p["href"] for p in page.of_type("Link")}


def test_the_finding_says_what_the_sheet_says(visitor: Visitor, roll: Roll, study: Study) -> None:
    row = int(listed(roll, study, "1")[0])
    found, values = opened(visitor, roll, row), roll.customers.table.slice(row, 1).to_pylist()[0]
    assert found.finding.startswith(f"Customer {values['id']}: {int(values['orders'])} orders, €")
    assert f"last {int(values['recency'])} day" in found.finding
    assert f"in “{dict(roll.segments)[1]}”" in found.finding


def test_its_orders_are_those_that_were_counted(visitor: Visitor, roll: Roll, study: Study) -> None:
    row = int(listed(roll, study, "2")[0])
    tables = [
        p
        for p in opened(visitor, roll, row).of_class("atlas-table-wrap")
        if p["aria-label"] in ("Orders", "Earlier orders")
    ]
    orders = [line for table in tables for line in Tree(table["children"]).of_type("Tr")[1:]]
    assert len(orders) == int(roll.customers.table["orders"][row].as_py())


def test_previous_and_next_go_through_the_list_as_it_is_shown(
    visitor: Visitor, roll: Roll, study: Study
) -> None:
    rows = listed(roll, study, "1")
    addresses = roll.addressed(rows[:3])
    found = links(opened(visitor, roll, int(rows[1])))
    assert f"/customers/{addresses[0]}" in found["‹ Previous"]
    assert f"/customers/{addresses[2]}" in found["Next ›"]
    assert f"2 of {rows.size:,}" in text({"children": visitor.page.root})
    assert "‹ Previous" not in links(opened(visitor, roll, int(rows[0])))


def test_every_way_on_keeps_the_whole_query(visitor: Visitor, roll: Roll, study: Study) -> None:
    found = links(opened(visitor, roll, int(listed(roll, study, "1")[1])))
    for name in ("‹ Previous", "Next ›", "Next customer", f"Back to “{dict(roll.segments)[1]}”"):
        assert parse_qs(urlsplit(found[name]).query) == parse_qs(QUERY)


def test_nearer_to_another_middle_by_far_is_said(
    visitor: Visitor, roll: Roll, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Placed(own=1, next=2, to_own=30.0, to_next=1.0)
    monkeypatch.setattr("webapp.pages.customer.seen.placed", lambda *_: far)
    found = opened(visitor, roll, int(listed(roll, study, "1")[4]))
    names = dict(roll.segments)
    assert f"Nearer to the middle of “{names[2]}” than to that of “{names[1]}”." in text(found.root)


def test_what_is_not_known_of_a_customer_is_not_said(visitor: Visitor, home: Settings, store: Store) -> None:
    lines = [f"C{i},{5 + i},{1 + i % 4},{i}" for i in range(40)]
    roles = {"id": "id", "spend": "spend", "orders": "frequency", "recency": "recency"}
    few = add(store, "\n".join(["id,spend,orders,recency", *lines, "D,,,7"]), roles)
    study = Study.parse(f"ds={few.id}&k=2")
    services = Services.of(home)
    services.results(study, "profile", patience=60)
    roll = rolls.roll(services, study, 60)
    (address,) = roll.addressed(np.array([40]))
    found = visitor.open(f"/customers/{address}{study.query()}")
    assert found.finding.startswith("Customer D: last 7 days ago; in “")


def test_a_label_stands_with_its_answer_and_what_it_looks_at(
    visitor: Visitor, roll: Roll, study: Study
) -> None:
    rows = listed(roll, study, "1")
    row = int(rows[roll.customers.number("high_value")[rows] == 1][0])
    (label,) = [text(p) for p in opened(visitor, roll, row).of_type("Tr") if text(p).startswith("High-value")]
    assert label.startswith("High-value Yes Spend €") and "Rule: top fifth" in label


def test_a_page_takes_nothing_that_grows_with_the_customers(
    visitor: Visitor, roll: Roll, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Services, "results", None)  # no stage is decoded: the roll says all
    row = int(listed(roll, study, "3")[0])
    assert f"in “{dict(roll.segments)[3]}”" in opened(visitor, roll, row).finding
    outline = roll.outline
    assert outline.matrix is not None and outline.clustering is not None
    assert not outline.matrix.x.size and not outline.clustering.labels.size


def test_what_a_customer_is_compared_by_is_what_was_clustered(
    home: Settings, roll: Roll, study: Study
) -> None:
    results = Services.of(home).results(study, "profile", patience=60)
    assert results.matrix is not None and results.clustering is not None
    for row in (0, 7, len(roll) - 1):
        assert roll.compared(row) == pytest.approx(results.matrix.x[row], rel=1e-6)
        assert roll.labels[row] == results.clustering.labels[row]


def test_a_customer_under_rfm_rules_is_told_which_scores_lead_to_the_next_segment(
    visitor: Visitor, home: Settings
) -> None:
    study = Study.parse("algorithm=rules")
    Services.of(home).results(study, "profile", patience=60)
    ruled = rolls.roll(Services.of(home), study, 60)
    loyal = next(number for number, name in ruled.segments if name == "Loyal")
    row = int(np.flatnonzero(ruled.labels == loyal)[0])
    found = visitor.open(f"/customers/{ruled.addressed(np.array([row]))[0]}{study.query()}")
    assert re.search(r"The next is “[A-Z][^”]+”: \d instead of \d for ", text(found.root))


@pytest.mark.parametrize("address", ["0" * 16, "C00003", "x", "__proto__", "<b>", "42eea89385f8981b0"])
def test_an_address_of_nobody_says_so_and_leads_on(visitor: Visitor, address: str) -> None:
    found = visitor.open(f"/customers/{address}?{QUERY}")
    assert found.finding == "No such customer in this view."
    assert parse_qs(urlsplit(links(found)["Show all customers"]).query) == parse_qs(QUERY)


def test_a_customer_who_is_not_included_is_not_found(visitor: Visitor, roll: Roll, study: Study) -> None:
    (address,) = roll.addressed(np.array([0]))
    orders = int(roll.customers.table["orders"][0].as_py())
    found = visitor.open(f"/customers/{address}?where=orders:gt:{orders}&k=3")
    assert found.finding == "No such customer in this view."
