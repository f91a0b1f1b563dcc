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
        return self.mac(value) + value

    def open(self, sealed: bytes) -> bytes | None:
        """Return the value, None when it is cut, changed, or sealed by another key or for another purpose."""
        mac, value = sealed[:MAC_SIZE], sealed[MAC_SIZE:]
        return value if self.fits(mac, value) else None

    def fits(self, mac: bytes, *parts: bytes) -> bool:
        """Whether `mac` is that of the bytes of the parts, one after the other."""
        return hmac.compare_digest(mac, self.mac(*parts))

    def mac(self, *parts: bytes) -> bytes:
        """The MAC of the bytes of the parts, one after the other."""
        key = blake2b(self.purpose.encode(), key=blake2b(self.secret).digest()).digest()
        found = blake2b(key=key, digest_size=MAC_SIZE)
        for part in parts:
            found.update(part)
        return found.digest()
