"""Where the links of Compare lead."""

from collections.abc import Sequence

from core.compare import Comparison, Model, Moves
from core.features.cohort import in_other, in_segment, moving_to
from core.param import Filter
from core.spec import Study
from webapp import marks
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


def moving(scene: Scene, found: Comparison, moves: Moves) -> str:
    """The customers who are in another segment in another model."""
    return _people(scene, found, moving_to(moves.model))


def staying(scene: Scene, found: Comparison, *moves: Moves) -> str:
    """The customers who keep their segment in these models, in all of them where none is named."""
    return _people(scene, found, *(moving_to(one.model, moves=False) for one in moves or found.moves))


def between(scene: Scene, found: Comparison, moves: Moves, here: int, there: int) -> str:
    """The customers of a segment here and of one in another model."""
    own = in_segment(scene.results.customers, here)
    return _people(scene, found, own, in_other(moves.model, there))


def members(scene: Scene, model: Model, number: int) -> str:
    """The customers of a segment of a model, as this one groups them."""
    study = study_of(scene, model).with_(show=[], label=None)
    return marks.href(study, [in_segment(scene.results.customers, number)])


def _people(scene: Scene, found: Comparison, *conditions: Filter) -> str:
    """Customers of this comparison, whose models the address names; “Show only” hides nobody on its page."""
    study = scene.study.with_(against=others_of(found), show=[], label=None)
    return marks.href(study, conditions)


def list_of(scene: Scene, moves: Moves) -> str:
    """The list of the customers who are in another segment in another model."""
    query = kept_query(scene.study)
    return f"/export/moved.csv{query}{'&' if query else '?'}model={moves.model}"
