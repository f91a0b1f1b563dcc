"""The database of data sets: SQLite in the data directory, or whatever `DATABASE_URL` names."""

import datetime as dt
import json
import os
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from core.io.dataset import Column, Dataset, Question, TableRef

LONGEST_NAME: Final = 120

_BUSY_SECONDS: Final = 15
_TABLES: Final = sa.MetaData()
_DATASETS: Final = sa.Table(
    "datasets",
    _TABLES,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(LONGEST_NAME), nullable=False),
    sa.Column("current", sa.String(40), nullable=False),
    sa.Column("added", sa.String(40), nullable=False),
)
_VERSIONS: Final = sa.Table(
    "versions",
    _TABLES,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("dataset", sa.String(40), nullable=False, index=True),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("people", sa.String(64)),
    sa.Column("meta", sa.Text, nullable=False),
    sa.Column("added", sa.String(40), nullable=False),
)


class Catalog:
    """Data sets by name, each with its versions by id; safe to write from several processes at once.

    Parameters
    ----------
    home : Path
        Folder of `atlas.db`. It is opened at the first use in each process, never before a fork.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._opened: tuple[int, sa.Engine] | None = None

    def get(self, version: str) -> Dataset | None:
        """The version with this id, under its data set's present name."""
        with self._engine().connect() as connection:
            row = connection.execute(_joined().where(_VERSIONS.c.id == version)).first()
        return _loaded(row) if row else None

    def current(self) -> tuple[Dataset, ...]:
        """The current version of every data set, the latest first."""
        newest = _joined().where(_VERSIONS.c.id == _DATASETS.c.current)
        with self._engine().connect() as connection:
            rows = connection.execute(newest.order_by(_DATASETS.c.added.desc(), _DATASETS.c.key)).all()
        return tuple(_loaded(row) for row in rows)

    def put(self, dataset: Dataset, *, of: str | None = None) -> Dataset:
        """Keep a version as the current one of a data set: the one that version `of` is of, or a new one.

        A version that is here already stays as it is.
        """
        for attempt in (1, 2):  # another process may have put the same one in between
            try:
                self._put(dataset, of)
                break
            except sa.exc.IntegrityError:
                if attempt == 2:
                    raise
        found = self.get(dataset.id)
        assert found is not None
        return found

    def rename(self, version: str, name: str) -> None:
        """Give the data set of this version another name."""
        key = sa.select(_VERSIONS.c.dataset).where(_VERSIONS.c.id == version).scalar_subquery()
        with self._engine().begin() as connection:
            connection.execute(sa.update(_DATASETS).where(_DATASETS.c.key == key).values(name=name))

    def _put(self, dataset: Dataset, of: str | None) -> None:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
        with self._engine().begin() as connection:
            known = connection.execute(_dataset_of(dataset.id)).scalar()
            key = known or (connection.execute(_dataset_of(of)).scalar_one() if of else dataset.id)
            if not known:
                stored = replace(dataset, added=now)
                connection.execute(sa.insert(_VERSIONS).values(_version_row(stored, key)))
            if known or of:
                connection.execute(
                    sa.update(_DATASETS).where(_DATASETS.c.key == key).values(current=dataset.id)
                )
            else:
                values = {"key": key, "name": dataset.name, "current": dataset.id, "added": now}
                connection.execute(sa.insert(_DATASETS).values(values))

    def _engine(self) -> sa.Engine:
        with self._lock:
            if self._opened is None or self._opened[0] != os.getpid():
                if self._opened:  # forked: the connections are the parent's, leave them open for it
                    self._opened[1].dispose(close=False)
                self._opened = (os.getpid(), self._open())
            return self._opened[1]

    def _open(self) -> sa.Engine:
        self._home.mkdir(parents=True, exist_ok=True)
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{self._home / 'atlas.db'}"
        engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS} if _is_sqlite(url) else {})
        if _is_sqlite(url):
            sa.event.listen(engine, "connect", _shared)
        with engine.begin() as connection:
            for table in _TABLES.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))
        return engine


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def _shared(connection: Any, _: object) -> None:
    """Let readers go on while another process writes."""
    connection.execute(f"pragma busy_timeout={_BUSY_SECONDS * 1000}")
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=normal")


def _joined() -> sa.Select[Any]:
    joined = _VERSIONS.join(_DATASETS, _VERSIONS.c.dataset == _DATASETS.c.key)
    return sa.select(_VERSIONS.c.meta, _DATASETS.c.name).select_from(joined)


def _dataset_of(version: str) -> sa.Select[Any]:
    return sa.select(_VERSIONS.c.dataset).where(_VERSIONS.c.id == version)


def _version_row(dataset: Dataset, key: str) -> dict[str, Any]:
    return {
        "id": dataset.id,
        "dataset": key,
        "content": dataset.table.content,
        "people": dataset.people.content if dataset.people else None,
        "meta": json.dumps(asdict(dataset), ensure_ascii=False),
        "added": dataset.added,
    }


def _loaded(row: sa.Row[Any]) -> Dataset:
    meta = json.loads(row.meta)
    people = meta.pop("people")
    return Dataset(
        **{
            **meta,
            "name": row.name,
            "table": _table(meta["table"]),
            "people": _table(people) if people else None,
            "answers": tuple((key, value) for key, value in meta["answers"]),
            "questions": tuple(_question(q) for q in meta["questions"]),
            "decisions": tuple(meta["decisions"]),
            "warnings": tuple(meta["warnings"]),
        }
    )


def _table(meta: dict[str, Any]) -> TableRef:
    return TableRef(**{**meta, "columns": tuple(_column(c) for c in meta["columns"])})


def _column(meta: dict[str, Any]) -> Column:
    return Column(**{**meta, **{name: tuple(meta[name]) for name in ("examples", "levels", "values")}})


def _question(meta: dict[str, Any]) -> Question:
    return Question(**{**meta, "options": tuple((value, label) for value, label in meta["options"])})
