"""Search over text, statements, acts and actors (issue 7)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from dateline.store.copies.signature import Signature
from dateline.store.copies.words import word_codes
from dateline.store.packing import pack
from dateline.views.web import word_index
from dateline.views.web.app import create_app
from dateline.views.web.database import Database
from dateline.views.web.search import marked
from dateline.views.web.settings import Settings
from dateline.views.web.word_index import folded, pattern_of, terms_of
from dateline.views.web.word_index import search as search_texts

from small_store import TEXTS, add, make_store  # isort: skip

BASE = "http://127.0.0.1:8642"


def with_codes(path: Path, *, unknown: str = "") -> Path:
    """The small store with the word codes of its articles, but for one."""
    with duckdb.connect(str(path)) as connection:
        for article, text in TEXTS.items():
            codes = Signature(0, np.empty(0, np.uint32), word_codes(text)).to_bytes()
            add(
                connection,
                "signatures",
                {
                    "article": article,
                    "digest": 0,
                    "signature": b"" if article == unknown else codes,
                },
            )
    return path


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path = with_codes(make_store(tmp_path_factory.mktemp("search") / "c.duckdb"), unknown="B")
    with TestClient(create_app(Settings(path)), base_url=BASE) as made:
        yield made


def found(client: TestClient, q: str, kind: str = "articles", more: str = "") -> list[str]:
    """Ids of what a search finds, by the export of its view."""
    answer = client.get(f"/export/{kind}.jsonl?{more}", params={"q": q} if not more else None)
    assert answer.status_code == 200, answer.text
    key = "actor" if kind == "actors" else "id"
    return [json.loads(line)[key] for line in answer.text.splitlines()]


# -- articles --------------------------------------------------------------------------------------


def test_all_words_have_to_occur(client: TestClient) -> None:
    assert found(client, "testov") == ["B", "A", "C"]
    assert found(client, "testov phoned") == ["B", "A"]
    assert found(client, "testov zebra") == []


def test_whole_words_in_any_case_and_order(client: TestClient) -> None:
    assert found(client, "MINISTER prime") == ["B", "A"]
    assert found(client, "minist") == []
    assert found(client, "Kremlin’s") == []
    assert found(client, "kremlin,") == ["C"]


def test_a_phrase_has_its_words_in_a_row(client: TestClient) -> None:
    assert found(client, '"lift the sanctions"') == ["A"]
    assert found(client, '"the sanctions lift"') == []
    assert found(client, "“sanctions be lifted”") == ["D"]


def test_function_words_count_too(client: TestClient) -> None:
    """The codes leave them out, so the texts decide."""
    assert found(client, "her") == ["A"]
    assert found(client, '"urged her"') == ["A"]
    assert found(client, '"urged him"') == []


def test_a_headline_counts(client: TestClient) -> None:
    assert set(found(client, "headline talks")) == set(TEXTS)
    assert found(client, '"Headline D"') == ["D"]


def test_conditions_hold_as_well(client: TestClient) -> None:
    assert found(client, "", more="q=testov&since=2025-02-11") == ["B"]
    assert found(client, "", more="q=testov&actor=Kremlin") == ["C"]


def test_words_that_only_share_a_code_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    db = _FakeDatabase([{"id": "A", "headline": None, "standfirst": None, "text": pack("a b")}])
    monkeypatch.setattr(word_index, "word_index", lambda _: SimpleNamespace(ids=["A"]))
    none = search_texts(db, ["zebra"], np.array([True]), 0, 10)  # type: ignore[arg-type]
    assert (none.n, none.exact) == (0, True)
    one = search_texts(db, ["b"], np.array([True]), 0, 10)  # type: ignore[arg-type]
    assert [hit.id for hit in one.hits] == ["A"]


class _FakeDatabase:
    def __init__(self, rows: list[dict[str, object]]) -> None:
        self._rows = rows

    def rows(self, sql: str, values: object = None) -> list[dict[str, object]]:
        return self._rows


def test_of_many_articles_the_number_is_an_estimate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(with_codes(make_store(tmp_path / "c.duckdb")))
    index = word_index.word_index(db)
    among = index.candidates("sanctions")
    exact = search_texts(db, ["sanctions"], among, 0, 1)
    assert (exact.n, exact.exact) == (3, True)
    monkeypatch.setattr(word_index, "MOST_READ", 1)
    monkeypatch.setattr(word_index, "_AT_ONCE", 1)
    estimated = search_texts(db, ["sanctions"], among, 0, 1)
    assert (estimated.n, estimated.exact) == (3, False)
    assert [hit.id for hit in estimated.hits] == [hit.id for hit in exact.hits]
    db.close()


def test_a_store_without_text_is_searched_by_its_codes(tmp_path: Path) -> None:
    path = with_codes(make_store(tmp_path / "bare.duckdb", text=False))
    with TestClient(create_app(Settings(path)), base_url=BASE) as client:
        assert found(client, "rebels shelled") == ["D"]
        assert found(client, "zebra") == []


# -- statements, acts, positions, actors -----------------------------------------------------------


def test_words_or_speaker_of_a_statement(client: TestClient) -> None:
    assert found(client, "troops", "statements") == ["sE"]
    assert set(found(client, "vzor", "statements")) == {"sD", "sE"}
    assert found(client, "vzor lifted", "statements") == ["sD"]
    assert found(client, "kremlin lifted", "statements") == []


def test_acts_and_positions(client: TestClient) -> None:
    assert found(client, "probna", "events") == ["a1"]
    assert found(client, "shelled rebels", "events") == ["a2"]
    assert found(client, "stay vzor", "positions") == ["pE"]


def test_actors_by_name(client: TestClient) -> None:
    assert found(client, "ivan testov", "actors") == ["testov"]
    assert found(client, "ARMEE ete", "actors") == ["army"]
    assert found(client, "testov vzor", "actors") == []


# -- the page --------------------------------------------------------------------------------------


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_page_shows_the_words_where_they_stand(client: TestClient) -> None:
    html = client.get("/search", params={"q": "rebels"}).text
    start = TEXTS["D"].index("Rebels")
    assert f'href="/article/D?at={start}-{start + 6}#lit"' in html
    assert "<mark>Rebels</mark> shelled Kyiv" in html
    assert re.search(r"Actors 1 .*Articles 1 ", words(html))


def test_nothing_asked_and_nothing_found(client: TestClient) -> None:
    assert "All of them have to occur" in client.get("/search").text
    assert "Nothing found" in words(client.get("/search", params={"q": "zebra"}).text)
    assert "Nothing found" in words(client.get("/search?kind=events&q=zebra").text)
    for odd in ("'; DROP TABLE articles; --", '"', "%_\\", "\x00", "é" * 400, "{{7*7}}"):
        assert client.get("/search", params={"q": odd}).status_code == 200, odd
    assert client.get("/search", params={"q": "x" * 501}).status_code == 400


def test_what_is_asked_is_not_run(client: TestClient) -> None:
    html = client.get("/search", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in html


# -- parts -----------------------------------------------------------------------------------------


def test_terms() -> None:
    assert terms_of('peace "cease fire" Peace, talks') == ["cease fire", "peace", "Peace", "talks"]
    assert terms_of('"open phrase') == ["open phrase"]
    assert terms_of(" ?! ") == []
    assert len(terms_of(" ".join(f"w{n}" for n in range(20)))) == word_index.MAX_TERMS


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_a_term_is_words_in_a_row() -> None:
    assert pattern_of("cease fire").search(folded("the Cease-Fire holds")) is not None
    assert pattern_of("cease fire").search("cease the fire") is None
    assert pattern_of("cote").search(folded("Côte d’Ivoire")) is not None


@given(st.text(), st.lists(st.sampled_from(["a", "b c", "script"]), max_size=3))
def test_marking_escapes_everything_else(text: str, terms: list[str]) -> None:
    shown = str(marked(text, terms)).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in shown
    assert ">" not in shown
