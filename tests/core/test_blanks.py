"""Values that may mean “missing” are offered with their rows; nothing is changed."""

from pathlib import Path

import pytest

from core.io.meaning.blanks import is_blank_word
from core.io.store import Store
from tests.core.tables import Table, add, column

BASE: Table = {"member_id": list(range(1, 9)), "income": [5, 6, 7, 8, 9, 10, 11, 12]}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


@pytest.mark.parametrize(
    "word", ["?", "Unknown", "(none)", "None/Unknown", "---", "not_specified", "N/A or unknown"]
)
def test_words_for_an_empty_cell(word: str) -> None:
    assert is_blank_word(word)


@pytest.mark.parametrize("word", ["Other", "No", "Nora", "0", "x-large", "unknown artist", ""])
def test_words_that_say_something(word: str) -> None:
    assert not is_blank_word(word)


@pytest.mark.parametrize(
    ("values", "blanks"),
    [
        (["red", "?", "blue", "unknown", "red", "?", "red", "blue"], (("?", 2), ("unknown", 1))),
        (["<25", "25-34", "35+", "Unknown", "<25", "35+", "<25", "35+"], (("Unknown", 1),)),
        ([3, 5, -1, 7, -1, 8, 9, 2], (("-1", 2),)),
        ([3.5, 5, -999, 7, 4, 8, 9, 2], (("-999", 1),)),
        ([3, 5, -1, -2, -1, 8, 9, 2], ()),
        ([34, 41, 999, 28, 52, 999, 61, 19], (("999", 2),)),
        ([34, 98, 99, 28, 52, 97, 61, 19], ()),
        (
            ["1900-01-01", "2020-05-01", "2021-05-01", "2022-05-01", "1900-01-01", *["2023-05-01"] * 3],
            (("1900-01-01", 2),),
        ),
        (["1969-05-01", "1970-01-01", *["1971-05-01"] * 6], ()),
    ],
)
def test_what_stands_out_is_offered(
    store: Store, values: list[object], blanks: tuple[tuple[str, int], ...]
) -> None:
    found = add(store, {**BASE, "asked": values})
    assert column(found, "asked").blanks == blanks


def test_returns_in_a_log_are_not_taken_for_missing(store: Store) -> None:
    log: Table = {
        "order": [1, 2, 3, 4],
        "customer_id": [1, 2, 1, 2],
        "date": [f"2024-01-0{i}" for i in range(1, 5)],
        "quantity": [2, 3, -1, 4],
        "unit_price": [5.5, 6.5, 5.5, 7.5],
    }
    assert column(add(store, log), "quantity").blanks == ()


def test_words_are_found_among_many_different_texts(store: Store) -> None:
    texts: list[object] = [f"text {i}" for i in range(97)]
    found = add(
        store,
        {"member_id": list(range(100)), "note": [*texts, "UNKNOWN", "n/a", "n/a"], "x": list(range(100))},
    )
    assert column(found, "note").blanks == (("n/a", 2), ("UNKNOWN", 1))


def test_blanks_survive_the_store(store: Store) -> None:
    found = add(store, {**BASE, "age": [34, 41, -1, 28, 52, 33, 61, 19]})
    assert column(store.get(found.id), "age").blanks == (("-1", 1),)
