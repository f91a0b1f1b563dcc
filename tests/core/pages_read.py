"""A file of HTML as a browser would find it: its elements and its tables."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta"}


@dataclass(slots=True)
class Read:
    """What was found: elements, ids and attributes, tables as rows of text, and what is not valid."""

    tags: set[str] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    tables: list[list[tuple[str, ...]]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read, self._open = Read(), list[str]()
        self._row: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag in VOID:
            return
        self._open.append(tag)
        if tag == "table":
            self.read.tables.append([])
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._row.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.read.tags.add(tag)
        self.read.attributes.update(names)
        self.read.ids += [value or "" for name, value in attrs if name == "id"]
        if len(set(names)) < len(names):
            self.read.wrong.append(f"<{tag}> has an attribute twice")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.read.wrong.append(f"</{tag}> closes nothing at {self.getpos()}")
        if tag == "tr":
            self.read.tables[-1].append(tuple(self._row))

    def handle_data(self, data: str) -> None:
        if "td" in self._open or "th" in self._open:
            self._row[-1] += data

    def done(self, text: str) -> Read:
        self.feed(text)
        self.close()
        self.read.wrong += [f"<{tag}> is left open" for tag in self._open]
        return self.read


def read_html(text: str) -> Read:
    """Read a whole file."""
    return _Reader().done(text)
