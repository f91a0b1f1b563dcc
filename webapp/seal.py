"""Bytes sealed with a key, so that nothing is decoded that this app did not write."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from hashlib import blake2b

MAC_SIZE = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """A keyed BLAKE2 MAC in front of bytes.

    Parameters
    ----------
    secret : bytes
        The key that web and worker share.
    purpose : str
        What the bytes are for: something sealed for one purpose is refused for another.
    """

    secret: bytes = field(repr=False)
    purpose: str

    def close(self, value: bytes) -> bytes:
        """Return `value` with its MAC in front."""
        return self._mac(value) + value

    def open(self, sealed: bytes) -> bytes | None:
        """Return the value, None when it is cut, changed, or sealed by another key or for another purpose."""
        mac, value = sealed[:MAC_SIZE], sealed[MAC_SIZE:]
        return value if hmac.compare_digest(mac, self._mac(value)) else None

    def _mac(self, value: bytes) -> bytes:
        key = blake2b(self.purpose.encode(), key=blake2b(self.secret).digest()).digest()
        return blake2b(value, key=key, digest_size=MAC_SIZE).digest()
