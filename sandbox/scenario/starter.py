"""The text of a starter file: short, working, and commented where a choice is to be made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from sandbox.language import N_, _, translated
from sandbox.scenario.gallery import locate, names
from sandbox.scenario.load import load
from sandbox.scenario.yaml_writer import as_text

_NEW: Final = N_("""\
# A scenario: one question to the simulator. `ecny-sandbox check FILE` validates it, `ecny-sandbox run FILE` runs it.
# What is left out stays at its default; `ecny-sandbox show FILE --resolved` prints every value in force.
# Amounts, times and rates need their unit: 2000 CNY, 15 s, 3 days, 33 /s, 2900000 /day. Shares: 5 % or 0.05.

title: My first scenario
question: What does an outage of one operator at the evening peak do to payments in a small city?
look_for:
  - Success share per minute around 19:00, and how long it takes to recover.

seed: 1                      # another seed, another day with the same rules
start: 2026-03-02            # a Monday; weekends have another profile
duration: 1 day
scale: 1.0                   # multiplies wallets, merchants and payments alike

rules:                       # what a regulator sets
  regime: digital_deposit    # or digital_cash: no interest
  wallet_limits:
    preset: 2021+            # or ccb_pilot_2020: stricter
    # classes:               # single limits in place of the preset's; `none`: no limit
    #   IV: {single: 1000 CNY, daily: 2000 CNY}
  # box:                     # the sandbox: who is inside, and the caps that hold there
  #   enabled: true
  #   participants: 20 %
  #   per_payment_cap: 500 CNY

population:
  wallets: 20000
  # classes: {I: 5 %, II: 35 %, III: 10 %, IV: 50 %}

merchants:
  count: 1000

# Ten operators with assumed shares are the default; name your own and they take their place.
# institutions:
#   Alpha: {share: 60 %, servers: 50}
#   Beta: {share: 30 %}
#   Rural: {share: 10 %, kind: indirect, via: Alpha}

demand:
  segments:
    retail:
      payments: 60000 /day   # mean of an ordinary weekday
      ticket: survey         # or qr_quantile, or {median: 18 CNY, sigma: 1.0}
      profile: two_humps     # or flat, office_hours, or 24 weights for weekday and weekend
    friends:
      kind: transfer
      payee: personal
      payments: 8000 /day
      ticket: {median: 100 CNY, sigma: 1.2}
  # trace: {file: payments.csv}   # payments from a file, in place of segments

# campaigns:
#   red_packets: {registered: 10000, winners: 1000, packet: 200 CNY, starts: 9 h, lasts: 10 h, claim_within: 5 h}

faults:
  - station: ICBC            # an institution, or `ledger`
    kind: outage             # or capacity_loss (with loss: 50 %), slow_down (with factor: 3)
    starts: 19 h
    lasts: 20 min

# Where numbers come from, by path. A text that starts with FITTED or ASSUMED is shown as such in the report.
sources:
  population: ASSUMED, a small city
  demand.segments: ASSUMED, about three payments a wallet and day
""")

_CHILD: Final = N_("""\
# A scenario: one question to the simulator. `ecny-sandbox check FILE` validates it, `ecny-sandbox run FILE` runs it.
# What is left out stays at its default; `ecny-sandbox show FILE --resolved` prints every value in force.
# Amounts, times and rates need their unit: 2000 CNY, 15 s, 3 days, 33 /s, 2900000 /day. Shares: 5 % or 0.05.

title: {title}
question: What changes if ...?
extends: {parent}

# Only what differs from there. `null` takes a value back to its default.
# rules:
#   wallet_limits:
#     preset: ccb_pilot_2020
# population:
#   wallets: 50000
# sources:
#   population.wallets: ASSUMED
""")


def starter_text(source: str | None = None, folder: Path | None = None) -> str:
    """The text of a new scenario file.

    Args:
        source: a scenario that the new one extends, by name or path; None for one that stands alone.
        folder: where the new file will be; the working folder if None.

    Raises:
        ScenarioErrors: there is no such scenario, or it has mistakes.
    """
    if source is None:
        return translated(_NEW)
    parent = load(source)
    name = source if source in names() else _path_from(folder or Path.cwd(), locate(source).path)
    return _(_CHILD, title=as_text(f"{parent.scenario.title[:150]}, changed"), parent=as_text(name))


def _path_from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())
