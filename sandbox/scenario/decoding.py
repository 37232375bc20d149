"""From the bytes of a scenario file to its text, or to what keeps them from being one."""

from __future__ import annotations

import re
from typing import Final

from sandbox.language import N_, _
from sandbox.scenario.errors import ScenarioError, ScenarioErrors

LONGEST_LINE: Final = 16_384  # the YAML library's scanner takes time that grows with the square of some tokens' length

_NOT_IN_TEXT: Final = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_CONTROL_BYTES: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def decoded(data: bytes, label: str, line: int | None = 1) -> str:
    """The text of a file, or of a value (without lines: `line` None).

    Raises:
        ScenarioErrors: it is no text in UTF-8, or not one that a scenario may be.
    """

    def fail(problem: str, at: int | None) -> ScenarioErrors:
        return ScenarioErrors([ScenarioError(label, None if line is None else at, None, "", problem)])

    def line_of(byte: int) -> int:
        return len(data[:byte].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))

    other = N_("the file is {encoding}, not UTF-8; save it as UTF-8")
    unknown = N_("the file is not UTF-8 (byte {byte}); save it as UTF-8")
    if line is None:
        other = N_("this is {encoding}, not UTF-8; set the terminal to UTF-8")
        unknown = N_("this is not UTF-8 (byte {byte}); set the terminal to UTF-8")
    binary = N_("this is not a text file (byte {byte} at offset {offset})")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise fail(_(other, encoding="UTF-16"), 1)
    nul = data.find(b"\0")
    if nul >= 0:
        raise fail(_(binary, byte="0x00", offset=nul), line_of(nul))
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte, at = f"0x{data[error.start]:02x}", line_of(error.start)
        if _CONTROL_BYTES.search(data):
            raise fail(_(binary, byte=byte, offset=error.start), at) from None
        if _is_chinese(data):
            raise fail(_(other, encoding="GB18030 or GBK"), at) from None
        raise fail(_(unknown, byte=byte), at) from None
    bad = _NOT_IN_TEXT.search(words)
    if bad is not None:
        message, character = N_("a control character ({character}) does not belong in a scenario"), ord(bad.group())
        raise fail(_(message, character=f"U+{character:04X}"), len((words[: bad.start()] + ".").splitlines()))
    for number, one in enumerate(words.splitlines(), 1):
        if len(one) > LONGEST_LINE:
            message = N_("a line of more than {limit} characters; put long texts on several lines")
            raise fail(_(message, limit=f"{LONGEST_LINE:,}"), number)
    return words


def _is_chinese(data: bytes) -> bool:
    try:
        words = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [char for char in words if ord(char) > 127]
    return sum("一" <= char <= "鿿" for char in foreign) > len(foreign) / 2
