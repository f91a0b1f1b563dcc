"""The key figures of Compare."""

from core.compare import Comparison, Model, said
from core.words import clearly_apart, number
from webapp.page import Scene
from webapp.pages.compare.links import staying
from webapp.parts import Figure


def key_figures(scene: Scene, found: Comparison) -> list[Figure]:
    """Who keeps the segment, which model agrees most, which is most clearly apart and most reliable."""
    share = found.kept / found.customers if found.customers and found.moves else None
    most = max(found.moves, key=lambda m: found.rand[0, m.model], default=None)
    best = said.clearest(found)
    clear = best[0].silhouette if best else None
    figures = [
        Figure(
            label="Keep their segment",
            value=number(share, "share"),
            sub="of customers, in every model" if len(found.moves) > 1 else "of customers",
            href=staying(scene, found) if found.kept else "",
            term="kept",
        ),
        Figure(
            label="Agreement with this view",
            value=number(float(found.rand[0, most.model]), "r") if most else "–",
            sub=f"{'at best, ' if len(found.moves) > 1 else ''}{found.models[most.model].name}"
            if most
            else "",
            term="agreement",
        ),
        Figure(
            label="Most clearly apart",
            value=clearly_apart(clear.value if clear else None),
            sub=" or ".join(model.name for model in best),
            term="silhouette",
        ),
    ]
    steady = max((m for m in found.models if m.made), key=_steady)
    if steady.sampled and steady.groups != "none":
        figures.append(
            Figure(
                label="Most reliable",
                value=said.reliable(steady),
                sub=steady.name,
                term="reliability",
            )
        )
    return figures


def _steady(model: Model) -> float:
    """Share of a model's customers in reliable segments."""
    if model.groups == "none":
        return 0.0
    return sum(p.share for p in model.parts if p.jaccard is not None and p.jaccard >= said.RELIABLE)
