"""Roles: what is guessed from name and content, what a person may change, and what stands in the way."""

from pathlib import Path

import pytest

from core.errors import UserError
from core.io.dataset import Column, Dataset
from core.io.meaning.bands import by_number_or_name, ordered_levels
from core.io.meaning.questions import spend_columns
from core.io.meaning.roles import discount_meaning, problem
from core.io.store import Store

Table = dict[str, list[object]]

LOG: Table = {
    "Bestellnummer": ["A1", "A1", "A2", "A3"],
    "Kundennr.": [7, 7, 8, 7],
    "Datum": ["2024-01-01", "2024-01-01", "2024-01-05", "2024-02-01"],
    "Menge": [1, 2, 1, 3],
    "Einzelpreis": [9.5, 3.25, 9.5, 3.25],
}
PEOPLE: Table = {
    "id": [1, 2, 3, 4],
    "age": [30, 41, 52, 63],
    "income": [1000, 2000, 2500, 4000],
    "city": ["Rome", "Oslo", "Rome", "Oslo"],
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


def add(store: Store, table: Table, **options: dict[str, str]) -> Dataset:
    """Write the table as CSV and add it."""
    path = store.home.parent / "table.csv"
    rows = zip(*table.values(), strict=True)
    lines = [";".join(table), *(";".join("" if v is None else str(v) for v in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return store.add(path, **options)  # type: ignore[arg-type]


def roles(dataset: Dataset) -> dict[str, str]:
    """Shown name -> role."""
    return {column.name: column.role for column in dataset.columns}


def without(table: Table, *names: str) -> Table:
    """The table without some columns."""
    return {name: values for name, values in table.items() if name not in names}


# The files that people bring


def test_mall_customers(store: Store, shared_data: Path) -> None:
    found = store.add(shared_data / "Mall_Customers.csv")
    assert found.kind == "customers"
    assert roles(found) == {
        "CustomerID": "id",
        "Gender": "gender",
        "Age": "age",
        "Annual Income (k$)": "number",
        "Spending Score (1-100)": "score",
    }
    assert not found.questions and not found.warnings


def test_marketing_campaign(store: Store, shared_data: Path) -> None:
    found = store.add(shared_data / "marketing_campaign.csv")
    by_role: dict[str, list[str]] = {}
    for name, role in roles(found).items():
        by_role.setdefault(role, []).append(name)
    assert found.kind == "customers"
    assert by_role == {
        "id": ["ID"],
        "number": ["Year_Birth", "Income", "Kidhome", "Teenhome", "NumWebVisitsMonth"],
        "category": ["Education", "Marital_Status"],
        "since": ["Dt_Customer"],
        "recency": ["Recency"],
        "spend": [
            f"Mnt{n}"
            for n in ("Wines", "Fruits", "MeatProducts", "FishProducts", "SweetProducts", "GoldProds")
        ],
        "discount": ["NumDealsPurchases"],
        "frequency": ["NumWebPurchases", "NumCatalogPurchases", "NumStorePurchases"],
        "flag": [*(f"AcceptedCmp{i}" for i in (3, 4, 5, 1, 2)), "Complain", "Response"],
        "ignore": ["Z_CostContact", "Z_Revenue"],
    }
    assert [q.key for q in found.questions] == ["spend"]
    assert found.warnings == ("Income is empty in 24 of 2,240 rows.",)
    assert discount_meaning(found.table.by_role("discount")[0]) == "orders"


def test_online_retail(store: Store, shared_data: Path) -> None:
    found = store.add(shared_data / "online_retail.parquet")
    assert found.kind == "log"
    assert roles(found) == {
        "InvoiceNo": "order",
        "StockCode": "product",
        "Description": "ignore",
        "Quantity": "quantity",
        "InvoiceDate": "date",
        "UnitPrice": "unit_price",
        "CustomerID": "id",
        "Country": "country",
    }
    assert [(q.key, q.guess) for q in found.questions] == [("duplicates", "repeats")]
    assert found.facts == (("duplicates", "5268"),)
    assert found.warnings[0].startswith("CustomerID is empty in 135,080 of 541,909 rows")
    assert [c.sum for c in found.columns if c.slug == "unitprice"] == [2498803.974]


def test_complete_journey_transactions(store: Store, shared_data: Path) -> None:
    found = store.add(shared_data / "completejourney" / "transactions.parquet")
    assert found.kind == "log"
    assert roles(found) == {
        "household_id": "id",
        "store_id": "ignore",
        "basket_id": "order",
        "product_id": "product",
        "quantity": "quantity",
        "sales_value": "line_amount",
        "retail_disc": "discount",
        "coupon_disc": "discount",
        "coupon_match_disc": "discount",
        "week": "ignore",
        "transaction_timestamp": "date",
    }
    assert [(q.key, q.guess) for q in found.questions] == [("discount", "after")]


def test_complete_journey_demographics_are_ordered_bands(store: Store, shared_data: Path) -> None:
    found = store.add(shared_data / "completejourney" / "demographics.parquet")
    levels = {c.name: c.levels for c in found.columns if c.role == "band"}
    assert levels["age"] == ("19-24", "25-34", "35-44", "45-54", "55-64", "65+")
    assert levels["income"][0] == "Under 15K" and levels["income"][-1] == "250K+"
    assert levels["kids_count"] == ("0", "1", "2", "3+")
    assert set(levels) == {"age", "income", "household_size", "kids_count"}


def test_the_demo(store: Store) -> None:
    found = store.ensure_demo()
    assert (found.kind, found.answers, found.questions) == ("log", (("discount", "before"),), ())
    assert roles(found) == {
        "Order ID": "order",
        "Order date": "date",
        "Customer ID": "id",
        "Product": "product",
        "Category": "category",
        "Country": "country",
        "Quantity": "quantity",
        "Unit price": "unit_price",
        "Discount": "discount",
    }
    assert found.people is not None
    assert {c.name: c.role for c in found.people.columns} == {
        "Customer ID": "id",
        "Age": "age",
        "Gender": "gender",
        "City": "category",
        "Income band": "band",
    }
    assert found.people.one("band").levels == ("<25K", "25-34K", "35-49K", "50-74K", "75-99K", "100K+")  # type: ignore[union-attr]


# Guessing


def test_a_log_in_another_language(store: Store) -> None:
    found = add(store, LOG)
    assert found.kind == "log"
    assert list(roles(found).values()) == ["order", "id", "date", "quantity", "unit_price"]


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("E-Mail", ["a@b.de", "c@d.com", "e@f.org", "g@h.it"], "email"),
        ("login", ["a@b.de", "c@d.com", "e@f.org", "g@h.it"], "email"),
        ("Phone", ["+49 1", "+49 2", "+49 3", "+49 4"], "personal"),
        ("last_name", ["Ito", "Roe", "Poe", "Doe"], "personal"),
        ("Adresse", ["a 1", "b 2", "c 3", "d 4"], "personal"),
        ("date of birth", ["1990-01-01", "1991-01-01", "1992-01-01", "1993-01-01"], "personal"),
        ("newsletter", ["yes", "no", "no", "yes"], "consent"),
        ("Genre", ["Male", "Female", "Male", "Female"], "gender"),
        ("Zip", [12345, 23456, 34567, 45678], "ignore"),
        ("Total Spend", [12.5, 3.0, 7.25, 1.0], "spend"),
        ("Number of orders", [1, 2, 7, 3], "frequency"),
        ("days_since_last_purchase", [1, 2, 7, 3], "recency"),
        ("Satisfaction score", [1, 2, 5, 3], "score"),
        ("returned before", [0, 1, 1, 0], "flag"),
        ("tier", ["low", "high", "medium", "low"], "band"),
        ("remark", ["aa", "bb", "cc", "dd"], "ignore"),
        ("shop", ["X", "X", "X", "X"], "ignore"),
        ("spend", [5, 5, 5, 5], "ignore"),
        ("joined", ["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"], "since"),
        ("last order date", ["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"], "ignore"),
    ],
)
def test_a_column_of_a_customer_table(store: Store, name: str, values: list[object], role: str) -> None:
    found = add(store, {**PEOPLE, name: values})
    assert found.kind == "customers"
    assert roles(found)[name] == role


def test_one_row_per_customer_with_dates_and_spend_is_no_log(store: Store) -> None:
    days: list[object] = ["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"]
    found = add(store, {**PEOPLE, "last order date": days, "total spend": [1.5, 2.5, 3.5, 4.5]})
    assert (found.kind, roles(found)["total spend"]) == ("customers", "spend")


def test_of_price_and_amount_one_gives_the_money(store: Store) -> None:
    found = roles(add(store, {**LOG, "Line total": [9.5, 6.5, 9.5, 9.75]}))
    assert (found["Line total"], found["Einzelpreis"]) == ("line_amount", "ignore")
    found = roles(add(store, {**LOG, "Order total": [16, 16, 9.5, 9.75]}))
    assert (found["Order total"], found["Einzelpreis"]) == ("ignore", "unit_price")


def test_a_rate_of_discount_is_no_amount(store: Store) -> None:
    found = add(store, {**LOG, "Discount %": [10, 0, 0, 20]})
    assert roles(found)["Discount %"] == "ignore"
    assert "rate" in found.warnings[0]


def test_every_guess_has_a_reason(store: Store) -> None:
    assert all(column.reason for column in add(store, LOG).columns)


# Bands


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (["65+", "<25", "25-34", "35-64"], ("<25", "25-34", "35-64", "65+")),
        (["35-49K", "Under 15K", "15-34K", "250K+"], ("Under 15K", "15-34K", "35-49K", "250K+")),
        (["2) $100 - $200", "1) < $100", "10) > $1,000"], ("1) < $100", "2) $100 - $200", "10) > $1,000")),
        (
            ["$1,000 to $2,000", "under $1,000", "over $2,000"],
            ("under $1,000", "$1,000 to $2,000", "over $2,000"),
        ),
        (["high", "Low", "medium"], ("Low", "medium", "high")),
        (["1", "2"], ()),
        (["A-1", "B-2"], ()),
        (["2012-09", "2013-01"], ()),
        (["<25", "unknown"], ()),
        (["65 and older", "None/Unknown", "19-24", "25-64"], ("19-24", "25-64", "65 and older")),
        (["$1000-$2000", "250K+", "Under $1000"], ("Under $1000", "$1000-$2000", "250K+")),
        (["3+", "None", "2", "1"], ("None", "1", "2", "3+")),
        (["(25, 35]", "(18, 25]", "(35, inf]"], ("(18, 25]", "(25, 35]", "(35, inf]")),
        (["ab 30", "18 bis unter 30", "unter 18"], ("unter 18", "18 bis unter 30", "ab 30")),
        (["more than 5 times", "0-1 times", "2-5 times"], ("0-1 times", "2-5 times", "more than 5 times")),
        (["1M-5M", "500-1M", "<500"], ("<500", "500-1M", "1M-5M")),
        (["02 - Over 25", "01 - Under 25"], ("01 - Under 25", "02 - Over 25")),
        (["b) 25-34", "a) <25"], ("a) <25", "b) 25-34")),
        (["Gold", "Bronze", "Silver"], ("Bronze", "Silver", "Gold")),
        (["M: male", "F: female"], ()),
        (["500 ml", "700 ml"], ()),
    ],
)
def test_bands_are_ordered_by_what_they_say(values: list[str], levels: tuple[str, ...]) -> None:
    assert ordered_levels(values) == levels


def test_a_chosen_band_is_ordered_by_its_numbers_or_names() -> None:
    assert by_number_or_name(["step 10", "step 9"]) == ("step 9", "step 10")
    assert by_number_or_name(["b", "a"]) == ("a", "b")


# Overriding


def test_a_role_is_chosen_by_slug_or_by_shown_name(store: Store) -> None:
    assert roles(add(store, PEOPLE, roles={"income": "spend"}))["income"] == "spend"
    chosen = add(store, {**PEOPLE, "Paid (k$)": [1, 2, 3, 4]}, roles={"Paid (k$)": "spend"})
    assert roles(chosen)["Paid (k$)"] == "spend"
    assert chosen.columns[-1].reason == "chosen by you"


def test_a_chosen_id_takes_the_place_of_the_guessed_one(store: Store) -> None:
    found = roles(add(store, {**PEOPLE, "card": [11, 12, 13, 14]}, roles={"card": "id"}))
    assert (found["card"], found["id"]) == ("id", "ignore")


def test_a_chosen_amount_takes_the_place_of_the_price(store: Store) -> None:
    found = roles(add(store, {**LOG, "x": [1.5, 2, 3, 4]}, roles={"x": "line_amount"}))
    assert (found["x"], found["Einzelpreis"]) == ("line_amount", "ignore")


def test_a_chosen_band_has_levels(store: Store) -> None:
    found = add(store, {**PEOPLE, "step": ["s 10", "s 9", "s 10", "s 9"]}, roles={"step": "band"})
    assert found.table.by_role("band")[0].levels == ("s 9", "s 10")


@pytest.mark.parametrize(
    ("chosen", "part"),
    [
        ({"nothing": "id"}, "no column “nothing”"),
        ({"age": "size"}, "“size” is no role"),
        ({"city": "date"}, "city holds text such as “Rome”"),
        ({"city": "spend"}, "city holds text"),
        ({"age": "since"}, "age holds whole numbers such as “30”"),
        ({"age": "flag"}, "age holds whole numbers"),
        ({"age": "id", "income": "id"}, "age, income can't all be"),
    ],
)
def test_a_role_that_does_not_fit_is_refused_and_nothing_is_stored(
    store: Store, chosen: dict[str, str], part: str
) -> None:
    with pytest.raises(UserError, match=part) as caught:
        add(store, PEOPLE, roles=chosen)
    assert caught.value.hint
    assert store.list() == ()


# Questions


def test_a_price_that_may_be_per_line_is_asked_about_and_the_answer_sets_its_role(store: Store) -> None:
    log = {**without(LOG, "Einzelpreis"), "Preis": LOG["Einzelpreis"]}
    found = add(store, log)
    assert [(q.key, q.guess) for q in found.questions] == [("price", "piece")]
    answered = store.change(found.id, answers={"price": "line"})
    assert (roles(answered)["Preis"], answered.questions) == ("line_amount", ())
    assert roles(store.change(answered.id, answers={"price": "piece"}))["Preis"] == "unit_price"


def test_an_amount_beside_pieces_is_guessed_to_be_of_the_line(store: Store) -> None:
    found = add(store, {**without(LOG, "Einzelpreis"), "Amount": LOG["Einzelpreis"]})
    assert [(q.key, q.guess) for q in found.questions] == [("price", "line")]
    assert roles(found)["Amount"] == "line_amount"


def test_without_pieces_a_price_is_an_amount_and_nothing_is_asked(store: Store) -> None:
    found = add(store, {**without(LOG, "Einzelpreis", "Menge"), "Preis": LOG["Einzelpreis"]})
    assert (roles(found)["Preis"], found.questions) == ("line_amount", ())


def test_a_price_whose_role_was_chosen_is_not_asked_about(store: Store) -> None:
    log = {**without(LOG, "Einzelpreis"), "Preis": LOG["Einzelpreis"]}
    assert add(store, log, roles={"Preis": "line_amount"}).questions == ()


def test_a_discount_is_asked_about_and_the_guess_holds_until_answered(store: Store) -> None:
    found = add(store, {**LOG, "Rabatt": [1.5, 0, 0, 2]})
    assert (found.questions[0].key, found.answer("discount")) == ("discount", "after")
    answered = store.change(found.id, answers={"discount": "before"})
    assert (answered.questions, answered.answer("discount")) == ((), "before")


def test_several_spend_columns_are_added_up_or_only_the_largest_counts(store: Store) -> None:
    found = add(store, {**PEOPLE, "mnt a": [1, 2, 3, 4], "mnt b": [5, 6, 7, 8]})
    assert [c.slug for c in spend_columns(found)] == ["mnt_a", "mnt_b"]
    answered = store.change(found.id, answers={"spend": "no"})
    assert [c.slug for c in spend_columns(answered)] == ["mnt_b"]


@pytest.mark.parametrize(
    ("answers", "part"),
    [({"price": "line"}, "no question “price”"), ({"discount": "maybe"}, "“maybe” is no answer")],
)
def test_an_answer_that_does_not_fit_is_refused(store: Store, answers: dict[str, str], part: str) -> None:
    with pytest.raises(UserError, match=part):
        add(store, {**LOG, "Rabatt": [1.5, 0, 0, 2]}, answers=answers)


# What stands in the way


@pytest.mark.parametrize(
    ("table", "part"),
    [
        (without(LOG, "Datum"), "no date column"),
        (without(LOG, "Einzelpreis"), "no price or amount column"),
        (without(LOG, "Kundennr."), "no customer number column"),
        (without(PEOPLE, "age", "income"), "no column with numbers"),
    ],
)
def test_what_is_missing_is_said_and_the_data_set_is_kept(store: Store, table: Table, part: str) -> None:
    found = add(store, table)
    error = problem(found)
    assert error is not None and part in error.message and "What the columns mean" in error.hint
    assert store.get(found.id) == found


def test_a_chosen_role_mends_it(store: Store) -> None:
    table = {**without(LOG, "Datum"), "geliefert": LOG["Datum"], "bezahlt": LOG["Datum"]}
    found = add(store, table)
    assert problem(found) is not None
    assert problem(store.change(found.id, roles={"geliefert": "date"})) is None


def test_the_only_dates_of_a_log_are_the_order_dates(store: Store) -> None:
    found = add(store, {**without(LOG, "Datum"), "geliefert": LOG["Datum"]})
    assert roles(found)["geliefert"] == "date"


def test_a_table_without_an_id_will_do(store: Store) -> None:
    found = add(store, without(PEOPLE, "id"))
    assert problem(found) is None


def test_repeated_customers_in_a_customer_table_are_pointed_at(store: Store) -> None:
    found = add(store, {**PEOPLE, "id": [1, 1, 2, 3]})
    assert found.warnings == ("id repeats: 4 rows hold 3 different customers.",)


def test_discount_columns_of_a_customer_table() -> None:
    def column(name: str, kind: str, largest: str) -> Column:
        return Column(slug="x", name=name, type=kind, role="discount", minimum="0", maximum=largest)

    assert discount_meaning(column("Num deals", "integer", "7")) == "orders"
    assert discount_meaning(column("Discount", "number", "0.7")) == "share"
    assert discount_meaning(column("Discount", "number", "70.5")) == "amount"
