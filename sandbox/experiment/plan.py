"""What is asked of many runs: a question in one value, whether it came from a scenario's `experiment` or from flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from sandbox.experiment.design import DesignKind, check_libraries, count_of, digest_of, futures_of, points_of
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.factors import Factor
from sandbox.experiment.job import Job, jobs_of
from sandbox.experiment.sensitivity import check_samples
from sandbox.language import N_
from sandbox.records import file_name
from sandbox.scenario.experiment_checks import SAME_IN_ALL
from sandbox.scenario.load import Loaded, template
from sandbox.scenario.merge import COMMAND_LINE
from sandbox.scenario.nodes import Node, Place
from sandbox.scenario.paths import parse_path
from sandbox.scenario.python_values import node_of
from sandbox.scenario.schema.experiment import Experiment

DEFAULT_METRICS: Final = (
    "throughput.success_share",
    "throughput.settled",
    "throughput.settled_fen",
    "throughput.latency_ms.p99",
    "risk.operational.worst_bin_success_share",
    "risk.liquidity.lowest_share_of_target",
    "risk.consumer.refused_by_limit_share",
    "risk.consumer.refused_fen",
)
"""Metrics to look at where nobody says which."""

MOST_RUNS: Final = 100_000


@dataclass(frozen=True)
class ExperimentPlan:
    """An experiment to run.

    Attributes:
        kind: `sweep`, `compare` or `replications`.
        name: of the folder.
        policies: scenarios by the name of their policy, the base first; all with one seed.
        fixed: what each policy sets on top of its scenario.
        factors: what varies.
        design, samples: of the points, if factors vary.
        replications: of each policy and point.
        metrics: to look at first.
        terms: what else decides the answer, such as the bounds of a capacity.
    """

    kind: str
    name: str
    policies: Mapping[str, Loaded]
    fixed: Mapping[str, Mapping[str, str]]
    factors: tuple[Factor, ...] = ()
    design: DesignKind = "grid"
    samples: int = 1
    replications: int = 1
    metrics: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def base(self) -> Loaded:
        """The first policy's scenario."""
        return next(iter(self.policies.values()))

    @property
    def count(self) -> int:
        """How many runs it is."""
        points = count_of(self.factors, self.design, self.samples) if self.factors else 1
        return points * self.replications * len(self.policies)

    def jobs(self, first: int = 0, end: int | None = None) -> list[Job]:
        """The runs, by policy, point and replication; of the replications `first` to `end` (all, if not given)."""
        seed = self.base.scenario.seed
        points = points_of(self.factors, self.design, self.samples, seed) if self.factors else [{}]
        futures = futures_of(self.factors, self.design, self.samples)
        # Each future has seeds of its own, the same for all choices: were they shared, runs of different futures would
        # not be independent, and intervals over them too narrow.
        offsets = [self.replications * (number % futures) for number in range(len(points))]
        return [
            job
            for policy, loaded in self.policies.items()
            for job in jobs_of(
                loaded,
                points,
                replications=(self.replications if end is None else end) - first,
                first_replication=first,
                offsets=offsets,
                policy=policy,
                fixed=self.fixed.get(policy),
            )
        ]

    @property
    def digest(self) -> str:
        """Names the question, whatever program answers it."""
        seed = self.base.scenario.seed
        words = [f"{name} {loaded.digest} {self.fixed.get(name, {})}" for name, loaded in self.policies.items()]
        return digest_of(
            [
                self.kind,
                str(seed),
                *words,
                *map(str, self.factors),
                self.design,
                str(self.samples),
                str(self.replications),
                *self.terms,
            ]
        )

    def folder(self) -> Path:
        """Where it goes if no place is given."""
        return Path("sweeps") / f"{file_name(self.name)}-{self.digest}"


def sweep_plan(
    scenario: str | Path,
    *,
    vary: Mapping[str, Any] | None = None,
    uncertain: Mapping[str, Any] | None = None,
    design: str | None = None,
    samples: int | None = None,
    replications: int | None = None,
    metrics: Sequence[str] | None = None,
    overrides: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> ExperimentPlan:
    """A sweep as the scenario's `experiment` describes it, with what is given here in its place. `vary` and `uncertain`
    are by path: a list of values, or a mapping as in a scenario.

    Raises:
        ScenarioErrors: the scenario is wrong, or something cannot be varied so.
        ExperimentError: nothing is to be varied, or far too much.
        SensitivityError: too few samples.
    """
    given: dict[str, Any] = {
        "levers": dict(vary) if vary else None,
        "uncertainties": dict(uncertain) if uncertain else None,
        "design": design,
        "samples": samples,
        "replications": replications,
        "metrics": list(metrics) if metrics else None,
    }
    if vary and not uncertain:
        given["uncertainties"] = {}  # what the scenario's own experiment varies is not what was asked for
    if uncertain and not vary:
        given["levers"] = {}
    own = {f"experiment.{name}": _experiment_node(value, name) for name, value in given.items() if value is not None}
    loaded = template(scenario).load({**(overrides or {}), **own}, seed)
    experiment = loaded.scenario.experiment
    if experiment is None or not (experiment.levers or experiment.uncertainties):
        raise ExperimentError(
            "nothing is to be varied: give --vary PATH=V1,V2,..., or write `levers` into the `experiment` section "
            "of {scenario}",
            scenario=loaded.name,
        )
    factors = factors_of(experiment)
    _check_factors(factors, overrides or {})
    if (
        samples is not None
        and experiment.design == "grid"
        and count_of(factors, "grid", 1) == count_of(factors, "grid", 2)
    ):
        raise ExperimentError(
            "--samples {samples}: a grid of values draws none; give --design latin_hypercube or sobol", samples=samples
        )
    plan = ExperimentPlan(
        kind="sweep",
        name=loaded.name,
        policies={loaded.name: loaded},
        fixed={},
        factors=factors,
        design=experiment.design,
        samples=experiment.samples,
        replications=experiment.replications,
        metrics=tuple(experiment.metrics) or DEFAULT_METRICS,
    )
    check_samples(plan.design, plan.samples)
    return checked(plan)


def _check_factors(factors: Sequence[Factor], overrides: Mapping[str, Any]) -> None:
    """Raises ExperimentError for a value that is set and would be varied all the same."""
    varied = {parse_path(one.path) for one in factors}
    for words in overrides:
        if parse_path(words) in varied:
            raise ExperimentError(
                "{path}: is set, and is to be varied; leave out one of the two, for the set value would do nothing",
                path=words,
            )


def factors_of(experiment: Experiment) -> tuple[Factor, ...]:
    """What an experiment varies, levers first."""
    kinds: tuple[Literal["lever", "uncertainty"], ...] = ("lever", "uncertainty")
    sections = (experiment.levers, experiment.uncertainties)
    return tuple(
        Factor(path, tuple(one.values), one.low or "", one.high or "", one.scale, kind)
        for kind, section in zip(kinds, sections, strict=True)
        for path, one in section.items()
    )


def comparison_plan(
    scenarios: Sequence[str | Path],
    *,
    variants: Sequence[Mapping[str, str]] = (),
    replications: int,
    metrics: Sequence[str] | None = None,
    seed: int | None = None,
) -> ExperimentPlan:
    """Policies on common random numbers: scenarios, and variants of the first one.

    Raises:
        ScenarioErrors: a scenario or a variant is wrong.
        ExperimentError: there is nothing to compare.
    """
    policies: dict[str, Loaded] = {}
    fixed: dict[str, Mapping[str, str]] = {}
    alike: dict[str, str] = {}
    templates = [template(one) for one in scenarios]
    base = templates[0].load(seed=seed)
    common = base.scenario.seed
    for one in templates:
        loaded = base if one is templates[0] else one.load(seed=common)
        _check_alike(alike, loaded, loaded.name)
        policies[_unused_name(loaded.name, policies)] = loaded
    for variant in variants:
        _check_variant(variant)
        # Whether it can be set is known before anything runs.
        loaded = templates[0].load(dict(variant), common)
        said = "; ".join(f"{path}={value}" for path, value in variant.items())
        _check_alike(alike, loaded, said)
        name = _unused_name(said, policies)
        policies[name], fixed[name] = base, variant
    if len(policies) < 2:
        raise ExperimentError(
            "one policy alone cannot be compared; name a second scenario, or a variant with --set PATH=VALUE"
        )
    return checked(
        ExperimentPlan(
            "compare",
            f"compare-{base.name}",
            policies,
            fixed,
            replications=replications,
            metrics=_metrics(metrics, base),
        )
    )


def _check_alike(alike: dict[str, str], loaded: Loaded, name: str) -> None:
    """Raises ExperimentError for a policy that is another one again; `alike` holds the names of those before."""
    if loaded.digest in alike:
        raise ExperimentError(
            "'{name}' and '{other}' are the same policy; there is nothing to compare between them",
            name=name,
            other=alike[loaded.digest],
        )
    alike[loaded.digest] = name


def _check_variant(variant: Mapping[str, str]) -> None:
    """Raises ExperimentError for what all policies have in common, or what decides no number: it would do nothing."""
    for words in variant:
        path = parse_path(words)
        if path is not None and path[0] in SAME_IN_ALL:
            raise ExperimentError(
                N_(
                    "--set seed: policies are compared on common random numbers, so a seed of one's own makes no "
                    "variant; give --seed N, and all have it"
                )
                if path == ("seed",)
                else N_("--set {path}: it decides no number of a run, so it makes no variant"),
                path=words,
            )


def replications_plan(loaded: Loaded, replications: int, metrics: Sequence[str] | None = None) -> ExperimentPlan:
    """One scenario, several times.

    Raises:
        ExperimentError: far too often.
    """
    return checked(
        ExperimentPlan(
            "replications",
            f"replications-{loaded.name}",
            {loaded.name: loaded},
            {},
            replications=replications,
            metrics=_metrics(metrics, loaded),
        )
    )


def with_replications(plan: ExperimentPlan, replications: int) -> ExperimentPlan:
    """The same, so many times."""
    return replace(plan, replications=replications)


def checked(plan: ExperimentPlan) -> ExperimentPlan:
    """Raises ExperimentError if there are more runs than anybody can want, ExtraMissing if a library is not here."""
    if plan.count > MOST_RUNS:
        raise ExperimentError(
            "{runs} runs are more than {limit}; vary less, or draw samples instead of a grid",
            runs=f"{plan.count:,}",
            limit=f"{MOST_RUNS:,}",
        )
    if plan.factors:
        check_libraries(plan.design)
    return plan


def _metrics(metrics: Sequence[str] | None, loaded: Loaded) -> tuple[str, ...]:
    own = loaded.scenario.experiment.metrics if loaded.scenario.experiment is not None else ()
    return tuple(metrics or own or DEFAULT_METRICS)


def _unused_name(name: str, taken: Mapping[str, Any]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _experiment_node(value: Any, name: str) -> Node:
    """An entry of the experiment, at the place of the flag that gives it."""
    flag = {"levers": "--vary", "uncertainties": "--uncertain"}.get(name, f"--{name}")
    if isinstance(value, Mapping):
        value = {path: one if isinstance(one, (Mapping, str)) else {"values": one} for path, one in value.items()}
    return node_of(value, Place(flag, None, None, COMMAND_LINE))
