"""Words of the report of many runs."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "x.kind.compare": "Policies compared on the same luck",
    "x.kind.sweep": "Many values of a scenario's parameters",
    "x.kind.replications": "One scenario, many times",
    "x.kind.stress": "Each participant failed in turn",
    "x.kind.capacity": "How much the scenario can carry",
    "x.asked": "What was asked",
    "x.scenario": "Scenario",
    "x.design": "The runs",
    "x.design.text": (
        "{runs} runs, {replications} of each point. Points with the same replication share their luck: the same people "
        "pay the same sums at the same instants."
    ),
    "x.failed_runs": "{failed} runs failed and are missing below; they are listed in the last chapter.",
    "x.varied": "What was varied",
    "x.parameter": "Parameter",
    "x.role": "Role",
    "x.values": "Values",
    "x.range": "{low} to {high}",
    "x.role.lever": "somebody sets it",
    "x.role.uncertainty": "nobody knows it",
    "x.policies": "Policies",
    "x.policy": "Policy",
    "x.set": "What it sets",
    "x.nothing_set": "the scenario as it stands",
    "x.sure": "How sure it is",
    "x.level": (
        "Intervals are at the 95 % level: of 100 experiments like this one, with other seeds, 95 have the truth "
        "inside. They speak of luck alone, not of assumptions that are wrong."
    ),
    "x.corrected": (
        "{count} comparisons were made at once. A difference is called a rise or a fall only if it stands up to that "
        "(Holm's correction: the chance of one false alarm among all is below 5 %). The intervals are those of each "
        "comparison alone."
    ),
    "x.numbers": "The numbers",
    "x.numbers.table": "{what}, by choice",
    "x.choice": "Choice",
    "x.mean": "Mean",
    "x.low": "95 % from",
    "x.high": "to",
    "x.sd": "Standard deviation",
    "x.median": "Median run",
    "x.count": "Runs",
    "x.differences": "What changes",
    "x.against": "Against {base}",
    "x.difference": "{what}: difference from {base}",
    "x.difference.points": "{what}: difference from {base}, in percentage points",
    "x.difference.shows": "The mean difference from {base} on the same seeds, with its 95 % interval; 0 is none.",
    "x.difference.hides": "Differences between two choices of which neither is the base; other assumptions.",
    "x.difference.alt": "One line a choice: a dot at the mean difference in {what} and a bar for its interval.",
    "x.col.difference": "Difference",
    "x.col.p": "p, corrected",
    "x.col.removed": "Variance removed by pairing",
    "x.col.verdict": "Verdict",
    "x.verdict.clear": "clear",
    "x.verdict.unclear": "may be luck",
    "x.verdict.same": "the same",
    "x.verdict.unknown": "cannot be said",
    "x.numbers.no_interval": "Where there is one run, or one future, there is no interval.",
    "x.curve": "{what} as {lever} changes",
    "x.curve.shows": "Means over the runs of each value; the band is their 95 % interval.",
    "x.curve.hides": "What lies between the values that were run; lines only join them.",
    "x.curve.alt": "A line with a band: {what} for each value of {lever}.",
    "x.curves": "Response",
    "x.front": "Trade-off",
    "x.front.title": "{first} against {second}",
    "x.front.shows": (
        "One mark a choice, with 95 % intervals; the line joins choices that no other beats in both numbers."
    ),
    "x.front.hides": "Choices that were not run; whether two neighbours differ by more than luck.",
    "x.front.alt": "Marks in a plane of two numbers, those on the front joined by a line.",
    "x.front.open": "One mark a choice, with 95 % intervals.",
    "x.front.alt_open": "Marks in a plane of two numbers.",
    "x.undirected": "Whether more or less of this is better is for the reader to judge: {what}.",
    "x.front.on": "On the front",
    "x.yes": "yes",
    "x.no": "no",
    "x.better": "better: {wanted}",
    "x.more": "more {what}",
    "x.less": "less {what}",
    "x.regret": "Robustness",
    "x.regret.text": (
        "Regret is what a choice gives away against the best choice of the same future, over {futures} futures drawn "
        "from what nobody knows. The smallest worst regret is the choice that can go least wrong."
    ),
    "x.regret.table": "Regret in {what}",
    "x.regret.worst": "Worst regret",
    "x.regret.mean": "Mean regret",
    "x.regret.best": "Best in",
    "x.assumptions": "Which assumptions matter most",
    "x.assumptions.one": "{path} moves {what} by {size} from one end of its range to the other",
    "x.assumptions.share": "{path} makes up {size} of what the ranges do to {what}, together with others",
    "x.assumptions.unjudged": "{what} cannot be judged: {reason}.",
    "x.assumptions.doubtful": (
        "Shares of what is done to {what} lie outside 0 to 100 % by more than their intervals: too few samples "
        "for {paths}."
    ),
    "x.assumptions.none": "Nothing that was varied moves {what} by more than luck.",
    "x.tornado": "{what}: one parameter at a time",
    "x.tornado.shows": (
        "How far the mean moves when one parameter alone goes to either end of its range; whiskers are 95 % intervals."
    ),
    "x.tornado.hides": "What parameters do together.",
    "x.tornado.alt": "Bars to either side of the scenario as it stands, the longest on top.",
    "x.morris": "{what}: screening (Morris)",
    "x.morris.shows": (
        "Mean size of the change from one end of a parameter's range to the other, wherever the others stand; whiskers "
        "are 95 % intervals."
    ),
    "x.morris.hides": "The direction (see the table), and how much is the parameter's own.",
    "x.morris.alt": "Bars, the longest on top.",
    "x.sobol": "{what}: shares of its variance (Sobol)",
    "x.sobol.shows": (
        "The share of the variance over all ranges that a parameter has a part in (bar) and that it makes alone (dot); "
        "whiskers are 95 % intervals."
    ),
    "x.sobol.hides": "The direction; and the shares would be others with other ranges.",
    "x.sobol.alt": "Bars, the longest on top, with dots.",
    "x.col.at_low": "At its low end",
    "x.col.at_high": "At its high end",
    "x.col.size": "Size",
    "x.col.effect": "Mean effect",
    "x.col.spread": "Spread of effects",
    "x.col.first": "Alone",
    "x.col.total": "With others",
    "x.stress": "Who matters",
    "x.stress.text": (
        "Each participant fails alone, on the same luck; what is lost is against the scenario as it stands."
    ),
    "x.stress.title": "Settled value lost when one participant fails",
    "x.stress.shows": "Share of the settled value that is lost, with its 95 % interval; the largest loss on top.",
    "x.stress.hides": "What happens when two fail together; what people do who learn from it.",
    "x.stress.alt": "One bar a participant.",
    "x.stress.first": (
        "{name} matters most: if it fails, {share} of the settled value is lost ({low} to {high} at the 95 % level)."
    ),
    "x.stress.first_unsure": (
        "{name} comes first: if it fails, {share} of the settled value is lost, but that may be luck ({low} to {high} "
        "at the 95 % level); more replications would tell."
    ),
    "x.stress.nothing_settled": "Nothing settles in the scenario as it stands, so nobody's failing can lose any of it.",
    "x.stress.first_one": (
        "{name} comes first: if it fails, {share} of the settled value is lost in the one pair of runs; more "
        "replications say how sure that is."
    ),
    "x.stress.line_one": "loses {share} of the settled value in the one pair of runs",
    "x.stress.line": "loses {share} of the settled value ({low} to {high}), {verdict}",
    "x.stress.none": "It makes no difference at all if one of these fails: {names}.",
    "x.stress.nothing": "Nothing can be ranked: too many runs failed.",
    "x.col.participant": "Participant",
    "x.col.lost": "Value lost",
    "x.col.lost_share": "Share lost",
    "x.capacity": "The knee",
    "x.capacity.bound.p99_ms": "99 of 100 settle within {value}",
    "x.capacity.bound.answered": "{value} are answered",
    "x.capacity.bound.success": "{value} settle",
    "x.capacity.crossed.p99_ms": "99 of 100 settle only within {value}",
    "x.capacity.crossed.answered": "only {value} are answered",
    "x.capacity.crossed.success": "only {value} settle",
    "x.capacity.crossed.nothing": "nothing settles",
    "x.capacity.knee": (
        "It holds up to {holds} times its demand ({rate} payments a second on average); at {fails} times {crossed}."
    ),
    "x.capacity.open": "It holds even at {holds} times its demand, the most that was tried.",
    "x.capacity.never": "It does not hold at all: even at {fails} times its demand {crossed}.",
    "x.capacity.first": "{station} saturates first: {busy} of its server time is in use in its busiest bin.",
    "x.capacity.no_first": (
        "No station is full there ({station} is the busiest, {busy} in use): the bound is crossed otherwise."
    ),
    "x.capacity.fits": "The planned {load} times fits; the knee is at {room} times the plan.",
    "x.capacity.fits_open": "The planned {load} times fits.",
    "x.capacity.too_much": "The planned {load} times does not fit: {crossed}. The knee is at {room} of the plan.",
    "x.capacity.too_much_open": "The planned {load} times does not fit: {crossed}.",
    "x.capacity.need": "For the plan {station} would need about {needed} servers; it has {servers}.",
    "x.capacity.by.people": (
        "Load grows by people: wallets, merchants and payments alike. Stations, liquidity and campaigns stay."
    ),
    "x.capacity.by.payments": "Load grows by payments of the same people, who may meet their limits. All else stays.",
    "x.capacity.text": "Bounds: {bounds}. {runs} runs of each load, on the same luck.",
    "x.capacity.title": "Latency and use of stations as the load grows",
    "x.capacity.shows": (
        "Above, the time within which 99 of 100 settle, with 95 % intervals and the bound; below, the busiest "
        "stations' server time in use in their busiest bin; the shaded strip holds the knee, and the upright "
        "dashed line is the planned load."
    ),
    "x.capacity.hides": "Loads between the marks; slower growth, in which people or stations would adapt.",
    "x.capacity.alt": "Two panels over the load: latency on a logarithmic scale, and shares of server time.",
    "x.capacity.table": "Every load that was tried",
    "x.col.load": "Load",
    "x.col.rate": "Payments a second",
    "x.col.p99": "p99 latency",
    "x.col.answered": "Answered",
    "x.col.settled": "Settled",
    "x.col.busiest": "Busiest station",
    "x.col.use": "In use",
    "x.col.holds": "Holds",
    "x.check": "Check and repeat",
    "x.failed": "Runs that failed",
    "x.col.run": "Run",
    "x.col.seed": "Seed",
    "x.col.error": "Why",
    "x.identity": "This experiment",
    "x.item": "Item",
    "x.value": "Value",
    "x.version": "Version of ecny-sandbox",
    "x.question_id": "Name of the question",
    "x.seed": "Seed",
    "x.runs": "Runs",
    "x.repeated": "Of these taken from finished runs",
    "x.table_file": "Every number of every run is in sweep.parquet: one row a run and metric.",
    "x.points": "percentage points",
    "fig.x_load": "load, multiple of the scenario's own",
    "fig.x_p99": "99 of 100 settle within (logarithmic scale)",
    "fig.x_use": "server time in use, busiest bin",
    "fig.x_first": "alone",
    "fig.x_total": "with others",
    "fig.x_low": "low end",
    "fig.x_high": "high end",
    "fig.x_front": "on the front",
    "fig.x_choices": "other choices",
}
