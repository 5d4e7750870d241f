"""Hashing passwords with argon2id at OWASP's minimum: 19 MiB, 2 passes, 1 lane."""

import base64
import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consult.adapters.guesses import guesses_needed
from consult.domain.people import check_guesses, check_password

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(4)
"""Four hashes at once hold 76 MiB; more would let a flood of sign-ins take the memory."""


def chosen(password: str, *, email: str = "", name: str = "") -> str:
    """The hash to keep of a password that somebody chose for an account with this address and name.

    Raises:
        Refused: PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_COMMON.
    """
    check_password(password, email=email)
    check_guesses(guesses_needed(password, about=(email, email.partition("@")[0], *name.split())))
    return hashed(password)


def hashed(password: str) -> str:
    """The hash to keep, with its parameters and salt."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(password: str, kept_hash: str | None) -> bool:
    """Whether the password has this hash; as slow where there is none to match, None or empty."""
    with _AT_ONCE:
        try:
            _HASHER.verify(kept_hash or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept_hash)


@cache
def _nobodys_hash() -> str:
    """Takes as long to compare with as any other; no password has it, for the digest is drawn."""
    salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    memory, passes, lanes = _HASHER.memory_cost, _HASHER.time_cost, _HASHER.parallelism
    return f"$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${digest}"
