"""Print what the simulator's queues give against closed forms, as a Markdown table.

`python -m tests.validation.report`
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.validation.cases import CASES, Case, Check, checked


def number(value: float) -> str:
    """Four figures that count."""
    return f"{value:.4g}"


def row(case: Case, one: Check) -> str:
    """One line of the table; the last column is the difference in standard errors."""
    found = one.found
    away = (found.mean - one.exact) / found.standard_error
    cells = (
        f"{case.name}, {case.payments_per_s:g}/s", one.what, number(one.exact), number(found.mean),
        number(found.standard_error), f"{100 * found.standard_error / abs(one.exact):.2f} %", f"{away:+.1f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def table() -> Iterator[str]:
    """The whole table, a line at a time."""
    yield "| system | number | exact | simulated | standard error | relative | off by |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for case in CASES:
        for one in checked(case):
            yield row(case, one) + ("" if one.holds else " **does not agree**")


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
