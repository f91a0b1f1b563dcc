"""All that the queries over a log's lines depend on, apart from the lines themselves."""

import datetime as dt
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from core.features import blocks as bl
from core.features import fates
from core.features import weeks as wk
from core.features.fates import CODES, LIVED, USED, key_of_log, prepared, register
from core.features.lines import lines_schema
from core.features.matches import returned_schema
from core.features.recipe import with_gaps
from core.features.snapshot import Snapshot, window_start
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
    as_of : date
        The snapshot day; the last of all days until it is known.
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
        The first order day, once it is known.
    """

    shape: tuple[tuple[str, str], ...]
    window: str
    returns: str
    first_weekday: int
    varied: bool
    mixed: bool
    discounts: bool
    placed: bool
    timed: bool
    categories: tuple[tuple[str, str], ...] = ()
    as_of: dt.date = dt.date.max
    first: dt.date = dt.date.max

    def seen(self, snapshot: Snapshot) -> "Scene":
        """The scene on its snapshot day."""
        return replace(self, as_of=snapshot.as_of, first=snapshot.first)

    @property
    def start(self) -> dt.date:
        """The first day of the period."""
        return window_start(self.as_of, self.window)

    @property
    def lines(self) -> ir.Table:
        """The view `lines`: `core.features.fates.coded` lines."""
        return ibis.table(self._schema, name="lines")

    @property
    def lived_lines(self) -> ir.Table:
        """The lines that customers' lives up to the snapshot day are made of."""
        return self.lines.filter(self.lines.lived & (self.lines.day <= self.as_of))

    @property
    def sales_counted(self) -> ir.Table:
        """The sale lines of orders that stand in the period.

        Nearly all orders do: leaving out the lines of the few others is cheaper than finding those of the
        many.
        """
        sales = self.lived_lines.filter(lambda t: t.sold & (t.day >= self.start))
        return sales.anti_join(self.others, ["customer", "order_key"])

    @property
    def blocks(self) -> ir.Table:
        """The table `blocks`: `core.features.blocks.blocks` of the lines, with their dates."""
        return ibis.table(bl.blocks_schema(self._schema), name="blocks")

    @property
    def used(self) -> ir.Table:
        """The blocks that are used."""
        return self.blocks.filter(self.blocks.fate == CODES[USED])

    @property
    def lived(self) -> ir.Table:
        """The blocks that customers' lives are made of."""
        return self.blocks.filter(self.blocks.fate.isin([CODES[word] for word in LIVED]))

    @property
    def returned(self) -> ir.Table:
        """The table `returned`: `core.features.matches.returned` of the lines."""
        return ibis.table(returned_schema(self._schema), name="returned")

    @property
    def suspects(self) -> ir.Table:
        """The table `suspects`: `core.features.pairs.Bought.suspects`."""
        schema = returned_schema(self._schema)
        return ibis.table({name: schema[name] for name in ("customer", "_thing")}, name="suspects")

    @property
    def fated(self) -> ir.Table:
        """The table `fated`: `core.features.counts.fated` of the blocks."""
        return ibis.table({"customer": self._schema["customer"], "fate": "int8"}, name="fated")

    @property
    def orders(self) -> ir.Table:
        """The table `orders`: `core.features.folded.order_table`."""
        return ibis.table(
            self._named("customer", "order_key", "at", "day", stands="boolean", discounted="boolean"),
            name="orders",
        )

    @property
    def counted(self) -> ir.Table:
        """The orders that stand and are in the period."""
        return self.orders.filter(self.orders.stands & (self.orders.day >= self.start))

    @property
    def others(self) -> ir.Table:
        """The table `others`: orders with a sale in the period that do not count there."""
        return ibis.table(self._named("customer", "order_key"), name="others")

    @property
    def weeks(self) -> ir.Table:
        """The table `weeks`: `core.features.weeks.weeks` of all customers."""
        return ibis.table(wk.weeks_schema(self._schema), name="weeks")

    def _named(self, *names: str, **more: str) -> ibis.Schema:
        return ibis.schema({**{name: self._schema[name] for name in names}, **more})

    @property
    def _schema(self) -> ibis.Schema:
        return ibis.schema(dict(self.shape))


def scene_of(
    dataset: Dataset,
    source: Source,
    clean: Clean,
    categories: tuple[tuple[str, str], ...] = (),
) -> Scene:
    """The scene of a log under a study's source and recipe, before its days are known."""
    dataset = with_gaps(dataset, clean)
    ref = dataset.table
    product, date = ref.one("product"), ref.one("date")
    shape = [*((name, str(kind)) for name, kind in lines_schema(dataset).items())]
    shape += [("fate", "int8"), ("lived", "boolean")]
    return Scene(
        shape=tuple(shape),
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


def open_lines(engine: Engine, work: Work, dataset: Dataset, clean: Clean) -> str:
    """Make the view `lines` in a piece of work, every line with its fate; its SQL."""
    register(engine, dataset)
    key = ("lines", *key_of_log(dataset, clean))
    sql = engine.compiled(key, lambda: fates.coded(prepared(engine, dataset, clean), dataset, clean))
    work.view("lines", sql)
    return sql
