"""Before the first page: the demo's data, and the job that computes its default view. `python -m webapp.first`."""

import sys

from core.errors import UserError
from core.pipeline import key_of
from core.spec import Study
from webapp.results import Services
from webapp.settings import Settings

NEED = "profile"


def main() -> int:
    """Make the demo where it is not there yet, and queue its default study where it is not kept; 2 where it can't."""
    services = Services.of(Settings.from_env())
    study = Study()
    key = key_of(study, NEED)
    try:
        services.store.ensure_demo()
        if services.door.get(key) is None:
            services.jobs.submit("study", key, {"query": study.query(), "need": NEED})
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
