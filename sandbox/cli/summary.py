"""The short summary that `run` prints: a finished run's `summary.json` in a dozen lines.

A line whose numbers a scenario does not produce is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox.cli.text import text
from sandbox.feature import declared
from sandbox.lines import Line as OfFeature
from sandbox.lines import share, span
from sandbox.records import REPORT_HTML, Run
from sandbox.visible import plain

if TYPE_CHECKING:
    from sandbox.scenario.load import Loaded

Line = tuple[str, str]

_LABEL: Final = 19
_BILLION_YUAN_FEN: Final = 100_000_000_000
_MILLION_YUAN_FEN: Final = 100_000_000


def summary_lines(run: Run) -> list[str]:
    """The summary of a finished run, a line each."""
    summary = run.summary
    lines = list(_body(summary))
    lines.append((text("sum.folder"), near(run.path)))
    if (run.path / REPORT_HTML).exists():
        lines.append((text("sum.report"), near(run.path / REPORT_HTML)))
    return [*_head(run), "", *(f"{label.ljust(_LABEL)} {value}" for label, value in lines)]


def memory_lines(loaded: Loaded) -> list[str]:
    """That a run will take much memory, if it will."""
    from sandbox.scenario.memory import LARGE, estimate, free_bytes, in_gib

    needed, free = estimate(loaded.scenario), free_bytes()
    if needed < LARGE:
        return []
    said = text("memory.unknown") if free is None else text("memory.free", free=in_gib(free))
    return [text("memory", needed=in_gib(needed), free=said)]


def near(path: Path) -> str:
    """A path as one would type it here: from the current folder if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _head(run: Run) -> list[str]:
    scenario, manifest = run.summary.get("scenario", {}), run.manifest
    name, seed = manifest["scenario"]["name"], manifest["seed"]
    duration, took = span(scenario.get("duration_us", 0) / 1e6), span(manifest.get("took_s", 0.0))
    return [
        text("sum.head", title=scenario.get("title", name)),
        text("sum.run", name=name, seed=seed, duration=duration, took=took),
    ]


def _body(summary: dict[str, Any]) -> Iterator[Line]:
    yield from _throughput(summary)
    yield from _steady(summary)
    yield from _refusals(summary)
    yield from _campaigns(summary)
    for _, one in declared(OfFeature):
        yield from one.lines(summary, _money)
    yield from _risks(summary)
    ok = summary.get("conservation", {}).get("ok", False)
    yield text("sum.conserved"), text("sum.conserved_value" if ok else "sum.not_conserved_value")


def _throughput(summary: dict[str, Any]) -> Iterator[Line]:
    through = summary["throughput"]
    counted = text(
        "sum.payments_value",
        payments=f"{through['payments']:,}",
        settled=f"{through['settled']:,}",
        share=share(through.get("success_share")),
    )
    yield text("sum.payments"), counted if through["payments"] else text("sum.payments_none")
    if "settled_fen" in through:
        yield text("sum.value"), _money(through["settled_fen"])
    mean, peak = _number(through.get("settled_per_s_mean")), _number(through.get("settled_per_s_peak"))
    yield text("sum.rate"), text("sum.rate_value", mean=mean, peak=peak)
    quantiles = through.get("latency_ms") or {}
    if quantiles.get("p50") is None:
        yield text("sum.latency"), text("sum.latency_none")
    else:
        shown = {name: span(quantiles[name] / 1e3) for name in ("p50", "p95", "p99", "max")}
        yield text("sum.latency"), text("sum.latency_value", **shown)


def _steady(summary: dict[str, Any]) -> Iterator[Line]:
    found = summary.get("steady_state")
    if found and not found["numbers"]:
        left = found["bins"] - found["cut_us"] // found["bin_us"]
        yield text("sum.steady"), text("sum.steady_short", left=f"{left:,}")
    elif found and (one := found["numbers"].get("in_flight")):
        shown = text(
            "sum.steady_value",
            cut=span(found["cut_us"] / 1e6),
            share=share(found["cut_share"]),
            **{name: _number(one[name]) for name in ("mean", "low", "high")},
            doubt="" if one["trusted"] else text("sum.steady_doubt"),
        )
        yield text("sum.steady"), shown


def _refusals(summary: dict[str, Any]) -> Iterator[Line]:
    counts = {name: count for name, count in summary.get("outcomes", {}).items() if name != "settled" and count}
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{name} {count:,}" for name, count in most_first)
    yield text("sum.not_settled"), shown or text("sum.all_settled")


def _campaigns(summary: dict[str, Any]) -> Iterator[Line]:
    for name, campaign in (summary.get("campaigns") or {}).items():
        shown = text(
            "sum.campaign_value",
            claimed=f"{campaign['claimed']:,}",
            winners=f"{campaign['winners']:,}",
            payments=f"{campaign['payments']:,}",
            returned=_money(campaign["returned_fen"]),
        )
        yield text("sum.campaign", name=name), shown


def _risks(summary: dict[str, Any]) -> Iterator[Line]:
    risk = summary.get("risk", {})
    scenario = summary.get("scenario", {})
    paid = bool(summary["throughput"]["payments"])  # of nothing, no share is told
    if paid and (operational := risk.get("operational")):
        values = {
            "station": operational["busiest_station"],
            "utilisation": share(operational["busiest_utilisation"]),
            "worst": share(operational["worst_bin_success_share"]),
            "bin": span(scenario.get("bin_us", 60_000_000) / 1e6),
        }
        yield text("sum.operational"), text("sum.operational_value", **values)
    if liquidity := risk.get("liquidity"):
        values = {
            "institution": liquidity["lowest_institution"],
            "share": share(liquidity["lowest_share_of_target"]),
            "orders": f"{liquidity['orders']:,}",
        }
        if liquidity["lowest_institution"] is None:
            yield text("sum.liquidity"), text("sum.liquidity_none", orders=values["orders"])
        else:
            yield text("sum.liquidity"), text("sum.liquidity_value", **values)
    if concentration := risk.get("concentration"):
        values = {
            "institution": concentration["top_institution"],
            "share": share(concentration["top_institution_share"]),
            "hhi": f"{concentration['hhi_payer_institutions'] or 0:.3f}",
        }
        settled = concentration["top_institution"] is not None
        code = "sum.concentration_value" if settled else "sum.nothing_settled"
        yield text("sum.concentration"), text(code, **values)
    if paid and (consumer := risk.get("consumer")):
        values = {
            "limit": share(consumer["refused_by_limit_share"]),
            "insufficient": share(consumer["insufficient_share"]),
        }
        yield text("sum.consumer"), text("sum.consumer_value", **values)


def _number(value: float | None) -> str:
    """A rate with three digits that mean something.

    >>> _number(0.1234), _number(4321.9), _number(12.0), _number(999.7), _number(0.00001234), _number(None)
    ('0.123', '4,322', '12', '1,000', '0.0000123', '-')
    """
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 1000 else plain(value)


def _money(fen: int) -> str:
    """Fen as yuan, short.

    >>> _money(876_412_345_00), _money(1_234_567_890_00), _money(12_345), _money(-5)
    ('876.41 million CNY', '1.23 billion CNY', '123.45 CNY', '-0.05 CNY')
    """
    size = abs(fen)
    if size >= _BILLION_YUAN_FEN:
        return f"{fen / _BILLION_YUAN_FEN:,.2f} billion CNY"
    if size >= _MILLION_YUAN_FEN:
        return f"{fen / _MILLION_YUAN_FEN:,.2f} million CNY"
    return f"{'-' if fen < 0 else ''}{size // 100:,}.{size % 100:02d} CNY"
