"""What can go wrong with an experiment as a whole. A run that fails is no error here: it is listed in the results."""

from __future__ import annotations

from sandbox.language import _, translated


class ExperimentFailure(Exception):
    """An experiment cannot be carried out. `refused`: what is asked is at fault, and nothing was written.

    Args:
        message: marked for translation by being given here; filled in if there are words.
    """

    refused = True

    def __init__(self, message: str, /, **words: object) -> None:
        super().__init__(_(message, **words) if words else translated(message))


class ExperimentError(ExperimentFailure):
    """What is asked cannot be done; the message says why and what would do. Nothing was run."""


class UnknownMetric(ExperimentFailure):
    """No run has a number of this name; the message names the nearest."""


class WorkersError(ExperimentFailure):
    """There is nobody to do the work, or they would do it differently."""

    refused = False


class NoWorkersError(WorkersError):
    """There was nobody to begin with."""

    refused = True


class TablesError(ExperimentFailure):
    """The tables of runs cannot be written; what was finished is kept."""

    refused = False


class StoreError(ExperimentFailure):
    """Finished runs cannot be kept; the message names the file and the mend."""

    refused = False


class NoStoreError(StoreError):
    """The file is something else."""

    refused = True


class TableError(ExperimentFailure):
    """A file is no `sweep.parquet` of ours; the message names it."""


class CapacityError(ExperimentFailure):
    """The capacity cannot be found; the message says why."""


class SensitivityError(ExperimentFailure):
    """A sensitivity analysis that cannot be made; says why and what to do."""
