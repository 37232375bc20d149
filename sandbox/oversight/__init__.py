"""The regulator's box: its state, rules that begin or change while a run goes on, what crosses its edge."""
