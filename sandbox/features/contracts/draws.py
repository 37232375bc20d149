"""Draws of contracts: whole columns out of named streams, so that no lever changes them."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from sandbox.core.clock import CELL_US, cumulative_intensity
from sandbox.core.draws import Int64Array, exponential_table, sample, stream, words
from sandbox.market.choice import alias_table, choose_many
from sandbox.market.population import PARTS, Traits, popularity
from sandbox.scenario.schema import Profile, Scenario


class Draws:
    """Draws of one contract: everything numbered by item."""

    def __init__(self, scenario: Scenario, seed: int, name: str) -> None:
        self._scenario, self._seed, self._name = scenario, seed, f"contract/{name}"

    def parts(self, what: str, count: int) -> Int64Array:
        """Uniform in 0..PARTS-1."""
        return Traits(self._seed, 0, count).draw(f"{self._name}/{what}")

    def has(self, what: str, count: int, share: float) -> npt.NDArray[np.bool_]:
        """Whether each has a trait."""
        return Traits(self._seed, 0, count).with_share(f"{self._name}/{what}", share)

    def below(self, what: str, count: int, bound: int) -> Int64Array:
        """Uniform in 0..bound-1, a bound of up to a hundred years in us."""
        drawn, low = self.parts(what, count), bound % PARTS
        # In two parts, for a billion times a bound of more than three hours does not fit 64 bits.
        return drawn * (bound // PARTS) + drawn * low // PARTS

    def evenly(self, what: str, count: int, from_us: int, within_us: int) -> Int64Array:
        """Times spread evenly."""
        return from_us + (self.parts(what, count) * (within_us / PARTS)).astype(np.int64)

    def exponential(self, what: str, count: int, mean: float) -> Int64Array:
        """Exponential with this mean, at least 1."""
        drawn = np.empty(count, dtype=np.int64)
        sample(exponential_table(mean), stream(self._seed, self._name, what), 0, drawn)
        return np.maximum(drawn, 1)

    def out_of(self, what: str, count: int, table: Int64Array) -> Int64Array:
        """Values of a table."""
        drawn = np.empty(count, dtype=np.int64)
        sample(table, stream(self._seed, self._name, what), 0, drawn)
        return drawn

    def poisson(self, what: str, count: int, mean: float) -> Int64Array:
        """Poisson with this mean."""
        if mean > 100:
            parts = math.ceil(mean / 100)
            drawn = [self.poisson(f"{what}/{one}", count, mean / parts) for one in range(parts)]
            return np.asarray(np.sum(drawn, axis=0))
        chances = np.zeros(int(mean + 12 * mean**0.5) + 20)
        chances[0] = math.exp(-mean)
        for number in range(1, chances.size):
            chances[number] = chances[number - 1] * mean / number
        edges = np.rint(np.cumsum(chances) * PARTS).astype(np.int64)
        return np.searchsorted(edges[:-1], self.parts(what, count), side="right").astype(np.int64)

    def by_profile(self, what: str, count: int, from_us: int, within_us: int, profile: Profile) -> Int64Array:
        """Times by the shape of the day; evenly where the profile gives nothing at all."""
        start = self._scenario.start + timedelta(microseconds=from_us)
        cumulative = cumulative_intensity(start, within_us, 1e6, profile, [])
        if cumulative[-1] == 0:
            return self.evenly(what, count, from_us, within_us)
        position = (self.parts(what, count) * (float(cumulative[-1]) / PARTS)).astype(np.int64)
        cell = np.searchsorted(cumulative, position, side="right") - 1
        share = (position - cumulative[cell]) / (cumulative[cell + 1] - cumulative[cell])
        inside = (share * np.minimum(CELL_US, within_us - cell * CELL_US)).astype(np.int64)
        return np.asarray(from_us + cell * CELL_US + inside)

    def merchants(self, what: str, count: int, allowed: Int64Array) -> Int64Array:
        """Merchants (numbers in their block) among the allowed ones, by popularity."""
        weights = popularity(self._scenario, int(allowed.max()) + 1)[allowed]
        drawn = np.empty(count, dtype=np.int64)
        choose_many(alias_table(weights), stream(self._seed, self._name, what), drawn)
        return np.asarray(allowed[drawn])

    def keys(self, what: str, count: int) -> Int64Array:
        """Keys of payments."""
        drawn = np.empty(count, dtype=np.uint64)
        words(stream(self._seed, self._name, what), 0, drawn)
        return drawn.view(np.int64)
