"""Encodings: judged by all bytes of a text, and chosen otherwise by a person."""

import contextlib
from pathlib import Path

import pytest

from core.errors import UserError
from core.io.readers import read
from core.io.readers.encoding import ENCODINGS, OFFERED
from core.io.reading import ReadAs
from tests.core.texts import Write, cells, chosen, names

WESTERN = [
    "Größe,Stück\nklein,3\n",
    "name,temp\nMüller,20°C\nÄÖÜ,21°C\n",
    "prénom,ville\nÉloïse,Besançon\nZoë,Orléans\n",
    "nome,preço\nJoão,£3\nConceição,£4\n",
    "ÄÄÄ,ÖÖÖ\nÜÜÜ,ßßß\n",
]
TA_FENG = "交易日期時間;會員卡號;年齡層;殘留區域\n2001-01-01 00:00:00 ;00141833  ;F  ;F  \n"


@pytest.mark.parametrize("text", WESTERN)
def test_western_letters_are_windows_1252_and_said(write: Write, text: str) -> None:
    found = read(write(text.encode("cp1252")))
    assert "Encoding Windows-1252." in found.decisions
    assert names(found) == text.splitlines()[0].split(",")
    assert not found.warnings


def test_chinese_column_names_over_plain_rows_are_big5(write: Write) -> None:
    found = read(write(TA_FENG.encode("big5")))
    assert names(found) == ["交易日期時間", "會員卡號", "年齡層", "殘留區域"]
    assert "Encoding Big5." in found.decisions


def test_a_mark_is_no_letter_of_the_first_name(write: Write) -> None:
    found = read(write("ID;name\n1;Zoë\n".encode("utf-8-sig")))
    assert (names(found)[0], cells(found)) == ("ID", [[1, "Zoë"]])
    assert "Encoding UTF-8 with BOM." in found.decisions


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_whose_encoding_changes_is_read_line_by_line(write: Write, mark: bytes) -> None:
    old, new = ("Größe,{}\r\n" * 2).encode("cp1252"), "Zoë,{}\r\n".encode()
    found = read(write(mark + b"name,n\r\n" + new + old + b"plain,1\r\n"))
    assert [row[0] for row in cells(found)] == ["Zoë", "Größe", "Größe", "plain"]
    assert found.warnings == (
        "The encoding changes: 2 lines are not UTF-8 as the rest and read as Windows-1252 "
        "(the first is line 3).",
    )


def test_a_change_far_down_is_found(write: Write) -> None:
    text = ("id,name\n" + "".join(f"{i},Zoë\n" for i in range(200_000))).encode()
    found = read(write(text + b"200000,M\xfcller\n"))
    assert found.table["name"][-1].as_py() == "Müller"
    assert "line 200,002" in found.warnings[0]


def test_bytes_that_mean_nothing_in_windows_1252_do_no_harm(write: Write) -> None:
    assert cells(read(write(b"a,b\n\xfc\x81,1\n"))) == [["ü\x81", 1]]


def test_no_copy_is_left_behind(write: Write, tmp_path: Path) -> None:
    path = write(WESTERN[0].encode("utf-16"))
    read(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "text"), [("latin-1", "Größe"), ("cp1251", "размер"), ("gb18030", "大小")])
def test_a_person_chooses_the_encoding(write: Write, name: str, text: str) -> None:
    found = read(write(f"{text},n\nx,1\n".encode(name)), ReadAs(encoding=name))
    assert names(found)[0] == text
    assert chosen(found)["encoding"] == (name, True)


@pytest.mark.parametrize(
    "name", ["klingon", "base64", "rot13", "a\0b", "punycode", "idna", "unicode_escape", "undefined"]
)
def test_an_encoding_that_is_none_is_refused_with_the_usual_ones(write: Write, name: str) -> None:
    with pytest.raises(UserError, match="There is no encoding") as caught:
        read(write("a,b\n1,2\n"), ReadAs(encoding=name))
    assert "utf-8, cp1252, latin-1, utf-16, big5" in caught.value.hint


@pytest.mark.parametrize("name", ["utf-8", "ascii", "big5"])
def test_a_file_that_is_not_in_the_chosen_encoding_is_refused_by_its_line(write: Write, name: str) -> None:
    with pytest.raises(UserError, match=r"not written in .*: line 3 "):
        read(write(b"a,b\n1,2\n\xff,3\n"), ReadAs(encoding=name))


def test_every_encoding_that_is_offered_has_a_name() -> None:
    assert set(OFFERED) <= set(ENCODINGS)


@pytest.mark.parametrize("name", ["big5", "cp950", "Big5", "ms950"])
def test_big5_is_one_answer_however_it_is_called(write: Write, name: str) -> None:
    found = read(write("名,數\n王小明,1\n".encode("cp950")), ReadAs(encoding=name))
    assert chosen(found)["encoding"] == ("big5", True)
    assert "Encoding Big5." in found.decisions


@pytest.mark.parametrize("name", ["utf-16", "utf-32", "utf-7", "iso2022_jp", "hz", "gb18030", "cp037"])
def test_any_codec_of_text_reads_the_file_or_refuses_it_in_words(write: Write, name: str) -> None:
    with contextlib.suppress(UserError):
        assert read(write("a,b\nGröße,2\n"), ReadAs(encoding=name)).fields
