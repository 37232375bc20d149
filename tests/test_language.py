"""Messages are translated where they stand, and filled in with values that are no templates."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from sandbox import language
from sandbox.feature import Feature
from sandbox.feature import using as with_features
from sandbox.language import ENGLISH, N_, Catalogue, _, choose, named, plural


def compiled(folder: Path, domain: str, tag: str, said: dict[str | tuple[str, str], str | tuple[str, ...]]) -> None:
    """A catalogue on disk, as gettext looks for it."""
    catalog = Catalog(locale=tag, domain=domain)
    for message, words in said.items():
        catalog.add(message, words)
    place = folder / tag / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"{domain}.mo").open("wb") as file:
        write_mo(file, catalog)


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a choice changes is put back."""
    monkeypatch.setenv("LANGUAGE", os.environ.get("LANGUAGE", ""))
    domain, token = gettext.textdomain(), language._translations.set(None)
    yield
    gettext.textdomain(domain)
    language._translations.reset(token)


def test_english_is_what_stands_in_the_code() -> None:
    assert _("{count} runs", count="3") == "3 runs"
    assert _("100 %, {{as it is}}") == "100 %, {as it is}"
    assert plural("one run", "{count} runs", 1, count=1) == "one run"


def test_values_are_no_templates() -> None:
    hostile = "{0.__class__} {count} %s"
    assert _("{name}: {count}", name=hostile, count=1) == f"{hostile}: 1"
    assert _("{} by {}", hostile, 2) == f"{hostile} by 2"


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        _("{count} runs")


def test_a_catalogue_is_found_by_its_language(tmp_path: Path) -> None:
    compiled(
        tmp_path,
        "ecny_sandbox",
        "zh",
        {
            "{count} of {all} runs": "{all} 次运行中的 {count} 次",
            ("one run", "{count} runs"): ("{count} 次运行",),
            "timed out": "超时",
        },
    )
    choose("zh", tmp_path)
    assert _("{count} of {all} runs", count=3, all=5) == "5 次运行中的 3 次"
    assert [plural("one run", "{count} runs", count, count=count) for count in (1, 2)] == ["1 次运行", "2 次运行"]
    assert named({"timed_out": N_("timed out")}, "timed_out") == "超时"
    assert _("nobody translated this") == "nobody translated this"
    choose(ENGLISH)
    assert _("timed out") == "timed out"


def test_click_speaks_the_language_of_the_door(tmp_path: Path) -> None:
    compiled(tmp_path, "ecny_sandbox", "zh", {"Usage:": "用法：", "Options": "选项"})
    choose("zh", tmp_path)
    command = click.Command("run", params=[click.Option(["--seed"])])
    said = command.get_help(click.Context(command))
    assert "用法：" in said
    assert "选项" in said


def test_a_feature_brings_a_catalogue_of_its_own(tmp_path: Path) -> None:
    compiled(tmp_path / "ours", "ecny_sandbox", "zh", {"settled": "已结算"})
    compiled(tmp_path / "theirs", "tips", "zh", {"Tips": "小费", "settled": "别的"})
    choose("zh", tmp_path / "ours")
    with with_features(Feature("tips", (Catalogue("tips", tmp_path / "theirs"),))):
        assert (_("Tips"), _("settled")) == ("小费", "已结算")


def test_there_are_languages_of_ours_and_of_features(tmp_path: Path) -> None:
    compiled(tmp_path / "ours", "ecny_sandbox", "zh", {"settled": "已结算"})
    compiled(tmp_path / "theirs", "tips", "fr", {"Tips": "Pourboires"})
    with with_features(Feature("tips", (Catalogue("tips", tmp_path / "theirs"),))):
        assert language.languages(tmp_path / "ours") == ["en", "zh", "fr"]
        choose("fr", tmp_path / "ours")
        assert (_("Tips"), language.tag()) == ("Pourboires", "fr")
    with pytest.raises(language.UnknownLanguage, match="there is no language 'fr'; there are: en, zh"):
        choose("fr", tmp_path / "ours")
