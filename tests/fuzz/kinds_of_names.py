"""Mutations of names, of sections and of what belongs together."""

from __future__ import annotations

from random import Random
from typing import Final

from tests.fuzz.mutants import OPEN, REFUSED, SAME, Change, kind, pick
from tests.fuzz.sites import ROOT, Site, Source, Span

EMPTY: Final = ("", " ~", " null", " {}", " []", ' ""', " {a: 1}", " 5", " true", " # later")
UNKNOWN: Final = (
    "walets", "colour", "12", "3.5", "no", "true", "~", "2026-03-02", "'a b'", "ключ", "名字", "__class__",
    "model_fields", "model_config", "copy", "<<",
)  # fmt: skip
ODD: Final = ("\u00a0", "\u200b", "\ufeff", "\u3000", "\u202e", "\u0301", "\u200d")
WIDE: Final = {ord(char): ord(char) + 0xFEE0 for char in "abcdefghijklmnopqrstuvwxyz_"}


def _is_fixed(site: Site) -> bool:
    """Whether only names of the schema may stand here."""
    above = site.above
    return site.name is not None and above is not None and (above.kind == "section" or bool(above.choices))


def _names(site: Site) -> tuple[str, ...]:
    above = site.above
    assert above is not None
    return above.choices if above.model is None else tuple(above.model.model_fields)


def _renamed(random: Random, source: Source, change: object) -> Change | None:
    """A name of the schema made into one that is none."""
    site = pick(random, source, _is_fixed)
    if site is None or site.name is None or not callable(change):
        return None
    name = str(site.path[-1])
    new = str(change(name))
    if new.strip().strip("\"'") in _names(site) or new == name:
        return None
    # Without its old name something may be lacking, but the new one means nothing whatever else is there.
    return Change(source.replaced((site.name, new)), REFUSED, site.name.start)


@kind("name: typo")
def typo(random: Random, source: Source) -> Change | None:
    """A letter left out, doubled, swapped or replaced."""

    def change(name: str) -> str:
        at = random.randrange(len(name))
        return random.choice(
            [name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:], name[:at] + "x" + name[at + 1 :],
             name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :], name + "s"]
        ) or "x"  # fmt: skip

    return _renamed(random, source, change)


@kind("name: typo without value")
def typo_without_value(random: Random, source: Source) -> Change | None:
    """A misspelt name of which nothing is said."""
    site = pick(random, source, _is_fixed)
    if site is None or site.name is None:
        return None
    name = str(site.path[-1]).replace("e", "", 1) + "q"
    lines = source.lines(site)
    if site.flow:
        return Change(
            source.replaced((Span(site.name.start, site.name.start), f"{name}: , ")), REFUSED, site.name.start
        )
    nothing = random.choice(EMPTY[:3])
    text = source.replaced((Span(lines.start, lines.start), " " * site.column + f"{name}:{nothing}\n"))
    return Change(text, REFUSED, lines.start)


@kind("name: case and width")
def case(random: Random, source: Source) -> Change | None:
    """Capitals, or full-width letters."""
    ways = (str.upper, str.title, lambda name: name.translate(WIDE), lambda name: name.replace("_", "-"))
    return _renamed(random, source, random.choice(ways))


@kind("name: odd characters")
def odd(random: Random, source: Source) -> Change | None:
    """A space that does not break, or what is not seen at all."""
    char = random.choice(ODD)
    # A byte-order mark at the beginning of a file is none of the name.
    ways = ("{0}{2}", "{1}{2}{3}") if char == "\ufeff" else ("{0}{2}", "{1}{2}{3}", "{2}{0}")
    return _renamed(random, source, lambda name: random.choice(ways).format(name, name[:1], char, name[1:]))


@kind("name: full-width colon")
def wide_colon(random: Random, source: Source) -> Change | None:
    """`wallets：2000`, which is one text to YAML."""
    site = pick(random, source, lambda site: _is_fixed(site) and site.words is not None)
    if site is None or site.name is None:
        return None
    span = Span(site.name.end, site.value.start)
    return Change(source.replaced((span, random.choice(("：", "： ")))), REFUSED, span.start)


@kind("name: unknown")
def unknown(random: Random, source: Source) -> Change | None:
    """A name too many, with and without a value, anywhere."""
    site = pick(random, source, _is_fixed)
    if site is None or site.name is None:
        return None
    name = random.choice(UNKNOWN)
    if site.flow:
        new = random.choice((f"{name}: , ", f"{name}: 5, ", f"{name}, ", f"{name}: {{}}, "))
        return Change(source.replaced((Span(site.name.start, site.name.start), new)), REFUSED, site.name.start)
    start = source.lines(site).start
    if source.text[start : site.name.start].strip():
        start = site.name.start
        new = f"{name}:{random.choice(EMPTY)}\n" + " " * site.column
    else:
        new = " " * site.column + f"{name}:{random.choice(EMPTY)}\n"
    return Change(source.replaced((Span(start, start), new)), REFUSED, start)


@kind("name: wrong section")
def wrong_section(random: Random, source: Source) -> Change | None:
    """An entry put where it does not belong."""
    site = pick(random, source, lambda site: _is_fixed(site) and not site.flow and len(site.path) > 1)
    if site is None or site.name is None or site.path[-1] in ROOT.model.model_fields:  # type: ignore[union-attr]
        return None
    entry = f"{site.path[-1]}: 1\n"
    return Change(source.text.rstrip("\n") + "\n" + entry, REFUSED)


@kind("name: twice")
def twice(random: Random, source: Source) -> Change | None:
    """The same entry again; a file that says two things says none."""
    site = pick(random, source, lambda site: site.name is not None)
    if site is None or site.name is None:
        return None
    entry = source.text[site.name.start : site.value.end].rstrip("\n")
    if site.flow:
        return Change(source.replaced((Span(site.name.start, site.name.start), entry + ", ")), REFUSED)
    lines = source.lines(site)
    if source.text[lines.start : site.name.start].strip():
        return None
    again = source.words(lines)
    return Change(source.replaced((Span(lines.start, lines.start), again.rstrip("\n") + "\n")), REFUSED)


@kind("name: left out")
def left_out(random: Random, source: Source) -> Change | None:
    """An entry less."""
    site = pick(random, source, lambda site: not site.flow)
    return None if site is None else Change(source.replaced((source.lines(site), "")), OPEN)


@kind("section: without entries")
def empty(random: Random, source: Source) -> Change | None:
    """A section or a value that is empty in some way."""
    site = pick(random, source, lambda site: site.name is not None)
    if site is None:
        return None
    end = "\n" if source.words(site.value).endswith("\n") else ""
    return Change(source.replaced((site.value, random.choice(EMPTY[:9]) + end)), OPEN)


@kind("section: an optional one, empty")
def optional(random: Random, source: Source) -> Change | None:
    """A section that the scenario does not have, with nothing in it."""
    assert ROOT.model is not None
    there = {site.path[0] for site in source.sites}
    name = random.choice([name for name in ROOT.model.model_fields if name not in there and name != "extends"])
    return Change(source.text.rstrip("\n") + f"\n{name}:{random.choice(EMPTY[:5])}\n", OPEN)


@kind("sections: another order")
def order(random: Random, source: Source) -> Change | None:
    """The same sections the other way round."""
    tops = [source.words(source.lines(site)).strip("\n") for site in source.sites if len(site.path) == 1]
    if "&" in source.text:
        return None
    # The order of names in `institutions` and the like is kept; only whole sections move.
    random.shuffle(tops)
    return Change("\n".join(tops) + "\n", SAME)


@kind("reference: to nothing")
def reference(random: Random, source: Source) -> Change | None:
    """A name that is used but not declared, or declared under another name."""
    free = [site for site in source.sites if site.above is not None and site.above.kind == "mapping"]
    names = {str(site.path[-1]) for site in free}
    used = pick(random, source, lambda site: site.words in names and site.unit == "text" and site.path[0] != "look_for")
    if used is not None and random.random() < 0.7:
        other = random.choice(("nobody", used.words.upper() if used.words else "x", f"{used.words} ", *sorted(names)))
        return Change(source.replaced((used.value, f'"{other}"')), OPEN)
    site = random.choice(free) if free else None
    if site is None or site.name is None:
        return None
    new = random.choice(("nobody", "ledger", "trace", "everybody", "others", "none", *sorted(names)))
    return Change(source.replaced((site.name, f'"{new}"')), OPEN)


@kind("reference: extends")
def extends(random: Random, source: Source) -> Change | None:
    """What a scenario is taken from: nothing, itself, a folder, something else."""
    parent, meaning = random.choice(
        [("nobody", REFUSED), ("case.yaml", REFUSED), ("./case.yaml", REFUSED), ("..", REFUSED), ("", OPEN),
         ("[a, b]", REFUSED), ("5", REFUSED), ('"a\\0b"', REFUSED), ("city-retail-day", OPEN), ("{}", REFUSED),
         ("/etc/passwd", REFUSED), ("luohu", REFUSED), ("true", REFUSED), ("operator-outage.yaml", REFUSED)]
    )  # fmt: skip
    if "extends:" in source.text:
        return None
    return Change(source.text.rstrip("\n") + f"\nextends: {parent}\n", meaning)
