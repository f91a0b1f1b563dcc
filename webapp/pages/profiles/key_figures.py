"""The key figures of Profiles: the labels, each a filter, and what changed in 30 days."""

from core.features.labels import said_rule
from core.profile import LabelShare, Profile
from core.words import about, day, number
from webapp.page import Scene
from webapp.pages.profiles.links import LABEL_WORDS, profiles_href
from webapp.parts import Figure

LABELS = ("high_value", "discount_seeker", "infrequent", "lapsed")


def key_figures(scene: Scene, profile: Profile) -> list[Figure]:
    """Four labels, each showing only its customers, and who moved since 30 days before the snapshot day."""
    found = {share.key: share for share in profile.labels}
    return [*(_label(scene, profile, found[key]) for key in LABELS if key in found), changed(scene, profile)]


def _label(scene: Scene, profile: Profile, share: LabelShare) -> Figure:
    label = LABEL_WORDS[share.key]
    if share.reason:
        return Figure(label=label, value="–", sub=f"Can't be judged. {share.reason}", term=share.key)
    chosen = scene.study.lens.label == share.key
    return Figure(
        label=label,
        value=f"{share.yes:,}",
        sub="Shown only. Show all" if chosen else _worth(scene, profile, share),
        help=f"{share.name}: {said_rule(share, scene.results.customers.currency)}.",
        term=share.key,
        href=profiles_href(scene.study.with_(label="all" if chosen else share.key)),
        on=chosen,
    )


def _worth(scene: Scene, profile: Profile, share: LabelShare) -> str:
    """What the customers of a label bring, or how many could be judged."""
    if share.key == "high_value" and share.value_share is not None:
        return f"bring {number(share.value_share, 'share')} of net sales"
    if share.key == "lapsed" and share.last_year is not None:
        return f"{about(share.last_year, 'money', scene.results.customers.currency)} in their last year"
    if share.judged_all < profile.customers:
        return f"of {share.judged_all:,} that can be judged"
    return f"{number(share.yes / profile.customers, 'share')} of customers" if profile.customers else ""


def changed(scene: Scene, profile: Profile) -> Figure:
    """Customers who moved up and down since 30 days before the snapshot day, by the same rules."""
    found, label = scene.results.change, "Change in 30 days"
    if found is None or found.reason:
        return Figure(label=label, value="–", sub=found.reason if found else "Not computed.", term="change")
    up, down = found.moved([s.number for s in profile.segments])
    shown = scene.study.lens.versus == "before"
    return Figure(
        label=label,
        value=f"▲ {up:,} ▼ {down:,}",
        sub="Shown below. Hide" if shown else f"moved up, down since {day(found.day)}; {found.new:,} new",
        help="Up is to a segment of higher value (a smaller number). Measured again with the data up to that "
        "day, and put into segments by the rules of today.",
        term="change",
        href=profiles_href(scene.study.with_(versus="" if shown else "before")),
        on=shown,
    )
