"""What a team has given a study's segments."""

from dataclasses import dataclass, field

from core.io.sets.kept_rows import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """What a team has given a study's segments, by the numbers that these have here.

    Attributes
    ----------
    origins : dict of int to (str, int)
        Where each segment began, see `core.pipeline.origins`.
    given : dict of int to Given
    stamp : str
        A text that changes with every name and colour; empty where none is given.
    """

    origins: dict[int, tuple[str, int]] = field(default_factory=dict)
    given: dict[int, Given] = field(default_factory=dict)
    stamp: str = ""
