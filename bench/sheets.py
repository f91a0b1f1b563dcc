"""A large workbook, written by hand: no library that the app has writes one."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import pandas as pd

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_START: Final = pd.Timestamp("1899-12-30")
_DAY: Final = pd.Timedelta(days=1)


def write_workbook(path: Path, table: pd.DataFrame) -> None:
    """Write a table as xlsx with shared texts and dates, as office programs do."""
    shared: dict[str, int] = {}
    body = "".join(_rows(table, shared))
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_KINDS}"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        '"application/xml"/></Types>',
        "_rels/.rels": _related(officeDocument="xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _related(
            worksheet="worksheets/sheet.xml", styles="styles.xml", sharedStrings="sharedStrings.xml"
        ),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="log" '
        'sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>',
        "xl/worksheets/sheet.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, _HEAD + content)


def _related(**parts: str) -> str:
    listed = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in parts.items()
    )
    return f'<Relationships xmlns="{_RELS}">{listed}</Relationships>'


def _rows(table: pd.DataFrame, shared: dict[str, int]) -> Iterator[str]:
    for number, row in enumerate([list(table.columns), *table.to_numpy(object)], 1):
        cells = "".join(_cell(value, f"{chr(65 + i)}{number}", shared) for i, value in enumerate(row))
        yield f'<row r="{number}">{cells}</row>'


def _cell(value: object, place: str, shared: dict[str, int]) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'
    if isinstance(value, pd.Timestamp):
        return f'<c r="{place}" s="1"><v>{(value - _START) / _DAY!r}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'
