"""Reading an agenda: the lines of a programme become proposed topics, each with its own words and place.

One door: `reading.read_agenda`. The rules are pure, know three languages at once and prefer leaving
something out, with a reason, to proposing what the source does not say.
"""
