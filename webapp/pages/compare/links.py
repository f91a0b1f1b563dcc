"""Where the links of Compare lead."""

from collections.abc import Sequence

from core.compare import Comparison, Model, Moves
from core.spec import Study
from webapp.page import Scene
from webapp.shell import kept_query


def href(scene: Scene, others: Sequence[str]) -> str:
    """This page with other models."""
    return f"/compare{kept_query(scene.study.with_(against=list(others)))}"


def others_of(found: Comparison) -> list[str]:
    """What differs in each other model, as a link says it."""
    return [model.differs for model in found.models[1:]]


def study_of(scene: Scene, model: Model) -> Study:
    """The study of a model, looked at as this one."""
    return scene.study.other(model.differs) if model.differs else scene.study.with_(against=None)


def list_of(scene: Scene, moves: Moves) -> str:
    """The list of the customers who are in another segment in another model."""
    query = kept_query(scene.study)
    return f"/export/moved.csv{query}{'&' if query else '?'}model={moves.model}"
