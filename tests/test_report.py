"""``dateline report``: one page that needs no server, no network and no script."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import html
from typer.testing import CliRunner

from dateline.store.filters import make_filters
from dateline.views import report_command
from dateline.views.errors import UsageProblem
from dateline.views.report_command import report
from dateline.views.web.database import Database
from dateline.views.web.report import report_page
from small_store import add, make_store

HOSTILE = "</style><script>alert(1)</script>\"' onload=alert(1) {{ 7 * 7 }}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small store, with a denied act made one that happened in the month after."""
    path = make_store(tmp_path_factory.mktemp("report") / "corpus.duckdb")
    with duckdb.connect(str(path)) as connection:
        for table, id in (("acts", "a3"), ("events", "eE")):
            connection.execute(
                f"UPDATE {table} SET status = 'happened', first_day = '2025-03-02',"
                " last_day = '2025-03-02' WHERE id = ?",
                [id],
            )
        connection.execute("UPDATE articles SET headline = 'A; second' WHERE id = 'A'")
    return path


@cache
def page_of(store: Path, **conditions: str) -> str:
    return report_page(Database(store), make_filters(**conditions))  # type: ignore[arg-type]


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_nothing_of_it_is_elsewhere(store: Path) -> None:
    page = html.fromstring(page_of(store))
    assert not page.xpath("//script | //link | //img | //iframe | //form | //object")
    for attribute in ("src", "srcset", "action", "poster", "data"):
        assert not page.xpath(f"//@{attribute}")
    links = page.xpath("//a/@href")
    assert links
    assert all(link.startswith(("#", "https://")) for link in links)
    ids = set(page.xpath("//@id"))
    assert {link[1:] for link in links if link.startswith("#")} <= ids


def test_its_policy_allows_its_own_style_and_nothing_else(store: Path) -> None:
    text = page_of(store)
    policy = html.fromstring(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[
        0
    ]
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert " style=" not in text
    assert "url(" not in style[1]


def test_every_act_has_its_words_and_their_source(store: Path) -> None:
    page = html.fromstring(page_of(store))
    acts = page.xpath("//article")
    assert len(acts) == 3
    call = next(act for act in acts if "phoned" in words(act))
    assert "Ivan Testov" in words(call)
    assert "2 independent sources in 3 articles" in words(call)
    number = call.xpath(".//a[starts-with(@href, '#source-')]/@href")[0]
    source = page.xpath(f"//*[@id='{number[1:]}']")[0]
    assert "A; second" in words(source)
    assert source.xpath("a/@href") == ["https://www.meridian.example/a"]


def test_days_come_latest_first(store: Path) -> None:
    page = html.fromstring(page_of(store))
    days = [words(heading) for heading in page.xpath("//section/h3")]
    assert days == ["2 Mar 2025", "10 Feb 2025", "Feb 2025"]


def test_it_has_charts_tables_and_positions(store: Path) -> None:
    page = html.fromstring(page_of(store))
    assert {"chart bars", "chart network", "chart map"} <= set(page.xpath("//figure//svg/@class"))
    assert "Russia → Ukraine" in words(page.xpath("//table[@class='pairs']")[0])
    assert "Kyiv" in words(page.xpath("//ol[@class='place-list']")[0])
    matrix = page.xpath("//table[@class='matrix']")[0]
    assert "the sanctions may stay" in words(matrix)
    assert len(set(page.xpath("//@id"))) == len(page.xpath("//@id"))


def test_filters_narrow_it_and_are_told(store: Path) -> None:
    page = html.fromstring(page_of(store, type="ASSAULT"))
    assert "Type Assault" in words(page.xpath("//header")[0])
    assert len(page.xpath("//article")) == 1
    assert "A pair is no condition on positions" in page_of(store, pair="RUS,UKR")


def test_a_report_of_nothing_says_so(store: Path) -> None:
    text = page_of(store, actor="Nobody At All")
    assert "No act meets these conditions" in text
    assert "No position meets these conditions" in text
    assert not html.fromstring(text).xpath("//figure")


def test_acts_beyond_the_limit_are_counted(store: Path) -> None:
    page = html.fromstring(report_page(Database(store), make_filters(), acts=1))
    assert len(page.xpath("//article")) == 1
    assert "the latest 1 of 3" in words(page)


def test_the_same_store_gives_the_same_page(store: Path) -> None:
    again = report_page(Database(store), make_filters())
    assert again == page_of(store)


def test_words_of_strangers_stay_words(tmp_path: Path) -> None:
    path = make_store(tmp_path / "corpus.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE actors SET name = ?, country = 'RUS'", [HOSTILE])
        connection.execute("UPDATE acts SET place_name = ? WHERE lat IS NOT NULL", [HOSTILE])
        connection.execute("UPDATE events SET evidence = ?", [HOSTILE])
        connection.execute("UPDATE positions SET content = ?", [HOSTILE])
        connection.execute("UPDATE articles SET headline = ?, outlet = ?, url = ?",
                           [HOSTILE, HOSTILE, "javascript:alert(1)"])  # fmt: skip
    text = report_page(Database(path), make_filters())
    page = html.fromstring(text)
    assert not page.xpath("//script")
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    assert "javascript:" not in "".join(page.xpath("//a/@href"))
    assert "{{ 7 * 7 }}" in page.text_content()


def test_background_is_apart(tmp_path: Path) -> None:
    path = make_store(tmp_path / "corpus.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE acts SET status = 'background' WHERE id = 'a2'")
        add(connection, "story_articles", {"article": "none", "story": "none", "evidence": "x"})
    page = html.fromstring(report_page(Database(path), make_filters()))
    headings = [words(h) for h in page.xpath("//h2")]
    assert "Background" in headings
    after = page.xpath("//h2[.='Background']/following-sibling::article")
    assert [("shelled" in words(act)) for act in after] == [True]


# -- the command -----------------------------------------------------------------------------------


def test_it_is_written_to_a_file(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    report(store, target, type=["ASSAULT"])
    assert target.read_text("utf-8") == page_of(store, type="ASSAULT")


def test_it_is_a_command(store: Path, tmp_path: Path) -> None:
    from dateline.views.cli import app

    target = tmp_path / "out.html"
    found = CliRunner().invoke(app, ["report", str(store), "--to", str(target), "--country", "UKR"])
    assert found.exit_code == 0, found.output
    assert target.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"country": ["Atlantis"]}, "country"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2025", "until": "2024"}, "after"),
    ],
)
def test_mistakes_are_told(
    store: Path, tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageProblem, match=message):
        report(store, tmp_path / "out.html", **arguments)
    assert not (tmp_path / "out.html").exists()


def test_what_is_no_store_and_where_nothing_can_be_written(store: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match=r"no\.duckdb"):
        report(tmp_path / "no.duckdb", tmp_path / "out.html")
    with pytest.raises(UsageProblem, match="cannot write"):
        report(store, tmp_path / "no folder" / "out.html")


def test_without_the_extra_it_says_what_to_install(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_command, "find_spec", lambda module: None)
    with pytest.raises(UsageProblem, match=r"dateline\[web\]"):
        report(store, tmp_path / "out.html")
