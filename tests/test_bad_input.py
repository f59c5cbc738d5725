"""Whatever the input, the command ends soon with a clear message and the right exit code.

These run the whole path, model and all, on pages that no reader would call a news story, and on
damaged ones that still are.
"""

from __future__ import annotations

import json
import sys
import time

import pytest

from dateline.views import cli
from dateline.views.errors import Exit

STORY = [
    "The harbour master of Lindvik closed the port on Tuesday after a tanker lost its rudder.",
    "“Nobody goes in or out until the tug has a line on her,” Karin Dahl told reporters.",
    "The coastguard said the ship had asked for help at dawn and was drifting towards the reef.",
    "Dahl said two fishing boats had ignored the order and would be fined by the port authority.",
]
HEADLINE = "Port of Lindvik closed as tanker drifts in fog"
SECONDS = 10.0


def html(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}<title>{HEADLINE}</title></head><body>{body}"


def story(paragraphs: list[str] = STORY) -> str:
    return f"<article><h1>{HEADLINE}</h1>" + "".join(f"<p>{p}</p>" for p in paragraphs)


LINKS = "".join(
    f'<li><a href="/story/{number}">{town} council votes on its budget for next year</a></li>'
    for number, town in enumerate(["Asker", "Bodum", "Calmar", "Dorve", "Eskil", "Falun"] * 6)
)
SPANISH = [
    "El capitán del puerto de Almeja cerró el muelle el martes después de que un petrolero "
    "perdiera el timón en medio de la niebla, según informó la autoridad portuaria.",
    "«Nadie entra ni sale hasta que el remolcador tenga el cabo», dijo Carmen Duarte a los "
    "periodistas, que esperaban desde la madrugada frente a la lonja.",
    "La guardia costera señaló que el barco había pedido ayuda al amanecer y que se acercaba al "
    "arrecife con doce personas a bordo.",
]
WALL = (
    "<p>This article is for subscribers only. Subscribe now for $1 a week to continue reading.</p>"
)

NO_STORY = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t\n ", "empty"),
    "binary": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "binary"),
    "pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "binary"),
    "list page": (html(f"<h1>News</h1><ul>{LINKS}</ul>").encode(), "list_page"),
    "paywall notice": (html(f"<h1>{HEADLINE}</h1>{WALL}").encode(), "paywall_notice"),
    "Spanish page": (html(story(SPANISH)).encode(), "language"),
}
STORIES = {
    "unclosed tags": html("<div><article><h1>" + HEADLINE + "<p>" + "<p><b>".join(STORY)).encode(),
    "truncated": html(story(), "<meta charset=utf-8>").encode()[:-20],
    "wrong encoding declared": html(story(), '<meta charset="utf-8">').encode("cp1252"),
    "no date": html(story() + "</article></body></html>").encode(),
    "null bytes": html(story()).encode().replace(b"Tuesday", b"Tues\x00day"),
    "deep nesting": (html("<div>" * 3000) + story()).encode(),
}


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run ``dateline read`` on bytes: exit code, standard output, standard error."""

    def call(page: bytes, *options: str) -> tuple[object, str, str]:
        path = tmp_path / "page"
        path.write_bytes(page)
        monkeypatch.setattr(sys, "argv", ["dateline", "read", str(path), *options])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        streams = capsys.readouterr()
        return stop.value.code, streams.out, streams.err

    return call


@pytest.mark.parametrize("name", NO_STORY)
def test_page_without_a_story_ends_with_3_and_says_what_was_seen(run, name):
    page, problem = NO_STORY[name]
    code, out, err = run(page, "--json")
    assert code == Exit.NO_STORY
    assert json.loads(out)["article"]["problem"]["code"] == problem
    assert err.startswith("dateline: ")
    assert err.count("\n") == 1


def test_language_found_is_named(run):
    assert "Spanish" in run(NO_STORY["Spanish page"][0])[2]


@pytest.mark.parametrize("name", STORIES)
def test_damaged_page_still_gives_its_story(run, name):
    code, out, err = run(STORIES[name], "--json")
    assert (code, err) == (Exit.RECORD, "")
    text = json.loads(out)["article"]["text"]
    assert "The harbour master of Lindvik" in text
    assert "two fishing boats had ignored" in text


def test_wrong_encoding_does_not_garble_the_quotation_marks(run):
    _, out, _ = run(STORIES["wrong encoding declared"], "--json")
    assert "“Nobody goes in" in json.loads(out)["article"]["text"]


def test_page_without_a_date_has_none_and_takes_the_one_given(run):
    page = STORIES["no date"]
    assert json.loads(run(page, "--json")[1])["article"]["published"] is None
    dated = json.loads(run(page, "--json", "--published", "2024-05-14")[1])
    assert dated["article"]["published"].startswith("2024-05-14")


def test_fifty_megabytes_of_text_end_in_time(run):
    page = ("\n\n".join(STORY) + "\n\n").encode()
    start = time.perf_counter()
    code, _, err = run(page * (50_000_000 // len(page) + 1))
    assert code == Exit.NO_STORY
    assert "at most" in err
    assert time.perf_counter() - start < SECONDS
