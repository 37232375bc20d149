"""Figures: letters that can be drawn, and nothing that leaves the paper."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from reports.figures import canvas
from reports.figures.labels import _DRAWABLE, _GAPS, Labels, drawable
from tests.reports.report_cases import CASES


def test_every_letter_that_counts_as_drawable_is_in_the_font():
    from matplotlib.font_manager import FontProperties, findfont, get_font

    have = get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap()
    wanted = {code for low, high in _DRAWABLE for code in range(low, high + 1)} - _GAPS
    assert sorted(wanted - set(have)) == []


def test_labels_are_short_different_and_explained():
    names = [
        "工商银行",
        "#1",
        "Bank",
        "Bank",
        "A very long name of a bank 1",
        "A very long name of a bank 2",
        "\u202eevil",
        " ",
    ]
    labels = Labels(names)
    shown = [labels[name] for name in dict.fromkeys(names)]
    assert len(set(shown)) == len(shown)
    assert all(len(label) <= 18 and drawable(label) for label in shown)
    assert labels["Bank"] == "Bank"
    assert dict(labels.explained) == {labels[name]: name for name in names if name != "Bank"}


def test_text_is_measured_as_it_is_drawn():
    board = canvas.Board(40)
    with canvas.styled():
        board.words(100, 10, "Wide WWW")
        figure = board.finished()
        x = figure.artists[-1].get_path().vertices[:, 0]
    assert x.min() >= 100
    assert x.max() == pytest.approx(100 + canvas.text_width("Wide WWW"), abs=1.5)
    assert canvas.text_width("WWWW") > 2 * canvas.text_width("iiii")


@pytest.mark.parametrize("name", sorted(CASES))
def test_nothing_is_cut_at_the_edge_of_a_figure(rendered, name):
    """The outermost pixels of every picture are white, so no letter or line runs off it."""
    for file in rendered(name).figures:
        if file.suffix == ".png":
            pixels = np.asarray(Image.open(file).convert("L"))
            edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
            assert edge.min() > 250, file.name


def test_what_a_hatch_or_clip_refers_to_is_in_the_figure(rendered):
    for file in rendered("full").figures:
        if file.suffix == ".svg":
            text = file.read_text(encoding="utf-8")
            ids = {one.attrib["id"] for one in ElementTree.fromstring(text).iter() if "id" in one.attrib}
            assert set(re.findall(r"url\(#([^)]+)\)", text)) <= ids
