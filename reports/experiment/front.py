"""The chapter on the trade-off between the first two metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports import formats
from reports.amounts import shown
from reports.blocks import Column, chart, table
from reports.document import Section
from reports.experiment.source import MOST_CHOICES, ExperimentData, Response
from reports.figures import experiment as figures
from sandbox.language import N_, _

LEAST_CHOICES: Final = 3


def section(found: ExperimentData) -> Section | None:
    """The chapter; None with fewer than three choices or two metrics."""
    metrics = [str(one) for one in found.summary.get("metrics", [])][:2]
    if len(metrics) < 2 or found.kind not in ("sweep", "compare"):
        return None
    described = found.by_metric("described")
    first, second = ({row.text("choice"): row for row in described.get(metric, ())} for metric in metrics)
    choices = [(first[name], second[name]) for name in first if name in second]
    return _section(found, choices) if len(choices) >= LEAST_CHOICES else None


def pareto_front(points: Sequence[tuple[float, float]], high_is_good: tuple[bool, bool]) -> set[int]:
    """Places of the points that no other beats: as good in both numbers and better in one (Pareto 1906).

    >>> pareto_front([(1.0, 5.0), (2.0, 4.0), (3.0, 1.0), (2.0, 3.0)], (True, True))
    {0, 1, 2}
    >>> pareto_front([(1.0, 1.0), (2.0, 2.0)], (True, False))
    {0, 1}
    """
    signs = [1.0 if high else -1.0 for high in high_is_good]
    goals = [(signs[0] * first, signs[1] * second) for first, second in points]
    # From the best first number down; a point stays if its second number is better than all before, or the same twice.
    found: list[int] = []
    for place in sorted(range(len(goals)), key=lambda at: goals[at], reverse=True):
        if not found or goals[place][1] > goals[found[-1]][1] or goals[place] == goals[found[-1]]:
            found.append(place)
    return set(found)


def _section(found: ExperimentData, choices: list[tuple[Response, Response]]) -> Section:
    metrics = choices[0][0].metric, choices[0][1].metric
    labels = found.label(metrics[0]), found.label(metrics[1])
    good = found.high_is_good(metrics[0]), found.high_is_good(metrics[1])
    on_front: set[int] = set()
    columns: list[Column] = [
        ("#", lambda at: str(at + 1)),
        (_("Choice"), lambda at: found.brief(choices[at][0].text("choice"))),
    ]
    if directed := good[0] is not None and good[1] is not None:
        points = [(one.number("mean") or 0.0, other.number("mean") or 0.0) for one, other in choices]
        on_front = pareto_front(points, (bool(good[0]), bool(good[1])))
        columns.append((_("On the front"), lambda at: _(N_("yes") if at in on_front else N_("no"))))
    places = range(min(len(choices), MOST_CHOICES))
    numbers = table(
        formats.capital(_("{first} against {second}", first=labels[0], second=labels[1])),
        places,
        *columns,
        (labels[0], lambda at: choices[at][0].shown("mean")),
        (labels[1], lambda at: choices[at][1].shown("mean")),
        text_columns=len(columns),
    )
    spots = [
        figures.Spot(one.mark("mean"), other.mark("mean"), at in on_front, str(at + 1))
        for at, (one, other) in enumerate(choices[:MOST_CHOICES])
    ]
    blocks = chart(
        "front",
        "",
        numbers,
        lambda: figures.front(spots, (lambda v: shown(metrics[0], v), lambda v: shown(metrics[1], v)), labels),
        shows=_shows(labels, good),
        hides=_("Choices that were not run; whether two neighbours differ by more than chance."),
        alt=_(
            N_("Marks in a plane of two numbers, those on the front joined by a line.")
            if directed
            else N_("Marks in a plane of two numbers.")
        ),
    )
    return Section("front", _("Trade-off"), tuple(blocks))


def _shows(labels: tuple[str, str], good: tuple[bool | None, bool | None]) -> str:
    """What the plane shows and, as far as that is declared, where in it is better."""
    directed = list(zip(labels, good, strict=True))
    wanted = [
        _(N_("more {what}") if high else N_("less {what}"), what=what) for what, high in directed if high is not None
    ]
    undirected = [what for what, high in directed if high is None]
    told = [
        _(
            N_("One mark a choice, with 95 % intervals.")
            if undirected
            else N_(
                "One mark a choice, with 95 % intervals; the line joins choices that no other beats in both numbers."
            )
        )
    ]
    if wanted:
        told.append(f"{formats.capital(_('better: {wanted}', wanted=formats.listed(wanted)))}.")
    told += [
        _("Whether more or less of this is better is for the reader to judge: {what}.", what=what)
        for what in undirected
    ]
    return " ".join(told)
