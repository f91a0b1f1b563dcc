"""Text tables: what separates the values, where the names stand, and what stands around the rows."""

import datetime as dt
import io

import pytest

from core.errors import UserError
from core.io.readers import read
from core.io.reading import ReadAs
from tests.core.texts import Write, as_text, aside, cells, chosen, names, types

ORDERS = [
    ["order", "customer", "amount", "day"],
    ["A1", "0001", "12.50", "2024-01-31"],
    ["A2", "0002", "7.25", "2024-02-01"],
]
CDNOW = " 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n 00002 19970112 10   77.00\n"
MISFIT = "another number of values than there are columns"

# Separators


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "   "])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_dialect_gives_the_same_table(
    write: Write, separator: str, newline: str, encoding: str
) -> None:
    found = read(write("".join(separator.join(row) + newline for row in ORDERS).encode(encoding)))
    assert types(found) == ["text", "text", "number", "date"]
    assert cells(found) == [
        ["A1", "0001", 12.5, dt.date(2024, 1, 31)],
        ["A2", "0002", 7.25, dt.date(2024, 2, 1)],
    ]


def test_line_ends_may_be_mixed(write: Write) -> None:
    assert cells(read(write("a,b\r1,2\r\n3,4\n5,6\r\r7,8"))) == [[1, 2], [3, 4], [5, 6], [7, 8]]


def test_values_in_columns_without_names_as_cdnow_has_them(write: Write) -> None:
    found = read(write(CDNOW))
    assert names(found) == ["column_1", "column_2", "column_3", "column_4"]
    assert [row[2:] for row in cells(found)] == [[1, 11.77], [1, 12.0], [10, 77.0]]
    assert found.decisions[:3] == (
        "Values separated by blanks.",
        "Encoding UTF-8.",
        "No line holds column names.",
    )


def test_values_with_blanks_inside_stand_apart_by_two(write: Write) -> None:
    found = read(write("Name        City      Spend\nJohn Smith  New York  12\nAnn Lee     Bonn      7\n"))
    assert cells(found) == [["John Smith", "New York", 12], ["Ann Lee", "Bonn", 7]]


def test_quoted_values_keep_their_blanks(write: Write) -> None:
    found = read(write('name spend\n"Ann  Lee" 3\n"Bob ""B"" Ray" 4\n'))
    assert cells(found) == [["Ann  Lee", 3], ['Bob "B" Ray', 4]]


def test_decimal_commas_do_not_separate(write: Write) -> None:
    assert cells(read(write("a;b\n1,5;2,5\n3,5;4,5\n"))) == [[1.5, 2.5], [3.5, 4.5]]
    assert cells(read(write("a  b\n1,5  2,5\n3,5  4,5\n"))) == [[1.5, 2.5], [3.5, 4.5]]


def test_texts_with_commas_in_one_column_stay_whole(write: Write) -> None:
    found = read(write("comment\nI like it, really\nno\nwell; ok\n"))
    assert [row[0] for row in cells(found)] == ["I like it, really", "no", "well; ok"]
    assert found.decisions[0] == "One value on each line."
    assert not found.warnings


def test_lines_left_whole_though_most_hold_a_separator_are_pointed_at(write: Write) -> None:
    found = read(write("a,b;c,d\n1,x;2,y\n3,x;4,y\n"), ReadAs(separator="^"))
    assert found.warnings == (
        "Each line is read as one value, though most hold commas; choose commas as the separator where they "
        "part values.",
    )


@pytest.mark.parametrize(
    ("separator", "width"), [(";", 2), ("semicolon", 2), ("^", 1), ("blank", 1), ("tab", 1), (",", 3)]
)
def test_a_person_chooses_the_separator(write: Write, separator: str, width: int) -> None:
    found = read(write("a,b;c,d\n1,x;2,y\n3,x;4,y\n"), ReadAs(separator=separator))
    assert len(found.fields) == width
    assert chosen(found)["separator"][1]


@pytest.mark.parametrize("separator", ["::", "x", '"', "ö", "\n"])
def test_what_can_not_separate_is_refused(write: Write, separator: str) -> None:
    with pytest.raises(UserError, match="can't separate values"):
        read(write("a,b\n1,2\n"), ReadAs(separator=separator))


def test_every_separator_and_header_offered_can_be_taken(write: Write) -> None:
    path = write("x,y\na,b\n" + "".join(f"{i},2\n" for i in range(9)))
    for choice in read(path).choices[:2]:
        for value, _ in choice.options:
            found = read(path, ReadAs(**{choice.key: value}))
            assert chosen(found)[choice.key] == (value, True)


# Column names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2\n3,4\n", ["column_1", "column_2"]),
        ("F,London\nM,Paris\nF,Berlin\n", ["column_1", "column_2"]),
        ("A1,3\nA2,4\n", ["column_1", "column_2"]),
        ("country,2019,2020\nDE,1,2\nFR,3,4\n", ["country", "2019", "2020"]),
        ("2019,2020\n1,2\n3,4\n", ["2019", "2020"]),
        (",spend\n0,5\n1,6\n", ["column_1", "spend"]),
        ("spend,day\n0,5,x\n1,6,y\n", ["column_1", "spend", "day"]),
        ("a,b\n1,2,\n3,4,\n", ["a", "b"]),
        ("a,b,\n1,2\n3,4\n", ["a", "b"]),
        ("a,a,,b\n1,2,3,4\n", ["a", "a_2", "column_3", "b"]),
        ('"a\nb",c\n1,2\n', ["a b", "c"]),
        ("name,city\nAnn,Bonn\n", ["name", "city"]),
    ],
)
def test_names_are_found_or_given(write: Write, text: str, expected: list[str]) -> None:
    assert names(read(write(text))) == expected


@pytest.mark.parametrize(
    ("above", "line", "said"),
    [
        (
            "report of 2024\nmade today\n\n",
            4,
            "the 2 lines above were left out (the first: “report of 2024”)",
        ),
        ("Report,,\n,,\n", 3, "the 2 lines above were left out (the first: “Report,,”)"),
        ("sep=,\n", 2, "the 1 line above was left out (the first: “sep=,”)"),
        (
            "made by Ann, on Monday\n",
            2,
            "the 1 line above was left out (the first: “made by Ann, on Monday”)",
        ),
    ],
)
def test_lines_above_the_names_are_left_out_and_said(write: Write, above: str, line: int, said: str) -> None:
    found = read(write(f"{above}name,b,c\nx,2,3\ny,5,6\n"))
    assert cells(found) == [["x", 2, 3], ["y", 5, 6]]
    assert f"Column names stand on line {line}; {said}." in found.decisions
    assert found.table["_row"].to_pylist() == [1, 2]


def test_blank_lines_are_no_rows(write: Write) -> None:
    assert cells(read(write("\n\na,b\n1,2\n\n3,4\n"))) == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("header", "expected", "rows"),
    [("2", ["a", "b"], 2), ("1", ["x", "y"], 3), ("none", ["column_1", "column_2"], 4)],
)
def test_a_person_chooses_the_line_of_the_names(
    write: Write, header: str, expected: list[str], rows: int
) -> None:
    found = read(write("x,y\na,b\n1,2\n3,4\n"), ReadAs(header=header))
    assert (names(found), len(found.table)) == (expected, rows)
    assert chosen(found)["header"] == (header, True)


@pytest.mark.parametrize(
    ("header", "part"),
    [("9", "no line “9”"), ("x", "no line “x”"), ("2", "Line 2 is empty"), ("300", "the first 200 of")],
)
def test_a_line_that_can_not_hold_names_is_refused(write: Write, header: str, part: str) -> None:
    with pytest.raises(UserError, match=part):
        read(write("a,b\n\n" + "1,2\n" * (400 if header == "300" else 1)), ReadAs(header=header))


# Around the rows


def test_ragged_rows_are_set_aside_whole_and_keep_their_numbers(write: Write) -> None:
    found = read(write("a,b\n1,2\n1\n3,4\n5,6,7\n8,9\n10,11\n"))
    assert found.table["_row"].to_pylist() == [1, 3, 5, 6]
    assert aside(found) == [(2, MISFIT, "1"), (4, MISFIT, "5,6,7")]
    assert found.warnings == ("2 rows were set aside: not the 2 values of the header (row 2 has 1).",)


def test_every_ragged_row_is_kept(write: Write) -> None:
    found = read(write("a,b\n" + "1,2\n3,4\n5\n" * 2_000))
    assert (len(found.table), len(aside(found))) == (4_000, 2_000)


@pytest.mark.parametrize("footer", ["Total;60", "Total:;;60", "GRAND TOTAL;;60", ";Summe;60", "合計;;60"])
def test_a_total_below_the_table_is_set_aside_and_said(write: Write, footer: str) -> None:
    found = read(write(f"customer;orders;spend\nA;1;10\nB;1;50\n{footer}\n"))
    assert [row[2] for row in cells(found)] == [10, 50]
    assert aside(found) == [(3, "a total below the table", footer)]
    assert found.warnings == (f"1 row was set aside: a total below the table (“{footer}”).",)


def test_a_total_below_values_in_columns_is_set_aside(write: Write) -> None:
    rows = "".join(f"C{i}        1       10\n" for i in range(5))
    found = read(write(f"customer  orders  spend\n{rows}Total             50\n"))
    assert [reason for _, reason, _ in aside(found)] == ["a total below the table"]


def test_a_customer_named_total_among_others_stays(write: Write) -> None:
    assert len(read(write("customer;spend\nTotal;10\nTotal AG;20\nB;50\n")).table) == 3


def test_names_that_stand_there_once_more_are_set_aside(write: Write) -> None:
    found = read(write("id,spend\n1,2\nid,spend\n3,4\n"))
    assert (cells(found), types(found)) == ([[1, 2], [3, 4]], ["integer", "integer"])
    assert aside(found) == [(2, "the column names once more", "id,spend")]


def test_empty_rows_are_left_out_and_counted(write: Write) -> None:
    found = read(write("id,spend\n1,2\n,\n3,4\n\n   \n5,6\n"))
    assert found.table["_row"].to_pylist() == [1, 3, 5]
    assert "2 empty rows left out." in found.decisions


def test_notes_beside_the_table_are_left_out_and_said(write: Write) -> None:
    found = read(write("id,spend,,\n1,2,,\n2,3,,see Anna\n3,4,,\n"))
    assert cells(found) == [[1, 2], [2, 3], [3, 4]]
    assert "1 column without name and values left out." in found.decisions
    assert found.warnings == (
        "Notes beside the table, in columns without a name, were left out: “see Anna” (row 2).",
    )


def test_a_column_without_a_name_but_with_values_stays(write: Write) -> None:
    assert cells(read(write("id,\n1,2\n2,3\n3,4\n"))) == [[1, 2], [2, 3], [3, 4]]


# Size


def test_columns_whose_values_recur_and_others_come_out_alike(write: Write) -> None:
    rows = [[f"order {i}", f"{i % 7}.50", "Bonn" if i % 2 else ""] for i in range(60_000)]
    found = read(write(as_text([["order", "spend", "city"], *rows])))
    assert found.table["order"].to_pylist() == [row[0] for row in rows]
    assert sum(found.table["spend"].to_pylist()) == sum(float(row[1]) for row in rows)
    assert found.table["city"].null_count == 30_000


@pytest.mark.parametrize("columns", [10_001, 200_000])
def test_too_many_columns_are_refused(write: Write, columns: int) -> None:
    line = ",".join(f"c{i}" for i in range(columns))
    with pytest.raises(UserError, match=f"has {columns:,} columns"):
        read(write(f"{line}\n{line}\n"))


def test_thousands_of_columns_are_read(write: Write) -> None:
    text = io.StringIO()
    for row in (range(1_500), [0] * 1_500, [1] * 1_500):
        text.write(",".join(f"c{i}" if row is not None and len(set(row)) > 2 else str(i) for i in row) + "\n")
    assert len(read(write(text.getvalue())).fields) == 1_500


def test_long_values_cost_no_time(write: Write) -> None:
    value = "1" + " " * 500_000 + "x"
    assert len(read(write(f"a;b\n{value};1\n{value};2\n")).table) == 2


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_value_of_megabytes_is_refused_by_its_line(write: Write, quote: str) -> None:
    value = "x" * 9_000_000 if not quote else "words\n" * 1_500_000
    with pytest.raises(UserError, match=r"(?i)line 3 .*longer than 8 MB"):
        read(write(f"a,b\n1,2\n3,{quote}{value}{quote}\n5,6\n"))
