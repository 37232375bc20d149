"""Reading YAML 1.2 safely, with the place of every value; the one module that touches the YAML library.

It takes the library's events, never its objects: so no tag can make anything, and every bound is checked while reading,
before an alias is expanded. Scalars follow the YAML 1.2 core schema: `no` and `2026-03-02` are text, `1e5` is a number.

Bounds: 1 MiB a file, 16,384 characters a line, 32 levels deep, 100,000 names and values with aliases counted as often
as they are used.
"""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sandbox.language import N_, _
from sandbox.scenario.decoding import decoded
from sandbox.scenario.errors import ScenarioError, ScenarioErrors, short, shown
from sandbox.scenario.nodes import Node, Place
from sandbox.scenario.numerals import MOST_DIGITS
from sandbox.scenario.yaml_corrections import corrected_line, corrected_list, first_line_of_text, without_colon
from sandbox.scenario.yaml_scalars import INTEGER, resolve

MOST_BYTES: Final = 1024 * 1024
MOST_DEPTH: Final = 32
MOST_NODES: Final = 100_000


def read_file(path: Path, label: str, level: int = 0) -> tuple[Node, list[ScenarioError]]:
    """Read a scenario file.

    Returns:
        The top-level mapping, and mistakes that did not keep it from being read to its end.

    Raises:
        ScenarioErrors: the file cannot be read, or not to its end.
    """
    here = Place(label, None, None, level)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ScenarioErrors([here.error("", _("this is not an ordinary file"))])
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioErrors([here.error("", _("there is no such file"))]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioErrors([here.error("", _("the file cannot be read: {reason}", reason=reason))]) from None
    return read_bytes(data, label, level)


def read_bytes(data: bytes, label: str, level: int = 0) -> tuple[Node, list[ScenarioError]]:
    """As `read_file`, from the file's bytes."""
    if len(data) > MOST_BYTES:
        problem = _("the file is larger than {limit}; a scenario is far smaller", limit="1 MiB")
        raise ScenarioErrors([ScenarioError(label, None, None, "", problem)])
    composer = _Composer(decoded(data, label), label, level)
    node = composer.document()
    if node is None or (node.value is None and not composer.errors):
        problem = _("the file is empty; a scenario needs at least `title` and `question`")
        raise ScenarioErrors([ScenarioError(label, 1, 1, "", problem)])
    if not isinstance(node.value, dict):
        kind = "a list" if isinstance(node.value, list) else shown(node.value)
        problem = _("a scenario is a list of `name: value` lines, not {kind}", kind=kind)
        raise ScenarioErrors([*composer.errors, node.place.error("", problem)])
    return node, composer.errors


def read_value(words: str, label: str, level: int) -> Node:
    """Read one value from the command line. Nothing at all is refused: a shell puts it where a variable is not set.

    Raises:
        ScenarioErrors: it is not valid YAML, or nothing, or more than a value.
    """
    composer = _Composer(decoded(words.encode("utf-8", "surrogateescape"), label, None), label, level, has_lines=False)
    node = composer.document()
    if composer.errors:
        raise ScenarioErrors(composer.errors)
    place = Place(label, None, None, level)
    if node is None or (node.value is None and not set(words) & set("~nN")):
        raise ScenarioErrors([place.error("", _("there is no value; write `null` for the default"))])
    return replace(node, key=place)


class _Composer:
    """Makes nodes from the library's events, with every bound checked on the way."""

    def __init__(self, words: str, label: str, level: int, has_lines: bool = True) -> None:
        self.errors: list[ScenarioError] = []
        self._label, self._level, self._has_lines = label, level, has_lines
        self._anchors: dict[str, Node | None] = {}
        self._words = words
        self._events = self._parse(words)
        self._count = 0

    def _note(self, problem: str, place: Place) -> None:
        """A mistake that does not keep the rest from being read."""
        self.errors.append(place.error("", problem))

    def document(self) -> Node | None:
        """The one document of the stream; None if there is none."""
        node: Node | None = None
        for event in self._events:
            if type(event).__name__ == "DocumentStartEvent":
                if node is not None:
                    problem = _("a second document begins here; a scenario is one document")
                    self._note(problem, self._place(event.start_mark))
                    return node
                node = self._node(next(self._events), 1)
        return node

    def _parse(self, words: str) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        events = iter(YAML(typ="safe", pure=True).parse(words))
        while True:
            try:
                event = next(events)
            except StopIteration:
                return
            except MarkedYAMLError as error:
                raise self._fatal(*self._explained(error)) from None
            except (YAMLError, ValueError, LookupError, AttributeError, AssertionError, TypeError) as error:
                # A scanner that trips over its own feet at a strange file is still only a bad file.
                problem = _("this is not valid YAML: {problem}", problem=short(str(error)) or type(error).__name__)
                raise self._fatal(self._place(None), problem) from None
            yield event

    def _explained(self, error: Any) -> tuple[Place, str]:
        """Where the library stopped, or what it stopped for began, and why."""
        problem = str(error.problem or error.context or "")
        mark = error.problem_mark or error.context_mark
        place, no_colon = self._place(mark), _("there is no colon after the name; an entry is `name: value`")
        if mark is not None:
            first = first_line_of_text(self._words, (error.context_mark or mark).line)
            found = corrected_line(self._words, first, mark.line, self._last_readable_line)
            if found is not None:
                message = N_("{odd} is not the plain character that belongs here; write `{line}`")
                return self._line(first + found.number), _(message, odd=found.odd, line=found.line)
        if "could not find expected ':'" in problem:
            return self._place(error.context_mark or mark), no_colon
        if "'\\t'" in problem or "tab" in problem:
            return place, _("a tab is used for indentation; use spaces")
        if "mapping values are not allowed" in problem:
            if (first := first_line_of_text(self._words, mark.line)) < mark.line and self._has_lines:
                return self._line(first), no_colon
            return place, _("a second colon in one line; put the text in quotes, or the entry on a line of its own")
        if error.context_mark is not None and ("end of stream" in problem or "expected ',' or" in problem):
            return self._place(error.context_mark), _("the quote or bracket that opens here is not closed")
        if "<stream end>" in problem:
            return place, _("the file ends in the middle of an entry")
        if "expected <block end>" in problem:
            return place, _("the indentation does not fit the lines above")
        return place, _("this is not valid YAML: {problem}", problem=short(problem))

    def _last_readable_line(self, words: str) -> int:
        """How far the library reads a text without an error, in lines."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            for __ in YAML(typ="safe", pure=True).parse(words):
                pass
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            return 0 if mark is None else int(mark.line)
        except (YAMLError, ValueError, LookupError, AttributeError, AssertionError, TypeError):
            return 0
        return len(words)

    def _place(self, mark: Any) -> Place:
        if mark is None or not self._has_lines:
            return Place(self._label, None, None, self._level)
        return Place(self._label, mark.line + 1, mark.column + 1, self._level)

    def _line(self, number: int) -> Place:
        return Place(self._label, number + 1 if self._has_lines else None, None, self._level)

    def _fatal(self, place: Place, problem: str) -> ScenarioErrors:
        return ScenarioErrors([*self.errors, place.error("", problem)])

    def _count_nodes(self, by: int, depth: int, place: Place) -> None:
        self._count += by
        if self._count > MOST_NODES:
            message = N_("more than {limit} values, aliases counted as often as they are used")
            raise self._fatal(place, _(message, limit=f"{MOST_NODES:,}"))
        if depth > MOST_DEPTH:
            raise self._fatal(place, _("nested more than {limit} deep", limit=MOST_DEPTH))

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event.start_mark)
        name = type(event).__name__
        if name == "AliasEvent":
            return self._alias(event.anchor, depth, place)
        self._count_nodes(1, depth, place)
        if getattr(event, "tag", None) is not None:
            self._note(_("the tag `{tag}` is not allowed; a scenario is data only", tag=short(str(event.tag))), place)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if name == "ScalarEvent":
            node = self._scalar(event, place)
        elif name == "SequenceStartEvent":
            node = self._sequence(event, place, depth)
        else:
            node = self._mapping(event, place, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, anchor: str, depth: int, place: Place) -> Node:
        if anchor not in self._anchors:
            message = N_("`*{name}` refers to nothing; an anchor `&{name}` must come before it")
            raise self._fatal(place, _(message, name=short(anchor)))
        node = self._anchors[anchor]
        if node is None:
            raise self._fatal(place, _("`*{name}` refers to a part of the file that contains it", name=short(anchor)))
        self._count_nodes(node.size, depth + node.depth - 1, place)
        return node

    def _scalar(self, event: Any, place: Place) -> Node:
        words = event.value
        bad = next((char for char in words if _is_control(char) and char not in "\n\t"), None)
        if bad is not None:
            self._note(
                _("a control character ({character}) does not belong in a scenario", character=f"U+{ord(bad):04X}"),
                place,
            )
            return Node(None, place)
        if event.style:
            return Node(words, place)
        if INTEGER.match(words) and len(words) > MOST_DIGITS:
            self._note(_("a number of {digits} digits", digits=len(words)), place)
            return Node(None, place)
        return Node(resolve(words), place)

    def _sequence(self, start: Any, place: Place, depth: int) -> Node:
        items: list[Node] = []
        for event in self._events:
            if type(event).__name__ == "SequenceEndEvent":
                inside = self._words[start.end_mark.index : event.start_mark.index] if start.flow_style else ""
                if (meant := corrected_list(inside)) is not None:
                    message = N_(
                        "commas seem to stand inside numbers as well as between them; write `{line}`, or a space after "
                        "each"
                    )
                    self._note(_(message, line=short(meant)), place)
                break
            items.append(self._node(event, depth + 1))
        return _container(items, items, place)

    def _mapping(self, start: Any, place: Place, depth: int) -> Node:
        entries: dict[str, Node] = {}
        value: Any = None
        for event in self._events:
            if type(event).__name__ == "MappingEndEvent":
                break
            at = self._place(event.start_mark)
            name = self._key(event, at, depth)
            before, value = value, next(self._events)
            node = self._node(value, depth + 1)
            if name is None:
                continue
            if start.flow_style and ":" not in self._words[event.end_mark.index : value.end_mark.index]:
                self._no_colon(event, before, at)
                value = before
                continue
            if name in entries:
                first = entries[name].key
                line = first.line if first is not None else None
                self._note(_("'{key}' is given twice; first in line {first}", key=short(name), first=line), at)
                continue
            is_there = value.end_mark.index > value.start_mark.index or isinstance(node.value, (dict, list))
            # Nothing stands where the next thing begins, which may be lines below.
            entries[name] = replace(node, key=at) if is_there else replace(node, key=at, place=at)
        return _container(entries, list(entries.values()), place)

    def _no_colon(self, event: Any, before: Any, place: Place) -> None:
        """Note what is wrong with an entry in braces that has no colon; once for all groups of one number."""
        begins = before.start_mark.index if type(before).__name__ == "ScalarEvent" else event.start_mark.index
        found = without_colon(self._words[begins:], event.start_mark.index - begins, str(event.value))
        if not any((one.line, one.problem) == (place.line, found) for one in self.errors):
            self._note(found, place)

    def _key(self, event: Any, place: Place, depth: int) -> str | None:
        """The name of an entry; None, with an error noted, if it cannot be one."""
        if type(event).__name__ != "ScalarEvent":
            self._note(_("the name of an entry must be plain text"), place)
            if type(event).__name__ != "AliasEvent":
                self._node(event, depth + 1)
            return None
        self._count_nodes(1, depth, place)
        name = str(event.value)
        if event.tag is not None:
            self._note(_("the tag `{tag}` is not allowed; a scenario is data only", tag=short(str(event.tag))), place)
        if name == "<<" and not event.style:
            self._note(_("the merge key `<<` is not read; repeat the entries, or use `extends`"), place)
        elif not name.strip():
            self._note(_("an entry without a name"), place)
        elif any(map(_is_control, name)):
            self._note(_("{value} cannot be a name", value=shown(name)), place)
        else:
            return name
        return None


def _is_control(char: str) -> bool:
    """Whether a character is none that a page or a table shows: a control, half a character, a separator of lines."""
    return not char.isprintable() and unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _container(value: dict[str, Node] | list[Node], parts: list[Node], place: Place) -> Node:
    size = 1 + sum(part.size for part in parts)
    return Node(value, place, size=size, depth=1 + max((part.depth for part in parts), default=0))
