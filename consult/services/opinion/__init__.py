"""Opinion groups: computing them, and when that is done."""

from consult.services.opinion.asking import ask_for_opinion, compute_due_opinions, opinion_asked
from consult.services.opinion.computing import compute_opinion

__all__ = ["ask_for_opinion", "compute_due_opinions", "compute_opinion", "opinion_asked"]
