"""Asks the questions of a scene in a piece of work."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import ibis.expr.types as ir
import pyarrow as pa

from core.features.scene import Scene
from core.features.snapshot import Snapshot
from core.io.engine import Engine
from core.io.query.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Asks questions whose SQL is compiled once for all parts and all logs of a scene."""

    engine: Engine
    work: Work
    scene: Scene

    def on(self, seen: Snapshot) -> "Asker":
        """The same on the scene's snapshot day."""
        return replace(self, scene=self.scene.seen(seen))

    def sql(self, name: str, make: Callable[[], ir.Table], *more: object) -> str:
        """SQL of a question; `more` is what it depends on beside the scene."""
        return self.engine.compiled((name, self.scene, *more), make)

    def run(self, name: str, make: Callable[[], ir.Table], *more: object) -> pa.Table:
        """The answer to a question."""
        return self.work.run(self.sql(name, make, *more))
