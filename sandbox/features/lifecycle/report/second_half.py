"""The second half of the chapter: complaints and the fund, the roll-out, and other regimes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports import formats
from reports.amounts import cell
from reports.document import Block, Bullets, Chart, Heading, Paragraph, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.view.values import instant, number, part, rows, whole, words
from sandbox.features.lifecycle.report import figures, gantt
from sandbox.features.lifecycle.report.names import COMPLAINTS, GATES, PRESETS, STAGES
from sandbox.features.lifecycle.report.view import broke, last_us, length, pace, reason_words, rollout_value
from sandbox.language import N_, _, named

# --- complaints and the fund ---------------------------------------------------------------------------------------


def complaints(context: Context) -> list[Block]:
    """How many complained, how long an answer took, and what the fund paid."""
    found, fund = part(context.run.get("complaints")), part(context.run.get("compensation"))
    if not found and not fund:
        return []
    return [
        Heading("complaints", _("Complaints and compensation")),
        Paragraph(_filed(found, pace(context.run))),
        Paragraph(_fund(fund)),
        *_reasons(part(found.get("by_reason")), part(fund.get("by_reason"))),
    ]


def _filed(found: Mapping[str, Any], fast: float) -> str:
    counts = {name: formats.count(whole(found.get(name))) for name in ("filed", "handled", "open")}
    if not whole(found.get("filed")):
        return _("Nobody complained.")
    reading = _("Customers filed {filed} complaints; {handled} were handled and {open} open at the end.", **counts)
    mean, longest = (instant(found.get(f"handling_us_{name}")) for name in ("mean", "max"))
    if mean is None:
        return reading
    took = _(
        "From filing to the answer it took {mean} on average and {max} at most.",
        mean=length(mean, fast),
        max=length(longest, fast),
    )
    return f"{reading} {took}"


def _fund(fund: Mapping[str, Any]) -> str:
    sums = {
        name: formats.whole_money(whole(fund.get(f"{name}_fen")))
        for name in ("paid_in", "claimed", "paid", "unpaid", "left")
    }
    return _(
        "The applicants paid {paid_in} into the fund. Of {claimed} claimed it paid {paid} to {customers} "
        "customers; {unpaid} could not be paid, and {left} are left.",
        customers=formats.count(whole(fund.get("customers"))),
        **sums,
    )


def _reasons(filed: Mapping[str, Any], paid: Mapping[str, Any]) -> list[Block]:
    names = [name for name in dict.fromkeys([*filed, *paid]) if whole(filed.get(name)) or whole(paid.get(name))]
    if not names:
        return []
    body = tuple(
        (named(COMPLAINTS, name), formats.count(whole(filed.get(name))), formats.yuan(whole(paid.get(name))))
        for name in names
    )
    head = (_("Reason"), _("Complaints"), _("Compensated, yuan"))
    return [Table(_("Complaints by reason"), head, body)]


# --- the roll-out --------------------------------------------------------------------------------------------------


def rollout(context: Context) -> list[Block]:
    """What broke first when everybody could use what graduated."""
    found = part(context.run.get("rollout"))
    if not found:
        return []
    share = number(found.get("utilisation_line"))
    reading = _(
        "What graduated was rolled out to {wallets} wallets, {factor} times as many, for {length}: the "
        "same world without the box and without the faults of the test. {settled} of {payments} payments "
        "settled.",
        wallets=formats.count(whole(found.get("wallets"))),
        factor=formats.decimal(number(found.get("factor"))),
        length=formats.duration(instant(found.get("lasts_us"))),
        settled=formats.count(whole(found.get("settled"))),
        payments=formats.count(whole(found.get("payments"))),
    )
    broken = rows(found.get("findings"))
    first = (
        broke(broken[0])
        if broken
        else _(
            "Nothing broke: no station went above {line} of its time and no gate was missed.", line=formats.share(share)
        )
    )
    if broken:
        first = _(
            "First, {after} after it began, {what}.",
            after=formats.duration(instant(broken[0].get("at_us"))),
            what=first,
        )
    busy = number(found.get("busiest_utilisation"))
    busiest = _(
        "The busiest station was {station}, {busy} in its worst bin of time.",
        station=words(found.get("busiest_station")),
        busy=formats.share(busy),
    )
    answered = number(found.get("success_share"))
    success = (
        [_("Of those that no rule refused, {share} settled.", share=formats.share(answered))]
        if answered is not None
        else []
    )
    text = " ".join([reading, *success, first, *([busiest] if busy is not None else [])])
    return [Heading("rollout", _("What breaks first in a roll-out")), Paragraph(text), *_broken(broken)]


def _broken(broken: Sequence[Mapping[str, Any]]) -> list[Block]:
    if not broken:
        return []
    body = tuple(
        (
            formats.duration(instant(one.get("at_us"))),
            _what(one),
            rollout_value(one, "value"),
            rollout_value(one, "line"),
            formats.count(whole(one.get("bins"))),
        )
        for one in broken
    )
    head = (_("After"), _("What"), _("Value then"), _("Line"), _("Bins in all"))
    return [
        Table(
            _("What broke in the roll-out, the first first"),
            head,
            body,
            text_columns=2,
            note=_("A station or gate counts once, with the first bin of time in which it broke and its value there."),
        )
    ]


def _what(one: Mapping[str, Any]) -> str:
    subject = words(one.get("subject"))
    return (
        named(GATES, subject)
        if one.get("kind") == "gate"
        else _("{subject}, share of its time in use", subject=subject)
    )


# --- other regimes -------------------------------------------------------------------------------------------------

_OF_APPLICANT: Final = {
    "admitted": N_("Let in, after the application"),
    "tested": N_("Length of the test"),
    "ended": N_("How it ended"),
    "reason": N_("Why"),
    "participants": N_("Customers who joined"),
    "reviews": N_("Reviews"),
    "corrections": N_("Correction periods"),
    "redeemed_fen": N_("Given back at the end, yuan"),
}
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


def regimes(context: Context) -> list[Block]:
    """The same test under several regimes: a table, a figure, and the differences in words."""
    found = rows(context.run.get("regimes"))
    if not found:
        return []
    lines, fast = gantt.lines(found), pace(context.run)
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


def elsewhere(context: Context) -> list[str]:
    """How the test ended under the regimes beside the run's own, in one sentence."""
    lines = gantt.lines(rows(context.run.get("regimes"))[1:])
    shown = [
        _("{name} {value}", name=_title(one, lines), value=named(STAGES, words(one.row.get("stage")))) for one in lines
    ]
    return [_("Under other regimes: {regimes}.", regimes="; ".join(shown))] if shown else []


def _title(one: gantt.Line, lines: Sequence[gantt.Line]) -> str:
    """The regime, and the applicant too where there are several."""
    preset = named(PRESETS, one.preset)
    if len({line.institution for line in lines}) < 2:
        return preset
    return _("{institution} under {preset}", institution=one.institution, preset=preset)


def _regimes_table(found: Sequence[Mapping[str, Any]], lines: Sequence[gantt.Line], fast: float) -> Table:
    """A column a regime; what concerns one applicant has a row for each of them."""
    institutions = list(dict.fromkeys(one.institution for one in lines))
    body: list[tuple[str, ...]] = []
    for institution in institutions:
        mine = [_of(regime, institution) for regime in found]
        for name, row in _OF_APPLICANT.items():
            title = f"{institution}: {_(row)}" if len(institutions) > 1 else _(row)
            body.append((title, *(_applicant_cell(name, one, fast) for one in mine)))
    body += [(_(row), *(_cell(name, regime) for regime in found)) for name, row in _OF_REGIME.items()]
    head = (_("What"), *(named(PRESETS, words(regime.get("preset"))) for regime in found))
    return Table(_("How the test went, regime by regime"), head, tuple(body), text_columns=len(head))


def _of(regime: Mapping[str, Any], institution: str) -> gantt.Line | None:
    return next((one for one in gantt.lines([regime]) if one.institution == institution), None)


def _cell(name: str, regime: Mapping[str, Any]) -> str:
    return cell(f"regimes.*.{name}", number(regime.get(name)))


def _applicant_cell(name: str, one: gantt.Line | None, fast: float) -> str:
    if one is None:
        return formats.NOTHING
    if name == "admitted":
        return length(_between(one, "applied", "admitted"), fast)
    if name == "tested":
        return length(_between(one, "admitted", "ended"), fast)
    if name == "ended":
        return named(STAGES, words(one.row.get("stage")))
    if name == "reason":
        return reason_words(words(one.row.get("reason")))
    return cell(f"regimes.*.applicants.*.{name}", number(one.row.get(name)))


def _between(one: gantt.Line, first: str, last: str) -> int | None:
    begun, ended = one.at(f"{first}_us"), one.at(f"{last}_us")
    return None if begun is None or ended is None or ended < begun else ended - begun


def _differences(found: Sequence[Mapping[str, Any]], lines: Sequence[gantt.Line], fast: float) -> list[str]:
    """What a reader should take from the table, in sentences."""
    said = _letting_in(lines, fast)
    graduated = [_title(one, lines) for one in lines if one.row.get("stage") == "graduated"]
    said.append(
        _("Graduated under {presets}.", presets=_listed(graduated)) if graduated else _("Graduated under none of them.")
    )
    for one in lines:
        stage, reason = one.row.get("stage"), reason_words(words(one.row.get("reason")))
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
    still = [_title(one, lines) for one in lines if one.at("ended_us") is None]
    if still:
        said.append(_("Still in its test when the run ended under {presets}.", presets=_listed(still)))
    said += _most(
        N_("Most settled inside: {preset} ({value}); least: {least} ({least_value})."),
        found,
        "settled_fen",
        "value",
        formats.money,
    )
    return [
        *said,
        *_most(
            N_("Most complaints: {preset} ({number}); fewest: {least} ({least_number})."),
            found,
            "complaints",
            "number",
            formats.count,
        ),
    ]


def _listed(names: Sequence[str]) -> str:
    """Names with commas, the last with `and`."""
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])


def _letting_in(lines: Sequence[gantt.Line], fast: float) -> list[str]:
    waits = [(wait, _title(one, lines)) for one in lines if (wait := _between(one, "applied", "admitted")) is not None]
    if not waits:
        return []
    first, last = min(wait for wait, __ in waits), max(wait for wait, __ in waits)
    if first == last:
        return [_("All let the applicant in after the same time, {after}.", after=length(first, fast))]
    quick, slow = (_listed([name for wait, name in waits if wait == at]) for at in (first, last))
    afters = {"after": length(first, fast), "last_after": length(last, fast)}
    return [
        _(
            "Let in first: {presets}, {after} after the application. Last: {last}, after {last_after}.",
            presets=quick,
            last=slow,
            **afters,
        )
    ]


def _most(message: str, found: Sequence[Mapping[str, Any]], name: str, word: str, form: Any) -> list[str]:
    """Which regime has most of something and which least, if they differ."""
    known_ones = [(value, words(one.get("preset"))) for one in found if (value := whole(one.get(name))) is not None]
    if len({value for value, __ in known_ones}) < 2:
        return []
    (most, preset), (least, other) = max(known_ones), min(known_ones)
    values = {word: form(most), f"least_{word}": form(least)}
    return [_(message, preset=named(PRESETS, preset), least=named(PRESETS, other), **values)]


def _regimes_chart(context: Context, lines: Sequence[gantt.Line]) -> list[Block]:
    shown = [one for one in lines if one.at("applied_us") is not None][: gantt.LINES_AT_MOST]
    if not shown:
        return []
    titles = [_title(one, lines) for one in shown]
    labels = Labels(titles, longest=24)
    bars = gantt.side_by_side(shown, [labels[title] for title in titles], last_us(context.run))
    body = tuple(
        (title, *(formats.moment(context.start, one.at(f"{name}_us")) for name in ("applied", "admitted", "ended")),
         named(STAGES, words(one.row.get("stage"))))
        for title, one in zip(titles, shown, strict=True)
    )  # fmt: skip
    head = (_("Regime"), _("Applied"), _("Let in"), _("Ended"), _("Stage"))
    items = (_("{name} {value}", name=title, value=row[-1]) for title, row in zip(titles, body, strict=True))
    cut = _("The first {shown} of {all} lines.", shown=len(shown), all=len(lines)) if len(shown) < len(lines) else ""
    return [
        Chart(
            key="sandbox-regimes",
            title=_("From application to the end, regime by regime"),
            shows=_(
                "For each regime the time from the application until the applicant was let in (hatched), the "
                "test, and how it ended. Shaded: something was broken. {cut}",
                cut=cut,
            ).strip(),
            hides=_("The stages and reviews under regimes other than the run's own; run the scenario under those."),
            alt=_("How the test ended, by regime: {list}.", list="; ".join(items)),
            table=Table(_("From application to the end, regime by regime"), head, body, text_columns=5, folded=True),
            draw=lambda: figures.regimes(bars, context.overlay.without_marks),
            names=explained(labels),
        )
    ]
