"""Opening pages: size, binary files, encodings, HTML or text. Nothing raises for bad content."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.page.decode import MAX_BYTES, open_page

SENTENCE = "“The café reopens on Monday,” said Zoë Łuk — at 9 € a head."
WESTERN = "“The café reopens on Monday,” said Zoë Brandt — at 9 € a head."
CYRILLIC = "Министр сообщил, что переговоры о перемирии продолжатся в среду утром."


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "empty"),
        ("", "empty"),
        (b" \r\n\t ", "empty"),
        ("\x00\x00 \n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"%PDF-1.7\n1 0 obj", "binary"),
        (b"PK\x03\x04\x14\x00", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"\x1f\x8b\x08\x00abc", "binary"),
        (bytes(range(256)) * 8, "binary"),
        ("\x01\x02\x03\x04" * 20, "binary"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
        ("x" * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_unreadable_sources_are_explained(source: bytes | str, code: str) -> None:
    page = open_page(source, url="https://example.org/a")
    assert page.problem is not None
    assert page.problem.code == code
    assert page.text == ""
    assert "Expected" in page.problem.message
    assert "found" in page.problem.message
    assert page.url == "https://example.org/a"


def test_a_story_is_no_problem() -> None:
    page = open_page(SENTENCE.encode())
    assert page.problem is None
    assert (page.text, page.kind, page.encoding) == (SENTENCE, "text", "utf-8")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", SENTENCE),
        ("utf-16", SENTENCE),
        ("utf-16-le", WESTERN),
        ("utf-32", SENTENCE),
        ("cp1252", WESTERN),
        ("cp1251", CYRILLIC),
    ],
)
def test_encodings_without_a_declaration(encoding: str, text: str) -> None:
    assert open_page(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("declared", "actual", "text"),
    [
        ("iso-8859-1", "utf-8", CYRILLIC),  # valid UTF-8 wins over the declaration
        ("utf-8", "cp1252", WESTERN),  # bytes that are not UTF-8 are not decoded as such
        ("windows-1251", "cp1251", CYRILLIC),
        ("iso-8859-1", "cp1252", WESTERN),  # what pages mean by Latin-1
        ("hex", "utf-8", SENTENCE),  # a codec, but not of characters
        ("no-such-codec", "utf-8", SENTENCE),
        ("utf-16", "utf-8", SENTENCE),
    ],
)
def test_declared_encodings(declared: str, actual: str, text: str) -> None:
    for head in (f'<meta charset="{declared}">', f"<meta content='text/html; charset={declared}'>"):
        page = open_page(f"<html><head>{head}</head><p>{text}</p></html>".encode(actual))
        assert text in page.text
        assert page.kind == "html"


def test_a_page_cut_inside_a_character_stays_utf8() -> None:
    page = open_page(CYRILLIC.encode()[:-2])
    assert page.encoding == "utf-8"
    assert page.text.startswith("Министр")


def test_surrogates_and_controls_in_a_string() -> None:
    page = open_page("Talks\x00 resumed\ud800 on Monday.\x07")
    assert page.text == "Talks resumed\ufffd on Monday."
    assert page.encoding is None
    page.text.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<!DOCTYPE html><title>x</title>", "html"),
        ("<p>Talks resumed.</p>", "html"),
        ("<div><p>Talks</p><p>resumed.</p></div>", "html"),
        ("Talks resumed.", "text"),
        ("Prices rose when x < y and y > z.", "text"),
        ("He wrote <sic> in the margin.", "text"),
    ],
)
def test_html_or_text(text: str, kind: str) -> None:
    assert open_page(text).kind == kind


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_nothing_raises(source: bytes | str) -> None:
    page = open_page(source)
    assert (page.problem is None) == bool(page.text.strip())
    page.text.encode("utf-8")
