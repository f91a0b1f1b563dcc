"""Names that stay: the link that keeps them, and what became of the saved segments."""

from dash import html

from core.match import Match, listed, sentences
from core.spec import Study
from webapp import parts
from webapp.page import Scene
from webapp.parts import Component
from webapp.shell import kept_query, own_query

FATES = {"kept": "kept", "split": "split up", "merged": "merged", "gone": "gone"}


def card(scene: Scene) -> Component:
    """What became of the saved segments; without such, the link that saves these."""
    if not scene.study.cluster.ref:
        return _offer(scene)
    found = scene.results.match
    assert found is not None
    stop = parts.link("Stop keeping names", _href(scene.study.alone))
    content = [
        *([_table(found)] if found.then else []),
        html.Ul([html.Li(said) for said in sentences(found)]),
        html.P(stop),
    ]
    answer = "Numbers, names and colours are kept where a segment is mostly made of the same customers."
    return parts.card_table("What became of the saved segments?", answer, html.Div(content))


def no_longer(scene: Scene, asked: str) -> tuple[str, str] | None:
    """Of a saved segment that this view does not have: where its customers are, and what it was called."""
    found = scene.results.match
    then = found.gone(int(asked)) if found is not None and asked.isascii() and asked.isdigit() else None
    if then is None:
        return None
    where = f"; its customers are now in {listed(then.parts)}" if then.parts else ""
    return f"This segment no longer exists{where}.", f"It was called “{then.name}”."


def keeping(study: Study) -> Study:
    """The study with its own segments as those that are saved; without them where the link is too long."""
    return study.with_(ref=own_query(study.alone))


def _offer(scene: Scene) -> Component:
    kept = keeping(scene.study)
    profile = scene.results.profile
    if not kept.cluster.ref or profile is None or not any(s.number for s in profile.segments):
        return None
    told = " The next change of a setting then leaves segments their numbers, names and colours."
    return html.P([parts.link("Keep these names", _href(kept)), told], className="atlas-scope")


def _href(study: Study) -> str:
    return f"/clustering{kept_query(study)}"


def _table(found: Match) -> Component:
    columns = [("name", "Saved segment"), ("size", "Customers then"), ("fate", "Now"), ("because", "Where")]
    rows = [
        [t.name, f"{t.size:,}", FATES[found.fate(t)], listed(t.parts) if t.parts else "–"] for t in found.then
    ]
    return parts.table(columns, rows, "What became of the saved segments?")
