"""Programmable money: contracts that hold money in escrow and say when it goes on and when it goes back."""
