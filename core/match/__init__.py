"""Names that stay: segments matched to those of a reference study, and what became of each of these."""

from core.match.kept import kept
from core.match.match import match
from core.match.result import Match, Now, Part, Then
from core.match.words import listed, note, sentences

__all__ = ["Match", "Now", "Part", "Then", "kept", "listed", "match", "note", "sentences"]
