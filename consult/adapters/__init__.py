"""The outside: one file a neighbour."""
