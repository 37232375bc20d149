"""Experiments: many runs of scenarios, and what their numbers say together."""
