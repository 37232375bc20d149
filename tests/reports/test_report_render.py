"""Reports as files: they say what the run says, need nothing from outside, and let no text become markup."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

import sandbox
from reports.document import Bullets, Code, Document, Paragraph
from reports.html import to_html
from reports.markdown import escape, to_markdown
from reports.render import render
from reports.sections.build import build
from reports.source import read
from sandbox.records import RunError, open_run
from tests.reports.report_cases import BAD_PARAMETER, CASES, HOSTILE

BROKEN = [{"station": "ledger", "kind": "outage", "starts": "1 h", "lasts": "20 min"}]
VOID = {"meta", "img", "br", "link", "input", "hr"}
NAMES = sorted(CASES)


class Page(HTMLParser):
    """The elements of a page, and whether each that opens also closes in order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.inside: Counter[str] = Counter()
        self.feed(source)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        for parent in set(self.open):
            self.inside[f"{parent} {tag}"] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).replace("\u00a0", " ").split())


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_whole_and_needs_nothing_from_outside(rendered, name):
    source = rendered(name).html.read_text(encoding="utf-8")
    page = Page(source)
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert [one for one, times in ids.items() if times > 1] == []
    for tag, attributes in page.elements:
        assert tag not in {"script", "iframe", "object", "embed", "link", "base", "form", "foreignobject"}
        for attribute, value in attributes.items():
            assert not attribute.startswith("on"), (tag, attribute)
            if attribute in ("href", "src", "xlink:href", "action"):
                assert value is not None
                assert value.startswith("#"), (tag, value)
                assert value[1:] in ids, f"{value} leads nowhere"
            elif "url(" in (value or ""):
                assert re.findall(r"url\(#([^)]+)\)", value or "")[0] in ids
    assert "http" not in "".join(re.findall(r"<style.*?</style>", source, re.DOTALL))
    assert "url(" not in "".join(re.findall(r"<style.*?</style>", source, re.DOTALL))
    policy = [attributes.get("content") for tag, attributes in page.elements if tag == "meta"]
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in policy


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_a_caption_words_for_it_and_its_numbers(rendered, name):
    page = Page(rendered(name).html.read_text(encoding="utf-8"))
    figures = [attributes["id"] for tag, attributes in page.elements if tag == "figure"]
    assert len(figures) == len(rendered(name).figures) // 2
    for part in ("figcaption", "table", "svg", "details"):
        assert page.inside[f"figure {part}"] == len(figures), part
    described = [attributes for tag, attributes in page.elements if tag == "svg"]
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert all(one["role"] == "img" and one["aria-label"] and one["aria-describedby"] in ids for one in described)
    document = build(read(rendered(name).html.parent))
    for chart in document.charts:
        assert all(len(text) > 20 for text in (chart.shows, chart.hides, chart.alt)), chart.key
        assert chart.table.rows
        assert all(len(row) == len(chart.table.head) for row in chart.table.rows)


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_files_without_outside_links(rendered, name):
    report = rendered(name)
    on_disk = sorted((report.html.parent / "figures").iterdir())
    assert on_disk == sorted(report.figures)
    for file in report.figures:
        if file.suffix == ".png":
            assert file.read_bytes().startswith(b"\x89PNG\r\n")
            continue
        root = ElementTree.parse(file).getroot()
        links = [value for element in root.iter() for key, value in element.attrib.items() if key.endswith("href")]
        assert all(link.startswith(("#", "data:")) for link in links)
        assert not [element for element in root.iter() if element.tag.endswith(("script", "text", "metadata"))]


@pytest.mark.parametrize("name", NAMES)
def test_markdown_and_html_say_the_same(rendered, name):
    report = rendered(name)
    page = Page(report.html.read_text(encoding="utf-8")).words
    markdown = report.markdown.read_text(encoding="utf-8")
    document = build(read(report.html.parent))
    tables = [chart.table for chart in document.charts]
    tables += [block for section in document.sections for block in section.blocks if hasattr(block, "rows")]
    assert tables
    for table in tables:
        for row in table.rows:
            assert "| " + " | ".join(escape(cell) for cell in row) + " |" in markdown
            for cell in row:
                assert " ".join(cell.split()) in page
    assert escape(document.summary[0].text) in markdown
    assert document.summary[0].text in page


def test_the_headline_is_the_summary_s_numbers(rendered):
    folder = rendered("full").html.parent
    throughput = json.loads((folder / "summary.json").read_text())["throughput"]
    share = f"{100 * throughput['settled'] / throughput['payments']:.1f} %"
    words = Page(rendered("full").html.read_text(encoding="utf-8")).words
    assert re.search(
        rf"Of {throughput['payments']:,} payments worth [\d.]+ million yuan, {share} settled by number and ", words
    )
    assert "half took at most 190 ms, 99 of 100 at most 612 ms" in words


def test_the_report_of_a_real_run(small_town, tmp_path):
    run = sandbox.run(small_town, out=tmp_path / "run", set={"faults": BROKEN}, finish=render)
    words = Page((run.path / "report.html").read_text(encoding="utf-8")).words
    settled = int((run.payments["outcome"] == "settled").sum())
    of_value = run.payments["amount_fen"][run.payments["outcome"] == "settled"].sum() / run.payments["amount_fen"].sum()
    assert f"Of {len(run.payments):,} payments worth " in words
    assert f"{100 * settled / len(run.payments):.1f} % settled by number and {100 * of_value:.1f} % by value" in words
    assert "fault begins" in words
    assert "lasted 20 min, from Mon 2 Mar 2026 01:00" in words
    assert "Yes. All balances" in words
    assert run.manifest["scenario"]["digest"] in words
    before = (run.path / "report.html").read_bytes()
    render(run.path)
    assert (run.path / "report.html").read_bytes() == before, "the finished run gives the report that it was given"


def test_nothing_offered_and_nothing_settled_are_said(rendered):
    assert "No payment was offered" in rendered("no_payments").markdown.read_text()
    unsettled = rendered("nothing_settled").markdown.read_text()
    assert re.search(r"Of [\d,]+ payments none settled", unsettled)
    assert "Nothing settled, so there is no time to settle" in unsettled


def test_what_a_run_lacks_has_no_chapter_and_what_it_has_does(rendered):
    full, plain = (rendered(name).markdown.read_text() for name in ("full", "plain"))
    for words in ("Campaign: luohu", "### The sandbox", "### Interest", "### The payment trace", "47,573"):
        assert words in full
        assert words not in plain


def test_warnings_stand_where_they_are_due(rendered):
    recorded, bad = rendered("full").markdown.read_text(), rendered("nothing_recorded").markdown.read_text()
    assert "Only a part of the payments was recorded" in bad
    assert "The books of this run do not balance" in bad
    assert "Only a part of the payments was recorded" not in recorded
    assert "do not balance" not in recorded
    assert "Every fen is accounted for" in recorded
    assert "payments settled. The 99th percentile rests on" in rendered("few_payments").markdown.read_text()


def test_hostile_text_stays_text(rendered):
    report = rendered("hostile")
    source = report.html.read_text(encoding="utf-8")
    assert "<script" not in source.lower()
    assert "<img" not in source.lower()
    words = Page(source).words
    for text in (HOSTILE, "红包", "<img src=x onerror=alert(1)>", "]]><svg onload=alert(1)>", "</details><b>"):
        assert text in words
    markdown = re.sub(
        r"^(`{3,})\n.*?\n\1$", "", report.markdown.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    assert not re.search(r"(?<!\\)[<>]", markdown.replace("\n> **Note.**", ""))
    assert not re.search(r"(?<!\\)\]\(", re.sub(r"!\[.*\]\(figures/[a-z0-9-]+\.png\)", "", markdown))
    assert "://" not in markdown


def test_text_that_hides_or_turns_is_shown_escaped():
    forged = "a\u202eb\u200b\u2066\x1b[2J\ufeff"
    said = r"a\u202eb\u200b\u2066\x1b[2J\ufeff"
    page = Document(forged, forged, forged, (Paragraph(forged), Bullets((f"`{forged}`",)), Code(forged)), ())
    html, markdown = to_html(page, {}), to_markdown(page)
    assert html.count(said) >= 5
    assert markdown.count(said.replace("\\", "\\\\").replace("[", "\\[")) >= 4
    assert said in markdown  # as code
    for written in (html, markdown):
        assert not set(written) & set("\u202e\u2066\x1b\ufeff")
    assert "\u200b" not in html


def test_the_command_to_repeat_survives_a_shell(rendered):
    blocks = [block for section in build(read(rendered("hostile").html.parent)).sections for block in section.blocks]
    command = next(block.text for block in blocks if isinstance(block, Code))
    assert shlex.split(command)[:5] == ["ecny-sandbox", "run", "fake", "--seed", "7"]
    assert shlex.split(command)[-1] == f"{BAD_PARAMETER['path']}={BAD_PARAMETER['value']}"
    assert command in Page(rendered("hostile").html.read_text(encoding="utf-8")).words


def test_names_that_cannot_be_drawn_are_explained(rendered):
    words = Page(rendered("hostile").html.read_text(encoding="utf-8")).words
    assert re.search(r"In the figure: #\d is 工商银行", words)
    assert re.search(r"#\d is العربية", words)


def test_the_same_folder_gives_the_same_bytes(rendered, tmp_path):
    report = rendered("full")
    copy = tmp_path / "elsewhere"
    shutil.copytree(report.html.parent, copy)
    for file in (copy / "report.html", copy / "report.md", *(copy / "figures").iterdir()):
        file.unlink()
    program = "import sys; from reports.render import render; render(sys.argv[1])"
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", program, str(copy)], check=True, env=environment)
    for file in (report.html, report.markdown, *report.figures):
        again = copy / file.relative_to(report.html.parent)
        assert again.read_bytes() == file.read_bytes(), file.name


def test_another_seed_gives_another_report(rendered, tmp_path):
    other = render(CASES["plain"].write(tmp_path / "run"))
    assert other.html.read_bytes() == rendered("plain").html.read_bytes()
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    summary["throughput"]["latency_ms"]["p50"] = 250.0
    (tmp_path / "run" / "summary.json").write_text(json.dumps(summary))
    changed = render(tmp_path / "run")
    assert changed.html.read_bytes() != rendered("plain").html.read_bytes()
    assert "250 ms" in changed.markdown.read_text()


def test_figures_of_an_earlier_rendering_go(tmp_path):
    folder = CASES["no_payments"].write(tmp_path / "run")
    (folder / "figures").mkdir()
    (folder / "figures" / "campaign-7.svg").write_text("old")
    (folder / "figures" / "notes.txt").write_text("mine")
    render(folder)
    assert not (folder / "figures" / "campaign-7.svg").exists()
    assert (folder / "figures" / "notes.txt").read_text() == "mine"
    assert not list(folder.glob(".*")) + list((folder / "figures").glob(".*"))


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunError):
        render(tmp_path)
    assert not list(tmp_path.iterdir())


def test_asking_for_the_module_does_not_import_the_heavy_ones():
    heavy = ("matplotlib", "pandas", "jinja2", "pyarrow")
    program = f"import sys, reports.render; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


def test_rendering_does_not_import_pandas(tmp_path):
    folder: Path = CASES["few_payments"].write(tmp_path / "run")
    program = "import sys; from reports.render import render; render(sys.argv[1]); print('pandas' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program, str(folder)], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "False"


def test_columns_are_read_as_pandas_reads_them(rendered):
    folder = rendered("hostile").html.parent
    ours, frames = read(folder), open_run(folder, unfinished=True)
    for table in ("series", "stations"):
        for name, column in getattr(ours, table).items():
            expected = getattr(frames, table)[name].tolist()
            assert len(column) == len(expected) > 0
            missing = [value is None or value != value or str(value) == "<NA>" for value in expected]
            assert [value is None or value != value for value in column.tolist()] == missing, name
            pairs = zip(column.tolist(), expected, missing, strict=True)
            assert all(one == other for one, other, absent in pairs if not absent), name
