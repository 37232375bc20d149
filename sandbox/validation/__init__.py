"""Published results, and what the simulator gives for them."""
