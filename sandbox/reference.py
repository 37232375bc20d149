"""The reference pages of `docs/`, made from what is declared: scenario files, and entries of `summary.json`.

`python -m sandbox.reference` writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sandbox.metric import NEITHER, Metric, declared_metrics
from sandbox.scenario.reference import reference_markdown

_COLUMNS: Final = ("entry", "unit", "better", "what it is")
_UNITS: Final = {
    "count": "", "number": "number", "share": "0 to 1", "relative": "1 is 100 %", "points": "difference of shares",
    "fen": "fen", "usd_cents": "US cents", "minor": "minor units", "us": "us", "ms": "ms",
    "instant": "us since the start", "yes": "true or false", "text": "text",
}  # fmt: skip
_HEAD: Final = """# Entries of summary.json

Made of the declarations beside the code (`python -m sandbox.reference`). `--metric` and `--precision` take these paths.

`*` stands for a name: of a station, a segment, a campaign, or whatever one entry of a list goes by. A name with other
characters than letters, digits, `_`, `+` and `-` stands in single quotes; of several entries with one name the second
is `[1]`. An entry without a unit counts things. *Better* is empty where it is for the reader to say. What does not
exist in a run (the latency of no payment) is null.
"""


def summary_markdown() -> str:
    """The page about `summary.json`."""
    parts = [_HEAD]
    sections: dict[str, list[Metric]] = {}
    for one in declared_metrics():
        sections.setdefault(_section(one), []).append(one)
    for section, declared in sections.items():
        rows = [_COLUMNS, tuple("---" for _ in _COLUMNS), *(_row(one) for one in declared)]
        table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
        parts.append(f"## {section}\n\n{table}\n")
    return "\n".join(parts)


def _section(one: Metric) -> str:
    first, second, *_ = (*one.steps, "")
    return f"risk.{second}" if first == "risk" else first


def _row(one: Metric) -> tuple[str, ...]:
    meaning = f"; {one.meaning}" if one.meaning else ""
    words = f"{one.label.replace('{}', 'NAME')}{meaning}"
    return f"`{one.path}`", _UNITS[one.unit], "" if one.better == NEITHER else one.better, words


PAGES: Final[Mapping[Path, Callable[[], str]]] = {
    Path("docs/reference/scenario.md"): reference_markdown,
    Path("docs/reference/summary.md"): summary_markdown,
}


def main() -> None:
    """Write the pages."""
    for page, made in PAGES.items():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
