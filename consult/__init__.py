"""Consult: the topics of an agenda become open questions that citizens answer and officials account for."""

__version__ = "0.1.0"
