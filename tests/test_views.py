"""The text a person reads: every entry with its words, nothing cut in a pipe, no control codes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hand_built
from dateline.record.model import Record
from dateline.views.layout import Run, clean, clip, flow, length, plain
from dateline.views.text import _quoted, published_text, render_article, render_record, when_text


def shown(record: Record, **options: object) -> str:
    return "\n".join(plain(line) for line in render_record(record, **options))


def test_head_says_who_published_what_and_when():
    text = shown(hand_built.record())
    assert text.startswith("Envoy meets Sudanese officials\nTalks held in Malta\n")
    assert "By Ann Writer · Reuters · 2024-03-04 09:30 · Valletta" in text
    assert "Picture: The envoy arrives. (LENS/AGENCY)" in text
    assert "furniture: offer × 2 · printed 2 times on the page" in text


def test_statement_names_speaker_with_codes_cue_kind_channel_and_words():
    line = "Asha Mwangi [KEN GOV] · told · direct · interview · to reporters · “We demand a full"
    assert line in shown(hand_built.record())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“All is well,”", "“All is well”"),
        ("“All is well.”", "“All is well.”"),
        ("“All is well", "“All is well”"),
        ("the call was “frank”", "“the call was ‘frank’”"),
        ("“Frank” was the word", "“‘Frank’ was the word”"),
        ("nothing new", "“nothing new”"),
    ],
)
def test_quotation_marks_pair_up(text, shown):
    assert _quoted(text, [(0, len(text))], None, None) == shown


def test_two_parts_of_a_quotation_are_one_quotation():
    text = "“Go,” he said. “Now.”"
    assert _quoted(text, [(0, 5), (15, 21)], None, None) == "“Go, … Now.”"


def test_event_reads_when_who_whom_type_status_words():
    line = "2024-03-04 · Asha Mwangi [KEN GOV] → Sudan [SDN GOV] · CONSULT (meet) · happened"
    assert line in shown(hand_built.record())


def test_event_told_by_somebody_names_the_teller_and_one_told_by_the_article_does_not():
    lines = shown(hand_built.record()).splitlines()
    denied = next(line for line in lines if "ASSAULT" in line)
    told = next(line for line in lines if "CONSULT" in line)
    assert "according to Asha Mwangi" in denied
    assert "according to" not in told


def test_unknown_parties_are_question_marks_not_guesses():
    assert "2024-03-04 (published) · ? → ? · ASSAULT · denied" in shown(hand_built.record())


def test_background_events_stand_apart_from_the_news():
    met, shelled = hand_built.events()
    old = shelled.model_copy(update={"status": "background"})
    text = shown(hand_built.record(events=[met, old]))
    news, background = text.split("\nBackground\n")
    assert "CONSULT" in news
    assert "ASSAULT" not in news
    assert "ASSAULT" in background


def test_positions_stand_under_their_issue():
    assert "withdrawal\n    Asha Mwangi [KEN GOV] · demands · “a full" in shown(hand_built.record())


def test_timeline_is_in_order_of_date_and_marks_background():
    text = shown(hand_built.record())
    assert text.index("2023-04 · background · war began") < text.index("2024-03-04 · met")


def test_both_sides_of_a_discrepancy_are_shown():
    text = shown(hand_built.record())
    assert "standfirst  “Talks held in Malta”\n    text        “Kassala”" in text


def test_dropped_is_counted_with_one_example_and_listed_in_full():
    assert "2 × no actor · event · no actor for “talks”" in shown(hand_built.record())
    assert "“shelled”" not in shown(hand_built.record())
    assert "no actor for “shelled”" in shown(hand_built.record(), full=True)


def test_record_with_nothing_in_it_says_so():
    empty = Record(article=hand_built.article(), version=hand_built.VERSION)
    text = shown(empty)
    assert "Who said what\n  nothing" in text
    assert "What happened\n  nothing coded" in text
    assert "Positions" not in text


def test_terminal_lines_keep_to_the_width_and_pipe_lines_stay_whole():
    record = hand_built.record()
    assert max(map(len, shown(record, width=60).splitlines())) <= 60
    assert any(len(line) > 120 for line in shown(record).splitlines())


def test_article_view_holds_every_paragraph():
    text = "\n".join(plain(line) for line in render_article(hand_built.article()))
    assert hand_built.FIRST in text
    assert hand_built.SECOND in text


@pytest.mark.parametrize(
    ("zone", "granularity", "text"),
    [
        (timezone(timedelta(hours=2)), "minute", "2024-03-04 09:30 +02:00"),
        (timezone(timedelta(0)), "minute", "2024-03-04 09:30"),
        (timezone(timedelta(0)), "day", "2024-03-04"),
    ],
)
def test_publication_time_is_shown_as_far_as_it_is_known(zone, granularity, text):
    moment = datetime(2024, 3, 4, 9, 30, tzinfo=zone)
    article = hand_built.article(published=moment, published_granularity=granularity)
    assert published_text(article) == text


def test_missing_publication_date_is_said():
    assert published_text(hand_built.article(published=None)) == "no publication date"


def test_basis_of_a_time_is_shown_unless_stated():
    assert when_text(hand_built.day("2024-03-04")) == "2024-03-04"
    assert when_text(hand_built.day("2024-03-04", "inferred")) == "2024-03-04 (inferred)"
    assert when_text(None) == "date unknown"


def test_page_cannot_drive_the_terminal():
    article = hand_built.article(headline="Calm \x1b[2J\x07head\u202eline")
    text = shown(hand_built.record(article=article))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.startswith("Calm [2J head line")


def test_clip_keeps_short_text_and_marks_what_it_cut():
    words = "one two three four five six seven eight nine ten"
    assert clip(words, 100) == words
    assert clip(words, 20) == "one two three four …"
    start = words.index("eight")
    around = clip(words, 20, (start, start + 5))
    assert "eight" in around
    assert around.startswith("…")


@given(st.text(max_size=300), st.integers(20, 80))
def test_clip_is_never_much_longer_than_asked(text, limit):
    assert len(clip(clean(text), limit)) <= limit + 4


@given(st.lists(st.text(alphabet="ab \n—“", max_size=60), max_size=8), st.integers(30, 90))
def test_flow_loses_no_word(texts, width):
    fields = [(Run(clean(text)),) for text in texts]
    lines = flow(fields, width=width)
    wide = flow(fields, width=None)
    words = [w for line in lines for w in plain(line).split() if w != "·"]
    assert "".join(words) == "".join(w for w in plain(wide[0]).split() if w != "·")
    assert all(length(line) <= width or " " not in plain(line).strip() for line in lines)
