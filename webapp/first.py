"""Before the first page: the demo's data, and the job that computes its default view."""

import sys

from core.errors import UserError
from core.pipeline import key_of
from core.spec import Study
from webapp.results import Services
from webapp.settings import Settings

NEED = "profile"


def main() -> int:
    """Make the demo and queue its default study, where they are not there yet; 2 where that can't be."""
    services = Services.of(Settings.from_env())
    study = Study()
    key = key_of(study, NEED)
    try:
        services.store.ensure_demo()
        if services.door.of(study.source.ds).get(key) is None:
            services.jobs.submit("study", key, {"query": study.query(), "need": NEED}, study.source.ds)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
