"""The command line: what goes to which stream, exit codes, and never a traceback."""

from __future__ import annotations

import gzip
import http.server
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest

import dateline
import hand_built
from dateline.views import cli, sources, tasks, terminal
from dateline.views.errors import Exit, UsageProblem


class Outcome:
    """What one run of the command did."""

    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(monkeypatch, capsys):
    """Run ``dateline`` with arguments in this process."""

    def call(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["dateline", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        streams = capsys.readouterr()
        return Outcome(stop.value.code, streams.out, streams.err)

    return call


@pytest.fixture
def calls(monkeypatch):
    """Replace the public functions by ones that note their arguments and give a record by hand."""
    seen: list[tuple[bytes, dict[str, object]]] = []

    def read(page: bytes, **options: object):
        seen.append((page, options))
        return hand_built.without_story() if b"paywall" in page else hand_built.record()

    monkeypatch.setattr(dateline, "read", read, raising=False)
    monkeypatch.setattr(dateline, "extract", lambda page, url: read(page).article, raising=False)
    return seen


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.html"
    path.write_text("<p>story</p>", encoding="utf-8")
    return path


def test_read_prints_the_record_and_nothing_on_stderr(run, calls, page):
    done = run("read", page)
    assert done.code == Exit.RECORD
    assert done.out.startswith("Envoy meets Sudanese officials\n")
    assert done.err == ""
    assert "\x1b" not in done.out


def test_read_json_is_the_record_with_its_schema_version(run, calls, page):
    record = json.loads(run("read", page, "--json").out)
    assert record["version"]["schema_version"] == "1"
    assert record["events"][0]["type"] == "CONSULT"


def test_no_story_ends_with_3_and_says_what_stood_there(run, calls, tmp_path):
    path = tmp_path / "wall.html"
    path.write_text("paywall", encoding="utf-8")
    done = run("read", path)
    assert done.code == Exit.NO_STORY
    assert done.out == ""
    assert done.err == "dateline: no story found: the page holds only a subscription notice\n"


def test_no_story_as_json_still_prints_the_explained_record(run, calls, tmp_path):
    path = tmp_path / "wall.html"
    path.write_text("paywall", encoding="utf-8")
    done = run("read", path, "--json")
    assert done.code == Exit.NO_STORY
    assert json.loads(done.out)["article"]["problem"]["code"] == "paywall_notice"


def test_extract_prints_the_story(run, calls, page):
    done = run("extract", page)
    assert done.code == Exit.RECORD
    assert hand_built.SECOND in done.out
    article = json.loads(run("extract", page, "--json").out)
    assert article["headline"] == hand_built.article().headline


def test_standard_input_is_read_as_bytes(run, calls, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(b"\xffstory"))
    monkeypatch.setattr(sys, "stdin", stream)
    assert run("read", "-").code == Exit.RECORD
    assert calls[0][0] == b"\xffstory"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-02-12", date(2025, 2, 12)),
        ("2025-02-12T21:20", datetime(2025, 2, 12, 21, 20, tzinfo=UTC)),
        ("2025-02-12T21:20+00:00", datetime(2025, 2, 12, 21, 20, tzinfo=UTC)),
    ],
)
def test_published_is_passed_on(run, calls, page, text, moment):
    run("read", page, "--published", text)
    assert calls[0][1]["published"] == moment


def test_own_actors_are_passed_on(run, calls, page):
    run("read", page, "--actors", "mine.csv")
    assert calls[0][1]["actors"] == Path("mine.csv")
    run("read", page)
    assert calls[1][1]["actors"] is None


def test_actors_file_that_cannot_be_read_is_named(run, page):
    done = run("read", page, "--actors", "mine.csv")
    assert done.code == Exit.USAGE
    assert "mine.csv" in done.err


def test_version_is_shown(run):
    assert run("--version").out == f"dateline {dateline.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["read", "missing.html"], "no such file: missing.html"),
        (["read", "."], "is a folder"),
        (["read", "ftp://news.example/a"], "expected http:// or https://, found ftp://"),
        (["read", "a\0b"], "cannot read"),
        (["read", ".", "--published", "12 Feb"], "is not a date; expected one like 2025-02-12"),
        (["eval", "poetry", "--data", "x"], "no task 'poetry'; choose one of attribution, plv"),
        (["eval", "times"], "--data FILE"),
        (["eval", "times", "--data", "missing.jsonl"], "no such file: missing.jsonl"),
        (["read"], "Missing argument"),
        (["read", ".", "--colour"], "No such option"),
        (["reed", "."], "No such command"),
    ],
)
def test_bad_usage_ends_with_2_and_says_what_was_expected(run, calls, arguments, message):
    done = run(*arguments)
    assert done.code == Exit.USAGE
    assert done.out == ""
    assert message in done.err
    assert "Traceback" not in done.err


def test_fault_of_ours_is_one_line_with_exit_code_1(run, page, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("wires\ncrossed")

    monkeypatch.setattr(dateline, "read", fail, raising=False)
    done = run("read", page)
    assert done.code == Exit.FAULT
    assert done.out == ""
    assert done.err.count("\n") == 1
    assert "please report" in done.err
    assert "RuntimeError: wires crossed at test_cli.py:" in done.err


def test_schema_describes_the_record(run):
    schema = json.loads(run("schema").out)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"article", "events", "statements", "version"} <= schema["properties"].keys()


def test_eval_prints_the_figures_of_the_evaluator(run, monkeypatch, tmp_path):
    data = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path in data:
        path.write_text("", encoding="utf-8")
    module = type(sys)("dateline.evaluation.times")
    module.evaluate = lambda paths: {"files": len(paths)}
    monkeypatch.setitem(sys.modules, "dateline.evaluation.times", module)
    done = run("eval", "times", "--data", data[0], "--data", data[1])
    assert json.loads(done.out) == {"files": 2}
    assert json.loads(run("eval", "times", "--data", *data).out) == {"files": 2}


def test_eval_names_the_file_in_the_wrong_format(run, monkeypatch, page):
    module = type(sys)("dateline.evaluation.times")
    module.evaluate = lambda paths: json.loads(paths[0].read_text())
    monkeypatch.setitem(sys.modules, "dateline.evaluation.times", module)
    done = run("eval", "times", "--data", page)
    assert done.code == Exit.USAGE
    assert str(page) in done.err


def test_eval_names_the_field_that_a_row_lacks(run, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "today", "created": "2024-05-14"}\n', encoding="utf-8")
    assert "found one without 'timexes'" in run("eval", "times", "--data", rows).err


@pytest.mark.parametrize("task", tasks.EVALUATORS)
def test_every_task_has_its_evaluator(task):
    evaluator = tasks.EVALUATORS[task]
    module = import_module(f"dateline.evaluation.{evaluator.module}")
    assert callable(getattr(module, evaluator.function))


def test_evaluator_of_one_file_gives_each_its_figures(run, monkeypatch, tmp_path, page):
    module = type(sys)("dateline.evaluation.actors")
    module.evaluate = lambda path: {"name": path.name}
    monkeypatch.setitem(sys.modules, "dateline.evaluation.actors", module)
    assert json.loads(run("eval", "actors", "--data", page).out) == {"name": "page.html"}
    both = json.loads(run("eval", "actors", "--data", page, tmp_path).out)
    assert both == {str(page): {"name": "page.html"}, str(tmp_path): {"name": tmp_path.name}}


def test_pages_are_measured_in_their_folder_with_our_own_reader(run, calls, monkeypatch, page):
    module = type(sys)("dateline.evaluation.pages")
    module.evaluate_pages = lambda folder, read: [str(folder), read(b"x", url="u").headline]
    monkeypatch.setitem(sys.modules, "dateline.evaluation.pages", module)
    right = [str(page.parent), "Envoy meets Sudanese officials"]
    assert json.loads(run("eval", "pages", "--data", page).out) == right
    assert json.loads(run("eval", "pages", "--data", page.parent).out) == right


def test_closed_pipe_is_no_error():
    command = [sys.executable, "-m", "dateline", "schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        errors = process.stderr.read()
    assert errors == b""
    assert process.returncode == 0


def test_help_loads_no_language_model():
    code = (
        "import sys; from dateline.views import cli; "
        "print([m for m in ('onnxruntime', 'trafilatura', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (_Terminal, {"TERM": "xterm"}, True),
        (_Terminal, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (_Terminal, {"TERM": "dumb"}, False),
        (io.StringIO, {"TERM": "xterm"}, False),
    ],
)
def test_colour_only_on_a_terminal_that_wants_it(monkeypatch, stream, environment, coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = stream()
    monkeypatch.setattr(sys, "stdout", out)
    terminal.show([(terminal_run("head"),)])
    assert ("\x1b[" in out.getvalue()) is coloured
    assert "head" in out.getvalue()


def terminal_run(text: str):
    from dateline.views.layout import Run

    return Run(text, "title")


def test_pipe_has_no_width_and_a_terminal_is_kept_readable(monkeypatch):
    assert terminal.width() is None
    monkeypatch.setattr(sys, "stdout", _Terminal())
    monkeypatch.setenv("COLUMNS", "300")
    assert terminal.width() == terminal.MAX_WIDTH
    monkeypatch.setenv("COLUMNS", "9")
    assert terminal.width() == terminal.MIN_WIDTH


STORY = b"<p>story from the web</p>"


class _Site(http.server.BaseHTTPRequestHandler):
    """A small site on this machine."""

    def do_GET(self) -> None:
        answers = {
            "/story": (200, {}, STORY),
            "/packed": (200, {"Content-Encoding": "gzip"}, gzip.compress(STORY)),
            "/broken": (200, {"Content-Encoding": "gzip"}, b"no gzip"),
            "/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"a" * 4000)),
            "/large": (200, {}, b"a" * 4000),
            "/moved": (302, {"Location": "/story"}, b""),
            "/local": (302, {"Location": "file:///etc/hostname"}, b""),
        }
        code, headers, body = answers.get(self.path, (404, {}, b""))
        self.send_response(code)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("path", "final"), [("/story", "/story"), ("/moved", "/story")])
def test_page_is_fetched_with_the_address_it_ended_at(site, path, final):
    page = sources.load(site + path)
    assert page.data == STORY
    assert page.url == site + final


def test_page_that_comes_compressed_unasked_is_unpacked(site):
    assert sources.load(f"{site}/packed").data == STORY


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/nothing", "answered 404"),
        ("/broken", "broken gzip"),
        ("/local", "cannot fetch|answered 302"),
        ("/large", "too large"),
        ("/bomb", "too large"),
    ],
)
def test_page_that_cannot_be_had_is_a_usage_problem(site, monkeypatch, path, message):
    monkeypatch.setattr(sources, "FETCH_BYTES", 3000)
    with pytest.raises(UsageProblem, match=message):
        sources.load(site + path)


def test_closed_port_is_named_plainly():
    with pytest.raises(UsageProblem, match=r"cannot fetch http://127.0.0.1:9/: Connection refused"):
        sources.load("http://127.0.0.1:9/")
