"""The timeline, the page of an act, actors, exports and citations (issue 7)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import duckdb
import pytest
from fastapi.testclient import TestClient

from dateline.store.filters import make_filters
from dateline.views.web.app import create_app
from dateline.views.web.settings import Settings
from dateline.views.web.timeline import bars_of, summary, with_status
from dateline.views.web.warm import warm
from dateline.views.web.words import days_words

from small_store import TEXTS, add, make_store  # isort: skip

BASE = "http://127.0.0.1:8642"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small store with its three tellings of a phone call, one of them background, and a page of
    a hostile outlet."""
    path = make_store(tmp_path_factory.mktemp("web") / "corpus.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE events SET status = 'planned' WHERE id = 'eC'")
        connection.execute("UPDATE acts SET status = 'background' WHERE id = 'a2'")
        connection.execute(
            """UPDATE acts SET spread = '{"number": {"two calls": ["eC"]}}' WHERE id = 'a1'"""
        )
        connection.execute(
            "UPDATE articles SET headline = '<script>alert(1)</script>', outlet = '<img src=x>',"
            " url = 'javascript:alert(1)' WHERE id = 'B'"
        )
        add(
            connection,
            "actors",
            {"article": "D", "actor": "testov", "name": "Ivan Testov", "country": "RUS"}
            | {"sector": "OPP", "sector2": "", "office": None, "kind": "person", "source": "test"},
        )
    return path


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(store)), base_url=BASE) as made:
        yield made


def page(client: TestClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


def words(html: str) -> str:
    shown = re.sub(r"<datalist.*?</datalist>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(shown).split())


def days(html: str) -> list[str]:
    return re.findall(r'<h2 class="day-head"><time datetime="([^"]+)"', html)


# -- timeline --------------------------------------------------------------------------------------


def test_acts_stand_under_their_days_and_the_newest_first(client: TestClient) -> None:
    newest = page(client, "/timeline")
    assert days(newest) == ["2025-02-10"]
    assert days(page(client, "/timeline?status=happened&status=background")) == [
        "2025-02-10",
        "2025-02-01",
    ]
    oldest = page(client, "/timeline?status=happened&status=background&order=oldest")
    assert days(oldest) == ["2025-02-01", "2025-02-10"]


def test_background_is_apart(client: TestClient) -> None:
    news, background = page(client, "/timeline"), page(client, "/timeline?status=background")
    assert "Rebels shelled Kyiv" not in news
    assert "Rebels shelled Kyiv" in background
    assert "phoned" in news
    assert "phoned" not in background
    assert "Background 1" in words(news)
    assert "News 2" in words(background)


def test_counts_are_of_independent_sources(client: TestClient) -> None:
    shown = words(page(client, "/timeline?actor=testov"))
    assert "1 act, told in 3 reports, 2 of them independent" in shown
    assert "2 independent sources in 3 articles" in shown
    assert "1 act 2 independent reports" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=Olha", True),
        ("actor=Vzor", False),
        ("pair=RUS,UKR", True),
        ("pair=RUS&pair=FRA", False),
        ("country=Ukraine", True),
        ("country=FRA", False),
        ("type=CONSULT", True),
        ("type=AID", False),
        ("since=2025-02-10&until=2025-02-10", True),
        ("since=2025-02-11", False),
        ("text=phoned", True),
        ("text=shelled", False),
        ("status=happened", True),
        ("status=denied", False),
    ],
)
def test_each_filter_is_in_the_address(client: TestClient, query: str, found: bool) -> None:
    assert ("Olha Probna" in words(page(client, f"/timeline?{query}"))) is found


def test_place_and_issue_filter(client: TestClient) -> None:
    at_kyiv = page(client, "/timeline?place=Kyiv&status=background")
    assert "Rebels" in at_kyiv
    assert "Rebels" not in page(client, "/timeline?place=Geneva&status=background")
    assert "troops had crossed" in page(client, "/timeline?issue=sanctions&status=denied")
    assert "troops had crossed" not in page(client, "/timeline?issue=ceasefire&status=denied")


def test_a_shared_address_gives_the_same_view(client: TestClient) -> None:
    asked = "/timeline?actor=Testov&since=2025-02&type=CONSULT&order=oldest"
    html = page(client, asked)
    assert 'value="Testov"' in html
    assert re.search(r'value="CONSULT" checked', html)
    assert 'name="order" value="oldest"' in html
    assert page(client, asked) == html
    assert page(client, "/timeline?type=CONSULT&order=oldest&since=2025-02-01&actor=Testov") == html


def test_a_filter_that_cannot_be_met_is_said(client: TestClient) -> None:
    html = page(client, "/timeline?type=AGREEMENT", 400)
    assert "did you mean AGREE?" in words(html)


def test_nothing_found_is_no_error(client: TestClient) -> None:
    assert "No act meets these conditions" in page(client, "/timeline?text=zebra")


def test_pages_follow_each_other(store: Path) -> None:
    app = create_app(Settings(store, page_size=1))
    with TestClient(app, base_url=BASE) as client:
        first = page(client, "/timeline?status=happened&status=background&status=denied")
        assert 'rel="next"' in first
        seen = {days(first)[0]}
        for number in (2, 3):
            part = page(
                client, f"/timeline?status=happened&status=background&status=denied&page={number}"
            )
            seen.add((days(part) or ["none"])[0])
        assert seen == {"2025-02-10", "2025-02-01", "none"}
        assert 'rel="next"' not in part


def test_the_chart_leads_to_its_acts(client: TestClient) -> None:
    filters = with_status(make_filters(status=["happened", "background"]))
    db = client.app.state.database  # type: ignore[attr-defined]
    bars = bars_of(summary(db, filters), filters)
    assert [(bar.cooperation, bar.conflict) for bar in bars] == [(1, 1)]
    assert bars[0].href == (
        "/timeline?since=2025-02&until=2025-02&status=happened&status=background"
    )


# -- an act ----------------------------------------------------------------------------------------


def test_an_act_has_all_its_evidences_by_source(client: TestClient) -> None:
    html = page(client, "/event/a1")
    assert len(re.findall(r'<li class="source">', html)) == 2
    assert len(re.findall(r'<article class="telling', html)) == 3
    assert "One story, printed 2 times: counts once" in words(html)
    for article in "ABC":
        assert f"/article/{article}?record=e{article}#lit" in html
    start = TEXTS["C"].index("Testov spoke to Probna")
    assert f"/article/C?at={start}-{start + 22}#lit" in html


def test_the_spread_of_what_they_say(client: TestClient) -> None:
    shown = words(page(client, "/event/a1"))
    assert re.search(r"Status differs planned 1 1 happened 1 2 3", shown)
    assert re.search(r"Number two calls 1 1 not told 2 articles", shown)
    assert "Day differs" not in shown


def test_a_lone_act_has_no_spread(client: TestClient) -> None:
    html = page(client, "/event/a2")
    assert "What they say" not in html
    assert "Rebels shelled Kyiv" in html


def test_an_event_leads_to_its_act(client: TestClient) -> None:
    answer = client.get("/event/eB", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/event/a1")
    assert client.get("/event/none").status_code == 404


def test_evidences_unfold_below_a_line(client: TestClient) -> None:
    html = page(client, "/event/a1/tellings")
    assert html.count('<article class="telling') == 3
    assert "<html" not in html
    assert client.get("/event/none/tellings").status_code == 404


def test_page_text_is_never_run(client: TestClient) -> None:
    for path in ("/event/a1", "/event/a1/tellings", "/cite/events/a1", "/timeline"):
        html = page(client, path)
        assert "<script>alert" not in html, path
        assert "<img src=x" not in html, path
        assert 'href="javascript' not in html, path
    assert "&lt;script&gt;alert(1)" in page(client, "/event/a1")


# -- actors ----------------------------------------------------------------------------------------


def test_actors_are_listed_by_how_often_they_are_told_of(client: TestClient) -> None:
    shown = words(page(client, "/actors"))
    assert shown.index("Ivan Testov") < shown.index("Kremlin")
    assert "Rebels" not in shown
    assert "Rebels" in words(page(client, "/actors?unknown=true"))
    assert re.search(r"All 5 People 3 Organisations 2", shown)
    assert "Kremlin" not in words(page(client, "/actors?kind=person"))
    assert "People 3" in words(page(client, "/actors?kind=group"))


def test_actors_by_name_and_country(client: TestClient) -> None:
    shown = words(page(client, "/actors?actor=armee+d%27ete"))
    assert "Armée d’Été" in shown
    assert "Testov" not in shown
    assert "Kremlin" in words(page(client, "/actors?country=Russia"))
    assert "Kremlin" not in words(page(client, "/actors?country=FRA"))


def test_an_actors_page(client: TestClient) -> None:
    shown = words(page(client, "/actor/testov"))
    assert "president" in shown
    # A role is as of the articles: president in three of them, out of office in the last.
    assert "10–11 Feb 2025 · 3 articles" in shown
    assert "no office known Russia OPP 20 Feb 2025 · 1 article" in shown
    assert "1 acts done" in shown
    assert "Olha Probna 1" in shown
    assert "Did Consult" not in words(page(client, "/actor/probna"))
    assert "Was met with" in words(page(client, "/actor/probna"))


def test_an_actors_positions_and_statements(client: TestClient) -> None:
    shown = words(page(client, "/actor/vzor"))
    assert "Sanctions accepts 1 Mar 2025" in shown
    assert "We demand that the sanctions be lifted" in shown
    assert client.get("/actor/nobody").status_code == 404
    assert "Not in the registry" in page(client, "/actor/~rebels")


# -- exports and citations -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["events", "reports", "statements", "positions", "actors", "articles"]
)
def test_every_kind_is_exported_in_both_formats(client: TestClient, kind: str) -> None:
    table = client.get(f"/export/{kind}.csv")
    lines = client.get(f"/export/{kind}.jsonl")
    assert table.headers["content-type"].startswith("text/csv")
    assert table.headers["content-disposition"] == f'attachment; filename="dateline-{kind}.csv"'
    rows = list(csv.DictReader(io.StringIO(table.text)))
    objects = [json.loads(line) for line in lines.text.splitlines()]
    assert len(rows) == len(objects) > 0
    assert list(rows[0]) == list(objects[0])


def test_an_export_has_the_rows_of_its_view(client: TestClient) -> None:
    found = client.get("/export/events.jsonl?actor=testov").text.splitlines()
    assert [json.loads(line)["id"] for line in found] == ["a1"]
    assert json.loads(found[0])["published"] == "2025-02-10T19:20:00Z"
    assert client.get("/export/events.jsonl?text=zebra").text == ""
    sums = client.get("/export/net-cooperation.csv?by=actor").text
    assert "Ivan Testov,Olha Probna" in sums


def test_an_export_that_cannot_be_made_says_so(client: TestClient) -> None:
    assert client.get("/export/weather.csv").status_code == 404
    assert client.get("/export/events.xls").status_code == 400
    answer = client.get("/export/positions.csv?pair=RUS,UKR")
    assert answer.status_code == 400
    assert "not a condition on positions" in unescape(answer.text)


def test_a_citation_names_outlet_headline_date_words_and_span(client: TestClient) -> None:
    text = client.get("/cite/statements/sD?format=text").text
    start = TEXTS["D"].index("“We demand")
    assert text == (
        '“We demand that the sanctions be lifted,” (Jan Vzor). Pampero, “Headline D: "talks"”,'
        " 20 Feb 2025. https://www.pampero.example/d."
        f" characters {start}–{start + 41} of the text, statement sD.\n"
    )
    assert "Copy" in page(client, "/cite/statements/sD")


def test_an_act_is_cited_by_all_who_tell_it(client: TestClient) -> None:
    assert len(client.get("/cite/events/a1?format=text").text.splitlines()) == 3
    bibtex = client.get("/cite/reports/eD?format=bibtex").text
    assert bibtex.startswith("@online{pampero2025-eD,\n")
    assert 'title = {Headline D: "talks"}' in bibtex
    assert client.get("/cite/positions/none").status_code == 404
    assert client.get("/cite/weather/x").status_code == 400


def test_a_store_without_text_is_shown_without_words(tmp_path: Path) -> None:
    app = create_app(Settings(make_store(tmp_path / "bare.duckdb", text=False)))
    with TestClient(app, base_url=BASE) as client:
        for path in ("/timeline", "/event/a1", "/actor/vzor", "/cite/statements/sD"):
            assert "We demand" not in page(client, path)
        assert "to its words" in page(client, "/event/a1")


def test_a_name_leads_to_its_actor(client: TestClient) -> None:
    def lead(name: str) -> str:
        answer = client.get("/actor", params={"name": name}, follow_redirects=False)
        assert answer.status_code == 303
        return str(answer.headers["location"])

    assert lead("Ivan Testov") == "/actor/testov"
    assert lead("Rebels") == "/actor/~rebels"
    assert lead("the Kremlin") == "/actors?actor=the%20Kremlin&unknown=true"
    assert lead("") == "/actors?unknown=true"
    assert 'href="/actor?name=Ivan%20Testov"' in page(client, "/timeline")


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2025-02-01", "2025-02-28", "Feb 2025"),
        ("2025-02-01", "2025-02-27", "1–27 Feb 2025"),
        ("2019-01-01", "2019-12-31", "2019"),
        ("2019-01-01", "2019-12-30", "1 Jan 2019 – 30 Dec 2019"),
        ("2019", "2019", "2019"),
        ("2025-02-01", "2025-02-01", "1 Feb 2025"),
        (None, None, "no date"),
    ],
)
def test_whole_months_and_years_are_called_so(
    first: str | None, last: str | None, shown: str
) -> None:
    assert days_words(first, last) == shown


def test_what_is_asked_first_is_made_before(store: Path) -> None:
    settings = Settings(store)
    app = create_app(settings)
    db = app.state.database
    warm(db, settings).join(timeout=30)
    made = len(db._cache)
    assert made >= 4
    with TestClient(app, base_url=BASE) as client:
        for path in ("/timeline", "/actors", "/search?q=phoned&kind=articles"):
            page(client, path)
    names = [key[1] if isinstance(key[1], str) else key[1][0] for key in db._cache]
    assert sorted(names).count("timeline days") == 1
    assert sorted(names).count("actors") == 1
    assert sorted(names).count("word index") == 1
