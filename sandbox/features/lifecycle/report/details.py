"""Details of the events of a box with a life, in words."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.source import Event
from reports.text import known, say
from reports.view.timeline import Events
from reports.view.values import number, part, whole, words
from sandbox.features.lifecycle.report.view import broke, reason_words, review_of, still_frozen, why


def _planned(event: Event) -> str:
    detail = event.detail
    pace = number(detail.get("pace"))
    names = detail.get("applicants")
    listed = ", ".join(str(name) for name in names) if isinstance(names, list) else formats.NOTHING
    return say("box_event.planned", applicants=listed, pace=formats.decimal(pace))


def _filed(event: Event) -> str:
    detail = event.detail
    criteria = part(detail.get("criteria"))
    unmet = [known("box_item", name) for name, met in criteria.items() if met is False]
    said = [say("box_event.licensed" if detail.get("licensed") is True else "box_event.unlicensed")]
    return "; ".join([*said, *([say("box_event.unmet", criteria=", ".join(unmet))] if unmet else [])])


def _stage(event: Event) -> str:
    detail = event.detail
    before, after = (known("box_stage", words(detail.get(name))) for name in ("from", "to"))
    said = [say("box_event.stage", before=before, after=after, why=reason_words(words(detail.get("reason"))))]
    box, inside = part(detail.get("box")), whole(detail.get("participants"))
    if inside:
        said.append(say("box_event.inside", number=formats.count(inside)))
    caps = {name: whole(box.get(name)) for name in ("participants", "per_payment_fen", "total_exposure_fen")}
    for name, cap in caps.items():
        if cap is not None:
            value = formats.money(cap) if name.endswith("_fen") else formats.count(cap)
            said.append(say(f"box_event.cap_{name}", cap=value))
    return "; ".join(said)


def _joined(event: Event) -> str:
    detail = event.detail
    numbers = {name: formats.count(whole(detail.get(name))) for name in ("new", "participants", "waiting")}
    key = "box_event.joined_waiting" if whole(detail.get("waiting")) else "box_event.joined"
    return say(key, **numbers)


def _review(event: Event) -> str:
    found = review_of(event.detail, event.at_us)
    if found is None:
        return ""
    decision = known("decision", found.decision)
    return say("box_event.review", decision=decision, payments=formats.count(found.payments), why=why(found))


def _compensated(event: Event) -> str:
    detail = event.detail
    sums = {name: formats.whole_money(whole(detail.get(f"{name}_fen"))) for name in ("claim", "paid")}
    waited = formats.duration(whole(detail.get("waited_us")))
    return say("box_event.compensated", reason=known("complaint", detail.get("reason")), waited=waited, **sums)


def _redeemed(event: Event) -> str:
    detail = event.detail
    sums = {name: formats.whole_money(whole(detail.get(f"{name}_fen"))) for name in ("amount", "left")}
    why_now = detail.get("reason")
    head = "" if why_now is None else f"{known('redeemed_reason', why_now)}: "
    said = say("box_event.redeemed", number=formats.count(whole(detail.get("participants"))), **sums)
    return head + "; ".join(one for one in (said, still_frozen(detail)) if one)


def _rollout_began(event: Event) -> str:
    detail = event.detail
    factor, wallets = formats.decimal(number(detail.get("factor"))), formats.count(whole(detail.get("wallets")))
    lasts = formats.duration(whole(detail.get("lasts_us")))
    return say("box_event.rollout_began", lasts=lasts, factor=factor, wallets=wallets)


def _rollout_broke(event: Event) -> str:
    return broke({**event.detail, "subject": event.subject})


def _rollout_ended(event: Event) -> str:
    detail = event.detail
    numbers = {name: formats.count(whole(detail.get(name))) for name in ("payments", "settled")}
    return say("box_event.rollout_ended", **numbers)


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
)
