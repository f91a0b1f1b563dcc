"""Quotation marks: what stands between them is one value, and one that is never closed is found."""

import contextlib
import csv
import itertools

import pytest

from core.errors import UserError
from core.io.readers import read
from tests.core.texts import Write, as_text, cells, names


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


@pytest.mark.parametrize("head", ['id,"name,"spend', 'id,"name,spe"nd', 'id,"name,sp"end', '"id,na"me,spend'])
def test_marks_in_odd_places_of_the_names_invent_no_index_column(write: Write, head: str) -> None:
    found = read(write(f"{head}\n1,Ann,3\n2,Bo,4\n"))
    assert [name.replace('"', "") for name in names(found)] == ["id", "name", "spend"]
    assert cells(found) == [[1, "Ann", 3], [2, "Bo", 4]]


def test_names_that_marks_join_properly_are_asked_about(write: Write) -> None:
    found = read(write('id,"name,spend"\n1,Ann,3\n2,Bo,4\n'))
    assert names(found) == ["column_1", "id", "name,spend"]
    assert "“name,spend” in quotation marks is one name" in found.warnings[0]


def test_names_in_one_pair_of_marks_are_asked_about(write: Write) -> None:
    found = read(write('"id,name,spend"\n1,Ann,3\n2,Bo,4\n'))
    assert cells(found) == [[1, "Ann", 3], [2, "Bo", 4]]
    assert "If it holds the column names, remove its quotation marks" in found.warnings[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,name,spend\n1,"Ann,3\n2,Bo",4\n{}', 2),
        ('id,name,spend\n{}7,"Ann,3\n8,Bo,4\n"', 12),
        ('id,name,"spend\n1,Ann,3"\n{}', 1),
    ],
)
def test_a_value_that_takes_in_lines_like_rows_is_pointed_at(write: Write, text: str, line: int) -> None:
    found = read(write(text.format("".join(f"{i},x,5\n" for i in range(10)))))
    assert f"begins on line {line} takes in the lines below it" in found.warnings[0]


def test_a_note_of_several_lines_is_no_row(write: Write) -> None:
    assert read(write('id,note,n\n1,"Dear all,\nthank you, Ann\n",5\n2,"x\ny",6\n')).warnings == ()


def test_a_mark_above_the_table_that_takes_in_its_rows_is_refused(write: Write) -> None:
    rows = "".join(f"{i},x,5\n" for i in range(10))
    with pytest.raises(UserError, match="opens on line 1 takes in the rows after it"):
        read(write(f'id,name,"spend\n1,"Ann,3\n{rows}'))


def test_two_stray_marks_lose_no_row_in_silence(write: Write) -> None:
    text = "id,name,spend\n1,Ann,3\n2,Bo,4\n3,Cy,5\n4,Di,6\n"
    for first, second in itertools.combinations(range(0, len(text), 4), 2):
        marked = f'{text[:first]}"{text[first:second]}"{text[second:]}'
        with contextlib.suppress(UserError):
            found = read(write(marked))
            assert len(found.table) == 4 or found.warnings, marked
