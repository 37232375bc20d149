"""What can go wrong with an experiment as a whole. A run that fails is no error here: it is listed in the results."""

from __future__ import annotations


class ExperimentFailure(Exception):
    """An experiment cannot be carried out. `refused`: what is asked is at fault, and nothing was written."""

    refused = True


class ExperimentError(ExperimentFailure):
    """What is asked cannot be done; the message says why and what would do. Nothing was run."""


class UnknownMetric(ExperimentFailure):
    """No run has a number of this name; the message names the nearest."""


class WorkersError(ExperimentFailure):
    """There is nobody to do the work, or they would do it differently."""

    def __init__(self, message: str, refused: bool = False) -> None:
        self.refused = refused
        super().__init__(message)


class TablesError(ExperimentFailure):
    """The tables of runs cannot be written; what was finished is kept."""

    refused = False


class StoreError(ExperimentFailure):
    """Finished runs cannot be kept; the message names the file and the mend. `refused`: the file is something else."""

    def __init__(self, message: str, refused: bool = False) -> None:
        self.refused = refused
        super().__init__(message)


class TableError(ExperimentFailure):
    """A file is no `sweep.parquet` of ours; the message names it."""
