"""Pages about oneself: registering, signing in and out, the account, own contributions, own data."""

from consult.web.citizens import (
    account,
    appeals,
    contributions,
    dashboard,
    identity,
    notifications,
    own_data,
    passwords,
    registration,
    reports,
    second_factor,
    sign_in,
)
from consult.web.citizens.blueprint import bp

__all__ = [
    "account",
    "appeals",
    "bp",
    "contributions",
    "dashboard",
    "identity",
    "notifications",
    "own_data",
    "passwords",
    "registration",
    "reports",
    "second_factor",
    "sign_in",
]
