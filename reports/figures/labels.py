"""Names as a figure can draw them.

Figures are drawn with DejaVu Sans, which comes with matplotlib, so that the same run gives the same bytes on every
machine. It has no Chinese. A name it cannot draw is shown as a number, `#1`, and the number is explained in words
beside the figure, where the reader's own fonts serve.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LONGEST = 18
# Latin, Greek and Cyrillic: in DejaVu Sans, and drawn right without shaping.
_DRAWABLE = ((0x20, 0x7E), (0xA0, 0x17F), (0x386, 0x3CE), (0x400, 0x45F), (0x2010, 0x2026))
_GAPS = frozenset({0xAD, 0x38B, 0x38D, 0x3A2})


def drawable(text: str) -> bool:
    """Whether a figure can draw this text.

    >>> drawable("Caisse d'Épargne"), drawable("工商银行"), drawable("")
    (True, False, False)
    """
    return bool(text.strip()) and all(
        any(low <= ord(char) <= high for low, high in _DRAWABLE) and ord(char) not in _GAPS for char in text
    )


class Labels:
    """Short labels for names; equal names get equal labels, different names different ones."""

    def __init__(self, names: Iterable[str], longest: int = LONGEST) -> None:
        self._labels: dict[str, str] = {}
        self.explained: list[tuple[str, str]] = []
        for name in names:
            if name in self._labels:
                continue
            label = unicodedata.normalize("NFC", name)
            if not drawable(label) or label.startswith("#"):
                label = f"#{len(self.explained) + 1}"
            elif len(label) > longest:
                head = (longest - 1) // 2 + 1
                label = f"{label[:head].rstrip()}…{label[head + 1 - longest :].lstrip()}"
            if label in self._labels.values():
                label = f"#{len(self.explained) + 1}"
            if label != name:
                self.explained.append((label, name))
            self._labels[name] = label

    def __getitem__(self, name: str) -> str:
        return self._labels[name]
