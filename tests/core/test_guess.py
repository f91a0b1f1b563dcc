"""How sure a guess is; personal columns, consent, numbers that are codes, logs without a customer number."""

from pathlib import Path

import pytest

from core.io.dataset import Dataset
from core.io.meaning.confidence import sure
from core.io.store import Store
from tests.core.tables import Table, add, column

PEOPLE: Table = {
    "member_id": [1, 2, 3, 4, 5, 6],
    "first_name": ["Ann", "Bob", "Cleo", "Dan", "Eve", "Fay"],
    "last_name": ["Ito", "Roe", "Poe", "Doe", "Lee", "Kim"],
    "e-mail": [f"{n}@example.com" for n in "abcdef"],
    "phone": [
        "+49 30 123456",
        "+49 40 234567",
        "+49 89 345678",
        "+1 555 0100 00",
        "+44 20 7946",
        "+33 1 2345",
    ],
    "street": ["1 Main St", "2 Main St", "3 Oak Ave", "4 Oak Ave", "5 Elm Rd", "6 Elm Rd"],
    "city": ["Rome", "Oslo", "Rome", "Oslo", "Rome", "Oslo"],
    "zip": [10115, 20095, 80331, 10117, 20097, 80333],
    "newsletter": ["yes", "no", "no", "yes", "yes", "no"],
    "income": [1000, 2000, 2500, 4000, 3000, 3500],
}
SHOP: Table = {
    "Name": ["#1001", "#1001", "#1002", "#1003"],
    "Email": ["a@b.de", "a@b.de", "c@d.com", "a@b.de"],
    "Paid at": ["2024-01-02", "2024-01-02", "2024-01-06", "2024-02-02"],
    "Created at": ["2024-01-01", "2024-01-01", "2024-01-05", "2024-02-01"],
    "Lineitem quantity": [1, 2, 1, 3],
    "Lineitem name": ["Mug", "Cup", "Mug", "Cup"],
    "Lineitem price": [9.5, 3.25, 9.5, 3.25],
    "Billing Name": ["Ann Ito", "Ann Ito", "Bob Roe", "Ann Ito"],
    "Accepts Marketing": ["yes", "yes", "no", "yes"],
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


@pytest.fixture
def people(store: Store) -> Dataset:
    """The customer table with what tells who somebody is."""
    return add(store, PEOPLE)


@pytest.mark.parametrize(
    ("name", "role", "kind"),
    [
        ("first_name", "personal", "name"),
        ("last_name", "personal", "name"),
        ("e-mail", "email", "e-mail"),
        ("phone", "personal", "phone"),
        ("street", "personal", "address"),
        ("city", "category", ""),
        ("zip", "ignore", ""),
        ("newsletter", "consent", ""),
        ("income", "number", ""),
    ],
)
def test_personal_columns_are_marked(people: Dataset, name: str, role: str, kind: str) -> None:
    found = column(people, name)
    assert (found.role, found.personal) == (role, kind)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("contact 1", ["(030) 12345-6", "(040) 23456-7", "(089) 34567-8"], "phone"),
        ("wohnt in", ["Hauptstraße 5", "Bahnhofstr. 7", "Am Weg 3"], "address"),
        ("Account owner", ["Ann Ito", "Bob Roe", "Cleo M. Poe"], "name"),
        ("mobile", [491701234567, 491701234568, 491701234569], "phone"),
        ("product", ["Red Mug", "Blue Cup", "Green Plate"], ""),
        ("PhoneService", ["Yes", "No", "Yes"], ""),
        ("Name", ["#1001", "#1002", "#1003"], ""),
    ],
)
def test_a_personal_column_is_told_by_its_name_and_its_values(
    store: Store, name: str, values: list[object], kind: str
) -> None:
    found = add(store, {"member_id": [1, 2, 3], "income": [5, 6, 7], name: values})
    assert column(found, name).personal == kind


@pytest.mark.parametrize("name", ["newsletter_unsubscribed", "email opt out", "consent withdrawn"])
def test_a_column_of_those_who_declined_is_no_consent(store: Store, name: str) -> None:
    found = add(store, {"member_id": [1, 2, 3], "income": [5, 6, 7], name: ["yes", "no", "no"]})
    assert column(found, name).role == "flag"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("store_id", "category"),
        ("product_type", "category"),
        ("occupation code", "category"),
        ("Education", "category"),
        ("latitude", "ignore"),
        ("age_group", "number"),
        ("rooms", "number"),
    ],
)
def test_few_numbers_that_stand_for_something_are_no_amounts(store: Store, name: str, role: str) -> None:
    found = add(store, {"member_id": [1, 2, 3, 4, 5], "income": [5, 6, 7, 8, 9], name: [1, 2, 3, 2, 1]})
    assert column(found, name).role == role


@pytest.mark.parametrize("place", [0, 2, 7])
@pytest.mark.parametrize("slip", [130, -1, 999])
def test_one_slip_among_ages_does_not_hide_them(store: Store, slip: int, place: int) -> None:
    ages: list[object] = [34, 52, 41, 28, 63, 47, 39, 55]
    ages[place] = slip
    assert column(add(store, {"member_id": list(range(8)), "age": ages}), "age").role == "age"


@pytest.mark.parametrize("values", [[130, 240, 35], [30, 41, 5000], [130]])
def test_numbers_that_are_no_ages_are_none_by_name(store: Store, values: list[object]) -> None:
    found = add(store, {"member_id": list(range(len(values))), "age": values, "income": values})
    assert column(found, "age").role != "age"


def test_a_guess_is_sure_by_name_likely_by_content_and_else_a_guess(store: Store) -> None:
    found = add(store, {**PEOPLE, "remark": ["2020-01-01", "2021-01-01", *["2022-01-01"] * 4]})
    words = {c.name: sure(c) for c in found.columns}
    assert words["member_id"] == words["e-mail"] == words["newsletter"] == "sure"
    assert words["income"] == words["city"] == "likely"
    assert words["remark"] == "a guess"


def test_a_role_that_two_columns_claim_is_less_sure(store: Store) -> None:
    found = add(store, {"customer_id": [1, 2, 3], "client_no": [7, 8, 9], "income": [5, 6, 7]})
    assert [(c.role, sure(c)) for c in found.columns[:2]] == [("id", "likely"), ("ignore", "likely")]


def test_a_chosen_role_is_certain(store: Store) -> None:
    found = add(store, PEOPLE, roles={"income": "spend"})
    assert column(found, "income").confidence == 1.0


def test_an_id_says_why_it_is_one(people: Dataset) -> None:
    assert column(people, "member_id").reason == "named “member_id”, unique, 6 different values"


def test_in_a_log_without_a_customer_number_the_e_mail_says_who_bought(store: Store) -> None:
    found = add(store, SHOP)
    assert {c.name: c.role for c in found.columns} == {
        "Name": "order",
        "Email": "id",
        "Paid at": "ignore",
        "Created at": "date",
        "Lineitem quantity": "quantity",
        "Lineitem name": "product",
        "Lineitem price": "unit_price",
        "Billing Name": "personal",
        "Accepts Marketing": "consent",
    }
    assert (column(found, "Email").personal, sure(column(found, "Email"))) == ("e-mail", "likely")
