"""Plain-text pages: the story, its metadata, the furniture around it, and the map to the page.

All pages are invented.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.article import extract
from dateline.article.copies import earlier_twins
from dateline.article.furniture import (
    asks_for_payment,
    furniture_kind,
    opens_list,
    outside_kind,
)
from dateline.article.language import detect_language, language_name
from dateline.article.lines import fold, split_lines
from dateline.article.metadata import (
    agency_of_line,
    parse_byline,
    parse_caption,
    parse_dateline,
    parse_published,
    signoff_agency,
)
from dateline.article.model import Article
from dateline.article.outlets import outlet_of_title, outlet_of_url
from dateline.article.regions import heaviest_run
from dateline.article.trees import parse_trees
from dateline.evaluation.pages import flatten, shingle_scores
from dateline.knowledge.tables import KnowledgeError
from stories import (
    AFTER,
    BEFORE,
    BYLINES,
    HEADLINES,
    INSIDE,
    PARAGRAPHS,
    Furniture,
    Story,
    text_page,
)

BODY = [
    "TARNAU (AFP) — Ministers from the two river states met on Monday to renew a water treaty that "
    "lapsed in the spring, the first talks between them in nearly two years.",
    "The treaty, signed in 1994, shares the flow of the Orla between three million farmers on both "
    "banks, and neither side has been willing to give up its share.",
    "“We will not leave the table without a text,” said Irena Holt, who leads the delegation of "
    "the upper state.",
    "“No,” she added.",
    "Officials of the lower state said that the dams above the border had cut the flow by a third "
    "since the winter, and that their fields had been left dry.",
    "A second round is planned for the end of the month, with engineers of both sides present, "
    "according to a statement from the mediators.",
]
HEADLINE = "River states reopen talks on the Orla"
STANDFIRST = "Ministers try to renew a water treaty that lapsed in the spring"
OFFER = "Subscribe now for $1 a week and get unlimited access to our journalism. Cancel anytime."
TEASERS = [
    "Rail strike enters its third week in the north",
    "Parliament delays its vote on the harbour law",
    "Coast guard finds missing trawler off the cape",
    "Central bank holds its rate for a fifth month",
]


def page(*parts: str | list[str]) -> str:
    lines: list[str] = []
    for part in parts:
        lines += [part] if isinstance(part, str) else part
    return "\n".join(lines)


def kinds(text: str, article: Article) -> dict[str, str]:
    """Line of the page -> kind of the furniture it lies in."""
    found = {}
    for item in article.furniture:
        for line in text[item.span[0] : item.span[1]].split("\n"):
            found[line] = item.kind
    return found


FULL = page(
    "Home",
    "World",
    "Sport",
    HEADLINE,
    STANDFIRST,
    "By Ann Lee and Omar Diaz",
    "Published: 3 March 2025 - 18:05 GMT",
    "Share on Facebook",
    OFFER,
    "Delegates arrive at the town hall of Tarnau. Picture: JO KLEIN/AFP",
    BODY[:3],
    "ADVERTISEMENT",
    BODY[3:],
    "© 2025 AFP",
    "Would you like to comment on this article?",
    "Sign in or create an account",
    "Most Read",
    TEASERS[:2],
    "Related Articles",
    TEASERS[2:],
    "Copyright 2025 The Tarnau Courier. All rights reserved.",
)


def test_a_page_with_everything_round_it() -> None:
    article = extract(FULL)
    assert article.text == "\n\n".join(BODY)
    assert article.headline == HEADLINE
    assert article.standfirst == STANDFIRST
    assert article.bylines == ["Ann Lee", "Omar Diaz"]
    assert article.published == datetime(2025, 3, 3, 18, 5, tzinfo=UTC)
    assert article.published_granularity == "minute"
    assert article.datelines == ["Tarnau"]
    assert article.agency == "AFP"
    assert [(c.text, c.credit) for c in article.captions] == [
        ("Delegates arrive at the town hall of Tarnau.", "JO KLEIN/AFP")
    ]
    assert article.problem is None
    assert article.copies == []
    found = kinds(FULL, article)
    assert found[OFFER] == "offer"
    assert found["ADVERTISEMENT"] == "advertisement"
    assert found["Most Read"] == found[TEASERS[0]] == "most_read"
    assert found["Related Articles"] == found[TEASERS[3]] == "related"
    assert found["Would you like to comment on this article?"] == "comment"
    assert [link.text for link in article.related] == TEASERS


def test_the_story_printed_twice_with_a_link_inside_the_copy() -> None:
    link = "Farmers of the lower Orla march on the capital"
    again = page(HEADLINE, STANDFIRST, BODY[:3], link, BODY[3:])
    text = page(FULL.split("\n")[:17], OFFER, again, "AFP", TEASERS)
    article = extract(text)
    assert article.text == "\n\n".join(BODY)
    (copy,) = article.copies
    assert copy.share == 1.0
    assert text[copy.span[0] : copy.span[1]].startswith(HEADLINE)
    assert text[copy.span[0] : copy.span[1]].endswith(BODY[-1])
    found = kinds(text, article)
    assert found[link] == "link"
    assert found[BODY[-1]] == "copy"
    assert sum(item.kind == "offer" for item in article.furniture) == 2


def test_a_story_printed_once_has_no_copy() -> None:
    assert extract(page(HEADLINE, BODY)).copies == []


def test_a_teaser_above_the_story_is_the_copy_not_the_story() -> None:
    article = extract(page("Top stories", BODY[0], TEASERS, HEADLINE, "By Ann Lee", BODY))
    assert article.text == "\n\n".join(BODY)


# A standfirst with more of the story's words than the headline over it.
RICH = "Ministers of both river states renew treaty on the flow of the Orla to the farmers"


@pytest.mark.parametrize("above", [[], ["Europe"]])
@pytest.mark.parametrize("below", [["By Ann Lee", "3 March 2025"], ["3 March 2025", "By Ann Lee"]])
def test_the_first_of_two_titles_is_the_headline(above: list[str], below: list[str]) -> None:
    title = "Ministers meet on Monday over water treaty"
    article = extract(page(above, title, RICH, below, BODY))
    assert (article.headline, article.standfirst) == (title, RICH)


def test_a_title_of_another_story_above_is_no_headline() -> None:
    article = extract(page(TEASERS[0], HEADLINE, "By Ann Lee", "3 March 2025", BODY))
    assert (article.headline, article.standfirst) == (HEADLINE, None)


def test_an_agency_that_no_table_knows_ends_the_story() -> None:
    imprint = "The Tarnau Courier is published by Courier Press and printed in Tarnau on weekdays."
    after = ["Velm News Agency", TEASERS[:2], "Please keep to our house rules.", TEASERS[2:]]
    text = page(HEADLINE, "By Ann Lee", BODY[1:], *after, imprint)
    article = extract(text)
    assert article.agency == "Velm News Agency"
    assert article.text == "\n\n".join(BODY[1:])
    found = kinds(text, article)
    assert found[imprint] == "notice"
    assert found["Please keep to our house rules."] == "comment"
    assert found[TEASERS[0]] == found[TEASERS[3]] == "related"


def test_an_agency_named_above_the_story_or_in_a_sentence_does_not_end_it() -> None:
    named = "The delegates later spoke to the Velm News Agency."
    article = extract(page(HEADLINE, "Velm News Agency", BODY, named))
    assert article.text == "\n\n".join([*BODY, named])


def test_sentences_below_the_comments_are_not_story() -> None:
    house = "Your remarks will be read by our editors before they are shown."
    article = extract(page(HEADLINE, BODY, "Comments", house))
    assert article.text == "\n\n".join(BODY)
    assert extract(page(HEADLINE, BODY, house)).text.endswith(house)


def test_a_title_printed_again_in_a_list_is_a_link() -> None:
    link = "Who will mend the dams above the border?"
    listed = page(HEADLINE, BODY[:4], link, BODY[4:], "Read more", link, TEASERS[:2])
    article = extract(listed)
    assert article.text == "\n\n".join(BODY)
    assert kinds(listed, article)[link] in {"link", "related"}
    assert article.copies == []
    assert link in extract(page(HEADLINE, BODY[:4], link, BODY[4:])).text


def test_a_reader_view_keeps_every_sentence() -> None:
    article = extract(page(HEADLINE, "", "\n\n".join(BODY)))
    assert article.text == "\n\n".join(BODY)
    assert article.headline == HEADLINE


@pytest.mark.parametrize(
    "text",
    [
        "The Kremlin said on Tuesday that it had rejected the offer.",
        "“No,” he said. “We will not sign.”",
        BODY[0],
    ],
)
def test_one_paragraph_is_a_story(text: str) -> None:
    article = extract(text)
    assert article.text == text
    assert article.headline is None
    assert article.problem is None


def test_hard_wrapped_wire_copy() -> None:
    wrapped = (
        "TARNAU (AP) -- Ministers from the two river states met on Monday to renew\n"
        "a water treaty that lapsed in the spring, the first talks between them in\n"
        "nearly two years of drought and quarrels.\n"
        "\n"
        "The treaty shares the flow of the Orla between three million farmers on\n"
        "both banks, and neither side has been willing to give up its share.\n"
    )
    article = extract(wrapped)
    assert [article.text[a:b].split()[-1] for a, b in article.paragraphs] == ["quarrels.", "share."]
    assert "renew a water" in article.text
    assert (article.agency, article.datelines) == ("AP", ["Tarnau"])


def test_a_page_printed_in_one_line() -> None:
    article = extract(" ".join([*BODY, *(f"Clause {i} was agreed at noon." for i in range(60))]))
    assert article.text.startswith(BODY[0])
    assert "Clause 59 was agreed at noon." in article.text


def test_crossheads_stay_and_read_more_lines_go() -> None:
    text = page(
        HEADLINE,
        "3 March 2025",
        BODY[:2],
        "ALSO READ: Rail strike enters its third week in the north",
        "What the farmers want",
        BODY[2:],
        "Sign up for our newsletter and get the news in your inbox",
    )
    article = extract(text)
    assert "ALSO READ" not in article.text
    assert "newsletter" not in article.text
    assert all(paragraph in article.text for paragraph in BODY)
    assert article.published == datetime(2025, 3, 3, tzinfo=UTC)
    assert article.published_granularity == "day"


def test_a_photo_credit_does_not_make_an_agency_story() -> None:
    body = ["Ministers from the two river states met on Monday to renew a treaty.", *BODY[1:]]
    article = extract(page(HEADLINE, "A dam on the Orla. (Photo by Jo Klein / Getty Images)", body))
    assert article.captions[0].credit == "Jo Klein / Getty Images"
    assert article.agency is None
    assert extract(page(HEADLINE, body, "Reuters")).agency == "Reuters"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "empty", "nothing"),
        (page("Latest news", TEASERS * 3), "list_page", "headlines"),
        (
            page(
                HEADLINE, "This article is for subscribers only.", "Subscribe to continue reading"
            ),
            "paywall_notice",
            "subscribe",
        ),
        ("Menu\nHome\nSearch", "no_story", "without one"),
    ],
)
def test_pages_without_a_story(text: str, code: str, says: str) -> None:
    article = extract(text)
    assert article.text == "" or code == "paywall_notice"
    assert article.problem is not None
    assert article.problem.code == code
    assert says in article.problem.message


def test_another_language_is_named_and_its_text_kept() -> None:
    text = (
        "Die Minister der beiden Staaten haben sich am Montag in Tarnau getroffen, um den Vertrag "
        "über das Wasser der Orla zu erneuern.\nDer Vertrag ist im Frühjahr ausgelaufen, und "
        "keine der beiden Seiten will auf ihren Anteil verzichten."
    )
    article = extract(text)
    assert article.language == "de"
    assert article.problem is not None
    assert article.problem.code == "language"
    assert "German" in article.problem.message
    assert "Montag" in article.text


def test_ids_depend_on_url_and_text_only() -> None:
    one, two = extract(page(HEADLINE, BODY)), extract(page("Home", HEADLINE, BODY, "AFP"))
    assert one.id == extract(page(HEADLINE, BODY)).id
    assert one.text == two.text
    assert one.id == two.id
    assert one.id != extract(page(HEADLINE, BODY), url="https://example.org/a").id
    assert len(one.id) == 16


def test_outlet_comes_from_the_address() -> None:
    assert extract(page(HEADLINE, BODY), url="https://www.bbc.co.uk/news/1").outlet == "BBC News"
    assert extract(page(HEADLINE, BODY), url="https://example.org/news").outlet is None


def test_a_live_report_keeps_its_entries_and_drops_their_times() -> None:
    entries = ["The vote has begun, the speaker says.", "She said she expected to win.", BODY[2]]
    article = extract(
        page("Live: vote", "14:05", entries[0], "13:50", entries[1], "13:20", BODY[2])
    )
    assert article.text == "\n\n".join(entries)


def test_a_labelled_caption_has_no_credit() -> None:
    article = extract(page(HEADLINE, "Image caption, Delegates left at noon", BODY))
    assert [(c.text, c.credit) for c in article.captions] == [("Delegates left at noon", None)]
    assert article.text == "\n\n".join(BODY)


# --- the map to the page -------------------------------------------------------------------------

WORD = st.sampled_from(["talks", "Orla", "“no”", "said", "the", "water.", "caf\u00e9", "1994"])
BLANK = st.sampled_from([" ", "  ", "\u00a0", "\u00a0 ", "\u200b", "\t", " \u00ad"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.tuples(WORD, BLANK), min_size=1, max_size=12), min_size=1, max_size=6))
def test_every_paragraph_maps_to_its_words_on_the_page(lines: list[list[tuple[str, str]]]) -> None:
    text = "\n".join("".join(word + blank for word, blank in line) for line in lines)
    text += "\n" + page(HEADLINE, BODY)
    article = extract(text)
    for start, end in article.paragraphs:
        spans = article.page_spans((start, end))
        on_page = "".join(text[a:b] for a, b in spans)
        assert "".join(on_page.split()) == "".join(article.text[start:end].split())


def test_folding_keeps_words_apart() -> None:
    source = "a\u00a0 b\u200bc  d"
    text, segments = fold(source, (0, len(source)), 10)
    assert text == "a bc d"
    for segment in segments:
        piece = text[segment.start - 10 : segment.end - 10]
        assert piece.replace(" ", "") in source[segment.page_start : segment.page_end]


def test_lines_know_their_place() -> None:
    source = "\r\n  One line.\u2028Two lines.  \n\n\tThree."
    lines = split_lines(source)
    assert [line.text for line in lines] == ["One line.", "Two lines.", "Three."]
    assert [source[a:b] for a, b in (line.span for line in lines)] == [li.text for li in lines]


# --- single lines --------------------------------------------------------------------------------

EASTERN = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("line", "when", "granularity"),
    [
        ("12 February 2025 - 21:20", datetime(2025, 2, 12, 21, 20, tzinfo=UTC), "minute"),
        ("Feb. 12, 2025 9:20 p.m. ET", datetime(2025, 2, 12, 21, 20, tzinfo=EASTERN), "minute"),
        ("2025-02-12T21:20:00Z", datetime(2025, 2, 12, 21, 20, tzinfo=UTC), "minute"),
        ("Published: 3rd of March, 2024", datetime(2024, 3, 3, tzinfo=UTC), "day"),
        (
            "Updated 13 Feb 2025 10:00; Published 12 Feb 2025 09:00",
            datetime(2025, 2, 12, 9, tzinfo=UTC),
            "minute",
        ),
        (
            "9:20 AM EST, Wed February 12, 2025",
            datetime(2025, 2, 12, 9, 20, tzinfo=EASTERN),
            "minute",
        ),
        ("25/12/2024", datetime(2024, 12, 25, tzinfo=UTC), "day"),
        ("03/04/2024", None, None),
        ("31 February 2024", None, None),
        ("2 hours ago", None, None),
        ("", None, None),
    ],
)
def test_dates_of_publication(line: str, when: datetime | None, granularity: str | None) -> None:
    assert parse_published(line) == (when, granularity)


@pytest.mark.parametrize(
    ("line", "names", "agency", "place"),
    [
        ("byAnn Lee", ["Ann Lee"], None, None),
        ("By Ann Lee and Omar bin Diaz, Reuters", ["Ann Lee", "Omar bin Diaz"], "Reuters", None),
        ("BY ANN LEE", ["Ann Lee"], None, None),
        ("By Ann Lee, Political Editor | 3 March 2025", ["Ann Lee"], None, None),
        ("Ann Lee in Geneva", ["Ann Lee"], None, "Geneva"),
        ("By Reuters", [], "Reuters", None),
        ("ByAnn Lee12 May 2024", ["Ann Lee"], None, None),
    ],
)
def test_bylines(line: str, names: list[str], agency: str | None, place: str | None) -> None:
    byline = parse_byline(line)
    assert byline is not None
    assert (byline.names, byline.agency, byline.place) == (names, agency, place)


@pytest.mark.parametrize(
    "line",
    [
        "By Friday, the talks had ended.",
        "By the time he left",
        "Talks in Geneva end",
        "",
        "Bylaw 7",
    ],
)
def test_lines_that_are_no_byline(line: str) -> None:
    assert parse_byline(line) is None


@pytest.mark.parametrize(
    ("line", "text", "credit"),
    [
        ("A dam. Picture: JO KLEIN/REUTERS", "A dam.", "JO KLEIN/REUTERS"),
        ("A dam. (Photo by Jo Klein / Getty Images)", "A dam.", "Jo Klein / Getty Images"),
        ("A dam. (AP Photo/Jo Klein)", "A dam.", "AP Photo/Jo Klein"),
        ("A dam [File: Jo Klein/AFP]", "A dam", "Jo Klein/AFP"),
        ("A dam. REUTERS/Jo Klein", "A dam.", "REUTERS/Jo Klein"),
        ("Jo Klein/Getty Images", "", "Jo Klein/Getty Images"),
        ("A dam. Credit: Jo Klein", "A dam.", "Jo Klein"),
    ],
)
def test_captions(line: str, text: str, credit: str) -> None:
    found = parse_caption(line)
    assert found is not None
    assert (found.text, found.credit) == (text, credit)


@pytest.mark.parametrize(
    "line", ["The firm, he told Reuters.", "Reuters", "She said (no).", 'He told the BBC: "No."']
)
def test_lines_that_are_no_caption(line: str) -> None:
    assert parse_caption(line) is None


@pytest.mark.parametrize(
    ("text", "names", "agency", "date"),
    [
        ("Washington/Moscow/Kyiv — Ministers met", ["Washington", "Moscow", "Kyiv"], None, None),
        ("GENEVA (Reuters) - Ministers met", ["Geneva"], "Reuters", None),
        ("KABUL, Afghanistan — Ministers met", ["Kabul"], None, None),
        ("LONDON, March 3 (AP) -- Ministers met", ["London"], "AP", "March 3"),
        ("MOSCOW, Feb 12 /TASS/. Ministers met", ["Moscow"], "TASS", "Feb 12"),
        ("BEIRUT and DAMASCUS — “No,” they said", ["Beirut", "Damascus"], None, None),
        ("PORT-AU-PRINCE, Haiti (AP) — Gangs", ["Port-au-Prince"], "AP", None),
        ("THE HAGUE (dpa) - Judges", ["The Hague"], "dpa", None),
        ("(Reuters) - Ministers met", [], "Reuters", None),
    ],
)
def test_datelines(text: str, names: list[str], agency: str | None, date: str | None) -> None:
    dateline = parse_dateline(text)
    assert dateline is not None
    assert (dateline.names, dateline.agency, dateline.date) == (names, agency, date)
    rest = text[dateline.span[1] :]
    assert rest[0].isupper() or rest[0] == "“"


@pytest.mark.parametrize(
    "text", ["London — a city of ships", "UPDATE — Talks end", "Trump - the man", "He — No.", ""]
)
def test_sentences_that_are_no_dateline(text: str) -> None:
    assert parse_dateline(text) is None


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Reuters", "Reuters"),
        ("© 2024 AFP", "AFP"),
        ("With inputs from PTI", "PTI"),
        ("(Reporting by Ann Lee in Oslo; Editing by Jo Klein)", "Reuters"),
        ("The Associated Press contributed to this report.", "AP"),
        ("Reuters said on Friday", None),
        ("The Tarnau Courier", None),
    ],
)
def test_agency_credits(line: str, agency: str | None) -> None:
    assert agency_of_line(line) == agency


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (OFFER, "offer"),
        ("Sign up (free of charge) or sign in now.", "sign_in"),
        ("Please read our Comment Policy first.", "comment"),
        ("Most Read", "most_read"),
        ("READ MORE: Talks stall", "related"),
        ("Home > World > Europe", "navigation"),
        ("© 2025 The Tarnau Courier", "notice"),
        ("Share this article", "share"),
        ("“No,” he said.", None),
        ("He had read more than a hundred books on the river.", None),
        ("Most ministers left before noon.", None),
    ],
)
def test_furniture_by_its_wording(line: str, kind: str | None) -> None:
    assert furniture_kind(line) == kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("The Tarnau Courier is owned and published by Courier Press.", "notice"),
        ("Follow us: X Mastodon", "share"),
        ("You have one free article left.", "offer"),
        ("Comments are moderated.", "comment"),
        ("The ministers left before noon.", None),
    ],
)
def test_wordings_that_tell_only_outside_the_story(line: str, kind: str | None) -> None:
    assert outside_kind(line) == kind


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Velm News Agency", "Velm News Agency"),
        ("(Orla Press Agency)", "Orla Press Agency"),
        ("Source: Northern News Service", "Northern News Service"),
        ("Xinhua News Agency", "Xinhua"),
        ("News Agency", None),
        ("She spoke to the Velm News Agency", None),
        ("The Tarnau Courier", None),
    ],
)
def test_signoffs(line: str, agency: str | None) -> None:
    assert signoff_agency(line) == agency


def test_headings_open_lists_and_sentences_do_not() -> None:
    assert opens_list("Related Articles") == "related"
    assert opens_list("Related articles were seized in the raid on Monday.") is None
    assert asks_for_payment("Subscribe to continue reading")
    assert not asks_for_payment("Farmers subscribe to the view that water is theirs.")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ".join(BODY), "en"),
        ("Le gouvernement a annoncé que les négociations reprendront dans la semaine.", "fr"),
        ("El gobierno dijo que las conversaciones se reanudarán en los próximos días.", "es"),
        ("Україна та Росія провели переговори щодо обміну полоненими, і це не все.", "uk"),
        ("Министр сказал, что переговоры продолжатся на этой неделе и не раньше.", "ru"),
        ("وقال الوزير إن المحادثات ستستأنف في جنيف هذا الأسبوع", "ar"),
        ("政府は月曜日に協議を再開すると発表した。", "ja"),
        ("政府星期一宣布将恢复谈判。", "zh"),
        ("12 13 14", ""),
        ("Orla", ""),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert detect_language(text) == code


def test_language_names() -> None:
    assert language_name("uk") == "Ukrainian"
    assert language_name("xx") == "xx"


# --- parts ---------------------------------------------------------------------------------------


def test_repeated_lines_are_found_in_linear_time() -> None:
    lines = [
        f"Clause {i} of the treaty was agreed by {i * 7} farmers at noon." for i in range(4000)
    ]
    start = time.process_time()
    twins = earlier_twins(lines + lines)
    assert time.process_time() - start < 2.0
    assert twins[4000] == 0
    assert twins[7999] == 3999
    assert not any(number < 4000 for number in twins)


def test_the_heaviest_run() -> None:
    assert heaviest_run(np.array([-1.0, 2.0, -1.0, 3.0, -9.0, 3.0])) == (1, 4, 4.0)
    assert heaviest_run(np.array([-1.0, -2.0])) == (0, 0, 0.0)


def test_trees_score_as_written_and_refuse_other_shapes() -> None:
    trees = parse_trees({"base": 0.5, "trees": [[0, 1.0, -1.0, [1, 2.0, 3.0, 4.0]]]}, 2)
    rows = np.array([[1.0, 9.0], [1.5, 2.0], [1.5, 2.5]])
    assert trees.log_odds(rows).tolist() == [-0.5, 3.5, 4.5]
    for wrong in (
        {"base": 0.5, "trees": [[0, 1.0, 2.0]]},
        {"base": 0.5, "trees": [[7, 1.0, 0, 0]]},
    ):
        with pytest.raises(KnowledgeError):
            parse_trees(wrong, 2)


def test_shingle_scores_follow_the_benchmark() -> None:
    truth = {"a": "one two three four five", "b": "six seven"}
    assert shingle_scores(truth, truth)["f1"] == 1.0
    scores = shingle_scores({"a": "one two three four nine ten"}, truth)
    assert scores["precision"] == pytest.approx(1 / 3)  # 1 of 3 runs; b predicts nothing
    assert scores["recall"] == pytest.approx(0.25)  # 1 of 2 runs of a, none of b


def test_flattening_gives_a_line_a_block() -> None:
    html = "<head><title>T</title><p>One <b>two</b>\nthree<script>x()</script>.</p><ul><li>Four<li>Five"
    assert flatten(html) == "One two three.\nFour\nFive"
    assert flatten("") == ""


def test_outlets() -> None:
    assert outlet_of_url("https://edition.cnn.com/x") == "CNN"
    assert outlet_of_url("https://notcnn.com/x") is None
    assert outlet_of_url("http://[") is None
    assert outlet_of_title("Talks resume | BBC News") == ("Talks resume", "BBC News")
    assert outlet_of_title("Talks resume - at last") == ("Talks resume - at last", None)


@pytest.mark.parametrize(
    "text", ["\n" * 5000, "a " * 20000, "word\n" * 3000, "“" * 3000, "(" * 3000]
)
def test_odd_pages_end_soon(text: str) -> None:
    start = time.process_time()
    extract(text)
    assert time.process_time() - start < 2.0


_SHORT_STORY = (
    "Hungary rejected the offer of the Estonian government on Friday, saying the price was too high.\n\n"
    "Police in Windhoek arrested eleven dock workers yesterday, the union said.\n\n"
    "{between}\n\n"
    "Iceland imposed sanctions on three shipping companies from Malta two weeks ago, the minister, "
    "Ragna Hjaltadottir, said in an interview.\n\n"
)


@pytest.mark.issue(8)
def test_last_paragraph_behind_a_prompt_is_story() -> None:
    paragraphs = tuple(PARAGRAPHS[n] for n in (10, 11, 1, 12))
    story = Story(HEADLINES[0], BYLINES[1], date(2022, 8, 26), paragraphs)
    around = Furniture((BEFORE[1],), (INSIDE[2], INSIDE[1], INSIDE[0]), (AFTER[1], AFTER[0]))
    page = text_page(story, around)
    assert extract(page).text == story.text
    # The opposite: a heading of a list is no prompt, and what stands under it no story.
    listed = page + "Ferry traffic to the islands will be slow.\n"
    assert extract(listed).text == story.text


@pytest.mark.issue(8)
def test_imprint_is_no_story_and_a_sentence_about_rights_is() -> None:
    story = _SHORT_STORY.format(
        between="The union said that all rights reserved to it were ignored."
    )
    article = extract(story + "© Skerry Media. All rights reserved.\n")
    assert "all rights reserved to it" in article.text
    assert "Skerry" not in article.text
