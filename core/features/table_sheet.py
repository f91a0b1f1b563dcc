"""The customer sheet of a customer table."""

import datetime as dt

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core import words
from core.errors import UserError
from core.features import labels as lab
from core.features.catalog import LOG_MEASURES, columns_as_measures, synthesised
from core.features.customers import Customers, LedgerRow
from core.features.days import local
from core.features.emptied import emptied
from core.features.labelled import labelled
from core.features.ledger import file_rows
from core.features.lines import MONEY
from core.features.people import value_of
from core.features.recipe import DATED, today
from core.features.recipe_steps import recipe_steps
from core.features.table_rows import table_reasons, with_table_fates
from core.io.dataset import Dataset, TableRef
from core.io.engine import Engine
from core.io.meaning.questions import spend_columns
from core.io.meaning.roles import discount_meaning
from core.spec import Clean, Source

_OWN: tuple[str, ...] = ("_row", "_duplicate", "_fate", "_since")


def table_sheet(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> Customers:
    """The customers of a customer table.

    Raises
    ------
    UserError
        When no row has a customer number.
    """
    ref = dataset.table
    raw = _ordered(engine.run(_chosen(engine, dataset, clean)), ref.one("id") is not None)
    sheet = raw.filter(pc.equal(raw["_fate"], "used"))
    if not sheet.num_rows:
        raise UserError(
            "This table has no row with a customer number.", "Check the columns on the Data page."
        )
    as_of, tenure, notes = _since(sheet, source, today(dataset))
    if tenure is not None:
        sheet = sheet.append_column("tenure", pa.array(tenure, pa.float64(), from_pandas=True))
    own = synthesised(ref)
    made = [m for m in LOG_MEASURES if m.slug in own and m.slug in sheet.column_names]
    plain = columns_as_measures(ref, taken=own)
    table, infos = labelled(
        sheet.drop([c for c in _OWN if c in sheet.column_names]), _evidence(sheet, dataset)
    )
    return Customers(
        kind="customers",
        table=table,
        measures=(*made, *(m for m, _ in plain)),
        labels=infos,
        ledger=_ledger(raw, ref, clean, emptied(engine, dataset, clean)),
        as_of=as_of,
        lines=table.num_rows,
        duplicates=int(pc.sum(raw["_duplicate"]).as_py() or 0),
        currency=dataset.currency,
        notes=(*notes, *_repeated(sheet)),
        steps=recipe_steps(engine, dataset, clean),
    )


def _chosen(engine: Engine, dataset: Dataset, clean: Clean) -> ir.Table:
    """Every stored row with its measures and its fate."""
    ref = dataset.table
    table = with_table_fates(engine, dataset, clean)
    columns = {m.slug: value_of(table, c) for m, c in columns_as_measures(ref, taken=synthesised(ref))}
    since = ref.one("since")
    if since is not None and since.type in DATED:
        columns["_since"] = local(table[since.slug], since, dataset).cast("date")
    return table.select("_row", "_duplicate", "_fate", id=table["_id"], **columns, **_sums(table, dataset))


def _sums(table: ir.Table, dataset: Dataset) -> dict[str, ir.Value]:
    """`monetary` and `orders` as sums of their columns (missing where all are), `recency` as it stands."""
    ref = dataset.table
    found: dict[str, ir.Value] = {}
    for slug, columns in (("monetary", spend_columns(dataset)), ("orders", ref.by_role("frequency"))):
        if columns:
            some = ibis.coalesce(*[table[c.slug].cast("float64") for c in columns])
            kind = MONEY if slug == "monetary" else "float64"
            total = sum(
                (table[c.slug].cast(kind).fill_null(0) for c in columns), start=ibis.literal(0).cast(kind)
            )
            found[slug] = ibis.ifelse(some.isnull(), ibis.null("float64"), total.cast("float64"))
    if "monetary" in found and "orders" in found:
        found["average_order_value"] = found["monetary"] / found["orders"].nullif(0)
    recency = ref.one("recency")
    if recency is not None:
        found["recency"] = table[recency.slug].cast("float64")
    return found


def _ordered(raw: pa.Table, has_id: bool) -> pa.Table:
    """Rows by customer number; without one, by their content, so that the file's order never matters."""
    content = [c for c in raw.column_names if c != "id" and c not in _OWN]
    keys = (["id", *content] if has_id else content) + ["_row"]
    return raw.take(pc.sort_indices(raw, sort_keys=[(k, "ascending") for k in keys]))


def _ledger(raw: pa.Table, ref: TableRef, clean: Clean, gone: tuple[LedgerRow, ...]) -> tuple[LedgerRow, ...]:
    """From the rows of the file to the rows used.

    Rows that are added up into another leave without their money: it stays in the row they are added to.
    """
    out = list(gone)
    for key, text in table_reasons(clean).items():
        rows = raw.filter(pc.equal(raw["_fate"], key))
        if rows.num_rows:
            moved = key == "duplicate" and clean.duplicates == "id-sum"
            out.append(_row(key, "out", text, rows, nothing=moved))
    used = _row("used", "total", "Rows used", raw.filter(pc.equal(raw["_fate"], "used")))
    money = None if used.money is None else round(used.money + sum(row.money or 0 for row in out), 4)
    stored = LedgerRow(
        key="file",
        kind="total",
        text="Rows in the file",
        rows=raw.num_rows,
        customers=raw.num_rows,
        money=money,
    )
    return (*file_rows(ref, stored), *out, used)


def _row(key: str, kind: str, text: str, table: pa.Table, nothing: bool = False) -> LedgerRow:
    money = None
    if "monetary" in table.column_names:
        money = 0.0 if nothing else round(float(pc.sum(table["monetary"]).as_py() or 0), 4)
    return LedgerRow(
        key=key, kind=kind, text=text, rows=table.num_rows, customers=table.num_rows, money=money
    )


def _repeated(sheet: pa.Table) -> tuple[str, ...]:
    repeated = sheet.num_rows - len(pc.unique(sheet["id"]))
    if not repeated:
        return ()
    return (
        f"{repeated:,} rows have a customer number that another row has too; each row counts as a customer.",
    )


def _since(
    sheet: pa.Table, source: Source, day: dt.date
) -> tuple[dt.date | None, np.ndarray | None, tuple[str, ...]]:
    """The snapshot day, days since each customer began, and what a person should know.

    A day after the one on which the data set was added is no snapshot day, unless there is no other.
    """
    if "_since" not in sheet.column_names:
        note = "A customer table without a date has no snapshot day; the one in the link was ignored."
        return None, None, (note,) if source.as_of else ()
    latest = pc.max(sheet["_since"]).as_py()
    if latest is None:
        return None, None, ()
    past = pc.max(sheet["_since"].filter(pc.less_equal(sheet["_since"], pa.scalar(day)))).as_py()
    as_of = source.as_of or past or latest
    notes: tuple[str, ...] = ()
    if source.as_of is None and past is not None and past < latest:
        notes = (
            f"The last day in the table, {words.day(latest)}, is in the future; {words.day(past)} is used as"
            " the snapshot day. Choose another on the Data page.",
        )
    since = sheet["_since"].cast(pa.date32()).to_numpy()
    days = (np.datetime64(as_of, "D") - since.astype("datetime64[D]")).astype("timedelta64[D]")
    tenure = np.where(np.isnat(days), np.nan, days.astype(np.float64))
    return as_of, np.where(tenure < 0, np.nan, tenure), notes


def _evidence(sheet: pa.Table, dataset: Dataset) -> lab.Evidence:
    own = synthesised(dataset.table)  # a column of the file may have a name of ours

    def column(name: str) -> np.ndarray | None:
        if name not in own or name not in sheet.column_names:
            return None
        return np.array(sheet[name].cast(pa.float64()).to_numpy(), dtype=np.float64)

    discounted, share, shop = _discount(sheet, dataset, column("orders"), column("monetary"))
    return lab.Evidence(
        n=sheet.num_rows,
        monetary=column("monetary"),
        orders=column("orders"),
        discounted_orders=discounted,
        discount_share=share,
        shop_discount=shop,
        frequency=column("orders"),
        tenure=column("tenure"),
        recency=column("recency"),
        is_log=False,
    )


def _discount(
    sheet: pa.Table, dataset: Dataset, orders: np.ndarray | None, spend: np.ndarray | None
) -> tuple[np.ndarray | None, np.ndarray | None, float | None]:
    """A customer table's discount column as (discounted orders, discount share, the shop's share)."""
    columns = [c for c in dataset.table.by_role("discount") if c.slug in sheet.column_names]
    if not columns:
        return None, None, None
    x = np.array(sheet[columns[0].slug].cast(pa.float64()).to_numpy(), dtype=np.float64)
    kind = discount_meaning(columns[0])
    if kind == "orders":
        return x, None, None
    if kind == "share":
        weights = np.nan_to_num(spend) if spend is not None else np.ones(x.size)
        known = ~np.isnan(x)
        shop = (
            float((x[known] * weights[known]).sum() / weights[known].sum()) if weights[known].sum() else None
        )
        return None, x, shop
    if spend is None:
        return None, None, None
    with np.errstate(invalid="ignore", divide="ignore"):
        gross = x + spend
        share = np.where(gross > 0, x / gross, np.nan)
    total = float(np.nansum(gross))
    return None, share, float(np.nansum(x)) / total if total else None
