"""What is looked at when a payment comes into a long queue."""

from __future__ import annotations

import pytest

from sandbox.features.crossborder.queue.waiting import Waiting
from tests.crossborder.test_queueing import new, pay


@pytest.mark.parametrize("mode", ["none", "multilateral"])
def test_without_overtaking_who_queues_at_the_end_costs_no_look_at_all_before(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    env, accounts, queue = new(1, 1, 1, 1, mode=mode, overtaking=False, every_us=10)
    looked: list[int] = []
    order = Waiting.order
    monkeypatch.setattr(Waiting, "order", lambda self: looked.append(len(self)) or order(self))
    tickets = [queue.submit(pay(one % 2, 2 + one % 2, 5)) for one in range(100)]
    env.run(95)
    assert len(looked) <= 2
    last = queue.submit(pay(2, 0, 496))
    assert len(looked) <= 4
    accounts.held[2] += 495
    queue.retry()
    env.run(100)
    assert [ticket.waits for ticket in (*tickets[:3], *tickets[-2:], last)] == [False, True, False, False, True, False]
