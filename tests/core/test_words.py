"""Numbers, days and data strings as a page says them."""

import datetime as dt
import math

import pytest

from core.words import about, cut, day, escape, exact, month, number, plural

SAID = [
    (0, "money", "0.00"),
    (310.256, "money", "310.26"),
    (9_999.99, "money", "9,999.99"),
    (9_999.999, "money", "10,000"),
    (10_000.4, "money", "10,000"),
    (999_999.7, "money", "1.00 M"),
    (1_238_412.33, "money", "1.24 M"),
    (12_384_123, "money", "12.4 M"),
    (99_999_999, "money", "100 M"),
    (-12.5, "money", "−12.50"),
    (-0.001, "money", "0.00"),
    (-2_500_000, "money", "−2.50 M"),
    (0, "share", "0 %"),
    (0.0004, "share", "< 0.1 %"),
    (0.001, "share", "0.1 %"),
    (0.082, "share", "8.2 %"),
    (0.0997, "share", "10 %"),
    (0.0996, "share", "10 %"),
    (0.49, "share", "49 %"),
    (0.998, "share", "> 99 %"),
    (1, "share", "100 %"),
    (1 - 1e-15, "share", "100 %"),
    (34.2, "days", "34"),
    (1_234, "days", "1,234"),
    (8.21, "rate", "8.2"),
    (0.456, "rate", "0.46"),
    (123.4, "rate", "123"),
    (4_327, "count", "4,327"),
    (2.5, "count", "2.5"),
    (41, "age", "41"),
    (55.26, "score", "55.3"),
    (1_234.5, "number", "1,234"),
    (0.5, "number", "0.5"),
    (0.00123, "number", "0.0012"),
    (2.61, "times", "2.6×"),
    (-0.424, "r", "−0.42"),
    (5, "a unit nobody knows", "5"),
]


@pytest.mark.parametrize(("value", "unit", "expected"), SAID)
def test_a_number_has_the_digits_it_deserves(value: float, unit: str, expected: str) -> None:
    assert number(value, unit) == expected


@pytest.mark.parametrize("unit", ["money", "share", "days", "rate", "count", "number", "r"])
@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_no_value_is_a_dash(value: float | None, unit: str) -> None:
    assert number(value, unit, "£") == exact(value, unit, "£") == about(value, unit, "£") == "–"


def test_a_currency_sign_stands_before_and_a_code_after() -> None:
    assert number(12.5, "money", "£") == "£12.50"
    assert number(-12.5, "money", "R$") == "−R$12.50"
    assert number(1_500_000, "money", "EUR") == "1.50 M EUR"
    assert number(12.5, "rate", "£") == "12.5"


def test_exact_says_all_digits() -> None:
    assert exact(1_238_412.333, "money", "£") == "£1,238,412.33"
    assert exact(0.4932, "share") == "49.3 %"
    assert exact(0.0123, "share") == "1.23 %"
    assert exact(34.5, "days") == "34.5"
    assert exact(4_327.0, "count") == "4,327"
    assert exact(0.5547, "r") == "0.555"


def test_a_sentence_says_no_cents() -> None:
    assert about(309.87, "money") == "310"
    assert about(4_321.87, "money", "£") == "£4,322"
    assert about(9.87, "money") == "9.87"
    assert about(0.5, "share") == "50 %"


def test_days_months_and_counts() -> None:
    assert day(dt.date(2011, 12, 9)) == "9 Dec 2011"
    assert month(dt.date(2011, 12, 9)) == "Dec 2011"
    assert day(None) == "–"
    assert plural(1, "customer") == "1 customer"
    assert plural(4_327, "customer") == "4,327 customers"
    assert plural(2, "country", "countries") == "2 countries"


def test_markup_in_data_is_escaped() -> None:
    assert escape("<b>Tom & Ann</b>") == "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;"
    assert cut("a" * 40, 10) == "a" * 9 + "…"
    assert cut("short") == "short"
