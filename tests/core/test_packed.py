"""Archives: the table inside is read, and no archive does harm."""

import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import UserError
from core.io.readers import read
from core.io.reading import ReadAs
from tests.core.books import workbook
from tests.core.texts import Write, cells, chosen

CSV = b"id;spend\n1;2,50\n2;3,50\n"
ROWS = [[1, 2.5], [2, 3.5]]


def zipped(**members: bytes) -> bytes:
    """A zip archive of these members; `__` in a name stands for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def parquet(folder: Path) -> bytes:
    """A small Parquet file."""
    pq.write_table(pa.table({"id": [1, 2], "spend": [2.5, 3.5]}), folder / "table")
    return (folder / "table").read_bytes()


def test_gzip_is_unpacked_and_said(write: Write) -> None:
    found = read(write(gzip.compress(CSV) + gzip.compress(b"3;4,50\n")))
    assert cells(found) == [*ROWS, [3, 4.5]]
    assert found.decisions[0] == "Unpacked from gzip."


def test_what_is_inside_is_judged_by_its_content(write: Write, tmp_path: Path) -> None:
    assert cells(read(write(gzip.compress(parquet(tmp_path))))) == ROWS
    assert cells(read(write(zipped(data__csv=parquet(tmp_path))))) == ROWS
    book = workbook(tmp_path, {"orders": [["id", "spend"], [1, 2.5], [2, 3.5]]}).read_bytes()
    assert cells(read(write(gzip.compress(book)))) == ROWS


def test_the_only_table_of_an_archive_is_taken(write: Write) -> None:
    found = read(write(zipped(readme__txt=b"Please read me.\nThank you.\n", logo__png=b"\x89PNG", data=CSV)))
    assert cells(found) == ROWS
    assert found.decisions[0] == "File “data” of a zip archive; 2 more left unread."
    assert chosen(found)["member"] == ("data", False)


def test_of_several_tables_the_largest_is_read_and_another_can_be_chosen(write: Write) -> None:
    path = write(zipped(a__csv=b"x,y\n1,2\n", b__csv=CSV))
    found = read(path)
    assert cells(found) == ROWS
    assert chosen(found)["member"] == ("b.csv", False)
    assert "2 tables: b.csv, a.csv" in found.warnings[0]
    other = read(path, ReadAs(member="a.csv"))
    assert (cells(other), chosen(other)["member"]) == ([[1, 2]], ("a.csv", True))
    assert not [w for w in other.warnings if "tables" in w]


def test_names_inside_are_never_paths(write: Write, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../outside.csv", CSV)
    before = sorted(tmp_path.parent.iterdir())
    path = write(out.getvalue())
    assert cells(read(path)) == ROWS
    assert list(tmp_path.iterdir()) == [path]
    assert sorted(tmp_path.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (gzip.compress(gzip.compress(CSV)), "holds another archive"),
        (zipped(a__gz=gzip.compress(CSV)), "holds another archive"),
        (zipped(a__zip=zipped(b__csv=CSV)), "holds another archive"),
        (zipped(), "archive is empty"),
        (zipped(a__csv=b""), "file in this archive is empty"),
        (zipped(a__pdf=b"%PDF", b__txt=b"hello"), "None of the 2 files"),
        (zipped(a__pdf=b"%PDF-1.7"), "is a PDF"),
        (zipped(**{f"f{i}": b"a,b\n1,2\n" for i in range(1001)}), "holds 1,001 files"),
        (gzip.compress(CSV)[:-9], "damaged or incomplete"),
        (gzip.compress(CSV)[:12] + b"\xff" * 20, "damaged or incomplete"),
        (zipped(a__csv=CSV)[:-30], "damaged or incomplete"),
        (zipped(a__csv=CSV)[:40] + b"\xff" + zipped(a__csv=CSV)[41:], "damaged or incomplete"),
        (gzip.compress(b"1,2\n" * 6_000_000), "more than 100 times"),
        (zipped(a__csv=b"1,2\n" * 6_000_000), "more than 100 times"),
    ],
)
def test_what_can_not_be_unpacked_is_refused_and_leaves_nothing(
    write: Write, tmp_path: Path, content: bytes, part: str
) -> None:
    path = write(content)
    with pytest.raises(UserError, match=part) as caught:
        read(path)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == [path]


def test_a_protected_archive_is_refused(write: Write) -> None:
    content = bytearray(zipped(a__csv=CSV))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UserError, match="protected by a password"):
        read(write(bytes(content)))


def test_a_member_that_is_not_there_is_refused_with_those_that_are(write: Write) -> None:
    with pytest.raises(UserError, match="no file “c") as caught:
        read(write(zipped(a__csv=CSV, b__csv=CSV)), ReadAs(member="c.csv"))
    assert caught.value.hint == "It holds a.csv, b.csv."


def test_an_archive_beside_a_table_is_left_unread(write: Write) -> None:
    inner = zipped(b__csv=b"x,y\n1,2\n" * 900)
    found = read(write(zipped(a__zip=inner, b__gz=gzip.compress(inner), data__csv=CSV)))
    assert cells(found) == ROWS
    assert (found.decisions[0], found.warnings) == (
        "File “data.csv” of a zip archive; 2 more left unread.",
        (),
    )


def test_a_damaged_archive_of_another_packing_is_refused(write: Write) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", "a,b\n" + "".join(f"{i},{i * 7 % 13}\n" for i in range(1000)))
    content = bytearray(out.getvalue())
    content[60:100] = b"\xff" * 40
    with pytest.raises(UserError, match="damaged or incomplete"):
        read(write(bytes(content)))


def test_a_member_chosen_of_gzip_means_nothing_and_is_said(write: Write) -> None:
    found = read(write(gzip.compress(CSV)), ReadAs(member="b.csv"))
    assert cells(found) == ROWS
    assert found.warnings == ("The choice of member means nothing for this file (gzip holds one file).",)
