"""Results as bytes and back: JSON for the shape, npy and Arrow for the arrays. No pickle is ever read."""

import dataclasses
import datetime as dt
import functools
import importlib
import io
import json
import types
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa

_HEAD: Final = 8


def encode(result: Any) -> bytes:
    """A frozen result dataclass as bytes: JSON text, then the arrays one after the other."""
    blobs: list[bytes] = []
    text = json.dumps(_pack(result, blobs), separators=(",", ":")).encode()
    sizes = json.dumps([len(b) for b in blobs]).encode()
    head = len(text).to_bytes(_HEAD, "big") + len(sizes).to_bytes(_HEAD, "big")
    return b"".join([head, text, sizes, *blobs])


def decode(kind: type[Any], data: bytes) -> Any:
    """The result of class `kind` that `encode` wrote.

    Raises
    ------
    ValueError
        When the bytes are not such a result (the caller then computes it again).
    """
    try:
        return _decode(kind, data)
    except Exception as error:  # what damaged bytes do to json, numpy and Arrow has no end of names
        raise ValueError(f"not a {kind.__name__}: {error}") from error


def _decode(kind: type[Any], data: bytes) -> Any:
    view = memoryview(data)
    text_size, sizes_size = (int.from_bytes(view[i : i + _HEAD], "big") for i in (0, _HEAD))
    start = 2 * _HEAD
    tree = json.loads(bytes(view[start : start + text_size]))
    start += text_size
    blobs = []
    sizes = json.loads(bytes(view[start : start + sizes_size]))
    start += sizes_size
    for size in sizes:
        blobs.append(view[start : start + size])
        start += size
    return _unpack(kind, tree, blobs)


def _pack(value: Any, blobs: list[bytes]) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [_pack(getattr(value, f.name), blobs) for f in dataclasses.fields(value)]
    if isinstance(value, np.ndarray):
        out = io.BytesIO()
        np.save(out, value, allow_pickle=False)
        return _keep(out.getvalue(), blobs)
    if isinstance(value, pa.Table):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, value.schema) as writer:
            writer.write_table(value)
        return _keep(sink.getvalue().to_pybytes(), blobs)
    if isinstance(value, dict):
        return {str(k): _pack(v, blobs) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [_pack(v, blobs) for v in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _keep(blob: bytes, blobs: list[bytes]) -> int:
    blobs.append(blob)
    return len(blobs) - 1


def _unpack(kind: Any, tree: Any, blobs: list[memoryview]) -> Any:
    if tree is None or kind is Any:
        return tree
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _unpack(next(a for a in args if a is not type(None)), tree, blobs)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        names = [f.name for f in dataclasses.fields(kind)]
        return kind(**{n: _unpack(hints[n], t, blobs) for n, t in zip(names, tree, strict=True)})
    if origin is tuple:
        kinds = [args[0]] * len(tree) if len(args) == 2 and args[1] is Ellipsis else list(args)
        return tuple(_unpack(k, t, blobs) for k, t in zip(kinds, tree, strict=True))
    if origin is dict:
        return {args[0](k): _unpack(args[1], t, blobs) for k, t in tree.items()}
    if kind is np.ndarray or origin is np.ndarray:
        return np.load(io.BytesIO(blobs[tree]), allow_pickle=False)
    if kind is pa.Table:
        return pa.ipc.open_stream(pa.py_buffer(blobs[tree])).read_all()
    if kind is dt.date:
        return dt.date.fromisoformat(tree)
    return kind(tree) if kind in (int, float, str, bool) else tree


@functools.cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind, vars(importlib.import_module(kind.__module__)))
