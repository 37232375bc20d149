"""The chapter's part on further runs: the roll-out, and the same test under other regimes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from reports import formats
from reports.blocks import chart, only_some, table
from reports.document import Block, Bullets, Heading, Paragraph, Table
from reports.figures.labels import Labels
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.features.lifecycle.report import figures, gantt
from sandbox.features.lifecycle.report.names import GATES, PRESETS, STAGES
from sandbox.features.lifecycle.report.view import broke, last_us, length, pace, rollout_value, told_reason
from sandbox.language import N_, _, named

# --- the roll-out --------------------------------------------------------------------------------------------------


def rollout(context: Context) -> list[Block]:
    """What broke first when everybody could use what graduated."""
    found = context.section("rollout")
    if not found:
        return []
    broken = found.rows("findings")
    said = [
        found.says(
            "What graduated was rolled out to {wallets} wallets, {factor} times as many, for {length}: the same world "
            "without the box and without the faults of the test. {settled} of {payments} payments settled.",
            length=found.duration("lasts_us"),
        )
    ]
    if found.number("success_share") is not None:
        said.append(found.says("Of those that no rule refused, {success_share} settled."))
    said.append(
        _("First, {after} after it began, {what}.", after=broken[0].duration("at_us"), what=broke(broken[0]))
        if broken
        else found.says("Nothing broke: no station went above {utilisation_line} of its time and no gate was missed.")
    )
    if found.number("busiest_utilisation") is not None:
        said.append(
            found.says(
                "The busiest station was {station}, {busiest_utilisation} in its worst bin of time.",
                station=found.text("busiest_station"),
            )
        )
    return [Heading("rollout", _("What breaks first in a roll-out")), Paragraph(" ".join(said)), *_broken(broken)]


def _broken(broken: Sequence[Entries]) -> list[Block]:
    numbers = table(
        _("What broke in the roll-out, the first first"),
        broken,
        (_("After"), lambda one: one.duration("at_us")),
        (_("What"), _what),
        (_("Value then"), lambda one: rollout_value(one, "value")),
        (_("Line"), lambda one: rollout_value(one, "line")),
        (_("Bins in all"), "bins"),
        text_columns=2,
        note=_("A station or gate counts once, with the first bin of time in which it broke and its value there."),
    )
    return [numbers] if broken else []


def _what(one: Entries) -> str:
    subject = one.text("subject")
    if one.get("kind") == "gate":
        return named(GATES, subject)
    return _("{subject}, share of its time in use", subject=subject)


# --- other regimes -------------------------------------------------------------------------------------------------

_OF_REGIME: Final = {
    "clients": N_("Customers who settled a payment"),
    "payments": N_("Payments inside"),
    "settled_fen": N_("Settled inside, yuan"),
    "success_share": N_("Of those answered, settled"),
    "failed": N_("Failed inside"),
    "complaints": N_("Complaints"),
    "compensated_fen": N_("Compensated, yuan"),
    "crossed_fen": N_("Crossed the edge, yuan"),
}


def regimes_run(context: Context) -> list[Entries]:
    """The regimes that the test was run under, the run's own first."""
    return context.rows("regimes")


def regimes(context: Context) -> list[Block]:
    """The same test under several regimes: a table, a figure, and the differences in words."""
    found = regimes_run(context)
    if not found:
        return []
    lines, fast = gantt.lines(found), pace(context)
    blocks: list[Block] = [
        Heading("regimes", _("The same test under other regimes")),
        Paragraph(
            _(
                "The same world, seed and faults, run once under each preset. What a regime does not publish is "
                "ASSUMED; which values those are is told with the presets in the documentation of the box."
            )
        ),
    ]
    if len(found) > 1:
        blocks.append(Bullets(tuple(_differences(found, lines, fast))))
    blocks.append(_regimes_table(found, lines, fast))
    return [*blocks, *_regimes_chart(context, lines)]


def under_other_regimes(context: Context) -> list[str]:
    """How the test ended under the regimes beside the run's own, in one sentence."""
    lines = gantt.lines(regimes_run(context)[1:])
    shown = [_("{name} {value}", name=_title(one, lines), value=_ended(one)) for one in lines]
    return [_("Under other regimes: {regimes}.", regimes=formats.series(shown))] if shown else []


def _title(one: gantt.Line, lines: Sequence[gantt.Line]) -> str:
    """The regime, and the applicant too where there are several."""
    preset = named(PRESETS, one.preset)
    if len({line.institution for line in lines}) < 2:
        return preset
    return _("{institution} under {preset}", institution=one.institution, preset=preset)


def _ended(one: gantt.Line) -> str:
    return named(STAGES, one.row.text("stage"))


def _regimes_table(found: Sequence[Entries], lines: Sequence[gantt.Line], fast: float) -> Table:
    """A column a regime; what concerns one applicant has a row for each of them."""
    of_applicant: dict[str, Callable[[gantt.Line], str]] = {
        _("Let in, after the application"): lambda one: length(_between(one, "applied", "admitted"), fast),
        _("Length of the test"): lambda one: length(_between(one, "admitted", "ended"), fast),
        _("How it ended"): _ended,
        _("Why"): lambda one: told_reason(one.row),
        _("Customers who joined"): lambda one: one.row.cell("participants"),
        _("Reviews"): lambda one: one.row.cell("reviews"),
        _("Correction periods"): lambda one: one.row.cell("corrections"),
        _("E-CNY in wallets at the end, changed back, yuan"): lambda one: one.row.cell("redeemed_fen"),
    }
    institutions = list(dict.fromkeys(one.institution for one in lines))
    body: list[tuple[str, ...]] = []
    for institution in institutions:
        mine = [_of(regime, institution) for regime in found]
        for words, show in of_applicant.items():
            title = f"{institution}: {words}" if len(institutions) > 1 else words
            body.append((title, *(formats.NOTHING if one is None else show(one) for one in mine)))
    body += [(_(words), *(regime.cell(name) for regime in found)) for name, words in _OF_REGIME.items()]
    head = (_("What"), *(named(PRESETS, regime.text("preset")) for regime in found))
    return Table(_("How the test went, regime by regime"), head, tuple(body), text_columns=len(head))


def _of(regime: Entries, institution: str) -> gantt.Line | None:
    return next((one for one in gantt.lines([regime]) if one.institution == institution), None)


def _between(one: gantt.Line, first: str, last: str) -> int | None:
    begun, ended = one.row.instant(f"{first}_us"), one.row.instant(f"{last}_us")
    return None if begun is None or ended is None or ended < begun else ended - begun


def _differences(found: Sequence[Entries], lines: Sequence[gantt.Line], fast: float) -> list[str]:
    """What a reader should take from the table, in sentences."""
    said = _admission(lines, fast)
    graduated = [_title(one, lines) for one in lines if one.row.text("stage") == "graduated"]
    said.append(
        _("Graduated under {presets}.", presets=_and(graduated)) if graduated else _("Graduated under none of them.")
    )
    for one in lines:
        stage, reason = one.row.text("stage"), told_reason(one.row)
        if stage == "wound_down":
            after = length(_between(one, "admitted", "ended"), fast)
            said.append(
                _(
                    "Ended without graduating under {preset}, {after} after it was let in: {reason}.",
                    preset=_title(one, lines),
                    after=after,
                    reason=reason,
                )
            )
        if stage == "refused":
            said.append(_("Refused under {preset}: {reason}.", preset=_title(one, lines), reason=reason))
    still = [_title(one, lines) for one in lines if one.row.instant("ended_us") is None]
    if still:
        said.append(_("Still in its test when the run ended under {presets}.", presets=_and(still)))
    most = _most(found, "settled_fen")
    if most:
        said.append(_("Most settled inside: {preset} ({value}); least: {least} ({least_value}).", **most))
    most = _most(found, "complaints")
    if most:
        said.append(_("Most complaints: {preset} ({value}); fewest: {least} ({least_value}).", **most))
    return said


def _and(names: Sequence[str]) -> str:
    """Names with commas, the last with `and`."""
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}", first=formats.listed(names[:-1]), last=names[-1])


def _admission(lines: Sequence[gantt.Line], fast: float) -> list[str]:
    waits = [(wait, _title(one, lines)) for one in lines if (wait := _between(one, "applied", "admitted")) is not None]
    if not waits:
        return []
    first, last = min(wait for wait, __ in waits), max(wait for wait, __ in waits)
    if first == last:
        return [_("All let the applicant in after the same time, {after}.", after=length(first, fast))]
    quick, slow = (_and([name for wait, name in waits if wait == at]) for at in (first, last))
    afters = {"after": length(first, fast), "last_after": length(last, fast)}
    return [
        _(
            "Let in first: {presets}, {after} after the application. Last: {last}, after {last_after}.",
            presets=quick,
            last=slow,
            **afters,
        )
    ]


def _most(found: Sequence[Entries], name: str) -> dict[str, str]:
    """Which regime has most of something and which least, if they differ."""
    known = [one for one in found if one.whole(name) is not None]
    if len({one.whole(name) for one in known}) < 2:
        return {}
    order = sorted(known, key=lambda one: (one.amount(name), one.text("preset")))
    said = {"value": order[-1].shown(name), "least_value": order[0].shown(name)}
    return {
        "preset": named(PRESETS, order[-1].text("preset")),
        "least": named(PRESETS, order[0].text("preset")),
        **said,
    }


def _regimes_chart(context: Context, lines: Sequence[gantt.Line]) -> list[Block]:
    shown = [one for one in lines if one.row.instant("applied_us") is not None][: gantt.LINES_AT_MOST]
    if not shown:
        return []
    titles = [_title(one, lines) for one in shown]
    labels = Labels(titles, longest=24)
    bars = gantt.side_by_side(shown, [labels[title] for title in titles], last_us(context))

    def moment(name: str) -> Callable[[gantt.Line], str]:
        return lambda one: formats.moment(context.start, one.row.instant(name))

    numbers = table(
        _("From application to the end, regime by regime"),
        shown,
        (_("Regime"), lambda one: _title(one, lines)),
        (_("Applied"), moment("applied_us")),
        (_("Let in"), moment("admitted_us")),
        (_("Ended"), moment("ended_us")),
        (_("Stage"), _ended),
        text_columns=5,
        folded=True,
    )
    items = (_("{name} {value}", name=title, value=_ended(one)) for title, one in zip(titles, shown, strict=True))
    return chart(
        "sandbox-regimes",
        "",
        numbers,
        lambda: figures.regimes(bars, context.overlay.without_marks),
        shows=_(
            "For each regime the time from the application until the applicant was let in (hatched), the test, and how "
            "it ended. Shaded: something was broken.",
        ),
        cut=only_some(shown, lines, "The first {shown} of {all} lines."),
        hides=_("The stages and reviews under regimes other than the run's own; run the scenario under those."),
        alt=_("How the test ended, by regime: {list}.", list=formats.series(items)),
        labels=[labels],
    )
