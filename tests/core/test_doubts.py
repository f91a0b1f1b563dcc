"""What the typing of a column can't be sure of is said, with the column and the next step."""

import datetime as dt

import pytest

from core.io.readers import read
from core.io.reading import ReadAs, Reading
from tests.core.texts import Write, cells, chosen, types


def column(write: Write, *values: str, **choices: str) -> Reading:
    """A file with one column beside another one that keeps empty cells from being empty lines."""
    rows = "".join(f"{value};{i}k\n" for i, value in enumerate(values))
    return read(write(f"x;n\n{rows}"), ReadAs(**choices))


def first(found: Reading) -> list[object]:
    """The values of the first column."""
    return [row[0] for row in cells(found)]


# Numbers


def test_a_point_that_may_mark_thousands_is_said(write: Write) -> None:
    found = column(write, "1.100 €", "2.500 €")
    assert first(found) == [1.1, 2.5]
    assert found.warnings == (
        "x: the point in 1.100 is taken for decimals; choose the comma where it marks thousands.",
    )


@pytest.mark.parametrize(("decimal", "expected"), [(",", [1100, 2500]), (".", [1.1, 2.5])])
def test_a_person_who_chose_the_decimal_sign_is_not_asked_again(
    write: Write, decimal: str, expected: list[float]
) -> None:
    found = column(write, "1.100 €", "2.500 €", decimal=decimal)
    assert (first(found), found.warnings) == (expected, ())


@pytest.mark.parametrize(
    ("values", "expected"), [(("0.125", "0.250"), [0.125, 0.25]), (("0,125", "7"), [0.125, 7])]
)
def test_a_zero_begins_no_thousands(write: Write, values: tuple[str, ...], expected: list[float]) -> None:
    found = column(write, *values)
    assert (first(found), found.warnings) == (expected, ())


@pytest.mark.parametrize("values", [("1.50", "2,50", "3,25"), ("1,250.50", "2.250,50", "7,10")])
def test_a_column_with_both_decimal_marks_stays_text(write: Write, values: tuple[str, ...]) -> None:
    found = column(write, *values)
    assert types(found)[0] == "text"
    assert found.warnings == (
        "x stays text: some of its numbers have a decimal comma, others a point. "
        "Write them one way to use them.",
    )


# Dates


@pytest.mark.parametrize(
    ("value", "hour"), [("08:26:00+01", 7), ("08:26+01", 7), ("08:26:00+0100", 7), ("08:26:00-05", 13)]
)
def test_a_zone_of_whole_hours_is_understood(write: Write, value: str, hour: int) -> None:
    assert first(column(write, f"2024-01-31 {value}", "2024-02-01 08:00Z"))[0] == dt.datetime(
        2024, 1, 31, hour, 26
    )


@pytest.mark.parametrize(
    "values",
    [
        ("2024-01-31", "05/02/2024", "2024-03-01"),
        ("05/02/2024", "2024-01-31", "06/03/2024"),
        ("5 Feb 2024", "2024-01-31", "6 Mar 2024"),
        ("5 Feb 2024", "Mar 6, 2024"),
        ("31/01/2024", "2024-02-05 10:00"),
    ],
)
def test_dates_in_several_spellings_stay_text_and_are_said(write: Write, values: tuple[str, ...]) -> None:
    found = column(write, *values)
    assert (types(found)[0], first(found)) == ("text", list(values))
    assert found.warnings[0].startswith("x stays text: its dates are written in several ways, such as “")
    assert found.warnings[0].endswith("Write them one way to use them.")


def test_a_word_among_dates_is_pointed_at(write: Write) -> None:
    assert column(write, "2024-01-31", "2024-02-05", "2024-02-06", "never").warnings == (
        "x stays text: it has 1 value such as “never” among dates. Write or remove them to use the others.",
    )


def test_codes_that_resemble_dates_are_no_dates(write: Write) -> None:
    assert column(write, "2024-001", "2024-002", "12-34-567", "B-12").warnings == ()


def test_dates_of_another_mark_that_leave_the_order_open_are_said(write: Write) -> None:
    found = column(write, "01/02/2024", "13.02.2024")
    assert first(found) == [dt.date(2024, 2, 1), dt.date(2024, 2, 13)]
    assert found.warnings == (
        "x: dates written with / leave day and month open; they are read with the day first, as the others "
        "of the column. Write them one way to be sure.",
    )


def test_years_of_two_digits_that_may_stand_first_are_said(write: Write) -> None:
    assert "with the year last" in column(write, "24-01-30", "24-01-31", "24-02-01").warnings[0]
    assert column(write, "30-01-24", "31-01-24", "01-02-24").warnings == ()


# What a person chose


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("", dt.date(2024, 2, 1)), ("yes", dt.date(2024, 2, 1)), ("no", dt.date(2024, 1, 2))],
)
def test_a_person_goes_before_other_columns_in_the_order_of_day_and_month(
    write: Write, choice: str, expected: dt.date
) -> None:
    found = read(write("a;b\n01/02/2024;31/01/2024\n03/02/2024;30/01/2024\n"), ReadAs(dayfirst=choice))
    assert cells(found)[0] == [expected, dt.date(2024, 1, 31)]
    assert chosen(found).get("dayfirst") == ((choice, True) if choice else None)


@pytest.mark.parametrize(
    ("name", "value", "values"),
    [
        ("decimal", ",", ("1", "2")),
        ("decimal", ",", ("1.50", "2.25")),
        ("dayfirst", "no", ("31/01/2024", "30/01/2024")),
        ("dayfirst", "yes", ("2024-01-31", "2024-01-30")),
    ],
)
def test_a_choice_that_changes_no_column_is_said(
    write: Write, name: str, value: str, values: tuple[str, ...]
) -> None:
    found = column(write, *values, **{name: value})
    assert found.warnings[0].startswith(f"The choice of {name} means nothing for this file (no ")
    assert first(found) == first(column(write, *values))
