"""`make run`: web server and worker together, under supervisor, which starts either again when it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from supervisor.medusa.asyncore_25 import ExitNow
from supervisor.options import ServerOptions
from supervisor.states import ProcessStates, SupervisorStates
from supervisor.supervisord import Supervisor

from core.child import PARENT, die_with, die_with_parent
from webapp.settings import ROOT, Settings

APP = "webapp.wsgi:server"
BROKEN = {ProcessStates.FATAL}
NOT_STARTED = {ProcessStates.FATAL, ProcessStates.BACKOFF, ProcessStates.EXITED}


def prepare(settings: Settings) -> None:
    """Make the demo and its first view ready before the first page is asked for.

    Raises
    ------
    SystemExit
        2, when it can't be made; the command has said why.
    """
    command = [sys.executable, "-m", "webapp.first"]
    environment = {**os.environ, "DATA_DIR": str(settings.data_dir)}
    tether = partial(die_with, os.getpid())
    if subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, preexec_fn=tether
    ).returncode:
        raise SystemExit(2)


def main(app: str = APP, prepare: Callable[[Settings], None] = prepare) -> None:
    """Serve `app` and do its jobs until told to stop."""
    die_with_parent()
    settings = Settings.from_env()
    _refuse_busy_port(settings)
    try:
        prepare(settings)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    _tell_programs(settings, app)
    _supervise(settings)


def _refuse_busy_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            _leave(
                f"Port {settings.port} on {settings.host} can't be used: {error.strerror}. "
                "Set PORT to another one."
            )


def _tell_programs(settings: Settings, app: str) -> None:
    """What supervisord.conf and the programs it starts read from the environment."""
    os.environ |= {
        PARENT: str(os.getpid()),
        "DATA_DIR": str(settings.data_dir),
        "SEGMENT_ATLAS_APP": app,
        "SEGMENT_ATLAS_LOG": _log(settings.data_dir),
        "SEGMENT_ATLAS_PIDFILE": str(settings.data_dir / "supervisord.pid"),
        "SEGMENT_ATLAS_PYTHON": sys.executable,
    }


def _log(data_dir: Path) -> str:
    """supervisor opens its log by name, which standard error refuses where it is a socket."""
    try:
        open("/dev/stderr", "ab", buffering=0).close()
    except OSError:
        return str(data_dir / "serve.log")
    return "/dev/stderr"


class _Manager(Supervisor):
    """supervisord that says where the app is, and that ends when a part of it can't be started."""

    def __init__(self, options: ServerOptions, settings: Settings) -> None:
        super().__init__(options)
        self.settings, self.answered, self.gave_up = settings, False, False

    def tick(self, now: float | None = None) -> None:
        """What supervisord does in each round, at least once a second, after it has collected what ended."""
        super().tick(now)
        if not self.answered and _answers(self.settings):
            self.answered = True
            print(f"Segment Atlas is on http://{self.settings.address}", flush=True)
        if self.states() & (BROKEN if self.answered else NOT_STARTED):
            self.gave_up, self.options.mood = True, SupervisorStates.SHUTDOWN

    def states(self) -> set[int]:
        return {
            process.get_state()
            for group in self.process_groups.values()
            for process in group.processes.values()
        }


def _supervise(settings: Settings) -> None:
    options = ServerOptions()
    options.realize(["-c", str(ROOT / "supervisord.conf"), "-u", str(os.getuid())])
    options.first, options.test = True, False
    manager = _Manager(options, settings)
    with suppress(ExitNow):
        manager.main()  # once: a closed terminal (SIGHUP), at which supervisord would start anew, ends it
    if manager.gave_up:
        _leave("The app does not start; the lines above say why.", 1)


def _answers(settings: Settings) -> bool:
    """gunicorn listens once the app is loaded."""
    try:
        socket.create_connection((settings.host, settings.port), timeout=0.5).close()
    except OSError:
        return False
    return True


def _leave(sentence: str, code: int = 2) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
