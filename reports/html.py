"""The report as one self-contained HTML file: no script, no outside request, every text escaped.

The only markup not made by the template is the figures' SVG, which matplotlib draws from shapes alone (letters are
paths), cleaned here of everything but shapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.document import Document
from reports.names import LEVELS
from sandbox.language import _, tag
from sandbox.visible import visible

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_STYLE = re.compile(r"<style.*?</style>\s*", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_OPEN = re.compile(r"<svg\b[^>]*>", re.DOTALL)
_VIEW_BOX = re.compile(r'viewBox="([\d. -]+)"')
_IDS = re.compile(r' id="([^"]+)"')
_HREF = re.compile(r'xlink:href="#([^"]+)"')
_URL = re.compile(r"url\(#([^)]+)\)")
_UNIT = re.compile(r"(?<=\d) (?=(?:%|ms|s|min|h|days?|million|billion|yuan)(?!\w))")
_EMPTY_DEFS = re.compile(r"<defs>\s*</defs>\s*")


def inline_svg(svg: str, prefix: str, title: str, described_by: str) -> str:
    """The SVG element of a file, to stand inside an HTML page.

    Ids get a prefix, so that two figures on a page do not take each other's letters; ids that nothing links to go, and
    so do comments, styles and metadata. `title` must be escaped already.

    >>> svg = '<?xml?><svg viewBox="0 0 4 2" xmlns="x"><!-- a --><g id="b"><use xlink:href="#b"/></g></svg>'
    >>> inline_svg(svg, "f", "T", "d")
    '<svg viewBox="0 0 4 2" role="img" aria-label="T" aria-describedby="d"><g id="f-b"><use href="#f-b"/></g></svg>'
    """
    opening = _OPEN.search(svg)
    box = _VIEW_BOX.search(opening[0]) if opening else None
    if not opening or not box:
        raise ValueError("not an SVG file with a viewBox")
    body = svg[opening.end() : svg.rindex("</svg>")]
    for useless in (_COMMENT, _STYLE, _METADATA):
        body = useless.sub("", body)
    linked = {*_HREF.findall(body), *_URL.findall(body)}
    body = _IDS.sub(lambda found: f' id="{prefix}-{found[1]}"' if found[1] in linked else "", body)
    body = _URL.sub(rf"url(#{prefix}-\1)", _HREF.sub(rf'href="#{prefix}-\1"', body))
    body = _EMPTY_DEFS.sub("", body)
    head = f'<svg viewBox="{box[1]}" role="img" aria-label="{title}" aria-describedby="{described_by}">'
    return f"{head}{body.strip()}</svg>"


def shown(words: str) -> str:
    """Text in which nothing hides or turns the direction of writing; lines stay lines."""
    return visible(words, keep="\n\t")


def keep_together(value: object) -> object:
    """A no-break space between a number and its unit; markup and other values as they are.

    >>> keep_together("99.1 % in 190 ms").count(chr(160))
    2
    """
    return _UNIT.sub("\u00a0", shown(value)) if type(value) is str else value


def with_code(text: str) -> Markup:
    """Text in which what stands between backticks is code, as scenario files write commands; all of it escaped.

    >>> str(with_code("try `--set a=<1>` & more")), str(with_code("one ` alone"))
    ('try <code>--set a=&lt;1&gt;</code> &amp; more', 'one ` alone')
    """
    from markupsafe import Markup, escape

    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(keep_together(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(shown(piece)) if place % 2 else escape(keep_together(piece))
        for place, piece in enumerate(pieces)
    )


def to_html(document: Document, svgs: Mapping[str, str]) -> str:
    """Write the report down as HTML; `svgs` holds each figure's SVG file by the chart's key."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=keep_together,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    figures: dict[str, Any] = {
        chart.key: Markup(inline_svg(svgs[chart.key], chart.key, str(escape(shown(chart.title))), f"alt-{chart.key}"))
        for chart in document.charts
    }
    environment.filters["verbatim"] = lambda words: escape(shown(words))
    environment.filters["with_code"] = with_code
    environment.globals.update(_=_, language=tag(), levels=LEVELS, kind=lambda block: type(block).__name__)
    return environment.get_template("report.html.j2").render(document=document, figures=figures) + "\n"
