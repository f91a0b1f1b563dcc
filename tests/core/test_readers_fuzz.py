"""Any bytes are read or refused in words; a well-formed table comes back as it was written."""

import csv
import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.io.readers import read
from tests.core.texts import as_text, cells

SLOW = [HealthCheck.function_scoped_fixture]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
PIECES = [
    *(b"a,b\n", b"1;2\n", b"Total;60\n", b",,,\n", b"2024-01-31", b"1.234,50", b"x" * 50),
    *(b'"', b'""', b"\r\n", b"\r", b" ", b"\t", b"|", b"\xfc", b"\xc3\xbc"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"\x1f\x8b\x08"),
]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(" ,;|\t\"'\n"), max_size=8
).map(lambda word: f"w{word}w")
tables = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.lists(words, min_size=n, max_size=n), min_size=1, max_size=6)
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a generated file goes."""
    return tmp_path / "any"


@settings(max_examples=60, suppress_health_check=SLOW)
@given(
    rows=tables,
    separator=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(ENCODINGS),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_comes_back_as_written(
    path: Path, rows: list[list[str]], separator: str, newline: str, encoding: str, quoting: int
) -> None:
    header = [f"column {i}" for i in range(len(rows[0]))]
    path.write_bytes(as_text([header, *rows], separator, newline, quoting).encode(encoding))
    assert cells(read(path)) == rows


@settings(max_examples=40, suppress_health_check=SLOW)
@given(
    cents=st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=30),
    separator=st.sampled_from([",", ";", "\t", "|", "  "]),
    encoding=st.sampled_from([*ENCODINGS, "cp1252"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_the_sum_of_a_money_column_is_the_files(
    path: Path, cents: list[int], separator: str, encoding: str, newline: str
) -> None:
    lines = [f"Größe {i}{separator}{cent / 100:.2f}" for i, cent in enumerate(cents)]
    path.write_bytes(newline.join([f"größe{separator}betrag", *lines, ""]).encode(encoding))
    found = read(path).table["betrag"]
    assert round(Decimal(pc.sum(found).as_py()), 2) == Decimal(sum(cents)) / 100


@settings(max_examples=150, suppress_health_check=SLOW)
@given(
    data=st.binary(max_size=300)
    | st.text(max_size=200).map(str.encode)
    | st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join),
    packed=st.booleans(),
)
def test_any_bytes_are_read_or_refused_in_words(path: Path, data: bytes, packed: bool) -> None:
    path.write_bytes(gzip.compress(data) if packed else data)
    try:
        said = str(len(read(path).table) or "")
    except UserError as error:
        said = error.message and error.hint
    assert said
    assert list(path.parent.iterdir()) == [path]
