"""The ground floor: time, random draws, the columns of the shared arrays, the ledger. Knows nothing of
payments in flight."""
