"""The dialog of a list to take away, as HTML that the page's own script puts into a `<dialog>`."""

from typing import Any, Final

from flask import Flask, render_template, request

from core.spec import Study
from core.takeaway.choices import FORMS, PURPOSES, TICKED, offer
from core.takeaway.control import SHARES
from core.takeaway.leave_out import MOST
from core.words import plural
from webapp.answers import answer, asked_study
from webapp.exporting.customers import customers_of
from webapp.exporting.names import stem
from webapp.results import Services

PATIENCE: Final = 20.0


def register(server: Flask, services: Services) -> None:
    """Register `GET /export/dialog`, which takes a page's query, `segment=` and `everybody=1`."""

    @server.get("/export/dialog")
    def dialog() -> Any:
        everybody = bool(request.args.get("everybody"))
        return answer(lambda: render_template("export.html", **about(services, asked_study(), everybody)))


def about(services: Services, study: Study, everybody: bool) -> dict[str, Any]:
    """What the dialog says about a study's customers, or those of its segment."""
    plain = study.with_(show=[], label="all", segment=study.lens.segment)
    listed, at = customers_of(services, plain, PATIENCE, everybody)
    dataset = services.store.get(study.source.ds)
    filtered = bool(study.lens.show) or study.lens.label != "all"
    shown = customers_of(services, study, PATIENCE, everybody)[1].size if filtered else at.size
    offered = offer(dataset, listed)
    return {
        "query": study.query(),
        "segment": study.lens.segment,
        "everybody": everybody,
        "whom": _whom(study, listed.names, at.size),
        "count": at.size,
        "shown": int(shown),
        "filtered": filtered,
        "purposes": PURPOSES,
        "forms": FORMS,
        "columns": offered.columns,
        "ticked": TICKED,
        "personal": offered.personal,
        "email": offered.email,
        "consent": offered.consent,
        "shares": SHARES,
        "most": MOST,
        "stem": stem(study, listed.names, listed.customers.as_of),
    }


def _whom(study: Study, names: Any, count: int) -> str:
    """Everybody, in words."""
    if not study.lens.segment:
        return f"All {plural(count, 'customer')}"
    number = int(study.lens.segment) if study.lens.segment.isdigit() else 0
    return f"All {plural(count, 'customer')} of “{names[number]}”"
