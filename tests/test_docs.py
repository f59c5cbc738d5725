"""The documents say what is so: their examples run, their commands exist, their pages are in the guide,
and every dependency has its licence named (issue 8, item 6)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import doc_examples
from doc_examples import Block, Command, documents, first_missing, mentioned_commands

pytestmark = pytest.mark.issue(8)

ROOT = doc_examples.ROOT
if not (ROOT / "docs").is_dir():
    pytest.skip("the documents are not here", allow_module_level=True)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    """The store of the sample pages."""
    store = tmp_path_factory.mktemp("corpus") / "corpus.duckdb"
    doc_examples.build_corpus(store)
    return store


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_examples_run_and_show_what_they_print(document, corpus, tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_GAZETTEER", "")
    doc_examples.prepare(tmp_path, corpus)
    monkeypatch.chdir(tmp_path)
    wrong = [
        f"{document.name}, line {block.line}: {problem}"
        for block, problem in doc_examples.run_document(document)
    ]
    assert wrong == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_commands_of_the_documents_exist(document):
    wrong = {c: doc_examples.unknown_options(c) for c in mentioned_commands(document)}
    assert {c: names for c, names in wrong.items() if names} == {}


def test_a_wrong_example_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "raises NameError" in doc_examples.run_python(Block("python", "nothing", 1, None), {})
    assert "is 4" in doc_examples.run_python(Block("python", "2 + 2  # = 5", 1, None), {})
    assert doc_examples.run_python(Block("python", "2 + 2  # = 4", 1, None), {}) == ""
    assert "does not print" in doc_examples.difference(Command("echo one", "two"))
    assert "exit code 2" in doc_examples.difference(Command("dateline read nowhere.html", ""))
    assert doc_examples.unknown_options("dateline read page.html --jsn") == ["--jsn"]
    assert doc_examples.unknown_options("dateline raed page.html") == ["raed"]


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        ("a\nb\nc", None),
        ("a\n...\nc", None),
        ("a\n...", None),
        ("a\nc", "c"),
        ("b\n...", "b"),
        ("a\nb", "(more lines are printed than shown)"),
        ("...\nc\n...\nb", "b"),
    ],
)
def test_shown_lines_are_held_against_the_output(wanted, missing):
    assert first_missing(wanted, "a\n\nb\nc\n") == missing


def test_every_document_is_in_the_guide():
    class Loader(yaml.SafeLoader):
        """Passes over the tags of Python objects that mkdocs allows."""

    Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=Loader)
    listed = set(re.findall(r"[\w-]+\.md", repr(settings["nav"])))
    assert listed == {path.name for path in (ROOT / "docs").glob("*.md")}


def test_guide_builds_without_a_warning(tmp_path):
    pytest.importorskip("mkdocs")
    pytest.importorskip("mkdocstrings")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path / "site"), strict=True))
    assert "event_type" in (tmp_path / "site" / "python" / "index.html").read_text("utf-8")


def test_licence_of_every_dependency_is_listed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    needed = {
        re.split(r"[^\w.-]", entry)[0].lower().replace("_", "-")
        for entry in [*project["dependencies"], *(entry for extra in extras for entry in extra)]
    }
    needed.discard(project["name"])  # an extra that asks for others
    listed = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([\w.-]+) \| ([^|]+) \|", listed, re.M))
    assert needed - set(rows) == set()
    assert not [name for name, licence in rows.items() if "unknown" in licence.lower()]
