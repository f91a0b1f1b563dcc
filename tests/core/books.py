"""Small workbooks written by hand: no library that the app has writes one."""

import base64
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/package/2006/content-types"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"

Row = Sequence[object] | None


class DateCell(float):
    """A day as Excel counts them, in a cell that is shown as a date."""


@dataclass(frozen=True)
class ErrorCell:
    """A cell whose formula failed."""

    word: str


def workbook(
    folder: Path, sheets: Mapping[str, Sequence[Row]], *, merged: Sequence[str] = (), prolog: str = ""
) -> Path:
    """Write an xlsx: sheets by name, each a list of rows; None is a row that is not there.

    `merged` are ranges (`A2:A4`) of every sheet, `prolog` stands before the first sheet's root.
    """
    numbered = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="{escape(n)}" sheetId="{i}" r:id="s{i}"/>' for i, n in numbered)
    related = "".join(
        f'<Relationship Id="s{i}" Type="{_OFFICE}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i, _ in numbered
    )
    joined = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
    path = folder / "book"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_KINDS}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_RELS}"><Relationship Id="r" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_RELS}">{related}'
            f'<Relationship Id="st" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        book.writestr(
            "xl/styles.xml",
            f'{_HEAD}<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14"/></cellXfs></styleSheet>',
        )
        for i, rows in enumerate(sheets.values(), 1):
            body = "".join(
                f'<row r="{r}">{_cells(row, r)}</row>' for r, row in enumerate(rows, 1) if row is not None
            )
            book.writestr(
                f"xl/worksheets/s{i}.xml",
                f'{_HEAD}{prolog if i == 1 else ""}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>'
                f"{f'<mergeCells>{joined}</mergeCells>' if joined else ''}</worksheet>",
            )
    return path


def open_document(folder: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write an ods."""
    path = folder / "book.ods"
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "META-INF/manifest.xml",
            f'{_HEAD}<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0"></manifest:manifest>',
        )
        book.writestr(
            "content.xml",
            f'{_HEAD}<office:document-content xmlns:office="{_OPEN}:office:1.0" xmlns:table='
            f'"{_OPEN}:table:1.0" xmlns:text="{_OPEN}:text:1.0"><office:body><office:spreadsheet>{tables}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def old_workbook(folder: Path) -> Path:
    """An xls with the sheet `orders`: id, paid, when; "0001", 12.5, 2024-01-31; "2", 3, 2024-02-01."""
    path = folder / "book.xls"
    path.write_bytes(zlib.decompress(base64.b85decode(_OLD)))
    return path


def _cells(row: Sequence[object], number: int) -> str:
    return "".join(_cell(value, f"{_letters(i)}{number}") for i, value in enumerate(row) if value is not None)


def _cell(value: object, place: str) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, ErrorCell):
        return f'<c r="{place}" t="e"><v>{value.word}</v></c>'
    style = ' s="1"' if isinstance(value, DateCell) else ""
    return f'<c r="{place}"{style}><v>{value!r}</v></c>'


def _open_cell(value: object) -> str:
    if isinstance(value, str):
        shown = f"<text:p>{escape(value)}</text:p>"
        return f'<table:table-cell office:value-type="string">{shown}</table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'


def _letters(column: int) -> str:
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


_OLD = (
    "c-rk)O=uHA6#izrX?|#vO`8g>P(s0|v6WOWUfNZu_LNe+_=BLSS+G=+vI?RXt2HMP1W$^WLOpn?dhrJp6g+qkDtZtEA<?5JLBT_t"
    "_08Men$`*pXrVgaGH+(y%(wG)=gpg)eLWj5Pu=UNU<vxsfT|NlV~tKw3i}lU)b2R4=;t9yj>4KkI7AcK7{KG^S3x<4a=t6ja94j$"
    "68K2z2*xo~ELh1^#BR1BC!`I1Bn57gCW>~ps)glomaQ!BaL*?!ce3UR%RcH`7Kbrw4yAW^UVKpN;<hN{eIGFAJ!^W=hL_Td&tDa8"
    "-vD;mqq&o7tf5nH!Zc_?2d#o-%X$pA5CIMmda~J`fq^m-G}+Vm<|Kiy{;GbKRQlD`3y}W%Vtw#8`VdXxQvEee2PWVg<3&;;r;h3F"
    "LN3~Q%RV)S6nO<Wk&BP!sdYTZ*_jhofwD{{(@XBNEh57^hXZ3#IB4c&(nK<k7?<O`SPZgf?)H~A*^y!MC~GEo3vf4z4bm<+xF8us"
    "j&e)Gf=n}G3(Jdq*Y#ZPV3{C$DNhZzd4;``+~*Rvrf8h)jJM{-n(`(pmp<=%*jf5yZl?0gVC7t5=AAi(F50;A#Fy73x<$9Rab4n("
    ">F2@=Dj!(3{}NzAn&H{*c)MW?^KwZM;w;^od^=*Hrg`s5vc)oN!EE_Hp3?Y&*_T^ofJ?v7h$(s6GCYlWy2o?pB+7wtEA#rb7TlMe"
    "C>Z`k1PTfY3JMAe3JU)@gnKODPf*=ECdiNep!Z*Ao>Eo)Ci!QvA4R%O)1h(?3Y6P8TbKW=LqPcV5-a5R{|hA!(C9YCFv50>)$PA@"
    "_z|_wvtpw0=ax{t<5%mk^DmG811s><82"
)
