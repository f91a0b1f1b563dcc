"""The glossary against the code: what it names is there; nothing that is counted goes without an entry."""

import importlib

import pytest

from core.features.catalog import EXTRA_MEASURES, LOG_MEASURES
from core.features.labels import LABELS
from core.figures import CHARTS
from core.glossary import CHART_TERMS, TERMS, explained
from core.io.store import Store
from core.pipeline import Results
from tests.core.small import add_log, customers_of

LOG = """
order, customer, day, quantity, price
1, A, 2025-01-05, 1, 10
2, B, 2025-03-01, 2, 10
3, , 2025-03-02, 1, 10
"""


@pytest.mark.parametrize("key", TERMS)
def test_the_code_of_a_term_is_there(key: str) -> None:
    module, _, name = TERMS[key].code.partition(":")
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize(
    "key", [*(m.slug for m in (*LOG_MEASURES, *EXTRA_MEASURES) if m.numeric), *LABELS, *"rfm", "fm"]
)
def test_every_number_of_a_customer_has_a_term(key: str) -> None:
    assert key in TERMS


def test_every_chart_that_is_explained_is_drawn_and_its_terms_are_there() -> None:
    assert CHART_TERMS.keys() <= CHARTS.keys()
    assert {key for keys in CHART_TERMS.values() for key in keys} <= TERMS.keys()


def test_the_i_says_help_formula_window_customers_what_was_left_out_and_the_name(store: Store) -> None:
    results = Results(customers=customers_of(store, add_log(store, LOG)))
    assert explained("monetary", results).splitlines() == [
        "Net sales of a customer in the period.",
        "Formula: sum of list price × quantity − discounts − returns; a total, not a mean.",
        "Window: orders 5 Jan 2025 – 1 Mar 2025.",
        "Customers: 2, before the choice of who is included.",
        "Left out before: 1 row of the file; why stands on Data.",
        "Technical name: monetary value.",
    ]


def test_what_the_period_never_touches_says_so(store: Store) -> None:
    results = Results(customers=customers_of(store, add_log(store, LOG)))
    assert "Window: the whole file: orders 5 Jan 2025 – 1 Mar 2025." in explained("recency", results)


def test_an_unknown_key_has_nothing_to_say() -> None:
    assert explained("nothing") == ""
