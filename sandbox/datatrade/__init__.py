"""Data for money: trades, data invoices, and their anchors in two ledgers that recognise each other."""
