"""Words of what the numbers rest on, of the check of the books, and of how to run it again."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "basis.title": "What the numbers rest on",
    "basis.intro": (
        "Parameters in force: {all}. Set in this scenario: {set}. FITTED, so that results meet published ones: "
        "{fitted}. ASSUMED, for nobody published them: {assumed}, not counting the design of the study (how large, "
        "how long, which seed). The others have a source."
    ),
    "basis.none": "This run names no parameters.",
    "basis.levers": "Levers set in this scenario",
    "basis.levers.title": "What the regulator or an operator chose here",
    "basis.levers.none": "No lever was set: all rules are the simulator's defaults.",
    "basis.others.title": "Other parameters set in this scenario",
    "basis.fitted": "Fitted parameters",
    "basis.fitted.title": "Chosen so that results meet published ones",
    "basis.fitted.note": "What a fitted parameter was fitted to is no test of the model.",
    "basis.fitted.none": "No parameter was fitted.",
    "basis.assumed": "Assumed parameters",
    "basis.assumed.title": "Values that nobody published",
    "basis.assumed.note": "Change one with --set PATH=VALUE and run again to see whether the answer depends on it.",
    "basis.assumed.none": "Every number has a published source.",
    "basis.sources": "Sources",
    "basis.sources.title": "Parameters with a published source",
    "basis.lines": "Lines of the risk figures",
    "col.parameter": "Parameter",
    "col.value": "Value",
    "col.set_by": "Set by",
    "col.meaning": "What it is",
    "col.source_of": "Source",
    "basis.of": "{path} ({members})",
    "basis.more_members": "{count} of them",
    "check.title": "Check and repeat",
    "check.books": "Do the books balance?",
    "check.ok": (
        "Yes. All balances, the issuer's included, sum to zero in every currency, and every fen issued is held by "
        "somebody."
    ),
    "check.bad": (
        "No. Money was made or lost: this is a fault of the simulator. Do not use this run's numbers, and report it."
    ),
    "check.unknown": "This run says nothing about its books.",
    "check.table": "Issued and held",
    "col.currency": "Currency",
    "col.issued": "Issued, yuan",
    "col.held": "Held, yuan",
    "col.sum": "Sum of all balances, yuan",
    "check.repeat": "Run it again",
    "check.command": (
        "The same scenario and seed give the same numbers, on any machine; a scenario of your own goes by the path of "
        "its file:"
    ),
    "check.folder": "Or from this folder, with every value in force written out:",
    "check.identity": "This run",
    "check.scenario": "Scenario",
    "check.digest": "Digest of the resolved scenario",
    "check.version": "Version of ecny-sandbox",
    "check.rows": "Payments recorded in payments.parquet",
    "check.sampled": (
        "Only a part of the payments was recorded one by one; the numbers in this report count all of them."
    ),
    "check.luck": "How sure is one number?",
    "check.luck_text": (
        "All numbers above are from one run with one seed. To see how much is luck, run again with other seeds "
        "(--seed 2, --seed 3, …) and compare; a share resting on {settled} settled payments cannot be read finer "
        "than about ±{error} percentage points."
    ),
    "check.luck_one": (
        "All numbers above are from one run with one seed, in which one payment settled: they are luck. Run again with "
        "other seeds (--seed 2, --seed 3, …), or longer."
    ),
    "check.luck_none": "All numbers above are from one run with one seed.",
}
