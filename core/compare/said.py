"""What a comparison found, in sentences."""

from core.choose.suggest import TIED
from core.compare.result import Comparison, Model, Moves
from core.stability import RELIABLE, level
from core.words import number, plural


def finding(found: Comparison) -> str:
    """Heading of Compare (PAGES.md §3)."""
    if not found.moves:
        return (
            f"{found.models[0].name} of {plural(found.customers, 'customer')}; nothing to compare them with."
        )
    kept = f"{found.kept:,} of {plural(found.customers, 'customer')}"
    word = "keeps" if found.kept == 1 else "keep"
    if len(found.moves) == 1:
        return f"{kept} {word} their segment."
    return f"{kept} {word} their segment in all {len(found.moves) + 1} models."


def moving(found: Comparison, moves: Moves) -> str:
    """How many customers stay and move, the largest stream of them, and who is in one model only."""
    share = moves.moved / moves.shared if moves.shared else 0.0
    said = f"{moves.kept:,} of {plural(moves.shared, 'customer')} keep their segment"
    said += f"; {moves.moved:,} move ({number(share, 'share')})" if moves.moved else ""
    largest = _largest(found, moves)
    said += f", the largest group {largest}." if largest else "."
    alone = [(moves.left, "only here"), (moves.joined, "only there")]
    apart = " and ".join(
        f"{plural(n, 'customer')} {'is' if n == 1 else 'are'} {where}" for n, where in alone if n
    )
    return f"{said} {apart}, counted apart." if apart else said


def _largest(found: Comparison, moves: Moves) -> str:
    here, there = found.models[0], found.models[moves.model]
    streams = [
        (moves.count(a.number, b.number), a.name, b.name)
        for a in here.parts
        for b in there.parts
        if moves.match[a.number] != b.number
    ]
    count, one, other = max(streams, default=(0, "", ""), key=lambda stream: stream[0])
    return f"from “{one}” to “{other}” ({count:,})" if count else ""


def clearest(found: Comparison) -> tuple[Model, ...]:
    """The models whose segments are most clearly apart, of those on the same numbers as the study's.

    Those within what a sample leaves open of the best, or within 0.02 where values are exact, are as clear.
    """
    known = [m for m in found.models if m.made and m.space == 0 and m.silhouette is not None]
    best = max((m.silhouette.value for m in known if m.silhouette), default=0.0)
    return tuple(m for m in known if m.silhouette and _reach(m) >= best)


def _reach(model: Model) -> float:
    score = model.silhouette
    assert score is not None
    return score.high if score.high is not None else score.value + TIED


def apart(found: Comparison) -> str:
    """Which models are most clearly apart, and which can't be compared in this."""
    best = clearest(found)
    others = [m for m in found.models if m.made and m.space > 0]
    said = []
    if len(best) > 1:
        said.append(f"As clearly apart as each other: {_listed(best)}.")
    elif best and sum(m.made and m.space == 0 for m in found.models) > 1:
        said.append(f"Most clearly apart: “{best[0].name}”.")
    if others:
        are = (
            "is grouped by other numbers and stands"
            if len(others) == 1
            else "are grouped by other numbers and stand"
        )
        said.append(f"{_listed(others)} {are} apart: how clear its segments are can't be compared.")
    return " ".join(said)


def reliable(model: Model) -> str:
    """How many of a model's segments are reliable; why not where that can't be said."""
    known = [p.jaccard for p in model.parts if p.number and p.jaccard is not None]
    if not known:
        return "can't be judged"
    if model.groups == "none":
        return "withheld: no clear groups"
    return f"{sum(j >= RELIABLE for j in known)} of {len(known)} segments"


def seal(model: Model, jaccard: float | None) -> str:
    """The word for how repeatable a segment is; the number alone without clear groups; empty if not known."""
    if jaccard is None:
        return ""
    return f"{jaccard:.2f}" if model.groups == "none" else level(jaccard)


def _listed(models: list[Model] | tuple[Model, ...]) -> str:
    return " and ".join(f"“{m.name}”" for m in models)
