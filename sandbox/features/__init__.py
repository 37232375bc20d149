"""Capabilities of the simulator, a room each. A room's `FEATURE` says what the rest of the house needs to know of it."""
