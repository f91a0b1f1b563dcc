"""The typing of values: every way of writing a number or a date, and what is left as text."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.io.columns import casts, content, written
from core.io.columns.texts import looked_at, positions
from core.io.columns.typed import Told
from core.io.columns.values import settle
from core.io.dataset import ReaderChoice
from core.io.reading import Raw, Reading

DAY = dt.date
MOMENT = dt.datetime


def read(columns: dict[str, Sequence[Any]] | None = None, **said: Any) -> Reading:
    """Columns of text (or of their own type, as arrays), as a reader hands them over."""
    found = {name: _array(cells) for name, cells in (columns or {}).items()}
    rows = len(next(iter(found.values())))
    return settle(
        Raw(
            names=tuple(found),
            columns=tuple(found.values()),
            numbers=pa.array(np.arange(1, rows + 1)),
            **said,
        )
    )


def _array(cells: Sequence[Any] | pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    if isinstance(cells, pa.ChunkedArray):
        return cells
    return pa.chunked_array([cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string())])


def only(*cells: str, name: str = "x", **said: Any) -> tuple[str, list[Any]]:
    """Type and values of a lone column."""
    found = read({name: cells}, **said)
    return found.fields[0].type, found.table[found.fields[0].slug].to_pylist()


# Amounts


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        (("1 234", "12 345,50", "7"), "number", [1234, 12345.5, 7]),
        (("1\u00a0234,50", "999"), "number", [1234.5, 999]),
        (("1\u202f234\u202f567", "1"), "integer", [1234567, 1]),
        (("1'234.50", "12'345.00"), "number", [1234.5, 12345]),
        (("1’234", "12’345.5"), "number", [1234, 12345.5]),
        (("(12.50)", "3.00"), "number", [-12.5, 3]),
        (("(£12.50)", "£3.00"), "number", [-12.5, 3]),
        (("£(12.50)", "£3.10"), "number", [-12.5, 3.1]),
        (("12.50-", "3.10"), "number", [-12.5, 3.1]),
        (("12,50-", "1.003,10"), "number", [-12.5, 1003.1]),
        (("−12.50", "3.10"), "number", [-12.5, 3.1]),
        (("$ -12.50", "-$3.10", "$-1"), "number", [-12.5, -3.1, -1]),
        (("12,5 %", "3,25 %"), "number", [12.5, 3.25]),
        (("12%", "0", "7%"), "integer", [12, 0, 7]),
        (("12,50 EUR", "3,10 €", "1 euro"), "number", [12.5, 3.1, 1]),
        (("USD 1,234.50", "USD 3.10"), "number", [1234.5, 3.1]),
        (("R$ 58,138.00", "R$ 7.10"), "number", [58138, 7.1]),
        (("1 200 kr", "35 kr"), "integer", [1200, 35]),
        (("12.5 dollars", "3 Dollars"), "number", [12.5, 3]),
        (("1e5", "2.5e-3"), "number", [1e5, 2.5e-3]),
        (("5.", ".5"), "number", [5, 0.5]),
    ],
)  # fmt: skip
def test_amounts_are_read_however_they_are_written(
    cells: tuple[str, ...], kind: str, expected: list[float]
) -> None:
    assert only(*cells) == (kind, expected)


@pytest.mark.parametrize(
    "cells",
    [
        ("007", "12"),
        ("00", "1"),
        ("-05", "3"),
        ("+49 170 123 456", "+49 170 123 457"),
        ("552 100 554", "552 100 555"),
        ("12 34", "56 78"),
        ("1 234", "123456"),
        ("(1)", "(2)"),
        ("(12.50", "3.10"),
        ("12.50)", "3.10"),
        ("-(12.50)", "3.10"),
        ("-12.50-", "3.10"),
        ("1,23,4", "1,2,34"),
        ("1.5", "1.234,50"),
        ("0x1F", "12"),
        ("0xFFFFF", "12"),
        ("1234567890123456789012", "1"),
        ("1_000", "2"),
        ("1.2.3", "4.5.6"),
        ("１２", "３"),
    ],
)
def test_what_may_name_something_stays_text(cells: tuple[str, ...]) -> None:
    assert only(*cells) == ("text", list(cells))


def test_leading_zeros_stay_far_down_a_column_too() -> None:
    assert only(*map(str, range(1, 5000)), "0042")[0] == "text"


def test_several_currencies_in_one_column_are_never_added_up() -> None:
    found = read({"paid": ["€12.50", "$3.10"]})
    assert found.fields[0].type == "text"
    assert found.warnings == (
        "paid stays text: its amounts are in $, €. Convert them to one currency to use them.",
    )
    assert found.currency == ""


def test_a_currency_by_code_and_by_sign_is_one_currency() -> None:
    found = read({"paid": ["12.50 EUR", "€3.10"]})
    assert (found.currency, found.warnings) == ("€", ())


def test_percent_among_other_numbers_stays_text_with_a_warning() -> None:
    found = read({"discount": ["10%", "0.25"]})
    assert found.fields[0].type == "text"
    assert "percent" in found.warnings[0]


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        (("12,5 %", "3,25 %"), "percent"),
        (("(12.50)", "3.00"), "below zero"),
        (("1 234", "5"), "thousands"),
        (("€ 12.50", "€ 3.10"), "amounts in €"),
    ],
)
def test_how_amounts_were_read_is_said(cells: tuple[str, ...], part: str) -> None:
    assert any(said.startswith("x: ") and part in said for said in read({"x": cells}).decisions)


@pytest.mark.parametrize(("decimal", "expected"), [("", None), (",", [1.234, 2.5]), (".", [1234, 2500])])
def test_a_person_says_what_an_ambiguous_comma_means(decimal: str, expected: list[float] | None) -> None:
    _, found = only("1,234", "2,500", decimal=decimal)
    assert found == (expected or ["1,234", "2,500"])


def test_a_person_says_what_an_ambiguous_point_means() -> None:
    assert only("1.234", "2.500", decimal=",") == ("integer", [1234, 2500])
    assert only("1.234", "2.500") == ("number", [1.234, 2.5])


def test_a_chosen_decimal_sign_does_not_turn_what_leaves_no_doubt() -> None:
    assert only("12.50", "3.1", decimal=",") == ("number", [12.5, 3.1])
    assert only("12,50", "3,1", decimal=".") == ("number", [12.5, 3.1])


def test_the_decimal_sign_is_offered_where_a_column_has_decimals() -> None:
    (choice,) = read({"paid": ["12,50", "3,10"]}).choices
    assert (choice.key, choice.value, choice.chosen) == ("decimal", ",", False)
    assert [value for value, _ in choice.options] == [".", ","]
    (chosen,) = read({"paid": ["1,234", "3,100"]}, decimal=",").choices
    assert (chosen.value, chosen.chosen) == (",", True)
    assert read({"n": ["1", "2"]}).choices == ()


def test_the_decimal_sign_is_asked_for_where_it_can_not_be_told() -> None:
    (choice,) = read({"paid": ["1,234", "2,500"]}).choices
    assert (choice.key, choice.value, choice.chosen) == ("decimal", "", False)


@pytest.mark.parametrize("word", ["NA", "?", "-", "#DIV/0!"])
def test_words_for_empty_among_numbers_are_counted(word: str) -> None:
    found = read({"income": ["1", word, "3", word]})
    assert found.table["income"].to_pylist() == [1, None, 3, None]
    assert found.warnings == (f"income has “{word}” in 2 rows, read as empty.",)


def test_minus_one_is_a_number_until_somebody_says_otherwise() -> None:
    assert only("-1", "5") == ("integer", [-1, 5])


# Sums

cents = st.integers(-(10**11), 10**11)
WRITTEN = {
    "point": lambda c: f"{Decimal(c) / 100:.2f}",
    "english": lambda c: f"{Decimal(c) / 100:,.2f}",
    "european": lambda c: f"{Decimal(c) / 100:,.2f}".translate(str.maketrans(",.", ".,")),
    "blank": lambda c: f"{Decimal(c) / 100:,.2f}".replace(",", "\u00a0").replace(".", ","),
    "apostrophe": lambda c: f"{Decimal(c) / 100:,.2f}".replace(",", "'"),
    "currency": lambda c: f"{Decimal(c) / 100:,.2f} €",
    "accounting": lambda c: f"({Decimal(-c) / 100:,.2f})" if c < 0 else f"{Decimal(c) / 100:,.2f}",
    "trailing": lambda c: f"{Decimal(abs(c)) / 100:,.2f}" + "-" * (c < 0),
}


@pytest.mark.parametrize("style", WRITTEN)
@settings(max_examples=40, deadline=None)
@given(amounts=st.lists(cents, min_size=1, max_size=40))
def test_the_sum_of_a_money_column_is_the_files(style: str, amounts: list[int]) -> None:
    amounts = [*amounts, 123_456_789, -150]
    found = read({"paid": [WRITTEN[style](amount) for amount in amounts]})
    (column,) = content.described(found)
    assert column.type in ("number", "integer")
    assert Decimal(repr(column.sum)) == Decimal(sum(amounts)) / 100


def test_a_sum_of_many_small_amounts_is_exact() -> None:
    cells = pa.chunked_array([pa.array(["0.10"] * 100_000 + ["0.07"] * 7)])
    (column,) = content.described(read({"paid": cells}))
    assert column.sum == 10_000.49


def test_a_sum_of_whole_numbers_beyond_a_float_is_the_nearest() -> None:
    (column,) = content.described(read({"n": [str(10**17 + 1)] * 1000}))
    assert column.sum == float((10**17 + 1) * 1000)


# The fast way and the long way

numbers = st.sampled_from(
    ["1", "-2", "0", "12.50", "-0.5", "1.234", "0.5", "17850.0", "", "007", "+5", "-0", "00.5", "1e5", "NA"]
    + [
        "999999999999999999",
        "1234567890123456789",
        " 3",
        "0x10",
        "inf",
        "nan",
        "5.",
        ".5",
        "1,5",
        "-0.0",
        "0e1",
    ]
)
moments = st.sampled_from(
    ["2024-01-31", "2024-01-31 08:26", "2024-01-31T08:26:05", "2024-01-31 08:26:05.25", "", "2024-02-30"]
    + ["2024-1-3", "2024-01-31 08", "2024-01-31T08:26:00Z", "31/01/2024", "0000-01-01", "2024-01-31 24:00"]
)

days = st.sampled_from(
    [
        "31/12/2024",
        "12/31/2024",
        "01/02/2024",
        "01.02.2024",
        "31.12.2024",
        "30/02/2024",
        "",
        "31-12-2024",
        "x",
    ]
    + ["31/12.2024", "1/2/2024", "31/12/24", "31/12/2024 08:26", "01/12/2024 24:00", "01/13/2024 08:26"]
)


@settings(max_examples=300, deadline=None)
@given(
    cells=st.sampled_from([numbers, moments, days]).flatmap(lambda c: st.lists(c, min_size=1, max_size=6)),
    kind=st.sampled_from([pa.string(), pa.large_string()]),
)
def test_the_fast_way_gives_what_the_long_way_gives(cells: list[str], kind: pa.DataType) -> None:
    column = pa.chunked_array([pa.array(cells, kind)])
    fast = casts.plain_number(column) or casts.plain_moment(column) or casts.plain_day(column)
    text = looked_at("x", *positions(column))
    long = written.typed(text, written.habits([text], "", ""), Told())
    if fast is not None:
        assert (fast.type, fast.values.to_pylist()) == (long.type, long.values.to_pylist())


def test_plain_columns_take_the_fast_way() -> None:
    for cells, kind in ((["1", "2", ""], "integer"), (["1.5", "20.25"], "number")):
        found = casts.plain_number(pa.chunked_array([cells]))
        assert found is not None
        assert found.type == kind
    assert casts.plain_moment(pa.chunked_array([["2024-01-31 08:26:00"]])) is not None
    assert casts.plain_day(pa.chunked_array([["31/01/2024 08:26:00"]])) is not None


def test_a_plain_column_settles_how_others_are_written() -> None:
    found = read({"day": ["31/01/2024", "01/02/2024"], "sent": ["03/02/2024", "04/02/2024"]})
    assert found.table["sent"].to_pylist() == [DAY(2024, 2, 3), DAY(2024, 2, 4)]
    assert [f.dayfirst for f in found.fields] == [None, None]
    assert read({"a": ["1,234", "2,500"], "b": ["0.5", "0.25"]}).table["a"].to_pylist() == [1234, 2500]


# Dates


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        (("19970101", "19970131", "19970228"), "date", [DAY(1997, 1, 1), DAY(1997, 1, 31), DAY(1997, 2, 28)]),
        (("2024/01/31", "2024.02.01"), "date", [DAY(2024, 1, 31), DAY(2024, 2, 1)]),
        (("2024-01-31 08:26 +0200", "2024-01-31T08:26:00Z"), "datetime",
         [MOMENT(2024, 1, 31, 6, 26), MOMENT(2024, 1, 31, 8, 26)]),
        (("31-Jan-2024", "1 February 2024"), "date", [DAY(2024, 1, 31), DAY(2024, 2, 1)]),
        (("Jan 31, 2024", "Feb 1st, 2024"), "date", [DAY(2024, 1, 31), DAY(2024, 2, 1)]),
        (("3. März 2024", "04. Dez 2024"), "date", [DAY(2024, 3, 3), DAY(2024, 12, 4)]),
        (("Mon, 05 Jan 2015 10:00:00 GMT", "Tue, 06 Jan 2015 10:00:00 GMT"), "datetime",
         [MOMENT(2015, 1, 5, 10), MOMENT(2015, 1, 6, 10)]),
        (("31.12.99", "01.01.00"), "date", [DAY(1999, 12, 31), DAY(2000, 1, 1)]),
    ],
)  # fmt: skip
def test_dates_are_read_however_they_are_written(
    cells: tuple[str, ...], kind: str, expected: list[object]
) -> None:
    assert only(*cells) == (kind, expected)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("19970101", "19971301", "19970228"), "integer"),
        (("19970101", "19970102"), "integer"),
        (("18000101", "19970102", "19970103"), "integer"),
        (("May", "June"), "text"),
        (("1 apple 2024", "2 pears 2024"), "text"),
    ],
)
def test_what_only_resembles_days_is_none(cells: tuple[str, ...], kind: str) -> None:
    assert only(*cells)[0] == kind


def test_two_days_in_digits_are_enough_where_the_name_says_date() -> None:
    assert only("19970101", "", name="order_date") == ("date", [DAY(1997, 1, 1), None])


def test_days_as_a_workbook_counts_them_are_dates_where_the_name_says_so() -> None:
    found = read({"Order Date": ["45322", "45323.5"]})
    assert found.table["order_date"].to_pylist() == [MOMENT(2024, 1, 31), MOMENT(2024, 2, 1, 12)]
    assert found.decisions == ("Order Date: days counted as in a workbook, read as dates.",)
    assert only("45322", "45323", name="income")[0] == "integer"
    assert only("45322", "12", name="date")[0] == "integer"
    assert only("45322", "45323", name="candidate")[0] == "integer"


def test_the_time_of_a_counted_day_is_right_to_the_second() -> None:
    assert only("40513.3513888889", name="date") == ("datetime", [MOMENT(2010, 12, 1, 8, 26)])


@pytest.mark.parametrize(("chosen", "expected"), [("yes", DAY(2024, 3, 1)), ("no", DAY(2024, 1, 3))])
def test_a_person_says_whether_the_day_comes_first(chosen: str, expected: dt.date) -> None:
    found = read({"x": ["01/03/2024", "02/03/2024", "01/04/2024"]}, dayfirst=chosen)
    assert found.table["x"][0].as_py() == expected
    assert [(c.key, c.value, c.chosen) for c in found.choices] == [("dayfirst", chosen, True)]


def test_a_chosen_order_does_not_turn_dates_that_leave_no_doubt() -> None:
    found = read({"x": ["31/03/2024"]}, dayfirst="no")
    assert (found.table["x"][0].as_py(), found.choices) == (DAY(2024, 3, 31), ())


def test_the_order_of_day_and_month_is_offered_where_it_is_open() -> None:
    (choice,) = read({"x": ["01/03/2024", "02/03/2024", "01/04/2024"]}).choices
    assert (choice.key, choice.value, choice.chosen) == ("dayfirst", "yes", False)


# What is stored


def test_dictionaries_and_plain_text_are_one_content() -> None:
    cells = ["b", "a", "", "b", "ü"]
    plain = pa.chunked_array([pa.array(cells[:2]), pa.array(cells[2:])])
    large = pa.chunked_array([pa.array(cells, pa.large_string())])
    shared = pa.chunked_array(
        [pa.DictionaryArray.from_arrays(pa.array([2, 1, 3, 2, 0], pa.int8()), ["ü", "a", "b", "", "unused"])]
    )
    found = [read({"x": column}) for column in (plain, large, plain.dictionary_encode(), shared)]
    assert len({content.digest(reading) for reading in found}) == 1
    assert len({content.described(reading) for reading in found}) == 1


@pytest.mark.parametrize("cells", [[], ["a"], ["b", "a", "b"], [None, "b", "a"], ["a", "a", None, "c", "b"]])
def test_text_is_numbered_in_order_of_appearance(cells: list[str | None]) -> None:
    scrambled = pa.array(["c", "x", "b", "", "a", "b"])
    places = pa.array([None if c is None else scrambled.index(c).as_py() for c in cells], pa.int16())
    for column in (pa.array(cells, pa.string()), pa.DictionaryArray.from_arrays(places, scrambled)):
        distinct, found = positions(pa.chunked_array([column]))
        assert distinct.to_pylist() == list(dict.fromkeys(c for c in cells if c))
        assert distinct.take(found).to_pylist() == cells


def test_decimals_become_the_nearest_floats() -> None:
    exact = [Decimal(n).scaleb(-2) for n in range(10**12, 10**12 + 5_000)]
    found = read({"paid": pa.array(exact, pa.decimal128(18, 2))})
    assert found.table["paid"].to_pylist() == [float(amount) for amount in exact]
    assert Decimal(repr(content.described(found)[0].sum)) == sum(exact)


def test_numbers_in_a_dictionary_are_numbers() -> None:
    column = pa.chunked_array([pa.array([3, 1, None, 3]).dictionary_encode()])
    assert read({"x": column}).table["x"].to_pylist() == [3, 1, None, 3]


def test_a_stored_table_has_the_digest_of_the_one_that_was_read(tmp_path: Any) -> None:
    found = read(
        {"city": ["Köln", "", "Köln", "Bonn"], "paid": ["1.5", "2", "", "-0.0"], "day": ["2024-01-31"] * 4}
    )
    content.save(found.table, tmp_path / "table.parquet")
    loaded = content.load(tmp_path / "table.parquet")
    again = Reading(table=loaded, fields=found.fields)
    assert content.digest(again) == content.digest(found)
    assert content.described(again) == content.described(found)


def test_what_a_reader_set_aside_and_decided_comes_through() -> None:
    aside = pa.table({"_row": [2], "reason": ["too long"], "text": ["a,b,c"]})
    choice = ReaderChoice(key="sheet", value="orders")
    found = read({"x": ["1.5"]}, aside=aside, choices=(choice,))
    assert found.aside is aside
    assert [c.key for c in found.choices] == ["sheet", "decimal"]


def test_columns_are_let_go_as_they_are_typed() -> None:
    cells = pa.array([f"customer {i}" for i in range(50_000)])
    before = pa.total_allocated_bytes()
    columns = {f"c{i}": [cells.take(pa.array(np.arange(50_000)))] for i in range(8)}
    raw = Raw(
        names=tuple(columns),
        columns=tuple(pa.chunked_array(c) for c in columns.values()),
        numbers=pa.array(np.arange(1, 50_001)),
    )
    columns.clear()
    text = pa.total_allocated_bytes() - before
    handed = [raw]
    del raw
    found = settle(handed.pop())
    assert len(found.table) == 50_000
    assert pa.total_allocated_bytes() - before < 1.5 * text
