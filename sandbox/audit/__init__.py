"""Whether a run folder is what the run left: recomputed from its files alone, and what does not hold is named."""
