"""Text in any encoding as UTF-8: what a file is written in is judged by all of its bytes."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from core.errors import UserError
from core.io.dataset import ReaderChoice
from core.io.readers.mixture import MIXED, Mixture
from core.io.readers.pieces import PIECE, Facts, LineTooLong, blocks, pieces, too_long

ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with BOM",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
    "big5": "Big5",
    MIXED: "UTF-8 and Windows-1252, line by line",
}
OFFERED: Final = ("utf-8", "cp1252", "latin-1", "utf-16", "big5", MIXED)

_USUAL: Final = {"iso8859-1": "latin-1", "cp950": "big5"}
_NOT_OF_FILES: Final = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape"})
_MARK: Final = "\ufeff"
_SAMPLE: Final = 1 << 18
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_BIG5_RUN: Final = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\xa1-\xfe])+")
_USUAL_LEADS: Final = range(0xA1, 0xC7)  # punctuation and the 5,401 frequent characters come first
_MOST: Final = 0.9
_WIDE: Final = 0.4
_STRAY: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text file in UTF-8: the file itself, or a copy of it.

    Attributes
    ----------
    path : Path
    start : int
        Bytes before the text: the length of a byte order mark.
    encoding : str
        Python's name of what the file is written in, or `mixed`.
    quoted : bool
        Whether there is a quotation mark in it.
    longest : int
        Bytes of its longest line, where that is more than a mebibyte.
    warnings : tuple of str
    """

    path: Path
    start: int
    encoding: str
    quoted: bool
    longest: int
    warnings: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The encoding's name for people."""
        return ENCODINGS.get(self.encoding, self.encoding)


def as_utf8(path: Path, chosen: str, folder: Callable[[], Path]) -> Text:
    """A text file in UTF-8.

    Parameters
    ----------
    path : Path
    chosen : str
        Python's name of the encoding, where a person chose it.
    folder : callable
        Returns a folder for a copy; not called where the file is UTF-8 already.

    Raises
    ------
    UserError
        For a file that is no text, is not written in the encoding that was chosen, or has a line over 8 MB.
    """
    encoding = _known(chosen) if chosen else None
    with path.open("rb") as file:
        head = file.read(PIECE)
    encoding = encoding or _marked(head) or _wide(head)
    if encoding in (None, "utf-8", "utf-8-sig"):
        start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
        if found := _plain(path, start):
            return found
        if encoding == "utf-8" or chosen:
            raise _not_written_in(path, encoding or "utf-8")
        encoding = MIXED if start else _eight_bit(path)
    return _copied(path, encoding, folder() / "text", chosen=bool(chosen))


def choice(text: Text, *, chosen: bool) -> ReaderChoice:
    """The encoding as something that can be chosen otherwise."""
    offered = [name for name in OFFERED if name != text.encoding]
    names = [text.encoding, *offered] if text.encoding not in OFFERED else list(OFFERED)
    options = tuple((name, ENCODINGS.get(name, name)) for name in names)
    return ReaderChoice(key="encoding", value=text.encoding, options=options, chosen=chosen)


def _known(name: str) -> str:
    if name == MIXED:
        return name
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # refuses codecs that are none of text, such as base64
        if found.name.replace("_", "-") in _NOT_OF_FILES:
            raise LookupError
    except (LookupError, ValueError):
        usual = ", ".join(OFFERED[:-1])
        raise UserError(
            f"There is no encoding “{name[:40]}”.", f"Choose one of the usual ones: {usual}."
        ) from None
    return _USUAL.get(found.name, found.name)


def _marked(head: bytes) -> str | None:
    return next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: in text of the western kind nearly every second byte is zero."""
    sample = head[: len(head) // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < _WIDE * len(sample) / 2 or min(even, odd) > _STRAY * max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _plain(path: Path, start: int) -> Text | None:
    """The file itself, if every byte after its mark is UTF-8."""
    facts, decoder = Facts(), codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces(path, start):
            facts.see(piece)
            if decoder.getstate()[0] or not piece.isascii():
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    except LineTooLong:
        raise too_long(path) from None
    return Text(
        path=path,
        start=start,
        encoding="utf-8-sig" if start else "utf-8",
        quoted=facts.quoted,
        longest=facts.longest,
    )


def _eight_bit(path: Path) -> str:
    """Big5, or lines of UTF-8 and Windows-1252."""
    sample = bytearray()
    for block in blocks(path):
        if not block.isascii():
            sample += b"".join(line for line in block.splitlines(True) if not line.isascii())
        if len(sample) > _SAMPLE:
            break
    return "big5" if _is_big5(bytes(sample)) else MIXED


def _is_big5(lines: bytes) -> bool:
    """Chinese writes runs of frequent characters; western letters stand alone and would be rare ones."""
    try:
        lines.decode(_codec("big5"))
    except UnicodeDecodeError:
        return False
    runs = _BIG5_RUN.findall(lines)
    leads = [run[i] for run in runs for i in range(0, len(run), 2)]
    usual = sum(lead in _USUAL_LEADS for lead in leads)
    together = sum(len(run) // 2 for run in runs if len(run) > 2)
    return usual >= _MOST * len(leads) and together >= len(leads) / 2


def _copied(path: Path, encoding: str, to: Path, *, chosen: bool) -> Text:
    """A copy in UTF-8; Big5 that was judged by a part and does not hold for the rest is mixed."""
    facts, mixture = Facts(), Mixture()
    turned = mixture.turned(blocks(path)) if encoding == MIXED else _decoded(path, encoding)
    try:
        with to.open("wb") as file:
            for piece in turned:
                _write(file, piece, facts)
    except LineTooLong:
        raise too_long(to) from None
    except UnicodeError:
        if encoding == "big5" and not chosen:
            return _copied(path, MIXED, to, chosen=False)
        raise _not_written_in(path, encoding) from None
    return Text(
        path=to,
        start=0,
        encoding=mixture.encoding if encoding == MIXED and not chosen else encoding,
        quoted=facts.quoted,
        longest=facts.longest,
        warnings=mixture.warnings(),
    )


def _write(file: BinaryIO, turned: bytes, facts: Facts) -> None:
    for at in range(0, len(turned), PIECE):
        file.write(facts.see(turned[at : at + PIECE]))


def _decoded(path: Path, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(_codec(encoding))()
    for i, piece in enumerate(pieces(path, 0)):
        text = decoder.decode(piece)
        yield (text if i else text.removeprefix(_MARK)).encode()
    yield decoder.decode(b"", True).encode()


def _codec(encoding: str) -> str:
    """Big5 as Windows writes it holds all of it, and more."""
    return "cp950" if encoding == "big5" else encoding


def _not_written_in(path: Path, encoding: str) -> UserError:
    label = ENCODINGS.get(encoding, encoding)
    line = _undecodable_line(path, encoding)
    where = f": line {line:,} can't be" if line else ""
    return UserError(f"This file is not written in {label}{where}.", "Choose another encoding, or none.")


def _undecodable_line(path: Path, encoding: str) -> int:
    """The first line that the encoding can't be right for; 0 where a line has no bytes of its own."""
    if encoding.startswith(("utf-16", "utf-32")):
        return 0
    number = 0
    for block in blocks(path):
        for line in block.splitlines():
            number += 1
            try:
                line.decode(_codec(encoding))
            except UnicodeError:
                return number
    return 0
