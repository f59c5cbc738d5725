"""The matrix of parties and issues, the history behind a cell, and two parties side by side."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import duckdb
import pytest
from fastapi.testclient import TestClient
from lxml import html

from dateline.knowledge.tables import KnowledgeError
from dateline.store.filters import make_filters
from dateline.views.web import stands
from dateline.views.web.database import Database
from dateline.views.web.positions import SIGNS, Compared, compared, grouped
from small_store import TEXTS, add, make_store
from web_pages import visitor

HOSTILE = '"><script>alert(1)</script>/../?x=1#{{ 7 * 7 }}'
CELLS = "//table[contains(@class, 'matrix')]//td/a"


def said(
    store: Path, id: str, article: str, issue: str, stance: str, day: str | None, **who: Any
) -> None:
    """Add a position of a party. ``who`` are columns of its actor; ``text`` its words."""
    content = TEXTS[article][:20]
    mention = who.pop("text", "somebody")
    with duckdb.connect(str(store)) as connection:
        position = {
            "id": id, "article": article, "issue": issue, "stance": stance, "content": content,
            "content_start": 0, "content_end": 20, "when_start": day, "when_end": day,
            "when_basis": "stated" if day else None, "confidence": 0.9,
        }  # fmt: skip
        add(connection, "positions", position)
        actor = who.get("actor")
        party = {"article": article, "owner": id, "role": "party", "actor": actor, "text": mention}
        add(connection, "parties", party)
        if actor is not None:
            add(connection, "actors", {"article": article, "source": "test", **who})


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.duckdb"
    path.write_bytes(_spoken())
    return path


@cache
def _spoken() -> bytes:
    """The small store, in which a Czech minister moved on sanctions, with a Russian side that speaks
    through its government and its army, and rebels of the same country who do not."""
    with TemporaryDirectory() as folder:
        path = make_store(Path(folder) / "corpus.duckdb")
        _add_stances(path)
        return path.read_bytes()


def _add_stances(path: Path) -> None:
    russia = {"country": "RUS", "kind": "person"}
    said(path, "q1", "A", "sanctions", "accepts", "2025-02-01", actor="minister", sector="GOV",
         name="Ada Minister", **russia)  # fmt: skip
    said(path, "q2", "C", "sanctions", "rejects", "2025-02-10", actor="general", sector="MIL",
         name="Ben General", **russia)  # fmt: skip
    said(path, "q3", "D", "ceasefire", "demands", "2025-02-20", actor="~rebel", sector="REB",
         name="Rebel Front", **russia)  # fmt: skip
    said(path, "q4", "D", "ceasefire", "offers", "2025-02", text="a man / a word")


def database(store: Path) -> Database:
    return Database(store)


def matrix(store: Path, grouping: stands.Grouping = "side", **conditions: Any) -> stands.Matrix:
    return stands.matrix(database(store), make_filters(**conditions), grouping, 20)


def test_a_state_speaks_through_its_offices_and_rebels_for_themselves(store: Path) -> None:
    found = matrix(store)
    assert {party.key for party in found.parties} == {"RUS", "CZE", "Rebel Front", "a man / a word"}
    russia = found.cells["RUS", "sanctions"]
    assert (russia.stance, russia.before, russia.before_day) == ("rejects", "accepts", "2025-02-01")
    assert russia.n_stands == 2
    assert next(p.name for p in found.parties if p.key == "CZE") == "Czechia"


def test_each_person_is_a_row_when_asked_for(store: Path) -> None:
    found = matrix(store, "actor")
    assert found.cells["minister", "sanctions"].stance == "accepts"
    assert found.cells["general", "sanctions"].before is None
    assert ("RUS", "sanctions") not in found.cells


def test_a_cell_is_the_latest_stance_with_its_words_and_day(store: Path) -> None:
    cell = matrix(store).cells["CZE", "sanctions"]
    assert (cell.stance, cell.content, cell.first) == (
        "accepts",
        "the sanctions may stay",
        "2025-03-01",
    )
    assert (cell.before, cell.before_day) == ("demands", "2025-02-20")


def test_what_is_said_on_one_day_is_no_move(store: Path) -> None:
    said(store, "q5", "E", "sanctions", "doubts", "2025-03-01", actor="vzor2", sector="GOV",
         name="Jan Vzor", country="CZE", kind="person")  # fmt: skip
    cell = matrix(store).cells["CZE", "sanctions"]
    assert cell.before == "demands"
    assert cell.n_stands == 3


def test_copies_of_a_story_count_once(store: Path) -> None:
    """A and B print one wire story."""
    said(store, "q6", "B", "sanctions", "accepts", "2025-02-01", actor="minister", sector="GOV",
         name="Ada Minister", country="RUS", kind="person")  # fmt: skip
    assert matrix(store).cells["RUS", "sanctions"].n_stands == 2
    rows = stands.history(database(store), make_filters(), "RUS", "sanctions")
    assert [(row["stance"], row["n_articles"]) for row in rows] == [("accepts", 2), ("rejects", 1)]


@pytest.mark.parametrize(
    ("conditions", "parties"),
    [
        ({"issue": "ceasefire"}, {"Rebel Front", "a man / a word"}),
        ({"until": "2025-02-05"}, {"RUS", "a man / a word"}),
        ({"country": "CZE"}, {"CZE"}),
        ({"actor": "General"}, {"RUS"}),
        ({"text": "no such words"}, set()),
    ],
)
def test_filters_narrow_the_matrix(
    store: Path, conditions: dict[str, Any], parties: set[str]
) -> None:
    assert {party.key for party in matrix(store, **conditions).parties} == parties


def test_parties_come_in_pages(store: Path) -> None:
    db = database(store)
    pages = [stands.matrix(db, make_filters(), "side", 2, at).parties for at in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 0]
    assert len({party.key for page in pages for party in page}) == 4


def test_a_history_names_who_spoke(store: Path) -> None:
    rows = stands.history(database(store), make_filters(), "RUS", "sanctions")
    assert [(row["party"], row["stance"]) for row in rows] == [
        ("Ada Minister", "accepts"),
        ("Ben General", "rejects"),
    ]
    own = stands.history(database(store), make_filters(), "general", "sanctions")
    assert [row["id"] for row in own] == ["q2"]
    rows = stands.history(database(store), make_filters(), "CZE", "sanctions")
    assert {row["reported_by"] for row in rows} == {"Jan Vzor"}


# -- two parties -----------------------------------------------------------------------------------


def test_every_two_stances_have_a_relation_whichever_comes_first() -> None:
    for a in stands.STANCES:
        for b in stands.STANCES:
            assert stands.relation(a, b) == stands.relation(b, a)
    assert stands.relation("accepts", "supports") == "agree"
    assert stands.relation("accepts", "rejects") == "differ"
    assert stands.relation("rejects", "rules_out") == "agree"
    assert stands.relation("demands", "demands") == "near"
    assert set(SIGNS) == set(stands.STANCES)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("accepts", "yes", "agree")], "line 1: accepts or yes is no stance"),
        ([("accepts", "offers", "maybe")], "line 1: maybe is no relation"),
        ([("accepts", "offers", "agree")], "is missing"),
    ],
)
def test_the_table_of_relations_is_checked(
    monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str, str]], message: str
) -> None:
    table = [
        (i, dict(zip(("a", "b", "relation"), row, strict=True))) for i, row in enumerate(rows, 1)
    ]
    monkeypatch.setattr(stands, "numbered_rows", lambda name, columns: iter(table))
    stands._relations.cache_clear()
    with pytest.raises(KnowledgeError, match=message):
        stands.relation("accepts", "offers")
    stands._relations.cache_clear()


def test_two_parties_side_by_side(store: Path) -> None:
    found = compared(database(store), make_filters(), "RUS", "CZE")
    assert [(row.issue, row.relation, row.moved) for row in found] == [
        ("sanctions", "differ", True)
    ]
    groups = grouped(compared(database(store), make_filters(), "RUS", "Rebel Front"))
    assert [row.issue for row in groups["alone"]] == ["ceasefire", "sanctions"]
    assert groups["differ"] == []


def test_before_the_move_they_agreed(store: Path) -> None:
    """Russia accepted on 1 February; the Czech side demanded on the 20th."""
    early = compared(database(store), make_filters(until="2025-02-05"), "RUS", "CZE")
    assert early == [Compared("sanctions", early[0].one, None, None)]


@pytest.mark.parametrize(
    ("written", "key"),
    [("Russia", "RUS"), ("rus", "RUS"), ("rebel front", "Rebel Front"), ("Nobody", "Nobody")],
)
def test_parties_as_people_write_them(store: Path, written: str, key: str) -> None:
    assert stands.party_key(database(store), written) == key


def test_names_of_keys(store: Path) -> None:
    db = database(store)
    assert stands.party_name(db, "RUS") == "Russia"
    assert stands.party_name(db, "general") == "Ben General"
    assert stands.party_name(db, "no such key") == "no such key"


# -- the pages -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A visitor to a store that nobody changes."""
    path = tmp_path_factory.mktemp("positions") / "corpus.duckdb"
    path.write_bytes(_spoken())
    return visitor(path)


def test_a_cell_opens_its_history(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/positions?since=2025-01").text)
    links = {" ".join(a.text_content().split()): a.get("href") for a in page.xpath(CELLS)}
    words, address = next((w, h) for w, h in links.items() if "Rejects" in w)
    assert "before: accepts, 1 Feb 2025" in words
    assert TEXTS["C"][:20] in words
    assert address == "/positions/RUS/sanctions?since=2025-01-01"
    there = html.fromstring(guest.get(address).text)
    lines = [" ".join(r.text_content().split()) for r in there.xpath("//article[@id]")]
    assert len(lines) == 2
    assert "moved from accepts" in lines[0]
    assert "moved" not in lines[1]
    assert there.xpath("//svg//circle")


def test_the_words_of_a_stance_lead_to_their_place(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/positions/RUS/sanctions").text)
    found = page.xpath("//article[@id='q2']//p[@class='words']/a/@href")
    assert found == ["/article/C?at=0-20#lit"]
    assert guest.get(found[0]).status_code == 200


def test_a_party_whose_name_looks_like_an_address(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/positions?issue=ceasefire").text)
    address = next(a.get("href") for a in page.xpath(CELLS) if "Offers" in a.text_content())
    there = guest.get(address)
    assert there.status_code == 200
    assert "a man / a word" in there.text


def test_what_nobody_said_is_not_found(guest: TestClient) -> None:
    assert guest.get("/positions/RUS/nuclear").status_code == 404
    assert guest.get("/positions/Nobody/sanctions").status_code == 404
    narrowed = guest.get("/positions/RUS/sanctions?until=2020")
    assert narrowed.status_code == 200
    assert "No stance meets these conditions" in narrowed.text


def test_the_matrix_is_a_table_for_those_who_do_not_see_it(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/positions").text)
    table = page.xpath("//table[contains(@class, 'matrix')]")[0]
    columns = len(table.xpath("thead/tr/th[@scope='col']"))
    assert table.xpath("caption")
    for row in table.xpath("tbody/tr"):
        assert len(row.xpath("th[@scope='row']")) == 1
        assert len(row.xpath("td")) == columns - 1
    assert {cell.text_content() for cell in table.xpath("//td[not(a)]")} == {"no stance"}


def test_stances_are_told_apart_without_colour(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/positions").text)
    signs = {
        b.xpath("span")[0].text: b.text_content().strip()[1:]
        for b in page.xpath("//b[span[@class='sign']]")
    }
    assert signs.keys() == {"+", "−", "!"}
    assert signs["−"] == "Rejects"
    assert signs["!"] == "Demands"


def test_a_pair_is_left_out_and_said_so(guest: TestClient) -> None:
    answer = guest.get("/positions?pair=RUS,UKR")
    assert answer.status_code == 200
    assert "A pair is no condition on positions" in answer.text


def test_a_comparison_is_a_page(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/compare?a=russia&b=CZE").text)
    assert page.xpath("//h1")[0].text == "Russia and Czechia"
    assert [h.text.strip() for h in page.xpath("//section/h2")] == ["Where they differ"]
    assert "Neither has taken a stance" in guest.get("/compare?a=FRA&b=DEU").text
    assert guest.get(f"/compare?a={quote(HOSTILE)}&b=RUS").status_code == 200
    assert guest.get(f"/compare?a={'x' * 300}&b=RUS").status_code == 400


def test_hostile_names_stay_names(store: Path) -> None:
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE actors SET name = ?, office = ?", [HOSTILE, HOSTILE])
        connection.execute("UPDATE positions SET content = ?, via = [?, ?]", [HOSTILE] * 3)
        connection.execute("UPDATE articles SET headline = ?, outlet = ?", [HOSTILE] * 2)
        connection.execute("UPDATE acts SET place_name = ? WHERE lat IS NOT NULL", [HOSTILE])
    guest = visitor(store)
    name = quote(HOSTILE, safe="")
    paths = ["/positions", "/positions?by=actor", "/positions/RUS/sanctions", "/map?at=703448",
             f"/positions/{name}/sanctions", f"/compare?a={name}&b={name}", "/network?by=actor",
             "/chart/network.svg?by=actor", "/chart/map.svg", "/map"]  # fmt: skip
    for path in paths:
        answer = guest.get(path)
        assert answer.status_code in (200, 404), path
        assert "<script>" not in answer.text, path
        tree = html.fromstring(answer.content)
        assert all(s.get("src", "").startswith("/static/") for s in tree.iter("script")), path
        assert not [k for element in tree.iter() for k in element.attrib if str(k).startswith("on")]


def test_an_issue_of_the_users_own_has_a_title(store: Path) -> None:
    said(store, "q9", "A", "river_water", "offers", "2025-02-01", actor="minister", sector="GOV",
         name="Ada Minister", country="RUS", kind="person")  # fmt: skip
    assert "River water" in visitor(store).get("/positions").text
