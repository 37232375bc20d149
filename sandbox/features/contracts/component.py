"""Programmable money in a run: makes the contracts, starts them, and says what became of the money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np

from sandbox.base.pending import ENDINGS, HELD, P_AMOUNT, P_ENDING, P_REASON, P_RETURNED, P_SPENT, RETURNED, SPENT
from sandbox.control import Columns, Component, Control, Simulated
from sandbox.core.draws import Int64Array
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.courses import CourseContract
from sandbox.features.contracts.deliveries import DeliveryContract
from sandbox.features.contracts.dividends import DividendContract
from sandbox.features.contracts.fees import FeeContract
from sandbox.features.contracts.gifts import GiftContract
from sandbox.features.contracts.schema import KINDS, Contracts
from sandbox.features.contracts.service import NOBODY, ContractService, by_ending
from sandbox.features.contracts.sub_wallets import SubWalletContract
from sandbox.features.contracts.subsidies import SubsidyContract

TOTAL_COLUMNS: Final = ("held_fen", "spent_fen", "returned_fen")
_KINDS: Final[dict[str, Callable[[ContractService, int, Any], ActiveContract]]] = {
    "courses": CourseContract,
    "subsidies": SubsidyContract,
    "gifts": GiftContract,
    "deliveries": DeliveryContract,
    "dividends": DividendContract,
    "fees": FeeContract,
    "sub_wallets": SubWalletContract,
}


class ProgrammableMoney(Component):
    """All contracts of a run."""

    def __init__(self, control: Control, contracts: Contracts) -> None:
        self._control, self._contracts = control, contracts
        self.service = ContractService(control, contracts)
        self.contracts = [
            _KINDS[kind](self.service, number, one) for number, (kind, _, one) in enumerate(contracts.named())
        ]
        self._totals: dict[tuple[int, str], list[int]] = {}
        control.at_bin_end(self._look)

    def start(self) -> None:
        """Enter what is known beforehand, and let time go on."""
        for one in self.contracts:
            one.start()
        self._control.env.process(self.service.run())

    def finish(self) -> None:
        """What was paid last is in the pending transfers, and in the last bin."""
        self.service.report_ended()
        if self._totals:
            self._look(max(at_us for at_us, _ in self._totals))

    def _look(self, at_us: int) -> None:
        """Where each kind's money stands at the end of a bin."""
        for kind in KINDS:
            if getattr(self._contracts, kind):
                self._totals[at_us, kind] = self.service.pendings.totals(kind)

    def tables(self) -> Mapping[str, Columns]:
        """`vouchers`: one row a pending transfer; `contracts`: one row a bin and kind."""
        pendings = self.service.pendings.table()
        contract, holder, payee, _ = self.service.pending_terms()
        refusals = np.zeros(contract.size, dtype=np.int64)
        for number, count in self.service.refusals.items():
            refusals[number] = count
        vouchers = {
            "voucher": pendings["number"],
            "kind": pendings["kind"],
            "contract": [self.service.contracts[one][1] for one in contract.tolist()],
            "issuer": pendings["payer"],
            "holder": [None if one == NOBODY else one for one in holder.tolist()],
            "payee": [None if one == NOBODY else one for one in payee.tolist()],
            **{name: pendings[name] for name in ("amount_fen", "spent_fen", "returned_fen")},
            "refused": refusals,
            **{name: pendings[name] for name in ("created_at_us", "ended_at_us", "ending", "reason")},
        }
        totals: dict[str, list[Any]] = {
            "at_us": [at_us for at_us, _ in self._totals],
            "kind": [kind for _, kind in self._totals],
        }
        for name, place in zip(TOTAL_COLUMNS, (HELD, SPENT, RETURNED), strict=True):
            totals[name] = [row[place] for row in self._totals.values()]
        return {"vouchers": vouchers, "contracts": totals}

    def summary(self) -> Mapping[str, Any]:
        """`contracts`."""
        rows, contract = self.service.pendings.rows, self.service.pending_terms().contract
        return {
            "contracts": {
                **_sums(rows),
                "held_most_fen": self._held_most_fen(),
                "returned_by_reason_fen": self._returned(rows),
                **self._refused(range(len(self.contracts))),
                "contracts": [
                    {
                        "name": name,
                        "kind": kind,
                        **_sums(rows[contract == number]),
                        **self._refused([number]),
                        "endings": self._endings(rows[contract == number]),
                        "own": dict(self.contracts[number].summary()),
                    }
                    for number, (kind, name) in enumerate(self.service.contracts)
                ],
            }
        }

    def _held_most_fen(self) -> int:
        """The most that all held together at the end of a bin."""
        together: Counter[int] = Counter()
        for (at_us, _), row in self._totals.items():
            together[at_us] += row[HELD]
        return max(together.values(), default=0)

    def _refused(self, contracts: Iterable[int]) -> dict[str, Any]:
        """Attempts that came to nothing at some of the contracts, in all and by reason."""
        counts: Counter[str] = Counter()
        for (number, reason), count in sorted(self.service.refused.items()):
            if number in contracts:
                counts[reason] += count
        return {"refused": counts.total(), "refused_by_reason": dict(counts)}

    def _returned(self, rows: Int64Array) -> dict[str, int]:
        """What went back (fen), by reason."""
        back = {
            self.service.pendings.word(reason): int(rows[rows[:, P_REASON] == reason, P_RETURNED].sum())
            for reason in np.unique(rows[rows[:, P_RETURNED] > 0, P_REASON]).tolist()
        }
        return dict(sorted(back.items()))

    def _endings(self, rows: Int64Array) -> dict[str, Any]:
        """What has ended of one contract, by ending and reason."""
        found: dict[str, dict[str, Any]] = {}
        for _, ending, reason, those in by_ending(np.zeros(len(rows), dtype=np.int64), rows):
            if ENDINGS[ending] != "open":
                found.setdefault(ENDINGS[ending], {})[self.service.pendings.word(reason)] = {
                    "count": len(those),
                    "spent_fen": int(those[:, P_SPENT].sum()),
                    "returned_fen": int(those[:, P_RETURNED].sum()),
                }
        return found


def _sums(rows: Int64Array) -> dict[str, int]:
    """Numbers of pendings and sums of money (fen)."""
    amount, spent, returned = (int(rows[:, column].sum()) for column in (P_AMOUNT, P_SPENT, P_RETURNED))
    return {
        "count": len(rows),
        **{name: int(np.count_nonzero(rows[:, P_ENDING] == code)) for code, name in enumerate(ENDINGS)},
        "amount_fen": amount,
        "spent_fen": spent,
        "returned_fen": returned,
        "held_fen": amount - spent - returned,
    }


SIMULATED: Final = Simulated(ProgrammableMoney, moves_money=True)
