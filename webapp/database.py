"""The database of the jobs: SQLite, written by web and worker processes at once."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SCHEMA = """
create table if not exists jobs (
    key text primary key,
    run text not null,
    kind text not null,
    payload text not null,
    state text not null default 'queued',
    stage text not null default '',
    share real not null default 0,
    message text not null default '',
    hint text not null default '',
    offer text not null default '{}',
    attempts integer not null default 0,
    ds text not null default '',
    changed real not null default (strftime('%s', 'now') + 0)
)
"""
YOUNGER = {  # columns that a database of an earlier release lacks
    "ds": "text not null default ''",
    "offer": "text not null default '{}'",
}


class Database(threading.local):
    """A connection per thread and process, opened when first used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pid = 0
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._open()
        db.execute("begin immediate")
        try:
            yield db
        except BaseException:
            db.execute("rollback")
            raise
        db.execute("commit")

    def one(self, sql: str, *parameters: object) -> Any:
        return self._open().execute(sql, parameters).fetchone()

    def all(self, sql: str, *parameters: object) -> list[Any]:
        return self._open().execute(sql, parameters).fetchall()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None or self._pid != os.getpid():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(
                self._path, timeout=10, isolation_level=None, check_same_thread=False, factory=_Connection
            )
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = normal")
            db.execute("pragma secure_delete = on")
            db.execute(SCHEMA)
            _upgrade(db)
            self._connection, self._pid = db, os.getpid()
        return self._connection


class _Connection(sqlite3.Connection):
    """Closed when its thread ends, which Python 3.13 asks for."""

    def __del__(self) -> None:
        self.close()


def _upgrade(db: sqlite3.Connection) -> None:
    there = {name for _, name, *_ in db.execute("pragma table_info(jobs)")}
    for name in YOUNGER.keys() - there:
        with suppress(sqlite3.OperationalError):  # another process has added it in between
            db.execute(f"alter table jobs add column {name} {YOUNGER[name]}")
