"""What the shared ledger measures beside its payments.

A bank has *used* of a currency the most that it had ever paid out or locked at once beyond what had come in since
balances were last set right; *turnover* is what settled between banks. Units: minor units of the currency, US cents,
us.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sandbox.core.draws import Int64Array
from sandbox.core.ratio import share
from sandbox.features.crossborder.ledger.shared_ledger import SharedLedgerArrangement
from sandbox.features.crossborder.queue.usage import Usage

MOST_STEPS: Final = 400
"""Steps of the queue's length that are kept; of more, the highest in each of so many equal spans."""


def shared_ledger_numbers(arrangement: SharedLedgerArrangement) -> dict[str, Any]:
    """Liquidity, queue, validators and exchange."""
    counts, setting = arrangement.consensus.counts, arrangement.setting
    liquidity = [_liquidity(arrangement, currency) for currency in arrangement.turnover]
    return {
        "liquidity": liquidity,
        **_in_all(liquidity),
        "queue": queue_numbers(arrangement.queue.usage, setting.control.now),
        "validators": {
            "members": len(arrangement.consensus.members),
            "needed": arrangement.consensus.needed,
            "losses": counts.losses,
            "lost_us": arrangement.consensus.lost_us(),
            "decisions": counts.settled,
            "released": dict(sorted(counts.released.items())),
            "undecided": len(arrangement.consensus.undecided),
        },
        "exchange": {
            "requests": arrangement.market.requests,
            "dealers": [
                {"bank": setting.banks[bank], "trades": trades, "earned_usd_cents": earned}
                for bank, (trades, earned) in arrangement.trades.items()
                if trades
            ],
            "places": [{"place": place, "trades": trades} for place, trades in sorted(_trades(arrangement).items())],
        },
    }


def _trades(arrangement: SharedLedgerArrangement) -> Counter[str]:
    """Exchanges that settled, by the jurisdiction of the bank that quoted."""
    found: Counter[str] = Counter()
    for bank, (trades, _) in arrangement.trades.items():
        found[arrangement.setting.places[bank]] += trades
    return found


def _liquidity(arrangement: SharedLedgerArrangement, currency: str) -> dict[str, Any]:
    first = arrangement.account(currency, 0) - arrangement.locks.first
    rows = slice(first, first + len(arrangement.setting.banks))
    peak: Int64Array = arrangement.locks.peak[rows]
    held, used, turnover = int(arrangement.locks.opening[rows].sum()), int(peak.sum()), arrangement.turnover[currency]
    sums = {"held": held, "used": used, "turnover": turnover, "funded": arrangement.funded[currency]}
    return {
        "currency": currency,
        **{f"{name}_fen": sums[name] for name in sums},
        **{f"{name}_usd_cents": arrangement.setting.mid_rates.in_cents({currency: sums[name]}) for name in sums},
        "used_share": share(used, held),
        "used_of_turnover": share(used, turnover),
    }


def _in_all(liquidity: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All currencies together, in US cents at the mid rates of the start: one number for a sweep."""
    names = ("held_usd_cents", "used_usd_cents", "turnover_usd_cents")
    held, used, turnover = (sum(int(one[name]) for one in liquidity) for name in names)
    return {"held_usd_cents": held, "used_usd_cents": used, "turnover_usd_cents": turnover,
            "used_share": share(used, held), "used_of_turnover_share": share(used, turnover)}  # fmt: skip


def queue_numbers(usage: Usage, until_us: int) -> dict[str, Any]:
    """How long payments waited for money, and how many at a time."""
    waited = [one for one in usage.delays_us if one > 0]
    return {
        "locked": len(usage.delays_us),
        "waited": len(waited),
        "withdrawn": usage.withdrawn,
        "together": usage.offset,
        "delay_us_mean": usage.mean_delay_us() if waited else 0.0,
        "delay_us_p95": usage.delay_us(0.95),
        "delay_us_max": max(waited, default=0),
        "longest": max((groups for _, groups in usage.lengths), default=0),
        "gridlocks": len(usage.gridlocks),
        "gridlock_us": sum(one.end_us - one.begin_us for one in usage.gridlocks),
        "steps": [list(step) for step in thinned(usage.lengths, until_us)],
    }


def thinned(steps: Sequence[tuple[int, int]], until_us: int) -> list[tuple[int, int]]:
    """At most MOST_STEPS steps of a function of time: all of them, or the highest value of each equal span.

    >>> thinned([(5, 1), (9, 0)], 10)
    [(5, 1), (9, 0)]
    """
    if len(steps) <= MOST_STEPS:
        return list(steps)
    span = until_us // MOST_STEPS + 1
    highest: dict[int, int] = {}
    value, place = 0, 0
    for number in range(MOST_STEPS):
        highest[number] = value
        while place < len(steps) and steps[place][0] < (number + 1) * span:
            value = steps[place][1]
            highest[number] = max(highest[number], value)
            place += 1
    return [(number * span, most) for number, most in highest.items()]
