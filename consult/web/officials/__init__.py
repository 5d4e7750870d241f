"""Pages of officials and administrators."""

from consult.web.officials import agendas, audit, consultations, desk, exports, moderation, questions
from consult.web.officials.blueprint import bp

__all__ = ["agendas", "audit", "bp", "consultations", "desk", "exports", "moderation", "questions"]
