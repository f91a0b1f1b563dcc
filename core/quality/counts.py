"""All checks of single rows, counted in one pass over the table; in several where it has many columns."""

from collections.abc import Mapping

import ibis.expr.types as ir

from core.quality.checks import Check, checks_of_columns, checks_of_log, kept_columns, price_columns
from core.quality.contract import Spread
from core.quality.narrow import in_parts
from core.quality.subject import Subject, Touched


def counted(
    subject: Subject, spreads: Mapping[str, Spread]
) -> tuple[Touched, dict[str, tuple[Check, Touched]]]:
    """What all rows come to, without customers, and each check by its key with what its rows come to."""
    found: dict[str, tuple[Check, Touched]] = {}
    first, *others = [*in_parts(kept_columns(subject))] or [()]
    rows = subject.rows(c.slug for c in (*price_columns(subject), *first))
    asked = [*checks_of_log(subject, rows), *checks_of_columns(subject, rows, first, spreads)]
    whole = _ask(subject, rows, asked, found)
    for some in others:
        rows = subject.rows(c.slug for c in some)
        _ask(subject, rows, [*checks_of_columns(subject, rows, some, spreads)], found)
    return whole, found


def _ask(
    subject: Subject, rows: ir.Table, asked: list[Check], found: dict[str, tuple[Check, Touched]]
) -> Touched:
    """Put what each check comes to into `found`; return what all rows come to."""
    flagged = rows.mutate(**{f"c{i}": check.where for i, check in enumerate(asked)})
    sums: dict[str, ir.Scalar] = {"all_money": flagged.money.sum()}
    for i in range(len(asked)):
        sums |= {f"c{i}_{name}": value for name, value in subject.sums(flagged, flagged[f"c{i}"]).items()}
    table = subject.engine.run(flagged.agg(**sums))
    found |= {check.key: (check, subject.touched(table, f"c{i}_")) for i, check in enumerate(asked)}
    return Touched(
        rows=subject.dataset.table.rows, customers=None, money=subject.money(table["all_money"][0].as_py())
    )
