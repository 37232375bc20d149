"""Every sentence about experiments that a user may read, by code, so that another language is one more dict.

`{...}` marks what is filled in.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    # Who does the work.
    "workers_no_dask": "a cluster needs Dask: pip install 'ecny-sandbox[cluster]'",
    "workers_unreachable": "no cluster answers at {address} ({reason}); is the scheduler running there?",
    "workers_none": "the cluster at {address} has no workers; start `dask worker {address}` first",
    "workers_no_program": "worker {worker} cannot run ecny-sandbox ({reason}); install it there",
    "workers_version_of": "worker {worker} runs ecny-sandbox {theirs}, and this is {ours}; install the same on both",
    "workers_version": "a worker runs ecny-sandbox {theirs}, and this is {ours}; install the same on both",
    "workers_cluster_gone": "the cluster at {address} is gone; the same command goes on from what is finished",
    "workers_all_lost": "workers die as soon as they begin; is there enough memory? Try fewer with --processes",
    # Sensitivity.
    "sensitivity_no_salib": "sensitivity needs SALib: pip install 'ecny-sandbox[doe]'",
    "sensitivity_nothing": "nothing is varied; name at least one parameter with a range",
    "sensitivity_missing": (
        "{missing} of {points} points have no number, and the indices need all; see the errors of those runs"
    ),
}  # fmt: skip


def text(code: str, **values: object) -> str:
    """The sentence for `code` with its values filled in.

    >>> text("workers_no_dask")
    "a cluster needs Dask: pip install 'ecny-sandbox[cluster]'"
    """
    return ENGLISH[code].format(**values)
