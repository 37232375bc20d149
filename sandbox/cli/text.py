"""Every sentence of the command line, by code, so that another language is one more dict.

Sentences about scenario files are in `sandbox/text.py`. `{...}` marks what is filled in.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    # Help.
    "help": (
        "Simulate an e-CNY-style digital-currency payment system inside a regulatory sandbox.\n\n"
        "SCENARIO is a name from the gallery (see `list`) or a path to a YAML file.\n\n"
        "Exit status: 0 done, 1 the run failed, 2 bad usage or a bad file."
    ),
    "run.help": (
        "Run SCENARIO into a run folder: tables, summary and report.\n\n"
        "Start with `ecny-sandbox run luohu-red-packets-2020`."
    ),
    "run.out": "The run folder; runs/SCENARIO-SEED-DIGEST if not given.",
    "run.seed": "Seed of every random stream, instead of the scenario's.",
    "run.set": (
        "One value instead of the scenario's, such as \"demand.segments.retail.payments=50000 /day\". Repeatable."
    ),
    "run.record": "Which payments go into payments.parquet: all, none, or a share of them such as sample:0.1.",
    "run.no_report": "Write tables and summary only.",
    "run.quiet": "Print nothing but errors.",
    "run.json": "Print summary.json instead of the short summary.",
    "run.force": "Replace an earlier finished run in the same folder.",
    "run.replications": "Run so many times, each with other luck; with --precision, at most so many times.",
    "run.precision": "Run until half the 95 % interval of METRIC's mean is below this share of it. Repeatable.",
    "compare.help": (
        "Compare policies on the same luck.\n\n"
        "The first SCENARIO is the base; others, and variants of it, are compared with it. Each --set is one variant; "
        "several values in one are joined by ';'."
    ),
    "compare.set": "A variant: PATH=VALUE, or PATH=VALUE;PATH=VALUE. Repeatable.",
    "compare.stress": (
        "Instead of variants: SCENARIO with each participant failed in turn, ranked by what is lost. "
        "each:institution (it refuses all payments), each:gateway or each:ledger (it loses half of its "
        "servers), each:merchant (one of the ten largest accepts nothing); across borders each:corridor, each:bank, "
        "each:correspondent, each:validator (out of order)."
    ),
    "compare.stress_alone": "--stress goes with one SCENARIO and no --set",
    "capacity.help": (
        "Find how much SCENARIO can carry.\n\n"
        "The offered load is doubled, then bracketed, until the load is found at which people wait too long or get no "
        "answer; the stage that saturates first is named."
    ),
    "capacity.by": "How load grows: more people who pay as before, or the same people paying more often.",
    "capacity.p99": "99 of 100 settled payments must settle within this; none for no matter.",
    "capacity.answered": "At least this share must be settled or refused by a rule; none for no matter.",
    "capacity.success": "At least this share must settle.",
    "capacity.planned": "A planned load, such as 3x: does it fit, with how much room, and what would it take?",
    "capacity.replications": "Runs of each load.",
    "capacity.precision": "How narrow the bracket round the knee becomes.",
    "capacity.most": "The heaviest load to try.",
    "capacity.load": "load {load}: {latency} for 99 of 100, {answered} answered",
    "load_form": "'{text}' is no load such as 3x",
    "quantity_form": "'{text}': {problem}",
    "sweep.help": (
        "Run SCENARIO over many values of its parameters.\n\n"
        "Without --vary and --uncertain, what the scenario's `experiment` section says. A sweep that was stopped goes "
        "on where it was, with the same command."
    ),
    "sweep.vary": "A lever: PATH=V1,V2,... or, to be drawn, PATH=LOW..HIGH (add ' log' for ratios). Repeatable.",
    "sweep.uncertain": "What nobody knows: PATH=LOW..HIGH or PATH=V1,V2,...; drawn anew for each sample. Repeatable.",
    "sweep.design": (
        "All combinations; samples over all ranges together; or for sensitivity: each parameter at either end, "
        "Morris's screening, Saltelli's points for Sobol indices."
    ),
    "sweep.samples": "How many draws.",
    "many.metric": "A number of summary.json to look at, by dotted name. Repeatable.",
    "many.replications": "Runs of each point, each with other luck; every point has the same luck.",
    "many.out": "The folder; sweeps/NAME-DIGEST if not given.",
    "many.processes": "Processes on this machine; as many as cores if not given.",
    "many.cluster": "Address of a Dask scheduler, or `local` for a cluster on this machine.",
    "many.keep_tables": (
        "Keep each run as a run folder under its content hash here: a folder that all workers see, or a URL for fsspec "
        "(s3://...). --record says which payments."
    ),
    "many.yes": "Do it however many runs it is.",
    "many.json": "Print summary.json instead of the short summary.",
    "query.help": (
        "Ask finished runs below FOLDER a question in SQL (DuckDB).\n\n"
        "Views: runs, metrics, sweeps, and every table (payments, series, ...) with the run's folder as `run`."
    ),
    "query.left_out": "Left out: {problem}",
    "query.no_folder": "{folder}: there is no such folder",
    "query.swapped": "'{question}' is a folder: first the question, then where to look",
    "query.more": "... and {count} more rows; --csv prints all",
    "query.csv": "Print comma-separated values.",
    "list.help": "List the scenario gallery, a line each.",
    "list.json": "Print name, title, question and path of each as JSON.",
    "show.help": "Show what SCENARIO asks and what it rests on.",
    "show.resolved": "Print the whole scenario with every value in force, as YAML.",
    "new.help": "Write a commented starter scenario to FILE.\n\nAn existing file is never overwritten.",
    "new.from": "Start from this scenario: a gallery name or a path.",
    "check.help": "Check scenario files without running them.\n\nEvery mistake is shown with its place.",
    "schema.help": "Print the JSON Schema of scenario files, for editors.",
    "report.help": "Draw the report of the finished run folder RUN again.",
    "verify.help": (
        "Recheck the finished run RUN: journal, keys, money.\n\n"
        "Everything is recomputed from the files of the folder alone, and the first block, row or balance that does "
        "not hold is named. RUN may also be a file with a proof, as --proof prints it: then the payment that it "
        "proves is printed.\n\n"
        "Exit status: 0 everything holds, 1 something does not, 2 this is no finished run."
    ),
    "verify.proof": "Print a proof that this payment (its payment_id) is in the journal, as JSON.",
    "verify.json": "Print what was found as JSON.",
    "validation.help": (
        "Reproduce published results, as a table.\n\n"
        "Each NAME is something that was published; all if none is given. Says what was published, by whom, what the "
        "simulator gives for it, and between which two numbers that has to lie. Exit status 1 if something does not."
    ),
    "validation.seeds": "Run with seeds 1 to N; the means have to lie there.",
    "validation.json": "Print the table as JSON.",
    "export.help": "Write the finished run RUN as data for others.",
    "export.as": "The published layout; what each holds is below.",
    "export.layouts": "Layouts",
    "export.most": "The first N payments only, where a layout can be so short.",
    "export.out": "The folder for the files; it is made if need be.",
    "export.force": "Replace files of the same name.",
    "export.most_alone": "--most goes with --as {layouts}",
    # Usage errors.
    "unknown_verb": "There is no command '{name}'.",
    "nearest_verb": "Did you mean '{nearest}'?",
    "set_form": "'{text}' is not PATH=VALUE, such as rules.box.enabled=true; with spaces in it, it goes in quotes",
    "did_you_mean": "Did you mean '{meant}'?",
    "quotes": "What has spaces in it goes in quotes, such as --set \"duration=5 h\".",
    "place_form": "there is no name; is the shell's variable set?",
    "capacity.no_bounds": "nothing is asked to hold, so any load would; give one of --p99, --answered and --success",
    "more_than_0": "more than 0 is expected",
    "whole_form": "'{text}' is not a valid whole number.",
    "share_form": "'{text}' is not a share above 0 and at most 1, such as 5% or 0.05",
    "vary_comma": "in '{text}' commas seem to stand inside numbers as well as between them; write '{meant}'",
    "set_twice": "'{path}' is set twice",
    "vary_form": "'{text}' is not PATH=V1,V2,... or PATH=LOW..HIGH, such as ledger.servers=4,8",
    "vary_empty": "'{text}' has no value to try; give PATH=V1,V2,... or PATH=LOW..HIGH",
    "precision_form": "'{text}' is not METRIC=SHARE, such as throughput.latency_ms.p99=2%",
    "record_one": "--record is for one run, or goes with --keep-tables: many runs record nothing else",
    "one_run_only": "{option} is for many runs: add --replications N or --precision METRIC=SHARE",
    "whole_number": "whole number",
    "record_form": "'{text}' is not all, none or sample:F with a share F above 0 and at most 1",
    # Progress.
    "preparing": "preparing; a first run compiles the engine, which takes half a minute",
    "simulating": "{done} payments",
    "drawing": "drawing the report",
    # Summary of a run.
    "sum.head": "{title}",
    "sum.run": "{name}, seed {seed}: {duration} simulated in {took}",
    "sum.payments": "payments",
    "sum.payments_none": "none were offered",
    "sum.payments_value": "{payments}, of which {settled} settled ({share})",
    "sum.value": "value settled",
    "sum.rate": "settled a second",
    "sum.rate_value": "{mean} on average, {peak} in the best second",
    "sum.latency": "latency",
    "sum.latency_value": "{p50} median, {p95} for 95 %, {p99} for 99 %, {max} at most",
    "sum.latency_none": "nothing settled",
    "sum.not_settled": "not settled",
    "sum.all_settled": "nothing",
    "sum.campaign": "campaign {name}",
    "sum.campaign_value": "{claimed} of {winners} packets claimed, {payments} payments, {returned} taken back",
    "sum.steady": "steady state",
    "sum.steady_value": "first {cut} left out ({share}); in flight {mean} (95 %: {low} to {high}){doubt}",
    "sum.steady_short": "nothing left to measure: {left} bins after the warm-up, too few for an interval",
    "sum.steady_doubt": ", not to be trusted",
    "sum.operational": "operational risk",
    "sum.operational_value": "busiest: {station}, {utilisation} busy; {worst} of payments answered in the worst {bin}",
    "sum.liquidity": "liquidity risk",
    "sum.liquidity_value": "lowest at {institution}, {share} of its target; {orders} orders to the central bank",
    "sum.nothing_settled": "nothing settled, so there is none to tell",
    "sum.liquidity_none": "no operator holds e-CNY against a target; {orders} orders to the central bank",
    "sum.concentration": "concentration risk",
    "sum.concentration_value": "{institution} paid {share} of the value settled; HHI {hhi}",
    "sum.consumer": "consumer risk",
    "sum.consumer_value": "{limit} refused by a wallet limit, {insufficient} for lack of money",
    "sum.conserved": "money",
    "sum.conserved_value": "every balance adds up, to the fen",
    "sum.not_conserved_value": "BALANCES DO NOT ADD UP: do not use this run",
    "sum.folder": "run folder",
    "sum.report": "report",
    # Many runs.
    "many.runs": "{done} of {total} runs",
    "many.left": ", about {time} left",
    "many.head": "{runs} runs, {kept} of them were there already",
    "many.means": "{choice}, mean of {count} runs and its {level} interval:",
    "many.fewer": "(in {count} of them)",
    "many.one_run": "{choice}, one run:",
    "many.against": "{other}, against {base}:",
    "many.largest": "The largest difference of each number from {base}, among {count} other choices:",
    "many.choice": "{other}:",
    "many.same": "no difference in any pair of runs: {what}",
    "many.corrected": "Judged as {count} comparisons at once (Holm): what is called a rise or fall is one.",
    "many.removed": "Common luck removed {share} % of the variance of what differs clearly.",
    "many.removed_some": "Common luck removed {least} to {most} % of the variance of what differs clearly.",
    "many.precise": "{metric}: known to {reached} after {runs} runs ({asked} was asked for)",
    "many.not_precise": "{metric}: known only to {reached} after {runs} runs, the most allowed ({asked} was asked for)",
    "many.no_precision": "{metric}: no precision to tell after {runs} runs, for its mean is 0 or it is missing "
    "({asked} was asked for)",
    "many.failed": "{count} runs failed:",
    "many.failed_run": "run {run} ({where}, seed {seed}): {error}",
    "many.distrusted": "{count} runs that were kept had been changed since, and were made anew",
    "many.folder": "folder              {folder}",
    "many.tables": "tables              {place} (a folder a run; in sweep.parquet the column `tables`)",
    "many.report": "report              {file}",
    "many.interrupted": "stopped; {count} finished runs are kept, and the same command goes on from there",
    # show.
    "show.look_for": "What to look for",
    "show.levers": "Levers (what a regulator or operator sets)",
    "show.assumptions": "Assumptions (what nobody sets)",
    "show.set": "set by this scenario",
    "show.ditto": '"',
    "show.defaults": "at their defaults",
    "show.from": "{title}  ({name})",
    # new, check, report.
    "new.done": "{file}: written. Edit it, then: ecny-sandbox check {file}",
    "new.refused": "{file}: cannot be written: {reason}",
    "new.exists": "{file}: is there already and is left as it is; give another name",
    "check.ok": "{file}: good",
    "memory": "a run needs about {needed} of memory ({free})",
    "memory.free": "{free} are free",
    "memory.unknown": "how much is free cannot be seen here",
    # verify.
    "verify.ok": (
        "{run}: everything holds (payments: {payments}, blocks: {blocks}, tables: {tables}, signatures: {signatures})"
    ),
    "verify.every_balance": "Every balance was worked out again from payments and postings.",
    "verify.least_balances": (
        "Every balance holds what payments moved; what moved outside payments (issuance, redemption at midnight, "
        "interest) is not in these files and was not worked out again."
    ),
    "verify.no_balances": "Not all payments are recorded, so balances were not worked out again from them.",
    "validation.fitted": "Fitted: {what}.",
    "validation.head": "published",
    "validation.found": "found",
    "validation.found_in": "found, {seeds} seeds",
    "validation.limits": "limits",
    "validation.source": "source",
    "validation.between": "{least} to {most}",
    "validation.holds": "holds",
    "validation.off": "OFF",
    "validation.held": "{held} of {count} numbers lie between their limits.",
    "verify.fails": (
        "{run}: does not hold. Take a sound copy, or run its scenario.yaml again; "
        "docs/verify.md says what each line means"
    ),
    "verify.more": "... and {count} more",
    "verify.proved": "proved, if {key} is the key of the run's ledger",
    "verify.no_proof_file": "no file of at most {limit} bytes, as a proof is",
    # Failures.
    "error": "ecny-sandbox: {message}",
    "disk_full": "the disk is full or the file size is limited ({reason}); the run was given up and its files removed",
    "no_memory": "there is not enough memory for this run; make it smaller (scale, duration) or record less (--record)",
    "os_error": "{reason}",
    "output_failed": "standard output takes nothing ({reason}); what was to be written into files is there",
    "invariant": (
        "the run was stopped because a rule that must always hold was broken: {message}. "
        "This is a bug: please report it with the scenario, the seed and the version {version}"
    ),
    "bug": (
        "this is a bug: {kind}: {message}. Please report it with the command, the scenario and the version {version}; "
        "ECNY_SANDBOX_DEBUG=1 shows where it happened"
    ),
    "interrupted": "stopped; nothing was left behind",
}  # fmt: skip


def text(code: str, **values: object) -> str:
    """The sentence for `code` with its values filled in.

    >>> text("check.ok", file="a.yaml")
    'a.yaml: good'
    """
    return ENGLISH[code].format(**values)
