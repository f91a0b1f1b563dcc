"""The parts of the docs that come from the code, between `<!-- from the code: NAME -->` and `<!-- end -->`.

`python -m tests.docs` writes them anew; tests/docs/test_docs.py compares.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

from core.cluster import ALGORITHMS
from core.io.readers import READERS
from core.param import OPS, Param
from core.spec import PARAMS, STAGES
from tests.docs import commands
from webapp.pages import PAGES
from webapp.settings import LIMITS, NUMBERS, ROOT, Settings

BLOCK: Final = re.compile(r"(<!-- from the code: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
DOCS: Final = tuple(
    ROOT / name
    for name in (
        "README.md",
        "docs/architecture.md",
        "docs/urls.md",
        "docs/algorithms.md",
        "docs/formats.md",
        "docs/deploy.md",
    )
)

_PART_TITLES: Final = {
    "source": "which data, seen from when",
    "clean": "the cleaning recipe, its steps in their order",
    "cohort": "who is segmented",
    "features": "what customers are compared on",
    "cluster": "how customers are grouped",
    "lens": "how the result is looked at; never refits",
}
_FORMS: Final = {
    "text": "text",
    "slug": "a column",
    "columns": "columns, commas between them",
    "filters": "conditions, repeatable",
    "weights": "`column:number`, commas between them",
    "blanks": "`column:value`, repeatable",
    "others": "`field:value`, `~` between them, repeatable",
    "query": "the query of another view, percent-encoded",
    "month": "a month, `2026-11`",
    "date": "a day, `2026-11-23`",
}


def refreshed(text: str) -> str:
    """A document with every block written anew."""
    return BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}\n{found[3]}", text)


def refresh(paths: Sequence[Path] = DOCS) -> None:
    """Write the blocks of these documents."""
    for path in paths:
        path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


# ---- docs/architecture.md ----


def _layers() -> str:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    layers = [f"{c['containers'][0]:<7} {layer}" for c in contracts for layer in c["layers"]]
    return "\n".join(["```", *(re.sub(r"[()]", "", layer) for layer in layers), "```"])


# ---- docs/urls.md ----


def _pages() -> str:
    rows = (
        (f"`{page.path}`", page.title, _names(page.visible), _names(page.more)) for page in PAGES.values()
    )
    return _table(("path", "page", "controls in sight", "under More"), rows)


def _names(names: Sequence[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _fields() -> str:
    return "\n\n".join(f"### {part}: {_PART_TITLES[part]}\n\n{_part(part)}" for part in STAGES)


def _part(part: str) -> str:
    rows = (
        (f"`{name}`", declared.label, _values(declared), _default(declared), declared.help)
        for name, (own, declared) in PARAMS.items()
        if own == part
    )
    return _table(("name", "on the page", "values", "default", "help"), rows)


def _values(declared: Param) -> str:
    if declared.kind == "choice":
        return ", ".join(f"`{value}` ({label})" for value, label in declared.choices)
    if declared.kind == "several":
        words = ", ".join(f"`{value}` ({label})" for value, label in declared.choices)
        return f"any of {words}, commas between them"
    if declared.kind in ("integer", "number"):
        word = "whole number" if declared.kind == "integer" else "number"
        return f"{word}, {declared.low:,.13g} to {declared.high:,.13g}"
    return _FORMS[declared.kind]


def _default(declared: Param) -> str:
    if declared.default is None or (declared.kind == "columns" and declared.default == ()):
        return "automatic"
    return f"`{declared.default:g}`" if isinstance(declared.default, float) else _plain(declared.default)


def _plain(value: object) -> str:
    return f"`{value}`" if value not in ("", ()) else "none"


OPERATORS: Final[Mapping[str, str]] = {
    "eq": "is: `country:eq:France`",
    "in": "is one of: `country:in:France,Austria`",
    "not": "has a value and is none of: `country:not:France,Austria`",
    "lt": "less than: `recency:lt:30`",
    "le": "at most",
    "gt": "more than",
    "ge": "at least: `age:ge:40`",
    "between": "from the first value to the second, both included: `age:between:30,39`",
    "missing": "has no value: `age:missing:`",
    "known": "has a value: `age:known:`",
}


def _operators() -> str:
    return _table(("operator", "meaning"), ((f"`{op}`", OPERATORS[op]) for op in OPS))


# ---- docs/algorithms.md and docs/formats.md ----


def _algorithms() -> str:
    rows = (
        (
            f"`{name}`",
            a.label,
            a.good_when,
            "chosen or suggested" if a.chooses_k else "comes out of the fit",
            f"{a.limit:,}",
            _names(a.params),
        )
        for name, a in ALGORITHMS.items()
    )
    return _table(
        ("`algorithm=`", "on the page", "good when", "number of segments", "most customers", "its fields"),
        rows,
    )


def _formats() -> str:
    rows = ((f"`{name}`", reader.label) for name, reader in READERS.items())
    return _table(("reader", "format"), rows)


# ---- environment ----

VARIABLES: Final[Mapping[str, str]] = {
    "PORT": "port to listen on",
    "HOST": "address to listen on; another one than this computer's asks for the next two",
    "SECRET_KEY": "key of every seal, the same for web and worker; at least 32 bytes with such a `HOST`",
    "ALLOW_ANONYMOUS": "`1`: everyone who reaches the app may see and change everything; there is no login",
    "DATA_DIR": "where everything is kept: tables, names, uploads, cache, jobs",
    "DATABASE_URL": "SQLAlchemy's address of the database of names and roles",
    "REDIS_URL": "cache and job queue in Redis instead of files",
    "CACHE_MB": "size of the cache; what was not used for longest goes first",
    "MAX_UPLOAD_MB": "largest file that is taken",
    "JOB_QUEUE": "jobs that may wait; one more is answered “busy”",
    "JOB_MEMORY_MB": "memory of one job",
    "JOB_CPU_SECONDS": "processor time of one job",
    "JOB_WALL_SECONDS": "time of one job from start to end",
    "WEB_CONCURRENCY": "web processes, 8 threads each",
}
_STATED: Final = {
    "SECRET_KEY": "made once, in `DATA_DIR`",
    "ALLOW_ANONYMOUS": "not set",
    "DATA_DIR": "`var` in the project",
    "DATABASE_URL": "SQLite, `atlas.db` in `DATA_DIR`",
    "REDIS_URL": "not set",
    "WEB_CONCURRENCY": "`2`",
}


def _variables() -> str:
    rows = ((f"`{name}`", _setting(name), meaning) for name, meaning in VARIABLES.items())
    return _table(("variable", "default", "meaning"), rows)


def _setting(name: str) -> str:
    if name in _STATED:
        return _STATED[name]
    defaults = {f.name: f.default for f in fields(Settings)}
    limits = Settings(data_dir=ROOT, secret=b"").limits
    value = getattr(limits, LIMITS[name]) if name in LIMITS else defaults[NUMBERS.get(name, name.lower())]
    return f"`{value}`"


BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "layers": _layers,
    "pages": _pages,
    "fields": _fields,
    "operators": _operators,
    "algorithms": _algorithms,
    "formats": _formats,
    "variables": _variables,
    "commands": commands.on_the_demo,
    "orders-file": commands.orders_file,
    "add": commands.on_a_file,
}
