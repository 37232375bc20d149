"""Every move at every stage of a trade, of a data set and of metered data: where it leads, or that it is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Final

import pytest

from sandbox.core.moves import IllegalMove, Receipt
from sandbox.features.data_exchange.trade import OVER, Stage, Trade
from tests.datatrade.test_trade_life import BUYER, ESCROW, KEY, WRONG, trade

MOVES: Final[dict[str, Callable[[Trade], None]]] = {
    "hold": lambda one: one.hold(40, Receipt(9, BUYER, ESCROW, one.terms.price_fen)),
    "refuse": lambda one: one.refuse(40),
    "deliver": lambda one: one.deliver(40, KEY),
    "fail": lambda one: one.fail(40, WRONG),
    "expire": lambda one: one.expire(40),
    "use": lambda one: one.use(40, 1),
    "confirm": lambda one: one.confirm(40),
    "dispute": lambda one: one.dispute(40),
    "rule for the buyer": lambda one: one.rule(40, True),
    "rule for the seller": lambda one: one.rule(40, False),
}
SET: Final = {
    (Stage.ORDERED, "hold"): Stage.HELD,
    (Stage.ORDERED, "refuse"): Stage.REFUSED,
    (Stage.HELD, "deliver"): Stage.DELIVERED,
    (Stage.HELD, "fail"): Stage.REFUNDED,
    (Stage.HELD, "expire"): Stage.EXPIRED,
    (Stage.DELIVERED, "confirm"): Stage.DONE,
    (Stage.DELIVERED, "dispute"): Stage.DISPUTED,
    (Stage.DISPUTED, "rule for the buyer"): Stage.REFUNDED,
    (Stage.DISPUTED, "rule for the seller"): Stage.DONE,
}
METERED: Final = {
    **{pair: stage for pair, stage in SET.items() if Stage.DISPUTED not in (*pair, stage)},
    (Stage.DELIVERED, "use"): Stage.DELIVERED,
    # Nothing was used.
    (Stage.DELIVERED, "confirm"): Stage.REFUNDED,
}
WAYS: Final = {
    Stage.ORDERED: (),
    Stage.REFUSED: ("refuse",),
    Stage.HELD: ("hold",),
    Stage.EXPIRED: ("hold", "expire"),
    Stage.DELIVERED: ("hold", "deliver"),
    Stage.REFUNDED: ("hold", "fail"),
    Stage.DISPUTED: ("hold", "deliver", "dispute"),
}


def at_stage(stage: Stage, metered: bool) -> Trade:
    one = trade(metered=metered, units=3 if metered else 1)
    done = ("hold", "deliver", "use", "confirm") if metered else ("hold", "deliver", "confirm")
    for move in WAYS.get(stage, done):
        MOVES[move](one)
    assert one.stage is stage
    return one


@pytest.mark.parametrize(("leads", "metered"), [(SET, False), (METERED, True)], ids=["set", "metered"])
def test_every_move_at_every_stage(leads: dict[tuple[Stage, str], Stage], metered: bool) -> None:
    for stage in Stage:
        if metered and stage is Stage.DISPUTED:
            continue
        for name, move in MOVES.items():
            one = at_stage(stage, metered)
            before = copy.deepcopy(vars(one))
            if (stage, name) not in leads:
                with pytest.raises(IllegalMove):
                    move(one)
                assert vars(one) == before, (stage, name)
                continue
            move(one)
            assert one.stage is leads[stage, name]
            assert (one.ended_us is not None) == (one.stage in OVER)
            assert sum(one.due_out.values()) in (0, one.spent_fen, one.terms.price_fen)
            if one.stage in OVER and one.stage is not Stage.REFUSED:
                assert sum(one.due_out.values()) == one.terms.price_fen, "all of what was held has left the escrow"


def test_nothing_leads_out_of_an_ending() -> None:
    for leads in (SET, METERED):
        assert not any(stage in OVER for stage, _ in leads)
