"""Time expressions: each reading beside the one it must not be confused with."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.analysis.times import find_times, lexer, periods, words
from dateline.evaluation.times import evaluate
from dateline.knowledge.tables import KnowledgeError

DAY = "2025-02-12"  # a Wednesday


def found(text: str, reference: str | None = DAY) -> list[tuple[str, str]]:
    return [(e.text, e.value) for e in find_times(text, reference=reference)]


def marked_sentences() -> Iterator[tuple[str, str]]:
    """The lines of time_expressions.txt with the day of writing that holds for each."""
    reference = DAY
    path = Path(__file__).with_name("time_expressions.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            reference = line[1:].strip()
        elif line and not line.startswith("#"):
            yield line, reference


@pytest.mark.parametrize(("line", "reference"), list(marked_sentences()))
def test_marked_sentence(line: str, reference: str) -> None:
    text = re.sub(r"\[([^|\]]*)\|[^\]]*\]", r"\1", line)
    spans = []
    for mark in re.finditer(r"\[([^|\]]*)\|([^\]]*)\]", line):
        before = re.sub(r"\[([^|\]]*)\|[^\]]*\]", r"\1", line[: mark.start()])
        spans.append(((len(before), len(before) + len(mark[1])), mark[2]))
    assert [(e.span, e.value) for e in find_times(text, reference=reference)] == spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Envoys met on 12 February 2025.", [("12 February 2025", "2025-02-12")]),
        ("Envoys met on Mar 3rd, 2024.", [("Mar 3rd, 2024", "2024-03-03")]),
        ("Envoys met on Monday, Oct. 26, 1998.", [("Monday, Oct. 26, 1998", "1998-10-26")]),
        ("It ran in late February 2022.", [("late February 2022", "2022-02")]),
        ("It was dated 2/14/2000.", [("2/14/2000", "2000-02-14")]),
        ("It was dated 14/2/2000.", [("14/2/2000", "2000-02-14")]),
        ("It was dated 08-07-98.", [("08-07-98", "1998-08-07")]),
        ("Stamped 1998-08-07 14:12.", [("1998-08-07 14:12", "1998-08-07T14:12")]),
        ("It fell in the fall of 2023.", [("the fall of 2023", "2023-FA")]),
        ("the fall of the government", []),
        ("Prices rose in the 1990s.", [("the 1990s", "199")]),
        ("A treaty of the 19th century.", [("the 19th century", "18")]),
        ("It hit a 19th floor.", []),
        ("in nineteen ninety-six", [("nineteen ninety-six", "1996")]),
        ("about ninety-six votes", []),
        ("the second half of 2024", [("the second half of 2024", "2024-H2")]),
        ("pre-2014 borders", [("pre-2014", "2014")]),
        ("post-war borders", []),
        ("in mid-2023", [("mid-2023", "2023")]),
        ("They ruled from 1999 to 2001.", [("1999", "1999"), ("2001", "2001")]),
        ("the 1994-96 siege", [("1994", "1994"), ("96", "1996")]),
        ("It cost $1994.", []),
        ("some 2000 troops crossed", []),
        ("on March 3-5", [("March 3", "2025-03-03"), ("5", "2025-03-05")]),
        ("on 3-5 March 2024", [("3", "2024-03-03"), ("5 March 2024", "2024-03-05")]),
    ],
)
def test_absolute_dates(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He spoke on Wednesday.", "2025-02-12"),
        ("He spoke on Thursday.", "2025-02-06"),
        ("He will speak on Thursday.", "2025-02-13"),
        ("The talks are expected to begin on Monday.", "2025-02-17"),
        ("The talks began on Monday.", "2025-02-10"),
        ("They met last Friday.", "2025-02-07"),
        ("They meet next Friday.", "2025-02-14"),
        ("Friday's ruling would stand.", "2025-02-07"),
        ("yesterday", "2025-02-11"),
        ("yesterday morning", "2025-02-11TMO"),
        ("tonight", "2025-02-12TNI"),
        ("last night", "2025-02-11TNI"),
        ("the day before yesterday", "2025-02-10"),
        ("last week", "2025-W06"),
        ("this year", "2025"),
        ("early next week", "2025-W08"),
        ("over the weekend", "2025-W06-WE"),
        ("the third quarter", "2024-Q3"),
        ("the third quarter of next year", "2026-Q3"),
        ("three years ago", "2022"),
        ("two weeks ago", "2025-01-29"),
        ("two weeks from now", "2025-02-26"),
        ("several years ago", "PAST_REF"),
        ("He left in March.", "2024-03"),
        ("He will leave in March.", "2025-03"),
        ("last summer", "2024-SU"),
        ("The deadline of Jan. 14 passed.", "2025-01-14"),
        ("It was due on Nov. 20.", "2024-11-20"),
    ],
)
def test_deictic_dates(text: str, expected: str) -> None:
    (expression,) = find_times(text, reference=DAY)
    assert expression.value == expected
    assert expression.anchored


@pytest.mark.parametrize(
    ("text", "span", "value", "mod"),
    [
        ("It went on for about an hour.", "about an hour", "PT1H", "APPROX"),
        ("It took half an hour.", "half an hour", "PT30M", None),
        ("the nearly three-year-old war", "nearly three-year-old", "P3Y", "LESS_THAN"),
        ("for more than a decade", "more than a decade", "P10Y", "MORE_THAN"),
        ("for two and a half years", "two and a half years", "P2Y6M", None),
        ("over the past two decades", "the past two decades", "P20Y", None),
        ("for over two decades", "over two decades", "P20Y", "MORE_THAN"),
        ("in the last 24 hours", "the last 24 hours", "PT24H", None),
        ("in recent weeks", "recent weeks", "PXW", None),
        ("talks lasting two to three weeks", "two to three weeks", "P2W", None),
        ("a 30-day truce", "30-day", "P30D", None),
        ("a twenty-five-year lease", "twenty-five-year", "P25Y", None),
        ("the first nine months", "the first nine months", "P9M", None),
    ],
)
def test_durations(text: str, span: str, value: str, mod: str | None) -> None:
    (expression,) = find_times(text, reference=DAY)
    assert (expression.text, expression.value, expression.mod) == (span, value, mod)
    assert expression.type == "DURATION"
    assert expression.start is None


@pytest.mark.parametrize(
    "text",
    [
        "a 52-year-old engineer",
        "6-year-old Maria",
        "He is 55 years old.",
        "three-quarters of the vote",
        "Theresa May said so.",
        "It may rain and they march on.",
        "VOA Today",
        "as soon as possible",
        "spring water will fall",
        "It is the second bank.",
        "Bloody Sunday",
        "Ana and Jan Novak",
    ],
)
def test_no_time_expression(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every Monday", [("every Monday", "XXXX-WXX-1")]),
        ("this Monday", [("this Monday", "2025-02-17")]),
        ("on Mondays", [("Mondays", "XXXX-WXX-1")]),
        ("a daily briefing", [("daily", "P1D")]),
        ("twice a week", [("twice a week", "P1W")]),
        ("for a week", [("a week", "P1W")]),
        ("It costs $3 million a year.", [("a year", "P1Y")]),
    ],
)
def test_sets(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_set_and_duration_differ_in_type() -> None:
    per_year = find_times("It costs $3 million a year.", reference=DAY)[0]
    one_year = find_times("It went on for a year.", reference=DAY)[0]
    assert (per_year.type, one_year.type) == ("SET", "DURATION")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 9:30 a.m. EST", [("9:30 a.m. EST", "2025-02-12T09:30")]),
        ("at 2100 GMT", [("2100 GMT", "2025-02-12T21:00Z")]),
        ("at 10 p.m. Tuesday", [("10 p.m. Tuesday", "2025-02-11T22:00")]),
        ("noon on Monday", [("noon", "2025-02-10T12:00"), ("Monday", "2025-02-10")]),
        ("at 12:15 a.m.", [("12:15 a.m.", "2025-02-12T00:15")]),
        ("at dawn", [("dawn", "2025-02-12TMO")]),
        ("a pre-dawn raid", []),
        ("the ratio 21:75", []),
        ("at 25:10", []),
    ],
)
def test_clock_times(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It is now calm.", "PRESENT_REF"),
        ("He currently lives there.", "PRESENT_REF"),
        ("He recently left.", "PAST_REF"),
        ("as in the past.", "PAST_REF"),
        ("in the near future", "FUTURE_REF"),
    ],
)
def test_references(text: str, value: str) -> None:
    assert [e.value for e in find_times(text, reference=DAY)] == [value]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("On May 3, 2014, he left. The same day, he came back.", "2014-05-03"),
        ("On May 3, 2014, he left. The following day, he came back.", "2014-05-04"),
        ("On May 3, 2014, he left. Two days later he came back.", "2014-05-05"),
        ("On May 3, 2014, he left. A day earlier he had been ill.", "2014-05-02"),
        ("In 1988 he left. Later that year he came back.", "1988"),
        ("In March 1999 he left. The following month he came back.", "1999-04"),
        ("On May 3, 2014, he left. He spoke yesterday.", "2025-02-11"),
        ("He left. The following day, he came back.", "2025-02-13"),
    ],
)
def test_narrative_anchor(text: str, last: str) -> None:
    assert find_times(text, reference=DAY)[-1].value == last


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("christmas", 2024, date(2024, 12, 25)),
        ("thanksgiving", 1999, date(1999, 11, 25)),
        ("memorial day", 2024, date(2024, 5, 27)),
        ("labor day", 2024, date(2024, 9, 2)),
        ("election day", 2016, date(2016, 11, 8)),
        ("easter", 2024, date(2024, 3, 31)),
        ("good friday", 2025, date(2025, 4, 18)),
        ("orthodox easter", 2024, date(2024, 5, 5)),
        ("ramadan", 2024, date(2024, 3, 11)),
        ("ramadan", 2000, date(2000, 11, 27)),
        ("lunar new year", 2008, date(2008, 2, 7)),
        ("orthodox good friday", 2022, date(2022, 4, 22)),
        ("rosh hashanah", 2005, date(2005, 10, 4)),
        ("yom kippur", 2023, date(2023, 9, 25)),
        ("passover", 2016, date(2016, 4, 23)),
        ("hanukkah", 2012, date(2012, 12, 9)),
        ("hanukkah", 2024, date(2024, 12, 26)),
        ("ramadan", 1930, None),
        ("christmas", 0, None),
        ("no such day", 2024, None),
    ],
)
def test_holidays(name: str, year: int, day: date | None) -> None:
    assert periods.holiday(name, year) == day


def test_holiday_in_text() -> None:
    assert found("since Christmas") == [("Christmas", "2024-12-25")]
    assert found("Eid al-Fitr 2024") == [("Eid al-Fitr 2024", "2024-04-10")]
    assert found("an epiphany") == []


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-W07", "2025-02-10", "2025-02-16"),
        ("2025-W07-WE", "2025-02-15", "2025-02-16"),
        ("2024-Q4", "2024-10-01", "2024-12-31"),
        ("2024-H1", "2024-01-01", "2024-06-30"),
        ("2024-WI", "2024-12-01", "2025-02-28"),
        ("199", "1990-01-01", "1999-12-31"),
        ("19", "1900-01-01", "1999-12-31"),
        ("2025-02-12TMO", "2025-02-12", "2025-02-12"),
    ],
)
def test_days_covered(value: str, first: str, last: str) -> None:
    covered = periods.bounds(value)
    assert covered is not None
    assert (covered[0].isoformat(), covered[1].isoformat()) == (first, last)


@pytest.mark.parametrize("value", ["", "P3D", "PRESENT_REF", "2024-13", "2023-02-29", "0000-01"])
def test_values_that_cover_no_days(value: str) -> None:
    assert periods.bounds(value) is None


def test_without_reference() -> None:
    assert found("yesterday", None) == [("yesterday", "")]
    assert found("on Wednesday", None) == [("Wednesday", "XXXX-WXX-3")]
    assert found("in March 1999", None) == [("March 1999", "1999-03")]
    assert found("it is now calm", None) == [("now", "PRESENT_REF")]
    assert found("yesterday", "no date") == [("yesterday", "")]


def test_reference_forms_agree() -> None:
    text = "He spoke on Monday."
    forms = (DAY, date(2025, 2, 12), datetime(2025, 2, 12, 21, 20, tzinfo=UTC), DAY + "T21:20")
    assert {find_times(text, reference=form)[0].value for form in forms} == {"2025-02-10"}


def test_start_end_and_mod() -> None:
    (expression,) = find_times("by the end of March 1999", reference=DAY)
    assert (expression.start, expression.end) == ("1999-03-01", "1999-03-31")
    assert expression.mod == "END"
    assert not expression.anchored


def test_long_input_is_linear() -> None:
    piece = "On March 3 and 4 the two hundred and twenty five met last week, twenty-"
    expressions = find_times(piece * 400, reference=DAY)
    assert len(expressions) == 1200


_WORDS = st.sampled_from(
    [
        *words.words().single,
        *words.words().holidays,
        "1998",
        "0000",
        "12",
        "-",
        ",",
        ".",
        "'s",
        "(",
        "10:30",
        "1/2",
        "½",
        "Sept.",
        "\n\n",
        "1st",
        "1990s",
        "9999",
        "३",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_WORDS, max_size=25), st.sampled_from(["0001-01-01", "9999-12-31", DAY, ""]))
def test_any_words_give_spans_in_order(parts: list[str], reference: str) -> None:
    text = " ".join(parts)
    end = 0
    for expression in find_times(text, reference=reference):
        start, stop = expression.span
        assert end <= start < stop <= len(text)
        assert text[start:stop] == expression.text
        end = stop


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gives_the_same_twice(text: str) -> None:
    assert find_times(text, reference=DAY) == find_times(text, reference=DAY)


def test_knowledge_errors_name_the_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = words._load()
    broken = yaml.safe_load(yaml.safe_dump({**raw, "holidays": {"flag day": "June"}}))
    monkeypatch.setattr(words, "_load", lambda: broken)
    with pytest.raises(KnowledgeError, match="flag day"):
        words.words.__wrapped__()


def test_every_class_has_one_code() -> None:
    codes = lexer.class_codes()
    assert len(set(codes.values())) == len(codes)
    assert all(len(code) == 1 for code in codes.values())


def test_evaluation_counts(tmp_path: Path) -> None:
    text = "He left on Friday, in May 1999 and later."
    rows = [
        {"start": 11, "end": 17, "type": "DATE", "value": "2025-02-07"},  # right
        {"start": 26, "end": 30, "type": "DATE", "value": "1999"},  # overlaps, value wrong
        {"start": 35, "end": 40, "type": "DATE", "value": "FUTURE_REF"},  # missed
    ]
    path = tmp_path / "gold.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as handle:
        handle.write(json.dumps({"text": text, "created": DAY, "timexes": rows}) + "\n")
    scores = evaluate([path])
    assert (scores["relaxed_precision"], scores["relaxed_recall"]) == (1.0, 2 / 3)
    assert scores["strict_f1"] == pytest.approx(0.4)
    assert scores["value_f1"] == pytest.approx(0.4)
