"""Pages of administrators: accounts, the audit log, rules, rude words, how the authority shows itself."""

from consult.web.administration import audit, people, profanity, rules, settings
from consult.web.administration.blueprint import bp

__all__ = ["audit", "bp", "people", "profanity", "rules", "settings"]
