"""Common random numbers leave far less noise in the difference of the gallery's strict and open limits."""

import pytest

from sandbox.experiment.dispatch import run_jobs
from sandbox.experiment.job import jobs_of
from sandbox.scenario.load import load
from sandbox.stats.intervals import paired
from tests.validation.intervals import welch_difference


@pytest.mark.slow
def test_pairing_removes_at_least_half_of_the_variance():
    jobs = [
        job
        for name in ("strict-or-open-limits", "strict-or-open-limits-2020")
        for job in jobs_of(load(name), replications=8)
    ]
    settled = run_jobs(jobs).pair("throughput.settled", "strict-or-open-limits", "strict-or-open-limits-2020")
    base, other = settled.first.tolist(), settled.second.tolist()
    found = paired(base, other)
    assert found.pairs == 8
    assert found.variance_removed > 0.5
    assert found.clear
    assert found.difference.half_width < welch_difference(base, other).half_width / 2
