"""The chain of correspondents: banks that hold accounts for one another."""
