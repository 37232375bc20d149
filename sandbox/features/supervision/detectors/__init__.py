"""Detectors: small rules that look at a view, a payment at a time; `rules` lists them."""
