"""Hard wallets in a run: who pays whom without a network, and how it is settled afterwards."""
