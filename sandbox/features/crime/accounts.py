"""Crime opens no account of its own; it brings the labels of ground truth."""

from __future__ import annotations

from typing import Final

from sandbox.features.crime.schema import LABELS
from sandbox.market.accounts import Accounts

ACCOUNTS: Final = Accounts(labels=LABELS)
