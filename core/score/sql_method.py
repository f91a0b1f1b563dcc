"""Nearest centre, likeliest component and frozen cut points as SQL expressions over the compared numbers."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from core.cluster.assigner import Assigner, Cuts, Likely, Points
from core.cluster.gaussians import TIED, quadratic
from core.cluster.rules import MAP, NAMES
from core.errors import UserError
from core.score.sql_recipe import Step
from core.score.text import chosen, digits, greatest, least, sum_of

DIALECTS: Final[dict[str, str]] = {"duckdb": "ROUND_EVEN({}, 0)", "postgres": "ROUND({})"}
"""Dialect -> how it rounds a float, halves to the even number; all else is the same in both."""

HELD: Final[dict[str, str]] = {
    "recency": "CAST({} AS DOUBLE PRECISION)",
    "orders": "CAST({} AS DOUBLE PRECISION)",
    "monetary": "CAST({} AS DOUBLE PRECISION)",
    "new": "LOWER(CAST({} AS VARCHAR))",
}
"""Column of the sheet that rules look at -> its expression."""

NO_NUMBER: Final = "CAST(NULL AS DOUBLE PRECISION)"
_LOWEST: Final = -700.0
"""Below it an exponential is next to nothing, and an error in Postgres."""

Query = tuple[list[Step], str, str]
"""`WITH` tables, and the expressions of segment and margin over the last of them."""


def method_query(assigner: Assigner, columns: Sequence[str], numbers: Sequence[int], dialect: str) -> Query:
    """How a method gives segments.

    Parameters
    ----------
    columns : sequence of str
        Names of the compared numbers.
    numbers : sequence of int
        The segment of each group, or of each name of the rules; 0 for none.
    dialect : str
        One of `DIALECTS`.

    Raises
    ------
    UserError
        Where it has no formula.
    """
    points, likely, cuts = assigner.points, assigner.likely, assigner.cuts
    if points is not None and np.array_equal(points.of, np.arange(points.of.size)):
        return _by_centres(points, columns, numbers, DIALECTS[dialect])
    if likely is not None:
        return _by_likelihood(likely, columns, numbers)
    if cuts is not None:
        return _by_rules(cuts, numbers)
    raise UserError(
        "The segments of this method have no formula that SQL could hold.",
        "Score a file instead, or choose Balanced groups, Overlapping groups or RFM rules.",
    )


def _by_centres(points: Points, columns: Sequence[str], numbers: Sequence[int], rounded: str) -> Query:
    """Half the squared distance to each centre, less what is the same for all; on the grid of the fit."""
    grid = [(f"g{i}", rounded.format(f"({x} * {digits(points.scale)})")) for i, x in enumerate(columns)]
    on_grid = [name for name, _ in grid]
    scores = [
        (f"s{j}", f"{digits(float(c @ c) / 2)} - ({_weighted(c, on_grid)})")
        for j, c in enumerate(points.at.astype(np.float64))
    ]
    names = [name for name, _ in scores]
    square = sum_of([f"{name} * {name}" for name in on_grid])
    steps = [
        Step(name="grid", columns=tuple(grid)),
        Step(name="scores", columns=(*scores, ("square", square))),
        Step(name="ranked", columns=(("best", least(names)),)),
        Step(name="seconded", columns=(("next_best", _second(names, least)),)),
    ]
    far, near = (
        f"SQRT(GREATEST(square + 2 * {score}, 0)) / {digits(points.scale)}" for score in ("next_best", "best")
    )
    return steps, _number(names, "= best", numbers), f"{far} - {near}"


def _by_likelihood(likely: Likely, columns: Sequence[str], numbers: Sequence[int]) -> Query:
    """Logarithms of weight × density, quadratic functions of the compared numbers."""
    scale, (pairs, functions) = likely.scale, quadratic(likely.mixture)
    terms = [
        f"(({columns[i]} - {digits(scale.centre[i])}) / {digits(scale.unit)})" for i in scale.columns.tolist()
    ]
    placed = [(f"z{i}", term) for i, term in enumerate(terms)]
    parts = [name for name, _ in placed]
    parts += [f"z{i} * z{j}" for i, j in zip(*(side.tolist() for side in pairs), strict=True)]
    densities = [
        (f"l{j}", f"{digits(one[0])} + {_weighted(one[1:], parts)}") for j, one in enumerate(functions)
    ]
    names = [name for name, _ in densities]
    total = sum_of([f"EXP(GREATEST({name} - best, {digits(_LOWEST)}))" for name in names])
    steps = [
        Step(name="placed", columns=tuple(placed)),
        Step(name="densities", columns=tuple(densities)),
        Step(name="ranked", columns=(("best", greatest(names)),)),
        Step(name="seconded", columns=(("next_best", _second(names, greatest)),)),
    ]
    margin = f"(1 - EXP(GREATEST(next_best - best, {digits(_LOWEST)}))) / ({total})"
    return steps, _number(names, f">= best - {digits(TIED)}", numbers), margin


def _by_rules(cuts: Cuts, numbers: Sequence[int]) -> Query:
    """Scores by the cut points, and the cell of the map that they are."""
    scores = [
        ("r", _score("held_recency", "<=", cuts.recency)),
        ("f", _score("held_orders", ">=", cuts.orders)),
        ("m", _score("held_monetary", ">=", cuts.monetary)),
    ]
    cell = ("cell", "10 * r + CAST(FLOOR((f + m + 1) / 2.0) AS INTEGER)")
    steps = [Step(name="scores", columns=tuple(scores)), Step(name="cells", columns=(cell,))]
    cells = [
        (f"cell = {10 * (r + 1) + fm + 1}", str(numbers[place]))
        for r, row in enumerate(MAP)
        for fm, place in enumerate(row)
    ]
    new = [("held_new IN ('1', 'yes', 'true')", str(numbers[NAMES.index("New")]))] if cuts.new else []
    return steps, chosen([*new, *cells], "0"), NO_NUMBER


def _score(value: str, reached: str, cuts: np.ndarray) -> str:
    """1, and one more for each cut point that is reached; null where the value is."""
    there = [digits(cut) for cut in cuts[np.isfinite(cuts)]]
    counted = [chosen([(f"{value} {reached} {cut}", "1")], "0") for cut in there]
    return chosen([(f"{value} IS NULL", "NULL")], sum_of(["1", *counted]))


def _weighted(weights: np.ndarray, values: Sequence[str]) -> str:
    """A sum of products; those with 0 are left out."""
    pairs = zip(weights.tolist(), values, strict=True)
    return sum_of([f"{digits(weight)} * {value}" for weight, value in pairs if weight])


def _second(names: Sequence[str], of: Callable[[Sequence[str]], str]) -> str:
    """The best of all but the first that is best; null where there is no other."""
    if len(names) < 2:
        return NO_NUMBER
    return chosen([(f"{name} = best", of([o for o in names if o != name])) for name in names])


def _number(names: Sequence[str], held: str, numbers: Sequence[int]) -> str:
    """The segment of the first group of which something holds."""
    return chosen([(f"{name} {held}", str(number)) for name, number in zip(names, numbers, strict=True)])
