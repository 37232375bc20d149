"""Imported once by the process from which workers are forked, so that each worker has it already."""

from __future__ import annotations

from sandbox.experiment.jobs import prepare

prepare()
