"""Where and when purses and terminals have a network."""

from __future__ import annotations

from bisect import bisect_right

from sandbox.features.offline.schema import Downtime


class Network:
    """Times without a network, region by region, merged and in order (us)."""

    def __init__(self, regions: list[str], downtimes: list[Downtime], duration_us: int) -> None:
        self.downs: list[list[tuple[int, int]]] = []
        """By region: when each time without a network begins, and when it is over."""
        for region in regions:
            spans = sorted(
                (start, start + one.lasts)
                for one in downtimes
                if one.region in (None, region)
                for start in _starts(one, duration_us)
            )
            self.downs.append(_merged(spans))
        self._begins = [[begin for begin, _ in spans] for spans in self.downs]

    def up_from(self, region: int, at_us: int) -> int:
        """The first instant from `at_us` on at which the network is there."""
        place = bisect_right(self._begins[region], at_us) - 1
        return max(at_us, self.downs[region][place][1]) if place >= 0 else at_us

    def is_up(self, region: int, at_us: int) -> bool:
        """Whether it is there now."""
        return self.up_from(region, at_us) == at_us

    def last_tick(self, region: int, phase_us: int, every_us: int, at_us: int) -> int:
        """The last instant of a grid, up to now, at which the network was there; -1 if there was none."""
        tick = phase_us + (at_us - phase_us) // every_us * every_us
        place = bisect_right(self._begins[region], tick) - 1
        while place >= 0 and tick < self.downs[region][place][1]:
            begin = self.downs[region][place][0]
            tick = phase_us + (begin - 1 - phase_us) // every_us * every_us
            place = bisect_right(self._begins[region], tick) - 1
        return tick if tick >= 0 else -1

    def next_tick(self, region: int, phase_us: int, every_us: int, at_us: int) -> int:
        """The first instant of a grid after now at which the network is there."""
        tick = phase_us + ((at_us - phase_us) // every_us + 1) * every_us
        while (up_us := self.up_from(region, tick)) != tick:
            tick = phase_us - (phase_us - up_us) // every_us * every_us
        return tick


def _starts(one: Downtime, duration_us: int) -> range:
    if one.every is None:
        return range(one.starts, one.starts + 1)
    return range(one.starts, max(duration_us, one.starts + 1), one.every)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged
