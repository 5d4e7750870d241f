"""The numbers: arrays in, frozen dataclasses out. `opinion_map` is the one door."""
