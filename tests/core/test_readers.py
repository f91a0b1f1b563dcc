"""Readers: what is in a file comes out, and what can't be read is refused in words."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.io.readers import read
from core.io.reading import Reading

Write = Callable[[str | bytes], Path]

ORDERS = [
    ["order", "customer", "amount", "day"],
    ["A1", "0001", "12.50", "2024-01-31"],
    ["A2", "0002", "7.25", "2024-02-01"],
]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text (UTF-8) or bytes to a file and return its path."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


def as_text(rows: Sequence[Sequence[str]], separator: str = ",", newline: str = "\n") -> str:
    """The rows as a delimited text, quoted where needed."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=newline).writerows(rows)
    return out.getvalue()


def cells(reading: Reading) -> list[list[object]]:
    """All rows without the row numbers."""
    return [list(row.values())[1:] for row in reading.table.to_pylist()]


def types(reading: Reading) -> list[str]:
    """The type of each column."""
    return [field.type for field in reading.fields]


def column(write: Write, *values: str) -> Reading:
    """A file with one column beside another one that keeps empty cells from being empty lines."""
    return read(write("x;n\n" + "".join(f"{value};{i}k\n" for i, value in enumerate(values))))


# Ways of writing a text file


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_dialect_gives_the_same_table(
    write: Write, separator: str, newline: str, encoding: str
) -> None:
    found = read(write(as_text(ORDERS, separator, newline).encode(encoding)))
    assert types(found) == ["text", "text", "number", "date"]
    assert cells(found) == [
        ["A1", "0001", 12.5, dt.date(2024, 1, 31)],
        ["A2", "0002", 7.25, dt.date(2024, 2, 1)],
    ]


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "Windows-1252"), ("utf-8-sig", "UTF-8 with BOM")])
def test_letters_of_other_encodings_are_right_and_said(write: Write, encoding: str, name: str) -> None:
    found = read(write("Größe,Stück\nklein,3\n".encode(encoding)))
    assert [field.name for field in found.fields] == ["Größe", "Stück"]
    assert f"Encoding {name}." in found.decisions


def test_quoted_values_keep_separators_quotes_and_line_ends(write: Write) -> None:
    found = read(write('a,b\n"x, ""y""\nz",1\n'))
    assert cells(found) == [['x, "y"\nz', 1]]


def test_blank_lines_are_no_rows(write: Write) -> None:
    assert cells(read(write("\n\na,b\n1,2\n\n3,4\n"))) == [[1, 2], [3, 4]]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(" ,;|\t\"'\n"), max_size=8
).map(lambda word: f"w{word}w")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.integers(2, 4).flatmap(
        lambda n: st.lists(st.lists(words, min_size=n, max_size=n), min_size=1, max_size=6)
    ),
    separator=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_table_comes_back_as_written(
    tmp_path: Path, rows: list[list[str]], separator: str, newline: str, encoding: str
) -> None:
    header = [f"column {i}" for i in range(len(rows[0]))]
    path = tmp_path / "any"
    path.write_bytes(as_text([header, *rows], separator, newline).encode(encoding))
    assert cells(read(path)) == rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    try:
        rows = len(read(path).table)
    except UserError as error:
        said = error
        rows = 0
    assert rows or (said.message and said.hint)


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


def test_ragged_rows_are_set_aside_counted_and_keep_their_numbers(write: Write) -> None:
    found = read(write("a,b\n1,2\n1\n3,4\n5,6,7\n8,9\n10,11\n"))
    assert found.table["_row"].to_pylist() == [1, 3, 5, 6]
    assert found.warnings == ("2 rows were set aside: not the 2 values of the header (row 2 has 1).",)


def test_a_clean_file_has_no_warnings(shared_data: Path) -> None:
    found = read(shared_data / "Mall_Customers.csv")
    assert found.warnings == ()
    assert types(found) == ["text", "text", "integer", "integer", "integer"]
    assert found.fields[3].slug == "annual_income_k"
    assert found.table["customerid"][0].as_py() == "0001"


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
        (b"\xef\xbb\xbfa,b\n\xfc,1\n", "another encoding"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x1f\x8b\x08\x00", "packed archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'[{"a": 1}]', "JSON"),
        (("x," * 10_001 + "x\n" + "1," * 10_001 + "1\n").encode(), "10,000"),
        (b"report of 2024\nmade today\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", "rows have others"),
    ],
)
def test_what_is_no_table_is_refused_with_a_next_step(write: Write, content: bytes, part: str) -> None:
    with pytest.raises(UserError, match=part) as caught:
        read(write(content))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a,b\n1,2\n3,"4\n' + "5,6\n" * 1000, 3),
        ('a,b\n1,2\n3,"4\n5,"6"\n7,8\n', 3),
        ('a,b\n"x\ny",2\n3,"4\n', 4),
        ('a,b\n3,"4', 2),
        ('a,b\n1,"' + "5,6\n" * 100_000, 2),
    ],
)
def test_a_quotation_mark_that_swallows_the_file_is_named_by_its_line(
    write: Write, content: str, line: int
) -> None:
    with pytest.raises(UserError, match=rf"opens on line {line} "):
        read(write(content))


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


# Excel


def test_a_workbook_is_read_from_its_first_sheet_that_is_not_empty(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        empty=[],
        orders=[
            ["id", "paid", "when", "note"],
            ["0001", 12.5, DateCell(45322), "x"],
            None,
            ["2", 3.0, DateCell(45323), 7.0],
        ],
    )
    found = read(path)
    assert types(found) == ["text", "number", "date", "text"]
    assert cells(found) == [["0001", 12.5, dt.date(2024, 1, 31), "x"], ["2", 3.0, dt.date(2024, 2, 1), "7"]]
    assert found.table["_row"].to_pylist() == [1, 3]
    assert found.decisions[:2] == (
        "Sheet “orders” of an Excel workbook; 1 more left unread.",
        "1 empty row left out.",
    )


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="empty"):
        read(workbook(tmp_path, empty=[]))


class DateCell(float):
    """A day as Excel counts them, in a cell that is shown as a date."""


def workbook(folder: Path, **sheets: list[list[object] | None]) -> Path:
    """Write a small xlsx by hand: no library that the app has writes one."""
    import zipfile

    head = '<?xml version="1.0" encoding="UTF-8"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    numbered = list(enumerate(sheets, 1))
    path = folder / "book"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            f'{head}<Types xmlns="{kinds}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'{head}<Relationships xmlns="{rels}"><Relationship Id="r" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            + "".join(f'<sheet name="{name}" sheetId="{i}" r:id="s{i}"/>' for i, name in numbered)
            + "</sheets></workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{head}<Relationships xmlns="{rels}">'
            + "".join(
                f'<Relationship Id="s{i}" Type="{office}/worksheet" Target="worksheets/s{i}.xml"/>'
                for i, _ in numbered
            )
            + f'<Relationship Id="st" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        )
        book.writestr(
            "xl/styles.xml",
            f'{head}<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14"/></cellXfs></styleSheet>',
        )
        for i, rows in enumerate(sheets.values(), 1):
            body = "".join(f'<row r="{r}">{_cells(row or [], r)}</row>' for r, row in enumerate(rows, 1))
            book.writestr(
                f"xl/worksheets/s{i}.xml",
                f'{head}<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
            )
    return path


def _cells(row: list[object], number: int) -> str:
    found = []
    for letter, value in zip("ABCDEFGH", row, strict=False):
        place = f'r="{letter}{number}"'
        if isinstance(value, str):
            found.append(f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>')
        else:
            style = ' s="1"' if isinstance(value, DateCell) else ""
            found.append(f"<c {place}{style}><v>{value!r}</v></c>")
    return "".join(found)
