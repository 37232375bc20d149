"""A finished run as a data set in a published layout; it reads the run folder only."""
