"""One door to the cache: `through(key, make)` returns the stored bytes or makes, stores and returns them.

Whatever goes wrong with the cache, the answer is the same, only slower.
"""

from __future__ import annotations

import fcntl
import io
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

from cachelib.serializers import BaseSerializer
from flask import Flask
from flask_caching import Cache
from flask_caching.backends.base import BaseCache
from flask_caching.backends.filesystemcache import FileSystemCache
from flask_caching.backends.rediscache import RedisCache

from webapp.seal import MAC_SIZE, Seal
from webapp.settings import Settings

LOG = logging.getLogger(__name__)

PREFIX = "segment-atlas:"
STRAY_SECONDS = 60  # a temporary file this old was left by a writer that died or a full disk
LOCK_SECONDS = 3600
MARK_DIGITS = 16
DIGEST_SIZE = 32
MARKED = re.compile(rf"([0-9a-f]{{{MARK_DIGITS}}}):")
REDIS_LOCK_SECONDS = 30  # after which the holder counts as dead and the others make it themselves
REDIS_TIMEOUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 5.0}

Alone = Callable[[str], AbstractContextManager[None]]


class Door:
    """The cache as the app uses it: bytes by key, each made once at a time.

    Parameters
    ----------
    cache : BaseCache
        A backend of flask-caching.
    alone : callable
        `alone(key)` is a context manager that one thread of all processes is in at a time.
    """

    def __init__(self, cache: BaseCache, alone: Alone, mark: str = "") -> None:
        self._cache = cache
        self._alone = alone
        self._mark = mark

    def of(self, ds: str) -> Door:
        """The door to what belongs to a data set; equal keys of two data sets are two."""
        return Door(self._cache, self._alone, mark_of(ds))

    def forget(self, mark: str) -> None:
        """Remove everything of the data set with this mark, as well as the cache can."""
        with _tolerated():
            _remove_marked(self._cache, mark)

    def marks(self) -> frozenset[str]:
        """The marks of the data sets of which something is stored."""
        try:
            return frozenset(_marks(self._cache))
        except Exception as error:
            LOG.warning("The cache can't be looked through: %s", error)
            return frozenset()

    def through(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return what is stored under `key`, else what `make()` returns; `make` may come through the door."""
        if (hit := self.get(key)) is not None:
            return hit
        with self._alone(self._own(key)):
            if (hit := self.get(key)) is None:
                hit = make()
                self.put(key, hit)
            return hit

    def get(self, key: str) -> bytes | None:
        """Return what is stored under `key`, None when there is nothing that this app wrote."""
        try:
            found = self._cache.get(self._own(key))
        except Exception as error:  # Redis has its own errors, and may not be installed to name them
            LOG.warning("The cache can't be read: %s", error)
            return None
        return found[1] if found is not None and found[0] == _digest(self._own(key)) else None

    def put(self, key: str, value: bytes) -> None:
        """Store `value`, as well as the cache can."""
        try:
            self._cache.set(self._own(key), (_digest(self._own(key)), value))
        except Exception as error:
            LOG.warning("The cache can't be written: %s", error)

    def _own(self, key: str) -> str:
        return f"{self._mark}:{key}" if self._mark else key


def mark_of(ds: str) -> str:
    """What stands for a data set in names of keys and files: its id may be anything that a link says."""
    return sha256(ds.encode("utf-8", "surrogatepass")).hexdigest()[:MARK_DIGITS]


def open_door(settings: Settings) -> Door:
    """Return the door to Redis where `REDIS_URL` is set, else to files; opens no connection yet."""
    try:
        backend = _backend(_config(settings))
    except OSError as error:
        LOG.warning("The cache can't be used, everything is computed anew: %s", error)
        backend = _backend({"CACHE_TYPE": "NullCache", "CACHE_NO_NULL_WARNING": True})
    if isinstance(backend, RedisCache):
        return Door(backend, RedisLocks(backend._write_client))
    return Door(backend, FileLocks(settings.cache_dir / "locks"))


def _backend(config: dict[str, Any]) -> BaseCache:
    """The backend itself: `Cache` would look for the app of the current request."""
    app = Flask(__name__)
    cache = Cache(app, with_jinja2_ext=False, config=config)
    return cast(BaseCache, app.extensions["cache"][cache])


def _config(settings: Settings) -> dict[str, Any]:
    shared = {
        "CACHE_DEFAULT_TIMEOUT": 0,  # nothing stored ever becomes wrong: the key says all it depends on
        "CACHE_SERIALIZER": SealedBytes(Seal(settings.secret, "cache")),
    }
    if settings.redis_url:
        redis = {
            "CACHE_TYPE": "RedisCache",
            "CACHE_REDIS_URL": settings.redis_url,
            "CACHE_OPTIONS": REDIS_TIMEOUTS,
        }
        return {**shared, **redis, "CACHE_KEY_PREFIX": PREFIX}
    files = f"{SealedFiles.__module__}.{SealedFiles.__qualname__}"
    return {
        **shared,
        "CACHE_TYPE": files,
        "CACHE_DIR": str(settings.cache_dir / "files"),
        "CACHE_THRESHOLD": 0,
    }


class SealedBytes(BaseSerializer):
    """The serializer for bytes and the digest of their key, sealed; the bytes are not copied on the way.

    It replaces every method of its base, which reads pickles.
    """

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def dumps(self, value: tuple[bytes, bytes], *_: object) -> bytes:
        return b"".join([self._seal.mac(*value), *value])

    def loads(self, bvalue: bytes | None) -> tuple[bytes, bytes] | None:
        return None if bvalue is None else self.load(io.BytesIO(bvalue))

    def dump(self, value: tuple[bytes, bytes], f: IO[bytes], *_: object) -> None:  # type: ignore[override]
        f.writelines([self._seal.mac(*value), *value])

    def load(self, f: IO[bytes]) -> tuple[bytes, bytes] | None:
        mac, digest, value = f.read(MAC_SIZE), f.read(DIGEST_SIZE), _rest(f)
        return (digest, value) if self._seal.fits(mac, digest, value) else None


def _rest(f: IO[bytes]) -> bytes:
    """All that is left; `read()` alone copies it once more."""
    at = f.tell()
    size = f.seek(0, os.SEEK_END) - at
    f.seek(at)
    return f.read(size)


class SealedFiles(FileSystemCache):
    """flask-caching's files, where a deleted directory comes back and a hit makes a file young again.

    With CACHE_THRESHOLD 0 it neither counts files nor prunes: `sweep` bounds the bytes.
    """

    def _get_filename(self, key: Any) -> str:
        """With the mark of the data set in front: what belongs to one is found again."""
        folder, name = os.path.split(super()._get_filename(key))
        marked = MARKED.match(key)
        return os.path.join(folder, f"{marked[1]}-{name}" if marked else name)

    def get(self, key: str) -> Any:
        found = super().get(key)
        if found is not None:
            with _tolerated():
                os.utime(self._get_filename(key))
        return found

    def set(self, key: str, value: Any, timeout: Any = None, mgmt_element: bool = False) -> bool:
        with _tolerated():
            os.makedirs(self._path, exist_ok=True)
        return super().set(key, value, timeout, mgmt_element)

    def _run_safely(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Without cachelib's 16 seconds of trying again after a PermissionError, meant for network drives."""
        return fn(*args, **kwargs)


def _marks(cache: BaseCache) -> Iterator[str]:
    if isinstance(cache, SealedFiles):
        for path in Path(cache._path).glob(f"{'?' * MARK_DIGITS}-*"):
            yield path.name[:MARK_DIGITS]
    elif isinstance(cache, RedisCache):
        for key in cache._read_client.scan_iter(f"{PREFIX}{'?' * MARK_DIGITS}:*"):
            yield key.decode().removeprefix(PREFIX)[:MARK_DIGITS]


def _remove_marked(cache: BaseCache, mark: str) -> None:
    if isinstance(cache, SealedFiles):
        for path in Path(cache._path).glob(f"{mark}-*"):
            _remove(path)
    elif isinstance(cache, RedisCache):
        for key in cache._read_client.scan_iter(f"{PREFIX}{mark}:*"):
            cache._write_client.delete(key)


class FileLocks:
    """A lock file per key: threads and processes wait for each other; the kernel frees a dead one's lock."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def __call__(self, key: str) -> Iterator[None]:
        lock = None
        with _tolerated():
            lock = self._open(key)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if lock is not None:
                os.close(lock)

    def _open(self, key: str) -> int:
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._directory / f"{_digest(key).hex()}.lock"
        return os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600
        )  # truncating makes it young for `sweep`


class RedisLocks:
    """A lock per key in Redis (SET NX PX), for web processes on more than one machine."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @contextmanager
    def __call__(self, key: str) -> Iterator[None]:
        lock = self._client.lock(
            f"{PREFIX}lock:{_digest(key).hex()}",
            timeout=REDIS_LOCK_SECONDS,
            sleep=0.02,
            blocking_timeout=REDIS_LOCK_SECONDS,
        )
        with _tolerated():
            lock.acquire()
        try:
            yield
        finally:
            with _tolerated():
                lock.release()


def sweep(settings: Settings) -> None:
    """Bound the files to `CACHE_MB`, the longest unused going first, and remove what dead writers left."""
    now = time.time()
    kept = []
    for path, age, size in _files(settings.cache_dir / "files", now):
        if path.name.endswith(FileSystemCache._fs_transaction_suffix):
            if age > STRAY_SECONDS:
                _remove(path)
        else:
            kept.append((age, size, path))
    room = settings.cache_mb * 1024**2
    for _, size, path in sorted(kept):
        room -= size
        if room < 0:
            _remove(path)
    for path, age, _ in _files(settings.cache_dir / "locks", now):
        if age > LOCK_SECONDS:
            _remove(path)


def _files(directory: Path, now: float) -> Iterator[tuple[Path, float, int]]:
    """Yield (path, age in seconds, bytes) of the files in `directory`."""
    try:
        entries = list(os.scandir(directory))
    except OSError:
        return
    for entry in entries:
        with _tolerated():
            status = entry.stat(follow_symlinks=False)
            yield Path(entry.path), now - status.st_mtime, status.st_size


def _remove(path: Path) -> None:
    with _tolerated():
        path.unlink()


@contextmanager
def _tolerated() -> Iterator[None]:
    """Let a fault of the cache pass: the answer does not depend on it."""
    try:
        yield
    except Exception as error:
        LOG.debug("The cache: %s", error)


def _digest(key: str) -> bytes:
    """Stored in front of each value: an entry copied over another's name is not taken for it."""
    return sha256(key.encode()).digest()
