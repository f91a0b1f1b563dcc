"""One declaration per field: from it come the URL reading, the check, the form control and the docs row."""

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

OPS: Final = ("eq", "in", "not", "lt", "le", "gt", "ge", "between", "missing", "known")
"""What a filter can ask. `in` and `not` take values with commas between them, `between` two, `BARE` none."""

BARE: Final = ("missing", "known")
"""Those that take no value."""

LISTS: Final = ("in", "not", "between")
"""Those whose values stand with commas between them."""

TEXT_LIMIT: Final = 200
QUERY_TEXT: Final = 2_000
"""Most signs of a text that says several fields."""

LIST_LIMIT: Final = 60
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,79}\Z")
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one column, `<slug>:<op>:<value>` in a URL.

    Attributes
    ----------
    column : str
        Slug of a column of the customer sheet.
    op : str
        One of `OPS`.
    values : tuple of str
        The values as typed; read as numbers or dates where the column holds them.
    """

    column: str
    op: str
    values: tuple[str, ...] = ()

    def write(self) -> str:
        """The filter as text; `%` and `,` inside a value are percent-encoded (the query encodes the rest)."""
        return f"{self.column}:{self.op}:{','.join(_encode(v) for v in self.values)}"

    @classmethod
    def read(cls, text: str) -> "Filter":
        """Read `<slug>:<op>:<value>`; ValueError where it is not one."""
        column, op, rest = (text.split(":", 2) + ["", ""])[:3]
        parts = rest.split(",") if op in LISTS else [rest]
        values = tuple(unquote(v)[:TEXT_LIMIT] for v in parts) if rest and op not in BARE else ()
        counts = {"missing": 0, "known": 0, "between": 2}.get(op)
        wrong_count = len(values) != counts if counts is not None else not values
        if not _SLUG.match(column) or op not in OPS or wrong_count or len(values) > LIST_LIMIT:
            raise ValueError(text)
        if op in ("eq", "lt", "le", "gt", "ge") and len(values) != 1:
            raise ValueError(text)
        return cls(column, op, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """What one field of the Study may hold, and how it is called.

    Attributes
    ----------
    kind : str
        `choice`, `several`, `integer`, `number`, `date`, `month`, `text`, `slug`, `columns`, `filters`,
        `weights`, `blanks`, `others` or `query`.
    default : object
        The value of an empty query. None is automatic.
    low, high : number or None
        Bounds; a value outside becomes the nearest bound, with a note.
    choices : tuple of (value, label)
        For `choice` and `several`: the values of the URL and the words of the page.
    label, help : str
        The words of the page.
    """

    kind: str
    default: Any
    label: str
    help: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def read(self, raw: Any) -> Any:
        """The normal form of a raw value from a URL or a control.

        A repeated name arrives as a list, a cleared control as None or "": both are settled here.

        Raises
        ------
        ValueError
            When the value can't be read; its text is the sentence for the note.
        """
        items = [clean_text(item) for item in raw] if isinstance(raw, (list, tuple)) else [clean_text(raw)]
        if raw is None or items in ([], [""]):
            return self.default
        if self.kind in _MANY:
            return _MANY[self.kind](self, items)
        text = items[-1].strip()
        text = text if self.kind == "query" else text[:TEXT_LIMIT].rstrip()
        return _ONE[self.kind](self, text) if text else self.default

    def clamp(self, value: Any) -> Any:
        """The nearest allowed value."""
        if self.kind not in ("integer", "number") or value is None:
            return value
        kept = value if self.low is None else max(value, self.low)
        kept = kept if self.high is None else min(kept, self.high)
        return int(kept) if self.kind == "integer" else float(kept)

    def write(self, value: Any) -> list[str]:
        """The value as query values: none where it is the default, several for a repeatable name."""
        return [] if value == self.default else self.spell(value)

    def spell(self, value: Any) -> list[str]:
        """The value as query values, the default too; what is empty is one empty text."""
        if self.kind == "others":
            return list(value) or [""]
        if self.kind == "filters":
            return [f.write() for f in value] or [""]
        if self.kind == "weights":
            return [f"{slug}:{_digits(number)}" for slug, number in value] or [""]
        if self.kind == "blanks":
            return [f"{slug}:{word}" for slug, word in value] or [""]
        if self.kind in ("columns", "several"):
            return [",".join(value) or ("auto" if self.kind == "columns" else "")]
        if isinstance(value, float):
            return [_digits(value)]
        return ["auto" if value is None else str(value)]


def clean_text(raw: Any) -> str:
    """Any value as text that UTF-8 can write: half a surrogate pair (from forged JSON) becomes “?”."""
    return str(raw).encode("utf-8", "replace").decode("utf-8")


def param(kind: str, default: Any, label: str, help: str = "", **more: Any) -> Any:
    """A dataclass field that carries its `Param` in the metadata."""
    declared = Param(kind=kind, default=default, label=label, help=help, **more)
    return field(default=default, metadata={"param": declared})


def _digits(value: float) -> str:
    """The shortest text that reads back as exactly this number; 1 for 1.0."""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _encode(value: str) -> str:
    return value.replace("%", "%25").replace(",", "%2C")


def _choice(p: Param, text: str) -> str:
    if text not in dict(p.choices):
        raise ValueError(f"{text!r} is not one of {', '.join(v for v, _ in p.choices)}")
    return text


def _finite(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > 1e300:
        raise ValueError(f"{text!r} is not a number")
    return value + 0.0  # -0.0 and 0.0 are one view


def _integer(p: Param, text: str) -> int | None:
    if text == "auto" and p.default is None:
        return None
    value = _finite(text)
    if value != int(value):
        raise ValueError(f"{text!r} is not a whole number")
    return int(value)


def _number(p: Param, text: str) -> float | None:
    return None if text == "auto" and p.default is None else _finite(text)


def _date(p: Param, text: str) -> dt.date | None:
    if text == "auto":
        return None
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"{text!r} is not a day such as 2026-11-23") from None


def _month(p: Param, text: str) -> str:
    if not _MONTH.match(text):
        raise ValueError(f"{text!r} is not a month such as 2026-11")
    return text


def _slug(p: Param, text: str) -> str:
    if not _SLUG.match(text):
        raise ValueError(f"{text!r} is not a column")
    return text


def _several(p: Param, items: Sequence[str]) -> tuple[str, ...]:
    """Some of the choices, in their own order: the same choice is the same view."""
    given = {_choice(p, word) for word in _words(items)}
    return tuple(value for value, _ in p.choices if value in given)


def _words(items: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word.strip() for item in items for word in item.split(",") if word.strip()))


def _columns(p: Param, items: Sequence[str]) -> tuple[str, ...]:
    slugs = _words(items)
    if slugs == ["auto"]:
        return ()
    for slug in slugs:
        if not _SLUG.match(slug):
            raise ValueError(f"{slug[:TEXT_LIMIT]!r} is not a column")
    if len(slugs) > LIST_LIMIT:
        raise ValueError(f"{len(slugs)} columns are more than {LIST_LIMIT}")
    return tuple(slugs)


def _filters(p: Param, items: Sequence[str]) -> tuple[Filter, ...]:
    if len(items) > LIST_LIMIT:
        raise ValueError(f"{len(items)} conditions are more than {LIST_LIMIT}")
    found = []
    for item in items:
        try:
            found.append(Filter.read(item))
        except ValueError:
            raise ValueError(f"{item[:TEXT_LIMIT]!r} is not a condition such as age:ge:30") from None
    return tuple(dict.fromkeys(found))


def _weights(p: Param, items: Sequence[str]) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for item in (part.strip() for text in items for part in text.split(",")):
        slug, _, number = item.partition(":")
        if not _SLUG.match(slug):
            raise ValueError(f"{item[:TEXT_LIMIT]!r} is not a weight such as gender:0.5")
        found[slug] = min(max(_finite(number), 0.0), 100.0)
    return tuple(sorted((slug, weight) for slug, weight in found.items() if weight != 1.0))


def _blanks(p: Param, items: Sequence[str]) -> tuple[tuple[str, str], ...]:
    if len(items) > LIST_LIMIT:
        raise ValueError(f"{len(items)} values are more than {LIST_LIMIT}")
    found = set()
    for item in items:
        slug, _, word = (part.strip() for part in item.partition(":"))
        if not _SLUG.match(slug) or not word:
            raise ValueError(f"{item[:TEXT_LIMIT]!r} is not an attribute and a value such as age:-1")
        found.add((slug, word[:TEXT_LIMIT].rstrip()))
    return tuple(sorted(found))


def _others(p: Param, items: Sequence[str]) -> tuple[str, ...]:
    """Texts as they stand; what they say is read where every field is known (`core.spec`)."""
    return tuple(dict.fromkeys(text for item in items if (text := item.strip()[:QUERY_TEXT].rstrip())))


def _query(p: Param, text: str) -> str:
    """A query without its “?”; what it says is read where every field is known (`core.spec`)."""
    if len(text) > QUERY_TEXT:
        raise ValueError(f"a link of {len(text):,} signs is longer than {QUERY_TEXT:,}")
    return text.removeprefix("?")


_ONE: Final[dict[str, Callable[[Param, str], Any]]] = {
    "choice": _choice,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "month": _month,
    "text": lambda p, text: text,
    "slug": _slug,
    "query": _query,
}
_MANY: Final[dict[str, Callable[[Param, Sequence[str]], Any]]] = {
    "several": _several,
    "columns": _columns,
    "filters": _filters,
    "weights": _weights,
    "blanks": _blanks,
    "others": _others,
}
