"""A language that nobody speaks: every message in accented letters between brackets, its placeholders as they were.

What is left in plain letters came past the translation: names and values, or a sentence that nobody marked.
"""

from __future__ import annotations

import re
from gettext import NullTranslations
from typing import Final

_PLAIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED: Final = "àƀćďéƒğĥíĵķĺḿńöƥʠŕšţúṽŵẋýžÀƁĆĎÉƑĞĤÍĴĶĹḾŃÖƤɊŔŠŢÚṼŴẊÝŽ"
_TABLE: Final = str.maketrans(_PLAIN, _ACCENTED)
_HOLE: Final = re.compile(r"(\{\w*\}|%\(\w+\)s|%[sd])")
_PATTERN: Final = re.compile(r"[EdMyHms: ]+")
"""A pattern of CLDR's for dates is a message, and no text."""


def accented(message: str) -> str:
    """A message in that language.

    >>> accented("{count} runs"), accented("EEE d MMM")
    ('[{count} ŕúńš]', 'EEE d MMM')
    """
    if _PATTERN.fullmatch(message):
        return message
    parts = _HOLE.split(message)
    return "[" + "".join(part if place % 2 else part.translate(_TABLE) for place, part in enumerate(parts)) + "]"


class Pseudo(NullTranslations):
    """Translations into it; names of days and months are Chinese, so that they are seen to be CLDR's."""

    def __init__(self) -> None:
        super().__init__()
        self._info = {"language": "zh"}

    def gettext(self, message: str) -> str:
        """As gettext's."""
        return accented(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """As gettext's."""
        return accented(one if number == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        """As gettext's."""
        return accented(message)


def plain_words(text: str) -> list[str]:
    """Words of two plain letters and more, in order."""
    return re.findall(r"(?<![\w.-])[A-Za-z][A-Za-z']+(?![\w-])", text)
