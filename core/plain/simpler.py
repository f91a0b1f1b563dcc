"""A rule with fewer conditions that picks the same customers."""

from dataclasses import replace
from functools import reduce

import numpy as np

from core.plain.rule import Condition, Rule, Table

Alternative = tuple[Condition, ...]


def simpler(rule: Rule, table: Table) -> Rule:
    """The rule without the conditions that make no difference to whom it picks among some customers."""
    meets = {c: c.meets(table) for one in rule.alternatives for c in one}

    def picked(alternatives: list[Alternative]) -> np.ndarray:
        return reduce(
            np.logical_or, (reduce(np.logical_and, (meets[c] for c in one)) for one in alternatives)
        )

    kept = list(rule.alternatives)
    whom = picked(kept) if kept else np.zeros(0, dtype=bool)
    at = 0
    while at < len(kept):
        shorter = _shorter(kept, at)
        found = next((one for one in shorter if np.array_equal(picked(one), whom)), None)
        kept, at = (found, 0) if found is not None else (kept, at + 1)
    return replace(rule, alternatives=tuple(kept))


def _shorter(alternatives: list[Alternative], at: int) -> list[list[Alternative]]:
    """The same without one alternative, and with each of its conditions left out of it."""
    before, own, after = alternatives[:at], alternatives[at], alternatives[at + 1 :]
    less = [own[:i] + own[i + 1 :] for i in range(len(own))] if len(own) > 1 else []
    return [*([[*before, *after]] if before or after else []), *([*before, one, *after] for one in less)]
