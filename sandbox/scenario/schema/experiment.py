"""Schema of an experiment: what to vary in a scenario, over which values, and which numbers to look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sandbox.language import N_
from sandbox.scenario.schema.fields import Model, Problem, param


def _words(value: object) -> object:
    """A number or a truth value as the text that sets it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (int, float)) else value


Value = Annotated[str, BeforeValidator(_words), Field(min_length=1, max_length=500)]
"""A value of a parameter as a scenario would give it, with its unit."""

Parameter = Annotated[str, Field(min_length=1, max_length=200)]
"""Path of a parameter."""


class Varied(Model):
    """Values that one parameter takes: a list of them, or a range from which they are drawn."""

    values: list[Value] = param(
        default_factory=list, doc="The values to try, each with its unit.", role="design", max_length=1000
    )
    low: Value | None = param(None, doc="Least value of a range.", role="design")
    high: Value | None = param(None, doc="Largest value of a range.", role="design")
    scale: Literal["linear", "log"] = param(
        "linear", doc="How draws spread over a range; log where ratios matter.", role="design"
    )

    def problems(self) -> Iterator[Problem]:
        if (self.low is None) != (self.high is None) or bool(self.values) == (self.low is not None):
            yield Problem((), N_("give either `values`, or `low` and `high`"))
        elif len(set(self.values)) < len(self.values):
            yield Problem(("values",), N_("a value is given twice"))


class Experiment(Model):
    """Many runs of the scenario, for `sweep`; one run does not look at it."""

    levers: dict[Parameter, Varied] = param(
        default_factory=dict, doc="What somebody sets, by path of the parameter.", role="design", max_length=32
    )
    uncertainties: dict[Parameter, Varied] = param(
        default_factory=dict, doc="What nobody knows, by path of the parameter.", role="design", max_length=32
    )
    metrics: list[Annotated[str, Field(min_length=1, max_length=200)]] = param(
        default_factory=list, doc="Numbers of the summary to look at first, by dotted name.", role="design",
        max_length=32,
    )  # fmt: skip
    design: Literal["grid", "latin_hypercube", "sobol", "one_at_a_time", "morris", "saltelli"] = param(
        "grid",
        doc="grid: every combination of the levers' values, each under the same draws of the uncertainties. "
        "latin_hypercube, sobol: levers and uncertainties drawn together. one_at_a_time: each at either end, for a "
        "tornado. morris: screening. saltelli: for Sobol indices.",
        role="design",
    )
    samples: int = param(16, doc="How many draws.", role="design", ge=1, le=1_000_000)
    replications: int = param(5, doc="Runs of each point, with other random draws.", role="design", ge=1, le=100_000)

    def problems(self) -> Iterator[Problem]:
        twice = [name for name in self.uncertainties if name in self.levers]
        for name in twice:
            yield Problem(("uncertainties", name), N_("'{name}' is a lever already"), name=name)
        if self.design == "grid" and not twice:
            message = N_("a grid needs `values`; a range is for the designs latin_hypercube and sobol")
            yield from (Problem(("levers", name), message) for name, one in self.levers.items() if not one.values)
