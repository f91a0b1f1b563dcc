"""What counts as consent: plain words of agreement and nothing else."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_YES: Final = (
    "yes y true t 1 1.0 on ja j wahr oui vrai si sí sim verdadero agreed accepted granted given confirmed"
    " allowed consent consented subscribed opted opt-in optin opted-in double-opt-in single-opt-in"
    " einwilligung zugestimmt erteilt"
)
_NO: Final = (
    "no n false f 0 0.0 off nein falsch non faux não nao never none declined refused rejected revoked"
    " withdrawn denied unsubscribed not-subscribed not-given opt-out optout opted-out unknown pending"
    " n/a na null"
)
YES: Final = frozenset(_YES.split())
"""Words of agreement, in small letters with `-` between their parts."""

NO: Final = frozenset(_NO.split())
"""Words that say that there is none, or not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Who agreed.

    Attributes
    ----------
    given : bool array (n,)
    unclear : tuple of (str, int)
        Words that say neither yes nor no, the most frequent first, with how many customers have them: they
        count as no consent.
    """

    given: np.ndarray
    unclear: tuple[tuple[str, int], ...]


def consent(values: pa.Array) -> Consent:
    """Who of n customers agreed, by what stands in their column; what is empty is no consent."""
    coded = values.dictionary_encode()
    words = [_plain(word) for word in coded.dictionary.to_pylist()]
    codes = pc.fill_null(coded.indices, len(words)).to_numpy(zero_copy_only=False)
    yes = np.array([*(word in YES for word in words), False])
    counts = np.bincount(codes, minlength=len(words) + 1)
    unclear = [
        (text, int(count))
        for text, word, count in zip(coded.dictionary.to_pylist(), words, counts, strict=False)
        if word not in YES | NO
    ]
    return Consent(given=yes[codes], unclear=tuple(sorted(unclear, key=lambda one: (-one[1], one[0]))))


def _plain(word: str) -> str:
    return "-".join(word.casefold().replace("_", " ").replace("-", " ").split())
