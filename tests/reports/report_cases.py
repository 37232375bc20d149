"""The made-up runs that the tests render: each leaves something out, or has too much of it."""

from __future__ import annotations

from tests.reports.fake_run import MIN_US, Fake

HOSTILE = "<script>alert(1)</script>"
BAD_EVENTS = [
    {
        "at_us": 5,
        "actor": "<i>who</i>",
        "event": HOSTILE,
        "subject": "]]><svg onload=alert(1)>",
        "detail": '{"<script>": "</style><script>alert(2)</script>", "a_fen": "x"}',
    },
    {"at_us": 6, "actor": "x", "event": "y", "subject": None, "detail": "not json"},
    {"at_us": 7, "actor": "x", "event": "z", "subject": None, "detail": "[1, 2]"},
]
BAD_PARAMETER = {
    "path": HOSTILE,
    "value": "|`x`| --seed 9; rm -rf",
    "role": "lever",
    "source": "javascript:alert(1)",
    "status": "ASSUMED",
    "set_by": "--set",
    "doc": "</details><b>",
}

CASES = {
    "full": Fake(bins=300, campaign=True, faults=True, box=True, interest=True, trace=True),
    "plain": Fake(bins=60, bin_us=MIN_US, queues=False, look_for=[]),
    "no_payments": Fake(bins=24, per_bin=0),
    "no_bins": Fake(bins=0, per_bin=0),
    "nothing_settled": Fake(bins=24, refuse=1.0),
    "one_bin": Fake(bins=1, per_bin=500),
    "few_payments": Fake(bins=5, per_bin=1),
    "oversight": Fake(bins=300, box=True, life=True, flight=True, cohorts=("card_only", "over_60", "few")),
    "crime": Fake(bins=60, crime=True, faults=True),
    "nonsense": Fake(bins=24, nonsense=True),
    "nothing_recorded": Fake(bins=30, record=False, ok=False),
    "many_banks": Fake(bins=30, banks=tuple(f"Rural Commercial Bank of Somewhere No {n}" for n in range(40))),
    "hostile": Fake(
        bins=100,
        title=f'{HOSTILE} "&amp; 红包 $x^2$',
        question="多少人能用？ <img src=x onerror=alert(1)> https://evil.example/x",
        look_for=["<b>bold</b>", "a|b`c` [x](https://evil.example)"],
        banks=("工商银行", HOSTILE, 'A&B "x"', "$\\frac{1}{2}$", "#1", "العربية", "建设银行"),
        campaign=True,
        campaign_name=f"红包{HOSTILE}",
        faults=True,
        box=True,
        life=True,
        flight=True,
        crime=True,
        cohorts=(HOSTILE, "老人", "$x^2$"),
        extra_events=BAD_EVENTS,
        extra_parameters=[BAD_PARAMETER],
    ),
}
