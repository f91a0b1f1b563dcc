"""What a view says of the choices behind it."""

import pytest

from core import describe, pipeline
from core.io.store import Store
from core.spec import Study


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ()),
        ("services=out&cancelled=keep", (
            "Cancelled and test orders: count them.", "Lines that are not products: leave out.",
        )),
        ("returns=flag&outliers=drop&constant=4", ("Returns: after returns, marked.",)),
    ],
)  # fmt: skip
def test_choices_on_rows_that_are_not_the_usual_ones_are_told(
    store: Store, query: str, expected: tuple[str, ...]
) -> None:
    study = Study.parse(query)
    results = pipeline.run(study, store, need="customers")
    assert describe.recipe_changes(study, results) == expected


def test_words_for_missing_are_told(store: Store) -> None:
    study = Study.parse("blanks=city:unknown&blanks=age:-1")
    results = pipeline.run(study, store, need="customers")
    (told,) = describe.recipe_changes(study, results)
    assert "missing" in told


def test_what_moves_a_total_stands_in_the_scope(store: Store) -> None:
    study = Study.parse("services=out&cancelled=keep")
    scope = describe.scope(study, pipeline.run(study, store, need="customers"))
    assert "after returns · with cancelled orders · without postage and fees" in scope
    plain = describe.scope(Study(), pipeline.run(Study(), store, need="customers"))
    assert "postage" not in plain and "cancelled" not in plain
