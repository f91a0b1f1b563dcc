"""Looking for the rule of one segment against the rest."""

from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from core.features.customers import Measure
from core.plain.columns import Columns, round_cuts
from core.plain.rule import Condition, Rule, Table
from core.plain.simpler import simpler

DEPTH: Final = 3
FAITHFUL: Final = 0.80
MADE_FROM: Final = 10_000
MEASURED_ON: Final = 30_000
HELD_OUT: Final = 0.3

_SIMPLER: Final = 0.01
"""What one more condition must add to F1 among those that the rule is made from."""

_LEAST_LEAF: Final = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A segment's rule and how well it fits, measured on customers it was not made from.

    Attributes
    ----------
    precision : float or None
        Of those it picks, how many belong; None where it picks nobody.
    recall : float or None
        Of those that belong, how many it finds; None where none of the held-out customers does.
    f1 : float
        2PR/(P + R), 0 where it picks nobody (van Rijsbergen 1979).
    held_out : int
        Customers it was measured on.
    """

    rule: Rule
    precision: float | None
    recall: float | None
    f1: float
    held_out: int

    @property
    def faithful(self) -> bool:
        """Whether it may be used in place of the segment."""
        return self.f1 >= FAITHFUL


class Finder:
    """Looks for rules among some customers and measures them on others.

    Parameters
    ----------
    columns : Columns
        Of m customers.
    """

    def __init__(self, columns: Columns, m: int, seed: int = 0) -> None:
        order = np.random.default_rng([seed, m]).permutation(m)
        made = min(MADE_FROM, m - int(np.ceil(HELD_OUT * m)))
        self._inside, self._outside = np.sort(order[:made]), np.sort(order[made:][:MEASURED_ON])
        own, self._unseen = _some(columns, self._inside), _some(columns, self._outside)
        self._splits, self._table = _splits(own), own.table()
        self._x = np.column_stack([s.codes for s in self._splits] or [np.empty((made, 0))]).astype(np.float32)

    def rules(self, belongs: np.ndarray) -> tuple[Plain, ...]:
        """The plainest rules for a segment, bool (m,), of at most 1, 2, … `DEPTH` questions: `plain_rule`."""
        found = _rules(self._x, self._splits, self._table, belongs[self._inside])
        unseen = belongs[self._outside]
        measured = {rule: _measured(rule, self._unseen, unseen) for rule in dict.fromkeys(found)}
        return tuple(measured[rule] for rule in found)


def plain_rule(columns: Columns, belongs: np.ndarray, seed: int = 0, questions: int = DEPTH) -> Plain:
    """The plainest rule that tells a segment from the rest.

    Numbers may be divided at round values only; on them a tree of depth 3 (Breiman, Friedman, Olshen and
    Stone 1984) is grown, with and without equal weight of both sides, and cut off at each depth; its leaves
    are taken in the order of their purity as long as F1 grows. The rule with the highest F1, less 0.01 a
    condition, is kept and measured on other customers.

    Parameters
    ----------
    columns : Columns
        Of m customers.
    belongs : bool array (m,)
    questions : int
        How deep the tree may be at most, 1 to 3.
    """
    return Finder(columns, belongs.size, seed).rules(belongs)[questions - 1]


def _measured(rule: Rule, columns: Columns, belongs: np.ndarray) -> Plain:
    picked = rule.picks(columns.table()) if columns.values else np.zeros(belongs.size, dtype=bool)
    right = int((picked & belongs).sum())
    return Plain(
        rule=rule,
        precision=right / int(picked.sum()) if picked.any() else None,
        recall=right / int(belongs.sum()) if belongs.any() else None,
        f1=_f1(right, int(picked.sum()), int(belongs.sum())),
        held_out=belongs.size,
    )


def _f1(right: int, picked: int, belong: int) -> float:
    return 2 * right / (picked + belong) if right else 0.0


def _some(columns: Columns, rows: np.ndarray) -> Columns:
    return Columns(measures=columns.measures, values=tuple(v[rows] for v in columns.values))


@dataclass(frozen=True, slots=True)
class _Split:
    """A column of the tree: the number of round cuts at or below each value, the place of a band's word among
    its levels, or whether it is a word."""

    measure: Measure
    codes: np.ndarray
    cuts: np.ndarray = field(default_factory=lambda: np.empty(0))
    word: str = ""
    whole: bool = False


def _splits(columns: Columns) -> list[_Split]:
    found = []
    for measure, values in zip(columns.measures, columns.values, strict=True):
        if measure.numeric:
            cuts = round_cuts(values, measure.unit)
            codes = np.where(np.isnan(values), np.nan, np.searchsorted(cuts, values, side="right"))
            found.append(_Split(measure, codes, cuts=cuts, whole=_whole(values, cuts)))
        elif measure.levels:
            places = {word: float(at) for at, word in enumerate(measure.levels)}
            found.append(_Split(measure, np.array([places.get(str(v), np.nan) for v in values])))
        else:
            for word in np.unique(values[values != ""]):
                codes = np.where(values == "", np.nan, values == word)
                found.append(_Split(measure, codes, word=str(word)))
    return [one for one in found if np.unique(one.codes).size > 1]


def _whole(values: np.ndarray, cuts: np.ndarray) -> bool:
    """Whether values and cuts are whole numbers."""
    return bool((np.modf(values[~np.isnan(values)])[0] == 0).all() and (np.modf(cuts)[0] == 0).all())


def _rules(x: np.ndarray, splits: list[_Split], table: Table, belongs: np.ndarray) -> tuple[Rule, ...]:
    """The best rules of each depth or less, among the customers they are made from."""
    from sklearn.tree import DecisionTreeClassifier

    if not splits or not 0 < belongs.sum() < belongs.size:
        return (Rule(alternatives=()),) * DEPTH
    rules: list[tuple[int, Rule, float]] = []
    for weight in (None, "balanced"):
        least = max(5, int(_LEAST_LEAF * belongs.size))
        grown = DecisionTreeClassifier(
            max_depth=DEPTH, min_samples_leaf=least, class_weight=weight, random_state=0
        ).fit(x, belongs)
        leaves = grown.tree_.apply(x)
        for depth in range(1, DEPTH + 1):
            rule = simpler(_of_tree(grown.tree_, leaves, belongs, splits, depth), table)
            rules.append((depth, rule, _worth(rule, table, belongs)))
    return tuple(
        max((one for one in rules if one[0] <= most), key=lambda one: one[2])[1]
        for most in range(1, DEPTH + 1)
    )


def _worth(rule: Rule, table: Table, belongs: np.ndarray) -> float:
    picked = rule.picks(table)
    f1 = _f1(int((picked & belongs).sum()), int(picked.sum()), int(belongs.sum()))
    return f1 - _SIMPLER * rule.conditions


def _of_tree(tree: Any, leaves: np.ndarray, belongs: np.ndarray, splits: list[_Split], depth: int) -> Rule:
    """The rule of the leaves of a tree cut off at a depth; branches taken whole are one alternative."""
    ends = _ends(tree, 0, depth)
    over = {leaf: end for end in ends for leaf in _ends(tree, end, DEPTH)}
    place = np.zeros(tree.node_count, np.int64)
    place[list(over)] = list(over.values())
    taken = _taken(place[leaves], belongs)
    found: list[tuple[Condition, ...]] = []

    def walk(node: int, left_over: int, bounds: dict[int, _Bound]) -> None:
        if _ends(tree, node, left_over) <= taken:
            found.append(_conditions(bounds, splits))
            return
        left, right = tree.children_left[node], tree.children_right[node]
        if left < 0 or not left_over:
            return
        at, threshold = int(tree.feature[node]), float(tree.threshold[node])
        known = bounds.get(at, _Bound())
        under, above = known.divided(threshold)
        walk(left, left_over - 1, {**bounds, at: under})
        walk(right, left_over - 1, {**bounds, at: above})

    walk(0, depth, {})
    return Rule(alternatives=tuple(c for c in found if c))


def _ends(tree: Any, node: int, depth: int) -> set[int]:
    """The leaves under a node, where the tree is cut off so many steps below it."""
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left < 0 or not depth:
        return {node}
    return _ends(tree, left, depth - 1) | _ends(tree, right, depth - 1)


def _taken(leaves: np.ndarray, belongs: np.ndarray) -> set[int]:
    """Leaves in the order of their purity, as long as F1 grows."""
    names, at = np.unique(leaves, return_inverse=True)
    inside, size = np.bincount(at, belongs).astype(int), np.bincount(at)
    order = np.argsort(-inside / size, kind="stable")
    scores = [
        _f1(int(inside[order[:n]].sum()), int(size[order[:n]].sum()), int(belongs.sum()))
        for n in range(len(order) + 1)
    ]
    return {int(name) for name in names[order[: int(np.argmax(scores))]]}


@dataclass(frozen=True, slots=True)
class _Bound:
    """Codes above `low` and up to `high`; or whether there is a value at all."""

    low: float = -np.inf
    high: float = np.inf
    known: bool | None = None

    def divided(self, place: float) -> tuple["_Bound", "_Bound"]:
        """Both sides of a place; a tree that asks whether there is a value puts it at infinity."""
        if np.isinf(place):
            return replace(self, known=True), replace(self, known=False)
        return replace(self, high=min(self.high, place)), replace(self, low=max(self.low, place))


def _conditions(bounds: dict[int, _Bound], splits: list[_Split]) -> tuple[Condition, ...]:
    """Bounds on the codes as conditions on the columns; the words of one column together."""
    found, others = list[Condition](), dict[str, list[_Split]]()
    for at, bound in bounds.items():
        split = splits[at]
        if bound.known is not None:
            found.append(_condition(split.measure, known=bound.known))
        elif split.word and bound.low < 0:
            others.setdefault(split.measure.slug, []).append(split)
        elif split.word:
            found.append(_condition(split.measure, words=(split.word,)))
        elif split.measure.levels:
            found.append(_condition(split.measure, words=_between(split.measure.levels, bound)))
        else:
            low, high = _cut(split.cuts, bound.low), _cut(split.cuts, bound.high)
            found.append(_condition(split.measure, low=low, high=high, whole=split.whole))
    named = {c.column for c in found}
    for slug, same in others.items():
        if slug not in named:
            found.append(_condition(same[0].measure, words=tuple(s.word for s in same), but=True))
    return tuple(found)


def _between(levels: tuple[str, ...], bound: _Bound) -> tuple[str, ...]:
    return tuple(word for at, word in enumerate(levels) if bound.low < at <= bound.high)


def _cut(cuts: np.ndarray, place: float) -> float | None:
    return float(cuts[int(np.floor(place))]) if np.isfinite(place) else None


def _condition(measure: Measure, **what: Any) -> Condition:
    return Condition(column=measure.slug, label=measure.label, unit=measure.unit, **what)
