"""From a stored data set to the customer sheet: the log's way, and the customer table's."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.clean import mark_duplicates
from core.errors import UserError
from core.features import labels as lab
from core.features.catalog import LOG_MEASURES, LOG_NAMES, columns_as_measures, log_measures, synthesised
from core.features.customers import Customers, LabelInfo, LedgerRow, Measure
from core.features.effects import effects
from core.features.lines import MONEY, customer_key, latest_day, net, orders, standard_lines, with_matches
from core.features.measures import measures, window_start
from core.io.dataset import Column, Dataset, TableRef
from core.io.engine import Engine
from core.io.roles import discount_meaning, spend_columns
from core.spec import Clean, Source

FATES: Final = {
    "duplicate": "Rows that equal an earlier row",
    "no_customer": "Lines without a customer",
    "no_date": "Lines without a date",
    "after": "Lines after the snapshot day",
    "status": "Cancelled or test orders",
    "other": "Lines that are neither a sale nor a return (price or pieces zero or below)",
    "before": "Lines before the period",
}

PRESENT: Final = ("used", "other", "before", "status", "no_date")
"""Fates of lines whose customer is one of the log's, on the snapshot day."""


def customer_sheet(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> Customers:
    """The customer sheet of a data set.

    Raises
    ------
    UserError
        When no customer is left to segment.
    """
    build = _from_log if dataset.kind == "log" else _from_table
    return replace(build(engine, dataset, source, clean), effects=effects(engine, dataset))


def _from_log(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> Customers:
    with engine.kept(_marked(engine, dataset, clean)) as lines:
        as_of, first, last, notes = _snapshot(engine, lines, dataset, source)
        start = window_start(as_of, source.window)
        lines = _with_fates(lines, as_of, start)
        sheet, months = _measured(engine, lines, dataset, source, clean, as_of)
        present = engine.run(lines.filter(lines.fate.isin(PRESENT)).select("customer").distinct())
        people = _people(engine, dataset, sheet, present["customer"])
        ledger = _log_ledger(engine, lines, sheet, len(present), people)
        duplicates = engine.run(_duplicates(lines)).to_pylist()[0]
        totals = engine.run(_totals(lines)).to_pylist()[0]
    population = _population(sheet, people)
    seen = _log_evidence(population, as_of, first, bool(dataset.table.by_role("discount")))
    table, infos = _labelled(population, seen)
    table, marks = _return_mark(table, clean)
    keep = [m for m in log_measures(dataset.table) if not pc.all(pc.is_null(table[m.slug])).as_py()]
    gaps = lab.shop_gaps(seen.gap)
    return Customers(
        kind="log",
        table=table,
        measures=(*keep, *marks, *people.measures),
        labels=infos,
        ledger=ledger,
        as_of=as_of,
        first_day=first,
        last_day=last,
        months=months,
        lines=int(pc.sum(population["lines"]).as_py() or 0),
        duplicates=int(duplicates["n"]),
        duplicates_money=float(duplicates["money"] or 0),
        gap_p75=gaps[0] if gaps else None,
        gap_p90=gaps[1] if gaps else None,
        currency=dataset.currency,
        notes=(*notes, *people.notes),
        gross=float(totals["gross"] or 0),
        discount=float(totals["discount"] or 0),
        returns=float(totals["returns"] or 0),
    )


def _marked(engine: Engine, dataset: Dataset, clean: Clean) -> ir.Table:
    """The log's lines with the fates that the choice of a day and a period do not change."""
    lines = standard_lines(mark_duplicates(engine.table(dataset.table.content)), dataset)
    drop = ibis.literal(clean.duplicates == "drop")
    return lines.mutate(
        fate=ibis.cases(
            (lines.duplicate & drop, "duplicate"),
            (lines.customer.isnull(), "no_customer"),
            (lines.day.isnull(), "no_date"),
            else_="used",
        )
    )


def _with_fates(lines: ir.Table, as_of: dt.date, start: dt.date) -> ir.Table:
    return lines.mutate(
        fate=ibis.cases(
            (lines.fate != "used", lines.fate),
            (lines.day > as_of, "after"),
            (lines.out, "status"),
            (lines.kind == "other", "other"),
            (lines.day < start, "before"),
            else_="used",
        )
    )


def _measured(
    engine: Engine, lines: ir.Table, dataset: Dataset, source: Source, clean: Clean, as_of: dt.date
) -> tuple[pa.Table, pa.Table]:
    """Every customer with a dated line and their measures; and the months of the lines used."""
    lived = lines.filter(lines.fate.isin(["used", "other", "before"]))
    used = lines.filter(lines.fate == "used")
    with engine.kept(orders(with_matches(lived))) as ordered:
        sheet = engine.run(
            measures(lived, ordered, as_of, source.window, clean.returns, dataset.first_weekday)
        )
        months = engine.run(_months(used, ordered, window_start(as_of, source.window)))
    return sheet, months.sort_by("month")


def _population(sheet: pa.Table, people: "_People") -> pa.Table:
    """Customers with a standing order in the period, by id, with their columns of the customer table."""
    found = sheet.filter(pc.greater(sheet["orders"], 0))
    if not found.num_rows:
        raise UserError(
            "No customer has an order that stands in this period.",
            "Choose a longer period or an earlier snapshot day, or check the columns on the Data page.",
        )
    if people.table is not None:
        found = found.join(people.table, keys="customer", join_type="left outer")
    return found.rename_columns(["id" if c == "customer" else c for c in found.column_names]).sort_by("id")


def _return_mark(table: pa.Table, clean: Clean) -> tuple[pa.Table, tuple[Measure, ...]]:
    if clean.returns != "flag":
        return table, ()
    returned = pc.greater(table["returns"], 0)
    measure = Measure(slug="had_return", label="Returned something", unit="flag")
    return table.append_column("had_return", returned), (measure,)


def _totals(lines: ir.Table) -> ir.Table:
    used = lines.filter(lines.fate == "used")
    return used.agg(gross=used.gross.sum(), discount=used.discount.sum(), returns=used.returned.sum())


def _snapshot(
    engine: Engine, lines: ir.Table, dataset: Dataset, source: Source
) -> tuple[dt.date, dt.date, dt.date, tuple[str, ...]]:
    sales = lines.filter((lines.fate == "used") & (lines.kind == "sale") & ~lines.out)
    days = sorted(engine.run(sales.select("day").distinct())["day"].to_pylist())
    if not days:
        raise UserError(
            "No line of this log is a sale with a customer and a date.",
            "Check which columns hold the date, the price and the customer on the Data page.",
        )
    today = dt.date.fromisoformat(dataset.added[:10]) if dataset.added else dt.date.max
    proposed, passed = latest_day(days, today)
    notes: tuple[str, ...] = ()
    if source.as_of is None and passed:
        notes = (
            f"The last order day, {days[-1]:%-d %b %Y}, stands alone or in the future; {proposed:%-d %b %Y}"
            " is used as the snapshot day. Choose another on the Data page.",
        )
    as_of = source.as_of or proposed
    inside = [d for d in days if d <= as_of]
    if not inside:
        raise UserError(
            f"The snapshot day {as_of} is before the first order ({days[0]}).",
            f"Choose a day from {days[0]} on.",
        )
    return as_of, inside[0], inside[-1], notes


def _duplicates(lines: ir.Table) -> ir.Table:
    again = lines.filter(lines.duplicate)
    return again.agg(n=again.count(), money=net(again).sum(where=again.customer.notnull()))


def _months(used: ir.Table, ordered: ir.Table, start: dt.date) -> ir.Table:
    money = used.mutate(month=used.day.truncate("M"))
    money = money.group_by("month").agg(
        net=net(money).sum().cast("float64"),
        gross=money.gross.sum().cast("float64"),
        customers=money.customer.nunique(),
    )
    standing = ordered.filter(ordered.stands & (ordered.day >= start))
    standing = standing.mutate(month=standing.day.truncate("M"))
    counted = standing.group_by("month").agg(orders=standing.count())
    joined = money.left_join(counted, "month")
    return joined.select("month", "net", "gross", "customers", orders=joined.orders.fill_null(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """The customer table beside a log: its columns by customer, and how many of them have no line."""

    table: pa.Table | None = None
    measures: tuple[Measure, ...] = ()
    prospects: int = 0
    notes: tuple[str, ...] = ()


def _people(engine: Engine, dataset: Dataset, sheet: pa.Table, present: pa.ChunkedArray) -> _People:
    ref = dataset.people
    ident = ref.one("id") if ref else None
    if ref is None or ident is None:
        return _People()
    found = columns_as_measures(ref, taken=LOG_NAMES)
    table = engine.table(ref.content)
    chosen = {m.slug: _value(table, c) for m, c in found}
    people = engine.run(
        table.select(customer=customer_key(table, ident.slug), _row=table["_row"], **chosen)
    ).sort_by("_row")
    people = people.filter(pc.is_valid(people["customer"])).drop(["_row"])
    _, first = np.unique(people["customer"].to_numpy(zero_copy_only=False).astype(str), return_index=True)
    people = people.take(pa.array(np.sort(first)))
    missing = _not_in(sheet["customer"], people["customer"])
    return _People(
        table=people,
        measures=tuple(m for m, _ in found),
        prospects=_not_in(people["customer"], present),
        notes=(f"{missing:,} customers of the log are not in the customer table.",) if missing else (),
    )


def _not_in(values: pa.ChunkedArray, known: pa.ChunkedArray) -> int:
    found = pc.is_in(values, value_set=known.combine_chunks())
    return int(pc.sum(pc.invert(found)).as_py() or 0)


def _value(table: ir.Table, column: Column) -> ir.Value:
    value = table[column.slug]
    if column.role in ("category", "gender", "country", "flag", "since") or column.levels:
        return value.cast("string").strip().nullif("")
    return value.cast("float64") if column.type in ("integer", "number") else value.cast("string")


def _log_evidence(population: pa.Table, as_of: dt.date, first: dt.date, discounts: bool) -> lab.Evidence:
    def column(name: str) -> np.ndarray:
        return np.array(population[name].cast(pa.float64()).to_numpy(), dtype=np.float64)

    gross = float(column("gross").sum())
    return lab.Evidence(
        n=population.num_rows,
        monetary=column("monetary"),
        orders=column("orders"),
        orders_in_all=column("orders_in_all"),
        discounted_orders=column("discounted_orders") if discounts else None,
        expected=column("expected_discounted"),
        discount_share=column("discount_share") if discounts else None,
        shop_discount=float(column("discount").sum()) / gross if gross else None,
        frequency=column("purchase_frequency"),
        tenure=column("tenure"),
        recency=column("recency"),
        gap=column("interpurchase_days"),
        cover=float((as_of - first).days),
    )


def _labelled(population: pa.Table, seen: lab.Evidence) -> tuple[pa.Table, tuple[LabelInfo, ...]]:
    infos = []
    for label in lab.all_labels(seen):
        population = population.append_column(label.key, pa.array(label.codes, pa.int8()))
        infos.append(
            LabelInfo(
                key=label.key,
                name=label.name,
                rule=label.rule,
                reason=label.reason,
                yes=int((label.codes == lab.YES).sum()),
                judged=int((label.codes != lab.UNKNOWN).sum()),
            )
        )
    for name, scores in (lab.rfm_scores(seen) or {}).items():
        population = population.append_column(name, pa.array(scores, pa.int8()))
    return population, tuple(infos)


def _log_ledger(
    engine: Engine, lines: ir.Table, sheet: pa.Table, present: int, people: _People
) -> tuple[LedgerRow, ...]:
    """The way from the file to the customers who can be segmented; `present` customers have a line."""
    by_fate = {row["fate"]: row for row in engine.run(_summed(lines.group_by("fate"), lines)).to_pylist()}
    known = lines.filter(lines.customer.notnull() & (lines.fate != "duplicate"))
    nothing = {"rows": 0, "customers": 0, "money": 0}

    def fates(*keys: str) -> list[LedgerRow]:
        return [_row(key, "out", FATES[key], by_fate[key]) for key in keys if key in by_fate]

    return (
        _row("file", "total", "Rows in the file", engine.run(_summed(lines, lines)).to_pylist()[0]),
        *fates("duplicate", "no_customer"),
        _row("known", "total", "Lines with a customer", engine.run(_summed(known, known)).to_pylist()[0]),
        *fates("no_date", "after", "status", "other", "before"),
        _row("used", "total", "Lines used", by_fate.get("used", nothing)),
        *_asides(sheet, present),
        *_prospects(people),
        _sheet_row(
            "standing",
            "total",
            "Customers with an order that stands",
            sheet.filter(pc.greater(sheet["orders"], 0)),
        ),
    )


def _summed(grouped: Any, lines: ir.Table) -> ir.Table:
    return grouped.agg(rows=lines.count(), customers=lines.customer.nunique(), money=net(lines).sum())


def _asides(sheet: pa.Table, present: int) -> list[LedgerRow]:
    """Customers who are counted and valued beside the segments, never among them."""
    standing = pc.greater(sheet["orders_in_all"], 0)
    never = sheet.filter(pc.invert(standing))
    earlier = sheet.filter(pc.and_(standing, pc.equal(sheet["orders"], 0)))
    row = _sheet_row("no_standing_order", "out", "Customers without an order that stands", never)
    # those whose every line is out by its status or has no date are not in the sheet; their lines stand above
    row = replace(row, customers=row.customers + present - sheet.num_rows)
    return [
        *([row] if row.customers else []),
        *(
            [_sheet_row("no_order_in_period", "out", "Customers without an order in the period", earlier)]
            if earlier.num_rows
            else []
        ),
    ]


def _prospects(people: _People) -> list[LedgerRow]:
    if not people.prospects:
        return []
    text = "Prospects: in the customer table, without a line in the log"
    return [
        LedgerRow(key="prospect", kind="beside", text=text, rows=0, customers=people.prospects, money=0.0)
    ]


def _row(key: str, kind: str, text: str, found: dict[str, Any]) -> LedgerRow:
    money = round(float(found["money"] or 0), 4)
    return LedgerRow(
        key=key, kind=kind, text=text, rows=int(found["rows"]), customers=int(found["customers"]), money=money
    )


def _sheet_row(key: str, kind: str, text: str, table: pa.Table) -> LedgerRow:
    # the ledger's money is net whatever the returns policy; customers carry their lines and net of the period
    value = float(
        pc.sum(pc.subtract(pc.subtract(table["gross"], table["discount"]), table["returns"])).as_py() or 0
    )
    rows = int(pc.sum(table["lines"]).as_py() or 0)
    return LedgerRow(
        key=key, kind=kind, text=text, rows=rows, customers=table.num_rows, money=round(value, 4)
    )


def _from_table(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> Customers:
    ref = dataset.table
    table = mark_duplicates(engine.table(ref.content))
    ident = ref.one("id")
    plain = columns_as_measures(ref, taken=synthesised(ref))
    chosen = {m.slug: _value(table, c) for m, c in plain}
    key = customer_key(table, ident.slug) if ident else table["_row"].cast("string")
    raw = engine.run(
        table.select(
            id=key, _row=table["_row"], _duplicate=table["_duplicate"], **chosen, **_sums(table, dataset)
        )
    )
    raw = _ordered(raw, ident is not None)
    sheet, ledger = _table_ledger(raw, ref, clean)
    if not sheet.num_rows:
        raise UserError(
            "This table has no row with a customer number.", "Check the columns on the Data page."
        )
    as_of, tenure, notes = _since(engine, table, ref, sheet, source)
    if tenure is not None:
        sheet = sheet.append_column("tenure", pa.array(tenure, pa.float64(), from_pandas=True))
    made = [m for m in LOG_MEASURES if m.slug in sheet.column_names]
    repeated = sheet.num_rows - len(pc.unique(sheet["id"]))
    if repeated:
        notes = (
            *notes,
            f"{repeated:,} rows have a customer number that another row has too; each row counts as a"
            " customer.",
        )
    out, infos = _labelled(sheet.drop(["_row", "_duplicate"]), _table_evidence(sheet, dataset))
    return Customers(
        kind="customers",
        table=out,
        measures=(*made, *(m for m, _ in plain)),
        labels=infos,
        ledger=ledger,
        as_of=as_of,
        lines=out.num_rows,
        duplicates=int(pc.sum(raw["_duplicate"]).as_py() or 0),
        currency=dataset.currency,
        notes=notes,
    )


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
    content = [c for c in raw.column_names if c not in ("id", "_row", "_duplicate")]
    keys = (["id", *content] if has_id else content) + ["_row"]
    return raw.take(pc.sort_indices(raw, sort_keys=[(k, "ascending") for k in keys]))


def _table_ledger(raw: pa.Table, ref: TableRef, clean: Clean) -> tuple[pa.Table, tuple[LedgerRow, ...]]:
    rows = [_table_row("file", "total", "Rows in the file", raw)]
    if clean.duplicates == "drop":
        again = raw.filter(raw["_duplicate"])
        raw = raw.filter(pc.invert(raw["_duplicate"]))
        rows += [_table_row("duplicate", "out", FATES["duplicate"], again)] if again.num_rows else []
    nobody = raw.filter(pc.is_null(raw["id"]))
    if nobody.num_rows:
        rows.append(_table_row("no_customer", "out", "Rows without a customer number", nobody))
    kept = raw.filter(pc.is_valid(raw["id"]))
    rows.append(_table_row("used", "total", "Rows used", kept))
    return kept, tuple(rows)


def _table_row(key: str, kind: str, text: str, table: pa.Table) -> LedgerRow:
    money = None
    if "monetary" in table.column_names:
        money = round(float(pc.sum(table["monetary"]).as_py() or 0), 4)
    return LedgerRow(
        key=key, kind=kind, text=text, rows=table.num_rows, customers=table.num_rows, money=money
    )


def _since(
    engine: Engine, table: ir.Table, ref: TableRef, sheet: pa.Table, source: Source
) -> tuple[dt.date | None, np.ndarray | None, tuple[str, ...]]:
    column = ref.one("since")
    if column is None or column.type not in ("date", "datetime"):
        note = "A customer table without a date has no snapshot day; the one in the link was ignored."
        return None, None, (note,) if source.as_of else ()
    days = engine.run(table.select(_row=table["_row"], day=table[column.slug].cast("date")))
    by_row = dict(zip(days["_row"].to_pylist(), days["day"].to_pylist(), strict=True))
    since = [by_row[r] for r in sheet["_row"].to_pylist()]
    known = [d for d in since if d is not None]
    if not known:
        return None, None, ()
    as_of = source.as_of or max(known)
    tenure = np.array(
        [np.nan if d is None or d > as_of else (as_of - d).days for d in since], dtype=np.float64
    )
    return as_of, tenure, ()


def _table_evidence(sheet: pa.Table, dataset: Dataset) -> lab.Evidence:
    def column(name: str) -> np.ndarray | None:
        if name not in sheet.column_names:
            return None
        return np.array(sheet[name].cast(pa.float64()).to_numpy(), dtype=np.float64)

    discounted, share, shop = _table_discount(sheet, dataset, column("orders"), column("monetary"))
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


def _table_discount(
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
