"""The store: data sets by id, tables as Parquet under the hash of their content, the rest in a database."""

import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import UserError
from core.io.catalog import LONGEST_NAME, Catalog
from core.io.dataset import Dataset, TableRef
from core.io.versions import check_answers, guessed, settled

if TYPE_CHECKING:  # the web process reads names and roles without loading what reads files
    import pyarrow as pa

    from core.io.engine import Engine
    from core.io.reading import Reading

Progress = Callable[[str, float], None]

DEMO: Final = "demo-1"
DEMO_NAME: Final = "Demo shop"

_ROOT: Final = Path(__file__).resolve().parents[2]
_ID: Final = re.compile(r"(?:[0-9a-f]{12}|demo-[0-9]{1,3})\Z")
_DEMO_ROLES: Final = {
    "order_id": "order",
    "order_date": "date",
    "customer_id": "id",
    "product": "product",
    "category": "category",
    "country": "country",
    "quantity": "quantity",
    "unit_price": "unit_price",
    "discount": "discount",
}
_DEMO_PEOPLE_ROLES: Final = {
    "customer_id": "id",
    "age": "age",
    "gender": "gender",
    "city": "category",
    "income_band": "band",
}
_DEMO_ANSWERS: Final = (("discount", "before"),)


class Store:
    """Everything that is kept: tables, and what is known of the data sets.

    Nothing is opened before the first use, and nothing that was opened is used after a fork.

    Parameters
    ----------
    home : Path, optional
        Folder of the store; where it is not given `DATA_DIR`, or `var` in the project.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = Path(home or os.environ.get("DATA_DIR") or _ROOT / "var").resolve()
        self._catalog = Catalog(self.home)
        self._lock = threading.Lock()
        self._engine: tuple[int, Engine] | None = None

    @property
    def data(self) -> Path:
        """Folder of the stored tables: `<content>/table.parquet` each."""
        return self.home / "data"

    @property
    def engine(self) -> "Engine":
        """The engine over the stored tables, one per process."""
        from core.io.engine import Engine

        with self._lock:
            if self._engine is None or self._engine[0] != os.getpid():
                self._engine = (os.getpid(), Engine(self.data))
            return self._engine[1]

    def add(
        self,
        path: Path,
        *,
        name: str | None = None,
        filename: str | None = None,
        roles: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Dataset:
        """Read a file in this process and store it; the same file with the same roles is the same data set.

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
        progress : callable, optional
            Called with (stage in plain words, share 0..1).

        Raises
        ------
        UserError
            When the file can't be read, or a role or an answer does not fit.
        """
        from core.io.readers import read

        tell = progress or _silent
        tell("Reading the file", 0.05)
        reading = read(path)
        tell("Working out what the columns mean", 0.5)
        filename = filename or path.name
        found = replace(
            self._described(reading), name=_clean_name(name or Path(filename).stem), filename=filename
        )
        dataset = self._turned(guessed(found), answers or {}, lambda: reading.table)
        dataset = settled(dataset, roles or {}, answers or {})
        tell("Storing the table", 0.7)
        if dataset.table.content == found.table.content:  # else the turned table is stored already
            self._save(reading.table, found.table.content)
        stored = self._catalog.put(dataset)
        tell("Ready", 1.0)
        return self.rename(stored.id, name) if name else stored

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
        return tuple(sorted(self._catalog.current(), key=lambda dataset: dataset.id != DEMO))

    def change(
        self, ds: str, *, roles: Mapping[str, str] | None = None, answers: Mapping[str, str] | None = None
    ) -> Dataset:
        """A new version with other roles or answers; the old one stays under its own id.

        Nothing is parsed again. Only another answer to `dayfirst` makes a new table: its dates are turned.

        Raises
        ------
        UserError
            When there is no such data set, or a role or an answer does not fit.
        """
        before = self.get(ds)
        turned = self._turned(before, answers or {}, lambda: self._load(before.table))
        new = settled(turned, roles or {}, answers or {})
        return self._catalog.put(new, of=before.id) if new.id != before.id else before

    def rename(self, ds: str, name: str) -> Dataset:
        """Give the data set, in all its versions, another name."""
        self.get(ds)
        self._catalog.rename(ds, _clean_name(name))
        return self.get(ds)

    def ensure_demo(self, progress: Progress | None = None) -> Dataset:
        """The demo data set, generated where it is not there yet."""
        found = self._catalog.get(DEMO)
        if found and all(self._path(t.content).exists() for t in (found.table, found.people) if t):
            return found
        from core.demo import generate

        tell = progress or _silent
        tell("Making the demo shop", 0.1)
        demo = generate()
        tell("Storing the demo shop", 0.7)
        lines, people = (
            self._demo_table(demo.lines, _DEMO_ROLES),
            self._demo_table(demo.people, _DEMO_PEOPLE_ROLES),
        )
        dataset = settled(replace(lines, people=people.table, name=DEMO_NAME), {}, dict(_DEMO_ANSWERS))
        return self._catalog.put(replace(dataset, id=DEMO, currency="€", decisions=(), warnings=()))

    def _demo_table(self, table: "pa.Table", roles: Mapping[str, str]) -> Dataset:
        from core.io.readers.parquet import raw
        from core.io.values import settle

        reading = settle(raw(table))
        dataset = settled(guessed(self._described(reading)), roles, {})
        self._save(reading.table, dataset.table.content)
        columns = tuple(replace(c, reason="known from the demo") for c in dataset.columns)
        return replace(dataset, table=replace(dataset.table, columns=columns))

    def _described(self, reading: "Reading") -> Dataset:
        from core.io import content

        return Dataset(
            id="",
            name="",
            kind="customers",
            table=TableRef(
                content=content.digest(reading), rows=len(reading.table), columns=content.described(reading)
            ),
            decisions=reading.decisions,
            warnings=reading.warnings,
            currency=reading.currency,
        )

    def _turned(
        self, dataset: Dataset, answers: Mapping[str, str], load: "Callable[[], pa.Table]"
    ) -> Dataset:
        """The data set with day and month exchanged where the answer to `dayfirst` is another than so far."""
        answer = answers.get("dayfirst")
        check_answers(dataset, {"dayfirst": answer} if answer else {})
        stale = [
            c
            for c in dataset.columns
            if answer and c.dayfirst is not None and c.dayfirst != (answer == "yes")
        ]
        if not stale:
            return dataset
        from core.io import content

        reading = content.turned(load(), dataset.columns, [c.slug for c in stale])
        new = content.digest(reading)
        self._save(reading.table, new)
        described = zip(dataset.columns, content.described(reading), strict=True)
        columns = tuple(replace(n, role=c.role, reason=c.reason, levels=c.levels) for c, n in described)
        return replace(dataset, table=replace(dataset.table, content=new, columns=columns))

    def _save(self, table: "pa.Table", content_hash: str) -> None:
        from core.io import content

        content.save(table, self._path(content_hash))

    def _load(self, table: TableRef) -> "pa.Table":
        from core.io import content

        return content.load(self._path(table.content))

    def _path(self, content_hash: str) -> Path:
        return self.data / content_hash / "table.parquet"


def _silent(stage: str, share: float) -> None:
    """Tell nobody."""


def _clean_name(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME] or "Data set"
