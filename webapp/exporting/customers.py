"""The customers that a list is about: read from the study's roll, never from whole results."""

import numpy as np

from core.errors import UserError
from core.pipeline import called
from core.spec import Study
from core.takeaway import Listed
from webapp import rolls
from webapp.results import Services


def customers_of(
    services: Services, study: Study, patience: float, everybody: bool = False
) -> tuple[Listed, np.ndarray]:
    """A study's customers, and the places of those whom its segment and its lens show, ascending.

    With `everybody` also those whom cleaning left out of the segments, as on the page Customers.

    Raises
    ------
    Pending
        When the study is not computed within `patience` seconds.
    UserError
        When the study has no such segment.
    """
    roll = rolls.roll(services, study, patience)
    if study.lens.segment and roll.number(study.lens.segment) is None:
        raise UserError(
            f"There is no segment {study.lens.segment[:20]} in this view.",
            "Open one of its segments on Profiles.",
        )
    began = {number: (query, there) for number, query, there in roll.origins}
    names = called(dict(roll.segments), began, services.store.kept.given)
    found = Listed(
        customers=roll.customers,
        labels=roll.labels,
        names=names,
        unusual=None if everybody else roll.unusual,  # who was left out was not judged
        release=roll.release,
    )
    return found, np.flatnonzero(roll.shown(study, left_out=everybody))
