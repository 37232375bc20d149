"""The numbers of a run's summary, from tallies."""
