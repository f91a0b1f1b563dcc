"""The tests behind what may be claimed: which differences between the segments are more than chance."""

import numpy as np

from core.differences.evidence import LEVEL
from core.differences.result import Category, Number
from core.profile import Profile
from core.profile.profile import SMALL
from core.words import plural
from webapp import parts
from webapp.page import Scene
from webapp.parts import Component

TITLE = "Which differences are more than chance?"


def chance(scene: Scene, profile: Profile) -> Component:
    """A row per attribute that was tested, a column per segment; nothing where it was not asked for."""
    found = scene.results.differences
    if scene.study.lens.tests != "shown" or found is None:
        return None
    every: list[Number | Category] = [*found.numbers, *found.categories]
    tested = [one for one in every if np.isfinite(_p(one)).any()]
    made = [one.label for one in every if one.made]
    built = f" Not tested, since the segments were built on them: {', '.join(made)}." if made else ""
    if not tested:
        return parts.card_table(TITLE, f"There is nothing to test.{built}", None, anchor="tests")
    some = f" They look at a sample of {found.tested:,}." if found.tested < profile.customers else ""
    told = (
        f"Each segment beside the rest: {plural(found.tests, 'test')}, corrected for their number (Holm). "
        f"A difference is claimed where p is under {LEVEL:g} and zero is outside its likely range."
        f"{some}{built}"
    )
    columns = [("corrected_p", "Attribute"), *((f"segment_{s.number}", s.name) for s in profile.segments)]
    rows = [
        [one.label, *(_cell(one, at) if s.size >= SMALL else "–" for at, s in enumerate(profile.segments))]
        for one in tested
    ]
    return parts.card_table(TITLE, told, parts.table(columns, rows, TITLE), anchor="tests")


def _p(one: Number | Category) -> np.ndarray:
    """The corrected p of each segment (s,); of a category that of its level that differs most."""
    if isinstance(one, Number):
        return np.asarray(one.each[4])
    return np.asarray(np.where(np.isnan(one.p), np.inf, one.p).min(axis=1, initial=np.inf))


def _cell(one: Number | Category, at: int) -> str:
    p = float(_p(one)[at])
    if not np.isfinite(p):
        return "not tested"
    said = "p < 0.001" if p < 0.001 else f"p = {min(p, 1.0):.3f}"
    if isinstance(one, Number):
        word = ("▲ more" if one.each[1, at] > one.each[2, at] else "▼ less") if one.claimed(at) else ""
    else:
        word = "differs" if p < LEVEL else ""
    return f"{word or ('not claimed' if p < LEVEL else 'may be chance')}, {said}"
