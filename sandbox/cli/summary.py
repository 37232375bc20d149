"""The short summary that `run` prints: a finished run's `summary.json` in a dozen lines.

A line whose numbers a scenario does not produce is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox.feature import declared
from sandbox.language import N_, _
from sandbox.records import REPORT_HTML, Run
from sandbox.summary_lines import Line as OfFeature
from sandbox.summary_lines import share, span
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
    lines.append((_("run folder"), near(run.path)))
    if (run.path / REPORT_HTML).exists():
        lines.append((_("report"), near(run.path / REPORT_HTML)))
    return [*_head(run), "", *(f"{label.ljust(_LABEL)} {value}" for label, value in lines)]


def memory_lines(loaded: Loaded) -> list[str]:
    """That a run will take much memory, if it will."""
    from sandbox.scenario.memory import LARGE, estimate, free_bytes, in_gib

    needed, free = estimate(loaded.scenario), free_bytes()
    if needed < LARGE:
        return []
    said = _("how much is free cannot be seen here") if free is None else _("{free} are free", free=in_gib(free))
    return [_("a run needs about {needed} of memory ({free})", needed=in_gib(needed), free=said)]


def near(path: Path) -> str:
    """A path as one would type it here: from the current folder if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _head(run: Run) -> list[str]:
    scenario, manifest = run.summary.get("scenario", {}), run.manifest
    name, seed = manifest["scenario"]["name"], manifest["seed"]
    duration, took = span(scenario.get("duration_us", 0) / 1e6), span(manifest.get("took_s", 0.0))
    return [
        str(scenario.get("title", name)),
        _("{name}, seed {seed}: {duration} simulated in {took}", name=name, seed=seed, duration=duration, took=took),
    ]


def _body(summary: dict[str, Any]) -> Iterator[Line]:
    yield from _throughput(summary)
    yield from _steady(summary)
    yield from _refusals(summary)
    yield from _campaigns(summary)
    for __, one in declared(OfFeature):
        yield from one.lines(summary, _money)
    yield from _risks(summary)
    ok = summary.get("conservation", {}).get("ok", False)
    yield (
        _("money"),
        _(N_("every balance adds up, to the fen") if ok else N_("BALANCES DO NOT ADD UP: do not use this run")),
    )


def _throughput(summary: dict[str, Any]) -> Iterator[Line]:
    through = summary["throughput"]
    counted = _(
        "{payments}, of which {settled} settled ({share})",
        payments=f"{through['payments']:,}",
        settled=f"{through['settled']:,}",
        share=share(through.get("success_share")),
    )
    yield _("payments"), counted if through["payments"] else _("none were offered")
    if "settled_fen" in through:
        yield _("value settled"), _money(through["settled_fen"])
    mean, peak = _number(through.get("settled_per_s_mean")), _number(through.get("settled_per_s_peak"))
    yield _("settled a second"), _("{mean} on average, {peak} in the best second", mean=mean, peak=peak)
    quantiles = through.get("latency_ms") or {}
    if quantiles.get("p50") is None:
        yield _("latency"), _("nothing settled")
    else:
        shown = {name: span(quantiles[name] / 1e3) for name in ("p50", "p95", "p99", "max")}
        yield _("latency"), _("{p50} median, {p95} for 95 %, {p99} for 99 %, {max} at most", **shown)


def _steady(summary: dict[str, Any]) -> Iterator[Line]:
    found = summary.get("steady_state")
    if found and not found["numbers"]:
        left = found["bins"] - found["cut_us"] // found["bin_us"]
        yield (
            _("steady state"),
            _("nothing left to measure: {left} bins after the warm-up, too few for an interval", left=f"{left:,}"),
        )
    elif found and (one := found["numbers"].get("in_flight")):
        message = (
            N_("first {cut} left out ({share}); in flight {mean} (95 %: {low} to {high})")
            if one["trusted"]
            else N_("first {cut} left out ({share}); in flight {mean} (95 %: {low} to {high}), not to be trusted")
        )
        cut = {"cut": span(found["cut_us"] / 1e6), "share": share(found["cut_share"])}
        shown = _(message, **cut, **{name: _number(one[name]) for name in ("mean", "low", "high")})
        yield _("steady state"), shown


def _refusals(summary: dict[str, Any]) -> Iterator[Line]:
    counts = {name: count for name, count in summary.get("outcomes", {}).items() if name != "settled" and count}
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    shown = _(", ").join(f"{name} {count:,}" for name, count in most_first)
    yield _("not settled"), shown or _("nothing")


def _campaigns(summary: dict[str, Any]) -> Iterator[Line]:
    for name, campaign in (summary.get("campaigns") or {}).items():
        shown = _(
            "{claimed} of {winners} packets claimed, {payments} payments, {returned} taken back",
            claimed=f"{campaign['claimed']:,}",
            winners=f"{campaign['winners']:,}",
            payments=f"{campaign['payments']:,}",
            returned=_money(campaign["returned_fen"]),
        )
        yield _("campaign {name}", name=name), shown


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
        yield (
            _("operational risk"),
            _("busiest: {station}, {utilisation} busy; {worst} of payments answered in the worst {bin}", **values),
        )
    if liquidity := risk.get("liquidity"):
        values = {
            "institution": liquidity["lowest_institution"],
            "share": share(liquidity["lowest_share_of_target"]),
            "orders": f"{liquidity['orders']:,}",
        }
        if liquidity["lowest_institution"] is None:
            yield (
                _("liquidity risk"),
                _(
                    "no operator holds e-CNY against a target; {orders} orders to the central bank",
                    orders=values["orders"],
                ),
            )
        else:
            yield (
                _("liquidity risk"),
                _("lowest at {institution}, {share} of its target; {orders} orders to the central bank", **values),
            )
    if concentration := risk.get("concentration"):
        hhi = f"{concentration['hhi_payer_institutions'] or 0:.3f}"
        if concentration["top_institution"] is None:
            yield _("concentration risk"), _("nothing settled, so there is none to tell")
        else:
            yield (
                _("concentration risk"),
                _(
                    "{institution} paid {share} of the value settled; HHI {hhi}",
                    institution=concentration["top_institution"],
                    share=share(concentration["top_institution_share"]),
                    hhi=hhi,
                ),
            )
    if paid and (consumer := risk.get("consumer")):
        values = {
            "limit": share(consumer["refused_by_limit_share"]),
            "insufficient": share(consumer["insufficient_share"]),
        }
        yield _("consumer risk"), _("{limit} refused by a wallet limit, {insufficient} for lack of money", **values)


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
        return _("{amount} billion CNY", amount=f"{fen / _BILLION_YUAN_FEN:,.2f}")
    if size >= _MILLION_YUAN_FEN:
        return _("{amount} million CNY", amount=f"{fen / _MILLION_YUAN_FEN:,.2f}")
    return _("{amount} CNY", amount=f"{'-' if fen < 0 else ''}{size // 100:,}.{size % 100:02d}")
