"""The chapters of a sweep: how numbers respond to levers, trade-offs between two of them, robustness."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from reports import formats
from reports.amounts import shown
from reports.document import Block, Chart, Note, Paragraph, Section, Table
from reports.experiment.compare import MOST_CHOICES, short
from reports.experiment.source import Experiment
from sandbox.language import N_, _
from sandbox.metric import unit_of
from sandbox.visible import plain

MOST_CURVES = 6
MOST_LINES = 4
_HOUR_US = 3.6e9

Row = Mapping[str, Any]


def _levers(found: Experiment) -> list[Mapping[str, Any]]:
    return [one for one in found.rows("factors") if one["kind"] == "lever" and len(one["values"]) > 1]


def responses(found: Experiment) -> Section | None:
    """A curve a metric over the first lever, a line a value of the second; None without a grid of levers."""
    levers, rows = _levers(found), found.rows("described")
    if not levers or not rows:
        return None
    blocks: list[Block] = []
    metrics = list(dict.fromkeys(str(row["metric"]) for row in rows))[:MOST_CURVES]
    for number, metric in enumerate(metrics):
        of_metric = [row for row in rows if row["metric"] == metric]
        blocks.append(_curve(found, metric, levers, of_metric, f"response-{number + 1}"))
    return Section("responses", _("Response"), tuple(blocks))


def _places(lever: Mapping[str, Any]) -> dict[str, float]:
    """Where a lever's values stand along the axis: as numbers if they rise, else one after another."""
    values, numbers = lever["values"], lever.get("numbers") or []
    known = [one for one in numbers if one is not None]
    if len(known) == len(values) and all(a < b for a, b in pairwise(known)):
        return dict(zip(values, known, strict=True))
    return {value: float(place) for place, value in enumerate(values)}


def _curve(found: Experiment, metric: str, levers: list[Mapping[str, Any]], rows: list[Row], key: str) -> Chart:
    from matplotlib.figure import Figure

    lever, others = levers[0], levers[1:]
    places = _places(lever)

    def draw() -> Figure:
        from reports.figures.experiment import Curve, Mark, curves

        lines: dict[str, list[tuple[float, Mark]]] = {}
        for row in rows:
            varied = row["varied"]
            name = ", ".join(f"{one['path'].rsplit('.', 1)[-1]} {varied.get(one['path'])}" for one in others)
            if varied.get(lever["path"]) in places:
                mark = Mark("", row["mean"], row["low"], row["high"])
                lines.setdefault(name, []).append((places[varied[lever["path"]]], mark))
        drawn = [
            Curve(short(name, 40), tuple(at for at, __ in marks), tuple(mark for __, mark in marks))
            for name, marks in list(lines.items())[:MOST_LINES]
        ]
        where = sorted((at, words) for words, at in places.items())
        unit = _HOUR_US if unit_of(metric) == "us" else 1.0
        return curves(drawn, where, lambda value: _tick(metric, value), found.label(metric), short(lever["path"]), unit)

    what = found.label(metric)
    head = (_("Choice"), _("Mean"), _("95 % from"), _("to"))
    cells = tuple(
        (found.brief(row["choice"]), *(shown(metric, row[name]) for name in ("mean", "low", "high")))
        for row in rows[:MOST_CHOICES]
    )
    words = {"what": what, "lever": lever["path"]}
    return Chart(
        key,
        formats.capital(_("{what} as {lever} changes", **words)),
        _("Means over the runs of each value; the band is their 95 % interval."),
        _("What lies between the values that were run; lines only join them."),
        _("A line with a band: {what} for each value of {lever}.", **words),
        Table(_("{what}, by choice", what=what), head, cells),
        draw,
    )


def _tick(metric: str, value: float) -> str:
    """A tick's number: one without a unit is not rounded, or two ticks could read the same."""
    text = shown(metric, value)
    return plain(value, 6) if text == formats.decimal(value) and abs(value) < 100 else text


def front(found: Experiment) -> Section | None:
    """The first two metrics against each other; None with fewer than three choices or two metrics."""
    metrics = [str(one) for one in found.summary.get("metrics", [])][:2]
    by_choice: dict[str, dict[str, Row]] = {}
    for row in found.rows("described"):
        by_choice.setdefault(str(row["choice"]), {})[str(row["metric"])] = row
    both = {name: rows for name, rows in by_choice.items() if all(metric in rows for metric in metrics)}
    if len(metrics) < 2 or len(both) < 3 or found.kind not in ("sweep", "compare"):
        return None
    return Section("front", _("Trade-off"), (_front_chart(found, metrics, both),))


def _unbeaten(found: Experiment, metrics: list[str], both: dict[str, dict[str, Row]]) -> set[str]:
    """Choices that no other beats: as good in both and better in one; none where what is good is not known."""
    good = [found.high_is_good(metric) for metric in metrics]
    if None in good:
        return set()
    signs = [1.0 if one else -1.0 for one in good]
    goals = {
        name: tuple(sign * rows[metric]["mean"] for sign, metric in zip(signs, metrics, strict=True))
        for name, rows in both.items()
    }
    return {
        name
        for name, mine in goals.items()
        if not any(
            theirs != mine and all(b >= a for a, b in zip(mine, theirs, strict=True)) for theirs in goals.values()
        )
    }


def _front_chart(found: Experiment, metrics: list[str], both: dict[str, dict[str, Row]]) -> Chart:
    from matplotlib.figure import Figure

    unbeaten = _unbeaten(found, metrics, both)
    names = list(both)
    numbered = {name: str(place + 1) for place, name in enumerate(names)}

    def draw() -> Figure:
        from reports.figures.experiment import Mark, Spot
        from reports.figures.experiment import front as drawn

        def mark(name: str, metric: str) -> Mark:
            return Mark("", *(both[name][metric][part] for part in ("mean", "low", "high")))

        spots = [
            Spot(mark(name, metrics[0]), mark(name, metrics[1]), name in unbeaten, numbered[name])
            for name in names[:MOST_CHOICES]
        ]
        labels = found.label(metrics[0]), found.label(metrics[1])
        return drawn(spots, (lambda v: shown(metrics[0], v), lambda v: shown(metrics[1], v)), labels)

    directed = all(found.high_is_good(metric) is not None for metric in metrics)
    standing = (_("On the front"),) if directed else ()
    head = ("#", _("Choice"), *standing, *(found.label(metric) for metric in metrics))
    cells = tuple(
        (
            numbered[name],
            found.brief(name),
            *((_(N_("yes") if name in unbeaten else N_("no")),) if directed else ()),
            *(shown(metric, both[name][metric]["mean"]) for metric in metrics),
        )
        for name in names[:MOST_CHOICES]
    )
    title = formats.capital(
        _("{first} against {second}", first=found.label(metrics[0]), second=found.label(metrics[1]))
    )
    return Chart(
        "front",
        title,
        _front_shows(found, metrics),
        _("Choices that were not run; whether two neighbours differ by more than chance."),
        _(
            N_("Marks in a plane of two numbers, those on the front joined by a line.")
            if directed
            else N_("Marks in a plane of two numbers.")
        ),
        Table(title, head, cells, text_columns=len(head) - len(metrics)),
        draw,
    )


def _front_shows(found: Experiment, metrics: list[str]) -> str:
    """What the plane shows and, as far as that is declared, where in it is better."""
    wanted = [
        _(N_("more {what}") if good else N_("less {what}"), what=found.label(metric))
        for metric in metrics
        if (good := found.high_is_good(metric)) is not None
    ]
    open_ones = [found.label(metric) for metric in metrics if found.high_is_good(metric) is None]
    told = [
        _(
            N_("One mark a choice, with 95 % intervals.")
            if open_ones
            else N_(
                "One mark a choice, with 95 % intervals; the line joins choices that no other beats in both numbers."
            )
        )
    ]
    if wanted:
        told.append(f"{formats.capital(_('better: {wanted}', wanted=formats.listed(wanted)))}.")
    told += [
        _("Whether more or less of this is better is for the reader to judge: {what}.", what=what) for what in open_ones
    ]
    return " ".join(told)


def regret(found: Experiment) -> Section | None:
    """Choices under many futures; None where no future was drawn."""
    rows = [row for row in found.rows("regret") if row["choices"]]
    undirected = [metric for row in found.rows("regret") if found.high_is_good(metric := str(row["metric"])) is None]
    notes = tuple(
        Note(_("Whether more or less of this is better is for the reader to judge: {what}.", what=found.label(metric)))
        for metric in undirected
    )
    if not rows:
        return Section("regret", _("Robustness"), notes) if notes else None
    head = (_("Choice"), _("Worst regret"), _("Mean regret"), _("Best in"))
    blocks: list[Block] = [
        Paragraph(
            _(
                "Regret is what a choice gives away against the best choice of the same future, over {futures} "
                "futures drawn from what nobody knows. The smallest worst regret is the choice that can go least "
                "wrong.",
                futures=formats.count(rows[0]["futures"]),
            )
        ),
    ]
    for row in rows:
        metric = str(row["metric"])
        cells = tuple(
            (
                found.brief(one["choice"]),
                shown(metric, one["worst"]),
                shown(metric, one["mean"]),
                formats.share(one["best_in"]),
            )
            for one in row["choices"][:MOST_CHOICES]
        )
        blocks.append(Table(_("Regret in {what}", what=found.label(metric)), head, cells))
    return Section("regret", _("Robustness"), (*blocks, *notes))
