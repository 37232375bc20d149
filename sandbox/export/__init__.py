"""A finished run as the data sets that researchers of financial crime train on; it reads the run folder only."""
