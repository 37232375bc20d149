"""The order in which payments come to the register changes neither what is lost nor who is stopped."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.features.offline.device import Device
from sandbox.features.offline.records import Chain
from sandbox.features.offline.register import PurseRegister
from tests.offline.bench import CAPS, Bench

MOVES = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, CAPS.payment_fen), st.booleans(), st.booleans()),
    min_size=2, max_size=12,
)  # fmt: skip


def made(bench: Bench, moves: list[tuple[int, int, int, bool, bool]]) -> tuple[list[Chain], bool]:
    """What devices pay one another and two shops, some of them copied before; whether any was. Not all is shown."""
    devices: list[Device] = list(bench.devices.values())
    chains, copied = [], False
    for payer, payee, amount, copy, shown in moves:
        device = devices[payer % len(devices)]
        if copy:
            devices.append(device.fork())
            copied = True
        others = [*devices, *bench.shops]
        chain = bench.pay(device, others[payee % len(others)], amount)
        if chain is not None and shown:
            chains.append(chain)
    return chains, copied


def told(register: PurseRegister) -> tuple[int, set[str], int]:
    """What was spent twice, who is stopped, and how many payments were settled."""
    stopped = {name for name, purse in register.purses.items() if purse.revoked_us is not None}
    return sum(register.loss_by_root.values()), stopped, sum(row.settled_us is not None for row in register.rows)


@settings(max_examples=60)
@given(moves=MOVES, order=st.randoms(use_true_random=False), bearer=st.sampled_from(["operator", "fund", "user"]))
def test_whoever_syncs_first(moves: list[tuple[int, int, int, bool, bool]], order: Any, bearer: Any) -> None:
    bench, found = Bench(bearer, signed=0), []
    chains, copied = made(bench, moves)
    for shown in (chains, chains[::-1], order.sample(chains, len(chains))):
        other = Bench(bearer, signed=0)
        for chain in shown:
            other.register.show(chain, "payee")
        other.register.pay_out()
        found.append(told(other.register))
        assert sum(row.loss_fen for row in other.register.rows) == found[-1][0]
        if not copied:
            assert found[-1] == (0, set(), len({chain.digest for chain in chains}))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("first", [0, 1])
def test_a_gap_between_two_copies_is_seen_from_either_side(first: int) -> None:
    """The copy's first payment, which nobody shows, is not the one that the purse's own second counter follows."""
    bench = Bench("operator")
    a = bench.devices["a"]
    copy = a.fork()
    own = bench.pay(a, bench.shops[0], 10)
    hidden = bench.pay(copy, bench.shops[1], 20)
    follows = bench.pay(copy, bench.devices["b"], 30)
    assert own is not None
    assert hidden is not None
    assert follows is not None
    for chain in ((own, follows), (follows, own))[first]:
        bench.register.show(chain, "payee")
    assert told(bench.register) == (0, {"a"}, 2)
