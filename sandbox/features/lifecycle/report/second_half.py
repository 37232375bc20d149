"""The second half of the chapter: complaints and the fund, the roll-out, and other regimes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from reports import formats
from reports.amounts import cell
from reports.document import Block, Bullets, Chart, Heading, Paragraph, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view.values import instant, number, part, rows, whole, words
from sandbox.features.lifecycle.report import gantt
from sandbox.features.lifecycle.report.view import broke, last_us, length, pace, reason_words, rollout_value

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# --- complaints and the fund ---------------------------------------------------------------------------------------


def complaints(context: Context) -> list[Block]:
    """How many complained, how long an answer took, and what the fund paid."""
    found, fund = part(context.run.get("complaints")), part(context.run.get("compensation"))
    if not found and not fund:
        return []
    return [
        Heading("complaints", say("complaints.heading")),
        Paragraph(_filed(found, pace(context.run))),
        Paragraph(_fund(fund)),
        *_reasons(part(found.get("by_reason")), part(fund.get("by_reason"))),
    ]


def _filed(found: Mapping[str, Any], fast: float) -> str:
    counts = {name: formats.count(whole(found.get(name))) for name in ("filed", "handled", "open")}
    if not whole(found.get("filed")):
        return say("complaints.none")
    reading = say("complaints.reading", **counts)
    mean, longest = (instant(found.get(f"handling_us_{name}")) for name in ("mean", "max"))
    if mean is None:
        return reading
    return f"{reading} {say('complaints.time', mean=length(mean, fast), max=length(longest, fast))}"


def _fund(fund: Mapping[str, Any]) -> str:
    sums = {
        name: formats.whole_money(whole(fund.get(f"{name}_fen")))
        for name in ("paid_in", "claimed", "paid", "unpaid", "left")
    }
    return say("complaints.fund", customers=formats.count(whole(fund.get("customers"))), **sums)


def _reasons(filed: Mapping[str, Any], paid: Mapping[str, Any]) -> list[Block]:
    names = [name for name in dict.fromkeys([*filed, *paid]) if whole(filed.get(name)) or whole(paid.get(name))]
    if not names:
        return []
    body = tuple(
        (known("complaint", name), formats.count(whole(filed.get(name))), formats.yuan(whole(paid.get(name))))
        for name in names
    )
    head = tuple(say(f"col.{name}") for name in ("reason", "complaints", "compensated"))
    return [Table(say("complaints.title"), head, body)]


# --- the roll-out --------------------------------------------------------------------------------------------------


def rollout(context: Context) -> list[Block]:
    """What broke first when everybody could use what graduated."""
    found = part(context.run.get("rollout"))
    if not found:
        return []
    share = number(found.get("utilisation_line"))
    reading = say(
        "rollout.reading",
        wallets=formats.count(whole(found.get("wallets"))),
        factor=formats.decimal(number(found.get("factor"))),
        length=formats.duration(instant(found.get("lasts_us"))),
        settled=formats.count(whole(found.get("settled"))),
        payments=formats.count(whole(found.get("payments"))),
    )
    broken = rows(found.get("findings"))
    first = broke(broken[0]) if broken else say("rollout.nothing", line=formats.share(share))
    if broken:
        first = say("rollout.first", after=formats.duration(instant(broken[0].get("at_us"))), what=first)
    busy = number(found.get("busiest_utilisation"))
    busiest = say("rollout.busiest", station=words(found.get("busiest_station")), busy=formats.share(busy))
    answered = number(found.get("success_share"))
    success = [say("rollout.success", share=formats.share(answered))] if answered is not None else []
    text = " ".join([reading, *success, first, *([busiest] if busy is not None else [])])
    return [Heading("rollout", say("rollout.heading")), Paragraph(text), *_broken(broken)]


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
    head = tuple(say(f"col.{name}") for name in ("after", "what_broke", "first_value", "line", "bins"))
    return [Table(say("rollout.title"), head, body, text_columns=2, note=say("rollout.note"))]


def _what(one: Mapping[str, Any]) -> str:
    subject = words(one.get("subject"))
    return known("gate", subject) if one.get("kind") == "gate" else say("rollout.kind_utilisation", subject=subject)


# --- other regimes -------------------------------------------------------------------------------------------------

_OF_APPLICANT: Final = (
    "admitted", "tested", "ended", "reason", "participants", "reviews", "corrections", "redeemed_fen",
)  # fmt: skip
_OF_REGIME: Final = (
    "clients", "payments", "settled_fen", "success_share", "failed", "complaints", "compensated_fen", "crossed_fen",
)  # fmt: skip


def regimes(context: Context) -> list[Block]:
    """The same test under several regimes: a table, a figure, and the differences in words."""
    found = rows(context.run.get("regimes"))
    if not found:
        return []
    lines, fast = gantt.lines(found), pace(context.run)
    blocks: list[Block] = [Heading("regimes", say("regimes.heading")), Paragraph(say("regimes.intro"))]
    if len(found) > 1:
        blocks.append(Bullets(tuple(_differences(found, lines, fast))))
    blocks.append(_regimes_table(found, lines, fast))
    return [*blocks, *_regimes_chart(context, lines)]


def elsewhere(context: Context) -> list[str]:
    """How the test ended under the regimes beside the run's own, in one sentence."""
    lines = gantt.lines(rows(context.run.get("regimes"))[1:])
    shown = [
        say("fig.item", name=_title(one, lines), value=known("box_stage", words(one.row.get("stage")))) for one in lines
    ]
    return [say("sandbox.head_regimes", regimes="; ".join(shown))] if shown else []


def _title(one: gantt.Line, lines: Sequence[gantt.Line]) -> str:
    """The regime, and the applicant too where there are several."""
    preset = known("preset", one.preset)
    if len({line.institution for line in lines}) < 2:
        return preset
    return say("regimes.of", institution=one.institution, preset=preset)


def _regimes_table(found: Sequence[Mapping[str, Any]], lines: Sequence[gantt.Line], fast: float) -> Table:
    """A column a regime; what concerns one applicant has a row for each of them."""
    institutions = list(dict.fromkeys(one.institution for one in lines))
    body: list[tuple[str, ...]] = []
    for institution in institutions:
        mine = [_of(regime, institution) for regime in found]
        for name in _OF_APPLICANT:
            title = say(f"regime_row.{name}")
            title = f"{institution}: {title}" if len(institutions) > 1 else title
            body.append((title, *(_applicant_cell(name, one, fast) for one in mine)))
    body += [(say(f"regime_row.{name}"), *(_cell(name, regime) for regime in found)) for name in _OF_REGIME]
    head = (say("col.what"), *(known("preset", words(regime.get("preset"))) for regime in found))
    return Table(say("regimes.title"), head, tuple(body), text_columns=len(head))


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
        return known("box_stage", words(one.row.get("stage")))
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
    said.append(say("regimes.graduated", presets=_listed(graduated)) if graduated else say("regimes.none_graduated"))
    for one in lines:
        stage, reason = one.row.get("stage"), reason_words(words(one.row.get("reason")))
        if stage == "wound_down":
            after = length(_between(one, "admitted", "ended"), fast)
            said.append(say("regimes.stopped", preset=_title(one, lines), after=after, reason=reason))
        if stage == "refused":
            said.append(say("regimes.refused", preset=_title(one, lines), reason=reason))
    still = [_title(one, lines) for one in lines if one.at("ended_us") is None]
    if still:
        said.append(say("regimes.open", presets=_listed(still)))
    said += _most("regimes.most", found, "settled_fen", "value", formats.money)
    return [*said, *_most("regimes.complaints", found, "complaints", "number", formats.count)]


def _listed(names: Sequence[str]) -> str:
    """Names with commas, the last with `and`."""
    if len(names) < 2:
        return "".join(names)
    return say("regimes.and", first=", ".join(names[:-1]), last=names[-1])


def _letting_in(lines: Sequence[gantt.Line], fast: float) -> list[str]:
    waits = [(wait, _title(one, lines)) for one in lines if (wait := _between(one, "applied", "admitted")) is not None]
    if not waits:
        return []
    first, last = min(wait for wait, _ in waits), max(wait for wait, _ in waits)
    if first == last:
        return [say("regimes.all_in", after=length(first, fast))]
    quick, slow = (_listed([name for wait, name in waits if wait == at]) for at in (first, last))
    afters = {"after": length(first, fast), "last_after": length(last, fast)}
    return [say("regimes.first_in", presets=quick, last=slow, **afters)]


def _most(key: str, found: Sequence[Mapping[str, Any]], name: str, word: str, form: Any) -> list[str]:
    """Which regime has most of something and which least, if they differ."""
    known_ones = [(value, words(one.get("preset"))) for one in found if (value := whole(one.get(name))) is not None]
    if len({value for value, _ in known_ones}) < 2:
        return []
    (most, preset), (least, other) = max(known_ones), min(known_ones)
    values = {word: form(most), f"least_{word}": form(least)}
    return [say(key, preset=known("preset", preset), least=known("preset", other), **values)]


def _regimes_chart(context: Context, lines: Sequence[gantt.Line]) -> list[Block]:
    shown = [one for one in lines if one.at("applied_us") is not None][: gantt.LINES_AT_MOST]
    if not shown:
        return []
    titles = [_title(one, lines) for one in shown]
    labels = Labels(titles, longest=24)
    bars = gantt.side_by_side(shown, [labels[title] for title in titles], last_us(context.run))

    def draw() -> Figure:
        from sandbox.features.lifecycle.report.figures import regimes as draw_regimes

        return draw_regimes(bars, context.overlay.without_marks)

    body = tuple(
        (title, *(formats.moment(context.start, one.at(f"{name}_us")) for name in ("applied", "admitted", "ended")),
         known("box_stage", words(one.row.get("stage"))))
        for title, one in zip(titles, shown, strict=True)
    )  # fmt: skip
    head = tuple(say(f"col.{name}") for name in ("regime", "applied", "let_in", "ended_at", "stage_of"))
    items = (say("fig.item", name=title, value=row[-1]) for title, row in zip(titles, body, strict=True))
    cut = say("regimes.cut", shown=len(shown), all=len(lines)) if len(shown) < len(lines) else ""
    return [
        Chart(
            key="sandbox-regimes",
            title=say("regimes.figure"),
            shows=say("regimes.shows", cut=cut).strip(),
            hides=say("regimes.hides"),
            alt=say("regimes.alt", list="; ".join(items)),
            table=Table(say("regimes.figure"), head, body, text_columns=5, folded=True),
            draw=draw,
            names=explained(labels),
        )
    ]
