"""Numbers of the correspondent chain beside those that both arrangements have.

Money in US cents at the mid rates of the start.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sandbox.core.ratio import share
from sandbox.features.crossborder.chain.correspondent import CorrespondentArrangement
from sandbox.features.crossborder.payment import SETTLED
from sandbox.scenario.units import US_PER_DAY

HALF_HOUR_US: Final = 1_800_000_000


def chain_numbers(chain: CorrespondentArrangement) -> dict[str, Any]:
    """The chain's part of the summary: `chain`."""
    nostros, payments = chain.nostros, chain.payments
    settled = [one for one in payments if one.outcome == SETTLED]
    took = [one.completed_us - chain.sent[one.number] for one in settled if one.completed_us is not None]
    opening = {code: sum(held) for code, held in chain.opening.items()}
    used = {code: nostros.used(code) for code in opening}
    return {
        "chain": {
            "opening_usd_cents": chain.setting.mid_rates.in_cents(opening),
            "topped_up_usd_cents": chain.setting.mid_rates.in_cents(nostros.topped_up),
            "top_ups": nostros.top_ups,
            "used_usd_cents": chain.setting.mid_rates.in_cents(used),
            "turnover_usd_cents": chain.setting.mid_rates.in_cents(nostros.turnover),
            "liquidity": [_liquidity(chain, code, held) for code, held in opening.items()],
            "waited_for_cover": nostros.waited,
            **_stages(chain),
            "sent_to_credit_us_p50": int(np.quantile(took, 0.5, method="inverted_cdf")) if took else None,
            "sent_to_credit_within_30_min_share": share(sum(one <= HALF_HOUR_US for one in took), len(took)),
            "sent_to_credit_within_day_share": share(sum(one <= US_PER_DAY for one in took), len(took)),
        }
    }


def _liquidity(chain: CorrespondentArrangement, code: str, held: int) -> dict[str, Any]:
    """What members held of one currency at first, what was added, what they used, and what they turned over."""
    nostros = chain.nostros
    used, turnover = nostros.used(code), nostros.turnover[code]
    sums = {"held": held, "topped_up": nostros.topped_up[code], "used": used, "turnover": turnover}
    cents = {f"{name}_usd_cents": chain.setting.mid_rates.in_cents({code: sums[name]}) for name in sums}
    return {"currency": code, **cents, "used_of_turnover": share(used, turnover)}


def _stages(chain: CorrespondentArrangement) -> dict[str, Any]:
    """Where a credited payment's time goes: until the payer's bank sends, and between banks."""
    ends = [
        (one.submitted_us, chain.sent[one.number], one.settled_us)
        for one in chain.payments
        if one.outcome == SETTLED and one.settled_us is not None
    ]
    names = ("at_payer_bank_us_mean", "between_banks_us_mean")
    return {
        name: share(sum(one[place + 1] - one[place] for one in ends), len(ends)) for place, name in enumerate(names)
    }
