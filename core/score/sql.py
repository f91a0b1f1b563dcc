"""The segment of a customer as one SQL query over the columns of the customer sheet."""

from collections.abc import Sequence

import numpy as np

from core.describe import condition
from core.pipeline import Results
from core.score.sql_method import HELD, NO_NUMBER, method_query
from core.score.sql_recipe import Step, recipe_steps
from core.score.text import chosen, named, remark
from core.spec import Study


def segment_sql(study: Study, results: Results, dialect: str = "duckdb") -> str:
    """A query that returns id, segment (0: none) and margin for every row of a table `customers`.

    The table has the columns of the customer sheet, by their names: `id`, and what customers are compared on.
    The segments are those of `core.score.score` for customers who were not fitted, up to the rounding of the
    database's logarithms and powers; so are the margins, which are null for rules.

    Parameters
    ----------
    study : Study
    results : Results
        Of the study, with its profile.
    dialect : str
        One of `core.score.sql_method.DIALECTS`.

    Raises
    ------
    UserError
        Where the method has no formula: family trees and dense groups.
    """
    matrix, clustering = results.matrix, results.clustering
    assert matrix is not None and clustering is not None and clustering.assigner is not None
    assigner, columns = clustering.assigner, [f"x{i + 1}" for i in range(matrix.x.shape[1])]
    numbers = np.array([0, *(clustering.numbers or range(1, clustering.k + 1))])[assigner.numbers]
    steps, segment, margin = method_query(assigner, columns, numbers.tolist(), dialect)
    came, *recipe = recipe_steps(matrix.prepared, results.customers)
    missing = [f"{x} IS NULL" for x in columns]
    held: dict[str, str] = {}
    if assigner.cuts is not None:  # compared columns matter only where one that is missing leaves out
        held = {name: kind for name, kind in HELD.items() if results.customers.has(name)}
        recipe, missing = [], [f"v{i} IS NULL" for i, p in enumerate(matrix.prepared, start=1) if not p.fills]
    tables = [_first(came, held), *_next(came, [*recipe, *steps])]
    gap = [" OR ".join(missing)] if missing else []
    return "\n".join(
        [
            *_remarks(study, results, held),
            "WITH " + ",\n".join(tables),
            'SELECT "id",',
            f'  {chosen([(one, "0") for one in gap], segment)} AS "segment",',
            f'  {chosen([(one, NO_NUMBER) for one in gap], margin)} AS "margin"',
            f"FROM {steps[-1].name};",
            "",
        ]
    )


def _first(step: Step, held: dict[str, str]) -> str:
    """The table that reads the sheet, with what rules look at beside what customers are compared on."""
    more = [(f"held_{name}", kind.format(named(name))) for name, kind in held.items()]
    return _table(step.name, ['"id"', *_as(step.columns), *_as(more)], "customers")


def _next(before: Step, steps: Sequence[Step]) -> list[str]:
    """The tables that follow, each with all columns of the one before."""
    names = [before.name, *(step.name for step in steps)]
    pairs = zip(steps, names, strict=False)
    return [_table(step.name, ["*", *_as(step.columns)], source) for step, source in pairs]


def _table(name: str, columns: Sequence[str], source: str) -> str:
    listed = ",\n  ".join(columns)
    return f"{name} AS (\n  SELECT {listed}\n  FROM {source}\n)"


def _as(columns: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{expression} AS {name}" for name, expression in columns]


def _remarks(study: Study, results: Results, held: dict[str, str]) -> list[str]:
    """What the query reads, what its numbers mean, and what it can't know."""
    matrix, profile = results.matrix, results.profile
    assert matrix is not None and profile is not None
    slugs = dict.fromkeys(["id", *matrix.columns, *held])
    said = [
        f"Segments of customers, from the columns {', '.join(slugs)} of a table customers.",
        *(f"{s.number}: {s.name}" for s in sorted(profile.segments, key=lambda s: s.number) if s.number),
        "0: no segment, where a value is missing or a rule has no customer in the study.",
    ]
    conditions = [condition(results.customers, one) for one in study.cohort.where]
    if conditions:
        said.append(f"Only for customers of whom this holds: {'; '.join(conditions)}.")
    if study.clean.missing == "nearest":
        said.append("A missing number becomes the middle value of the study's customers.")
    return [remark(text) for text in said]
