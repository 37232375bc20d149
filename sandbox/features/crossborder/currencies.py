"""Currencies that a scenario may name, and how many digits their minor units have. Source: ISO 4217, list one, 2024.

Sums of every currency are whole minor units (`_fen`, whatever the currency calls them).
"""

from __future__ import annotations

from typing import Final

MINOR_DIGITS: Final[dict[str, int]] = {
    "AED": 2, "AUD": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "EGP": 2, "ETB": 2, "EUR": 2, "GBP": 2,
    "HKD": 2, "IDR": 2, "ILS": 2, "INR": 2, "IRR": 2, "JPY": 0, "KES": 2, "KRW": 0, "KWD": 3, "KZT": 2, "LAK": 2,
    "MMK": 2, "MNT": 2, "MOP": 2, "MYR": 2, "NOK": 2, "NPR": 2, "NZD": 2, "OMR": 3, "PHP": 2, "PKR": 2, "QAR": 2,
    "RUB": 2, "SAR": 2, "SEK": 2, "SGD": 2, "THB": 2, "TRY": 2, "TWD": 2, "UAH": 2, "USD": 2, "UZS": 2, "VND": 0,
    "ZAR": 2,
}  # fmt: skip


def minor_digits(currency: str) -> int:
    """Digits after the point.

    Raises:
        KeyError: no currency that is known here.

    >>> minor_digits("CNY"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)
    """
    return MINOR_DIGITS[currency]
