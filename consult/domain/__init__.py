"""The rules: pure values and decisions, without clock, database or network."""
