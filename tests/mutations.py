"""Damaged copies of valid requests, the same ones for the same seed.

``mutated_bodies`` takes bodies that a real browser sent to ``/_dash-update-component`` and returns what a
forger or a broken proxy could send instead; ``mutated_urls`` does the same to addresses. Both are pure.
"""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

Path = tuple[str | int, ...]

ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**20,
    -0.5,
    1e308,
    "",
    "banana",
    "..",
    "view-in.data",
    "{",
    '{"index":',
    "__proto__",
    "__class__",
    "\u202e\U0001f4a5",
    "\0",
    "\ud800",
    "?k=banana&k=7&ds=%00",
    "../../../../etc/passwd",
    "x" * 20_000,
    [],
    [[]],
    [None],
    {},
    {"id": None},
    {"id": {"index": ["ALL"]}, "property": "value"},
    {"id": {"index": [1]}, "property": "value"},
    {"id": [], "property": {}},
    {"id": {"a": {"b": {}}}, "property": "value", "value": {}},
    {"value": {"__class__": "x"}},
)
ODD_TOKENS = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"9" * 5_000,
    b"[" * 100_000,
    b'{"a":' * 5_000,
    b'"\\ud800"',
    b'"\\u0000"',
    b"\xff\xfe",
    b"",
)
ODD_KEYS = (
    "output",
    "outputs",
    "inputs",
    "state",
    "changedPropIds",
    "id",
    "property",
    "value",
    "",
    "__proto__",
)

ODD_PARTS = (
    "%00",
    "%ff",
    "%",
    "..",
    "%2e%2e%2f%2e%2e%2fetc/passwd",
    "//",
    "\\",
    "?",
    "?k=banana",
    "?k=10000",
    "?k=1&k=2",
    "?page=1&self=2&study=3&query=4",
    "?where=a:between:&show=::",
    "?ds=" + "a" * 3_000,
    "?=&&=",
    "&" * 1_500,
    "#",
    "%F0%9F%92%A5",
    "<script>",
    "{{7*7}}",
    ";",
    "\u0660",
)
ODD_ADDRESSES = (
    "/_dash-component-suites/nothing/here.js",
    "/_dash-component-suites/dash/nothing.js",
    "/_dash-component-suites/dash/deps/../../../../etc/passwd",
    "/_dash-component-suites/sys/version.py",
    "/_dash-component-suites/dash.dcc/dash_core_components.v9m9.js",
    "/_dash-component-suites/dash//",
    "/_dash-update-component",
    "/_dash-layout/x",
    "/_dash-dependencies?x=%00",
    "/_reload-hash",
    "/_favicon.ico",
    "/_mcp",
    "/mcp",
    "/assets/",
    "/assets/..%2f..%2fMakefile",
    "/assets/%00",
    "/assets/nothing.css",
    "/api/",
    "/api/upload",
)


def mutated_bodies(recorded: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield ``count`` damaged bodies, each made from one of the recorded ones."""
    random = Random(seed)
    for _ in range(count):
        yield mutate_body(random.choice(recorded), random)


def mutated_urls(recorded: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """Yield ``count`` damaged addresses (path and query, ASCII only, no host)."""
    random = Random(seed)
    for _ in range(count):
        yield _ascii(mutate_url(random.choice(recorded), random))


def mutate_body(body: bytes, random: Random) -> bytes:
    """Return one damaged copy: mostly valid JSON of a wrong shape, sometimes no JSON at all."""
    if random.random() < 0.2:
        return random.choice(BYTE_DAMAGES)(body, random)
    value = json.loads(body)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        value = random.choice(TREE_DAMAGES)(value, random)
    return json.dumps(value).encode("utf-8", "surrogatepass")


def mutate_url(url: str, random: Random) -> str:
    """Return one damaged copy of an address, or an address nobody should ask for."""
    if random.random() < 0.2:
        return random.choice(ODD_ADDRESSES)
    at = random.randint(1, len(url))
    part = random.choice(ODD_PARTS)
    return random.choice(
        (
            url + part,
            url[:at] + part + url[at:],
            url[:at],
            url + url,
            "/" + part + url,
            url[:at] + "".join(random.sample(url[at:], len(url) - at)),
        )
    )


def _ascii(url: str) -> str:
    return "".join(character if character.isascii() else "%C3%BC" for character in url)


def _paths(value: Any, here: Path = ()) -> Iterator[Path]:
    yield here
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _paths(inner, (*here, key))


def _some_path(value: Any, random: Random) -> Path:
    """One place in the value; the outer ones as likely as the many inner ones."""
    paths = list(_paths(value))
    depth = random.choice(sorted({len(path) for path in paths}))
    return random.choice([path for path in paths if len(path) == depth])


def _get(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _put(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(value)
    _get(changed, path[:-1])[path[-1]] = new
    return changed


def _replace(value: Any, random: Random) -> Any:
    return _put(value, _some_path(value, random), copy.deepcopy(random.choice(ODD_VALUES)))


def _odd_values(value: Any, random: Random) -> Any:
    """Only what a control holds changes: the shape stays valid and the value reaches our own code."""
    changed = copy.deepcopy(value)
    held = [path for path in _paths(value) if path.count("value") == 1 and path[-1] == "value"]
    for path in random.sample(held, min(len(held), random.choice((1, 1, 3)))):
        _get(changed, path[:-1])["value"] = copy.deepcopy(random.choice(ODD_VALUES))
    return changed


def _remove(value: Any, random: Random) -> Any:
    path = _some_path(value, random)
    if not path:
        return value
    changed = copy.deepcopy(value)
    del _get(changed, path[:-1])[path[-1]]
    return changed


def _add(value: Any, random: Random) -> Any:
    changed = copy.deepcopy(value)
    target = _get(changed, _some_path(changed, random))
    extra = copy.deepcopy(random.choice(ODD_VALUES))
    if isinstance(target, dict):
        target[random.choice(ODD_KEYS)] = extra
    elif isinstance(target, list):
        target.insert(random.randint(0, len(target)), extra)
    return changed


def _repeat(value: Any, random: Random) -> Any:
    path = _some_path(value, random)
    return _put(value, path, [copy.deepcopy(_get(value, path)) for _ in range(random.choice((1, 2, 50)))])


def _swap(value: Any, random: Random) -> Any:
    one, other = _some_path(value, random), _some_path(value, random)
    if one[: len(other)] == other or other[: len(one)] == one:
        return value
    first, second = copy.deepcopy(_get(value, one)), copy.deepcopy(_get(value, other))
    return _put(_put(value, one, second), other, first)


def _retype(value: Any, random: Random) -> Any:
    path = _some_path(value, random)
    old = _get(value, path)
    return _put(value, path, random.choice((str(old), [old], {"0": old}, json.dumps(old), not old)))


def _bury(value: Any, random: Random) -> Any:
    path = _some_path(value, random)
    deep = copy.deepcopy(_get(value, path))
    for _ in range(random.choice((10, 200))):
        deep = [deep]
    return _put(value, path, deep)


def _truncate(body: bytes, random: Random) -> bytes:
    return body[: random.randint(0, len(body))]


def _flip(body: bytes, random: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(random.choice((1, 1, 8))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _insert(body: bytes, random: Random) -> bytes:
    at = random.randint(0, len(body))
    return body[:at] + random.choice(ODD_TOKENS) + body[at:]


def _replace_number(body: bytes, random: Random) -> bytes:
    return body.replace(b"null", random.choice(ODD_TOKENS), 1)


def _only_token(_: bytes, random: Random) -> bytes:
    return random.choice(ODD_TOKENS)


def _utf_16(body: bytes, _: Random) -> bytes:
    return body.decode().encode("utf-16")


def _too_large(body: bytes, _: Random) -> bytes:
    return body[:-1] + b" " * (1 << 20) + body[-1:]


TREE_DAMAGES: tuple[Callable[[Any, Random], Any], ...] = (
    _replace,
    _replace,
    _odd_values,
    _odd_values,
    _odd_values,
    _remove,
    _add,
    _repeat,
    _swap,
    _retype,
    _bury,
)
BYTE_DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _truncate,
    _flip,
    _insert,
    _replace_number,
    _only_token,
    _utf_16,
    _too_large,
)
