"""The shared ledger of many central banks."""
