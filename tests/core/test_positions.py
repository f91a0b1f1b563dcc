"""Text set in columns with empty values: each value stays in its column, or its row is set aside."""

import pytest

from core.io.readers import positions, read
from core.io.reading import ReadAs
from tests.core.texts import Write, aside, cells, chosen, names

TEXT = """\
id    name        city       spend
1     Ann Lee     New York      10
2                 Bonn          20
3     Cy Twombly                30
4     Di          Köln
5                               50
"""
ROWS = [
    [1, "Ann Lee", "New York", 10],
    [2, None, "Bonn", 20],
    [3, "Cy Twombly", None, 30],
    [4, "Di", "Köln", None],
    [5, None, None, 50],
]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n"])
def test_an_empty_value_leaves_the_others_in_their_columns(write: Write, encoding: str, newline: str) -> None:
    found = read(write(TEXT.replace("\n", newline).encode(encoding)))
    assert cells(found) == ROWS
    assert found.table["_row"].to_pylist() == [1, 2, 3, 4, 5]
    assert found.decisions[0] == "Values stand in columns, each cut out at its positions."
    assert chosen(found)["separator"] == ("columns", False)
    assert found.warnings == ()


def test_columns_one_blank_apart_are_cut_as_well(write: Write) -> None:
    assert cells(read(write("a  b   c\n1 22 333\n4     55\n  66 777\n"))) == [
        [1, 22, 333],
        [4, None, 55],
        [None, 66, 777],
    ]


def test_columns_without_names_are_cut_too(write: Write) -> None:
    found = read(write("".join(TEXT.splitlines(keepends=True)[1:])))
    assert (names(found)[-1], cells(found)) == ("column_4", ROWS)


def test_a_row_further_down_that_stands_elsewhere_is_set_aside_whole(write: Write) -> None:
    rows = "".join(f"{i:<6}{'':12}Rome       {i:>5}\n" for i in range(6, 300))
    odd = "300   Alexander Longname Oslo      60\n"
    found = read(write(TEXT + rows + odd))
    assert (len(found.table), aside(found)[0][2]) == (299, odd.strip())
    assert "1 row was set aside" in found.warnings[0]


def test_a_total_below_columns_is_set_aside(write: Write) -> None:
    found = read(write(TEXT + "Total                          110\n"))
    assert (cells(found), [reason for _, reason, _ in aside(found)]) == (ROWS, ["a total below the table"])


def test_lines_that_do_not_line_up_are_left_whole_with_a_next_step(write: Write) -> None:
    found = read(write(TEXT + "6     Alexander Longname Oslo      60\n"))
    assert len(found.fields) == 1
    assert found.warnings == (
        "Each line is read as one value, though most hold runs of blanks; choose runs of blanks or columns "
        "as the separator where they part values.",
    )


def test_a_person_chooses_columns_below_a_title(write: Write) -> None:
    found = read(write(f"All the customers of 2024\n\n{TEXT}"), ReadAs(separator="columns", header="3"))
    assert cells(found) == ROWS
    assert chosen(found)["separator"] == ("columns", True)


@pytest.mark.parametrize(
    "text",
    [
        "a b\n1 2\n",
        "name  spend\nAnn 1  2\nBo 2  3\n",
        "It was a dark\nand stormy night\nso they went\n",
        "a  b\n1\t2\n3  4\n",
    ],
)
def test_what_does_not_stand_in_columns_is_cut_otherwise(write: Write, text: str) -> None:
    assert chosen(read(write(text)))["separator"][0] != "columns"


def test_what_stands_between_the_columns_fits_none() -> None:
    columns = positions.found(TEXT.splitlines())
    assert columns is not None and columns.ragged
    assert positions.cut("5     Ed          Rome          50", columns.spans) == ["5", "Ed", "Rome", "50"]
    assert positions.cut("5     Alexander Longname Oslo  50", columns.spans) is None
    assert positions.cut("5" + " " * 60 + "x", columns.spans) is None
