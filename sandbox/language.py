"""The language of what people read. Sentences stand in the code that says them, in English, marked in the gettext way.

`_("...")` translates where it stands. `N_("...")` only marks a sentence of a table, which is translated where it is
shown. A message is always a template: values go in by name, `{{` is a brace, and a value is never read as a template.
A message is a whole sentence, or stands alone, as in the head of a column: order and endings differ between languages.

The language is chosen once, at the door: the one that is asked for, else the system's if there is a catalogue of it,
else English.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

DOMAIN: Final = "ecny_sandbox"
FOLDER: Final = Path(__file__).parent / "locale"
"""Catalogues, as gettext looks for them: `<language>/LC_MESSAGES/<domain>.mo`."""
ENGLISH: Final = "en"
VARIABLE: Final = "ECNY_SANDBOX_LANG"
"""The variable of the environment that names the language."""
_OF_THE_SYSTEM: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables that name its language, the first one that says something."""

Translations = gettext.NullTranslations

_translations: ContextVar[Translations | None] = ContextVar("translations", default=None)


class UnknownLanguage(Exception):
    """A language that was asked for is none of those that there are, which the message names."""


@dataclass(frozen=True)
class Catalogue:
    """What a feature of an installed package declares of the translations of its own messages.

    Args:
        domain: name of its catalogues.
        folder: where they are, as gettext looks for them.
    """

    domain: str
    folder: Path


def _(message: str, /, *values: object, **named: object) -> str:
    """A message in the language of the reader, filled in.

    >>> _("local time, from {moment}", moment="{x}")
    'local time, from {x}'
    """
    now = _translations.get()
    return (message if now is None else now.gettext(message)).format(*values, **named)


def N_(message: str) -> str:
    """Marks a message that is translated elsewhere, with `_`."""
    return message


def plural(one: str, many: str, number: int, /, **named: object) -> str:
    """The form of a message that goes with a number.

    >>> plural("{count} process", "{count} processes", 1, count="1"), plural("a day", "{n} days", 3, n=3)
    ('1 process', '3 days')
    """
    now = _translations.get() or Translations()
    return now.ngettext(one, many, number).format(**named)


def named(names: Mapping[str, str], name: object) -> str:
    """The words for a name that the simulator gave, out of a table of them, or the name itself with spaces.

    >>> named({"timed_out": N_("timed out")}, "timed_out"), named({}, "new_reason")
    ('timed out', 'new reason')
    """
    return _(names[str(name)]) if str(name) in names else str(name).replace("_", " ")


def translated(message: str) -> str:
    """A message that is no template: a text that was declared, or that comes out of a table.

    >>> translated("{0.__class__}")
    '{0.__class__}'
    """
    now = _translations.get()
    return message if now is None else now.gettext(message)


def tag() -> str:
    """The language, as CLDR names it."""
    now = _translations.get()
    return now.info().get("language", ENGLISH) if now is not None else ENGLISH


def choose(asked: str | None = None, folder: Path = FOLDER) -> None:
    """Choose the language from here on; click, which asks gettext for its own words, follows.

    Args:
        asked: the language; if None, the one that `ECNY_SANDBOX_LANG` asks for, else the system's if we have it.
        folder: of our catalogues.

    Raises:
        UnknownLanguage: there is no catalogue of the language that was asked for.
    """
    asked = os.environ.get(VARIABLE) or None if asked is None else asked
    system = next(filter(None, map(os.environ.get, _OF_THE_SYSTEM)), "")
    language = _match(system if asked is None else asked, _ours(folder))
    if language is None and asked is not None:
        there = languages(folder)
        language = _match(asked, there)
        if language is None:
            raise UnknownLanguage(
                _(
                    "there is no language '{language}'; there are: {languages}",
                    language=asked,
                    languages=", ".join(there),
                )
            )
    language = language or ENGLISH
    _translations.set(None if language == ENGLISH else _Chosen(language, folder))
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, folder)
    gettext.textdomain(DOMAIN)


def languages(folder: Path = FOLDER) -> list[str]:
    """English, and the languages of which there is a catalogue, of ours or of a feature."""
    from sandbox.feature import declared

    of_features = (name for __, one in declared(Catalogue) for name in _catalogues(one.domain, one.folder))
    return list(dict.fromkeys((*_ours(folder), *of_features)))


def _ours(folder: Path) -> list[str]:
    return [ENGLISH, *_catalogues(DOMAIN, folder)]


def _catalogues(domain: str, folder: Path) -> list[str]:
    return sorted(place.parents[1].name for place in folder.glob(f"*/LC_MESSAGES/{domain}.mo"))


def _match(asked: str, there: Iterable[str]) -> str | None:
    """The language that is meant, however exactly it is named.

    >>> _match("zh-CN", ["en", "zh"]), _match("pt_BR.UTF-8", ["pt", "pt_BR"]), _match("C.UTF-8", ["en"])
    ('zh', 'pt_BR', None)
    """
    by_name = {name.lower(): name for name in there}
    whole = asked.partition(".")[0].partition("@")[0].replace("-", "_").lower()
    return by_name.get(whole) or by_name.get(whole.partition("_")[0])


class _Chosen(Translations):
    """Our catalogue of a language, and those of features, which are asked for what ours does not have."""

    def __init__(self, language: str, folder: Path) -> None:
        super().__init__()
        self._language, self._ours = language, gettext.translation(DOMAIN, folder, [language], fallback=True)
        self._info = {"language": language}

    @cached_property
    def _all(self) -> Translations:
        from sandbox.feature import declared

        for __, one in declared(Catalogue):
            self._ours.add_fallback(gettext.translation(one.domain, one.folder, [self._language], fallback=True))
        return self._ours

    def gettext(self, message: str) -> str:
        """As gettext's."""
        return self._all.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """As gettext's."""
        return self._all.ngettext(one, many, number)
