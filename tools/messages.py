"""Messages for translators: what is marked in the code and, in click, what the command line says by itself.

    python -m tools.messages      writes sandbox/locale/ecny_sandbox.pot, brings catalogues up to it, compiles them

A new language begins with `python -m babel.messages.frontend init -i sandbox/locale/ecny_sandbox.pot -d sandbox/locale
-D ecny_sandbox -l zh`. Python files are read as trees here: Babel's own reader of Python misses a message that stands
inside a call inside another message.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reports.chapter import Chapter
from reports.sections.basis import DERIVED
from sandbox.experiment import errors
from sandbox.feature import declared
from sandbox.language import DOMAIN, FOLDER
from sandbox.metric import declared_metrics
from sandbox.scenario.introspection import Shape, root_shape, shapes
from sandbox.scenario.provenance import declared_source
from sandbox.version import __version__
from wallets.classes import LIMIT_SOURCES

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = ("wallets", "sandbox", "reports")
KEYWORDS: Final[Mapping[str, Any]] = {"_": None, "N_": None, "plural": (1, 2), "ngettext": (1, 2)}
"""Functions whose arguments are messages, as Babel has them; the last is click's."""
FILLED: Final[Mapping[str, tuple[int, ...]]] = {
    "says": (0,),
    "finding": (2, 3),
    "stated": (0, 1),
    "only_some": (2,),
} | {name: (0,) for name, one in vars(errors).items() if isinstance(one, type)}
"""What translates what it is given at these places, each a message of its own: functions of reports, and errors."""

Found = tuple[int, str, str | tuple[str | None, ...], list[str]]


def marked(
    fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Messages of a Python file: line, function, arguments. What Babel calls an extraction method."""
    for node in ast.walk(ast.parse(fileobj.read())):
        name = called(node)
        said = tuple(one.value if _is_text(one) else None for one in node.args) if isinstance(node, ast.Call) else ()
        if name in FILLED:
            yield from ((node.lineno, "_", text, []) for place in FILLED[name] if (text := said[place]))
        elif name in keywords and any(said):
            yield node.lineno, name, said if len(said) > 1 else str(said[0]), []


def called(node: ast.AST) -> str:
    """The name of a function that is called, or of a method in `FILLED`; nothing of another one."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute) and function.attr in FILLED:
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def template(root: Path = ROOT) -> Catalog:
    """Everything that is marked below a checkout, and in click."""
    catalog = Catalog(project="ecny-sandbox", version=__version__, domain=DOMAIN, charset="utf-8")
    click_itself = Path(click.__file__).parent
    for place, base in (*((root / name, root) for name in PACKAGES), (click_itself, click_itself.parent)):
        methods = [("**.py", marked), ("**.j2", "jinja2")]
        for file, line, message, comments, context in extract_from_dir(place, methods, keywords=KEYWORDS):
            where = (place / file).relative_to(base).as_posix()
            catalog.add(message, locations=[(where, line)], auto_comments=comments, context=context)
    for text in filter(None, declared_texts() if root == ROOT else ()):
        catalog.add(text)
    return catalog


def declared_texts() -> Iterator[str]:
    """Texts of declarations, which may be put together there: names of numbers, what parameters are and rest on."""
    yield "required"  # click's, which does not mark it
    derived = (*DERIVED, *(one for __, chapter in declared(Chapter) for one in chapter.derived))
    for one in (*declared_metrics(), *derived):
        yield one.label
        if one.threshold is not None:
            yield one.threshold.source
    for field in fields(root_shape(), set()):
        yield from (field.description or "", declared_source(field))
    for sources in LIMIT_SOURCES.values():
        yield from sources.values()


def fields(shape: Shape | None, seen: set[type[BaseModel]]) -> Iterator[FieldInfo]:
    """Every field of a scenario."""
    if shape is None or shape.model in seen:
        return
    if shape.model is not None:
        seen.add(shape.model)
        yield from shape.model.model_fields.values()
        for below in shapes(shape.model).values():
            yield from fields(below, seen)
    yield from fields(shape.item, seen)


def main() -> None:
    """Write the template, bring every catalogue up to it, compile it."""
    FOLDER.mkdir(exist_ok=True)
    found = template()
    with (FOLDER / f"{DOMAIN}.pot").open("wb") as file:
        write_po(file, found, sort_by_file=True)
    for place in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with place.open("rb") as file:
            catalog = read_po(file, locale=place.parents[1].name, domain=DOMAIN)
        catalog.update(found)
        with place.open("wb") as file:
            write_po(file, catalog, sort_by_file=True)
        with place.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        missing = sum(not one.string for one in catalog if one.id)
        print(f"{place.parents[1].name}: {len(catalog)} messages, {missing} of them not translated")
    print(f"{FOLDER / f'{DOMAIN}.pot'}: {len(found)} messages")


if __name__ == "__main__":
    main()
