"""The path of each applicant through its stages, and what each review decided and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports import formats
from reports.blocks import Column, chart, only_some, table
from reports.chapter import Chapter
from reports.document import Block, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.reading import Entries
from reports.sections.context import Context
from reports.sections.edge import edge
from sandbox.features.lifecycle.report import complaints, figures, further_runs, gantt
from sandbox.features.lifecycle.report.names import DECISIONS, GATES, PRESETS, SHORT_GATES, STAGES, VERDICTS
from sandbox.features.lifecycle.report.view import (
    ENDS,
    FAILED,
    Gate,
    applicants,
    ended_us,
    gate_value,
    gates,
    inside,
    last_us,
    pace,
    periods,
    reviews,
    still_frozen,
    told_reason,
    why,
)
from sandbox.language import N_, _, named, plural

REVIEWS_AT_MOST: Final = 24
_MONTH_US: Final = 30 * formats.US_PER_DAY

_ENDED: Final = {
    "graduated": N_("{name} graduated on {moment}"),
    "wound_down": N_("{name} had its test ended on {moment} ({reason})"),
    "refused": N_("{name} was refused on {moment} ({reason})"),
    "open": N_("{name} was in the stage “{stage}” when the run ended"),
}
"""What became of an applicant."""


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run's box has a life or was run under several regimes."""
    found = applicants(context)
    if not found and not further_runs.regimes_run(context):
        return ()
    blocks: list[Block] = [
        *_plan(context),
        *_paths(context, found),
        *_reviews(context, found),
        *complaints.complaints(context),
        *edge(context),
        *further_runs.rollout(context),
        *further_runs.regimes(context),
    ]
    return (Section("sandbox", _("The sandbox"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """What became of every applicant, in one sentence."""
    found = applicants(context)
    if not found:
        return None
    shown = (_ended(context, one) for one in found)
    return " ".join(
        [_("The sandbox: {applicants}.", applicants=formats.series(shown)), *further_runs.under_other_regimes(context)]
    )


def _ended(context: Context, one: Entries) -> str:
    name, stage, at_us = one.text("institution"), one.text("stage"), ended_us(one)
    if not periods(one):
        return _("{name} had not applied when the run ended", name=name)
    key = stage if stage in ENDS and at_us is not None else "open"
    moment, reason = formats.moment(context.start, at_us), told_reason(one)
    return _(_ENDED[key], name=name, moment=moment, reason=reason, stage=named(STAGES, stage))


def _plan(context: Context) -> list[Block]:
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    lifecycle, fast = context.section("lifecycle"), pace(context)
    if lifecycle.get("preset") is None:
        return blocks
    words = [_("The test followed the preset {preset}.", preset=named(PRESETS, lifecycle.text("preset")))]
    if fast != 1:
        words.append(
            _(
                "The plan is sped up {pace} times: {run} of the run stand for {plan} of the plan. Payments, faults and "
                "the calendar go at their own speed, so that a fault of hours weighs as much in the run as one of days "
                "would in life.",
                pace=formats.decimal(fast),
                run=formats.duration(round(_MONTH_US / fast)),
                plan=formats.duration(_MONTH_US),
            )
        )
    if lifecycle.whole("clients") is not None:
        words.append(lifecycle.says("In all, {clients} customers settled at least one payment inside."))
    return [*blocks, Paragraph(" ".join(words))]


# --- stages --------------------------------------------------------------------------------------------------------


def _paths(context: Context, found: list[Entries]) -> list[Block]:
    if not any(periods(one) for one in found):
        return []
    blocks: list[Block] = [Heading("life", _("The way of each applicant"))]
    blocks += [Paragraph(_path(one)) for one in found if one.whole("participants") or one.whole("exposure_fen")]
    return [*blocks, *_stages_chart(context, found)]


def _path(one: Entries) -> str:
    """An applicant's test in figures; how it ended stands above."""
    said = [one.says("{institution}: {participants} of its customers took part.")]
    if one.whole("exposure_fen") is not None:
        said.append(one.says("{exposure_fen} were settled inside."))
    if one.whole("corrections"):
        said.append(
            plural(
                "It used one correction period.",
                "It used {corrections} correction periods.",
                one.amount("corrections"),
                corrections=one.shown("corrections"),
            )
        )
    redeemed = one.section("redeemed")
    if redeemed:
        frozen = still_frozen(redeemed)
        said.append(
            redeemed.says(
                "At the end of the test {participants} customers changed all e-CNY of their wallets into bank "
                "money, {amount}, also what never was in the box; {left} were left in their wallets{frozen}.",
                amount=redeemed.exact("amount_fen"),
                left=redeemed.exact("left_fen"),
                frozen=f": {frozen}" if frozen else "",
            )
        )
    return " ".join(said)


def _stages_chart(context: Context, found: list[Entries]) -> list[Block]:
    shown = [one for one in found if periods(one)][: gantt.APPLICANTS_AT_MOST]
    labels = Labels((one.text("institution") for one in shown), longest=40)
    stages = Labels(named(STAGES, period.text("stage")) for one in shown for period in periods(one))
    bars = gantt.paths(shown, [labels[one.text("institution")] for one in shown], last_us(context))
    bars.names[:] = [(name if heading else _label(stages, name), heading) for name, heading in bars.names]
    counted = inside(context.run)
    people = counted if max(counted[1]) > 0 else None
    inside_too = _("At the bottom the customers inside, all applicants together.") if people else ""
    more = [inside_too, only_some(shown, found, "The first {shown} of {all} applicants.")]
    return chart(
        "sandbox-stages",
        "",
        _caps_table(context, found),
        lambda: figures.stages(bars, context.overlay.without_marks, people),
        title=_("Stages and reviews over time"),
        shows=_(
            "A bar for each time in a stage, and below the stages what each review decided. Shaded: something was "
            "broken."
        ),
        cut=" ".join(filter(None, more)),
        hides=_("Why a review decided as it did (see the reviews), and what the payments outside the box did."),
        alt=_("By applicant: {list}.", list=". ".join(_alt(context, one) for one in shown)),
        labels=[labels, stages],
    )


def _label(labels: Labels, name: str) -> str:
    """The label of a stage; the row of reviews is in no catalogue of names."""
    return name if name == _("reviews") else labels[name]


def _alt(context: Context, one: Entries) -> str:
    stages = (
        _("{stage} from {moment}", stage=named(STAGES, period.text("stage")), moment=_at(context, period, "from_us"))
        for period in periods(one)
    )
    return _("{name}: {stages}", name=one.text("institution"), stages=formats.listed(stages))


def _at(context: Context, one: Entries, path: str) -> str:
    return formats.moment(context.start, one.instant(path))


def _caps_table(context: Context, found: list[Entries]) -> Table:
    return table(
        _("Stages with their caps"),
        [(one, period) for one in found for period in periods(one)],
        (_("Applicant"), lambda two: two[0].text("institution")),
        (_("Stage"), lambda two: named(STAGES, two[1].text("stage"))),
        (_("From"), lambda two: _at(context, two[1], "from_us")),
        (_("Until"), lambda two: _at(context, two[1], "to_us")),
        (_("Why"), lambda two: told_reason(two[1])),
        (_("Customers"), lambda two: two[1].cell("participants")),
        (_("Customers at most"), lambda two: two[1].cell("caps.participants")),
        (_("A payment at most, yuan"), lambda two: two[1].cell("caps.per_payment_fen")),
        (_("A customer at most, yuan"), lambda two: two[1].cell("caps.per_participant_fen")),
        (_("All together, yuan"), lambda two: two[1].cell("caps.total_exposure_fen")),
        text_columns=5,
        note=_(
            "Caps that held when the stage began, the lowest of all applicants' and the box's own; a dash: no cap. "
            "Customers: those who had joined by then."
        ),
    )


# --- reviews -------------------------------------------------------------------------------------------------------


def _reviews(context: Context, found: list[Entries]) -> list[Block]:
    tested = [one for one in found if _tested_stages(one)]
    if not tested:
        return []
    blocks: list[Block] = [
        Heading("reviews", _("Reviews")),
        Paragraph(
            _(
                "At each review the payments since the last one are held against the gates. A gate is passed at its "
                "line or better, missed beyond it, and broken beyond a second line, which suspends the test at once. "
                "What rests on too few payments is not judged and stops nobody. Slowest payments (p99): 99 of 100 took "
                "no longer."
            )
        ),
    ]
    with_reviews = [one for one in tested if reviews(one)]
    if not with_reviews:
        return [*blocks, Note(_("The run ended before the first review."))]
    for place, one in enumerate(with_reviews, 1):
        blocks.append(_reviews_table(context, one))
        if place <= gantt.APPLICANTS_AT_MOST and any(gates(review) for review in reviews(one)):
            blocks += _gates_chart(context, place, one)
    return blocks


def _tested_stages(one: Entries) -> set[str]:
    return {period.text("stage") for period in periods(one)} - {"applied", "public_comment", "refused"}


def _reviews_table(context: Context, one: Entries) -> Table:
    return table(
        _("What each review of {name} decided", name=one.text("institution")),
        enumerate(reviews(one), 1),
        (_("No"), lambda two: str(two[0])),
        (_("When"), lambda two: _at(context, two[1], "at_us")),
        (_("Stage"), lambda two: named(STAGES, two[1].text("stage"))),
        (_("Payments"), lambda two: two[1].cell("payments")),
        (_("Decision"), lambda two: named(DECISIONS, two[1].text("decision"))),
        (_("Why"), lambda two: why(two[1])),
        text_columns=6,
    )


def _gates_chart(context: Context, place: int, one: Entries) -> list[Block]:
    numbered = [(number, gates(review)) for number, review in enumerate(reviews(one), 1)]
    shown = numbered[-REVIEWS_AT_MOST:]
    known = {gate.name: gate for __, found in numbered for gate in found}
    labels = Labels(named(SHORT_GATES, name) for name in known)
    names = [(name, _gate_words(labels, gate)) for name, gate in known.items()]
    return chart(
        f"sandbox-gates-{place}",
        "",
        _gates_table(context, one, list(known.values())),
        lambda: figures.gates(shown, names),
        shows=_("For each review (numbered as in the table) and gate: passed, missed, broken or not judged."),
        cut=only_some(shown, numbered, "The last {shown} of {all} reviews."),
        hides=_("By how much: the values are in the table under the figure."),
        alt=_gates_alt(numbered),
        labels=[labels],
    )


def _gate_words(labels: Labels, gate: Gate) -> str:
    return _("{gate}, {line}", gate=labels[named(SHORT_GATES, gate.name)], line=gate.line)


def _gates_alt(numbered: Sequence[tuple[int, Sequence[Gate]]]) -> str:
    judged = sum(gate.verdict != "unmeasured" for __, found in numbered for gate in found)
    failed = [
        (number, [named(GATES, gate.name) for gate in found if gate.verdict in FAILED]) for number, found in numbered
    ]
    missed = sum(len(names) for __, names in failed)
    if not missed:
        return _("All {all} judged indicators passed.", all=judged)
    shown = (
        _("review {number}: {gates}", number=number, gates=formats.listed(names)) for number, names in failed if names
    )
    return _(
        "{missed} of {all} judged indicators were missed or broken: {list}.",
        missed=missed,
        all=judged,
        list=formats.series(shown),
    )


def _gates_table(context: Context, one: Entries, known: Sequence[Gate]) -> Table:
    return table(
        _("Indicators of {name} against their gates", name=one.text("institution")),
        enumerate(reviews(one), 1),
        (_("No"), lambda two: str(two[0])),
        (_("When"), lambda two: _at(context, two[1], "at_us")),
        *map(_gate_column, known),
        text_columns=2 + len(known),
        folded=True,
    )


def _gate_column(of: Gate) -> Column:
    def verdict(numbered: tuple[int, Entries]) -> str:
        gate = next((gate for gate in gates(numbered[1]) if gate.name == of.name), None)
        if gate is None or gate.value is None:
            return named(VERDICTS, "unmeasured" if gate is None else gate.verdict)
        return _("{value} ({verdict})", value=gate_value(gate.name, gate.value), verdict=named(VERDICTS, gate.verdict))

    return _("{gate}, {line}", gate=named(GATES, of.name), line=of.line), verdict


ANSWERS: Final = (
    "lifecycle.applicants.*.participants",
    "lifecycle.applicants.*.corrections",
    "rollout.first.at_us",
    "rollout.success_share",
    "complaints.filed",
    "compensation.paid_fen",
)
CHAPTER: Final = Chapter(section, headline, box=lambda context: bool(context.section("lifecycle")), answers=ANSWERS)
