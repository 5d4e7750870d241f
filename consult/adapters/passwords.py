"""Hashing passwords with argon2id at OWASP's minimum: 19 MiB, 2 passes, 1 lane."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(4)
"""Four hashes at once hold 76 MiB; more would let a flood of sign-ins take the memory."""


def hashed(password: str) -> str:
    """The hash to keep, with its parameters and salt."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(password: str, kept_hash: str | None) -> bool:
    """Whether the password has this hash; for an unknown account (None) as slow as for a known one."""
    with _AT_ONCE:
        try:
            _HASHER.verify(kept_hash or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept_hash is not None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("a password that nobody has")
