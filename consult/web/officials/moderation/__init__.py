"""The moderation desk: the queue, decisions, hard cases, and what authors are usually told."""

from consult.web.officials.moderation import acts, item, queue, reasons, together

__all__ = ["acts", "item", "queue", "reasons", "together"]
