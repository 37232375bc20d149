"""Imported once by the process from which workers are forked, so that each worker has it already."""

from __future__ import annotations

import contextlib

from sandbox.experiment.worker_task import prepare

with contextlib.suppress(Exception):  # a worker that cannot be made ready says so itself
    prepare()
