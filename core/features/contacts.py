"""What a data set holds about persons and no page shows: e-mail, consent, names; by customer."""

from dataclasses import dataclass
from typing import Final

from core.io.dataset import Column, Dataset

ROLES: Final = ("email", "consent", "personal")
EMAIL: Final = "e-mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A column about persons.

    Attributes
    ----------
    slug, label : str
        Its name in the stored table, and the file's own name of it.
    role : str
        `email`, `consent` or `personal`.
    kind : str
        A word of `core.io.meaning.personal.KINDS`, or empty.
    joined : bool
        Whether it is a column of the customer table beside a log.
    """

    slug: str
    label: str
    role: str
    kind: str
    joined: bool


def contacts(dataset: Dataset) -> tuple[Contact, ...]:
    """The columns about persons: of the customer table beside a log first, then of the main table."""
    beside = dataset.people.by_role(*ROLES) if dataset.people and dataset.people.one("id") else ()
    by_name = dataset.kind == "customers" or dataset.table.one("id") is not None
    own = dataset.table.by_role(*ROLES) if by_name else ()
    found = {c.slug: _contact(c, joined=True) for c in beside}
    for column in own:
        found.setdefault(column.slug, _contact(column, joined=False))
    return tuple(found.values())


def email_of(found: tuple[Contact, ...]) -> Contact | None:
    """The column with the e-mail addresses, None without one."""
    named = (c for c in found if c.role == "email")
    return next(named, None) or next((c for c in found if c.kind == EMAIL), None)


def consent_of(found: tuple[Contact, ...]) -> Contact | None:
    """The column that says who agreed, None without one."""
    return next((c for c in found if c.role == "consent"), None)


def _contact(column: Column, joined: bool) -> Contact:
    return Contact(
        slug=column.slug,
        label=column.name,
        role=column.role,
        kind=column.personal,
        joined=joined,
    )
