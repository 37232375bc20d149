"""The observer: at the end of each bin of time it writes down what the system did, for `series` and `stations`."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.engine.draws import Int64Array
from sandbox.engine.layout import (
    BALANCE, C_OUTCOME_MASK, O_AMOUNT, O_CODES, O_ENDED, O_SUBMITTED, OUTCOME_COUNT, S_ARRIVALS, S_BUSY, S_BUSY_AREA,
    S_CAPACITY, S_FIRST_COUNTER, S_QUEUE, S_QUEUE_AREA, S_QUEUE_MAX, S_REFUSED, S_SERVED, S_SERVER_AREA, S_SERVICE_SUM, S_SINCE, S_STARTS,
    S_WAIT_SUM, S_WITHDRAWN, SETTLED, X_SUBMITTED, X_TOP_UPS,
)  # fmt: skip
from sandbox.engine.world import World


class Observer:
    """Rows of the two time series, and totals over the whole run by station."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.series: list[tuple[Any, ...]] = []
        self.stations: list[tuple[Any, ...]] = []
        self.totals = np.zeros((len(world.station_names), world.stations.shape[1]), dtype=np.float64)
        self.queue_max = np.zeros(len(world.station_names), dtype=np.int64)
        self.lowest: list[int] = [int(world.ledger.accounts[account, BALANCE]) for account in world.holdings]
        self._outcomes = np.zeros(OUTCOME_COUNT, dtype=np.int64)
        self._settled_fen = 0
        self._latencies: list[Int64Array] = []
        self._submitted = self._top_ups = self._ended = self._all_ended = 0

    def take(self, out: Int64Array) -> None:
        """Ended payments of the bin under way: (OUT_COLUMNS, number)."""
        if out.shape[1] == 0:
            return
        outcomes = out[O_CODES] & C_OUTCOME_MASK
        counts = np.bincount(outcomes, minlength=OUTCOME_COUNT)
        self._outcomes += counts
        self._ended += out.shape[1]
        self._all_ended += out.shape[1]
        if counts[SETTLED] == out.shape[1]:
            self._settled_fen += int(out[O_AMOUNT].sum())
            self._latencies.append(out[O_ENDED] - out[O_SUBMITTED])
        else:
            settled = outcomes == SETTLED
            self._settled_fen += int(out[O_AMOUNT][settled].sum())
            self._latencies.append((out[O_ENDED] - out[O_SUBMITTED])[settled])

    def end_bin(self, at_us: int) -> None:
        """Write the bin that began at `at_us` and ends now. The stations' areas are counted up to now."""
        world, rows = self._world, self._world.stations
        counters = rows.copy()
        holdings = world.ledger.accounts[world.holdings, BALANCE]
        server_area = np.maximum(counters[:, S_SERVER_AREA], 1)
        utilisation = counters[:, S_BUSY_AREA] / server_area
        elapsed = max(1, int(rows[0, S_SINCE]) - at_us)
        queue_mean = counters[:, S_QUEUE_AREA] / elapsed
        self._write_stations(at_us, counters, utilisation, queue_mean, holdings)
        self._write_series(at_us, counters, utilisation, queue_mean, holdings)
        self.totals += counters
        self.queue_max = np.maximum(self.queue_max, counters[:, S_QUEUE_MAX])
        self.lowest = [min(low, int(now)) for low, now in zip(self.lowest, holdings, strict=True)]
        rows[:, S_FIRST_COUNTER:] = 0
        rows[:, S_QUEUE_MAX] = rows[:, S_QUEUE]

    def _write_stations(
        self, at_us: int, counters: Int64Array, utilisation: Any, queue_mean: Any, holdings: Int64Array
    ) -> None:
        world = self._world
        active = counters[:, [S_ARRIVALS, S_SERVED, S_BUSY, S_QUEUE, S_WITHDRAWN]].any(axis=1)
        for number in np.flatnonzero(active):
            row = counters[number].tolist()
            starts = row[S_STARTS]
            self.stations.append((
                at_us, world.station_names[number], row[S_CAPACITY], row[S_ARRIVALS], row[S_SERVED], row[S_REFUSED], row[S_WITHDRAWN],
                row[S_WAIT_SUM] / starts if starts else None, row[S_SERVICE_SUM] / starts if starts else None,
                float(queue_mean[number]), row[S_QUEUE_MAX], float(utilisation[number]),
                int(holdings[number]) if number in world.operators else None,
            ))  # fmt: skip

    def _write_series(
        self, at_us: int, counters: Int64Array, utilisation: Any, queue_mean: Any, holdings: Int64Array
    ) -> None:
        world, scalars = self._world, self._world.scalars
        submitted, top_ups = int(scalars[X_SUBMITTED]), int(scalars[X_TOP_UPS])
        held = holdings[world.operators]
        targets = world.targets[world.operators]
        shares = held[targets > 0] / targets[targets > 0]
        self.series.append((
            at_us, submitted - self._submitted, self._ended, int(self._outcomes[SETTLED]), self._settled_fen,
            *(int(count) for count in self._outcomes[1:]), *self._quantiles(), submitted - self._all_ended,
            float(queue_mean[:-1].sum()), int(counters[:-1, S_QUEUE_MAX].max()), float(utilisation[:-1].max()),
            float(queue_mean[-1]), int(counters[-1, S_QUEUE_MAX]), float(utilisation[-1]),
            top_ups - self._top_ups, int(held.sum()), float(shares.min()) if shares.size else None,
        ))  # fmt: skip
        self._submitted, self._top_ups = submitted, top_ups
        self._outcomes[:] = 0
        self._ended = self._settled_fen = 0
        self._latencies = []

    def _quantiles(self) -> tuple[int | None, int | None, int | None, int | None]:
        """Nearest-rank p50, p95, p99 and the maximum of the bin's latencies."""
        values = np.concatenate(self._latencies) if self._latencies else np.zeros(0, dtype=np.int64)
        if values.size == 0:
            return None, None, None, None
        ranks = [-(-values.size * per_cent // 100) - 1 for per_cent in (50, 95, 99, 100)]
        parts = np.partition(values, ranks)
        p50, p95, p99, most = (int(parts[rank]) for rank in ranks)
        return p50, p95, p99, most
