"""HTML pages: the story, its metadata, what is left out, and where each part stood."""

from __future__ import annotations

import html as entities
import re
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.article.html import read_html_page
from dateline.article.html_metadata import parse_stamp
from dateline.article.html_quirks import hint_kind, line_kind
from dateline.article.html_source import scan_html, text_key
from dateline.article.model import Article
from dateline.page.model import Page

PARAGRAPHS = [
    "Ministers from the two river states met in Tarnau on Monday to renew a water treaty.",
    "The treaty, signed in 1994, shares the flow of the Orla between three million farmers.",
    "“We will not leave the table without a text,” said Irena Holt of the upper delegation.",
    "Officials of the lower state said that the dams above the border had cut the flow by a third.",
    "A second round is planned for the end of the month, with engineers of both sides present.",
]
HEADLINE = "River states reopen talks on the Orla"
TEASERS = [
    "Rail strike enters its third week in the north",
    "Parliament delays its vote on the harbour law",
    "Coast guard finds missing trawler off the cape",
    "Central bank holds its rate for a fifth month",
]


def body(paragraphs: list[str] = PARAGRAPHS) -> str:
    return "".join(f"<p>{text}</p>\n" for text in paragraphs)


def document(inside: str, head: str = "", headline: str = HEADLINE) -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{headline} | Orla Post</title>{head}</head>"
        f"<body><nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>World</a></li></ul></nav>"
        f"<h1>{headline}</h1>{inside}<footer>© 2024 Orla Post</footer></body></html>"
    )


def read(source: str, url: str | None = "https://orlapost.example/news/orla-talks") -> Article:
    return read_html_page(Page(text=source, kind="html", url=url))


def story(around: str = "", head: str = "", after: str = "") -> Article:
    return read(document(f"{around}<div class='article-body'>{body()}</div>{after}", head))


# --- the story -----------------------------------------------------------------------------------


def test_story_is_the_paragraphs_and_nothing_else() -> None:
    assert story().text == "\n\n".join(PARAGRAPHS)


def test_story_cut_into_like_containers_is_whole() -> None:
    halves = [body(PARAGRAPHS[:2]), body(PARAGRAPHS[2:])]
    cut = "<aside class='ad-slot'>Advertisement</aside>".join(
        f"<div class='grid body__inner'>{half}</div>" for half in halves
    )
    assert read(document(f"<div class='page'>{cut}</div>")).text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "prompt",
    [
        "<p>Read more: <a href='/a'>Dam levels fall again</a></p>",
        "<p>Follow the Orla Post on Facebook and Twitter</p>",
        "<p>Sign up for our daily newsletter</p>",
        "<p>ADVERTISEMENT</p>",
        "<div class='related-links'><p>Dam levels fall for the fourth summer in a row.</p></div>",
        "<p style='display:none'>This line is never shown to any reader of the page.</p>",
    ],
)
def test_prompts_inside_the_story_are_left_out(prompt: str) -> None:
    inside = body(PARAGRAPHS[:3]) + prompt + body(PARAGRAPHS[3:])
    assert read(document(f"<article>{inside}</article>")).text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Readers of the treaty will see that it also names the spring of the river.",
        "Follow-up talks on the dams are to be held in Velm, Holt said on Monday.",
        "The state spends more on newsletters and advertisement than on dams, Holt said.",
    ],
)
def test_sentences_that_resemble_prompts_stay(sentence: str) -> None:
    inside = body([*PARAGRAPHS[:3], sentence, *PARAGRAPHS[3:]])
    assert sentence in read(document(f"<article>{inside}</article>")).text


def test_quoted_post_stays_and_share_bar_does_not() -> None:
    post = "<blockquote class='twitter-tweet'><p>The Orla feeds us all.</p>— I. Holt</blockquote>"
    bar = "<div class='share-bar'>Share on Telegram now please</div>"
    inside = body(PARAGRAPHS[:3]) + bar + post + body(PARAGRAPHS[3:])
    text = read(document(f"<article>{inside}</article>")).text
    assert "The Orla feeds us all." in text
    assert "Telegram" not in text


def test_hidden_matter_does_not_cut_a_paragraph() -> None:
    cut = "The text names <span hidden>Irena Holt: full profile</span>her as envoy of the state."
    text = read(document(f"<article>{body([*PARAGRAPHS, cut])}</article>")).text
    assert text.endswith("The text names her as envoy of the state.")


def test_headline_repeated_in_the_body_is_left_out() -> None:
    inside = f"<article><h2>{HEADLINE}</h2>{body()}</article>"
    assert read(document(inside)).text == "\n\n".join(PARAGRAPHS)


def test_lines_broken_by_br_are_paragraphs_but_a_broken_sentence_is_not() -> None:
    lines = "<br>".join(PARAGRAPHS)
    text = read(document(f"<div class='article-body'>{lines}<br>with more<br>to come</div>")).text
    assert text == "\n\n".join(PARAGRAPHS) + " with more to come"


# --- copies --------------------------------------------------------------------------------------


def test_second_printing_is_one_text_and_a_copy() -> None:
    source = document(
        f"<div class='article-body'>{body()}</div>"
        f"<div class='print-version'>{body()}<p>Read more: <a href='/x'>Dams</a></p></div>"
    )
    article = read(source)
    assert article.text == "\n\n".join(PARAGRAPHS)
    (copy,) = article.copies
    assert copy.share == 1.0
    assert PARAGRAPHS[0] in source[slice(*copy.span)]
    assert copy.span[0] > article.segments[-1].page_end


def test_teaser_of_one_paragraph_is_no_copy() -> None:
    article = story(around=f"<div class='teaser'><p>{PARAGRAPHS[0]}</p></div>")
    assert article.copies == []
    assert article.text.count(PARAGRAPHS[0]) == 1


def test_items_that_repeat_stay() -> None:
    menu = "<ul><li>Bread and two eggs from the market</li><li>Soup</li></ul>"
    inside = body(PARAGRAPHS[:2]) + menu + body(PARAGRAPHS[2:]) + menu
    assert read(document(f"<article>{inside}</article>")).text.count("Bread and two eggs") == 2


# --- offsets -------------------------------------------------------------------------------------


def shown(article: Article, source: str, span: tuple[int, int]) -> str:
    raw = "".join(source[start:end] for start, end in article.page_spans(span))
    return text_key(entities.unescape(re.sub(r"<[^>]*>", "", raw)))


def test_segments_lead_back_to_the_page() -> None:
    odd = (
        "Farmers &amp; fishers&nbsp;alike <b>want</b> the\n   treaty&#8217;s <a href='/t'>text</a> "
        "made pub&shy;lic, caf\u00e9 owner <!-- no --> Ana Ruiz said."
    )
    source = document(f"<article>{body()}<p>{odd}</p></article>")
    article = read(source)
    assert article.text.endswith(
        "Farmers & fishers alike want the treaty’s text made public, café owner Ana Ruiz said."
    )
    for span in article.paragraphs:
        assert shown(article, source, span) == text_key(article.text[slice(*span)])


def test_an_entity_maps_its_characters_to_one() -> None:
    source = document(
        f"<article>{body()}<p>Holt &amp; Marek signed for the two states.</p></article>"
    )
    article = read(source)
    at = article.text.index("&")
    ((start, end),) = article.page_spans((at, at + 1))
    assert source[start:end] == "&amp;"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab <>&;/\"'=p!-\n\u00a0é#x26", max_size=200))
def test_block_text_and_segments_agree(source: str) -> None:
    for block in scan_html(source).blocks:
        segments = block.segments(0)
        assert sum(s.end - s.start for s in segments) == len(block.text)
        for segment in segments:
            assert 0 <= segment.page_start <= segment.page_end <= len(source)
            raw = source[segment.page_start : segment.page_end]
            if len(raw) == segment.end - segment.start:
                assert raw.split() == block.text[segment.start : segment.end].split()


# --- metadata ------------------------------------------------------------------------------------

LD = """<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"WebSite","name":"Orla Post"},
{"@type":["NewsArticle"],"headline":"River states reopen talks on the Orla",
"datePublished":"2024-05-06T09:30:00+02:00","dateModified":"2024-05-07T08:00:00+02:00",
"author":[{"@type":"Person","name":"Mira Kovan"},{"@type":"Organization","name":"Reuters"}],
"publisher":{"@type":"Organization","name":"Orla Post"},"articleSection":"World",},]}</script>"""


def test_json_ld() -> None:
    article = story(head=LD)
    assert article.headline == HEADLINE
    assert article.published == datetime(2024, 5, 6, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    assert article.published_granularity == "minute"
    assert article.bylines == ["Mira Kovan"]
    assert article.agency == "Reuters"
    assert (article.outlet, article.section) == ("Orla Post", "World")


def test_meta_tags() -> None:
    article = story(
        head="<meta property='og:site_name' content='Orla Post'>"
        "<meta property='article:modified_time' content='2024-05-09T10:00:00Z'>"
        "<meta property='article:published_time' content='2024-05-06'>"
        "<meta name='author' content='By Mira Kovan and Tom Reyes'>"
        "<link rel='canonical' href='/news/orla'>"
    )
    assert article.published == datetime(2024, 5, 6, tzinfo=UTC)
    assert article.published_granularity == "day"
    assert article.bylines == ["Mira Kovan", "Tom Reyes"]
    assert article.url == "https://orlapost.example/news/orla"


def test_printed_date_and_byline_when_tags_are_silent() -> None:
    printed = "<div class='byline'>By Mira Kovan</div><div class='date'>6 May 2024 - 09:30</div>"
    article = story(around=printed)
    assert article.bylines == ["Mira Kovan"]
    assert article.published == datetime(2024, 5, 6, 9, 30, tzinfo=UTC)


def test_no_date_is_none_and_the_address_may_tell() -> None:
    assert story().published is None
    dated = read(document(f"<article>{body()}</article>"), "https://o.example/2024/05/06/orla.html")
    assert dated.published == datetime(2024, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2024-05-06T09:30:00Z", datetime(2024, 5, 6, 9, 30, tzinfo=UTC)),
        ("2024-05-06 09:30:00 +0000", datetime(2024, 5, 6, 9, 30, tzinfo=UTC)),
        ("2024-05-06T09:30", datetime(2024, 5, 6, 9, 30, tzinfo=UTC)),
        ("2024-13-45", None),
        ("soon", None),
    ],
)
def test_stamps(stamp: str, expected: datetime | None) -> None:
    assert parse_stamp(stamp)[0] == expected


@pytest.mark.parametrize("title", [f"{HEADLINE} | Orla Post", f"{HEADLINE} - Orla Post"])
def test_headline_without_the_outlet(title: str) -> None:
    head = (
        f"<meta property='og:title' content='{title}'>"
        "<meta property='og:site_name' content='Orla Post'>"
    )
    source = f"<html><head>{head}</head><body><article>{body()}</article></body></html>"
    assert read(source).headline == HEADLINE


def test_printed_standfirst_comes_before_the_description() -> None:
    printed = "Upper and lower state meet for the first time since the dry summer"
    article = story(
        around=f"<h2 class='standfirst'>{printed}</h2>",
        head="<meta name='description' content='The treaty of 1994 is renewed in Tarnau'>",
    )
    assert article.standfirst == printed
    assert printed not in article.text


def test_portrait_of_the_outlet_is_no_standfirst() -> None:
    head = (
        "<meta name='description' content='Breaking headlines, sport, weather and video, all day'>"
    )
    assert story(head=head).standfirst is None


def test_caption_with_credit_is_not_text() -> None:
    figure = (
        "<figure><img src='a.jpg'><figcaption>The Orla below the Tarnau dam."
        "<span class='credit'>Picture: LENA ORT/REUTERS</span></figcaption></figure>"
    )
    source = document(f"<article>{body(PARAGRAPHS[:2])}{figure}{body(PARAGRAPHS[2:])}</article>")
    article = read(source)
    (caption,) = article.captions
    assert caption.text == "The Orla below the Tarnau dam."
    assert caption.credit == "LENA ORT/REUTERS"
    assert caption.span is not None
    assert "Tarnau dam" in source[slice(*caption.span)]
    assert article.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "inside",
    [
        "<small>Lena Ort/Velm News Agency</small>",
        "<cite>Lena Ort</cite>",
        "<span class='photo-credit'>Photo: Lena Ort/Velm News Agency</span>",
        "Lena Ort/Velm News Agency",
    ],
)
def test_credits_set_apart_in_a_caption(inside: str) -> None:
    figure = f"<figure><img><figcaption>The dam at Tarnau. {inside}</figcaption></figure>"
    (caption,) = story(around=figure).captions
    credit = "Lena Ort" if "cite" in inside else "Lena Ort/Velm News Agency"
    assert (caption.text, caption.credit) == ("The dam at Tarnau.", credit)


def test_a_caption_that_ends_in_a_sentence_has_no_credit() -> None:
    words = "The dam at Tarnau, seen from <em>the upper bank</em>."
    (caption,) = story(around=f"<figure><figcaption>{words}</figcaption></figure>").captions
    assert (caption.text, caption.credit) == ("The dam at Tarnau, seen from the upper bank.", None)


def test_a_heading_says_more_than_a_side_column() -> None:
    items = "".join(f"<li><a href='/s{i}'>{t}</a></li>" for i, t in enumerate(TEASERS))
    rail = f"<div class='rail'><h3>Trending now</h3><ul>{items}</ul></div>"
    imprint = "The Orla Post is published by Post Press of Tarnau."
    source = document(f"<article>{body()}</article>{rail}<footer><p>{imprint}</p></footer>")
    found = {item.kind: source[slice(*item.span)] for item in read(source).furniture}
    assert TEASERS[3] in found["most_read"]
    assert imprint in found["notice"]


def test_dateline_and_agency() -> None:
    first = f"TARNAU (Reuters) - {PARAGRAPHS[0]}"
    article = read(document(f"<article>{body([first, *PARAGRAPHS[1:]])}</article>"))
    assert (article.datelines, article.agency) == (["Tarnau"], "Reuters")
    assert article.text.startswith("TARNAU (Reuters) - ")


def test_agency_alone_on_the_last_line() -> None:
    article = read(document(f"<article>{body([*PARAGRAPHS, 'Reuters'])}</article>"))
    assert article.agency == "Reuters"
    assert article.text == "\n\n".join(PARAGRAPHS)


# --- furniture and links -------------------------------------------------------------------------


def test_furniture_kinds_and_spans() -> None:
    after = (
        "<div class='most-read'><h3>Most read</h3><ul>"
        + "".join(f"<li><a href='/s{i}'>{t}</a></li>" for i, t in enumerate(TEASERS))
        + "</ul></div><div id='comments'>Leave a comment</div>"
        "<div class='cookie-notice'>We use cookies on this site.</div>"
    )
    source = document(f"<article>{body()}</article>{after}")
    article = read(source)
    found = {item.kind: source[slice(*item.span)] for item in article.furniture}
    assert {"navigation", "most_read", "comment", "notice"} <= set(found)
    assert TEASERS[0] in found["most_read"]
    assert "Leave a comment" in found["comment"]
    assert not any(p in piece for piece in found.values() for p in PARAGRAPHS)


def test_related_links_are_headlines_with_absolute_addresses() -> None:
    links = "".join(f"<li><a href='/s{i}'>{t}</a></li>" for i, t in enumerate(TEASERS))
    article = story(
        after=f"<div class='related'><ul>{links}<li><a href='/all'>All</a></li></ul></div>"
    )
    assert [link.text for link in article.related] == TEASERS
    assert article.related[0].url == "https://orlapost.example/s0"


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        ("storyRelatedLinks", "related"),
        ("c-comments", "comment"),
        ("commentary-text", ""),
        ("header-ad-slot", "advertisement"),
        ("shadow-box", ""),
        ("social-security-story", "share"),
    ],
)
def test_hints(hint: str, kind: str) -> None:
    assert hint_kind("div", hint) == kind


def test_line_kinds_are_of_whole_lines() -> None:
    assert line_kind("Read more: Dams fall") == "related"
    assert line_kind("Reading more of the treaty took an hour.") == ""


# --- pages without a story -----------------------------------------------------------------------


def test_front_page_is_a_list() -> None:
    cards = "".join(
        f"<div class='card'><h3><a href='/s{i}'>{TEASERS[i % 4]} {i}</a></h3></div>"
        for i in range(40)
    )
    article = read(document(cards, headline="Orla Post"))
    assert article.problem is not None
    assert article.problem.code == "list_page"
    assert article.text == ""


def test_story_among_many_headlines_is_a_story() -> None:
    cards = "".join(f"<li><a href='/s{i}'>{TEASERS[i % 4]} {i}</a></li>" for i in range(40))
    article = story(after=f"<ul class='latest-news'>{cards}</ul>")
    assert article.problem is None
    assert article.text == "\n\n".join(PARAGRAPHS)


def test_paywall_notice_is_no_story() -> None:
    article = read(document("<div class='paywall'><p>Subscribe to continue reading</p></div>"))
    assert article.problem is not None
    assert article.problem.code == "paywall_notice"


def test_brief_of_one_paragraph_is_a_story() -> None:
    article = read(document(f"<article><p>{PARAGRAPHS[0]} {PARAGRAPHS[1]}</p></article>"))
    assert article.problem is None
    assert article.text == f"{PARAGRAPHS[0]} {PARAGRAPHS[1]}"


def test_another_language_keeps_its_text() -> None:
    german = [
        "Die Minister der beiden Staaten haben sich am Montag in der Stadt getroffen.",
        "Sie wollen den Vertrag über das Wasser des Flusses noch in diesem Monat erneuern.",
        "Das ist für die Bauern auf beiden Seiten der Grenze nicht ohne Bedeutung.",
    ]
    article = read(document(f"<article>{body(german)}</article>"))
    assert article.problem is not None
    assert article.problem.code == "language"
    assert article.language == "de"
    assert article.text == "\n\n".join(german)


# --- damaged pages -------------------------------------------------------------------------------

DAMAGED = {
    "deep": "<div>" * 10_000 + body(),
    "deep inline": "<span class=x>" * 10_000 + body(),
    "unclosed": document(f"<article>{body()}</article>").replace("</p>", "").replace("</li>", ""),
    "huge attribute": document(f"<article data-x='{'y' * 1_000_000}'>{body()}</article>"),
    "unclosed comment": document(f"<article>{body()}</article>") + "<!-- " * 20_000,
    "unclosed script": document(f"<article>{body()}</article>") + "<script>" * 20_000,
    "stray quotes": document(f"<article>{body()}</article>") + '<a =">"' * 20_000,
    "cut in a tag": document(f"<article>{body()}</article>").split("<footer")[0] + "<a href='x",
    "bad JSON-LD": document(
        f"<article>{body()}</article>", '<script type="application/ld+json">{"a":,}</script>'
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_pages_give_their_story(name: str) -> None:
    assert all(paragraph in read(DAMAGED[name]).text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    "source", ["", "   ", "<", "<html>", "<p>", "</p></p>", "&", "<" * 500, "<!--", "\x00<p>\x00"]
)
def test_pages_of_nothing_are_explained(source: str) -> None:
    article = read(source)
    assert article.text == ""
    assert article.problem is not None
    assert article.problem.code == "no_story"


def test_scan_time_grows_with_the_page_and_not_faster() -> None:
    def seconds(count: int) -> float:
        source = "<div class=x>" * count + "<a b='" * count + "<p>text<br>" * count
        start = time.process_time()
        scan_html(source)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(24_000) < 30 * max(seconds(3_000), 0.005)


def test_same_page_same_article() -> None:
    source = document(f"<article>{body()}</article>", LD)
    assert read(source) == read(source)


def test_agency_that_no_table_knows_signs_off() -> None:
    article = read(document(f"<article>{body([*PARAGRAPHS, 'Velm News Agency'])}</article>"))
    assert article.agency == "Velm News Agency"
    assert article.text == "\n\n".join(PARAGRAPHS)
    sentence = "Holt spoke to the news agency."
    kept = read(document(f"<article>{body([*PARAGRAPHS, sentence])}</article>"))
    assert kept.text.endswith(sentence)
    assert kept.agency is None
