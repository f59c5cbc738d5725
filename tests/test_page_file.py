"""`dateline read --html`: one record as one file."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from lxml import html
from typer.testing import CliRunner

import dateline
from dateline.analysis.model import Place, TimeExpression
from dateline.page.model import Page
from dateline.views.cli import app
from dateline.views.page_file import page_file
from hand_built import TEXT, at, record, without_story
from web_pages import LINK, PAGE, printed_record

_OUTSIDE = re.compile(r"url\(|@import|src=|<link|<img|<iframe|<object|fetch\(|XMLHttp|import\(")


def _page(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_file_holds_the_whole_text_and_its_records() -> None:
    page = _page(page_file(record()))
    assert "\n\n".join(p.text_content() for p in page.xpath("//div[@class='par']/p")) == TEXT
    keys = page.xpath("//li[contains(@class, 'card')]/@data-key")
    assert {"s1", "e1", "e2", "actor-1", "conflict-1", "dropped-1"} <= set(keys)


def test_the_file_asks_nothing_of_the_network() -> None:
    text = page_file(printed_record(), page=Page(PAGE, "text"))
    assert _OUTSIDE.search(text) is None
    policy = _page(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none';")
    assert "'self'" not in policy


def test_the_policy_knows_its_own_script_and_style_and_no_other() -> None:
    text = page_file(record())
    policy = _page(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    script = text.partition("<script>")[2].partition("</script>")[0]
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert f"script-src {_hash(script)};" in policy
    assert f"style-src {_hash(style)};" in policy
    assert _hash(script + " ") not in policy


def test_records_lead_to_their_paragraph_without_script() -> None:
    page = _page(page_file(record()))
    assert page.xpath("//*[@id='r-e2']//a[@data-key='e2']/@href") == ["#p2"]
    assert page.xpath("//*[@id='r-e1']//a[@data-key='e1']/@href") == ["#p1"]
    inner = {link for link in page.xpath("//a/@href") if link.startswith("#")}
    assert inner <= {f"#{id}" for id in page.xpath("//@id")}
    outer = {link for link in page.xpath("//a/@href") if not link.startswith("#")}
    assert outer == {"https://news.example/envoy"}


def test_what_stood_around_the_story_is_there_when_the_page_is_given() -> None:
    assert LINK in page_file(printed_record(), page=Page(PAGE, "text"))
    assert LINK not in page_file(printed_record())


def test_all_times_and_places_are_marked_when_they_are_given() -> None:
    told = record()
    places = [Place(at("Kassala"), "Kassala", 15.45, 36.4, "SDN")]
    times = [TimeExpression(at("Monday"), "DATE", "", "Monday")]
    page = _page(page_file(told, places=places, times=times))
    marked = page.xpath("//div[@class='par']//*[contains(@class, 'm-place')]")
    assert [m.text_content() for m in marked] == ["Kassala"]
    cards = " ".join(_page(page_file(told, places=places, times=times)).text_content().split())
    assert "Kassala, SDN, 15.45° N 36.40° E" in cards
    assert "Monday not resolved" in cards


def test_the_same_record_gives_the_same_file() -> None:
    assert page_file(record()) == page_file(record())


def test_a_record_without_headline_or_time_is_a_file_too() -> None:
    article = record().article.model_copy(
        update={"headline": None, "published": None, "url": None, "captions": [], "bylines": []}
    )
    text = page_file(record(article=article, events=[], dropped=[], actors=[]))
    assert "(no headline)" in text
    assert "no date on the page" in text
    assert "No act was coded." in text


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """`dateline.read` gives the hand-built record, without the language model."""
    monkeypatch.setattr(dateline, "read", lambda *_, **__: printed_record())
    monkeypatch.setattr(dateline, "places", lambda _: [])
    monkeypatch.setattr(dateline, "times", lambda _, *, reference: [])


@pytest.mark.usefixtures("told")
def test_read_writes_the_file_and_says_so(tmp_path: Path) -> None:
    source, out = tmp_path / "page.txt", tmp_path / "out.html"
    source.write_text(PAGE, encoding="utf-8")
    result = CliRunner().invoke(app, ["read", str(source), "--html", str(out)])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert f"wrote {out}" in result.stderr
    assert LINK in out.read_text(encoding="utf-8")
    shown = CliRunner().invoke(app, ["read", str(source), "--html", "-"])
    assert shown.stdout.startswith("<!doctype html>")
    both = CliRunner().invoke(app, ["read", str(source), "--html", str(out), "--json"])
    assert both.stdout.startswith("{")


@pytest.mark.usefixtures("told")
def test_read_says_when_the_file_cannot_be_written(tmp_path: Path) -> None:
    source = tmp_path / "page.txt"
    source.write_text(PAGE, encoding="utf-8")
    result = CliRunner().invoke(
        app, ["read", str(source), "--html", str(tmp_path / "no" / "o.html")]
    )
    assert "cannot write" in str(result.exception)


def test_a_page_without_a_story_writes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dateline, "read", lambda *_, **__: without_story())
    source, out = tmp_path / "page.txt", tmp_path / "out.html"
    source.write_text("Subscribe", encoding="utf-8")
    result = CliRunner().invoke(app, ["read", str(source), "--html", str(out)])
    assert result.exit_code == 3
    assert not out.exists()
