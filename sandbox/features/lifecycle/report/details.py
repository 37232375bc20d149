"""Details of the events of a box with a life, in words."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.reading import Entries
from reports.source import Event
from reports.view.events import Events
from reports.view.values import number, section, whole, words
from sandbox.features.lifecycle.report.names import COMPLAINTS, DECISIONS, DETAILS, ITEMS, REDEEMED, STAGES
from sandbox.features.lifecycle.report.names import EVENTS as EVENT_NAMES
from sandbox.features.lifecycle.report.view import broke, reason_words, still_frozen, why
from sandbox.language import N_, _, named

_CAPS: Final = {
    "participants": N_("at most {cap} customers"),
    "per_payment_fen": N_("at most {cap} a payment"),
    "per_participant_fen": N_("at most {cap} a customer"),
    "total_exposure_fen": N_("at most {cap} in all"),
}


def _planned(event: Event) -> str:
    detail = event.detail
    pace = number(detail.get("pace"))
    names = detail.get("applicants")
    listed = formats.listed(str(name) for name in names) if isinstance(names, list) else formats.NOTHING
    return _("applicants: {applicants}; pace {pace}", applicants=listed, pace=formats.decimal(pace))


def _filed(event: Event) -> str:
    detail = event.detail
    criteria = section(detail.get("criteria"))
    unmet = [named(ITEMS, name) for name, met in criteria.items() if met is False]
    said = [_(N_("with a licence") if detail.get("licensed") is True else N_("without a licence"))]
    return formats.series(
        [*said, *([_("criteria not met: {criteria}", criteria=formats.listed(unmet))] if unmet else [])]
    )


def _stage(event: Event) -> str:
    detail = event.detail
    before, after = (named(STAGES, words(detail.get(name))) for name in ("from", "to"))
    said = [
        _("from {before} to {after} ({why})", before=before, after=after, why=reason_words(words(detail.get("reason"))))
    ]
    box, inside = section(detail.get("box")), whole(detail.get("participants"))
    if inside:
        said.append(_("{number} customers inside", number=formats.count(inside)))
    for name in _CAPS:
        if (cap := whole(box.get(name))) is not None:
            value = formats.money(cap) if name.endswith("_fen") else formats.count(cap)
            said.append(_(_CAPS[name], cap=value))
    return formats.series(said)


def _joined(event: Event) -> str:
    detail = event.detail
    numbers = {name: formats.count(whole(detail.get(name))) for name in ("new", "participants", "waiting")}
    key = (
        N_("{new} join, {participants} inside, {waiting} wait")
        if whole(detail.get("waiting"))
        else N_("{new} join, {participants} inside")
    )
    return _(key, **numbers)


def _review(event: Event) -> str:
    review = Entries(event.detail, "lifecycle.applicants.*.reviews.*")
    decision = named(DECISIONS, review.text("decision"))
    return _("{decision} ({why}); {payments} payments", decision=decision, why=why(review), **review.said("payments"))


def _compensated(event: Event) -> str:
    detail = event.detail
    sums = {name: formats.whole_money(whole(detail.get(f"{name}_fen"))) for name in ("claim", "paid")}
    waited = formats.duration(whole(detail.get("waited_us")))
    return _(
        "{reason}: {paid} of {claim} after {waited}",
        reason=named(COMPLAINTS, detail.get("reason")),
        waited=waited,
        **sums,
    )


def _redeemed(event: Event) -> str:
    detail = event.detail
    sums = {name: formats.whole_money(whole(detail.get(f"{name}_fen"))) for name in ("amount", "left")}
    why_now = detail.get("reason")
    head = "" if why_now is None else f"{named(REDEEMED, why_now)}: "
    said = _(
        "{number} customers get {amount} of bank money; {left} left in their wallets",
        number=formats.count(whole(detail.get("participants"))),
        **sums,
    )
    return head + formats.series(one for one in (said, still_frozen(Entries(detail))) if one)


def _rollout_began(event: Event) -> str:
    detail = event.detail
    factor, wallets = formats.decimal(number(detail.get("factor"))), formats.count(whole(detail.get("wallets")))
    lasts = formats.duration(whole(detail.get("lasts_us")))
    return _("{wallets} wallets, {factor} times as many, for {lasts}", lasts=lasts, factor=factor, wallets=wallets)


def _rollout_broke(event: Event) -> str:
    return broke(Entries({**event.detail, "subject": event.subject}))


def _rollout_ended(event: Event) -> str:
    detail = event.detail
    numbers = {name: formats.count(whole(detail.get(name))) for name in ("payments", "settled")}
    return _("{settled} of {payments} payments settled", **numbers)


EVENTS: Final = Events(
    {
        "box_planned": _planned,
        "application_filed": _filed,
        "stage_changed": _stage,
        "participants_joined": _joined,
        "review": _review,
        "compensated": _compensated,
        "participants_redeemed": _redeemed,
        "rollout_began": _rollout_began,
        "rollout_broke": _rollout_broke,
        "rollout_ended": _rollout_ended,
    },
    unmarked=frozenset({"review", "participants_joined", "complaints_filed", "compensated", "application_filed"}),
    names=EVENT_NAMES,
    fields=DETAILS,
)
