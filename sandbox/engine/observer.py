"""The observer: at the end of each bin of time it notes what the system did, for `series` and `stations`.

A bin costs a copy of the stations' counters and the bin's latency quantiles; everything else is worked out for many
bins at once.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, account, code, ended, scalar, station
from sandbox.engine.busiest import Busiest, nearest_rank
from sandbox.engine.packed import PackedColumns
from sandbox.tables import REFUSALS
from sandbox.world import World

Columns = dict[str, npt.NDArray[Any]]
"""Columns of equal length by name; a missing number is -1 in integers and NaN in floats."""

RANKS: Final = (50, 95, 99, 100)
TOGETHER: Final = 1_024
"""Bins worked out together."""

# Columns of the numbers kept for each bin.
N_AT, N_SUBMITTED, N_ENDED, N_SETTLED_FEN, N_TOP_UPS, N_IN_FLIGHT, N_LATENCIES = range(7)
N_OUTCOMES = N_LATENCIES + len(RANKS)
NUMBERS = N_OUTCOMES + len(Outcome)


class Observer:
    """The two time series, and totals over the whole run by station."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._totals = np.zeros((len(world.station_names), world.stations.shape[1]), dtype=np.float64)
        self._queue_max = np.zeros(len(world.station_names), dtype=np.int64)
        self._peaks = np.zeros(len(world.station_names), dtype=np.float64)
        self.lowest: list[int] = [int(world.ledger.accounts[who, account.BALANCE]) for who in world.holdings]
        """Lowest holding by institution; operators' own processes write into this very list."""
        self.last_bin = -1
        self._bins: list[tuple[Int64Array, Int64Array, Int64Array]] = []
        self._series, self._stations = PackedColumns(), PackedColumns()
        self._outcomes = np.zeros(len(Outcome), dtype=np.int64)
        self._settled_fen = 0
        self._latencies: list[Int64Array] = []
        self._submitted = self._top_ups = self._all_ended = 0
        self.busiest = Busiest(world.scenario.series.bin)

    def take(self, out: Int64Array) -> None:
        """Ended payments of the bin under way: (ended.ROWS, number)."""
        outcomes = out[ended.CODES] & code.OUTCOME_MASK
        settled = outcomes == Outcome.SETTLED
        self._outcomes += np.bincount(outcomes, minlength=len(Outcome))
        self._settled_fen += int(out[ended.AMOUNT] @ settled)
        self._latencies.append((out[ended.ENDED_AT] - out[ended.SUBMITTED_AT])[settled])

    def end_bin(self, at_us: int) -> None:
        """Note the bin that began at `at_us` and ends now. The stations' areas are counted up to now."""
        world, rows, scalars = self._world, self._world.stations, self._world.scalars
        numbers = np.empty(NUMBERS, dtype=np.int64)
        submitted, top_ups = int(scalars[scalar.SUBMITTED]), int(scalars[scalar.TOP_UPS])
        ended = int(self._outcomes.sum())
        self._all_ended += ended
        numbers[N_AT], numbers[N_SUBMITTED], numbers[N_ENDED] = at_us, submitted - self._submitted, ended
        numbers[N_SETTLED_FEN], numbers[N_TOP_UPS] = self._settled_fen, top_ups - self._top_ups
        numbers[N_IN_FLIGHT] = submitted - self._all_ended
        numbers[N_LATENCIES:N_OUTCOMES] = nearest_rank(self._latencies, RANKS) or [-1] * len(RANKS)
        numbers[N_OUTCOMES:] = self._outcomes
        settled = int(self._outcomes[Outcome.SETTLED])
        self.busiest.add(at_us, int(numbers[N_SUBMITTED]), ended, settled, self._latencies)
        self._bins.append((numbers, rows.copy(), world.ledger.accounts[world.holdings, account.BALANCE]))
        rows[:, station.FIRST_COUNTER :] = 0
        rows[:, station.QUEUE_MAX] = rows[:, station.QUEUE_LENGTH]
        self._submitted, self._top_ups, self._settled_fen, self.last_bin = submitted, top_ups, 0, at_us
        self._outcomes[:] = 0
        self._latencies = []
        if len(self._bins) == TOGETHER:
            self._work_out()

    @property
    def totals(self) -> npt.NDArray[np.float64]:
        """Counters of each station (rows) summed over the bins so far."""
        self._work_out()
        return self._totals

    @property
    def queue_max(self) -> Int64Array:
        """Longest queue at each station in the bins so far."""
        self._work_out()
        return self._queue_max

    @property
    def utilisation_peak(self) -> npt.NDArray[np.float64]:
        """Highest share of server time in use at each station in a whole bin so far."""
        self._work_out()
        return self._peaks

    def series(self) -> PackedColumns:
        """`series.parquet`, one entry a bin."""
        self._work_out()
        return self._series

    def stations(self) -> PackedColumns:
        """`stations.parquet`: bins and stations in which something happened; `station` is the station's number."""
        self._work_out()
        return self._stations

    def _work_out(self) -> None:
        """Turn the bins noted so far into columns."""
        if not self._bins:
            return
        numbers, counters, holdings = (np.stack(parts) for parts in zip(*self._bins, strict=True))
        self._bins = []
        elapsed = np.maximum(counters[:, 0, station.COUNTED_UNTIL] - numbers[:, N_AT], 1)
        utilisation = counters[:, :, station.BUSY_AREA] / np.maximum(counters[:, :, station.CAPACITY_AREA], 1)
        queue_mean = counters[:, :, station.QUEUE_AREA] / elapsed[:, None]
        self._totals += counters.sum(axis=0, dtype=np.float64)
        self._queue_max = np.maximum(self._queue_max, counters[:, :, station.QUEUE_MAX].max(axis=0))
        # The last bin may be a part of one, full of what is left; it says nothing of a busy hour.
        whole = elapsed >= self._world.scenario.series.bin
        self._peaks = np.maximum(self._peaks, utilisation[whole].max(axis=0, initial=0.0))
        self.lowest[:] = [min(low, int(now)) for low, now in zip(self.lowest, holdings.min(axis=0), strict=True)]
        self._series.add(self._series_columns(numbers, counters, utilisation, queue_mean, holdings))
        self._stations.add(self._station_columns(numbers, counters, utilisation, queue_mean, holdings))

    def _series_columns(
        self, numbers: Int64Array, counters: Int64Array, utilisation: Any, queue_mean: Any, holdings: Int64Array
    ) -> Columns:
        world = self._world
        held, targets = holdings[:, world.operators], world.targets[world.operators]
        aims = targets > 0
        least = (held[:, aims] / targets[aims]).min(axis=1) if aims.any() else np.full(len(held), np.nan)
        columns: Columns = {
            "at_us": numbers[:, N_AT],
            "submitted": numbers[:, N_SUBMITTED],
            "ended": numbers[:, N_ENDED],
            "settled": numbers[:, N_OUTCOMES + Outcome.SETTLED],
            "settled_fen": numbers[:, N_SETTLED_FEN],
        }
        columns |= {name: numbers[:, N_OUTCOMES + 1 + place] for place, name in enumerate(REFUSALS)}
        names = ("latency_p50_us", "latency_p95_us", "latency_p99_us", "latency_max_us")
        columns |= {name: numbers[:, N_LATENCIES + place] for place, name in enumerate(names)}
        return columns | {
            "in_flight": numbers[:, N_IN_FLIGHT],
            "gateway_queue_mean": queue_mean[:, :-1].sum(axis=1),
            "gateway_queue_max": counters[:, :-1, station.QUEUE_MAX].max(axis=1),
            "gateway_utilisation_max": utilisation[:, :-1].max(axis=1),
            "ledger_queue_mean": queue_mean[:, -1],
            "ledger_queue_max": counters[:, -1, station.QUEUE_MAX],
            "ledger_utilisation": utilisation[:, -1],
            "top_up_fen": numbers[:, N_TOP_UPS],
            "liquidity_fen": held.sum(axis=1),
            "liquidity_least_share": least,
        }

    def _station_columns(
        self, numbers: Int64Array, counters: Int64Array, utilisation: Any, queue_mean: Any, holdings: Int64Array
    ) -> Columns:
        active = counters[
            :, :, [station.ARRIVALS, station.SERVED, station.BUSY, station.QUEUE_LENGTH, station.WITHDRAWN]
        ].any(axis=2)
        bins, which = np.nonzero(active)
        row = counters[bins, which]
        starts = np.where(row[:, station.SERVICES_BEGUN] > 0, row[:, station.SERVICES_BEGUN], np.nan)
        holds = np.full(len(self._world.station_names), -1, dtype=np.int64)
        holds[self._world.operators] = self._world.operators
        return {
            "at_us": numbers[bins, N_AT],
            "station": which.astype(np.int64),
            "servers": row[:, station.CAPACITY],
            "arrivals": row[:, station.ARRIVALS],
            "served": row[:, station.SERVED],
            "refused": row[:, station.REFUSED],
            "withdrawn": row[:, station.WITHDRAWN],
            "wait_mean_us": row[:, station.WAIT_SUM] / starts,
            "service_mean_us": row[:, station.SERVICE_SUM] / starts,
            "queue_mean": queue_mean[bins, which],
            "queue_max": row[:, station.QUEUE_MAX],
            "utilisation": utilisation[bins, which],
            "liquidity_fen": np.where(holds[which] >= 0, holdings[bins, np.maximum(holds[which], 0)], -1),
        }
