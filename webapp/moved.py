"""The list of those who are in another segment by another way to group the same customers."""

from core.features.cohort import moving_to
from core.spec import Study
from webapp.marks import href


def moved_from(study: Study, other: Study | None) -> str:
    """The customers of a study who are in another segment in another one; empty where it can't be asked.

    A comparison takes what differs in the other study: of the same data, and of the same customers included.
    """
    if other is None:
        return ""
    plain = study.with_(against=None, show=[], label=None)
    text = plain.apart(other)
    if not text or plain.other(text).key("cluster") != other.key("cluster"):
        return ""
    asked = plain.with_(against=[text])
    return "" if asked.notes or not asked.lens.against else href(asked, [moving_to(1)])
