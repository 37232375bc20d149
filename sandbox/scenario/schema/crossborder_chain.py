"""Schema of the correspondent chain: banks that hold accounts for one another (the baseline)."""

from __future__ import annotations

from sandbox.scenario.schema.fields import Model, Name, param


class Correspondent(Model):
    """Payments from bank to bank through intermediaries."""

    intermediaries: list[Name] = param(
        default_factory=lambda: ["global bank A", "global bank B", "global bank C"],
        doc="Banks that hold accounts for banks abroad.",
        role="design",
        min_length=1,
        max_length=100,
    )

    def names(self) -> list[str]:
        """Names of the intermediaries."""
        return list(self.intermediaries)
