"""What a version consists of is put in its places together: tables, the file it came from, the catalog."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.child import Progress
from core.io.dataset import Dataset
from core.io.meaning.questions import check_answers
from core.io.sets.catalog import Catalog
from core.io.sets.decided import merged
from core.io.sets.shelf import Shelf, deleted

if TYPE_CHECKING:  # the web process names versions without loading what makes them
    from core.io.reading import ReadAs
    from core.io.sets.arrival import Arrival


class Keeper:
    """Keeps versions whole: what a catalog names is on the shelf, and what it names no more is not.

    Parameters
    ----------
    catalog : Catalog
    shelf : Shelf
    """

    def __init__(self, catalog: Catalog, shelf: Shelf) -> None:
        self._catalog = catalog
        self._shelf = shelf

    def keep(
        self,
        arrival: "Arrival",
        tell: Progress,
        *,
        path: Path | None = None,
        of: Dataset | None = None,
    ) -> Dataset:
        """Store table, file and version; where that fails nothing is left behind.

        Parameters
        ----------
        arrival : Arrival
            Its data set has its id.
        tell : callable
        path : Path, optional
            The file that it was read from, to be kept.
        of : Dataset, optional
            The version that it follows.
        """
        tell("Storing the table", 0.7)
        content, original = arrival.dataset.table.content, ""
        try:
            with self._shelf.putting():
                self._shelf.save(content, arrival.table, arrival.aside)
                original = self._shelf.keep(path) if path else arrival.dataset.original
                whole = replace(arrival.dataset, original=original)
                stored = self._catalog.put(whole, of=of.id if of else None)
                self._shelf.settle({content, original} - {""} if stored.original == original else {content})
        except BaseException:
            self._drop_unnamed({content}, {original} - {""})
            raise
        if original and stored.original != original:  # the same values have come from another file before
            self._drop_unnamed(set(), {original})
        tell("Ready", 1.0)
        return stored

    def put(self, dataset: Dataset, *, of: Dataset) -> Dataset:
        """A version of the tables that are here; the old one where nothing differs.

        Raises
        ------
        UserError
            When one of them was deleted meanwhile, or `of`.
        """
        with self._shelf.putting():
            if not all(self._shelf.has(ref.content) for ref in (dataset.table, dataset.people) if ref):
                raise deleted()
            return self._catalog.put(dataset, of=of.id) if dataset.id != of.id else of

    def taken(self, dataset: Dataset) -> "Arrival":
        """A version with its rows, as when it had just arrived."""
        from core.io.sets.arrival import Arrival

        content = dataset.table.content
        return Arrival(dataset=dataset, table=self._shelf.load(content), aside=self._shelf.aside(content))

    def renew(
        self,
        before: Dataset,
        path: Path,
        filename: str,
        read_as: "ReadAs | None",
        tell: Progress,
        *,
        same_file: bool = False,
    ) -> Dataset:
        """The next version of a data set from a newer file, or from the same one (`same_file`).

        Raises
        ------
        UserError
            When the file can't be read, or a newer one has another shape.
        """
        from core.io.sets import newer
        from core.io.sets.arrival import read_file

        read = read_file(path, read_as or merged(before, {}), tell, name=before.name, filename=filename)
        arrival = answered(read, newer.fitting_answers(before, read.dataset))
        dataset = newer.carried(before, arrival)
        if not same_file:
            newer.check_shape(before, dataset)
            newer.check_same_currency(before, read.dataset)
        return self.keep(replace(arrival, dataset=dataset), tell, path=path, of=before)

    def delete(self, ds: str) -> tuple[str, ...]:
        """Remove every version of a data set and what only they needed; the ids of the versions."""
        with self._shelf.alone():
            gone = self._catalog.delete(ds, self._shelf.doubt)
            self._shelf.remove(gone.contents, gone.originals)
        return gone.ids

    def _drop_unnamed(self, contents: set[str], originals: set[str]) -> None:
        with self._shelf.alone():
            named = self._catalog.named()
            self._shelf.remove(contents - named, originals - named)


def answered(arrival: "Arrival", answers: Mapping[str, str]) -> "Arrival":
    """The arrival with its dates turned where the answer to `dayfirst` is another than so far."""
    from core.io.sets.arrival import turned

    stale = stale_dates(arrival.dataset, answers)
    return turned(arrival, stale) if stale else arrival


def stale_dates(dataset: Dataset, answers: Mapping[str, str]) -> list[str]:
    """Slugs of the date columns that the answer to `dayfirst` says were read the wrong way.

    Raises
    ------
    UserError
        When `dayfirst` is not asked, or the answer is none.
    """
    answer = answers.get("dayfirst")
    check_answers(dataset, {"dayfirst": answer} if answer else {})
    return [
        c.slug
        for c in dataset.columns
        if answer and c.dayfirst is not None and c.dayfirst != (answer == "yes")
    ]
