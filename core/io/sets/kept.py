"""What a team keeps beside its data sets, in the catalog's database; several processes may write at once."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any, Final

import sqlalchemy as sa

from core.errors import UserError
from core.io.sets.called import printable
from core.io.sets.catalog import DATASETS, Catalog, dataset_of
from core.io.sets.kept_rows import LONGEST_NAME, LONGEST_TEXT, MOST_VIEWS, Edit, Given, View
from core.io.sets.kept_tables import ACTIONS, NAMES, VIEWS
from core.io.sets.shelf import deleted

Origin = tuple[str, int]
"""Where a segment began: the query of its study, and its number there."""

_GIVEN: Final = ("name", "colour", "note", "author", "changed")
_SEEN: Final = ("key", "name", "current", "kept", "view")
"""What the list of data sets shows; `kept` is a mark of the last change."""


class Kept:
    """Names, colours and notes of segments, suggested actions and saved views of every data set.

    What is written last holds; each method that writes returns what stood there before.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    # Segments

    def given(self, origins: Collection[Origin]) -> dict[Origin, Given]:
        """What was given to these segments; nothing for one to which nothing was."""
        marks = {_mark(query): query for query, _ in origins}
        found = sa.select(NAMES).where(NAMES.c.origin.in_(marks))
        with self._catalog.engine().connect() as connection:
            rows = connection.execute(found).mappings().all()
        read = {(marks[r["origin"]], r["number"]): _given(r) for r in rows}
        return {origin: read[origin] for origin in origins if origin in read}

    def give(self, ds: str, origin: Origin, given: Given) -> Given | None:
        """Give a segment of a version's data set a name, a colour and a note, instead of those it has.

        Raises
        ------
        UserError
            When the data set is not here.
        """
        query, number = origin
        where = (NAMES.c.origin == _mark(query), NAMES.c.number == number)
        values = asdict(replace(given, name=tidy(given.name), note=text(given.note), changed=_now()))
        values["author"] = tidy(given.author)
        with self._catalog.engine().begin() as connection:
            key = _touched(connection, ds)
            before = connection.execute(sa.select(NAMES).where(*where)).mappings().first()
            if not connection.execute(sa.update(NAMES).where(*where).values(values)).rowcount:
                own = {"origin": _mark(query), "number": number, "dataset": key, "query": query}
                connection.execute(sa.insert(NAMES).values(own | values))
        return _given(before) if before else None

    # Suggested actions

    def actions(self, ds: str) -> dict[str, tuple[Edit, ...]]:
        """Every text that was given to a kind of segment in the data set of a version, the latest first."""
        own = sa.select(ACTIONS).where(ACTIONS.c.dataset == dataset_of(ds).scalar_subquery())
        with self._catalog.engine().connect() as connection:
            rows = connection.execute(own.order_by(ACTIONS.c.id.desc())).all()
        found: dict[str, tuple[Edit, ...]] = {}
        for row in rows:
            edit = Edit(text=row.text, author=row.author, changed=row.changed)
            found[row.kind] = (*found.get(row.kind, ()), edit)
        return found

    def act(self, ds: str, kind: str, said: str, author: str) -> Edit | None:
        """Suggest something else for a kind of segment; an empty text takes the default again."""
        values = {"kind": kind, "text": text(said), "author": tidy(author), "changed": _now()}
        with self._catalog.engine().begin() as connection:
            key = _touched(connection, ds)
            own = sa.select(ACTIONS).where(ACTIONS.c.dataset == key, ACTIONS.c.kind == kind)
            before = connection.execute(own.order_by(ACTIONS.c.id.desc()).limit(1)).first()
            connection.execute(sa.insert(ACTIONS).values(values | {"dataset": key}))
        return Edit(text=before.text, author=before.author, changed=before.changed) if before else None

    # Saved views

    def views(self, ds: str) -> tuple[View, ...]:
        """The saved views of the data set of a version: the current one, then the latest first."""
        return self._views(VIEWS.c.dataset == dataset_of(ds).scalar_subquery())

    def orphans(self) -> tuple[View, ...]:
        """The saved views of data sets that were deleted."""
        return self._views(VIEWS.c.settled == "")

    def view(self, ident: str) -> View:
        """A saved view.

        Raises
        ------
        UserError
            When it is not here any more.
        """
        found = self._views(VIEWS.c.id == ident)
        if not found:
            raise UserError("This view was deleted meanwhile.", "Choose another one from the list.")
        return found[0]

    def save(self, view: View) -> View:
        """Save a view of the data set of its version, under an id of its own."""
        named = replace(_tidied(view), id=uuid.uuid4().hex[:12], changed=_now())
        values = {k: v for k, v in asdict(named).items() if k != "current"}
        with self._catalog.engine().begin() as connection:
            key = _touched(connection, view.version)
            own = sa.select(sa.func.count()).select_from(VIEWS).where(VIEWS.c.dataset == key)
            if (connection.execute(own).scalar() or 0) >= MOST_VIEWS:
                raise UserError(f"At most {MOST_VIEWS} views are saved.", "Delete one that nobody needs.")
            connection.execute(sa.insert(VIEWS).values(values | {"dataset": key}))
        return named

    def reword(self, ident: str, name: str, owner: str, note: str) -> View:
        """Give a saved view another name, owner and note; what it was before is returned."""
        found = self.view(ident)
        with self._catalog.engine().begin() as connection:
            _touched(connection, found.version)
            before = self.view(ident)  # nobody else writes now
            after = _tidied(replace(before, name=name, owner=owner, note=note))
            values = {"name": after.name, "owner": after.owner, "note": after.note, "changed": _now()}
            connection.execute(sa.update(VIEWS).where(VIEWS.c.id == ident).values(values))
        return before

    def mark(self, ident: str, current: bool) -> View:
        """Make a saved view its data set's current one, or no longer."""
        found = self.view(ident)
        with self._catalog.engine().begin() as connection:
            key = _touched(connection, found.version)
            chosen = sa.update(DATASETS).where(DATASETS.c.key == key)
            if current:
                connection.execute(chosen.values(view=ident))
            else:
                connection.execute(chosen.where(DATASETS.c.view == ident).values(view=None))
        return found

    def drop(self, ident: str) -> None:
        """Delete a saved view."""
        found = self.view(ident)
        with self._catalog.engine().begin() as connection:
            with suppress(UserError):  # the data set may be gone already
                _touched(connection, found.version)
            connection.execute(sa.update(DATASETS).where(DATASETS.c.view == ident).values(view=None))
            connection.execute(sa.delete(VIEWS).where(VIEWS.c.id == ident))

    # For caches

    def stamp(self) -> str:
        """A text that changes with everything that is kept, and with the list of data sets."""
        seen = sa.select(*(DATASETS.c[name] for name in _SEEN)).order_by(DATASETS.c.key)
        with self._catalog.engine().connect() as connection:
            rows = connection.execute(seen).all()
            views = connection.execute(sa.select(sa.func.count()).select_from(VIEWS)).scalar()
        return hashlib.sha256(repr((views, [tuple(row) for row in rows])).encode()).hexdigest()[:16]

    def _views(self, *which: sa.ColumnElement[bool]) -> tuple[View, ...]:
        joined = VIEWS.outerjoin(DATASETS, VIEWS.c.dataset == DATASETS.c.key)
        current = sa.func.coalesce(DATASETS.c.view == VIEWS.c.id, sa.false()).label("current")
        found = sa.select(VIEWS, current).select_from(joined).where(*which)
        with self._catalog.engine().connect() as connection:
            rows = connection.execute(
                found.order_by(sa.desc("current"), VIEWS.c.changed.desc(), VIEWS.c.id)
            ).mappings()
            return tuple(_view(row) for row in rows)


def tidy(words: str) -> str:
    """A name in one line, printable and not too long; empty where nothing is left."""
    return printable(" ".join(words.split()))[:LONGEST_NAME].strip()


def text(words: str) -> str:
    """A text of several lines, printable and not too long."""
    lines = (printable(" ".join(line.split())) for line in words.splitlines())
    return "\n".join(lines)[:LONGEST_TEXT].strip()


def _tidied(view: View) -> View:
    return replace(view, name=tidy(view.name), owner=tidy(view.owner), note=text(view.note))


def _given(row: Mapping[Any, Any]) -> Given:
    return Given(**{name: row[name] for name in _GIVEN})


def _view(row: Mapping[Any, Any]) -> View:
    values = {k: v for k, v in row.items() if k not in ("dataset", "current")}
    return View(**values, current=bool(row["current"]))


def _touched(connection: sa.Connection, ds: str) -> str:
    """The key of the data set of a version, marked as changed."""
    key = connection.execute(dataset_of(ds)).scalar()
    if key is None:
        raise deleted()
    connection.execute(sa.update(DATASETS).where(DATASETS.c.key == key).values(kept=uuid.uuid4().hex))
    return str(key)


def _mark(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
