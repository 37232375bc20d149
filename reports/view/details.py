"""Details of events in words, for events whose detail is more than a few numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reports import formats
from reports.source import Event
from reports.text import known, say
from reports.view import alerts
from reports.view.sandbox import broke, reason_words, review_of, still_frozen, why
from reports.view.values import number, part, whole, words


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


def _exhausted(event: Event) -> str:
    return say("bank_event.exhausted", **_sums(event, "asked", "reserves"))


def _waits(event: Event) -> str:
    return say("bank_event.waits", **_sums(event, "asked", "able"))


def _sums(event: Event, *names: str) -> dict[str, str]:
    return {name: formats.money(whole(event.detail.get(f"{name}_fen"))) for name in names}


def plain(values: Mapping[str, object]) -> str:
    """The detail of an event in words: money in yuan, times in their unit, the rest as it is.

    >>> plain({"amount_fen": 250000, "lasts_us": 7200000000, "open": False, "nothing": None})
    'amount 2,500 yuan; lasts 2 h; open: no'
    >>> plain({"box": {"on": True, "participants": None, "per_payment_fen": 5000}})
    'box (on: yes; per payment 50 yuan)'
    """
    return "; ".join(_one_detail(name, value) for name, value in values.items() if value is not None)


def _one_detail(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return f"{_spaced(name)} ({plain(value)})"
    if isinstance(value, list):
        return f"{_spaced(name)} {', '.join(map(str, value))}"
    if isinstance(value, bool):
        return say("detail.yes" if value else "detail.no", name=_spaced(name))
    if isinstance(value, float):
        return f"{_spaced(name)} {formats.share(value) if name.endswith('_share') else formats.decimal(value)}"
    if not isinstance(value, int):
        return f"{_spaced(name)} {_spaced(str(value)) if name == 'kind' else value}"
    if name.endswith(("_fen", "_cap")):
        return f"{_spaced(name.removesuffix('_fen'))} {formats.money(value)}"
    if name.endswith("_us"):
        return f"{_spaced(name.removesuffix('_us'))} {formats.duration(value)}"
    return f"{_spaced(name)} {formats.count(value)}"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _fault(event: Event) -> str:
    """A station's fault, and the state that it leaves the station in, other faults of the same time included."""
    detail = event.detail
    servers, slow = whole(detail.get("servers")), number(detail.get("slow_permille"))
    if servers is None or slow is None:
        return plain(detail)
    kind = known("fault", detail.get("kind"))
    if detail.get("open") is False:
        return say("fault_event.closed", kind=kind)
    words = {"kind": kind, "servers": formats.count(servers)}
    if slow == 1000:
        return say("fault_event.open", **words)
    return say("fault_event.slow", **words, times=f"{slow / 1000:g}")


WORDS: Final[Mapping[str, Callable[[Event], str]]] = {
    "fault_began": _fault,
    "fault_ended": _fault,
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
    "reserves_exhausted": _exhausted,
    "customers_wait": _waits,
    **alerts.WORDS,
}
"""The words of an event's detail by the event's name. Others are written down name by name."""
