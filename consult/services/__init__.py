"""The deeds: each takes an actor, is one transaction, and refuses with Refused(Reason)."""
