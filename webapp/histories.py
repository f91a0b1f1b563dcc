"""The orders of one customer: read by the worker, since web processes ask no engine."""

from core.codec import decode
from core.errors import UserError
from core.features.history import History
from core.pipeline import Results
from core.spec import Study
from webapp import rolls
from webapp.results import PATIENCE, Pending, Services


def history(services: Services, study: Study, results: Results, address: str) -> History | None:
    """The orders of the customer with an address of the study's roll; None where the data has no orders.

    Raises
    ------
    Pending
        While the worker reads them.
    UserError
        When it can't.
    """
    if results.customers.kind != "log" or results.customers.as_of is None:
        return None
    ds = services.store.get(study.source.ds).id
    key = f"history-{study.key('clean')}-{address}"
    found = _kept(services, key)
    if found is not None:
        return found
    payload = {
        "query": study.query(),
        "roll": rolls.name(services, study),
        "customer": address,
        "as_of": results.customers.as_of.isoformat(),
    }
    services.jobs.submit("history", key, payload, ds)
    job = services.jobs.wait(key, PATIENCE)
    if job is not None and job.state in ("failed", "cancelled"):
        raise UserError(job.message or "This was cancelled.", job.hint or "Reload the page to try again.")
    found = _kept(services, key)
    if found is None and job is not None:
        raise Pending(job)
    return found


def _kept(services: Services, key: str) -> History | None:
    job = services.jobs.status(key)
    data = services.jobs.result(key) if job is not None and job.state == "done" else None
    if data is None:
        return None
    found: History = decode(History, data)
    return found
