"""Who of the chosen customers goes into a file, and why the others do not."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from core.takeaway.addresses import everywhere, same
from core.takeaway.choices import Choices
from core.takeaway.consent import Consent
from core.takeaway.control import control
from core.takeaway.leave_out import LeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about all n customers of a data set that decides who goes; None where nothing is.

    Attributes
    ----------
    ids : pyarrow ChunkedArray of str (n,)
    emails : pyarrow Array of str (n,) or None
        As `core.takeaway.addresses` gives them.
    """

    ids: pa.ChunkedArray
    emails: pa.Array | None = None
    consent: Consent | None = None
    left_out: LeftOut | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Who goes; the counts add up to those who were chosen.

    Attributes
    ----------
    at : int array (m,)
        Places among the study's customers, in their order.
    control : bool array (m,)
        Who of them is in the control group.
    left_out, without_consent, without_email, held, repeated : int
        Customers who do not go, each counted under the first of these that holds.
    shared : int
        Customers who were chosen with an address that another one of them has, too.
    """

    at: np.ndarray
    control: np.ndarray
    left_out: int = 0
    without_consent: int = 0
    without_email: int = 0
    held: int = 0
    repeated: int = 0
    shared: int = 0


def going(choices: Choices, known: Known, at: np.ndarray, rows: np.ndarray) -> Going:
    """Who goes.

    Where a list is for writing to people, an address is one person: what holds for one customer of it (on the
    list to leave out, no consent, kept back) holds for all, also for those who were not chosen.

    Parameters
    ----------
    at : int array (m,)
        The chosen customers as places among the study's, ascending.
    rows : int array (m,)
        Their rows among the n customers of `known`.
    """
    address = None if known.emails is None else same(known.emails)
    people = address if choices.purpose != "list" else None
    drawn = control(known.ids, choices.held)
    drawn = drawn if people is None else everywhere(drawn, people)
    counts, left = {}, np.ones(rows.size, dtype=bool)
    for name, mask in _reasons(choices, known, drawn, people).items():
        now = left & mask[rows]
        counts[name] = int(now.sum())
        left &= ~now
    if people is not None:
        first = _first(people[rows], left)
        counts["repeated"] = int((left & ~first).sum())
        left = first
    shared = 0 if address is None else _shared(address[rows])
    return Going(at=at[left], control=drawn[rows][left], shared=shared, **counts)


def _reasons(
    choices: Choices, known: Known, drawn: np.ndarray, people: np.ndarray | None
) -> dict[str, np.ndarray]:
    """Which of the n customers do not go for which reason, the first that counts first."""
    nobody = np.zeros(drawn.size, dtype=bool)
    listed = nobody if known.left_out is None else known.left_out.listed
    refused = ~known.consent.given if known.consent is not None and choices.consent else nobody
    held = nobody if choices.marked and people is None else drawn
    if people is None:
        return {"left_out": listed, "without_consent": refused, "held": held}
    return {
        "left_out": everywhere(listed, people),
        "without_consent": everywhere(refused, people),
        "without_email": people < 0,
        "held": held,
    }


def _first(address: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Of those who are left the first of each address."""
    places = np.flatnonzero(left)
    _, first = np.unique(address[places], return_index=True)
    found = np.zeros(address.size, dtype=bool)
    found[places[first]] = True
    return found


def _shared(address: np.ndarray) -> int:
    counts = np.bincount(address[address >= 0])
    return int(counts[counts > 1].sum())
