"""Quotation marks: what stands between them is one value, and one that is never closed is found."""

import csv

import pytest

from core.errors import UserError
from core.io.readers import read
from tests.core.texts import Write, as_text, cells


def test_quoted_values_keep_separators_quotes_and_line_ends(write: Write) -> None:
    assert cells(read(write('a,b\n"x, ""y""\nz",1\n'))) == [['x, "y"\nz', 1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b\n5" pipe,1\n7" pipe,2\n', [['5" pipe', 1], ['7" pipe', 2]]),
        ('a,b\n5" pipe,1\n"x\ny",2\n6" pipe,3\n', [['5" pipe', 1], ["x\ny", 2], ['6" pipe', 3]]),
        ('a,b\n"x"y,1\n"x"y",2\n', [["xy", 1], ['xy"', 2]]),
        ('a,b\n"x\r\n\r\ny",1\r\n"",2\r\n', [["x\r\n\r\ny", 1], [None, 2]]),
        ('a,b\n"x\ry",1\r"z",2\r', [["x\ry", 1], ["z", 2]]),
        ('it says "so\nalone\na,b\n1,2\n3,4\n', [[1, 2], [3, 4]]),
    ],
)
def test_marks_inside_of_values_do_no_harm(write: Write, text: str, expected: list[list[object]]) -> None:
    assert cells(read(write(text))) == expected


def test_a_mark_that_opens_where_others_cancel_out_swallows_no_row_in_silence(write: Write) -> None:
    rows = "".join(f"{i},x,y\n" for i in range(50))
    with pytest.raises(UserError, match="opens on line 52 "):
        read(write(f'a,b,c\n{rows}7,a"b,"x\n{rows}'))


def test_values_over_lines_cross_the_blocks_of_a_large_file(write: Write) -> None:
    rows = [[str(i), "one\ntwo " + "words " * 20 if i % 3 else 'a "word"'] for i in range(60_000)]
    found = read(write(as_text([["id", "note"], *rows], quoting=csv.QUOTE_ALL)))
    assert found.table["note"].to_pylist() == [row[1].strip() for row in rows]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a,b\n1,2\n3,"4\n' + "5,6\n" * 1000, 3),
        ('a,b\n1,2\n3,"4\n5,"6"\n7,8\n', 3),
        ('a,b\n"x\ny",2\n3,"4\n', 4),
        ('a,b\n3,"4', 2),
        ('a,b\n1,"' + "5,6\n" * 100_000, 2),
        ('a,b\r1,2\r3,"4\r5,6\r', 3),
        ('a  b\n1  2\n3  "4\n5  6\n7  8\n', 3),
        ('a,b\n"' + "x,y\n" * 3_000_000, 2),
    ],
)
def test_a_quotation_mark_that_swallows_the_file_is_named_by_its_line(
    write: Write, content: str, line: int
) -> None:
    with pytest.raises(UserError, match=rf"opens on line {line} "):
        read(write(content))
