"""Problems that show only when rows are looked at together: repeated ones, returns, no products."""

from collections.abc import Iterator
from typing import Final

import ibis
import ibis.expr.types as ir

from core import words
from core.features.matches import returned, unmatched
from core.features.services import naming_columns, service_line
from core.io.dataset import Column
from core.io.engine import Engine
from core.io.meaning import hints
from core.io.meaning.facts import tells_rows_apart
from core.io.meaning.guess import repeats
from core.io.query.repeated import FILE, repeated
from core.io.query.work import Work
from core.quality.contract import Problem
from core.quality.found import problem
from core.quality.subject import RAW, Subject, Touched

_NAMED: Final = 4
_NEARLY_ALL: Final = 0.9


def repeated_rows(subject: Subject, whole: Touched) -> Problem | None:
    """Rows that equal an earlier one in every column."""
    engine, ref = subject.engine, subject.dataset.table
    if tells_rows_apart(ref.columns, ref.rows) or not repeated(engine, ref.content):
        return None
    again = ibis.table({"_row": "int64"}, name=engine.view(ref.content, FILE))
    rows = subject.rows()
    found = rows.semi_join(again, rows.row == again["_row"])
    text = "Every value is equal to that of an earlier row in {rows}."
    return _if_any(subject, whole, _summed(subject, found), key="duplicate", text=text, decides="duplicates")


def unmatched_returns(subject: Subject, whole: Touched) -> Problem | None:
    """Returns of known customers that have no earlier sale line to undo."""
    signed = subject.dataset.table.by_role("quantity", "unit_price", "line_amount")
    if not subject.is_log or not any(float(c.minimum or 0) < 0 for c in signed):
        return None
    lines, engine = subject.rows(), subject.engine
    known = lines.filter(lines.customer.notnull() & lines.day.notnull()).drop(
        "service", "country", "category"
    )
    with engine.work() as work:
        back = _kept(work, engine, "back", known.filter(known.kind == "return"))
        keys = _kept(work, engine, "keys", returned(back))
        alone = _kept(work, engine, "alone", unmatched(known, keys).select("row"))
        found = back.semi_join(alone, "row")
        touched = subject.touched(work.run(engine.sql(found.agg(**subject.sums(found)))))
    text = (
        "No earlier sale of as many pieces fits the return in {rows}:"
        " part of a sale, sold before the file begins, or entered wrongly."
    )
    return _if_any(subject, whole, touched, key="unmatched_returns", text=text, decides="returns")


def _kept(work: Work, engine: Engine, name: str, rows: ir.Table) -> ir.Table:
    """The rows, computed once and kept under a name for the questions that follow."""
    work.keep(name, engine.sql(rows))
    return ibis.table(rows.schema(), name=name)


def services(subject: Subject, whole: Touched) -> Problem | None:
    """Lines whose product is none: postage, fees, corrections."""
    columns = naming_columns(subject.dataset.table)
    if not subject.is_log or not columns:
        return None
    code = columns[0].slug
    codes = _service_codes(subject, [c.slug for c in columns])
    if not codes:
        return None
    rows = subject.rows([code])
    # to look into every name takes long, and the lines with these codes are few
    found = rows.filter(rows[RAW + code].fill_null("").isin(codes)).filter(lambda t: t.service)
    said = ", ".join(words.cut(c) for c in codes[:_NAMED] if c) + (" …" if len(codes) > _NAMED else "")
    text = f"The product is none in {{rows}} ({said}): postage, fees, corrections and the like."
    return _if_any(
        subject, whole, _summed(subject, found), key="services", text=text, decides="services", slug=code
    )


def _service_codes(subject: Subject, slugs: list[str]) -> list[str]:
    """Codes with which some line is no product, those of most lines first; empty text for a missing one."""
    table = subject.table()
    kinds = table.group_by(slugs).agg(lines=table.count())
    kinds = kinds.filter(service_line(kinds, subject.dataset.table))
    codes = kinds.group_by(code=kinds[slugs[0]].fill_null("")).agg(lines=kinds.lines.sum())
    return list(subject.engine.run(codes.order_by(ibis.desc("lines"), "code"))["code"].to_pylist())


def repeated_numbers(subject: Subject, whole: Touched) -> Iterator[Problem]:
    """Columns of a customer table that should tell rows apart and do not: id, e-mail, other numbers."""
    rows = subject.dataset.table.rows
    for column in subject.dataset.columns:
        if not repeats(column, rows) or not _tells_apart(column, subject, rows):
            continue
        found = subject.engine.run(_shared(subject, column))
        touched = subject.touched(found)
        is_id = column.role == "id"
        whose = "a customer number" if is_id else "a value"
        text = f"{column.name} repeats: {{rows}} share {whose} with another row."
        decides = "duplicates" if is_id else ""
        yield problem(
            subject,
            whole,
            touched,
            key=f"repeats:{column.slug}",
            text=text,
            decides=decides,
            slug=column.slug,
        )


def _summed(subject: Subject, rows: ir.Table) -> Touched:
    return subject.touched(subject.engine.run(rows.agg(**subject.sums(rows))))


def _if_any(
    subject: Subject, whole: Touched, touched: Touched, *, key: str, text: str, decides: str, slug: str = ""
) -> Problem | None:
    if not touched.rows:
        return None
    return problem(subject, whole, touched, key=key, text=text, decides=decides, slug=slug)


def _tells_apart(column: Column, subject: Subject, rows: int) -> bool:
    if subject.dataset.kind == "customers" and column.role in ("id", "email"):
        return True
    name = hints.words(column.name)
    named = hints.LONE_ID.match(name) or hints.CODE.search(name)
    known = rows - column.missing
    other = column.role in ("ignore", "number") and column.type in ("integer", "text")
    return bool(other and named and known and column.distinct >= _NEARLY_ALL * known)


def _shared(subject: Subject, column: Column) -> ir.Table:
    """Rows, customers and money of the values that stand in more than one row."""
    rows = subject.rows([column.slug])
    value = RAW + column.slug
    known = rows.filter(rows[value].notnull())
    per_value = known.group_by(value).agg(n=known.count()).filter(lambda t: t.n > 1)
    shared = known.semi_join(per_value, value)
    return shared.agg(**subject.sums(shared))
