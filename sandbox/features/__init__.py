"""Capabilities of the simulator, a room each: its `FEATURE` says what the rest of the house needs to know of it."""
