"""Letters: written where pages are written, in the recipient's language; `consult.jobs` hands them over."""

from consult.web.letters.writing import write

__all__ = ["write"]
