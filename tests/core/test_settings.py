"""How a data set is shown: settings read from text, and the two questions that move no number."""

import datetime as dt
from pathlib import Path

import pytest

from core.errors import UserError
from core.io.dataset import Column, Dataset, TableRef
from core.io.settings import CURRENCIES, DATES, Display, display_questions
from core.io.store import Store
from tests.core.tables import add


def dataset(role: str, currency: str = "") -> Dataset:
    """A data set with one column of this role."""
    column = Column(slug="x", name="x", type="number", role=role)
    table = TableRef(content="c", rows=1, columns=(column,))
    return Dataset(id="", name="", kind="customers", table=table, currency=currency)


def test_what_is_written_is_read_back() -> None:
    display = Display.parse({"currency": "eur", "numbers": "point", "tax": "incl"})
    assert (display.currency, display.numbers, display.dates) == ("EUR", "point", "words")
    assert display.written() == {"currency": "EUR", "tax": "incl", "numbers": "point"}
    assert Display.parse(display.written()) == display


def test_the_default_is_written_as_nothing() -> None:
    assert Display().written() == {}


@pytest.mark.parametrize(
    ("values", "part"),
    [({"currency": "XXX"}, "“XXX” is no currency"), ({"colour": "red"}, "no setting “colour”")],
)
def test_an_unknown_setting_or_value_is_refused(values: dict[str, str], part: str) -> None:
    with pytest.raises(UserError, match=part) as caught:
        Display.parse(values)
    assert caught.value.hint


def test_a_chosen_currency_or_none_takes_the_place_of_the_one_found() -> None:
    assert Display().sign("£") == "£"
    assert Display(currency="EUR").sign("£") == "€"
    assert Display(currency="").sign("£") == ""


def test_separators_and_examples_of_dates_say_what_they_do() -> None:
    assert Display(numbers="point").separators == ",."
    day = dt.date(2011, 12, 9)
    assert [day.strftime(form) for form, _ in DATES.values()] == [example for _, example in DATES.values()]


def test_tax_and_currency_are_asked_for_data_with_money_until_settled() -> None:
    asked = display_questions(dataset("spend"), Display())
    assert [(q.key, q.guess) for q in asked] == [("tax", "unknown"), ("currency", "")]
    assert len(asked[1].options) == len(CURRENCIES)
    assert [q.key for q in display_questions(dataset("spend", "£"), Display())] == ["tax"]
    assert display_questions(dataset("spend"), Display(currency="", tax="excl")) == ()
    assert display_questions(dataset("score"), Display()) == ()


def test_an_answer_about_display_is_none_of_a_version(tmp_path: Path) -> None:
    found = add(Store(tmp_path / "home"), {"id": [1, 2], "total spend": [5.5, 6.5]})
    assert found.questions == ()
