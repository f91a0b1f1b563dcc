"""The recipe's steps tried the other way: what each of them does to the segments."""

from collections.abc import Callable

from core.cluster.contract import Progress
from core.effect import Effects, Grouped, StepEffect, effect, sentence
from core.errors import UserError
from core.io.dataset import Dataset
from core.recipe import RecipeStep, recipe
from core.spec import Study

Regroup = Callable[[Study, Progress], Grouped]
"""The customers, matrix and clustering of another study of the same data."""


def effects_of(
    study: Study, results: Grouped, dataset: Dataset, regroup: Regroup, progress: Progress
) -> Effects:
    """Each step that was changed, the other way: without it where it does something, with it where it is off.

    Parameters
    ----------
    results : core.pipeline.Results
        Of this study, with its clustering.
    """
    assert results.matrix is not None
    tried = [step for step in recipe(study, results, dataset) if _worth_trying(study, step)]
    found = []
    for at, step in enumerate(tried):
        found.append(_tried(study, step, results, regroup, _part(progress, at, len(tried))))
    return Effects(steps=tuple(found))


def _worth_trying(study: Study, step: RecipeStep) -> bool:
    changed = step.field in (*study.changed("clean"), *study.changed("features"))
    return changed and (not step.on or bool(step.rows or step.values))


def _tried(
    study: Study, step: RecipeStep, results: Grouped, regroup: Regroup, progress: Progress
) -> StepEffect:
    """The study with this step the other way."""
    other = study.with_(**{step.field: list(step.off_value if step.on else step.on_value)})
    word = "Without" if step.on else "With"
    told = f"Trying it {word.lower()} the step “{step.title}”"
    try:
        after = regroup(other, lambda _, share: progress(told, share))
    except UserError as error:
        return StepEffect(key=step.key, text=f"{word} this step there would be no segments: {error}")
    found = effect(results, after)
    return StepEffect(key=step.key, text=sentence(found, without=step.on), effect=found)


def _part(progress: Progress, at: int, parts: int) -> Progress:
    return lambda stage, share: progress(stage, (at + share) / parts)
