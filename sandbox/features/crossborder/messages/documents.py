"""A payment's messages as XML: pacs.008.001.08, pacs.009.001.08, pacs.002.001.10, camt.054.001.08, as CBPR+ has them.

The dataclasses are those of pyiso20022 (the extra `iso20022`), written by xsdata, which escapes what text holds. This
module imports both at once; who imports it says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pyiso20022.camt import camt_054_001_08 as camt054
from pyiso20022.pacs import pacs_002_001_10 as pacs002
from pyiso20022.pacs import pacs_008_001_08 as pacs008
from pyiso20022.pacs import pacs_009_001_08 as pacs009
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.formats.dataclass.serializers.writers import XmlEventWriter

from sandbox.features.crossborder.messages.codes import EXCHANGE, PURPOSES, Directory
from sandbox.features.crossborder.messages.flow import (
    BANKS,
    CREDIT,
    CUSTOMERS,
    STATUS,
    TREASURY,
    Arrival,
    Ending,
    Leg,
    MessageFlow,
)
from sandbox.features.crossborder.messages.rows import SHARED_LEDGER, PaymentRow, exchanged
from sandbox.features.crossborder.messages.terms import Charge
from sandbox.features.crossborder.messages.values import Clock, amount, rate

VERSIONS: Final = {
    CUSTOMERS: "pacs.008.001.08",
    BANKS: "pacs.009.001.08",
    STATUS: "pacs.002.001.10",
    CREDIT: "camt.054.001.08",
}
NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
LEDGER: Final = "SHARED LEDGER"
"""Name of the clearing system that the shared ledger is."""
PVP: Final = "PVP"
"""Local instrument of a leg that is bound to another: both, or none."""
SLOTS: Final = (1, 2, 3)
"""Agents before and after that a transfer has room for."""


class Documents:
    """Makes the messages of payments."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        self._directory, self._clock = directory, clock
        # The writer is named: xsdata would take lxml's where that is installed, and its bytes differ.
        self._serializer = XmlSerializer(
            context=XmlContext(), config=SerializerConfig(indent="  "), writer=XmlEventWriter
        )

    def of(self, flow: MessageFlow) -> Iterator[tuple[str, str, bytes]]:
        """Each message of a payment: its kind, its identifier, its XML."""
        for leg in flow.legs:
            make = self._banks if leg.kind == BANKS else self._customers
            yield leg.kind, leg.message, self._xml(leg.kind, make(flow, leg))
        if flow.ending is not None:
            document = self._status(flow.payment, flow.legs[0], flow.ending)
            yield STATUS, flow.ending.message, self._xml(STATUS, document)
        if flow.arrival is not None:
            last = [leg for leg in flow.legs if not leg.pays_exchange][-1]
            document = self._credit(flow.payment, last, flow.arrival)
            yield CREDIT, flow.arrival.message, self._xml(CREDIT, document)

    def _xml(self, kind: str, document: Any) -> bytes:
        names = {None: NAMESPACE + VERSIONS[kind]}
        text: str = self._serializer.render(document, ns_map=names)
        return text.encode()

    def _customers(self, flow: MessageFlow, leg: Leg) -> Any:
        m, payment = pacs008, flow.payment
        bearer = m.ChargeBearerType1Code.DEBT if flow.payer_bears else m.ChargeBearerType1Code.SHAR
        transaction = m.CreditTransferTransaction39(
            **self._transfer(m, payment, leg),
            instd_amt=_amount(m, payment.amount_fen, payment.payer_currency),
            xchg_rate=rate(leg.rate) if leg.rate is not None else None,
            chrg_br=bearer,
            chrgs_inf=[self._charge(m, one, payment) for one in leg.charges if one.fen],
            dbtr=self._customer(m, payment.payer, payment.from_jurisdiction),
            dbtr_acct=_account(m, payment.payer),
            dbtr_agt=self._agent(m, payment.payer_bank),
            cdtr_agt=self._agent(m, payment.payee_bank),
            cdtr=self._customer(m, payment.payee, payment.to_jurisdiction),
            cdtr_acct=_account(m, payment.payee),
            rmt_inf=m.RemittanceInformation16(ustrd=[_remittance(payment)]),
        )
        return m.Document(
            fito_ficstmr_cdt_trf=m.FitoFicustomerCreditTransferV08(
                grp_hdr=self._transfer_header(m, payment, leg), cdt_trf_tx_inf=[transaction]
            )
        )

    def _banks(self, flow: MessageFlow, leg: Leg) -> Any:
        m, payment = pacs009, flow.payment
        transaction = m.CreditTransferTransaction36(
            **self._transfer(m, payment, leg),
            dbtr=self._agent(m, payment.payer_bank),
            cdtr=self._agent(m, leg.receiver if leg.pays_exchange else payment.payee_bank),
            rmt_inf=m.RemittanceInformation2(ustrd=[_remittance(payment)]),
        )
        return m.Document(
            ficdt_trf=m.FinancialInstitutionCreditTransferV08(
                grp_hdr=self._transfer_header(m, payment, leg), cdt_trf_tx_inf=[transaction]
            )
        )

    def _transfer_header(self, m: Any, payment: PaymentRow, leg: Leg) -> Any:
        settlement = m.SettlementInstruction7(sttlm_mtd=m.SettlementMethod1Code.INDA)
        if payment.path == SHARED_LEDGER:
            system = m.ClearingSystemIdentification3Choice(prtry=LEDGER)
            settlement = m.SettlementInstruction7(sttlm_mtd=m.SettlementMethod1Code.CLRG, clr_sys=system)
        return m.GroupHeader93(
            msg_id=leg.message,
            cre_dt_tm=self._stamp(leg.at_us, leg.sender),
            nb_of_txs="1",
            sttlm_inf=settlement,
        )

    def _transfer(self, m: Any, payment: PaymentRow, leg: Leg) -> dict[str, Any]:
        """What a transfer between customers and one between banks have in common."""
        place = payment.to_jurisdiction if leg.currency == payment.payee_currency else payment.from_jurisdiction
        settled_us = payment.settled_at_us
        at_us = settled_us if settled_us is not None else payment.submitted_at_us
        fields = {
            "pmt_id": m.PaymentIdentification7(
                instr_id=leg.message, end_to_end_id=_end_to_end(payment), uetr=payment.uetr
            ),
            "intr_bk_sttlm_amt": _amount(m, leg.amount_fen, leg.currency, "ActiveCurrencyAndAmount"),
            "intr_bk_sttlm_dt": self._clock.day(at_us, self._directory.offset_min(place)),
            "instg_agt": self._agent(m, leg.sender),
            "instd_agt": self._agent(m, leg.receiver),
            "purp": _purpose(m, EXCHANGE if leg.pays_exchange else PURPOSES.get(payment.purpose), payment.purpose),
        }
        if leg.bound:
            instrument = m.LocalInstrument2Choice(prtry=PVP)
            fields["pmt_tp_inf"] = m.PaymentTypeInformation28(lcl_instrm=instrument)
        if payment.path == SHARED_LEDGER and settled_us is not None:
            stamp = self._clock.stamp(settled_us, self._directory.offset_min(place))
            fields["sttlm_tm_indctn"] = m.SettlementDateTimeIndication1(dbt_dt_tm=stamp, cdt_dt_tm=stamp)
        for slot, before in zip(SLOTS, leg.before, strict=False):
            fields[f"prvs_instg_agt{slot}"] = self._agent(m, before)
        for slot, after in zip(SLOTS, leg.after, strict=False):
            fields[f"intrmy_agt{slot}"] = self._agent(m, after)
        return fields

    def _status(self, payment: PaymentRow, first: Leg, ending: Ending) -> Any:
        m = pacs002
        reasons = []
        if ending.reason is not None:
            rejected = m.StatusReason6Choice(cd=ending.reason)
            reasons.append(m.StatusReasonInformation12(rsn=rejected, addtl_inf=[ending.words]))
        settled_us = payment.settled_at_us
        day = None
        if settled_us is not None and not reasons:
            day = m.DateAndDateTime2Choice(dt_tm=self._stamp(settled_us, first.receiver))
        transaction = m.PaymentTransaction110(
            orgnl_grp_inf=m.OriginalGroupInformation29(
                orgnl_msg_id=first.message, orgnl_msg_nm_id=VERSIONS[first.kind]
            ),
            orgnl_instr_id=first.message,
            orgnl_end_to_end_id=_end_to_end(payment),
            orgnl_uetr=payment.uetr,
            tx_sts=ending.status,
            sts_rsn_inf=reasons,
            fctv_intr_bk_sttlm_dt=day,
            instg_agt=self._agent(m, first.receiver),
            instd_agt=self._agent(m, first.sender),
        )
        header = m.GroupHeader91(msg_id=ending.message, cre_dt_tm=self._stamp(ending.at_us, first.receiver))
        report = m.FitoFipaymentStatusReportV10(grp_hdr=header, tx_inf_and_sts=[transaction])
        return m.Document(fito_fipmt_sts_rpt=report)

    def _credit(self, payment: PaymentRow, last: Leg, arrival: Arrival) -> Any:
        m = camt054
        stamp = self._stamp(arrival.at_us, payment.payee_bank)
        booked = m.DateAndDateTime2Choice(dt_tm=stamp)
        credited = _amount(m, payment.credited_fen or 0, payment.payee_currency)
        entry = m.ReportEntry10(
            ntry_ref=arrival.message,
            amt=credited,
            cdt_dbt_ind=m.CreditDebitCode.CRDT,
            sts=m.EntryStatus1Choice(cd="BOOK"),
            bookg_dt=booked,
            val_dt=booked,
            bk_tx_cd=_transaction_code(m, payment),
            ntry_dtls=[m.EntryDetails9(tx_dtls=[self._credit_details(payment, last, arrival, credited)])],
        )
        note = m.AccountNotification17(
            id=arrival.message,
            cre_dt_tm=stamp,
            acct=m.CashAccount39(
                id=_account(m, payment.payee).id, ccy=payment.payee_currency, svcr=self._agent(m, payment.payee_bank)
            ),
            ntry=[entry],
        )
        header = m.GroupHeader81(msg_id=arrival.message, cre_dt_tm=stamp)
        return m.Document(
            bk_to_cstmr_dbt_cdt_ntfctn=m.BankToCustomerDebitCreditNotificationV08(grp_hdr=header, ntfctn=[note])
        )

    def _credit_details(self, payment: PaymentRow, last: Leg, arrival: Arrival, credited: Any) -> Any:
        m = camt054
        exchange = None
        if exchanged(payment) and payment.rate is not None:
            exchange = m.CurrencyExchange5(
                src_ccy=payment.payer_currency, trgt_ccy=payment.payee_currency, unit_ccy=payment.payer_currency,
                xchg_rate=rate(payment.rate),
            )  # fmt: skip
        total = _amount(m, payment.fee_fen, payment.payer_currency)
        records = [
            m.ChargesRecord3(
                amt=_amount(m, one.fen, payment.payer_currency), cdt_dbt_ind=m.CreditDebitCode.DBIT,
                agt=self._agent(m, one.agent),
            )
            for one in arrival.charges
            if one.fen
        ]  # fmt: skip
        return m.EntryTransaction10(
            refs=m.TransactionReferences6(
                msg_id=last.message, instr_id=last.message, end_to_end_id=_end_to_end(payment), uetr=payment.uetr
            ),
            amt=credited,
            cdt_dbt_ind=m.CreditDebitCode.CRDT,
            amt_dtls=m.AmountAndCurrencyExchange3(
                instd_amt=m.AmountAndCurrencyExchangeDetails3(
                    amt=_amount(m, payment.amount_fen, payment.payer_currency), ccy_xchg=exchange
                ),
                tx_amt=m.AmountAndCurrencyExchangeDetails3(amt=_amount(m, last.amount_fen, last.currency)),
            ),
            chrgs=m.Charges6(ttl_chrgs_and_tax_amt=total, rcrd=records) if records else None,
            rltd_pties=m.TransactionParties6(
                dbtr=self._either(m, payment, "payer"),
                dbtr_acct=_account(m, payment.payer),
                cdtr=self._either(m, payment, "payee"),
                cdtr_acct=_account(m, payment.payee),
            ),
            rltd_agts=m.TransactionAgents5(
                dbtr_agt=self._agent(m, payment.payer_bank), cdtr_agt=self._agent(m, payment.payee_bank)
            ),
            purp=_purpose(m, PURPOSES.get(payment.purpose), payment.purpose),
            rmt_inf=m.RemittanceInformation16(ustrd=[_remittance(payment)]),
        )

    def _either(self, m: Any, payment: PaymentRow, side: str) -> Any:
        """A customer, or the bank itself."""
        if payment.purpose == TREASURY:
            return m.Party40Choice(agt=self._agent(m, payment.payer_bank if side == "payer" else payment.payee_bank))
        if side == "payer":
            return m.Party40Choice(pty=self._customer(m, payment.payer, payment.from_jurisdiction))
        return m.Party40Choice(pty=self._customer(m, payment.payee, payment.to_jurisdiction))

    def _charge(self, m: Any, charge: Charge, payment: PaymentRow) -> Any:
        return m.Charges7(amt=_amount(m, charge.fen, payment.payer_currency), agt=self._agent(m, charge.agent))

    def _agent(self, m: Any, bank: str) -> Any:
        known = m.FinancialInstitutionIdentification18(bicfi=self._directory.bic(bank))
        return m.BranchAndFinancialInstitutionIdentification6(fin_instn_id=known)

    def _customer(self, m: Any, number: int, jurisdiction: str) -> Any:
        country = self._directory.country(jurisdiction)
        return m.PartyIdentification135(nm=f"Customer {number}", pstl_adr=m.PostalAddress24(ctry=country))

    def _stamp(self, at_us: int, bank: str) -> str:
        return self._clock.stamp(at_us, self._directory.bank_offset_min(bank))


def _amount(m: Any, fen: int, currency: str, kind: str = "ActiveOrHistoricCurrencyAndAmount") -> Any:
    return getattr(m, kind)(value=amount(fen, currency), ccy=currency)


def _account(m: Any, number: int) -> Any:
    return m.CashAccount38(id=m.AccountIdentification4Choice(othr=m.GenericAccountIdentification1(id=str(number))))


def _purpose(m: Any, code: str | None, word: str) -> Any:
    return m.Purpose2Choice(cd=code) if code else m.Purpose2Choice(prtry=word)


def _end_to_end(payment: PaymentRow) -> str:
    return f"PAYMENT-{payment.payment_id}"


def _remittance(payment: PaymentRow) -> str:
    return f"{payment.purpose}: {payment.corridor}"


def _transaction_code(m: Any, payment: PaymentRow) -> Any:
    """A payment received: across a border, or from a bank to a bank."""
    family = m.BankTransactionCodeStructure6(cd="RCDT", sub_fmly_cd="FICT" if payment.purpose == TREASURY else "XBCT")
    return m.BankTransactionCodeStructure4(domn=m.BankTransactionCodeStructure5(cd="PMNT", fmly=family))
