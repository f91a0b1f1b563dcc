"""What each possible answer to a question is worth, and what the whole file adds up to, whoever bought."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from core.features.customers import Effect, Totals
from core.features.fates import register
from core.features.lines import MONEY, net, standard_lines
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.meaning.hints import NUMERIC
from core.io.meaning.questions import leaves_out_duplicates, questions, spend_columns
from core.io.query.repeated import mark_repeated
from core.io.sets.versions import settled

MOVES_NOTHING: Final = ("dayfirst", "currencies")
"""Questions whose answers move only days, or say whether amounts can be added at all."""

Answers = tuple[tuple[str, str], ...]


def effects(engine: Engine, dataset: Dataset, net_now: float | None = None) -> tuple[Effect, ...]:
    """Net sales of the lines with a customer (or a table's spend) under every answer of every question.

    The other questions have the answers in force. What several answers share is added up once.

    Parameters
    ----------
    net_now : float, optional
        Net sales under the answers in force, where they are known.
    """
    asked = [q for q in questions(dataset) if q.key not in MOVES_NOTHING]
    # the answer to `price` is a role, and roles are as they stand where another question is looked at
    others = {q.key: dataset.answer(q.key) or q.guess for q in asked if q.key != "price"}
    given = {
        (q.key, value): tuple(sorted({**others, q.key: value}.items()))
        for q in asked
        for value, _ in q.options
    }
    worth = {} if net_now is None else {tuple(sorted(others.items())): net_now}
    left = dict.fromkeys(answers for answers in given.values() if answers not in worth)
    worth |= _worth(engine, dataset, left) if left else {}
    return tuple(Effect(question=key, answer=value, net=worth[given[key, value]]) for key, value in given)


def file_totals(engine: Engine, dataset: Dataset, fates: Mapping[str, Mapping[str, Any]]) -> Totals:
    """What all lines of a log add up to, with and without a customer.

    Parameters
    ----------
    fates : mapping of str to mapping
        Fate -> sums of its lines' `gross`, `discount` and `returned` money.
    """
    gross, discount, returns = (
        float(sum(row[name] for row in fates.values())) for name in ("gross", "discount", "returned")
    )
    return Totals(gross=gross, discount=discount, returns=returns, unsold=_unsold(engine, dataset))


def _worth(engine: Engine, dataset: Dataset, answered: Iterable[Answers]) -> dict[Answers, float]:
    """Net sales under each set of answers, in one question to the engine."""
    each = list(answered)

    def make() -> ir.Table:
        sums = [_net(engine, settled(dataset, {}, dict(answers))) for answers in each]
        return ibis.union(*(found.mutate(at=ibis.literal(i)) for i, found in enumerate(sums)))

    found = _asked(engine, dataset, ("effects", *each), make)
    by_place = dict(zip(found["at"].to_pylist(), found["net"].to_pylist(), strict=True))
    return {answers: float(by_place[i] or 0) for i, answers in enumerate(each)}


def _net(engine: Engine, dataset: Dataset) -> ir.Table:
    if dataset.kind != "log":
        table = engine.table(dataset.table.content)
        spend = [table[c.slug].cast(MONEY).fill_null(0) for c in spend_columns(dataset)]
        return table.agg(net=sum(spend[1:], start=spend[0]).sum())
    lines = _lines(engine, dataset)
    return lines.agg(net=net(lines).sum(where=lines.customer.notnull() & ~lines.out))


def _lines(engine: Engine, dataset: Dataset, keep: tuple[str, ...] = ()) -> ir.Table:
    """The log's lines; equal rows are left out only where they were said to be entered twice."""
    content = dataset.table.content
    if not leaves_out_duplicates(dataset):
        return standard_lines(engine.table(content).mutate(_duplicate=ibis.literal(False)), dataset, keep)
    lines = standard_lines(mark_repeated(engine, content), dataset, keep)
    return lines.filter(~lines.duplicate)


def _unsold(engine: Engine, dataset: Dataset) -> float:
    """The value of lines that are neither a sale nor a return; looked for only where there can be some."""
    price = dataset.table.one("unit_price") or dataset.table.one("line_amount")
    pieces = dataset.table.one("quantity")
    if not any(c is not None and c.type in NUMERIC and float(c.minimum or 0) <= 0 for c in (price, pieces)):
        return 0.0
    per_piece = dataset.table.one("unit_price") is not None
    factors = [c.slug for c in (price, pieces if per_piece else None) if c is not None]

    def make() -> ir.Table:
        lines = _lines(engine, dataset, keep=tuple(factors))
        face = ibis.literal(1.0)
        for slug in factors:
            face = face * lines[f"raw_{slug}"].cast("float64").fill_null(0.0)
        return lines.agg(face=face.cast(MONEY).sum(where=lines.kind == "other"))

    return float(_asked(engine, dataset, ("unsold",), make)["face"][0].as_py() or 0)


def _asked(engine: Engine, dataset: Dataset, key: tuple[object, ...], make: Any) -> Any:
    register(engine, dataset)
    sql = engine.compiled((*key, dataset.id, dataset.table, dataset.answers, dataset.questions), make)
    with engine.work() as work:
        return work.run(sql)
