"""What the environment says: where data lives, where to listen, how much a job may use."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from core.child import Limits

ROOT = Path(__file__).resolve().parent.parent
SECRET_SIZE = 32
NUMBERS = {
    "CACHE_MB": "cache_mb",
    "MAX_UPLOAD_MB": "max_upload_mb",
    "PORT": "port",
    "JOB_QUEUE": "queue_limit",
}
LIMITS = {
    "JOB_MEMORY_MB": "memory_mb",
    "JOB_CPU_SECONDS": "cpu_seconds",
    "JOB_WALL_SECONDS": "wall_seconds",
}
HIGHEST = {"PORT": 65535, "JOB_MEMORY_MB": 10**7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one run, read once.

    `secret` is the key of every MAC and signature; web and worker find the same one.
    """

    data_dir: Path
    secret: bytes = field(repr=False)
    redis_url: str | None = None
    cache_mb: int = 2048
    max_upload_mb: int = 2048
    host: str = "127.0.0.1"
    port: int = 8050
    limits: Limits = field(default_factory=Limits)
    queue_limit: int = 20

    @property
    def cache_dir(self) -> Path:
        return self.data_dir / "cache"

    @property
    def jobs_dir(self) -> Path:
        return self.data_dir / "jobs"

    @property
    def address(self) -> str:
        """`host:port`, as gunicorn's `bind` and a URL have it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Return the settings of the environment; makes the data directory and, once, its secret.

        Raises
        ------
        SystemExit
            With one sentence: a value that can't be used, or an address other than this computer's own
            without what DESIGN.md §9 asks for.
        """
        host = environ.get("HOST") or "127.0.0.1"
        _refuse_open_door(host, environ)
        data_dir = _made(Path(environ.get("DATA_DIR") or ROOT / "var").resolve())
        return cls(
            data_dir=data_dir,
            secret=environ.get("SECRET_KEY", "").encode() or _stored_secret(data_dir),
            redis_url=environ.get("REDIS_URL") or None,
            host=host,
            limits=Limits(**_numbers(environ, LIMITS)),
            **_numbers(environ, NUMBERS),
        )


def _numbers(environ: Mapping[str, str], names: Mapping[str, str]) -> dict[str, int]:
    """Return those that are set, by field name."""
    return {field: _number(name, environ[name]) for name, field in names.items() if environ.get(name)}


def _number(name: str, text: str) -> int:
    high = HIGHEST.get(name, 10**9)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= high):
        raise SystemExit(
            f"{name}={text} is not a whole number from 1 to {high:,}. Correct it or leave it out."
        )
    return int(text)


def _refuse_open_door(host: str, environ: Mapping[str, str]) -> None:
    if _is_this_computer(host):
        return
    if len(environ.get("SECRET_KEY", "").encode()) < SECRET_SIZE:
        raise SystemExit(
            f"HOST={host} can be reached from other computers: "
            f"set SECRET_KEY to at least {SECRET_SIZE} random bytes."
        )
    if environ.get("ALLOW_ANONYMOUS") != "1":
        raise SystemExit(
            f"HOST={host} can be reached from other computers and there is no login yet: "
            "set ALLOW_ANONYMOUS=1 if everyone who reaches it may see and change everything."
        )


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _made(data_dir: Path) -> Path:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(
            f"DATA_DIR={data_dir} can't be used: {error.strerror}. Set it to one of yours."
        ) from None
    return data_dir


def _stored_secret(data_dir: Path) -> bytes:
    """Web and worker may both come here first: the one that links its file first has made the secret."""
    path = data_dir / "secret"
    try:
        if not path.exists():
            _make_secret(path)
        secret = path.read_bytes()
    except OSError as error:
        raise SystemExit(
            f"{path} can't be used: {error.strerror}. Set DATA_DIR to a directory of yours."
        ) from None
    if len(secret) < SECRET_SIZE:
        raise SystemExit(f"{path} is not a secret of {SECRET_SIZE} bytes. Delete it, and a new one is made.")
    return secret


def _make_secret(path: Path) -> None:
    own = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(SECRET_SIZE))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(own, path)
    except FileExistsError:
        pass
    finally:
        own.unlink()
