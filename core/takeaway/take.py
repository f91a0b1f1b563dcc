"""A list written to a file, with the count of who is not in it and why."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.cluster.contract import Progress, silent
from core.errors import UserError
from core.features import contact_values
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.spec import Clean
from core.takeaway.addresses import addresses, audience
from core.takeaway.choices import EMAIL, Choices, Offer, checked, offer
from core.takeaway.consent import Consent, consent
from core.takeaway.files import WRITERS, check_room
from core.takeaway.going import Going, Known, going
from core.takeaway.leave_out import entries, left_out
from core.takeaway.listed import CHUNK, CONTROL, Listed
from core.takeaway.told import Taken, cut_notes, told


def take(
    path: Path,
    listed: Listed,
    at: np.ndarray,
    choices: Choices,
    source: tuple[Engine, Dataset, Clean],
    progress: Progress = silent,
) -> Taken:
    """Write the customers at some places to a file.

    Parameters
    ----------
    path : Path
        Written over; nothing is left of it where the writing fails.
    listed : Listed
    at : int array
        Places among the study's customers, ascending.
    choices : Choices
    source : (Engine, Dataset, Clean)
        Where columns about persons are read, and after which recipe.

    Raises
    ------
    UserError
        For a choice that can't be met, a list to leave out that can't be read, nobody left, too many rows
        for the file.
    """
    dataset = source[1]
    offered = offer(dataset, listed)
    checked(choices, offered)
    progress("Looking up consent and addresses" if _needs_persons(choices) else "Choosing customers", 0.1)
    persons = _persons(listed, choices, offered, source)
    known = _known(listed, choices, offered, persons)
    found = going(choices, known, at, listed.rows_of(at))
    names = _names(choices)
    check_room(choices.form, found.at.size, len(names))
    made = told(choices, offered, known, found, at.size)
    if not found.at.size:
        raise UserError(f"Nobody is left for the file: {made.sentence}", "Change what is left out.")
    try:
        cut = WRITERS[choices.form](path, names, _blocks(listed, choices, found, known, persons, progress))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return replace(made, notes=(*made.notes, *cut_notes(cut)))


def _needs_persons(choices: Choices) -> bool:
    return choices.purpose != "list" or choices.consent or bool(choices.personal)


def _persons(
    listed: Listed, choices: Choices, offered: Offer, source: tuple[Engine, Dataset, Clean]
) -> dict[str, pa.Array]:
    """The columns about persons that are needed, for every customer of the sheet."""
    email = choices.purpose != "list" or choices.leave_out is not None
    wanted = [c for c in offered.personal if c.slug in choices.personal]
    wanted += [c for c in (offered.email,) if c is not None and email and c not in wanted]
    wanted += [c for c in (offered.consent,) if c is not None and choices.consent and c not in wanted]
    if not wanted:
        return {}
    return contact_values.read(*source, tuple(wanted), listed.customers.table["id"])


def _known(listed: Listed, choices: Choices, offered: Offer, persons: dict[str, pa.Array]) -> Known:
    ids = listed.customers.table["id"]
    email, asked = offered.email, offered.consent
    emails = addresses(persons[email.slug]) if email is not None and email.slug in persons else None
    said: Consent | None = None
    if choices.consent and asked is not None:
        said = consent(persons[asked.slug])
    out = None if choices.leave_out is None else left_out(entries(choices.leave_out), ids, emails)
    return Known(ids=ids, emails=emails, consent=said, left_out=out)


def _names(choices: Choices) -> list[str]:
    """The header of the file."""
    match choices.purpose:
        case "audience":
            return [EMAIL]
        case "email":
            return [EMAIL, *choices.columns, *choices.personal]
    mark = [CONTROL] if choices.held and choices.marked else []
    return [*choices.columns, *choices.personal, *mark]


def _blocks(
    listed: Listed,
    choices: Choices,
    found: Going,
    known: Known,
    persons: dict[str, pa.Array],
    progress: Progress,
) -> Iterator[list[pa.Array]]:
    for start in range(0, found.at.size, CHUNK):
        progress("Writing the file", 0.3 + 0.7 * start / found.at.size)
        part = slice(start, start + CHUNK)
        yield _block(listed, choices, found, known, persons, part)


def _block(
    listed: Listed,
    choices: Choices,
    found: Going,
    known: Known,
    persons: dict[str, pa.Array],
    part: slice,
) -> list[pa.Array]:
    at = found.at[part]
    rows = pa.array(listed.rows_of(at))
    if choices.purpose == "audience":
        assert known.emails is not None, "checked"
        return [audience(known.emails.take(rows))]
    columns = [*listed.arrays(choices.columns, at), *(persons[slug].take(rows) for slug in choices.personal)]
    if choices.purpose == "email":
        assert known.emails is not None, "checked"
        return [known.emails.take(rows), *columns]
    return [*columns, pa.array(found.control[part])] if choices.held and choices.marked else columns
