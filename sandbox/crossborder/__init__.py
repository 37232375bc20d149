"""Settlement across borders: over a shared ledger of many central banks, and through a chain of banks."""
