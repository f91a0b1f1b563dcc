"""What became of a list, in counts and in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.takeaway.choices import Choices, Offer
from core.takeaway.consent import Consent
from core.takeaway.files import MOST_SIGNS
from core.takeaway.going import Going, Known
from core.takeaway.leave_out import LeftOut
from core.takeaway.listed import CONTROL
from core.words import plural

_WORDS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a list.

    Attributes
    ----------
    chosen, exported : int
        Customers chosen, and rows in the file.
    left_out, without_consent, without_email, held, repeated : int
        Customers chosen who are not in the file, each counted once: together with `exported` they are
        `chosen`.
    sentence : str
        The same in words.
    notes : tuple of str
        What else a person should know about the file.
    """

    chosen: int
    exported: int
    left_out: int
    without_consent: int
    without_email: int
    held: int
    repeated: int
    sentence: str
    notes: tuple[str, ...] = ()


def told(choices: Choices, offered: Offer, known: Known, found: Going, chosen: int) -> Taken:
    """What became of a list of `chosen` customers."""
    exported = int(found.at.size)
    reasons = (
        (choices.purpose != "list", found.without_email, "without e-mail"),
        (choices.consent, found.without_consent, "without consent"),
        (choices.held and not (choices.marked and choices.purpose == "list"), found.held, "held back"),
        (choices.leave_out is not None, found.left_out, "on your leave-out list"),
        (found.repeated, found.repeated, "with the e-mail of another"),
    )
    said = [f"{count:,} {words}" for asked, count, words in reasons if asked]
    sentence = f"{exported:,} exported" + (f": {', '.join(said)}." if said else ".")
    return Taken(
        chosen=chosen,
        exported=exported,
        left_out=found.left_out,
        without_consent=found.without_consent,
        without_email=found.without_email,
        held=found.held,
        repeated=found.repeated,
        sentence=sentence,
        notes=tuple(_notes(choices, offered, known, found)),
    )


def _notes(choices: Choices, offered: Offer, known: Known, found: Going) -> Iterator[str]:
    if choices.held and choices.marked and choices.purpose == "list":
        count = int(found.control.sum())
        yield f"{plural(count, 'customer')} of the control group: marked in the column “{CONTROL}”."
    if known.consent is not None and known.consent.unclear:
        yield _unclear(known.consent)
    if offered.consent is None and writes_to_people(choices, offered):
        yield "No consent column: you must check consent yourself."
    if known.left_out is not None and known.left_out.unmatched:
        yield _unmatched(known.left_out)
    if found.shared and choices.purpose == "list":
        yield f"{found.shared:,} customers share an e-mail address with another."


def _unclear(said: Consent) -> str:
    words = ", ".join(f"“{w[:40]}” ({n:,} in all)" for w, n in said.unclear[:_WORDS_SHOWN])
    more = ", …" if len(said.unclear) > _WORDS_SHOWN else ""
    return f"Neither yes nor no, and counted as no consent: {words}{more}."


def _unmatched(found: LeftOut) -> str:
    names = ", ".join(f"“{e[:40]}”" for e in found.examples)
    more = ", …" if found.unmatched > len(found.examples) else "."
    return f"{plural(found.unmatched, 'entry', 'entries')} of your leave-out list: nobody here. {names}{more}"


def cut_notes(cut: int) -> tuple[str, ...]:
    """Texts that did not fit into a cell."""
    return (
        (f"{plural(cut, 'text')} cut at {MOST_SIGNS:,} signs, the most an Excel cell holds.",) if cut else ()
    )


def writes_to_people(choices: Choices, offered: Offer) -> bool:
    """Whether a list has what it takes to write to the customers."""
    return choices.purpose != "list" or (offered.email is not None and offered.email.slug in choices.personal)
