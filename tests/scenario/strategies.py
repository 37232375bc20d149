"""Hypothesis strategies: scenario files that are right, and wrong values to put into them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

names = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=20).filter(
    lambda name: name.strip() != "" and name not in ("ledger", "trace", "<<")
)
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=80)
money = st.one_of(
    st.integers(1, 10**12).map(lambda fen: f"{fen} fen"),
    st.decimals(1, 10**6, places=2).map(lambda yuan: f"{yuan} CNY"),
    st.sampled_from(["200 元", "1.5 万元", "2 million CNY", "3 jiao"]),
)
limits = st.one_of(money, st.just("none"))
times = st.one_of(
    st.integers(1, 10**9).map(lambda us: f"{us} us"),
    st.integers(1, 100).map(lambda hours: f"{hours} h"),
    st.sampled_from(["5 分钟", "1.5 days", "8 ms", "90 s"]),
)
shares = st.one_of(st.floats(0, 1), st.integers(0, 100).map(lambda percent: f"{percent} %"))
weights = st.lists(st.floats(0.5, 2), min_size=24, max_size=24)
profiles = st.one_of(
    st.sampled_from(["flat", "two_humps", "office_hours"]),
    st.fixed_dictionaries({}, optional={"weekday": weights, "weekend": weights}),
)
tickets = st.one_of(
    st.sampled_from(["survey", "qr_quantile"]),
    st.fixed_dictionaries(
        {},
        optional={
            "preset": st.sampled_from(["survey", "qr_quantile"]),
            "median": st.integers(1, 10**6).map(lambda fen: f"{fen} fen"),
            "sigma": st.floats(0, 2),
        },
    ),
)
segments = st.fixed_dictionaries(
    {"payments": st.one_of(st.floats(0, 1e6).map(lambda rate: f"{rate!r} /day"), st.just("33 /s"), st.just("2e1 tps"))},
    optional={
        "kind": st.sampled_from(["retail", "transfer", "government"]),
        "payee": st.sampled_from(["merchant", "personal", "corporate"]),
        "ticket": tickets,
        "profile": profiles,
    },
)
campaigns = st.fixed_dictionaries(
    {
        "registered": st.integers(100, 10**6),
        "winners": st.integers(1, 100),
        "packet": st.just("200 CNY"),
        "lasts": st.just("3 days"),
    },
    optional={"ticket": tickets, "claimed": shares, "starts": times, "payments_per_claimer": st.floats(1, 10)},
)
class_limits = st.fixed_dictionaries(
    {}, optional={"balance": limits, "single": limits, "daily": limits, "annual": limits}
)
wallet_limits = st.fixed_dictionaries(
    {},
    optional={
        "preset": st.sampled_from(["2021+", "ccb_pilot_2020"]),
        "classes": st.dictionaries(st.sampled_from(["I", "II", "III", "IV"]), class_limits),
    },
)
SOURCES = st.dictionaries(
    st.sampled_from(
        ["population", "population.wallets", "rules", "rules.wallet_limits.classes.*.single", "institutions.*",
         "institutions.*.share", "behaviour.patience", "behaviour", "ledger.service", "merchants.categories.food"]
    ),
    st.one_of(words, st.sampled_from(["FITTED to Luohu", "ASSUMED: a guess", "see population.wallets", "see rules"])),
)  # fmt: skip


@st.composite
def institutions(draw: st.DrawFn) -> dict[str, Any]:
    """Institutions whose shares sum to 100 %, some of them behind the first."""
    chosen = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    parts = draw(st.lists(st.integers(1, 50), min_size=len(chosen), max_size=len(chosen)))
    made: dict[str, Any] = {}
    for number, (name, part) in enumerate(zip(chosen, parts, strict=True)):
        made[name] = {"share": part / sum(parts), "servers": draw(st.integers(1, 500))}
        if number and draw(st.booleans()):
            made[name] |= {"kind": "indirect", "via": chosen[0]}
    return made


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """A right scenario as a file would hold it."""
    data: dict[str, Any] = {"title": draw(words), "question": draw(words)}
    some = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "look_for": st.lists(words, max_size=3),
                "sources": SOURCES,
                "seed": st.integers(0, 2**63 - 1),
                "start": st.datetimes()
                .filter(lambda at: 1970 <= at.year <= 2199)
                .map(lambda at: at.isoformat(sep=" ")),
                "duration": st.integers(1, 60).map(lambda days: f"{days} days"),
                "scale": st.floats(0.5, 3),
                "institutions": institutions(),
                "rules": st.fixed_dictionaries(
                    {},
                    optional={
                        "regime": st.sampled_from(["digital_cash", "digital_deposit"]),
                        "wallet_limits": wallet_limits,
                        "waterfall": st.booleans(),
                        "box": st.fixed_dictionaries(
                            {}, optional={"enabled": st.booleans(), "participants": shares, "per_payment_cap": limits}
                        ),
                        "changes": st.lists(
                            st.fixed_dictionaries({"at": times, "wallet_limits": wallet_limits}), max_size=2
                        ),
                    },
                ),
                "population": st.fixed_dictionaries(
                    {}, optional={"wallets": st.integers(1_000, 10**6), "activity_sigma": st.floats(0, 3)}
                ),
                "behaviour": st.fixed_dictionaries(
                    {}, optional={"patience": st.one_of(times, st.just("none")), "redeem_share": shares}
                ),
                "ledger": st.fixed_dictionaries(
                    {}, optional={"service": st.fixed_dictionaries({}, optional={"sigma": st.floats(0, 3)})}
                ),
                "campaigns": st.dictionaries(st.sampled_from(["红包", "b: c", "spring"]), campaigns, max_size=2),
                "faults": st.lists(
                    st.fixed_dictionaries({"station": st.just("ledger"), "starts": times, "lasts": times}), max_size=3
                ),
                "demand": st.fixed_dictionaries(
                    {
                        "segments": st.dictionaries(
                            names.filter(lambda one: one not in ("红包", "b: c", "spring")), segments, max_size=3
                        )
                    }
                ),
            },
        )
    )
    data.update(some)
    sources = data.get("sources", {})
    if "institutions.*" in sources and "institutions" not in data:
        del sources["institutions.*"]
    return data


wrong_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["5 CNY", "5 s", "5 /s", "5 %", "none", "-1 s", "1e400 CNY", "2021+", "ICBC", "ledger", "I", "*x", "&a b"]
    ),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
)
