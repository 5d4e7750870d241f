"""The reads: they never write, and what they return is already cut to what the reader may see."""
