"""The database of data sets: SQLite in the data directory, or whatever `DATABASE_URL` names."""

import datetime as dt
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from core.errors import UserError
from core.io.dataset import Dataset
from core.io.sets.called import LONGEST_NAME
from core.io.sets.kept_tables import ACTIONS, NAMES, TABLES, VIEWS
from core.io.sets.rows import loaded, written
from core.io.sets.shelf import deleted, made
from core.spec import DEMO

_BUSY_SECONDS: Final = 15
DATASETS: Final = sa.Table(
    "datasets",
    TABLES,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(LONGEST_NAME), nullable=False),
    sa.Column("current", sa.String(40), nullable=False),
    sa.Column("added", sa.String(40), nullable=False),
    sa.Column("settings", sa.Text),
    sa.Column("view", sa.String(40)),
    sa.Column("kept", sa.String(40)),
)
_VERSIONS: Final = sa.Table(
    "versions",
    TABLES,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("dataset", sa.String(40), nullable=False, index=True),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("people", sa.String(64)),
    sa.Column("original", sa.String(64)),
    sa.Column("meta", sa.Text, nullable=False),
    sa.Column("added", sa.String(40), nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What was taken out of the catalog, and the files that nothing in it names any more."""

    ids: tuple[str, ...]
    contents: tuple[str, ...]
    originals: tuple[str, ...]


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
        with self.engine().connect() as connection:
            row = connection.execute(_joined().where(_VERSIONS.c.id == version)).first()
        return _dataset(row) if row else None

    def current(self) -> tuple[Dataset, ...]:
        """The current version of every data set: the demo, then the latest first."""
        newest = _joined().where(_VERSIONS.c.id == DATASETS.c.current)
        with self.engine().connect() as connection:
            rows = connection.execute(
                newest.order_by(DATASETS.c.key != DEMO, DATASETS.c.added.desc(), DATASETS.c.key)
            ).all()
        return tuple(_dataset(row) for row in rows)

    def is_demo(self, version: str) -> bool | None:
        """Whether this is a version of the demo; None where it is not here."""
        with self.engine().connect() as connection:
            key = connection.execute(dataset_of(version)).scalar()
        return None if key is None else bool(key == DEMO)

    def joined_to(self, version: str) -> tuple[str, ...]:
        """The names of the other data sets of which a version has a table of this data set joined to it."""
        key = dataset_of(version).scalar_subquery()
        own = sa.select(_VERSIONS.c.content).where(_VERSIONS.c.dataset == key)
        joined = sa.select(_VERSIONS.c.dataset).where(_VERSIONS.c.people.in_(own), _VERSIONS.c.dataset != key)
        names = sa.select(DATASETS.c.name).where(DATASETS.c.key.in_(joined)).order_by(DATASETS.c.added)
        with self.engine().connect() as connection:
            return tuple(connection.execute(names).scalars())

    def put(self, dataset: Dataset, *, of: str | None = None) -> Dataset:
        """Keep a version as the current one of a data set: the one that version `of` is of, or a new one.

        A version that is here already stays as it is.

        Raises
        ------
        UserError
            When `of` is not here any more, or the version is one of another data set than `of`.
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
        key = dataset_of(version).scalar_subquery()
        with self.engine().begin() as connection:
            connection.execute(sa.update(DATASETS).where(DATASETS.c.key == key).values(name=name))

    def versions(self, version: str) -> tuple[Dataset, ...]:
        """Every version of the data set that this one is of, the latest first."""
        key = dataset_of(version).scalar_subquery()
        every = _joined().where(_VERSIONS.c.dataset == key).order_by(_VERSIONS.c.added.desc())
        with self.engine().connect() as connection:
            return tuple(_dataset(row) for row in connection.execute(every).all())

    def ids(self) -> frozenset[str]:
        """The id of every version of every data set."""
        with self.engine().connect() as connection:
            return frozenset(connection.execute(sa.select(_VERSIONS.c.id)).scalars())

    def settings(self, version: str) -> dict[str, str]:
        """How the data set of this version, in all its versions, is shown."""
        found = sa.select(DATASETS.c.settings).where(DATASETS.c.key == dataset_of(version).scalar_subquery())
        with self.engine().connect() as connection:
            text = connection.execute(found).scalar()
        return json.loads(text) if text else {}

    def set_settings(self, version: str, settings: Mapping[str, str]) -> None:
        """Keep how the data set of this version, in all its versions, is shown."""
        key = dataset_of(version).scalar_subquery()
        with self.engine().begin() as connection:
            values = {"settings": json.dumps(dict(settings), ensure_ascii=False)}
            connection.execute(sa.update(DATASETS).where(DATASETS.c.key == key).values(values))

    def named(self) -> frozenset[str]:
        """The hash of every table and of every kept file that a version names."""
        with self.engine().connect() as connection:
            rows = connection.execute(_FILES).all()
        return frozenset(_contents(rows) | _originals(rows))

    def delete(self, version: str, doubt: Callable[[Sequence[str]], None]) -> Gone:
        """Take the data set of this version out, with all its versions.

        `doubt` is told which hashes nothing will name any more, before that is so.
        """
        with self.engine().begin() as connection:
            key = connection.execute(dataset_of(version)).scalar()
            rows = connection.execute(_FILES.where(_VERSIONS.c.dataset == key)).all()
            connection.execute(sa.delete(_VERSIONS).where(_VERSIONS.c.dataset == key))
            connection.execute(sa.delete(DATASETS).where(DATASETS.c.key == key))
            _forget(connection, key)
            kept = connection.execute(_FILES).all()
            gone = Gone(
                ids=tuple(row.id for row in rows),
                contents=tuple(sorted(_contents(rows) - _contents(kept))),
                originals=tuple(sorted(_originals(rows) - _originals(kept))),
            )
            doubt(gone.contents + gone.originals)
        self._overwrite()
        return gone

    def _overwrite(self) -> None:
        """Have SQLite overwrite what was deleted now: its log would keep the old pages for a while."""
        engine = self.engine()
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.execute(sa.text("pragma wal_checkpoint(truncate)"))

    def _put(self, dataset: Dataset, of: str | None) -> None:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
        with self.engine().begin() as connection:
            known = connection.execute(dataset_of(dataset.id)).scalar()
            key = _key_for(connection, known, of) if of else known or dataset.id
            if not known:
                stored = replace(dataset, added=now)
                connection.execute(sa.insert(_VERSIONS).values(_version_row(stored, key)))
            if of:
                connection.execute(
                    sa.update(DATASETS).where(DATASETS.c.key == key).values(current=dataset.id)
                )
            elif not known:
                values = {"key": key, "name": dataset.name, "current": dataset.id, "added": now}
                connection.execute(sa.insert(DATASETS).values(values))

    def engine(self) -> sa.Engine:
        """The opened database, one per process."""
        with self._lock:
            if self._opened is None or self._opened[0] != os.getpid():
                if self._opened:  # forked: the connections are the parent's, leave them open for it
                    self._opened[1].dispose(close=False)
                self._opened = (os.getpid(), self._open())
            return self._opened[1]

    def _open(self) -> sa.Engine:
        made(self._home)
        given = os.environ.get("DATABASE_URL")
        url = given or f"sqlite:///{self._home / 'atlas.db'}"
        with _explained("DATABASE_URL" if given else str(self._home / "atlas.db")):
            engine = _engine_of(url)
            _ready(engine)
        return engine


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Say in a sentence why a database can't be opened; its address may hold a password and is not said."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        cause = getattr(error, "orig", None)
        why = f": {str(cause).splitlines()[0][:200]}" if cause and str(cause) else ""
        raise UserError(
            f"The database of data sets ({where}) can't be opened{why}.",
            "Ask whoever runs this app to look at DATA_DIR and DATABASE_URL.",
        ) from error


def _engine_of(url: str) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS} if _is_sqlite(url) else {})
    if _is_sqlite(url):
        sa.event.listen(engine, "connect", _shared)
    sa.event.listen(engine, "handle_error", _damaged)
    return engine


def _ready(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for table in TABLES.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
    for table in TABLES.sorted_tables:
        _upgrade(engine, table)


def _damaged(context: sa.engine.ExceptionContext) -> None:
    """Say in a sentence that the file is no database any more; all other errors go their way."""
    if type(context.sqlalchemy_exception) is sa.exc.DatabaseError:
        raise UserError(
            f"The database of data sets is damaged: {context.original_exception}.",
            "Ask whoever runs this app to put it back from a copy, or to remove it.",
        )


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def _shared(connection: Any, _: object) -> None:
    """Let readers go on while another process writes."""
    connection.execute(f"pragma busy_timeout={_BUSY_SECONDS * 1000}")
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=normal")
    connection.execute("pragma secure_delete=on")  # what was deleted is overwritten, not only unlinked


def _upgrade(engine: sa.Engine, table: sa.Table) -> None:
    """Add the columns that a database of an earlier release lacks; another process may be adding them too."""
    for column in _lacking(engine, table):
        added = CreateColumn(column).compile(dialect=engine.dialect)
        try:
            with engine.begin() as connection:
                connection.execute(sa.text(f"alter table {table.name} add column {added}"))
        except sa.exc.DBAPIError:
            if column in _lacking(engine, table):
                raise


def _lacking(engine: sa.Engine, table: sa.Table) -> list[sa.Column[Any]]:
    there = {column["name"] for column in sa.inspect(engine).get_columns(table.name)}
    return [column for column in table.columns if column.name not in there]


def _joined() -> sa.Select[Any]:
    joined = _VERSIONS.join(DATASETS, _VERSIONS.c.dataset == DATASETS.c.key)
    return sa.select(_VERSIONS.c.meta, DATASETS.c.name).select_from(joined)


def dataset_of(version: str) -> sa.Select[Any]:
    """The key of the data set that a version is of, as SQL."""
    return sa.select(_VERSIONS.c.dataset).where(_VERSIONS.c.id == version)


def _forget(connection: sa.Connection, key: str | None) -> None:
    """Take out what a team kept of a data set; of its views the names stay, to say that it was deleted."""
    for table in (NAMES, ACTIONS):
        connection.execute(sa.delete(table).where(table.c.dataset == key))
    emptied = {"note": "", "path": "/", "query": "", "settled": ""}
    connection.execute(sa.update(VIEWS).where(VIEWS.c.dataset == key).values(emptied))


def _key_for(connection: sa.Connection, known: str | None, of: str) -> str:
    """The data set that the next version of `of` goes to; `known` is the one it is a version of already."""
    own = connection.execute(dataset_of(of)).scalar()
    if own is None:
        raise deleted()
    if known is not None and known != own:
        name = connection.execute(sa.select(DATASETS.c.name).where(DATASETS.c.key == known)).scalar()
        raise UserError(
            f"This content, with these meanings and answers, is here already, as “{name}”.",
            "Open that one, or delete it first.",
        )
    return str(own)


def _version_row(dataset: Dataset, key: str) -> dict[str, Any]:
    return {
        "id": dataset.id,
        "dataset": key,
        "content": dataset.table.content,
        "people": dataset.people.content if dataset.people else None,
        "original": dataset.original or None,
        "meta": written(dataset),
        "added": dataset.added,
    }


_FILES: Final = sa.select(_VERSIONS.c.id, _VERSIONS.c.content, _VERSIONS.c.people, _VERSIONS.c.original)


def _contents(rows: Sequence[Any]) -> set[str]:
    return {content for row in rows for content in (row.content, row.people) if content}


def _originals(rows: Sequence[Any]) -> set[str]:
    return {row.original for row in rows if row.original}


def _dataset(row: sa.Row[Any]) -> Dataset:
    return loaded(row.meta, row.name)
