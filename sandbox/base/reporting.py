"""What a run asks whoever knows which reports institutions owe the regulator."""

from __future__ import annotations

from sandbox.control import Component


class IncidentReports(Component):
    """A component that knows which reports about breakdowns were due and when they were filed."""

    def in_time_share(self, station: str, since_us: int) -> float | None:
        """Share of a station's reports that came in time, of those filed or due since an instant; None if none was."""
        raise NotImplementedError
