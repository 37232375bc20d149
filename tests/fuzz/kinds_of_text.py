"""Mutations of the text as such: characters, lines, indentation, bytes."""

from __future__ import annotations

from random import Random
from typing import Final

from tests.fuzz.mutants import OPEN, REFUSED, SAME, Change, kind, pick
from tests.fuzz.sites import Source

CHARACTERS: Final = (
    "，。：；％（）“”‘’、　\u00a0\u200b\u202e\u2066\u0301\u0085\u2028\u0007\u001b\ufeff\ufffe\x7f\u00ad🧧😀￥\ud83d"
)
WIDE: Final = {
    ":": "：",
    ",": "，",
    "%": "％",
    "{": "｛",
    "}": "｝",
    "[": "［",
    "]": "］",
    " ": "　",
    '"': "“",
    "-": "－",
}
BAD_BYTES: Final = (
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf5\x80\x80\x80",
    b"\x80",
    b"\x00",
    b"\xe4\xb8",
    b"\x1b[2J",
    b"\x85",
)
INSERTED: Final = (
    "\t", "  ", " ", "- ", ": ", "#", "'", '"', "{", "}", "[", "]", "&a ", "*a", "!!int ", "|", ">", "?", "%",
    "---\n", "...\n", "\r", "\n", ",", ", ", "=", "@", "`", "\\",
)  # fmt: skip


def _at(random: Random, text: str) -> int:
    return random.randrange(len(text) + 1)


@kind("text: a character inserted")
def inserted(random: Random, source: Source) -> Change | None:
    """A character of YAML anywhere."""
    at = _at(random, source.text)
    return Change(source.text[:at] + random.choice(INSERTED) + source.text[at:], OPEN)


@kind("text: a character less")
def less(random: Random, source: Source) -> Change | None:
    """A few characters left out."""
    at = _at(random, source.text)
    return Change(source.text[:at] + source.text[at + random.randrange(1, 4) :], OPEN)


@kind("text: an odd character")
def odd(random: Random, source: Source) -> Change | None:
    """Of another width, not seen, of another direction, half of one."""
    at = _at(random, source.text)
    return Change(source.text[:at] + random.choice(CHARACTERS) + source.text[at:], OPEN)


@kind("text: full-width punctuation")
def wide(random: Random, source: Source) -> Change | None:
    """What a Chinese keyboard writes in place of one sign, or of all."""
    narrow = random.choice(list(WIDE))
    places = [at for at, char in enumerate(source.text) if char == narrow]
    if not places:
        return None
    if random.random() < 0.1:
        return Change(source.text.replace(narrow, WIDE[narrow]), OPEN)
    at = random.choice(places)
    return Change(source.text[:at] + WIDE[narrow] + source.text[at + 1 :], OPEN)


@kind("text: cut short")
def cut(random: Random, source: Source) -> Change | None:
    """A file that was not written to its end."""
    return Change(source.text[: _at(random, source.text)], OPEN)


@kind("text: two lines swapped")
def swapped(random: Random, source: Source) -> Change | None:
    """Lines in another order."""
    lines = source.text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return Change("\n".join(lines), OPEN)


@kind("text: a line again")
def again(random: Random, source: Source) -> Change | None:
    """A line repeated somewhere."""
    lines = source.text.split("\n")
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return Change("\n".join(lines), OPEN)


@kind("text: another indentation")
def indented(random: Random, source: Source) -> Change | None:
    """A line further in or out, by blanks or tabs."""
    lines = source.text.split("\n")
    at = random.randrange(len(lines))
    line = lines[at]
    lines[at] = random.choice((" " + line, "  " + line, line[1:], line[2:], "\t" + line, line.replace("  ", "\t", 1)))
    return Change("\n".join(lines), OPEN)


@kind("same: other line ends")
def line_ends(random: Random, source: Source) -> Change | None:
    """As Windows or an old Macintosh ends its lines; a byte-order mark; blanks and comments at line ends."""
    text = source.text
    folded = any("\n" in source.words(site.value).strip() for site in source.sites if site.words is not None)
    ways = [text.replace("\n", "\r\n"), "\ufeff" + text, text.rstrip("\n"), text + "\n\n# the end\n", "---\n" + text,
            "# first\n" + text, text + "...\n"]  # fmt: skip
    if not folded:
        ways += [text.replace("\n", "\r"), text.replace("\n", "  \n"), text.replace("\n", "   # said so\n")]
    return Change(random.choice(ways), SAME)


@kind("bytes: not UTF-8")
def not_utf8(random: Random, source: Source) -> Change | None:
    """Bytes that are no text, or the text in another encoding."""
    chance = random.random()
    if chance < 0.2:
        return Change(source.text.encode(random.choice(("utf-16", "utf-16-le", "utf-32", "utf-7")), "replace"), OPEN)
    data = source.text.encode("utf-8", "surrogatepass")
    at = random.randrange(len(data))
    bad = random.choice(BAD_BYTES)
    return Change(data[:at] + bad + data[at:], OPEN if bad in (b"\xe4\xb8", b"\x85", b"\x80") else REFUSED)


@kind("text: very much of something")
def much(random: Random, source: Source) -> Change | None:
    """A value or a name that is long, deep or many."""
    site = pick(random, source, lambda site: site.words is not None)
    if site is None:
        return None
    many = random.choice((100, 2_000, 20_000))
    ways = (
        "x" * many, "9" * many, "[" * many, "{a: " * (many // 4), '"' + "é" * many + '"', "0." + "1" * many,
        "[" + "1, " * (many // 10) + "1]", "1e" + "9" * many, "'" * many,
    )  # fmt: skip
    words = random.choice(ways)
    return Change(source.replaced((site.value, words + "\n" * source.words(site.value).endswith("\n"))), OPEN)
