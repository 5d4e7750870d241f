"""Identities that a provider vouches for: the way there and back, and what it says of a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Journey:
    """A way to the provider and back: where to send the browser, and what its return must match."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Claims:
    """What the provider says of a person; `email` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    email: str
    name: str
