"""Random queues, and the exact answer to them."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from sandbox.features.crossborder.queue.offsetting import Choice, Queue, queue_of

Ints = npt.NDArray[np.int64]
PARTICIPANTS = 4
POOLS = 2 * PARTICIPANTS
"""Two currencies: pool p and pool p + PARTICIPANTS belong to participant p."""
OWNER: Ints = np.arange(POOLS) % PARTICIPANTS


@st.composite
def legs_of_group(draw: Any) -> list[tuple[int, int, int]]:
    """A payment, a payment against payment, or a payment passed on by a third."""
    amount = st.integers(0, 20)
    one, two, three = draw(st.permutations(range(PARTICIPANTS)))[:3]
    kind = draw(st.sampled_from(["payment", "payment", "foreign", "pvp", "chain"]))
    if kind == "payment":
        return [(one, two, draw(amount))]
    if kind == "foreign":
        return [(one + PARTICIPANTS, two + PARTICIPANTS, draw(amount))]
    if kind == "pvp":
        return [(one, two, draw(amount)), (two + PARTICIPANTS, one + PARTICIPANTS, draw(amount))]
    return [(one, two, draw(amount)), (two, three, draw(amount))]


def queue_from(groups: list[list[tuple[int, int, int]]]) -> Queue:
    """The queue of some groups of legs."""
    rows = [(number, *leg) for number, legs in enumerate(groups) for leg in legs]
    group, payer, payee, amount = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return queue_of(group, payer, payee, amount)


queues = st.lists(legs_of_group(), min_size=1, max_size=8).map(queue_from)
amounts = st.lists(st.integers(-5, 25), min_size=POOLS, max_size=POOLS).map(lambda all_: np.array(all_, dtype=np.int64))


def groups_of(queue: Queue) -> Ints:
    """For each entry of the queue its group."""
    return np.repeat(queue.everything, np.diff(queue.start))


def matrix(queue: Queue) -> Ints:
    """What each group (column) changes in each pool (row)."""
    found = np.zeros((POOLS, queue.start.size - 1), dtype=np.int64)
    np.add.at(found, (queue.pool, groups_of(queue)), queue.change)
    return found


def feasible(available: Ints, queue: Queue, taken: npt.NDArray[np.bool_]) -> bool:
    """Whether no pool pays out what it does not have."""
    change = matrix(queue)[:, taken].sum(axis=1)
    return bool(np.all((change >= 0) | (available + change >= 0)))


def passes_none(queue: Queue, taken: npt.NDArray[np.bool_]) -> bool:
    """Whether of each pool's payments the first ones settle."""
    for row in matrix(queue):
        settles = taken[row < 0]
        if np.any(np.diff(settles.astype(int)) > 0):
            return False
    return True


def check(available: Ints, queue: Queue, choice: Choice) -> None:
    """What every choice must be: feasible, whole, conserving, true about what is left."""
    assert feasible(available, queue, choice.taken)
    assert (choice.after == available + matrix(queue)[:, choice.taken].sum(axis=1)).all()
    assert choice.after[:PARTICIPANTS].sum() == available[:PARTICIPANTS].sum()
    assert choice.after[PARTICIPANTS:].sum() == available[PARTICIPANTS:].sum()


def fits_alone(after: Ints, queue: Queue, taken: npt.NDArray[np.bool_]) -> list[int]:
    """Groups that were left out although they could settle on what is left."""
    left = [int(one) for one in np.flatnonzero(~taken)]
    return [one for one in left if feasible(after, queue, np.arange(taken.size) == one)]


def largest_without_overtaking(available: Ints, queue: Queue) -> npt.NDArray[np.bool_]:
    """By trying all."""
    number = queue.start.size - 1
    every = (np.array(bits, dtype=np.bool_) for bits in product((False, True), repeat=number))
    fine = [one for one in every if feasible(available, queue, one) and passes_none(queue, one)]
    return max(fine, key=lambda one: int(one.sum()))


def worth_of(queue: Queue) -> Ints:
    """What groups move: what is paid out, of both currencies alike."""
    found = np.zeros(queue.start.size - 1, dtype=np.int64)
    np.add.at(found, groups_of(queue), np.maximum(-queue.change, 0))
    return found


def optimum(available: Ints, queue: Queue) -> int:
    """The largest worth that can settle, by a solver of integer programs; needs scipy."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix

    worth = worth_of(queue)
    room = np.maximum(available, 0)
    changes = csr_matrix((queue.change, (queue.pool, groups_of(queue))), shape=(available.size, worth.size))
    limits = LinearConstraint(changes, -room, np.inf)
    found = milp(-worth, constraints=limits, integrality=1, bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
    assert found.success, found.message
    return round(-found.fun)
