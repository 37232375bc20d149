"""`python -m tests.oracle.digest SEED...`: a digest of what the rail makes of each of these worlds.

Run in processes of their own, compiled and not, with and without bound checks, the digests must be the same.
"""

from __future__ import annotations

import hashlib
import sys

from sandbox.core.compiled import IS_COMPILED
from sandbox.engine.simulation import Simulation
from tests.oracle.worlds import case_of


def digest(seed: int, most_payments: int = 120) -> str:
    """SHA-256 over the columns of ended payments, the accounts, the stations, the scalars and the log of a world."""
    world = case_of(seed, most_payments).world()
    simulation = Simulation(world)
    bytes_so_far = hashlib.sha256()
    simulation.on_window.append(lambda window: bytes_so_far.update(window.tobytes()))
    simulation.run()
    for array in (world.ledger.accounts, world.stations, world.scalars, world.rules, world.box_spent):
        bytes_so_far.update(array.tobytes())
    bytes_so_far.update(repr(simulation.log.rows).encode())
    return bytes_so_far.hexdigest()


if __name__ == "__main__":
    print("compiled" if IS_COMPILED else "not compiled")
    for word in sys.argv[1:]:
        print(digest(int(word)))
