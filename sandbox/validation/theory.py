"""Closed forms of queueing theory: what the simulator's queues have to come to.

Everything is computed from an arrival rate (per second), service times (seconds) and a number of servers; nothing comes
from a run. Times are float seconds, queues are mean numbers waiting (not counting who is served).

Sources: Erlang 1917 and Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory" (M/M/c); Pollaczek 1930 and
Khinchine 1932 (M/G/1); Burke 1956 and Jackson 1957 (queues in series); Reich 1957 (times spent in series are
independent); Barrer 1957 (M/M/1 whose customers leave after a fixed time).
"""

from __future__ import annotations

import math


def offered_load(arrivals_per_s: float, service_s: float) -> float:
    """Mean number of busy servers, in erlangs.

    >>> offered_load(50.0, 0.25)
    12.5
    """
    return arrivals_per_s * service_s


def erlang_c(servers: int, load: float) -> float:
    """Probability that a payment has to wait in M/M/c, by way of Erlang's loss formula.

    >>> round(erlang_c(1, 0.7), 12), round(erlang_c(2, 1.0), 12)  # one server: the load; two: a third
    (0.7, 0.333333333333)
    """
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return servers * blocked / (servers - load * (1.0 - blocked))


def wait_mmc_s(arrivals_per_s: float, service_s: float, servers: int) -> float:
    """Mean wait in M/M/c.

    >>> round(wait_mmc_s(0.5, 1.0, 1), 12)  # rho / (mu - lambda)
    1.0
    """
    load = offered_load(arrivals_per_s, service_s)
    return erlang_c(servers, load) * service_s / (servers - load)


def wait_mmc_above(arrivals_per_s: float, service_s: float, servers: int, wait_s: float) -> float:
    """Probability that a wait in M/M/c, served in order of arrival, is above `wait_s`."""
    load = offered_load(arrivals_per_s, service_s)
    return erlang_c(servers, load) * math.exp(-(servers - load) * wait_s / service_s)


def wait_mg1_s(arrivals_per_s: float, service_s: float, service_variance_s2: float) -> float:
    """Mean wait in M/G/1 (Pollaczek and Khinchine).

    >>> round(wait_mg1_s(0.5, 1.0, 1.0), 12), round(wait_mg1_s(0.5, 1.0, 0.0), 12)  # exponential, fixed: half of it
    (1.0, 0.5)
    """
    second_moment = service_s**2 + service_variance_s2
    return arrivals_per_s * second_moment / (2.0 * (1.0 - offered_load(arrivals_per_s, service_s)))


def lognormal_variance(mean: float, sigma: float) -> float:
    """Variance of a lognormal with this mean and this standard deviation of its logarithm."""
    return mean**2 * math.expm1(sigma**2)


def mean_queue_length(arrivals_per_s: float, wait_s: float) -> float:
    """Mean number waiting, from the mean wait of all who come (Little 1961)."""
    return arrivals_per_s * wait_s


def quantile_exponential(mean: float, above: float) -> float:
    """The value that an exponential exceeds with probability `above`.

    An M/M/1 sojourn is exponential with mean 1 / (mu - lambda).
    """
    return -mean * math.log(above)


class Impatient:
    """M/M/1 whose customers leave the queue once they have waited `patience_s` (Barrer 1957); any load."""

    def __init__(self, arrivals_per_s: float, service_s: float, patience_s: float) -> None:
        self._rate, self._service, self._patience = arrivals_per_s, service_s, patience_s
        self._theta = 1.0 / service_s - arrivals_per_s
        self._fading = math.exp(-self._theta * patience_s)
        below = arrivals_per_s * (1.0 - self._fading) / self._theta
        self._idle = 1.0 / (1.0 + below + arrivals_per_s * service_s * self._fading)

    def reneging_probability(self) -> float:
        """Probability of leaving unserved: the wait that would have been is longer than the patience."""
        return self._idle * self._rate * self._service * self._fading

    def timeout_probability(self) -> float:
        """Probability that wait and service together last longer than the patience, who leaves counted in."""
        return self._idle * self._fading * (1.0 + self._rate * self._service)

    def mean_queueing_time_s(self) -> float:
        """Mean time in the queue, of who is served and who leaves alike."""
        theta, patience = self._theta, self._patience
        served = self._idle * self._rate * (1.0 - self._fading * (1.0 + theta * patience)) / theta**2
        return served + patience * self.reneging_probability()
