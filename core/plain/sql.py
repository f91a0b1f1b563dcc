"""A rule as SQL: a condition for `where`, true of exactly the customers whom the rule picks."""

from typing import TYPE_CHECKING, Final

from core.plain.rule import Condition, Rule

if TYPE_CHECKING:
    from sqlglot.expressions import Condition as Test

DIALECTS: Final = ("duckdb", "postgres", "snowflake", "bigquery", "databricks", "mysql")


def sql(rule: Rule, dialect: str = "duckdb") -> str:
    """The rule as a condition on the columns of the customer sheet.

    Parameters
    ----------
    dialect : str
        One of `DIALECTS`.

    Returns
    -------
    str
        `FALSE` for a rule that picks nobody.
    """
    from sqlglot import exp

    if not rule.alternatives:
        return "FALSE"
    every = [exp.and_(*[_expression(c) for c in one]) for one in rule.alternatives]
    return str(exp.or_(*every).sql(dialect=dialect, identify=True))


def _expression(condition: Condition) -> "Test":
    from sqlglot import exp

    column = exp.column(condition.column, quoted=True)
    if condition.known is not None:
        missing = column.is_(exp.null())
        return exp.not_(missing) if condition.known else missing
    if condition.words:
        among = column.isin(*[exp.Literal.string(word) for word in condition.words])
        return exp.not_(among) if condition.but else among
    parts: list[exp.Condition] = []
    if condition.low is not None:
        parts.append(exp.GTE(this=column.copy(), expression=exp.Literal.number(repr(condition.low))))
    if condition.high is not None:
        parts.append(exp.LT(this=column.copy(), expression=exp.Literal.number(repr(condition.high))))
    return exp.and_(*parts)
