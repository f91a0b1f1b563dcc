"""One-hot groups are known by names and rows together."""

from pathlib import Path

import numpy as np
import pytest

from core.io.store import Store
from tests.core.tables import Table, add, column

N = 40
MARITAL = np.random.default_rng(0).choice(["Single", "Married", "Widow"], N)


def one_hot(values: np.ndarray, prefix: str) -> Table:
    """A column of 0 and 1 for each word."""
    return {f"{prefix}{word}": list((values == word).astype(int)) for word in np.unique(values)}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


def groups(store: Store, more: Table) -> dict[str, str]:
    """Shown name -> group of the added columns, all of which must be flags or left out."""
    found = add(store, {"member_id": list(range(N)), "income": list(range(N)), **more})
    assert {column(found, name).role for name in more} <= {"flag"}
    return {name: column(found, name).group for name in more}


def test_columns_of_which_each_row_has_one_are_a_group(store: Store) -> None:
    found = groups(store, one_hot(MARITAL, "Marital_"))
    assert found == dict.fromkeys(["Marital_Married", "Marital_Single", "Marital_Widow"], "Marital")


def test_a_group_may_lack_its_first_column(store: Store) -> None:
    table = one_hot(MARITAL, "marital.status.")
    table.pop("marital.status.Married")
    assert set(groups(store, table).values()) == {"marital.status"}


def test_a_group_takes_precedence_over_the_name_of_a_role(store: Store) -> None:
    gender = np.random.default_rng(1).choice(["male", "female"], N)
    assert set(groups(store, one_hot(gender, "Gender_")).values()) == {"Gender"}


def test_columns_that_a_row_may_have_together_are_none(store: Store) -> None:
    random = np.random.default_rng(2)
    table: Table = {f"AcceptedCmp{i}": list(random.integers(0, 2, N)) for i in range(1, 4)}
    assert set(groups(store, table).values()) == {""}


def test_rare_ones_that_never_meet_by_chance_are_none(store: Store) -> None:
    table: Table = {f"has_{name}": [int(i == at) for i in range(N)] for at, name in enumerate(("cat", "dog"))}
    assert set(groups(store, table).values()) == {""}


def test_two_groups_with_the_same_beginning_are_two(store: Store) -> None:
    home = np.random.default_rng(3).choice(["owner", "renter"], N)
    found = groups(store, {**one_hot(MARITAL, "is_marital_"), **one_hot(home, "is_home_")})
    assert {found["is_marital_Single"], found["is_home_owner"]} == {"is_marital", "is_home"}
