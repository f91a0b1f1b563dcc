"""What can be chosen about a list to take away, and what was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import UserError
from core.features.contacts import Contact, consent_of, contacts, email_of
from core.features.labels import LABELS
from core.io.dataset import Dataset
from core.takeaway.control import SHARES
from core.takeaway.listed import UNUSUAL, Listed

PURPOSES: Final[Mapping[str, str]] = {
    "list": "A list",
    "email": "An e-mail tool",
    "audience": "An ad audience",
}
"""What a list is for -> its words."""

FORMS: Final[Mapping[str, str]] = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}
"""File ending -> its words."""

TICKED: Final = ("id", "segment")
EMAIL: Final = "Email"
"""The column of addresses in a list for an e-mail tool or an ad audience."""

_WORDS: Final = {
    "id": "Customer number",
    "segment": "Segment",
    "segment_name": "Name of the segment",
    UNUSUAL: "Unusual values",
}
_NO_EMAIL: Final = (
    "This data set has no column with e-mail addresses.",
    "Choose which column it is under What the columns mean on Data, or add a customer table with one.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was chosen about a list.

    Attributes
    ----------
    purpose, form : str
        Keys of `PURPOSES` and `FORMS`.
    columns : tuple of str
        Slugs of `Listed.slugs`.
    personal : tuple of str
        Slugs of columns about persons.
    consent : bool
        Only customers with consent.
    held : int
        Percent of the customers kept back as a control group, one of `SHARES`.
    marked : bool
        The control group stays in the file and is marked in a column; only for the purpose `list`.
    leave_out : Path or None
        A list of customers to leave out.
    """

    purpose: str = "list"
    form: str = "csv"
    columns: tuple[str, ...] = TICKED
    personal: tuple[str, ...] = ()
    consent: bool = False
    held: int = 0
    marked: bool = False
    leave_out: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a study's customers can be taken away with.

    Attributes
    ----------
    columns : tuple of (slug, words)
        Numbers, measures and labels.
    personal : tuple of Contact
        Columns about persons, the one with e-mail addresses first.
    email, consent : Contact or None
        The columns that say where to write and who agreed.
    """

    columns: tuple[tuple[str, str], ...]
    personal: tuple[Contact, ...]
    email: Contact | None
    consent: Contact | None


def offer(dataset: Dataset, listed: Listed) -> Offer:
    """What the customers of a data set can be taken away with."""
    found = contacts(dataset)
    labels = {name: m.label for name, m in listed.measures.items()}
    words = {**labels, **LABELS, **_WORDS}
    email = email_of(found)
    return Offer(
        columns=tuple((slug, words[slug]) for slug in listed.slugs),
        personal=tuple(sorted(found, key=lambda c: c is not email)),
        email=email,
        consent=consent_of(found),
    )


def checked(choices: Choices, offered: Offer) -> Choices:
    """The choices where they can be met.

    Raises
    ------
    UserError
        For what is not offered: a column, an e-mail list without addresses, consent that nobody knows.
    """
    _known("a purpose", [choices.purpose], PURPOSES)
    _known("a kind of file", [choices.form], FORMS)
    _known("a column of this list", choices.columns, [slug for slug, _ in offered.columns])
    _known("a personal column of this data set", choices.personal, [c.slug for c in offered.personal])
    _known("a share to keep back", [str(choices.held)], [str(s) for s in SHARES])
    if choices.purpose != "list" and offered.email is None:
        raise UserError(*_NO_EMAIL)
    if choices.consent and offered.consent is None:
        raise UserError(
            "This data set has no column that says who agreed to be written to.",
            "Check consent yourself and take the list without this choice.",
        )
    if choices.purpose == "list" and not (choices.columns or choices.personal):
        raise UserError("No column is chosen.", "Choose at least one.")
    return choices


def _known(what: str, given: Sequence[str], offered: Iterable[str]) -> None:
    options = list(offered)
    strange = next((one for one in given if one not in options), None)
    if strange is not None:
        hint = f"Choose among {', '.join(options[:30])}." if options else "There is none: leave it away."
        raise UserError(f"“{strange[:40]}” is not {what}.", hint)
