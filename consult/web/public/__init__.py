"""Pages that everybody can read."""

from consult.web.public import consultations, home, questions
from consult.web.public.blueprint import bp

__all__ = ["bp", "consultations", "home", "questions"]
