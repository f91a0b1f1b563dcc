"""Packed files: gzip, and zip with one table in it or a choice of several."""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from core.errors import UserError
from core.io.dataset import ReaderChoice
from core.io.names import listed
from core.io.readers.archives import RATIO, WORKBOOKS, inflates
from core.io.readers.scratch import scratch
from core.io.reading import Raw, ReadAs, idle

Inner = Callable[[Path, ReadAs], Raw]

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DROSS: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_MOST_MEMBERS: Final = 1_000
_PIECE: Final = 1 << 20
_ENCRYPTED: Final = 1


def matches(path: Path, head: bytes) -> bool:
    """Whether the file is packed; a workbook, which is a zip archive too, is none of these."""
    if head.startswith(_GZIP):
        return True
    if not head.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not any(name in WORKBOOKS for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):  # the reader of workbooks says so
        return False


def read(path: Path, as_: ReadAs, inner: Inner, is_table: Callable[[Path], bool]) -> Raw:
    """Unpack one file beside the packed one, read it, and remove it again.

    Parameters
    ----------
    path : Path
    as_ : ReadAs
        `member` names the file inside; the rest is for the reader of that file.
    inner : callable
        Reads the file that was inside, whatever its format; refuses one that is packed again.
    is_table : callable
        Whether a file, or the beginning of one, may be a table.

    Raises
    ------
    UserError
        For a damaged, protected or empty archive, and what unpacks to over 100 times its size.
    """
    with scratch(path) as folder, path.open("rb") as file:
        packed = path.stat().st_size
        if file.read(len(_GZIP)) == _GZIP:
            with gzip.open(path) as source:
                _unpack(source, folder / "unpacked", packed)
            warnings = (idle(["member"], "gzip holds one file"),) if as_.member else ()
            found = _Found(said="Unpacked from gzip.", warnings=warnings)
        else:
            found = _from_zip(path, as_.member, folder, is_table)
        raw = inner(folder / "unpacked", replace(as_, member=""))
    return replace(
        raw,
        decisions=(found.said, *raw.decisions),
        warnings=(*found.warnings, *raw.warnings),
        choices=(*found.choices, *raw.choices),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Which file was unpacked: in words, what to look at, and what else could be chosen."""

    said: str
    warnings: tuple[str, ...] = ()
    choices: tuple[ReaderChoice, ...] = ()


def _from_zip(path: Path, chosen: str, folder: Path, is_table: Callable[[Path], bool]) -> _Found:
    with zipfile.ZipFile(path) as archive:
        members = _members(archive)
        tables = [chosen] if chosen else _tables(archive, members, folder / "head", is_table)
        name = tables[0]
        if name not in members:
            raise UserError(
                f"There is no file “{_shown(name)}” in this archive.", f"It holds {_listed(members)}."
            )
        info = archive.getinfo(name)
        with _opened(archive, info) as source:
            _unpack(source, folder / "unpacked", max(min(info.compress_size, path.stat().st_size), 1))
    more = len(members) - 1
    said = f"File “{_shown(name)}” of a zip archive{f'; {more:,} more left unread' if more else ''}."
    options = tuple((member, _shown(member)) for member in members)
    choice = ReaderChoice(key="member", value=name, options=options, chosen=bool(chosen))
    return _Found(said=said, warnings=_other_tables(tables), choices=(choice,))


def _other_tables(tables: Sequence[str]) -> tuple[str, ...]:
    if len(tables) == 1:
        return ()
    return (
        f"The archive holds {len(tables):,} tables: {_listed(tables)}. The largest, “{_shown(tables[0])}”,"
        " was read; choose another under How the file was read (--member).",
    )


def _members(archive: zipfile.ZipFile) -> list[str]:
    names = [
        info.filename
        for info in archive.infolist()
        if not info.is_dir() and not any(part in info.filename for part in _DROSS)
    ]
    if not names:
        raise UserError("This archive is empty.", "Choose the file that holds the data.")
    if len(names) > _MOST_MEMBERS:
        raise UserError(
            f"This archive holds {len(names):,} files; at most {_MOST_MEMBERS:,} are looked at.",
            "Unpack it and upload the file that holds the data.",
        )
    return list(dict.fromkeys(names))


def _tables(
    archive: zipfile.ZipFile, members: Sequence[str], head: Path, is_table: Callable[[Path], bool]
) -> list[str]:
    """The members that are tables, the largest first; at least one."""
    if len(members) == 1:
        return list(members)
    tables = [name for name in members if is_table(_beginning(archive, name, head))]
    if not tables:
        raise UserError(
            f"None of the {len(members):,} files in this archive is a table: {_listed(members)}.",
            "Upload the file that holds the data.",
        )
    return sorted(tables, key=lambda name: -archive.getinfo(name).file_size)


def _beginning(archive: zipfile.ZipFile, name: str, path: Path) -> Path:
    """The first lines of a member, in a file."""
    with _opened(archive, archive.getinfo(name)) as source:
        head = _piece(source)
    cut = max(head.rfind(b"\n"), head.rfind(b"\r")) + 1
    path.write_bytes(head[:cut] if cut and len(head) == _PIECE else head)
    return path


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    if info.flag_bits & _ENCRYPTED:
        raise UserError(
            "This archive is protected by a password.", "Unpack it and upload the file that holds the data."
        )
    try:
        return archive.open(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
        raise _damaged() from None


def _unpack(source: IO[bytes] | gzip.GzipFile, to: Path, packed: int) -> None:
    size = 0
    with to.open("wb") as file:
        while piece := _piece(source):
            size += len(piece)
            if inflates(size, packed):
                raise UserError(
                    f"This archive unpacks to more than {RATIO} times its size, as no table does.",
                    "Unpack it yourself and upload the file that holds the data.",
                )
            file.write(piece)
    if not size:
        raise UserError("The file in this archive is empty.", "Choose the file that holds the data.")


def _piece(source: IO[bytes] | gzip.GzipFile) -> bytes:
    try:
        return source.read(_PIECE)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
        raise _damaged() from None


def _damaged() -> UserError:
    return UserError(
        "This archive is damaged or incomplete, or packed in an unusual way.",
        "Unpack it yourself and upload the file that holds the data.",
    )


def _listed(names: Sequence[str]) -> str:
    return listed([_shown(name) for name in names])


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name[:100])
