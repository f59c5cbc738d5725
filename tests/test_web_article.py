"""The article view: words and the records that rest on them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from dateline.record.model import Record
from dateline.views.web.environment import static_text
from dateline.views.web.marks import Mark, pieces
from dateline.views.web.reading import Reading, spans_asked
from hand_built import TEXT, at, record
from small_store import make_store
from web_pages import LINK, MENU, OFFER, printed_record, visitor, web_store

WORDS = "They met and then they talked."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[TestClient, str]:
    path = tmp_path_factory.mktemp("web") / "corpus.duckdb"
    article = web_store(path)
    return visitor(path), article


def _page(served: tuple[TestClient, str], query: str = "") -> html.HtmlElement:
    client, article = served
    answer = client.get(f"/article/{article}{query}")
    assert answer.status_code == 200
    return html.document_fromstring(answer.text)


def _lit(page: html.HtmlElement, role: str | None = None) -> str:
    test = f"@data-lit='{role}'" if role else "@data-lit"
    return "".join(part.text_content() for part in page.xpath(f"//*[@class='story']//*[{test}]"))


# Pieces


def test_overlapping_marks_share_the_piece_they_both_cover() -> None:
    marks = [Mark((0, 10), "s1", "content", "statement"), Mark((5, 20), "e1", "evidence", "event")]
    found = pieces("a" * 5 + "b" * 5 + "c" * 10 + "d", (0, 21), marks)
    assert [(p.text, p.refs, p.layers) for p in found] == [
        ("aaaaa", ("s1.content",), ("statement",)),
        ("bbbbb", ("s1.content", "e1.evidence"), ("statement", "event")),
        ("c" * 10, ("e1.evidence",), ("event",)),
        ("d", (), ()),
    ]


def test_the_part_of_a_lit_record_that_matters_most_shows() -> None:
    marks = [
        Mark((0, 9), "e1", "evidence"),
        Mark((5, 8), "e1", "trigger"),
        Mark((5, 8), "e2", "who"),
    ]
    assert [p.lit for p in pieces(WORDS, (0, 9), marks, frozenset({"e1"}))] == [
        "evidence",
        "trigger",
        "evidence",
    ]
    assert [p.lit for p in pieces(WORDS, (0, 9), marks, frozenset({"e2"}))] == [None, "who", None]


_SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda s: (min(s), max(s)))


@given(spans=st.lists(_SPANS, max_size=12), within=_SPANS)
def test_pieces_join_to_the_text_and_carry_exactly_the_marks_over_them(
    spans: list[tuple[int, int]], within: tuple[int, int]
) -> None:
    text = "".join(chr(97 + n % 26) for n in range(40))
    marks = [Mark(span, f"s{n}", "content") for n, span in enumerate(spans)]
    found = pieces(text, within, marks)
    assert "".join(p.text for p in found) == text[within[0] : within[1]]
    place = within[0]
    for piece in found:
        middle = place
        expected = {f"s{n}.content" for n, (a, b) in enumerate(spans) if a <= middle < b}
        assert set(piece.refs) == expected
        place += len(piece.text)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("3-9", [(3, 9)]),
        ("3-9,20-25", [(3, 9), (20, 25)]),
        ("3-900", [(3, 30)]),
        ("9-3", []),
        ("900-901", []),
        ("x", []),
        ("", []),
    ],
)
def test_spans_of_an_address_are_those_inside_the_text(
    asked: str, found: list[tuple[int, int]]
) -> None:
    assert spans_asked(asked, 30) == found


# The view


def test_the_text_of_the_page_is_the_text_of_the_article(served: tuple[TestClient, str]) -> None:
    paragraphs = _page(served).xpath("//div[@class='par']/p")
    assert "\n\n".join(p.text_content() for p in paragraphs) == TEXT


def test_head_shows_what_the_page_printed(served: tuple[TestClient, str]) -> None:
    head = _page(served).xpath("//header[@class='story-head']")[0].text_content()
    told = ("Envoy meets Sudanese officials", "Talks held in Malta", "Ann Writer", "Reuters",
            "4 Mar 2024, 09:30 UTC", "Valletta")  # fmt: skip
    assert all(words in head for words in told)
    captions = _page(served).xpath("//section[@class='captions']")[0].text_content()
    assert "The envoy arrives." in captions
    assert "LENS/AGENCY" in captions


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("statement", "“We demand a full withdrawal before any talks,”"),
        ("cue", "told"),
        ("trigger", "metshelled"),
        ("time", "Monday"),
        ("place", "Valletta"),
    ],
)
def test_each_kind_is_marked(served: tuple[TestClient, str], layer: str, words: str) -> None:
    marked = _page(served).xpath(
        f"//div[@class='par']//*[contains(concat(' ', @class, ' '), ' m-{layer} ')]"
    )
    assert "".join(m.text_content() for m in marked) == words


def test_every_reference_in_the_text_has_its_card_and_every_card_its_words(
    served: tuple[TestClient, str],
) -> None:
    page = _page(served)
    refs = {ref.rpartition(".")[0] for r in page.xpath("//@data-r") for ref in r.split()}
    cards = set(page.xpath("//li[contains(@class, 'card')]/@data-key"))
    assert refs == cards


def test_a_record_lights_its_words_without_script(served: tuple[TestClient, str]) -> None:
    page = _page(served, "?record=e1")
    assert _lit(page, "trigger") == "met"
    assert _lit(page, "who") == "Asha MwangiSudanese officials"
    assert _lit(page, "place") == "Valletta"
    assert page.xpath("//*[@id='lit']")[0].text_content() == "Valletta"
    assert page.xpath("//*[@id='r-e1']/@aria-current") == ["true"]
    assert page.xpath("//*[@id='r-e2']/@aria-current") == []
    assert _lit(_page(served)) == ""


def test_words_of_an_address_are_lit(served: tuple[TestClient, str]) -> None:
    start, end = at("a full withdrawal")
    assert _lit(_page(served, f"?at={start}-{end}")) == "a full withdrawal"
    assert _lit(_page(served, "?at=9999-10000")) == ""


def test_a_store_id_names_a_record_too(served: tuple[TestClient, str]) -> None:
    client, _ = served
    db = client.app.state.database  # type: ignore[attr-defined]
    event = db.one("SELECT id FROM events WHERE local_id = 'e2'")["id"]
    assert _lit(_page(served, f"?record={event}"), "trigger") == "shelled"


def test_discrepancies_stand_side_by_side_and_light_both_sides(
    served: tuple[TestClient, str],
) -> None:
    page = _page(served, "?record=conflict-1")
    sides = page.xpath("//li[contains(@class, 'is-discrepancy')]//blockquote")
    assert [" ".join(side.text_content().split()) for side in sides] == [
        "Standfirst“Talks held in Malta”",
        "Text“Kassala”",
    ]
    assert _lit(page) == "Talks held in MaltaKassala"


def test_what_was_dropped_is_told_with_its_reason(served: tuple[TestClient, str]) -> None:
    group = _page(served).xpath("//details[@class='group']")[0].text_content()
    assert "Event: no actor 2" in " ".join(group.split())
    assert "“shelled”" in group
    assert "no actor for" in group


# The look

_PAIRS = [
    ("ink", "paper"), ("ink", "raised"), ("ink", "sunk"), ("muted", "paper"), ("muted", "raised"),
    ("muted", "sunk"), ("muted", "lit-soft"), ("accent", "paper"), ("accent", "raised"),
    ("accent", "sunk"), ("accent", "accent-soft"), ("on-accent", "accent"),
    ("ink", "mark-statement"), ("ink", "mark-event"), ("ink", "lit-soft"), ("lit-ink", "lit"),
    ("ink-statement", "paper"), ("ink-statement", "mark-statement"), ("ink-statement", "mark-event"),
    ("coop", "coop-soft"), ("conflict", "conflict-soft"), ("coop", "paper"), ("conflict", "paper"),
    ("wrong", "paper"), ("wrong", "sunk"),
]  # fmt: skip
_LINES = [("mark-actor", "paper"), ("mark-time", "paper"), ("mark-place", "paper"),
          ("mark-actor", "mark-statement"), ("line-strong", "paper"), ("neutral", "paper")]  # fmt: skip


def _colours(dark: bool) -> dict[str, str]:
    """Custom properties of the style sheets, light or dark."""
    found: dict[str, str] = {}
    for name in ("base.css", "article.css"):
        rules = re.findall(r"(@media \([^)]*dark\) \{\s*)?:root \{([^}]*)\}", static_text(name))
        for media, body in rules:
            if dark or not media:
                found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body))
    return found


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_words_and_lines_stand_out_from_their_ground(dark: bool) -> None:
    """4.5 to 1 for words, 3 to 1 for lines and shapes: WCAG 2.2, level AA."""
    colours = _colours(dark)
    faint = {
        f"{one} on {ground}": round(_contrast(colours[one], colours[ground]), 2)
        for pairs, least in ((_PAIRS, 4.5), (_LINES, 3.0))
        for one, ground in pairs
        if _contrast(colours[one], colours[ground]) < least
    }
    assert faint == {}
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


# Furniture and copies


def test_furniture_unfolds_where_it_stood(served: tuple[TestClient, str]) -> None:
    story = _page(served).xpath("//article[@class='story']")[0]
    order = [
        "fold" if node.tag == "details" else "par"
        for node in story.iter("details", "div")
        if node.get("class", "").startswith(("fold", "par"))
    ]
    assert order == ["fold", "par", "fold", "par", "fold"]
    above, between, below = story.xpath("./details")
    assert MENU in above.text_content()
    assert OFFER in above.text_content()
    assert "navigation, offer" in above.xpath("./summary")[0].text_content()
    assert LINK in between.text_content()
    assert "Second printing of the story: 100 %" in below.text_content()
    assert not story.xpath("./details[@open]")


def test_a_copy_is_told_once_though_it_is_noted_twice(served: tuple[TestClient, str]) -> None:
    folds = _page(served).xpath("//details[contains(@class, 'fold')]")
    assert sum("Envoy meets officials" in fold.text_content() for fold in folds) == 1


def test_furniture_of_an_html_page_is_shown_without_its_tags() -> None:
    source = '<ul><li><a href="/x">Home</a></li><li>World &amp; Sport</li></ul>'
    told = record()
    placed = told.article.model_copy(
        update={
            "furniture": [told.article.furniture[0].model_copy(update={"span": (0, len(source))})],
            "copies": [],
        }
    )
    reading = Reading(told.model_copy(update={"article": placed}), page=(source, "html"))
    assert [s.lines for f in reading.above for s in f.stretches] == [("Home", "World & Sport")]


# Records of other shapes


def test_an_empty_record_can_be_read() -> None:
    bare = Record(article=record().article, version=record().version)
    reading = Reading(bare)
    assert "".join(p.text for par in reading.paragraphs for p in par.pieces) == TEXT.replace(
        "\n\n", ""
    )
    assert reading.above == []


def test_without_the_lists_of_the_store_the_times_and_places_of_records_are_marked() -> None:
    index = Reading(record()).index
    assert [seen.text for seen in index.places] == ["Valletta"]
    assert index.times == []  # the record's times have no words


def test_the_list_links_to_each_article_and_pages_it(tmp_path: Path) -> None:
    client = visitor(make_store(tmp_path / "corpus.duckdb"), page_size=2)
    first = client.get("/articles").text
    assert re.findall(r'href="/article/(\w)"', first) == ["D", "B"]
    assert 'rel="next" href="?page=2"' in first
    last = client.get("/articles?page=3").text
    assert re.findall(r'href="/article/(\w)"', last) == ["E"]
    assert 'rel="next"' not in last
    one = client.get("/articles?outlet=courier.example").text
    assert re.findall(r'href="/article/(\w)"', one) == ["B"]


def test_an_unknown_article_is_not_found(served: tuple[TestClient, str]) -> None:
    client, _ = served
    answer = client.get("/article/nothing")
    assert answer.status_code == 404
    assert "no such article" in answer.text


def test_a_store_without_words_shows_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "corpus.duckdb"
    article = web_store(path, keep_text=False)
    answer = visitor(path).get(f"/article/{article}")
    assert answer.status_code == 200
    assert "Asha Mwangi" in answer.text
    assert "full withdrawal" not in answer.text


def test_the_overview_counts_the_corpus(tmp_path: Path) -> None:
    answer = visitor(make_store(tmp_path / "corpus.duckdb")).get("/")
    page = html.document_fromstring(answer.text)
    figures = " ".join(page.xpath("//ul[@class='figures']")[0].text_content().split())
    assert "3 acts" in figures
    assert page.xpath("//article[contains(@class, 'rec')]//a[@href='/event/a1']")


def test_a_store_that_a_build_replaces_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "corpus.duckdb"
    client = visitor(make_store(path))
    assert client.get("/article/A").status_code == 200
    article = web_store(tmp_path / "other.duckdb", printed_record())
    (tmp_path / "other.duckdb").replace(path)
    assert client.get(f"/article/{article}").status_code == 200
    assert client.get("/article/A").status_code == 404
