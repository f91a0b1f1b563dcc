"""Workbooks: which sheet and which rows are the table, and that no crafted file does harm."""

import datetime as dt
import gc
import random
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from core import child
from core.errors import UserError
from core.io.columns import content
from core.io.readers import read
from core.io.reading import ReadAs, Reading
from tests.core.books import DateCell, ErrorCell, Row, old_workbook, open_document, workbook

ORDERS: list[Row] = [
    ["id", "paid", "day"],
    ["0001", 12.5, DateCell(45322)],
    ["0002", 3.0, DateCell(45323)],
    ["0003", 7.25, DateCell(45324)],
]
VALUES = [
    ["0001", 12.5, dt.date(2024, 1, 31)],
    ["0002", 3.0, dt.date(2024, 2, 1)],
    ["0003", 7.25, dt.date(2024, 2, 2)],
]
LIMITS = child.Limits(memory_mb=1024, cpu_seconds=20, wall_seconds=30)


def cells(found: Reading) -> list[list[object]]:
    """All rows without the row numbers."""
    return [list(row.values())[1:] for row in found.table.to_pylist()]


def numbers(found: Reading) -> list[int]:
    """The number that each row has, counted from 1 below the names."""
    return list(found.table["_row"].to_pylist())


def chosen(found: Reading, key: str) -> tuple[str, list[str], bool]:
    """What was chosen, the options, and whether a person did."""
    choice = next(c for c in found.choices if c.key == key)
    return choice.value, [value for value, _ in choice.options], choice.chosen


def refused(path: Path) -> str:
    """The sentence that a workbook is refused with, read in a child as the app does."""
    with pytest.raises(UserError) as caught:
        child.run("tests.core.child_functions:read_file", str(path), limits=LIMITS)
    assert caught.value.hint
    return caught.value.message


# Which sheet


def test_the_first_sheet_that_holds_anything_is_read(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {"notes": [[" "]], "orders": ORDERS, "more": ORDERS}))
    assert cells(found) == VALUES
    assert found.decisions[0] == "Sheet “orders” of an Excel workbook; 2 more left unread."
    assert chosen(found, "sheet") == ("orders", ["notes", "orders", "more"], False)


def test_a_person_chooses_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"orders": ORDERS, "people & co": [["age"], [30], [40]]})
    found = read(path, ReadAs(sheet="people & co"))
    assert cells(found) == [[30], [40]]
    assert chosen(found, "sheet") == ("people & co", ["orders", "people & co"], True)


@pytest.mark.parametrize(
    ("sheet", "part"), [("nothing", "no sheet “nothing”"), ("empty", "“empty” is empty")]
)
def test_a_sheet_that_is_not_there_or_empty_is_refused(tmp_path: Path, sheet: str, part: str) -> None:
    with pytest.raises(UserError, match=part):
        read(workbook(tmp_path, {"orders": ORDERS, "empty": []}), ReadAs(sheet=sheet))


def test_a_workbook_without_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="workbook is empty"):
        read(workbook(tmp_path, {"one": [], "two": [["", " "]]}))


# Which rows and columns


def test_titles_and_empty_rows_above_the_names_are_left_out(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {"s": [["Orders of 2024"], ["made today"], None, None, *ORDERS]}))
    assert cells(found) == VALUES
    assert numbers(found) == [1, 2, 3]
    assert "The 2 rows above were left out (the first: “Orders of 2024”)." in found.decisions
    assert chosen(found, "header")[0] == "5"


def test_a_table_may_begin_anywhere_in_the_sheet(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {"s": [None, None, *([None, None, *row] for row in ORDERS if row)]}))
    assert cells(found) == VALUES
    assert chosen(found, "header")[0] == "3"


def test_a_person_says_which_row_holds_the_names(tmp_path: Path) -> None:
    groups = [["who", "money", "when"], *ORDERS]
    found = read(workbook(tmp_path, {"s": groups}), ReadAs(header="2"))
    assert (cells(found), [f.name for f in found.fields]) == (VALUES, ["id", "paid", "day"])
    assert chosen(found, "header")[::2] == ("2", True)


@pytest.mark.parametrize("header", ["0", "99", "x", "-1"])
def test_a_row_that_can_not_hold_the_names_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(UserError, match="can't hold the column names"):
        read(workbook(tmp_path, {"s": ORDERS}), ReadAs(header=header))


def test_rows_of_values_alone_get_names(tmp_path: Path) -> None:
    rows = [["Bonn", 12.5, 3], ["Rom", 3.25, 4], ["Oslo", 7.0, 5]]
    for as_ in (ReadAs(), ReadAs(header="none")):
        found = read(workbook(tmp_path, {"s": rows}), as_)
        assert (cells(found), numbers(found)) == (rows, [1, 2, 3])
        assert [f.name for f in found.fields] == ["column_1", "column_2", "column_3"]
        assert "No row holds column names." in found.decisions


def test_years_are_names(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {"s": [["city", 2023.0, 2024.0], ["Rom", 3.0, 4.0], ["Bonn", 5.0, 6.5]]}))
    assert [f.name for f in found.fields] == ["city", "2023", "2024"]


def test_a_total_and_notes_below_are_set_aside_and_said(tmp_path: Path) -> None:
    rows = [*ORDERS, ["Total", 22.75], None, ["Source: the till"]]
    found = read(workbook(tmp_path, {"s": rows}))
    assert cells(found) == VALUES
    assert found.aside is not None
    assert found.aside["_row"].to_pylist() == [4, 6]
    assert found.aside["text"].to_pylist() == ["Total\t22.75", "Source: the till"]
    assert found.warnings == (
        "1 row was set aside: a total below the table (“Total\t22.75”).",
        "1 row was set aside: notes below the table (“Source: the till”).",
    )


def test_a_total_among_the_rows_stays(tmp_path: Path) -> None:
    rows = [["brand", "sold"], ["Total", 5.5], ["Shell", 7.25]]
    assert len(cells(read(workbook(tmp_path, {"s": rows})))) == 2


def test_notes_beside_the_table_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [list(row or ()) for row in ORDERS]
    rows[2] += [None, None, "check this"]
    found = read(workbook(tmp_path, {"s": rows}))
    assert cells(found) == VALUES
    assert found.warnings == ("Notes beside the table were left out: “check this” (row 3 of the sheet).",)


def test_empty_rows_are_left_out_and_keep_their_numbers(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {"s": [*ORDERS[:2], None, [" ", None, ""], *ORDERS[2:]]}))
    assert (cells(found), numbers(found)) == (VALUES, [1, 4, 5])
    assert "2 empty rows left out." in found.decisions


def test_a_column_without_a_name_stays(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {"s": [[None, "paid"], [0, 12.5], [1, 3.25]]}))
    assert [f.name for f in found.fields] == ["column_1", "paid"]


def test_a_value_merged_over_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    rows = [["who", "paid"], ["Ann", 1.5], [None, 2.5], [None, 3.5], ["Bo", 4.5]]
    found = read(workbook(tmp_path, {"s": rows}, merged=["A2:A4"]))
    assert found.table["who"].to_pylist() == ["Ann", "Ann", "Ann", "Bo"]


def test_a_title_merged_over_the_columns_is_no_header(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {"s": [["All orders", None, None], *ORDERS]}, merged=["A1:C1"]))
    assert cells(found) == VALUES


# Cells


def test_cells_of_several_kinds_are_text_and_typed_as_such(tmp_path: Path) -> None:
    rows = [["n", "mixed", "ok"], [1.0, 7.0, True], ["12,5", "x", False], ["n/a", DateCell(45322), None]]
    found = read(workbook(tmp_path, {"s": rows}))
    assert [f.type for f in found.fields] == ["number", "text", "flag"]
    assert cells(found) == [[1, "7", True], [12.5, "x", False], [None, "2024-01-31", None]]


def test_a_formula_that_failed_is_no_value(tmp_path: Path) -> None:
    rows = [["n", "k"], [1.5, "a"], [ErrorCell("#DIV/0!"), "b"], [2.5, "c"]]
    found = read(workbook(tmp_path, {"s": rows}))
    assert found.table["n"].to_pylist() == [1.5, None, 2.5]


def test_counted_days_without_a_date_format_are_dates_by_their_name(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {"s": [["order date", "n"], [45322.0, 1.0], [45323.0, 45322.0]]}))
    assert [f.type for f in found.fields] == ["date", "integer"]


def test_the_sum_of_a_money_column_is_the_workbooks(tmp_path: Path) -> None:
    amounts = [random.Random(0).randrange(-(10**7), 10**7) for _ in range(500)]
    rows = [["paid"], *([float(Decimal(amount) / 100)] for amount in amounts)]
    (column,) = content.described(read(workbook(tmp_path, {"s": rows})))
    assert Decimal(repr(column.sum)) == Decimal(sum(amounts)) / 100


def test_the_search_for_cycles_goes_on_after_reading(tmp_path: Path) -> None:
    read(workbook(tmp_path, {"s": ORDERS}))
    assert gc.isenabled()


# Other workbooks


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    found = read(old_workbook(tmp_path))
    assert cells(found) == [["0001", 12.5, dt.date(2024, 1, 31)], ["2", 3.0, dt.date(2024, 2, 1)]]


def test_an_open_document_workbook_is_read(tmp_path: Path) -> None:
    rows = [["id", "paid"], ["0001", 12.5], ["0002", 3.0]]
    found = read(open_document(tmp_path, {"orders": rows}))
    assert cells(found) == rows[1:]
    assert found.decisions[0] == "Sheet “orders” of an OpenDocument workbook."


# Crafted files


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_cut_workbook_is_refused(tmp_path: Path, share: float) -> None:
    for path in (workbook(tmp_path, {"s": ORDERS}), old_workbook(tmp_path)):
        path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
        with pytest.raises(UserError):
            read(path)


def test_a_workbook_that_inflates_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["x"], ["0" * (25 << 20)]]})
    assert "100 times its size" in refused(path)


def test_a_workbook_whose_sizes_lie_ends_in_words(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["x"], ["0" * (40 << 20)]]})
    with zipfile.ZipFile(path) as book:
        true = book.getinfo("xl/worksheets/s1.xml").file_size
    path.write_bytes(path.read_bytes().replace(true.to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    assert refused(path)


def test_a_cell_of_megabytes_is_refused(tmp_path: Path) -> None:
    letters = random.Random(0).randbytes(1 << 20).hex()
    assert "longer than" in refused(workbook(tmp_path, {"s": [["x"], [letters]]}))


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    assert "columns; at most 10,000" in refused(workbook(tmp_path, {"s": [["x"] * 20_000, ["1"] * 20_000]}))


def test_a_lone_cell_at_the_far_corner_ends_in_words(tmp_path: Path) -> None:
    rows: list[Row] = [["x", "y"], [1.5, 2.5]]
    path = workbook(tmp_path, {"s": rows})
    moved = tmp_path / "moved"
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(moved, "w") as other:
        for name in book.namelist():
            other.writestr(name, book.read(name).replace(b'r="B2"', b'r="XFD1048576"'))
    assert refused(moved)


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    path = workbook(
        tmp_path, {"s": [["x"], ["BOMB"]]}, prolog=f'<!DOCTYPE worksheet [<!ENTITY e0 "boom">{levels}]>'
    )
    bomb = tmp_path / "bomb"
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(bomb, "w") as other:
        for name in book.namelist():
            other.writestr(name, book.read(name).replace(b"BOMB", b"&e9;"))
    try:
        found = child.run("tests.core.child_functions:read_file", str(bomb), limits=LIMITS)
    except UserError as error:
        found = error.hint.encode()
    assert 0 < len(found) < 1000


@pytest.mark.parametrize("others", [["x", 3.0, "y"], [True, "no"], [DateCell(45322), "x"], [1.5, 2.5]])
def test_an_empty_cell_among_any_others_is_missing(tmp_path: Path, others: list[object]) -> None:
    rows: list[Row] = [["a", "n"], *([cell, 1] for cell in others), [None, 2]]
    found = read(workbook(tmp_path, {"s": rows}))
    assert found.table["a"].null_count == 1
    assert "None" not in found.table["a"].to_pylist()


def test_a_number_merged_over_rows_is_said_with_its_column(tmp_path: Path) -> None:
    rows: list[Row] = [["who", "paid", None], ["Ann", 10.5, 7], ["Bo", None, None], ["Cy", 3.5, 8]]
    found = read(workbook(tmp_path, {"s": rows}, merged=["B2:B3", "C2:C3"]))
    assert found.table["paid"].to_pylist() == [10.5, 10.5, 3.5]
    assert found.warnings == tuple(
        f"{name}: 1 number merged over several rows stands in each of them and counts more than once in a "
        "sum. Unless that is an id, unmerge the cells in the workbook and upload it again."
        for name in ("paid", "column_3")
    )


def test_a_header_beyond_the_first_rows_is_refused_with_those_that_can_be_chosen(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["a", "b"], *([[1, 2]] * 400)]})
    with pytest.raises(UserError, match="Row 300 of this sheet") as caught:
        read(path, ReadAs(header="300"))
    assert caught.value.hint == "Choose a row from 1 to 200, or “none”."


def test_choices_of_a_text_mean_nothing_for_a_workbook_and_are_said(tmp_path: Path) -> None:
    as_ = ReadAs(separator=";", encoding="utf-8", member="a.csv", decimal=",", dayfirst="no")
    assert read(workbook(tmp_path, {"s": ORDERS}), as_).warnings == tuple(
        f"The choice of {what} means nothing for this file ({why})."
        for what, why in (
            ("separator, encoding, member", "Excel or OpenDocument workbook"),
            ("decimal", "no number in it is written with “,” before decimals"),
            ("dayfirst", "no date in it leaves day and month open"),
        )
    )


def test_dates_of_which_some_became_text_are_not_half_read(tmp_path: Path) -> None:
    rows: list[Row] = [["n", "day"], [1, DateCell(45322)], [2, "13/02/2024"], [3, DateCell(45324)]]
    found = read(workbook(tmp_path, {"s": rows}))
    assert found.fields[1].type == "text"
    assert found.warnings[0].startswith("day stays text: its dates are written in several ways")
