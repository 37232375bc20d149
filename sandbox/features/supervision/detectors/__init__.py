"""Detectors: small rules that look at a view, a payment at a time. Each file is one rule and names its figures."""
