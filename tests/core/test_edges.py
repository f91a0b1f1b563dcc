"""What stands around a table is told from its rows alike in a text and in a workbook."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from core.io.readers import read
from core.io.reading import Reading
from tests.core.books import workbook
from tests.core.texts import Write, as_text, aside, cells, names

Rows = Sequence[Sequence[object]]

FOOTER = "a total below the table"
NOTES = "notes below the table"
HEAD = ["who", "orders", "spend"]
BODY = [["A", 1, 10.5], ["B", 2, 20.25], ["C", 3, 30.75]]
EXPECTED = [["A", 1, 10.5], ["B", 2, 20.25], ["C", 3, 30.75]]


def both(write: Write, folder: Path, rows: Rows) -> list[Reading]:
    """The same rows from a text and from a workbook; None is an empty cell."""
    text = as_text([["" if cell is None else str(cell) for cell in row] for row in rows], separator=";")
    book = workbook(folder, {"s": rows})
    return [read(write(text)), read(book)]


@pytest.mark.parametrize(
    ("rows", "expected", "values"),
    [
        ([HEAD, *BODY], HEAD, EXPECTED),
        ([["Report of 2024", None, None], HEAD, *BODY], HEAD, EXPECTED),
        ([["Report", None, None], ["by Anna", "Sales", None], HEAD, *BODY], HEAD, EXPECTED),
        ([["Report", None, None], [None, None, None], HEAD, *BODY], HEAD, EXPECTED),
        (BODY, ["column_1", "column_2", "column_3"], EXPECTED),
        ([["A", None, 10.5], *BODY[1:]], ["column_1", "column_2", "column_3"],
         [["A", None, 10.5], *EXPECTED[1:]]),
        ([["F", "Rome"], ["M", "Bonn"], ["F", "Oslo"]], ["column_1", "column_2"],
         [["F", "Rome"], ["M", "Bonn"], ["F", "Oslo"]]),
        ([["city", 2023, 2024], ["Rome", 3, 4], ["Bonn", 5, 6]], ["city", "2023", "2024"],
         [["Rome", 3, 4], ["Bonn", 5, 6]]),
        ([[None, "spend"], [0, 5.5], [1, 6.5]], ["column_1", "spend"], [[0, 5.5], [1, 6.5]]),
        ([HEAD, BODY[0], [None, None, None], *BODY[1:]], HEAD, EXPECTED),
        ([HEAD, ["n/a", "n/a", 1e-7], *BODY], HEAD, [["n/a", None, 1e-7], *EXPECTED]),
    ],
)  # fmt: skip
def test_names_and_rows_are_the_same_from_a_text_and_a_workbook(
    write: Write, tmp_path: Path, rows: Rows, expected: list[str], values: list[list[object]]
) -> None:
    text, book = both(write, tmp_path, rows)
    assert (names(text), cells(text)) == (expected, values)
    assert (names(book), cells(book)) == (expected, values)
    assert text.table["_row"].equals(book.table["_row"])


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ([["Total", None, 61.5]], [(4, FOOTER)]),
        ([["Total", None, 61.5], ["Total incl. VAT", None, 73.2]], [(4, FOOTER), (5, FOOTER)]),
        ([["Total incl. VAT", None, 73.2]], [(4, FOOTER)]),
        ([["Summe netto", None, 61.5], ["MwSt 19 %", None, 11.7]], [(4, FOOTER), (5, FOOTER)]),
        ([["Total", None, 61.5], ["Source: the till", None, None]], [(4, FOOTER), (5, NOTES)]),
        ([[None, None, None], ["Source: the till", None, None]], [(5, NOTES)]),
        ([["Total", None, 61.5], *([[None, None, None]] * 20)], [(4, FOOTER)]),
    ],
)
def test_totals_and_notes_below_are_set_aside_alike(
    write: Write, tmp_path: Path, below: Rows, expected: list[tuple[int, str]]
) -> None:
    for found in both(write, tmp_path, [HEAD, *BODY, *below]):
        assert cells(found) == EXPECTED
        assert [(row, reason) for row, reason, _ in aside(found)] == expected
        assert [said for said in found.warnings if expected[0][1] in said]


@pytest.mark.parametrize("last", ["Total 2024", "Total AG", "Subtotal of all"])
def test_a_last_row_that_may_be_a_total_stays_and_is_asked_about(
    write: Write, tmp_path: Path, last: str
) -> None:
    for found in both(write, tmp_path, [HEAD, *BODY, [last, 6, 61.5]]):
        assert len(found.table) == 4
        assert found.warnings == (
            f"The last row begins with “{last}” and stays. If it is the sum of the others, it counts twice: "
            "remove it from the file and upload that.",
        )


def test_a_customer_named_like_a_total_among_others_is_not_asked_about(write: Write, tmp_path: Path) -> None:
    for found in both(write, tmp_path, [HEAD, ["Total AG", 1, 10.5], *BODY]):
        assert (len(found.table), found.warnings) == (4, ())


@pytest.mark.parametrize("note", ["Source: the till", "Source: the till;;"])
def test_a_note_below_a_blank_line_of_a_text_is_no_customer(write: Write, note: str) -> None:
    found = read(write(f"who;orders;spend\nA;1;10.5\nB;2;20.25\n\n{note}\n"))
    assert cells(found) == EXPECTED[:2]
    assert aside(found) == [(3, NOTES, note)]
    assert found.warnings == (f"1 row was set aside: notes below the table (“{note}”).",)


def test_a_customer_without_values_that_no_blank_line_parts_stays(write: Write) -> None:
    assert len(read(write("who;orders;spend\nA;1;10.5\nB;2;20.25\nC;;\n")).table) == 3


@pytest.mark.parametrize("line", ["  ;  ;  ", ";;", '"";"";""', " ;;;; ", "  ;", "\u00a0;\u00a0;\u00a0"])
def test_a_line_of_separators_and_blanks_is_no_customer_and_counted(write: Write, line: str) -> None:
    found = read(write(f"who;orders;spend\nA;1;10.5\n{line}\nB;2;20.25\n"))
    assert cells(found) == EXPECTED[:2]
    assert found.table["_row"].to_pylist() == [1, 3]
    assert (aside(found), found.warnings) == ([], ())
    assert "1 empty row left out." in found.decisions


def test_blank_lines_are_no_rows_and_change_no_number(write: Write) -> None:
    found = read(write("who;spend\n\nA;1\n\n\nB;2;3\n\nC;4\n\r\n\nD;5\n"))
    assert (cells(found), found.table["_row"].to_pylist()) == ([["A", 1], ["C", 4], ["D", 5]], [1, 3, 4])
    assert [(row, text) for row, _, text in aside(found)] == [(2, "B;2;3")]
