"""The way of each applicant through its stages, and what each review decided and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Chart, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.sections.edge import edge
from reports.view.values import rows, whole
from sandbox.features.lifecycle.report import figures, gantt, second_half
from sandbox.features.lifecycle.report.names import DECISIONS, GATES, PRESETS, SHORT_GATES, STAGES, VERDICTS
from sandbox.features.lifecycle.report.view import (
    ENDS,
    FAILED,
    Applicant,
    Gate,
    Period,
    Review,
    applicants,
    gate_value,
    inside,
    last_us,
    pace,
    reason_words,
    still_frozen,
    why,
)
from sandbox.language import N_, _, named, plural

REVIEWS_AT_MOST: Final = 24
_CAPS: Final = ("participants", "per_payment_fen", "per_participant_fen", "total_exposure_fen")
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
    run = context.run
    if not rows(run.get("lifecycle.applicants")) and not rows(run.get("regimes")):
        return ()
    found = applicants(run)
    blocks: list[Block] = [
        *_plan(context),
        *_ways(context, found),
        *_reviews(context, found),
        *second_half.complaints(context),
        *edge(context),
        *second_half.rollout(context),
        *second_half.regimes(context),
    ]
    return (Section("sandbox", _("The sandbox"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """What became of every applicant, in one sentence."""
    found = applicants(context.run)
    if not found:
        return None
    shown = (_ended(context, one) for one in found)
    return " ".join([_("The sandbox: {applicants}.", applicants="; ".join(shown)), *second_half.elsewhere(context)])


def _ended(context: Context, one: Applicant) -> str:
    if not one.periods:
        return _("{name} had not applied when the run ended", name=one.institution)
    key = one.stage if one.stage in ENDS and one.ended_us is not None else "open"
    moment = formats.moment(context.start, one.ended_us)
    stage = named(STAGES, one.stage)
    return _(_ENDED[key], name=one.institution, moment=moment, reason=reason_words(one.reason), stage=stage)


def _plan(context: Context) -> list[Block]:
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    preset = context.run.get("lifecycle.preset")
    if preset is None:
        return blocks
    words = [_("The test followed the preset {preset}.", preset=named(PRESETS, preset))]
    fast = pace(context.run)
    if fast != 1:
        run_length = formats.duration(round(_MONTH_US / fast))
        lengths = {"run": run_length, "plan": formats.duration(_MONTH_US)}
        words.append(
            _(
                "The plan is sped up {pace} times: {run} of the run stand for {plan} of the plan. Payments, "
                "faults and the calendar go at their own speed, so that a fault of hours weighs as much in the "
                "run as one of days would in life.",
                pace=formats.decimal(fast),
                **lengths,
            )
        )
    clients = whole(context.run.get("lifecycle.clients"))
    if clients is not None:
        words.append(
            _("In all, {clients} customers settled at least one payment inside.", clients=formats.count(clients))
        )
    return [*blocks, Paragraph(" ".join(words))]


# --- stages --------------------------------------------------------------------------------------------------------


def _ways(context: Context, found: list[Applicant]) -> list[Block]:
    if not any(one.periods for one in found):
        return []
    blocks: list[Block] = [Heading("life", _("The way of each applicant"))]
    blocks += [Paragraph(_way(one)) for one in found if one.participants or one.exposure_fen]
    return [*blocks, _ways_chart(context, found)]


def _way(one: Applicant) -> str:
    """An applicant's test in figures; how it ended stands above."""
    said = [
        _(
            "{name}: {participants} of its customers took part.",
            name=one.institution,
            participants=formats.count(one.participants),
        )
    ]
    if one.exposure_fen is not None:
        said.append(_("{value} were settled inside.", value=formats.money(one.exposure_fen)))
    if one.corrections:
        said.append(
            plural(
                "It used one correction period.",
                "It used {corrections} correction periods.",
                one.corrections,
                corrections=formats.count(one.corrections),
            )
        )
    if one.redeemed:
        amount, left = (formats.whole_money(whole(one.redeemed.get(f"{name}_fen"))) for name in ("amount", "left"))
        number = formats.count(whole(one.redeemed.get("participants")))
        frozen = still_frozen(one.redeemed)
        waits = f": {frozen}" if frozen else ""
        said.append(
            _(
                "At the end of the test {participants} customers gave back {amount} of e-CNY for bank money; "
                "{left} were left in their wallets{frozen}.",
                participants=number,
                amount=amount,
                left=left,
                frozen=waits,
            )
        )
    return " ".join(said)


def _ways_chart(context: Context, found: list[Applicant]) -> Chart:
    shown = [one for one in found if one.periods][: gantt.APPLICANTS_AT_MOST]
    labels = Labels((one.institution for one in shown), longest=40)
    stages = Labels(named(STAGES, period.stage) for one in shown for period in one.periods)
    bars = gantt.ways(shown, [labels[one.institution] for one in shown], last_us(context.run))
    bars.names[:] = [(name if heading else _label(stages, name), heading) for name, heading in bars.names]
    counted = inside(context.run)
    people = counted if max(counted[1]) > 0 else None
    cut = (
        _("The first {shown} of {all} applicants.", shown=len(shown), all=len(found)) if len(shown) < len(found) else ""
    )
    return Chart(
        key="sandbox-stages",
        title=_("Stages and reviews over time"),
        shows=" ".join(
            _(
                "A bar for each time in a stage, and below the stages what each review decided. Shaded: "
                "something was broken. {inside} {cut}",
                inside=_("At the bottom the customers inside, all applicants together.") if people else "",
                cut=cut,
            ).split()
        ),
        hides=_("Why a review decided as it did (see the reviews), and what the payments outside the box did."),
        alt=_("By applicant: {list}.", list=". ".join(_alt(context, one) for one in shown)),
        table=_caps_table(context, found),
        draw=lambda: figures.stages(bars, context.overlay.without_marks, people),
        names=(*explained(labels), *explained(stages)),
    )


def _label(labels: Labels, name: str) -> str:
    """The label of a stage; the row of reviews is in no catalogue of names."""
    return name if name == _("reviews") else labels[name]


def _alt(context: Context, one: Applicant) -> str:
    stages = (
        _("{stage} from {moment}", stage=named(STAGES, period.stage), moment=_moment(context, period.from_us))
        for period in one.periods
    )
    return _("{name}: {stages}", name=one.institution, stages=", ".join(stages))


def _moment(context: Context, at_us: int | None) -> str:
    return formats.moment(context.start, at_us)


def _caps_table(context: Context, found: list[Applicant]) -> Table:
    body = tuple(_period_row(context, one, period) for one in found for period in one.periods)
    head = (
        _("Applicant"),
        _("Stage"),
        _("From"),
        _("Until"),
        _("Why"),
        _("Customers"),
        _("Customers at most"),
        _("A payment at most, yuan"),
        _("A customer at most, yuan"),
        _("All together, yuan"),
    )
    title, note = (
        _("Stages with their caps"),
        _(
            "Caps that held when the stage began, the lowest of all applicants' and the box's own; a dash: "
            "no cap. Customers: those who had joined by then."
        ),
    )
    return Table(title, head, body, text_columns=5, note=note)


def _period_row(context: Context, one: Applicant, period: Period) -> tuple[str, ...]:
    caps = [whole(period.caps.get(name)) for name in _CAPS]
    return (
        one.institution,
        named(STAGES, period.stage),
        _moment(context, period.from_us),
        _moment(context, period.to_us),
        reason_words(period.reason),
        formats.count(period.participants),
        formats.count(caps[0]),
        *(formats.yuan(cap) for cap in caps[1:]),
    )


# --- reviews -------------------------------------------------------------------------------------------------------


def _reviews(context: Context, found: list[Applicant]) -> list[Block]:
    tested = [one for one in found if any(period.stage in _tested_stages(one) for period in one.periods)]
    if not tested:
        return []
    blocks: list[Block] = [
        Heading("reviews", _("Reviews")),
        Paragraph(
            _(
                "At each review the payments since the last one are held against the gates. A gate is passed at "
                "its line or better, missed beyond it, and broken beyond a second line, which suspends the test "
                "at once. What rests on too few payments is not judged and stops nobody. Slowest payments (p99): "
                "99 of 100 took no longer."
            )
        ),
    ]
    with_reviews = [one for one in tested if one.reviews]
    if not with_reviews:
        return [*blocks, Note(_("The run ended before the first review."))]
    for place, one in enumerate(with_reviews, 1):
        blocks.append(_reviews_table(context, one))
        if place <= gantt.APPLICANTS_AT_MOST and any(review.gates for review in one.reviews):
            blocks.append(_gates_chart(context, place, one))
    return blocks


def _tested_stages(one: Applicant) -> set[str]:
    return {period.stage for period in one.periods} - {"applied", "public_comment", "refused"}


def _reviews_table(context: Context, one: Applicant) -> Table:
    body = tuple(
        (
            str(number),
            _moment(context, review.at_us),
            named(STAGES, review.stage),
            formats.count(review.payments),
            named(DECISIONS, review.decision),
            why(review),
        )
        for number, review in enumerate(one.reviews, 1)
    )
    head = (_("No"), _("When"), _("Stage"), _("Payments"), _("Decision"), _("Why"))
    return Table(_("What each review of {name} decided", name=one.institution), head, body, text_columns=6)


def _gates_chart(context: Context, place: int, one: Applicant) -> Chart:
    numbered = list(enumerate(one.reviews, 1))
    shown = numbered[-REVIEWS_AT_MOST:]
    gates = {gate.name: gate for review in one.reviews for gate in review.gates}
    labels = Labels(named(SHORT_GATES, name) for name in gates)
    names = [(name, _gate_words(labels, gate)) for name, gate in gates.items()]
    cut = (
        _("The last {shown} of {all} reviews.", shown=len(shown), all=len(numbered))
        if len(shown) < len(numbered)
        else ""
    )
    return Chart(
        key=f"sandbox-gates-{place}",
        title=_("Indicators of {name} against their gates", name=one.institution),
        shows=_(
            "For each review (numbered as in the table) and gate: passed, missed, broken or not judged. {cut}", cut=cut
        ).strip(),
        hides=_("By how much: the values are in the table under the figure."),
        alt=_gates_alt(numbered),
        table=_gates_table(context, one, list(gates.values())),
        draw=lambda: figures.gates(shown, names),
        names=explained(labels),
    )


def _gate_words(labels: Labels, gate: Gate) -> str:
    return _("{gate}, {line}", gate=labels[named(SHORT_GATES, gate.name)], line=gate.line)


def _gates_alt(numbered: Sequence[tuple[int, Review]]) -> str:
    judged = sum(gate.verdict != "unmeasured" for __, review in numbered for gate in review.gates)
    failed = [
        (number, [named(GATES, gate.name) for gate in review.gates if gate.verdict in FAILED])
        for number, review in numbered
    ]
    missed = sum(len(names) for __, names in failed)
    if not missed:
        return _("All {all} judged indicators passed.", all=judged)
    shown = (_("review {number}: {gates}", number=number, gates=", ".join(names)) for number, names in failed if names)
    return _(
        "{missed} of {all} judged indicators were missed or broken: {list}.",
        missed=missed,
        all=judged,
        list="; ".join(shown),
    )


def _gates_table(context: Context, one: Applicant, gates: list[Gate]) -> Table:
    body = []
    for number, review in enumerate(one.reviews, 1):
        by_name = {gate.name: gate for gate in review.gates}
        cells = (_gate_cell(by_name.get(gate.name)) for gate in gates)
        body.append((str(number), _moment(context, review.at_us), *cells))
    head = (
        _("No"), _("When"),
        *(_("{gate}, {line}", gate=named(GATES, gate.name), line=gate.line) for gate in gates),
    )  # fmt: skip
    return Table(
        _("Indicators of {name} against their gates", name=one.institution),
        head,
        tuple(body),
        text_columns=len(head),
        folded=True,
    )


def _gate_cell(gate: Gate | None) -> str:
    if gate is None or gate.value is None:
        return named(VERDICTS, "unmeasured" if gate is None else gate.verdict)
    return _("{value} ({verdict})", value=gate_value(gate.name, gate.value), verdict=named(VERDICTS, gate.verdict))


CHAPTER: Final = Chapter(section, headline, box=lambda context: bool(context.run.get("lifecycle")))
