"""gunicorn's settings, for `make run` and for a host's `web:` line alike. The app opens nothing at import."""

import os

from core.child import die_with, die_with_parent
from webapp.settings import Settings

die_with_parent()

bind = Settings.from_env().address
worker_class = "gthread"
threads = 8
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
preload_app = True
timeout = 60
graceful_timeout = 3  # nothing of ours lives 5 s after its parent was told to stop
keepalive = 5
loglevel = "warning"
limit_request_line = 8190  # a view is its URL
control_socket_disable = True


def post_fork(server, worker):  # type: ignore[no-untyped-def]
    """Tie a web process to its master."""
    die_with(worker.ppid)
