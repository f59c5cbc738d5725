"""What is installed is the built wheel: it must carry its data files and work from anywhere."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "dateline"
# Declared although we do not import it: see pyproject.toml.
BROUGHT_FOR_OTHERS = {"lxml_html_clean"}
DATA_SUFFIXES = {
    ".css", ".csv", ".gz", ".html", ".js", ".json", ".npy", ".npz", ".onnx", ".sql", ".svg", ".txt",
    ".typed", ".yaml",
}  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from the sources without going to the network."""
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The wheel unpacked, as pip would, into a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_wheel_holds_every_data_file(wheel):
    data = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.suffix in DATA_SUFFIXES
    }
    assert "dateline/py.typed" in data
    assert "dateline/samples/ceasefire.html" in data
    assert data - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_wheel_holds_nothing_but_the_package(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"dateline", "dateline-0.1.0.dist-info"}


def test_installed_package_reads_a_sample_from_another_folder(installed, tmp_path):
    sample = installed / "dateline" / "samples" / "ceasefire.html"
    done = subprocess.run(
        [sys.executable, "-m", "dateline", "read", str(sample)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "PATH": "", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert "Bolivia and Paraguay agree to resume ceasefire talks" in done.stdout


def test_every_import_is_a_declared_dependency():
    """A module that comes along with another package may be gone with its next version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {name for path in PACKAGE.rglob("*.py") for name in _imports(path)}
    extras = project["optional-dependencies"]
    needed = {_name(entry) for entry in project["dependencies"]}
    optional = {_name(entry) for extra in ("web", "scale", "frames") for entry in extras[extra]}
    modules = {"yaml": "pyyaml"}
    used = {modules.get(name, name) for name in names - sys.stdlib_module_names - {"dateline"}}
    assert used - needed - optional == set()
    assert needed - used == BROUGHT_FOR_OTHERS


def _name(requirement: str) -> str:
    """The module that a requirement such as 'ray[data]>=2.30' brings, in lower case."""
    return requirement.split(">")[0].split("[")[0].replace("-", "_").lower()


def _imports(path: Path) -> Iterator[str]:
    """Top-level names of the packages that a module imports, its own left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]
