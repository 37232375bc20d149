"""The rules of posting one payment: the compiled twin of `Ledger.post`, and the only other writer of balances.

`docs/clearing-rules.md`, section 4, is what this says. Everything is checked before anything is written.
"""

from __future__ import annotations

from sandbox.core.compiled import inlined
from sandbox.core.draws import Int64Array
from sandbox.core.layout import BoxTrip, Outcome, account, limit, rule, scalar, station, stop, trait
from sandbox.engine.arrays import Rail


@inlined
def move(accounts: Int64Array, payer: int, payee: int, amount: int) -> None:
    """Debit one account and credit another."""
    accounts[payer, account.BALANCE] -= amount
    accounts[payer, account.DEBITS] += amount
    accounts[payee, account.BALANCE] += amount
    accounts[payee, account.CREDITS] += amount


@inlined
def trip_box(rules: Int64Array, scalars: Int64Array, reason: BoxTrip) -> None:
    """Stop the rail at this payment, if the trigger is armed."""
    if rules[rule.BOX_TRIPS] == 1:
        rules[rule.BOX_TRIPS] = 0
        scalars[scalar.BOX_TRIP] = reason
        scalars[scalar.STOP] |= stop.BOX


@inlined
def refused_by_box(rail: Rail, payer: int, payer_meta: int, payee_meta: int, amount: int) -> Outcome:
    """OUTSIDE_BOX, BOX_CAP or SETTLED (not refused); a cap on the whole box trips its trigger."""
    rules, box_spent, scalars = rail.rules, rail.box_spent, rail.scalars
    payer_in, payee_in = payer_meta & trait.IN_BOX != 0, payee_meta & trait.IN_BOX != 0
    outside = rules[rule.OUTSIDE]
    if outside == 1 and payer_in != payee_in:
        return Outcome.OUTSIDE_BOX
    if outside == 2 and not (payer_in and payee_in):
        return Outcome.OUTSIDE_BOX
    if payer_in and payee_in:
        if amount > rules[rule.PER_PAYMENT_CAP]:
            return Outcome.BOX_CAP
        if rules[rule.CHECKS_PARTICIPANTS] == 1 and box_spent[payer] + amount > rules[rule.PARTICIPANT_CAP]:
            return Outcome.BOX_CAP
        if payer_meta & trait.CLIENT == 0 and scalars[scalar.CLIENTS] >= rules[rule.CLIENT_CAP]:
            trip_box(rules, scalars, BoxTrip.CLIENT_CAP)
            return Outcome.BOX_CAP
        if scalars[scalar.BOX_TOTAL] + amount > rules[rule.EXPOSURE_CAP]:
            trip_box(rules, scalars, BoxTrip.EXPOSURE_CAP)
            return Outcome.BOX_CAP
    return Outcome.SETTLED


@inlined
def refused_by_limit(
    accounts: Int64Array, rules: Int64Array, payer: int, klass: int, amount: int, day: int, year: int
) -> Outcome:
    """SINGLE_LIMIT, DAILY_LIMIT, ANNUAL_LIMIT or SETTLED (not refused)."""
    if amount > rules[rule.LIMITS + 4 * klass + limit.SINGLE]:
        return Outcome.SINGLE_LIMIT
    stamp = accounts[payer, account.STAMP]
    today = accounts[payer, account.SPENT_TODAY] if stamp & account.STAMP_DAY_MASK == day else 0
    if today + amount > rules[rule.LIMITS + 4 * klass + limit.DAILY]:
        return Outcome.DAILY_LIMIT
    this_year = (
        accounts[payer, account.SPENT_THIS_YEAR]
        if (stamp >> account.STAMP_YEAR_SHIFT) & account.STAMP_YEAR_MASK == year
        else 0
    )
    if this_year + amount > rules[rule.LIMITS + 4 * klass + limit.ANNUAL]:
        return Outcome.ANNUAL_LIMIT
    return Outcome.SETTLED


@inlined
def count_spending(accounts: Int64Array, payer: int, amount: int, day: int, year: int) -> None:
    """Book a settled payment against the payer's day and year."""
    stamp = accounts[payer, account.STAMP]
    if stamp & account.STAMP_DAY_MASK == day:
        accounts[payer, account.SPENT_TODAY] += amount
    else:
        accounts[payer, account.SPENT_TODAY] = amount
    if (stamp >> account.STAMP_YEAR_SHIFT) & account.STAMP_YEAR_MASK == year:
        accounts[payer, account.SPENT_THIS_YEAR] += amount
    else:
        accounts[payer, account.SPENT_THIS_YEAR] = amount
    count = (stamp >> account.STAMP_COUNT_SHIFT) + 1
    accounts[payer, account.STAMP] = (count << account.STAMP_COUNT_SHIFT) | (year << account.STAMP_YEAR_SHIFT) | day


@inlined
def fund(rail: Rail, payer: int, payee_meta: int, amount: int) -> tuple[Outcome, int, int]:
    """Where a payment's money comes from: SETTLED or INSUFFICIENT_BALANCE, the part out of a red packet, the top-up."""
    accounts, rules = rail.accounts, rail.rules
    meta = accounts[payer, account.TRAITS]
    packet = 0
    campaign = (meta >> trait.PACKET_CAMPAIGN_SHIFT) & trait.PACKET_CAMPAIGN_MASK
    if campaign > 0 and (payee_meta >> (trait.ENROLLED_SHIFT + campaign - 1)) & 1 == 1:
        packet = min(accounts[payer, account.PACKET], amount)
    balance = accounts[payer, account.BALANCE]
    short = amount - packet - balance
    if short <= 0:
        return Outcome.SETTLED, packet, 0
    step = rules[rule.TOP_UP_STEP]
    room = rules[rule.LIMITS + 4 * (meta & trait.CLASS_MASK) + limit.BALANCE] - balance
    top_up = min((short + step - 1) // step * step, room)
    institution = (meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
    funding = rail.stations[institution, station.FUNDING_ACCOUNT]
    if meta & trait.CAN_TOP_UP == 0 or top_up < short or accounts[funding, account.BALANCE] < top_up:
        return Outcome.INSUFFICIENT_BALANCE, 0, 0
    return Outcome.SETTLED, packet, top_up


@inlined
def top_up_from_operator(rail: Rail, payer: int, amount: int) -> None:
    """Move a top-up, and trip the operator's trigger if that leaves it below its floor."""
    stations, accounts, scalars = rail.stations, rail.accounts, rail.scalars
    institution = (accounts[payer, account.TRAITS] >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
    funding, operator = stations[institution, station.FUNDING_ACCOUNT], stations[institution, station.FUNDING_STATION]
    move(accounts, funding, payer, amount)
    scalars[scalar.TOP_UPS] += amount
    if (
        accounts[funding, account.BALANCE] < stations[operator, station.LIQUIDITY_FLOOR]
        and stations[operator, station.FLOOR_ARMED] == 1
    ):
        stations[operator, station.FLOOR_ARMED] = 0
        scalars[scalar.LOW_INSTITUTION] = operator
        scalars[scalar.STOP] |= stop.LIQUIDITY


@inlined
def post(rail: Rail, payer: int, payee: int, amount: int) -> tuple[Outcome, int, int, int]:
    """Settle one payment whole, or refuse it and change nothing.

    Returns outcome, part paid out of a red packet, top-up and redemption (fen).
    """
    accounts, rules, scalars = rail.accounts, rail.rules, rail.scalars
    payer_meta, payee_meta = accounts[payer, account.TRAITS], accounts[payee, account.TRAITS]
    if (payer_meta | payee_meta) & trait.FROZEN:
        return Outcome.FROZEN, 0, 0, 0
    box_on = rules[rule.BOX_ON] == 1
    if box_on:
        outcome = refused_by_box(rail, payer, payer_meta, payee_meta, amount)
        if outcome != Outcome.SETTLED:
            return outcome, 0, 0, 0
    day, year = scalars[scalar.DAY], scalars[scalar.YEAR]
    outcome = refused_by_limit(accounts, rules, payer, payer_meta & trait.CLASS_MASK, amount, day, year)
    if outcome != Outcome.SETTLED:
        return outcome, 0, 0, 0
    outcome, packet, top_up = fund(rail, payer, payee_meta, amount)
    if outcome != Outcome.SETTLED:
        return outcome, 0, 0, 0
    redeemed = 0
    if payee != payer:
        cap = rules[rule.LIMITS + 4 * (payee_meta & trait.CLASS_MASK) + limit.BALANCE]
        redeemed = max(0, accounts[payee, account.BALANCE] + amount - cap)
        if redeemed > 0 and (rules[rule.WATERFALL] == 0 or payee_meta & trait.CAN_TOP_UP == 0):
            return Outcome.BALANCE_CAP, 0, 0, 0

    # From here on the payment must succeed.
    if top_up > 0:
        top_up_from_operator(rail, payer, top_up)
    if packet > 0:
        campaign = (payer_meta >> trait.PACKET_CAMPAIGN_SHIFT) & trait.PACKET_CAMPAIGN_MASK
        accounts[payer, account.PACKET] -= packet
        move(accounts, scalars[scalar.FIRST_ESCROW] + campaign - 1, payee, packet)
    move(accounts, payer, payee, amount - packet)
    if redeemed > 0:
        institution = (payee_meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        move(accounts, payee, rail.stations[institution, station.FUNDING_ACCOUNT], redeemed)
        scalars[scalar.REDEEMED] += redeemed
    count_spending(accounts, payer, amount, day, year)
    if box_on and payer_meta & payee_meta & trait.IN_BOX != 0:
        if payer_meta & trait.CLIENT == 0:
            accounts[payer, account.TRAITS] |= trait.CLIENT
            scalars[scalar.CLIENTS] += 1
        scalars[scalar.BOX_TOTAL] += amount
        if rules[rule.CHECKS_PARTICIPANTS] == 1:
            rail.box_spent[payer] += amount
    return Outcome.SETTLED, packet, top_up, redeemed


@inlined
def wants_upgrade(accounts: Int64Array, payer: int, payee: int, outcome: Outcome) -> int:
    """The account that asks for the next class up after this refusal (marked as upgrading), or -1."""
    if outcome < Outcome.SINGLE_LIMIT or outcome > Outcome.BALANCE_CAP or outcome == Outcome.INSUFFICIENT_BALANCE:
        return -1
    who = payee if outcome == Outcome.BALANCE_CAP else payer
    meta = accounts[who, account.TRAITS]
    if meta & trait.CLASS_MASK <= 1 or meta & trait.WILLING == 0 or meta & trait.UPGRADING != 0:
        return -1
    accounts[who, account.TRAITS] = meta | trait.UPGRADING
    return who


@inlined
def upgrade(accounts: Int64Array, who: int) -> None:
    """Raise an account by one class; from class II on it has a linked bank account and can top up."""
    meta = accounts[who, account.TRAITS]
    meta = (meta & ~trait.UPGRADING) - 1
    if meta & trait.CLASS_MASK <= 2:
        meta |= trait.CAN_TOP_UP
    accounts[who, account.TRAITS] = meta
