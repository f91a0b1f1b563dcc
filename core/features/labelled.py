"""Customers with their labels and scores."""

import pyarrow as pa

from core.features import labels as lab
from core.features.customers import LabelInfo


def labelled(population: pa.Table, seen: lab.Evidence) -> tuple[pa.Table, tuple[LabelInfo, ...]]:
    """The customers with a column of codes per label and, where computable, the scores; and the rules."""
    infos = []
    for label in lab.all_labels(seen):
        population = population.append_column(label.key, pa.array(label.codes, pa.int8()))
        infos.append(
            LabelInfo(
                key=label.key,
                name=label.name,
                rule=label.rule,
                amount=label.amount,
                reason=label.reason,
                yes=int((label.codes == lab.YES).sum()),
                judged=int((label.codes != lab.UNKNOWN).sum()),
            )
        )
    for name, scores in (lab.rfm_scores(seen) or {}).items():
        population = population.append_column(name, pa.array(scores, pa.int8()))
    return population, tuple(infos)
