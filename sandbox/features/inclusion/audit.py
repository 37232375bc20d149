"""Who is in which cohort, against the scenario's people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from sandbox.audit.arrow import numbers, read, texts
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.problems import ROWS, Problem, in_row, problem, wrong_figure
from sandbox.records import SCENARIO
from sandbox.tables import table_file

COHORTS: Final = table_file("cohorts")


def audit(run: Folder) -> Iterator[Problem]:
    """The table of cohorts; nothing for a run without any."""
    world = run.world
    if world is None or not (run.path / COHORTS).is_file() or not world.cohort_of.size:
        return
    table = read(run.path, "cohorts", ["account", "cohort"])
    inside = np.flatnonzero(world.cohort_of)
    names = np.array(["", *world.cohorts], dtype=object)[world.cohort_of[inside]]
    said = texts(table, "cohort")
    words = np.array(said.names, dtype=object)[said.codes]
    known = inside + world.blocks["personal"].first
    if len(table) != known.size:
        yield problem(COHORTS, "", ROWS, found=len(table), said=known.size)
        return
    for name, here, there in (("account", numbers(table, "account"), known), ("cohort", words, names)):
        for row in np.flatnonzero(here != there)[:1].tolist():
            yield wrong_figure(COHORTS, in_row(row), name, here[row], SCENARIO, there[row])


AUDIT: Final = Audit("cohorts", audit)
