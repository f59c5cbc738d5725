"""The HTTP API (issue 7)."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import uvicorn
from fastapi.testclient import TestClient

from dateline.record.model import Record
from dateline.views.web.app import create_app
from dateline.views.web.settings import Settings

from small_store import add, make_store  # isort: skip

BASE = "http://127.0.0.1:8642"
PAGE = (
    "MOSCOW — President Vladimir Putin met President Xi Jinping in Moscow on Monday, officials said."
    "\n\nThe two leaders had not met since the summer.\n"
)
KINDS = {"events": 3, "reports": 5, "statements": 3, "positions": 2, "articles": 5, "stories": 2}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path = make_store(tmp_path_factory.mktemp("api") / "corpus.duckdb")
    with duckdb.connect(str(path)) as connection:
        for id, count, first in (("s1", 2, "A"), ("s2", 1, "C")):
            add(
                connection,
                "stories",
                {"id": id, "n_articles": count, "n_outlets": count, "n_independent": 1}
                | {"first_article": first},
            )
    with TestClient(create_app(Settings(path)), base_url=BASE) as made:
        yield made


def get(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def failure(answer: Any) -> tuple[int, str]:
    """Status and code of an error; its shape is always the same."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    return answer.status_code, body["error"]["code"]


# -- rows ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "total"), KINDS.items())
def test_each_kind_has_pages_and_rows_of_its_own(client: TestClient, kind: str, total: int) -> None:
    found = get(client, f"/api/{kind}")
    assert (found["total"], found["limit"], found["offset"], found["next"]) == (total, 50, 0, None)
    assert len(found["items"]) == total
    one = get(client, f"/api/{kind}/{found['items'][0]['id']}")
    assert found["items"][0].items() <= one.items()
    assert failure(client.get(f"/api/{kind}/none")) == (404, "not_found")


@pytest.mark.parametrize("kind", [*KINDS, "actors"])
def test_following_next_gives_every_row_once(client: TestClient, kind: str) -> None:
    key = "actor" if kind == "actors" else "id"
    everything = [row[key] for row in get(client, f"/api/{kind}?limit=500")["items"]]
    address, seen = f"/api/{kind}?limit=2", []
    while address:
        part = get(client, address)
        assert part["total"] == len(everything)
        seen += [row[key] for row in part["items"]]
        address = part["next"]
    assert seen == everything
    assert len(set(seen)) == len(seen)


def test_the_next_page_keeps_the_conditions(client: TestClient) -> None:
    part = get(client, "/api/reports?actor=Testov&limit=2&order=newest")
    assert part["total"] == 3
    rest = get(client, part["next"])
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert get(client, "/api/reports?actor=Testov&offset=50")["items"] == []


def test_conditions_are_those_of_a_query(client: TestClient) -> None:
    assert [row["id"] for row in get(client, "/api/events?pair=RUS,UKR")["items"]] == ["a1"]
    assert get(client, "/api/events?pair=RUS,FRA")["total"] == 0
    assert get(client, "/api/statements?since=2025-02-20")["total"] == 1
    assert get(client, "/api/positions?issue=sanctions&actor=Vzor")["total"] == 2
    assert get(client, "/api/articles?text=Geneva")["total"] == 1


def test_order_is_by_day(client: TestClient) -> None:
    oldest = [row["id"] for row in get(client, "/api/positions")["items"]]
    newest = [row["id"] for row in get(client, "/api/positions?order=newest")["items"]]
    assert oldest == ["pD", "pE"] == newest[::-1]


def test_json_is_stable(client: TestClient) -> None:
    event = get(client, "/api/events?pair=RUS,UKR")["items"][0]
    assert event["published"] == "2025-02-10T19:20:00Z"
    assert event["first_day"] == "2025-02-10"
    assert event["cameo"] == "041"
    assert event["evidence_spans"] == [[9, 37]]
    assert event["n_independent"] == 2
    assert event["corrected"] == {}
    assert client.get("/api/events").content == client.get("/api/events").content


def test_an_act_has_its_reports_and_what_they_say(client: TestClient) -> None:
    act = get(client, "/api/events/a1")
    assert [report["article"] for report in act["reports"]] == ["C", "A", "B"]
    spread = {field["field"]: field for field in act["spread"]}
    assert spread["act"]["values"] == [
        {"value": "Consult · phone", "reports": ["eC", "eA", "eB"], "n_independent": 2}
    ]
    assert not spread["act"]["differs"]
    assert spread["according_to"]["silent"] == 2


def test_an_actor_has_its_roles(client: TestClient) -> None:
    actor = get(client, "/api/actors/testov")
    assert (actor["n_given"], actor["n_received"]) == (1, 0)
    assert [role["office"] for role in actor["roles"]] == ["president"]
    assert get(client, "/api/actors/~rebels")["sector"] == "REB"
    assert failure(client.get("/api/actors/nobody")) == (404, "not_found")


def test_a_story_has_its_articles(client: TestClient) -> None:
    assert get(client, "/api/stories?most_printed=true")["items"][0]["id"] == "s1"
    story = get(client, "/api/stories/s1")
    assert [row["article"] for row in story["articles"]] == ["A", "B"]


def test_the_summary_counts(client: TestClient) -> None:
    found = get(client, "/api/summary")
    assert {kind: found[kind] for kind in KINDS if kind in found} == {
        kind: n for kind, n in KINDS.items() if kind != "reports"
    }
    assert found["actors"] == 6


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/events?type=AGREEMENT", 400, "query"),
        ("/api/events?since=yesterday", 400, "query"),
        ("/api/positions?pair=RUS,UKR", 400, "query"),
        ("/api/events?limit=0", 400, "invalid"),
        ("/api/events?limit=501", 400, "invalid"),
        ("/api/events?offset=-1", 400, "invalid"),
        ("/api/events?order=sideways", 400, "invalid"),
        ("/api/weather", 404, "not_found"),
        ("/api/articles/A/record", 404, "not_found"),
        ("/api/read", 405, "method"),
    ],
)
def test_errors_have_one_shape(client: TestClient, address: str, status: int, code: str) -> None:
    assert failure(client.get(address)) == (status, code)


def test_an_error_says_what_was_expected(client: TestClient) -> None:
    message = client.get("/api/events?type=AGREEMENT").json()["error"]["message"]
    assert "did you mean AGREE?" in message


# -- reading a page --------------------------------------------------------------------------------


def read(client: TestClient, body: bytes, kind: str = "text/plain", query: str = "") -> Record:
    answer = client.post(f"/api/read{query}", content=body, headers={"content-type": kind})
    assert answer.status_code == 200, answer.text
    return Record.model_validate(answer.json())


def test_a_posted_page_gives_its_record(client: TestClient) -> None:
    found = read(client, PAGE.encode(), query="?published=2025-03-04&url=https://x.example/a")
    assert found.article.url == "https://x.example/a"
    assert found.article.published is not None
    assert found.article.published.date().isoformat() == "2025-03-04"
    assert found.events[0].type == "CONSULT"
    assert found.article.text[slice(*found.events[0].trigger)] == "met"


def test_the_encoding_of_the_request_counts(client: TestClient) -> None:
    page = PAGE.replace("Moscow", "Møscow")
    named = read(client, page.encode("utf-16"), "text/plain; charset=utf-16")
    assert "Møscow" in named.article.text
    answer = client.post(
        "/api/read", content=b"x", headers={"content-type": "text/plain; charset=klingon"}
    )
    assert failure(answer) == (400, "query")


def test_a_page_without_a_story_is_no_error(client: TestClient) -> None:
    found = read(client, b"<html><body><p>Sign in</p></body></html>", "text/html")
    assert found.article.problem is not None
    assert found.dropped


def test_a_posted_line_is_no_file_name(client: TestClient, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(PAGE)
    for kind in ("text/plain", "text/plain; charset=utf-8"):
        found = read(client, str(secret).encode(), kind)
        assert "officials" not in found.article.text


def test_what_cannot_be_read_is_refused(client: TestClient) -> None:
    assert failure(client.post("/api/read", content=b" ")) == (400, "query")
    bad = client.post("/api/read?published=someday", content=PAGE.encode())
    assert failure(bad) == (400, "query")


def test_an_upload_has_a_limit(tmp_path: Path) -> None:
    settings = Settings(make_store(tmp_path / "corpus.duckdb"), max_upload=100)
    with TestClient(create_app(settings), base_url=BASE) as client:
        assert failure(client.post("/api/read", content=b"x" * 101)) == (413, "upload")
        assert failure(client.post("/api/read", content=iter([b"x" * 60] * 2))) == (413, "upload")
        assert client.post("/api/read", content=b"x" * 100).status_code == 200


# -- description -----------------------------------------------------------------------------------


def test_openapi_describes_every_answer(client: TestClient) -> None:
    found = get(client, "/api/openapi.json")
    assert {path for path in found["paths"] if not path.startswith("/api")} == set()
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], path
            good = operation["responses"]["200"]["content"]["application/json"]["schema"]
            assert "$ref" in good, path
            bad = {s: r for s, r in operation["responses"].items() if not s.startswith("2")}
            assert {"400", "503"} <= bad.keys(), path
            assert "422" not in bad
            for answer in bad.values():
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Failure"}, path
            if method == "post":
                assert set(operation["requestBody"]["content"]) == {"text/html", "text/plain"}
            for parameter in operation.get("parameters", ()):
                assert parameter["in"] == "path" or parameter["description"], path


def test_the_api_is_described_for_people(client: TestClient) -> None:
    html = client.get("/api").text
    for path in get(client, "/api/openapi.json")["paths"]:
        assert path in html
    assert not re.search(r"https?://(?!127)", html)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server that listens."""
    app = create_app(Settings(make_store(tmp_path / "corpus.duckdb")))
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=10)


def test_the_example_of_the_docs_runs(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    docs = Path(__file__).parents[1].joinpath("docs/api.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(.*?)```", docs, flags=re.DOTALL)
    assert BASE in code
    exec(code.replace(BASE, server), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "2025-02-01 ASSAULT ['Rebels'] ['Kyiv']"
    assert len(printed) == 3
    assert "CONSULT" in printed[-1]
