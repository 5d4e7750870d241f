"""The agenda and the questions that a demonstration begins with."""
