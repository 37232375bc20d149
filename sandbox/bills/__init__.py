"""Digital bills: what may happen to one, the register of what did, and their market in a run."""
