"""What a wallet is: classes and the limits that rules put on them."""
