"""Hard wallets: purses that pay one another without a network, and what they sign."""
