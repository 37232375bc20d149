"""Sensitivity on functions whose answer is known in closed form."""

import contextlib
import math

import numpy as np
import pytest

from sandbox.experiment.factors import Factor
from sandbox.experiment.plan import sweep_plan
from sandbox.experiment.sensitivity import (
    SensitivityError,
    SobolIndex,
    morris_design,
    morris_effects,
    one_at_a_time,
    sobol_design,
    sobol_indices,
    swings,
)
from sandbox.stats.intervals import Interval

pytest.importorskip("SALib")

THREE = tuple(
    Factor(path, low="1 h", high="3 h") for path in ("rules.kyc_delay", "behaviour.backoff", "campaigns.x.lasts")
)
A, B = 7.0, 0.1


def ishigami(shares):
    """Ishigami and Homma 1990, on -pi..pi in three directions."""
    x, y, z = ((2 * shares - 1) * math.pi).T
    return np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)


def ishigami_indices():
    """Its closed form: (first, total) by factor."""
    fourth, eighth = B * math.pi**4, B**2 * math.pi**8
    alone = 0.5 * (1 + fourth / 5) ** 2, A**2 / 8, 0.0
    together = eighth * (1 / 18 - 1 / 50)
    whole = sum(alone) + together
    return [
        (alone[0] / whole, (alone[0] + together) / whole),
        (alone[1] / whole, alone[1] / whole),
        (0.0, together / whole),
    ]


def test_the_closed_form_is_what_is_printed_of_it():
    assert [round(value, 4) for pair in ishigami_indices() for value in pair] == [
        0.3139, 0.5576, 0.4424, 0.4424, 0.0, 0.2437,
    ]  # fmt: skip


def test_sobol_indices_of_ishigamis_function():
    design = sobol_design(THREE, 4_096, seed=1)
    assert design.shares.shape == (4_096 * 5, 3)
    found = {one.path: one for one in sobol_indices(design, ishigami(design.shares))}
    for factor, (first, total) in zip(THREE, ishigami_indices(), strict=True):
        assert found[factor.path].first.value == pytest.approx(first, abs=0.02)
        assert found[factor.path].total.value == pytest.approx(total, abs=0.02)
        assert found[factor.path].total.half_width < 0.06


def test_the_intervals_of_the_indices_hold_the_truth():
    """Of 20 designs at 95 %, six indices each: quasi-random points do better than the resampling knows."""
    held = misses = 0
    for seed in range(20):
        design = sobol_design(THREE, 256, seed)
        found = {one.path: one for one in sobol_indices(design, ishigami(design.shares))}
        for factor, (first, total) in zip(THREE, ishigami_indices(), strict=True):
            one = found[factor.path]
            held += one.first.contains(first) + one.total.contains(total)
            misses += 2
    assert held / misses >= 0.93


def test_a_factor_that_does_nothing_has_no_share():
    design = sobol_design(THREE, 256, seed=3)
    found = sobol_indices(design, design.shares[:, 0] * 5 + 2)
    assert found[0].path == "rules.kyc_delay"
    assert found[0].total.value == pytest.approx(1, abs=0.05)
    assert [(one.first.value, one.total.value) for one in found[1:]] == [(0.0, 0.0)] * 2


CONSTANT = {
    "constant": lambda shares: np.full(len(shares), 7.0),
    "constant but for rounding": lambda shares: 7.0 + 1e-13 * shares[:, 0],
    "nothing ever happens": lambda shares: np.zeros(len(shares)),
}
RARE = {
    "once": lambda shares: (np.arange(len(shares)) == 2).astype(float),
    "four times": lambda shares: np.isin(np.arange(len(shares)), (2, 7, 11, 13)).astype(float),
}


@pytest.mark.parametrize("kind", CONSTANT)
def test_what_never_varies_cannot_be_judged(kind):
    for design, judged in ((sobol_design(THREE, 64, 3), sobol_indices), (morris_design(THREE, 20, 3), morris_effects)):
        with pytest.raises(SensitivityError, match="the same at all points"):
            judged(design, CONSTANT[kind](design.shares))
    with pytest.raises(SensitivityError, match="the same at all points"):
        swings([Factor("ledger.servers", ("4", "8"))], np.full((3, 4), 7.0))


@pytest.mark.parametrize("kind", RARE)
def test_a_rare_event_cannot_be_judged(kind):
    for design, judged in ((sobol_design(THREE, 64, 3), sobol_indices), (morris_design(THREE, 20, 3), morris_effects)):
        values = RARE[kind](design.shares)
        with pytest.raises(SensitivityError, match=rf"at {int(values.sum())} of {len(values)} points only"):
            judged(design, values)


def test_an_event_that_is_not_rare_is_judged():
    design = sobol_design(THREE, 256, seed=3)
    (found, *inert) = sobol_indices(design, (design.shares[:, 0] > 0.5).astype(float))
    assert found.path == "rules.kyc_delay"
    assert found.total.value == pytest.approx(1, abs=0.05)
    assert [one.total.value for one in inert] == [0.0, 0.0]


def test_indices_outside_of_0_to_1_by_more_than_their_interval_are_doubtful():
    sure, wide = Interval(0.4, 0.3, 0.5, 0.95), Interval(1.1, 0.8, 1.4, 0.95)
    assert not SobolIndex("a", sure, wide).doubtful
    assert SobolIndex("a", sure, Interval(1.5, 1.2, 1.8, 0.95)).doubtful
    assert SobolIndex("a", Interval(-0.4, -0.6, -0.1, 0.95), sure).doubtful


@pytest.mark.parametrize("samples", [1, 2, 3, 8])
def test_libraries_warn_nobody(samples, recwarn, capfd):
    for design, judged in (
        (sobol_design(THREE, samples, 3), sobol_indices), (morris_design(THREE, samples, 3), morris_effects)
    ):  # fmt: skip
        for values in (*CONSTANT.values(), *RARE.values(), lambda shares: np.round(shares[:, 0])):
            with contextlib.suppress(SensitivityError):
                for one in judged(design, values(design.shares)):
                    interval = one.size if judged is morris_effects else one.total
                    assert math.isfinite(interval.value + interval.low + interval.high)
    assert not recwarn.list
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("design", "least"), [("morris", 4), ("saltelli", 8)])
def test_too_few_samples_are_refused_before_anything_is_run(design, least, tmp_path):
    town = tmp_path / "town.yaml"
    town.write_text("title: A\nquestion: B\n", encoding="utf-8")
    ranges = {"rules.kyc_delay": {"low": "1 h", "high": "3 h"}}
    with pytest.raises(SensitivityError, match=f"{least - 1} samples are too few .* --samples {least}"):
        sweep_plan(town, uncertain=ranges, design=design, samples=least - 1)
    assert sweep_plan(town, uncertain=ranges, design=design, samples=least).samples == least


def test_morris_finds_the_slopes_of_a_plane_exactly():
    design = morris_design(THREE, 6, seed=2)
    assert design.shares.shape == (6 * 4, 3)
    found = morris_effects(design, design.shares @ np.array([3.0, -10.0, 0.0]))
    assert [one.path for one in found] == ["behaviour.backoff", "rules.kyc_delay", "campaigns.x.lasts"]
    assert [one.size.value for one in found] == pytest.approx([10, 3, 0])
    assert [one.mean for one in found] == pytest.approx([-10, 3, 0])
    assert [one.spread for one in found] == pytest.approx([0, 0, 0], abs=1e-9)


def test_morris_tells_what_hangs_on_others():
    design = morris_design(THREE, 40, seed=2)
    found = {one.path: one for one in morris_effects(design, design.shares[:, 0] * design.shares[:, 1])}
    assert found["rules.kyc_delay"].spread > 0.2
    assert found["campaigns.x.lasts"].size.value == pytest.approx(0, abs=1e-12)


def test_points_carry_units_and_the_same_seed_gives_the_same_points():
    design = sobol_design(THREE, 8, seed=5)
    assert design.points == sobol_design(THREE, 8, seed=5).points
    assert design.points != sobol_design(THREE, 8, seed=6).points
    assert set(design.points[0]) == {one.path for one in THREE}
    screen = morris_design((Factor("ledger.servers", levels=("4", "8", "16")),), 5, seed=1)
    assert {point["ledger.servers"] for point in screen.points} <= {"4", "8", "16"}


def test_a_failed_run_is_not_passed_over():
    design = morris_design(THREE, 2, seed=1)
    values = np.zeros(len(design.shares))
    values[3] = np.nan
    with pytest.raises(SensitivityError, match="1 of 8 points have no number"):
        morris_effects(design, values)
    with pytest.raises(SensitivityError, match="nothing is varied"):
        sobol_design((), 8, seed=1)


def test_a_tornado_by_hand():
    factors = [Factor("rules.kyc_delay", low="1 h", high="3 h"), Factor("ledger.servers", ("4", "8"))]
    assert one_at_a_time(factors) == [
        {}, {"rules.kyc_delay": "1 h"}, {"rules.kyc_delay": "3 h"}, {"ledger.servers": "4"}, {"ledger.servers": "8"},
    ]  # fmt: skip
    base = np.array([10.0, 20.0, 30.0])
    table = np.array([base, base + 1, base + 2, base - [3, 4, 5], base])
    first, second = swings(factors, table)
    assert (first.path, first.low_words, first.high_words) == ("ledger.servers", "4", "8")
    assert (first.low.difference.value, first.high.identical, first.width) == (-4.0, True, 4.0)
    assert (second.width, second.low.difference.half_width) == (2.0, 0.0)
    table[1, 1] = np.nan
    with pytest.raises(SensitivityError, match="1 of 5"):
        swings(factors, table)
