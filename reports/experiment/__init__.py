"""Reports of many runs: from the folder of a finished experiment to the same document as a run's."""
