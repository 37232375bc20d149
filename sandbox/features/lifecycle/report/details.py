"""Details of the events of a box with a life, in words."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.reading import Entries
from reports.source import Event
from reports.view.events import Events
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
    names = event.detail.get("applicants")
    listed = formats.listed(str(name) for name in names) if isinstance(names, list) else formats.NOTHING
    return event.entries.says("applicants: {applicants}; pace {pace}", applicants=listed)


def _filed(event: Event) -> str:
    unmet = [named(ITEMS, name) for name, met in event.entries.section("criteria").content.items() if met is False]
    said = [_(N_("with a licence") if event.entries.flag("licensed") else N_("without a licence"))]
    return formats.series(
        [*said, *([_("criteria not met: {criteria}", criteria=formats.listed(unmet))] if unmet else [])]
    )


def _stage(event: Event) -> str:
    told = event.entries
    before, after = (named(STAGES, told.text(name)) for name in ("from", "to"))
    said = [_("from {before} to {after} ({why})", before=before, after=after, why=reason_words(told.text("reason")))]
    box, inside = told.section("box"), told.whole("participants")
    if inside:
        said.append(_("{number} customers inside", number=formats.count(inside)))
    for name in _CAPS:
        if (cap := box.whole(name)) is not None:
            value = formats.money(cap) if name.endswith("_fen") else formats.count(cap)
            said.append(_(_CAPS[name], cap=value))
    return formats.series(said)


def _joined(event: Event) -> str:
    return event.entries.says(
        N_("{new} join, {participants} inside, {waiting} wait")
        if event.entries.whole("waiting")
        else N_("{new} join, {participants} inside")
    )


def _review(event: Event) -> str:
    review = Entries(event.detail, "lifecycle.applicants.*.reviews.*")
    decision = named(DECISIONS, review.text("decision"))
    return review.says("{decision} ({why}); {payments} payments", decision=decision, why=why(review))


def _compensated(event: Event) -> str:
    return _(
        "{reason}: {paid} of {claim} after {waited}",
        reason=named(COMPLAINTS, event.detail.get("reason")),
        waited=formats.duration(event.entries.whole("waited_us")),
        **{name: event.entries.exact(f"{name}_fen") for name in ("claim", "paid")},
    )


def _redeemed(event: Event) -> str:
    why_now = event.detail.get("reason")
    head = "" if why_now is None else f"{named(REDEEMED, why_now)}: "
    said = event.entries.says(
        "{participants} customers get {amount} of bank money; {left} left in their wallets",
        **{name: event.entries.exact(f"{name}_fen") for name in ("amount", "left")},
    )
    return head + formats.series(one for one in (said, still_frozen(event.entries)) if one)


def _rollout_began(event: Event) -> str:
    lasts = formats.duration(event.entries.whole("lasts_us"))
    return event.entries.says("{wallets} wallets, {factor} times as many, for {lasts}", lasts=lasts)


def _rollout_broke(event: Event) -> str:
    return broke(Entries({**event.detail, "subject": event.subject}))


def _rollout_ended(event: Event) -> str:
    return event.entries.says("{settled} of {payments} payments settled")


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
