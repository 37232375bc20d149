"""The rules of posting one payment: the compiled twin of `Ledger.post`, and the only other writer of balances.

`docs/clearing-rules.md`, section 4, is what this says. Everything is checked before anything is written.
"""

from __future__ import annotations

from sandbox.core.compiled import part
from sandbox.core.draws import Int64Array
from sandbox.core.layout import (
    ANNUAL_LIMIT,
    BALANCE,
    BALANCE_CAP,
    BOX_CAP,
    CAN_TOP_UP,
    CLASS_MASK,
    CLIENT,
    CREDITS,
    DAILY_LIMIT,
    DEBITS,
    ENROLLED_SHIFT,
    FROZEN,
    FROZEN_OUT,
    IN_BOX,
    INSTITUTION_MASK,
    INSTITUTION_SHIFT,
    INSUFFICIENT,
    L_ANNUAL,
    L_BALANCE,
    L_DAILY,
    L_SINGLE,
    META,
    OUTSIDE_BOX,
    PACKET,
    PACKET_CAMPAIGN_MASK,
    PACKET_CAMPAIGN_SHIFT,
    R_BOX_ON,
    R_BOX_TRIPS,
    R_CHECKS_PARTICIPANTS,
    R_CLIENT_CAP,
    R_LIMITS,
    R_OUTSIDE,
    R_PARTICIPANT_CAP,
    R_PER_PAYMENT_CAP,
    R_TOP_UP_STEP,
    R_TOTAL_CAP,
    R_WATERFALL,
    S_ARMED,
    S_FLOOR,
    S_FUNDING,
    S_OPERATOR,
    SETTLED,
    SINGLE_LIMIT,
    SPENT_THIS_YEAR,
    SPENT_TODAY,
    STAMP,
    STAMP_COUNT_SHIFT,
    STAMP_DAY_MASK,
    STAMP_YEAR_MASK,
    STAMP_YEAR_SHIFT,
    STOP_BOX,
    STOP_LIQUIDITY,
    TRIP_CLIENTS,
    TRIP_EXPOSURE,
    UPGRADING,
    WILLING,
    X_BOX_TOTAL,
    X_CLIENTS,
    X_DAY,
    X_FIRST_ESCROW,
    X_REDEEMED,
    X_STOP,
    X_TOP_UPS,
    X_TRIP,
    X_TRIPPED,
    X_YEAR,
)  # fmt: skip


@part
def move(accounts: Int64Array, payer: int, payee: int, amount: int) -> None:
    """Debit one account and credit another."""
    accounts[payer, BALANCE] -= amount
    accounts[payer, DEBITS] += amount
    accounts[payee, BALANCE] += amount
    accounts[payee, CREDITS] += amount


@part
def trip_box(rules: Int64Array, scalars: Int64Array, reason: int) -> None:
    """Stop the rail at this payment, if the trigger is armed."""
    if rules[R_BOX_TRIPS] == 1:
        rules[R_BOX_TRIPS] = 0
        scalars[X_TRIP] = reason
        scalars[X_STOP] |= STOP_BOX


@part
def refused_by_box(
    rules: Int64Array, box_spent: Int64Array, scalars: Int64Array,
    payer: int, payer_meta: int, payee_meta: int, amount: int,
) -> int:  # fmt: skip
    """OUTSIDE_BOX, BOX_CAP or SETTLED (not refused); a cap on the whole box trips its trigger."""
    payer_in, payee_in = payer_meta & IN_BOX != 0, payee_meta & IN_BOX != 0
    outside = rules[R_OUTSIDE]
    if outside == 1 and payer_in != payee_in:
        return OUTSIDE_BOX
    if outside == 2 and not (payer_in and payee_in):
        return OUTSIDE_BOX
    if payer_in and payee_in:
        if amount > rules[R_PER_PAYMENT_CAP]:
            return BOX_CAP
        if rules[R_CHECKS_PARTICIPANTS] == 1 and box_spent[payer] + amount > rules[R_PARTICIPANT_CAP]:
            return BOX_CAP
        if payer_meta & CLIENT == 0 and scalars[X_CLIENTS] >= rules[R_CLIENT_CAP]:
            trip_box(rules, scalars, TRIP_CLIENTS)
            return BOX_CAP
        if scalars[X_BOX_TOTAL] + amount > rules[R_TOTAL_CAP]:
            trip_box(rules, scalars, TRIP_EXPOSURE)
            return BOX_CAP
    return SETTLED


@part
def refused_by_limit(
    accounts: Int64Array, rules: Int64Array, payer: int, klass: int, amount: int, day: int, year: int
) -> int:
    """SINGLE_LIMIT, DAILY_LIMIT, ANNUAL_LIMIT or SETTLED (not refused)."""
    if amount > rules[R_LIMITS + 4 * klass + L_SINGLE]:
        return SINGLE_LIMIT
    stamp = accounts[payer, STAMP]
    today = accounts[payer, SPENT_TODAY] if stamp & STAMP_DAY_MASK == day else 0
    if today + amount > rules[R_LIMITS + 4 * klass + L_DAILY]:
        return DAILY_LIMIT
    this_year = accounts[payer, SPENT_THIS_YEAR] if (stamp >> STAMP_YEAR_SHIFT) & STAMP_YEAR_MASK == year else 0
    if this_year + amount > rules[R_LIMITS + 4 * klass + L_ANNUAL]:
        return ANNUAL_LIMIT
    return SETTLED


@part
def count_spending(accounts: Int64Array, payer: int, amount: int, day: int, year: int) -> None:
    """Book a settled payment against the payer's day and year."""
    stamp = accounts[payer, STAMP]
    if stamp & STAMP_DAY_MASK == day:
        accounts[payer, SPENT_TODAY] += amount
    else:
        accounts[payer, SPENT_TODAY] = amount
    if (stamp >> STAMP_YEAR_SHIFT) & STAMP_YEAR_MASK == year:
        accounts[payer, SPENT_THIS_YEAR] += amount
    else:
        accounts[payer, SPENT_THIS_YEAR] = amount
    count = (stamp >> STAMP_COUNT_SHIFT) + 1
    accounts[payer, STAMP] = (count << STAMP_COUNT_SHIFT) | (year << STAMP_YEAR_SHIFT) | day


@part
def fund(
    accounts: Int64Array, rules: Int64Array, stations: Int64Array, payer: int, payee_meta: int, amount: int
) -> tuple[int, int, int]:
    """Where a payment's money comes from: SETTLED or INSUFFICIENT, the part out of a red packet, the top-up."""
    meta = accounts[payer, META]
    packet = 0
    campaign = (meta >> PACKET_CAMPAIGN_SHIFT) & PACKET_CAMPAIGN_MASK
    if campaign > 0 and (payee_meta >> (ENROLLED_SHIFT + campaign - 1)) & 1 == 1:
        packet = min(accounts[payer, PACKET], amount)
    balance = accounts[payer, BALANCE]
    short = amount - packet - balance
    if short <= 0:
        return SETTLED, packet, 0
    step = rules[R_TOP_UP_STEP]
    room = rules[R_LIMITS + 4 * (meta & CLASS_MASK) + L_BALANCE] - balance
    top_up = min((short + step - 1) // step * step, room)
    funding = stations[(meta >> INSTITUTION_SHIFT) & INSTITUTION_MASK, S_FUNDING]
    if meta & CAN_TOP_UP == 0 or top_up < short or accounts[funding, BALANCE] < top_up:
        return INSUFFICIENT, 0, 0
    return SETTLED, packet, top_up


@part
def top_up_from_operator(
    accounts: Int64Array, stations: Int64Array, scalars: Int64Array, payer: int, amount: int
) -> None:
    """Move a top-up, and trip the operator's trigger if that leaves it below its floor."""
    institution = (accounts[payer, META] >> INSTITUTION_SHIFT) & INSTITUTION_MASK
    funding, operator = stations[institution, S_FUNDING], stations[institution, S_OPERATOR]
    move(accounts, funding, payer, amount)
    scalars[X_TOP_UPS] += amount
    if accounts[funding, BALANCE] < stations[operator, S_FLOOR] and stations[operator, S_ARMED] == 1:
        stations[operator, S_ARMED] = 0
        scalars[X_TRIPPED] = operator
        scalars[X_STOP] |= STOP_LIQUIDITY


@part
def post(
    accounts: Int64Array, rules: Int64Array, stations: Int64Array, box_spent: Int64Array, scalars: Int64Array,
    payer: int, payee: int, amount: int,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Settle one payment whole, or refuse it and change nothing.

    Returns outcome, part paid out of a red packet, top-up and redemption (fen).
    """
    payer_meta, payee_meta = accounts[payer, META], accounts[payee, META]
    if (payer_meta | payee_meta) & FROZEN:
        return FROZEN_OUT, 0, 0, 0
    box_on = rules[R_BOX_ON] == 1
    if box_on:
        outcome = refused_by_box(rules, box_spent, scalars, payer, payer_meta, payee_meta, amount)
        if outcome != SETTLED:
            return outcome, 0, 0, 0
    day, year = scalars[X_DAY], scalars[X_YEAR]
    outcome = refused_by_limit(accounts, rules, payer, payer_meta & CLASS_MASK, amount, day, year)
    if outcome != SETTLED:
        return outcome, 0, 0, 0
    outcome, packet, top_up = fund(accounts, rules, stations, payer, payee_meta, amount)
    if outcome != SETTLED:
        return outcome, 0, 0, 0
    redeemed = 0
    if payee != payer:
        cap = rules[R_LIMITS + 4 * (payee_meta & CLASS_MASK) + L_BALANCE]
        redeemed = max(0, accounts[payee, BALANCE] + amount - cap)
        if redeemed > 0 and (rules[R_WATERFALL] == 0 or payee_meta & CAN_TOP_UP == 0):
            return BALANCE_CAP, 0, 0, 0

    # From here on the payment must succeed.
    if top_up > 0:
        top_up_from_operator(accounts, stations, scalars, payer, top_up)
    if packet > 0:
        campaign = (payer_meta >> PACKET_CAMPAIGN_SHIFT) & PACKET_CAMPAIGN_MASK
        accounts[payer, PACKET] -= packet
        move(accounts, scalars[X_FIRST_ESCROW] + campaign - 1, payee, packet)
    move(accounts, payer, payee, amount - packet)
    if redeemed > 0:
        move(accounts, payee, stations[(payee_meta >> INSTITUTION_SHIFT) & INSTITUTION_MASK, S_FUNDING], redeemed)
        scalars[X_REDEEMED] += redeemed
    count_spending(accounts, payer, amount, day, year)
    if box_on and payer_meta & payee_meta & IN_BOX != 0:
        if payer_meta & CLIENT == 0:
            accounts[payer, META] |= CLIENT
            scalars[X_CLIENTS] += 1
        scalars[X_BOX_TOTAL] += amount
        if rules[R_CHECKS_PARTICIPANTS] == 1:
            box_spent[payer] += amount
    return SETTLED, packet, top_up, redeemed


@part
def wants_upgrade(accounts: Int64Array, payer: int, payee: int, outcome: int) -> int:
    """The account that asks for the next class up after this refusal (marked as upgrading), or -1."""
    if outcome < SINGLE_LIMIT or outcome > BALANCE_CAP or outcome == INSUFFICIENT:
        return -1
    account = payee if outcome == BALANCE_CAP else payer
    meta = accounts[account, META]
    if meta & CLASS_MASK <= 1 or meta & WILLING == 0 or meta & UPGRADING != 0:
        return -1
    accounts[account, META] = meta | UPGRADING
    return account


@part
def upgrade(accounts: Int64Array, account: int) -> None:
    """Raise an account by one class; from class II on it has a linked bank account and can top up."""
    meta = accounts[account, META]
    meta = (meta & ~UPGRADING) - 1
    if meta & CLASS_MASK <= 2:
        meta |= CAN_TOP_UP
    accounts[account, META] = meta
