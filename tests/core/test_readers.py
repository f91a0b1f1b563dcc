"""Readers: which one takes a file, and that what it holds comes out as it is or is refused in words."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import UserError
from core.io.readers import read
from core.io.reading import ReadAs, Reading
from tests.core.texts import Write, cells, types


def column(write: Write, *values: str) -> Reading:
    """A file with one column beside another one that keeps empty cells from being empty lines."""
    return read(write("x;n\n" + "".join(f"{value};{i}k\n" for i, value in enumerate(values))))


# Types


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (("1", "-2", ""), "integer", [1, -2, None]),
        (("17850.0", "", "3.0"), "integer", [17850, None, 3]),
        (("1.5", "2"), "number", [1.5, 2.0]),
        (("1e-5", "+2"), "number", [1e-5, 2.0]),
        (("0001", "12"), "text", ["0001", "12"]),
        (("12345678901234567890", "1"), "text", ["12345678901234567890", "1"]),
        (("12,50", "1.234,00"), "number", [12.5, 1234.0]),
        (("1,234.50", "7"), "number", [1234.5, 7.0]),
        (("1,234,567", "7"), "integer", [1234567, 7]),
        (("£12.50", "-£3.00"), "number", [12.5, -3.0]),
        (("R$ 58,138.00", "R$ 7.00"), "integer", [58138, 7]),
        (("12,50 €", "3,00 €"), "number", [12.5, 3.0]),
        (("yes", "No", ""), "flag", [True, False, None]),
        (("2012-09-04", "2014-3-8"), "date", [dt.date(2012, 9, 4), dt.date(2014, 3, 8)]),
        (("2010-12-01 08:26:00", ""), "datetime", [dt.datetime(2010, 12, 1, 8, 26), None]),
        (("2010-12-01T08:26:00+02:00", "2010-12-01T08:26:00Z"), "datetime",
         [dt.datetime(2010, 12, 1, 6, 26), dt.datetime(2010, 12, 1, 8, 26)]),
        (("31/01/2024", "1/2/2024"), "date", [dt.date(2024, 1, 31), dt.date(2024, 2, 1)]),
        (("1/31/2024 2:05 PM", "2/1/2024 12:00 AM"), "datetime",
         [dt.datetime(2024, 1, 31, 14, 5), dt.datetime(2024, 2, 1)]),
        (("01.02.24", "02.02.24"), "date", [dt.date(2024, 2, 1), dt.date(2024, 2, 2)]),
        (("  Male ", "Female"), "text", ["Male", "Female"]),
    ],
)  # fmt: skip
def test_values_are_read_as_what_they_are(
    write: Write, values: tuple[str, ...], kind: str, expected: list[object]
) -> None:
    found = column(write, *values)
    assert (types(found)[0], [row[0] for row in cells(found)]) == (kind, expected)
    assert not found.warnings


def test_one_value_far_down_decides_the_type(write: Write) -> None:
    found = column(write, *(["1"] * 30_000), "A7")
    assert types(found)[0] == "text"


def test_the_currency_of_amounts_is_kept(write: Write) -> None:
    assert column(write, "£12.50", "£3.10").currency == "£"


def test_amounts_in_two_currencies_stay_text(write: Write) -> None:
    assert types(column(write, "£12.50", "$3.10"))[0] == "text"


def test_a_number_that_may_be_a_thousand_or_a_fraction_stays_text_with_a_warning(write: Write) -> None:
    found = column(write, "1,234", "2,500")
    assert types(found)[0] == "text"
    assert "1,234" in found.warnings[0]


def test_another_column_settles_what_the_comma_means(write: Write) -> None:
    found = read(write("a;b\n1,234;0,5\n2,500;0,25\n"))
    assert cells(found) == [[1.234, 0.5], [2.5, 0.25]]


def test_thousands_that_only_another_column_gives_away_are_pointed_at(write: Write) -> None:
    found = read(write("a;b\n1.234;0,5\n12.500;0,25\n"))
    assert cells(found) == [[1234, 0.5], [12500, 0.25]]
    assert "1.234" in found.warnings[0]


@pytest.mark.parametrize("word", ["NA", "N/A", "nan", "NULL"])
def test_words_for_empty_among_numbers_are_empty_and_said(write: Write, word: str) -> None:
    found = column(write, "1", word, "3")
    assert [row[0] for row in cells(found)] == [1, None, 3]
    assert found.warnings == (f"x has “{word}” in 1 row, read as empty.",)


def test_words_for_empty_among_texts_stay(write: Write) -> None:
    assert [row[0] for row in cells(column(write, "NA", "DE"))] == ["NA", "DE"]


def test_a_stray_word_among_amounts_is_pointed_at(write: Write) -> None:
    found = column(write, *(["1.5"] * 20), "unknown")
    assert types(found)[0] == "text"
    assert "“unknown”" in found.warnings[0]


def test_codes_with_letters_are_no_stray_words(write: Write) -> None:
    assert not column(write, *(["85123"] * 20), "85123A", "C536379").warnings


def test_an_impossible_date_is_empty_and_said(write: Write) -> None:
    found = column(write, *(["2024-01-31"] * 30), "2024-02-30")
    assert types(found)[0] == "date"
    assert "2024-02-30" in found.warnings[0]


def test_dates_written_both_ways_stay_text(write: Write) -> None:
    found = column(write, "31/01/2024", "01/31/2024")
    assert types(found)[0] == "text"
    assert found.warnings


def test_the_order_of_the_rows_tells_day_from_month_but_leaves_it_open(write: Write) -> None:
    found = column(write, "01/03/2024", "02/03/2024", "01/04/2024")
    assert found.fields[0].dayfirst is True
    assert cells(found)[0][0] == dt.date(2024, 3, 1)
    assert column(write, "03/01/2024", "03/02/2024", "04/01/2024").fields[0].dayfirst is False


def test_a_column_that_leaves_no_doubt_settles_the_other(write: Write) -> None:
    found = read(write("a,b\n01/03/2024,31/03/2024\n02/03/2024,30/03/2024\n"))
    assert [field.dayfirst for field in found.fields] == [None, None]
    assert cells(found)[0][0] == dt.date(2024, 3, 1)


# Names and rows


def test_empty_and_repeated_names_are_made_unique_and_said(write: Write) -> None:
    found = read(write("a,a,,Größe (k$)\n1,2,3,4\n"))
    assert [field.name for field in found.fields] == ["a", "a_2", "column_3", "Größe (k$)"]
    assert [field.slug for field in found.fields] == ["a", "a_2", "column_3", "groe_k"]
    assert len(found.decisions) == 4


def test_slugs_are_unique_where_names_differ_by_signs_only(write: Write) -> None:
    assert [field.slug for field in read(write("a b,a-b,客户\n1,2,3\n")).fields] == [
        "a_b",
        "a_b_2",
        "column_3",
    ]


@pytest.mark.parametrize("name", ["sales_to_date", "Sales to date", "SalesToDate", "spend-to-date"])
def test_sums_up_to_a_date_are_no_dates(write: Write, name: str) -> None:
    found = read(write(f"id;{name}\nA;45000\nB;45100\nC;46000\n"))
    assert (types(found)[1], found.table.column(2).to_pylist()) == ("integer", [45000, 45100, 46000])


def test_a_clean_file_has_no_warnings(shared_data: Path) -> None:
    found = read(shared_data / "Mall_Customers.csv")
    assert found.warnings == ()
    assert types(found) == ["text", "text", "integer", "integer", "integer"]
    assert found.fields[3].slug == "annual_income_k"
    assert found.table["customerid"][0].as_py() == "0001"


# Choices


@pytest.mark.parametrize(("name", "value"), [("decimal", "comma"), ("dayfirst", "maybe")])
def test_a_choice_that_is_none_is_refused(write: Write, name: str, value: str) -> None:
    with pytest.raises(UserError, match=f"“{value}” is no value of {name}"):
        read(write("a,b\n1,2\n"), ReadAs(**{name: value}))


def test_a_choice_that_means_nothing_for_the_file_is_said(write: Write) -> None:
    found = read(write("a,b\n1,2\n"), ReadAs(sheet="Orders"))
    assert found.warnings == (
        "The choice of sheet means nothing for this file (text: CSV, TSV and the like).",
    )


# Refused


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"\n \n\n", "empty"),
        (b"a,b\n", "no rows"),
        (b"\x00\x01\x02\x03" * 100, "not a table"),
        (bytes(range(1, 32)) * 9, "not a table"),
        (b"PAR1 this is no parquet PAR1", "damaged"),
        (b"PK\x03\x04 this is no workbook", "damaged"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"BZh91AY&SY", "packed archive other than"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\xef\xbb\xbf<html>", "web page"),
        ("<html><table>".encode("utf-16"), "web page"),
        (b"<table><tr>", "web page"),
        (b'[{"a": 1}]', "JSON"),
        (("x," * 10_001 + "x\n" + "1," * 10_001 + "1\n").encode(), "10,000"),
        (b"a,b,c\n1,2\n4,5\n7,8\n", "has 3 columns; 3 of 3 rows have others"),
    ],
)
def test_what_is_no_table_is_refused_with_a_next_step(write: Write, content: bytes, part: str) -> None:
    with pytest.raises(UserError, match=part) as caught:
        read(write(content))
    assert caught.value.hint


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="can't be opened"):
        read(tmp_path / "nothing")


# Parquet


def test_parquet_types_become_canonical(tmp_path: Path) -> None:
    table = pa.table(
        {
            "whole": pa.array([1.0, None, 3.0]),
            "bad": pa.array([1.5, float("nan"), float("inf")]),
            "small": pa.array([1, 2, 3], pa.int8()),
            "huge": pa.array([2**64 - 1, 1, 2], pa.uint64()),
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
            "paid": pa.array([1, 2, 3], pa.decimal128(9, 2)),
            "when": pa.array([dt.datetime(2024, 1, 1, 12)] * 3, pa.timestamp("ns", "Europe/Berlin")),
            "day": pa.array([dt.datetime(2024, 1, 1)] * 3, pa.timestamp("ns")),
            "ok": pa.array([True, False, None]),
            "list": pa.array([[1], [2], None]),
            "void": pa.nulls(3),
        }
    )
    pq.write_table(table, tmp_path / "t")
    found = read(tmp_path / "t")
    assert types(found) == [
        *(
            "integer",
            "number",
            "integer",
            "text",
            "text",
            "integer",
            "datetime",
            "date",
            "flag",
            "text",
            "text",
        )
    ]
    assert found.table["bad"].to_pylist() == [1.5, None, None]
    assert found.table["when"][0].as_py() == dt.datetime(2024, 1, 1, 12)
    assert [warning.split()[0] for warning in found.warnings] == ["bad", "list"]


def test_online_retail_is_read_to_the_cent(shared_data: Path) -> None:
    found = read(shared_data / "online_retail.parquet")
    assert found.table.num_rows == 541_909
    assert found.table["customerid"].type == pa.int64()
    assert found.table["customerid"].null_count == 135_080
    assert found.table["invoicedate"].type == pa.timestamp("us")
    assert found.warnings == ()


def test_marketing_campaign_has_bom_semicolons_and_empty_incomes(shared_data: Path) -> None:
    found = read(shared_data / "marketing_campaign.csv")
    assert found.fields[0].name == "ID"
    assert found.table["income"].null_count == 24
    assert found.table["dt_customer"].type == pa.date32()
    assert found.decisions[:2] == ("Values separated by semicolon.", "Encoding UTF-8 with BOM.")
