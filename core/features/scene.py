"""All that the queries over a log's lines depend on, apart from the lines themselves."""

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from core.features import blocks as bl
from core.features import weeks as wk
from core.features.fates import key_of_log, prepared, register, with_fates
from core.features.lines import lines_schema
from core.features.matches import returned_schema
from core.features.measures import window_start
from core.features.recipe import with_gaps
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.query.work import Work
from core.spec import Clean, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Choices and the shape of the lines; two logs of the same scene are asked the same questions.

    Attributes
    ----------
    shape : tuple of (name, type)
        Columns of the view `lines`.
    window, returns : str
    first_weekday : int
        0 is Monday.
    varied : bool
        Whether the log has products or categories.
    mixed : bool
        Whether a category may have to stand in for a product.
    discounts, placed, timed : bool
        Whether the log has discounts, countries, and times of day that are asked for.
    first : date
        The first order day.
    """

    shape: tuple[tuple[str, str], ...]
    as_of: dt.date
    first: dt.date
    window: str
    returns: str
    first_weekday: int
    varied: bool
    mixed: bool
    discounts: bool
    placed: bool
    timed: bool
    categories: tuple[tuple[str, str], ...] = ()

    @property
    def start(self) -> dt.date:
        """The first day of the period."""
        return window_start(self.as_of, self.window)

    @property
    def lines(self) -> ir.Table:
        """The view `lines`: `standard_lines` with `fate` and `lived`."""
        return ibis.table(self._schema, name="lines")

    @property
    def blocks(self) -> ir.Table:
        """The table `blocks`: `core.features.blocks.blocks` of the lines."""
        return ibis.table(bl.blocks_schema(self._schema), name="blocks")

    @property
    def returned(self) -> ir.Table:
        """The table `returned`: `core.features.matches.returned` of the lines."""
        return ibis.table(returned_schema(self._schema), name="returned")

    @property
    def fated(self) -> ir.Table:
        """The table `fated`: `core.features.counts.fated` of the blocks."""
        return ibis.table({"customer": self._schema["customer"], "fate": "string"}, name="fated")

    @property
    def lived(self) -> ir.Table:
        """The blocks that customers' lives are made of."""
        return self.blocks.filter(self.blocks.fate.isin(bl.LIVED))

    @property
    def orders(self) -> ir.Table:
        """The table `orders`: `core.features.blocks.orders`."""
        return ibis.table(bl.orders_schema(self._schema), name="orders")

    @property
    def weeks(self) -> ir.Table:
        """The table `weeks`: `core.features.weeks.weeks` of all customers."""
        return ibis.table(wk.weeks_schema(self._schema), name="weeks")

    @property
    def _schema(self) -> ibis.Schema:
        return ibis.schema(dict(self.shape))


def scene_of(
    dataset: Dataset,
    source: Source,
    clean: Clean,
    *,
    as_of: dt.date,
    first: dt.date,
    categories: tuple[tuple[str, str], ...] = (),
) -> Scene:
    """The scene of a log under a study's source and recipe."""
    dataset = with_gaps(dataset, clean)
    ref = dataset.table
    product, date = ref.one("product"), ref.one("date")
    shape = [*((name, str(kind)) for name, kind in lines_schema(dataset).items())]
    shape += [("fate", "string"), ("lived", "boolean")]
    return Scene(
        shape=tuple(shape),
        as_of=as_of,
        first=first,
        window=source.window,
        returns=clean.returns,
        first_weekday=dataset.first_weekday,
        varied=product is not None or ref.one("category") is not None,
        mixed=ref.one("category") is not None and (product is None or product.missing > 0),
        discounts=bool(ref.by_role("discount")),
        placed=ref.one("country") is not None,
        timed=date is not None and date.type == "datetime" and "habits" in source.extras,
        categories=categories,
    )


def open_lines(engine: Engine, work: Work, dataset: Dataset, clean: Clean, scene: Scene) -> str:
    """Make the view `lines` in a piece of work, every line with its fate; its SQL."""
    register(engine, dataset)
    key = ("lines", *key_of_log(dataset, clean), scene.as_of, scene.window)
    sql = engine.compiled(
        key, lambda: with_fates(prepared(engine, dataset, clean), dataset, clean, scene.as_of, scene.window)
    )
    work.view("lines", sql)
    return sql
