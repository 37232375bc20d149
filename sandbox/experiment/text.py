"""Every sentence about experiments that a user may read, by code, so that another language is one more dict.

`{...}` marks what is filled in.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    # Who does the work.
    "workers_unreachable": "no cluster answers at {address} ({reason}); is the scheduler running there?",
    "workers_no_certificates": (
        "{address} needs certificates, and Dask's configuration names none: set distributed.comm.tls.ca-file, "
        "client.cert and client.key (DASK_DISTRIBUTED__COMM__TLS__CA_FILE=ca.pem and so on), or use a tcp:// scheduler"
    ),
    "workers_none_left": (
        "all workers of the cluster at {address} have gone, and none has come for {seconds} s; start some "
        "(`dask worker {address}`), and the same command goes on from what is finished"
    ),
    "workers_address": "'{address}' is no address of a scheduler; expected `local`, or one such as tcp://127.0.0.1:8786",
    "workers_none": "the cluster at {address} has no workers; start `dask worker {address}` first",
    "workers_no_program": "worker {worker} cannot run ecny-sandbox ({reason}); install it there",
    "workers_version_of": "worker {worker} runs ecny-sandbox {theirs}, and this is {ours}; have the same on both",
    "workers_version": "a worker runs ecny-sandbox {theirs}, and this is {ours}; have the same on both",
    "workers_cluster_gone": "the cluster at {address} is gone; the same command goes on from what is finished",
    "workers_all_lost": "workers die as soon as they begin; is there enough memory? Try fewer with --processes",
    # What is asked.
    "nothing_varies": "nothing is to be varied: give --vary PATH=V1,V2,..., or {scenario} an `experiment` section",
    "one_policy": "one policy alone cannot be compared; name a second scenario, or a variant with --set PATH=VALUE",
    "variant_seed": (
        "--set seed: policies are compared on the same luck, so a seed of one's own makes no variant; give --seed "
        "N, and all have it"
    ),
    "variant_nothing": "--set {path}: it decides no number of a run, so it makes no variant",
    "foreign_parts": (
        "{names}: not a part of this program; workers would leave it out and runs kept from before would pass for runs "
        "with it. Run it in one run at a time, with sandbox.simulate.simulate"
    ),
    "unknown_how": "'{name}' says nothing of how runs are carried out; there are: {known}",
    "too_many_runs": "{runs} runs are more than {limit}; vary less, or draw samples instead of a grid",
    "too_large": "{runs} runs, about {time} on {workers} (from a pilot of {pilot}); if you want that, add --yes",
    "unknown_metric": "no run has a number '{metric}'",
    "nearest": ". Did you mean '{nearest}'?",
    "one_worker": "one process",
    "workers": "{count} processes",
    "seconds": "{count} s",
    "minutes": "{count} min",
    "hours": "{count} h",
    "days": "{count} days",
    # Tables of many runs.
    "tables_memory": "{place} is the memory of one process: add --processes 1, or name a folder or a store",
    "tables_no_driver": "{place} needs the store's own library, which is not here ({reason}); install it",
    "tables_refused": "tables cannot be kept at {place}: {reason}",
    "tables_in_a_run": "{place} is a finished run; name a folder for many",
    # Questions.
    "query_nothing": "{folder}: there is no finished run here or below",
    "query_wrong": "{problem}",
    # Verdicts: one comparison in words.
    "rises": "{what} rises by {size}, {level} interval {low} to {high}",
    "falls": "{what} falls by {size}, {level} interval {low} to {high}",
    "unclear": "{what} may be unchanged: {size} with a {level} interval of {low} to {high}",
    "unsure": (
        "{what} seems to change by {size}, {level} interval {low} to {high}; among so many comparisons that may be luck"
    ),
    "same": "{what} is the same in every pair of runs",
    "one_pair": "{what} differs by {size} in one pair of runs; more replications say how sure that is",
    "no_pair": "{what} is missing in one of both policies",
    "between": "{low} to {high}",
    # Units of metrics.
    "unit_ms": "{number} ms",
    "unit_s": "{number} s",
    "unit_h": "{number} h",
    "unit_fen": "{number} CNY",
    "unit_usd_cents": "{number} USD",
    "unit_share": "{number} %",
    "unit_relative": "{number} %",
    "unit_points": "{number} percentage points",
    # Capacity and stress.
    "capacity_no_segments": (
        "{scenario} has no segments of demand to ramp; payments of a trace and of campaigns stay as they are"
    ),
    "capacity_nothing_offered": (
        "{name} at {load} offers no payment, so there is nothing to hold: give it more demand "
        "(`demand.segments`) or a longer `duration`"
    ),
    "capacity_failed": "the load {load} cannot be run: {reason}",
    "stress_nobody": "{scenario} has no {kind} that could be failed",
    "stress_kind": "'{asked}' cannot be failed one by one; there are: {kinds}",
    "stress_window": "participants are to fail after the scenario has ended",
    # Sensitivity.
    "other_trace": "the trace {path} is not the same file here",
    "stress_base": "{name} (as it is)",
    "table_other": "{path}: not the table of an experiment ({reason})",
    "table_columns": "its columns are others",
    "tables_unkept": "tables cannot be kept in {place}: {reason}; nothing is finished, and once they can be, the same "
    "command goes on from the {count} runs that are done",
    "table_runs": "its runs are not those of an experiment",
    "store_foreign": "it holds views or triggers",
    "store_other": "{path}: not a file of finished runs ({reason}); move it away",
    "store_unusable": "{path}: finished runs cannot be kept here ({reason}); remove it or free it",
    "folder_other": "{path}: not the folder of a finished experiment",
    "worker_killed": "the worker was killed twice while it ran this alone (out of memory?)",
    "sensitivity_nothing": "nothing is varied; name at least one parameter with a range",
    "sensitivity_few": (
        "{samples} samples are too few to say what matters; give --samples {least} at the very least, better some "
        "hundred"
    ),
    "sensitivity_still": "it is the same at all points, so nothing can be said of what moves it",
    "sensitivity_rare": (
        "it leaves its usual value at {moved} of {points} points only; take more samples, or ranges in which it "
        "happens more often"
    ),
    "sensitivity_undefined": "its indices are not numbers; take more samples",
    "sensitivity_missing": (
        "{missing} of {points} points have no number, and the indices need all; see the errors of those runs"
    ),
}  # fmt: skip


def text(code: str, **values: object) -> str:
    """The sentence for `code` with its values filled in.

    >>> text("unknown_metric", metric="speed")
    "no run has a number 'speed'"
    """
    return ENGLISH[code].format(**values)
