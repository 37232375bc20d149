"""The machine room: clock, draws, ledger, rail, recorder, world and simulation."""
