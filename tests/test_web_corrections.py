"""Correcting records in the explorer: the form, what it refuses, and what is shown after it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dateline.store.corrections import Corrections
from dateline.views.web.app import create_app
from dateline.views.web.settings import Settings
from small_store import make_store

ADDRESS = "http://127.0.0.1:8642"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_store(tmp_path / "corpus.duckdb")


@pytest.fixture
def visitor(path: Path) -> TestClient:
    return TestClient(create_app(Settings(path)), base_url=ADDRESS, follow_redirects=False)


def fields(page: str) -> dict[str, str]:
    """What the form would send."""
    found = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page))
    for name, choices in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', choices)
        found[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in found.items()}


def send(visitor: TestClient, address: str, **changes: str) -> tuple[int, str]:
    """Fill the form at an address, send it; the answer's status, and where it leads or its page."""
    form = fields(visitor.get(address).text)
    answer = visitor.post(address, data=form | {"author": "Ada", "action": "fix"} | changes)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_the_form_holds_the_values_and_the_words(visitor):
    page = visitor.get("/correct/acts/a2").text
    found = fields(page)
    assert (found["type"], found["mode"], found["status"]) == (
        "ASSAULT",
        "heavy-weapons",
        "happened",
    )
    assert (found["actors"], found["place"]) == ("Rebels", "Kyiv, UKR, 50.45 30.52")
    assert "<mark>shelled</mark>" in page
    assert found["author"] == ""


def test_a_field_is_corrected_and_shown_so(visitor, path):
    status, back = send(visitor, "/correct/acts/a2", type="COERCE", mode="seize", reason="a raid")
    assert (status, back) == (303, "/article/D?record=eD#lit")
    made = {c.field: c for c in Corrections(path).all()}
    assert set(made) == {"type", "mode"}  # what was not changed is not corrected
    assert (made["type"].author, made["type"].reason) == ("Ada", "a raid")
    line = visitor.get("/timeline?type=COERCE").text
    assert "Coerce" in line
    assert 'class="corrected"' in line
    assert "No act meets" in visitor.get("/timeline?type=ASSAULT").text
    listed = visitor.get("/corrections").text
    assert "Ada" in listed
    assert "ASSAULT" in listed


def test_a_mode_that_goes_with_its_type_is_no_correction_of_its_own(visitor, path):
    send(visitor, "/correct/acts/a2", type="PROTEST", mode="")
    assert [c.field for c in Corrections(path).all()] == ["type"]
    send(visitor, "/correct/acts/a1", mode="")
    assert [c.field for c in Corrections(path).all()] == ["type", "mode"]


def test_the_author_is_remembered(visitor):
    send(visitor, "/correct/acts/a2", status="denied", author="Ünal, D. & Co")
    assert 'value="Ünal, D. &amp; Co"' in visitor.get("/correct/acts/a1").text


def test_a_record_marked_wrong_is_left_out_and_can_be_had_back(visitor, path):
    assert send(visitor, "/correct/acts/a2", action="wrong")[0] == 303
    assert "shelled" not in visitor.get("/timeline").text
    token = fields(visitor.get("/corrections").text)["token"]
    (made,) = Corrections(path).all()
    answer = visitor.post(f"/corrections/{made.id}/withdraw", data={"token": token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/corrections")
    assert "shelled" in visitor.get("/timeline").text
    assert "withdrawn by Ada" in visitor.get("/corrections").text


def test_setting_a_field_back_withdraws_its_correction(visitor, path):
    send(visitor, "/correct/acts/a2", status="denied")
    assert send(visitor, "/correct/acts/a2", status="happened")[0] == 303
    assert Corrections(path).in_force() == []


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"token": "0" * 64}, 403, "The form was not sent from a page of this server"),
        ({"token": ""}, 403, "The form was not sent"),
        ({"day": "some day"}, 400, "When: expected a day"),
        ({"mode": "phone"}, 400, "Mode: ASSAULT has the modes"),
        ({"author": " ", "status": "denied"}, 400, "Author: expected a name"),
        ({}, 400, "Nothing to correct: these are"),
    ],
)
def test_what_cannot_be_done_is_said_beside_what_was_given(visitor, path, changes, status, message):
    found, page = send(visitor, "/correct/acts/a2", reason="my reason", **changes)
    assert found == status
    assert message in page
    assert 'value="my reason"' in page
    assert Corrections(path).all() == []


def test_a_form_of_another_site_is_refused(visitor, path):
    form = fields(visitor.get("/correct/acts/a2").text) | {"author": "Ada", "status": "denied"}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert visitor.post("/correct/acts/a2", data=form, headers=headers).status_code == 403
    stranger = TestClient(visitor.app, base_url=ADDRESS)
    assert stranger.post("/correct/acts/a2", data=form).status_code == 403
    assert Corrections(path).all() == []
    own = {"origin": ADDRESS}
    assert visitor.post("/correct/acts/a2", data=form, headers=own).status_code == 303


def test_withdrawing_needs_the_token(visitor, path):
    send(visitor, "/correct/acts/a2", status="denied")
    (made,) = Corrections(path).all()
    answer = visitor.post(f"/corrections/{made.id}/withdraw", data={"author": "Ada"})
    assert answer.status_code == 403
    assert Corrections(path).all() == [made]


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ("/timeline?type=AID", "/timeline?type=AID"),
        ("//evil.example/x", "/article/D?record=eD#lit"),
        ("/\\evil.example", "/article/D?record=eD#lit"),
        ("https://evil.example", "/article/D?record=eD#lit"),
        ("javascript:alert(1)", "/article/D?record=eD#lit"),
    ],
)
def test_the_way_back_stays_on_this_server(visitor, given, leads_to):
    assert send(visitor, "/correct/acts/a2", status="denied", back=given) == (303, leads_to)


@pytest.mark.parametrize("address", ["/correct/acts/none", "/correct/pages/A", "/correct/x/a2"])
def test_what_is_not_there_is_not_found(visitor, address):
    assert visitor.get(address).status_code == 404
    assert visitor.post(address, data={}).status_code == 404


@pytest.mark.parametrize(
    ("address", "changes"),
    [
        ("/correct/statements/sD", {"speaker": "Ivan Testov"}),
        ("/correct/positions/pD", {"stance": "offers"}),
        ("/correct/articles/E", {"outlet": "Meridian", "published": "2025-02-21"}),
        ("/correct/events/eA", {"recipients": "Jan Vzor; somebody"}),
    ],
)
def test_every_kind_of_record_has_a_form(visitor, path, address, changes):
    assert send(visitor, address, **changes)[0] == 303
    assert {c.field for c in Corrections(path).all()} == set(changes)


def test_what_is_given_is_never_run(visitor):
    script = "<script>alert(1)</script>"
    send(visitor, "/correct/acts/a2", actors=script, author=script, reason=script)
    for address in ("/corrections", "/timeline", "/correct/acts/a2"):
        assert script not in visitor.get(address).text


def test_a_part_is_a_form_alone(visitor):
    page = visitor.get("/correct/acts/a2?part=1").text
    assert page.lstrip().startswith("<form")
    assert "<html" not in page
