"""Environments of their own, for peers that need older libraries than ours."""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path


def python_with(name: str, needs: Sequence[str], seconds: int) -> Path | None:
    """The Python of an environment, made once in the user's cache folder; None where that can't be done."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "segment-atlas-bench" / f"{name}-{sys.version_info.major}.{sys.version_info.minor}"
    python, made = home / "bin" / "python", home / "made"
    if made.exists():
        return python
    try:
        venv.create(home, clear=True, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--only-binary=:all:", *needs]
        subprocess.run(command, check=True, capture_output=True, timeout=seconds)
    except (OSError, subprocess.SubprocessError):
        return None
    made.touch()
    return python
