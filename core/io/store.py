"""The store: data sets by id, tables as Parquet under the hash of their content, the rest in a database."""

import os
import re
import shutil
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.child import Progress
from core.errors import UserError
from core.io.dataset import Dataset
from core.io.sets.called import tidy
from core.io.sets.catalog import Catalog
from core.io.sets.decided import merged, said_while_reading
from core.io.sets.joined import check_join
from core.io.sets.keeper import Keeper, answered, stale_dates
from core.io.sets.kept import Kept
from core.io.sets.shelf import Shelf
from core.io.sets.versions import settled
from core.io.settings import Display
from core.spec import DEMO

if TYPE_CHECKING:  # the web process reads names and roles without loading what reads files
    import pyarrow as pa

    from core.io.engine import Engine
    from core.io.reading import ReadAs

_ROOT: Final = Path(__file__).resolve().parents[2]
_UNNAMED: Final = "Data set"
_ID: Final = re.compile(r"(?:[0-9a-f]{12}|demo-[0-9]{1,3})\Z")


class NeedsRows(Exception):
    """A change that can't be made without reading the table, which a web process does not do."""


class Store:
    """Everything that is kept: tables, and what is known of the data sets.

    Nothing is opened before the first use, and nothing that was opened is used after a fork.

    Attributes
    ----------
    kept : Kept
        What a team keeps beside its data sets.

    Parameters
    ----------
    home : Path, optional
        Folder of the store; where it is not given `DATA_DIR`, or `var` in the project.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = Path(home or os.environ.get("DATA_DIR") or _ROOT / "var").resolve()
        self._catalog = Catalog(self.home)
        self.kept = Kept(self._catalog)
        self._shelf = Shelf(self.home)
        self._keeper = Keeper(self._catalog, self._shelf)
        self._lock = threading.Lock()
        self._engine: tuple[int, Engine] | None = None

    @property
    def data(self) -> Path:
        """Folder of the stored tables: `<content>/table.parquet` each."""
        return self._shelf.data

    @property
    def engine(self) -> "Engine":
        """The engine over the stored tables, one per process."""
        from core.io.engine import Engine

        with self._lock:
            if self._engine is None or self._engine[0] != os.getpid():
                self._engine = (os.getpid(), Engine(self.data))
            return self._engine[1]

    # What is here

    def get(self, ds: str) -> Dataset:
        """The data set (version) with this id.

        Raises
        ------
        UserError
            When there is none.
        """
        found = self._catalog.get(ds) if _ID.match(ds) else None
        if found is None:
            raise UserError(
                f"There is no data set {ds[:20]} here.", "Choose one from the list, or upload the file."
            )
        return found

    def list(self) -> tuple[Dataset, ...]:
        """The current version of every data set: the demo, then the latest first."""
        return self._catalog.current()

    def versions(self, ds: str) -> tuple[Dataset, ...]:
        """Every version of the data set that `ds` is a version of, the latest first."""
        self.get(ds)
        return self._catalog.versions(ds)

    def is_demo(self, ds: str) -> bool:
        """Whether `ds` is a version of the demo, which stays as it is but for roles, answers and settings."""
        found = self._catalog.is_demo(ds)
        return self.get(ds).id == DEMO if found is None else found  # get says that there is none

    def joined_to(self, ds: str) -> tuple[str, ...]:
        """The names of the other data sets to which a table of this one is joined; there it stays."""
        self.get(ds)
        return self._catalog.joined_to(ds)

    def ids(self) -> frozenset[str]:
        """The id of every version of every data set."""
        return self._catalog.ids()

    # From a file

    def add(
        self,
        path: Path,
        *,
        name: str | None = None,
        filename: str | None = None,
        roles: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        read_as: "ReadAs | None" = None,
        progress: Progress | None = None,
    ) -> Dataset:
        """Read a file in this process and store it; the same file with the same roles is the same data set.

        The file itself is kept too, so that it can be read again otherwise.

        Parameters
        ----------
        path : Path
        name : str, optional
            Where it is not given, the file's name, or the one that the data set has already.
        filename : str, optional
            The file's name where it lies under another one (an upload).
        roles : mapping of str to str, optional
            Column (slug or shown name) -> role, instead of the guess.
        answers : mapping of str to str, optional
            Question -> answer, instead of the guess.
        read_as : ReadAs, optional
            What a person decided about the reading of the file.
        progress : callable, optional
            Called with (stage in plain words, share 0..1).

        Raises
        ------
        UserError
            When the file can't be read, or a role or an answer does not fit.
        """
        from core.io.sets.arrival import read_file

        tell, filename = progress or _silent, filename or path.name
        about = {"name": tidy(name or Path(filename).stem) or _UNNAMED, "filename": tidy(filename)}
        read = read_file(path, read_as, tell, **about)
        answers = {**said_while_reading(read.dataset), **(answers or {})}
        arrival = answered(read, answers)
        dataset = settled(arrival.dataset, roles or {}, answers, load=lambda: arrival.table)
        stored = self._keeper.keep(replace(arrival, dataset=dataset), tell, path=path)
        return self.rename(stored.id, name) if name else stored

    def reread(self, ds: str, read_as: "ReadAs", progress: Progress | None = None) -> Dataset:
        """A new version from the same file, read with other decisions; the old one stays under its own id.

        Roles and answers go over to it where they still fit; which of day and month comes first in open dates
        is said by `read_as` alone.

        Raises
        ------
        UserError
            When the file was not kept, or can't be read like this.
        """
        before = self.get(ds)
        if self._shelf.original(before.original) is None:
            raise UserError(
                f"The file that {before.name} came from is not kept here.", "Upload it again to read it anew."
            )
        with self._shelf.lent(before.original) as path:
            return self._keeper.renew(
                before, path, before.filename, read_as, progress or _silent, same_file=True
            )

    def replace(
        self,
        ds: str,
        path: Path,
        *,
        filename: str | None = None,
        read_as: "ReadAs | None" = None,
        progress: Progress | None = None,
    ) -> Dataset:
        """A new version from a newer file of the same shape; the old one stays under its own id.

        Roles, answers and settings go over to it. Columns that are gone, new or of another type are said in
        its warnings. Where `read_as` is not given, the file is read as the old one was chosen to be.

        Raises
        ------
        UserError
            When the file can't be read, or has another shape.
        """
        before = self.get(ds)
        self._refuse_demo(before.id, "replaced")
        return self._keeper.renew(before, path, tidy(filename or path.name), read_as, progress or _silent)

    def append(
        self,
        ds: str,
        path: Path,
        *,
        filename: str | None = None,
        read_as: "ReadAs | None" = None,
        progress: Progress | None = None,
    ) -> Dataset:
        """A new version of a log, with the rows of a newer file of the same columns after its own.

        Raises
        ------
        UserError
            When the file can't be read, has other columns, or holds no row that is not there yet.
        """
        from core.io.sets.appended import append
        from core.io.sets.arrival import read_file

        before, tell = self.get(ds), progress or _silent
        self._refuse_demo(before.id, "extended")
        new = read_file(path, read_as or merged(before, {}), tell, filename=tidy(filename or path.name))
        tell("Adding the rows", 0.6)
        both = append(self._keeper.taken(before), new)
        return self._keeper.keep(both, tell, of=before)

    # Changes

    def change(
        self,
        ds: str,
        *,
        roles: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        time_zone: str | None = None,
        first_weekday: int | None = None,
        light: bool = False,
    ) -> Dataset:
        """A new version with other roles, answers or calendar; the old one stays under its own id.

        Nothing is parsed again. Only another answer to `dayfirst` makes a new table: its dates are turned.

        Parameters
        ----------
        ds : str
        roles, answers : mapping of str to str, optional
            As in `add`.
        time_zone : str, optional
            IANA name of the business's time zone.
        first_weekday : int, optional
            0 for Monday … 6 for Sunday.
        light : bool
            Whether to raise `NeedsRows` rather than to read the table.

        Raises
        ------
        UserError
            When there is no such data set, or something does not fit.
        NeedsRows
        """
        before = self.get(ds)
        kept = (before.time_zone, before.first_weekday)
        if (
            not (roles or answers)
            and (time_zone or kept[0], kept[1] if first_weekday is None else first_weekday) == kept
        ):
            return before

        def load() -> "pa.Table":
            if light:
                raise NeedsRows
            return self._keeper.taken(before).table

        def changed(dataset: Dataset) -> Dataset:
            return settled(
                dataset,
                roles or {},
                answers or {},
                time_zone=time_zone,
                first_weekday=first_weekday,
                load=load,
            )

        if not stale_dates(before, answers or {}):
            return self._keeper.put(changed(before), of=before)
        if light:
            raise NeedsRows
        turned = answered(self._keeper.taken(before), answers or {})
        return self._keeper.keep(replace(turned, dataset=changed(turned.dataset)), _silent, of=before)

    def join(self, ds: str, people: str) -> Dataset:
        """A new version of a log, with a customer table joined to it on the customer's id.

        Raises
        ------
        UserError
            When `ds` is no log, `people` no customer table, or one of them has no customer id.
        """
        log, table = self.get(ds), self.get(people)
        self._refuse_demo(log.id, "joined")
        check_join(log, table)
        return self._keeper.put(settled(replace(log, people=table.table), {}, {}), of=log)

    def unjoin(self, ds: str) -> Dataset:
        """A new version of a log, without the customer table."""
        log = self.get(ds)
        self._refuse_demo(log.id, "taken apart")
        return self._keeper.put(settled(replace(log, people=None), {}, {}), of=log)

    def rename(self, ds: str, name: str) -> Dataset:
        """Give the data set, in all its versions, another name."""
        self.get(ds)
        if not tidy(name):
            raise UserError("A data set needs a name.", "Type one, then rename it.")
        self._catalog.rename(ds, tidy(name))
        return self.get(ds)

    def display(self, ds: str) -> Display:
        """How the data set, in all its versions, is shown."""
        self.get(ds)
        return Display.parse(self._catalog.settings(ds))

    def check_display(self, ds: str, values: Mapping[str, str | None]) -> Display:
        """How the data set would be shown with other settings, as in `set_display`."""
        kept = {k: v for k, v in self.display(ds).written().items() if k not in values}
        return Display.parse(kept | {k: v for k, v in values.items() if v is not None})

    def set_display(self, ds: str, values: Mapping[str, str | None]) -> Display:
        """Show the data set, in all its versions, otherwise.

        Parameters
        ----------
        ds : str
        values : mapping of str to str or None
            Field of `Display` -> its value, None for the default; what is not named stays.

        Raises
        ------
        UserError
            When there is no such data set, or no such setting or value.
        """
        new = self.check_display(ds, values)
        self._catalog.set_settings(ds, new.written())
        return new

    def delete(self, ds: str) -> tuple[str, ...]:
        """Remove the data set with all its versions, and every table and file that no other one needs.

        Returns
        -------
        tuple of str
            The ids of its versions, by which what was computed from it is known.

        Raises
        ------
        UserError
            When there is no such data set, or it is the demo.
        """
        self._refuse_demo(ds, "deleted")
        gone = self._keeper.delete(ds)
        shutil.rmtree(self.home / "sql", ignore_errors=True)  # names tables and columns; it is made anew
        return gone

    def _refuse_demo(self, ds: str, what: str) -> None:
        if self.is_demo(ds):
            raise UserError(f"The demo can't be {what}.", "Choose a data set of your own, or upload a file.")

    def sweep(self) -> None:
        """Remove what processes that died have left behind."""
        self._shelf.sweep(self._catalog.named)

    def ensure_demo(self, progress: Progress | None = None) -> Dataset:
        """The demo data set, generated where it is not there yet."""
        found = self._catalog.get(DEMO)
        if found and all(self._shelf.has(t.content) for t in (found.table, found.people) if t):
            return found
        from core.io.sets.demo_shop import made

        dataset, tables = made(DEMO, progress or _silent)
        with self._shelf.putting():
            for arrival in tables:
                self._shelf.save(arrival.dataset.table.content, arrival.table)
            stored = self._catalog.put(dataset)
            self._shelf.settle(arrival.dataset.table.content for arrival in tables)
            return stored


def _silent(stage: str, share: float) -> None:
    """Tell nobody."""
