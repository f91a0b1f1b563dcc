"""Imported by the fork server of `core.child`, by nothing else: ties it to the process that started it."""

import os

from core.child import FORKSERVER_PARENT, die_with

PID = os.getpid()

die_with(int(os.environ[FORKSERVER_PARENT]))
