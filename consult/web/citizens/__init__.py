"""Pages about oneself: registering, signing in and out, own contributions."""

from consult.web.citizens import contributions, sign_in
from consult.web.citizens.blueprint import bp

__all__ = ["bp", "contributions", "sign_in"]
