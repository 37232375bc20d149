"""For whom payments waited: time for which somebody was closed, by place, and how much of it fell on its holidays."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sandbox.core.ratio import share
from sandbox.features.crossborder.calendar import holidays
from sandbox.features.crossborder.demand import LONGEST_MARGIN_US
from sandbox.features.crossborder.setting import Setting


class Closures:
    """Waits for opening hours in one arrangement, of whoever pays, checks or credits. Times in us.

    A place is a jurisdiction, whose hours its banks, reviewers and currency keep; or, with hours of its own, an
    intermediary or the system of a currency, by its name.
    """

    def __init__(self, setting: Setting) -> None:
        start, until = setting.control.world.scenario.start, setting.end_us + LONGEST_MARGIN_US
        places = setting.crossborder.jurisdictions.items()
        self._holidays = {name: holidays(one, start, until) for name, one in places}
        self._closed_us: Counter[str] = Counter()
        self._holiday_us: Counter[str] = Counter()
        self._waited: defaultdict[str, set[int]] = defaultdict(set)
        self._at_holidays: defaultdict[str, set[int]] = defaultdict(set)

    def waited(self, payment: int, place: str, begins: int, ends: int, worked_us: int = 0) -> None:
        """A payment waits from `begins` to `ends`, less the time for which somebody works on it."""
        closed_us = ends - begins - worked_us
        if closed_us <= 0:
            return
        self._closed_us[place] += closed_us
        self._waited[place].add(payment)
        off = self._holidays.get(place)
        # Nobody works on a holiday, so all of it was waited.
        if off is not None and (holiday_us := off.open_us(ends) - off.open_us(begins)):
            self._holiday_us[place] += holiday_us
            self._at_holidays[place].add(payment)

    def numbers(self) -> dict[str, Any]:
        """In all, and by place, the longest wait for holidays first."""
        order = sorted(self._closed_us, key=lambda place: (-self._holiday_us[place], -self._closed_us[place], place))
        in_all = set().union(*self._at_holidays.values())
        return {
            "waited_for_holiday": len(in_all),
            "holiday_us_mean": share(sum(self._holiday_us.values()), len(in_all)),
            "closures": [
                {
                    "place": place,
                    "waited": len(self._waited[place]),
                    "closed_us_mean": share(self._closed_us[place], len(self._waited[place])),
                    "waited_for_holiday": len(self._at_holidays[place]),
                    "holiday_us_mean": share(self._holiday_us[place], len(self._at_holidays[place])),
                }
                for place in order
            ],
        }
