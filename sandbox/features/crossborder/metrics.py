"""What the numbers about payments across borders are: units, directions, names."""

from __future__ import annotations

from typing import Final

from sandbox.numbers import Numbers, paths

NUMBERS: Final = Numbers(
    named=paths(
        """
        crossborder.visitors.* crossborder.visitors.*.outcomes.* crossborder.visitors.*.top_ups_refused.*
        crossborder.ways.* crossborder.ways.*.reasons.* crossborder.ways.*.currencies.* crossborder.ways.*.corridors.*
        crossborder.ways.*.targets.* crossborder.ways.*.gates.* crossborder.ways.*.flows.* crossborder.ways.*.quota.*
        crossborder.ways.*.liquidity.* crossborder.ways.*.chain.liquidity.* crossborder.ways.*.exchange.dealers.*
        crossborder.ways.*.validators.released.* risk.cross_border.* risk.settlement.*
        """
    ),
    more=paths(
        """
        crossborder.ways.*.settled crossborder.ways.*.settled_usd_cents crossborder.ways.*.within_hour_share
        crossborder.ways.*.within_day_share risk.cross_border.*.within_hour_share
        """
    ),
    less=paths(
        """
        risk.cross_border.*.not_credited_share risk.cross_border.*.cost_share_mean
        crossborder.ways.*.credit_us_mean crossborder.ways.*.credit_us_p50 crossborder.ways.*.credit_us_p95
        crossborder.ways.*.credit_us_max crossborder.ways.*.cost_share_mean crossborder.ways.*.fee_share_mean
        crossborder.ways.*.queued_us_mean crossborder.ways.*.used_of_turnover_share
        risk.settlement.*.exposed_payments risk.settlement.*.exposed_share risk.settlement.*.exposed_usd_cents
        risk.settlement.*.exposed_usd_cents_peak risk.settlement.*.lost_usd_cents
        """
    ),
    units={
        "crossborder.ways.*.targets.*.value": "share",
        "crossborder.ways.*.targets.*.line": "share",
        # Hundredths of any currency.
        "crossborder.visitors.*.given_home_fen": "none",
        "crossborder.ways.*.liquidity.*.held_fen": "none",
        "crossborder.ways.*.liquidity.*.used_fen": "none",
        "crossborder.ways.*.liquidity.*.turnover_fen": "none",
        "crossborder.ways.*.liquidity.*.funded_fen": "none",
    },
    labels={
        "crossborder.ways.{}.settled": "payments credited, {}",
        "crossborder.ways.{}.settled_usd_cents": "value credited, {}",
        "crossborder.ways.{}.credit_us_p50": "median time to credit, {}",
        "crossborder.ways.{}.credit_us_p95": "p95 time to credit, {}",
        "crossborder.ways.{}.within_hour_share": "credited within an hour, {}",
        "crossborder.ways.{}.within_day_share": "credited within a day, {}",
        "crossborder.ways.{}.cost_share_mean": "mean cost, {}",
        "crossborder.ways.{}.queued_us_mean": "mean delay for lack of liquidity, {}",
        "crossborder.ways.{}.used_of_turnover_share": "liquidity used / turnover, {}",
        "risk.cross_border.{}.not_credited_share": "payments not credited, {}",
        "risk.settlement.{}.exposed_usd_cents_peak": "most principal at risk, {}",
    },
)
