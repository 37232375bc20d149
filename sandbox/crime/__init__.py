"""Criminals: rings that carry out what `sandbox/market/crime/` plans, meet the rules, and adapt."""
