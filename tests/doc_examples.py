"""The examples of the documents: found, run, and held against what the document shows.

In ``docs/*.md`` and ``README.md``

- a ``python`` block is run, all blocks of a document one after the other in one namespace; a line that
  ends in a comment ``# = TEXT`` is an expression whose value is shown as TEXT (``shown``);
- a ``console`` block is run command by command (``$ ...``); where output is shown it must be the
  command's output, ``...`` standing for lines left out. A command that shows none must only succeed;
- an indented or unmarked block and a ``sh`` block is not run (it needs a network, a big file, or a
  choice); its ``dateline`` commands must exist and have the options that are used;
- a comment ``<!-- file: NAME -->`` before a block writes the block to a file, and one with
  ``<!-- not run: REASON -->`` leaves it unrun.

Every document runs in a folder of its own with the sample pages in ``samples``, the first of them as
``page.html``, and ``corpus.duckdb``, which is built from them.

``python tests/doc_examples.py DOCUMENT...`` brings the output that documents show up to date.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.main import get_command

import dateline
from dateline.record.model import Actor
from dateline.views import cli

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(dateline.__file__).parent
SAMPLES = PACKAGE / "samples"
ELISION = "..."
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>[^\n`]*)\n(?P<body>.*?)^(?P=indent)``` *$", re.M | re.S
)
_FILE = re.compile(r"<!-- file: (\S+) -->\s*$")
_NOT_RUN = re.compile(r"<!-- not run: [^>]+ -->\s*$")
_SHOWN = re.compile(r"^(?P<code>[^#\n]+?)\s+# = (?P<value>.+)$")
_COMMAND = re.compile(r"(?<![\w./-])dateline ((?:[a-z]+)(?: [^`\n|#]*)?)")
_SHELL = re.compile(r"[|<>;&$*`]")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its word after the fence, its lines, the line of the document it begins at, and
    the file it is written to (None: none)."""

    kind: str
    body: str
    line: int
    file: str | None


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a ``console`` block and the output shown under it, '' for none."""

    words: str
    output: str


def documents() -> list[Path]:
    """All documents that hold examples."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(document: Path) -> list[Block]:
    """The fenced blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        named = _FILE.search(text[: match.start()])
        line = text.count("\n", 0, match.start()) + 1
        kind = "" if _NOT_RUN.search(text[: match.start()]) else match["kind"].strip()
        found.append(Block(kind, match["body"], line, named[1] if named else None))
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a ``console`` block."""
    parts = re.split(r"^\$ ", block.body, flags=re.M)[1:]
    found = []
    for part in parts:
        words, _, output = part.partition("\n")
        while words.endswith("\\"):
            more, _, output = output.partition("\n")
            words = words[:-1] + more.strip()
        found.append(Command(words.strip(), output.rstrip()))
    return found


def mentioned_commands(document: Path) -> Iterator[str]:
    """Every ``dateline`` command line of a document, in blocks of any kind and in the text."""
    text = document.read_text(encoding="utf-8")
    text = re.sub(r"\\\n\s*", " ", text)
    fenced = False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        shown_as_code = fenced or line.startswith("    ")
        code = line if shown_as_code else " ".join(re.findall(r"`([^`]+)`", line))
        yield from (match[0].strip() for match in _COMMAND.finditer(code))


def unknown_options(command: str) -> list[str]:
    """Names in a ``dateline`` command that the command line does not have."""
    words = re.findall(r"[^\s\[\]()|]+", command)[1:]
    here: Any = get_command(cli.app)
    while hasattr(here, "commands") and words:
        name = words.pop(0)
        if name not in here.commands:
            return [name]
        here = here.commands[name]
    known = {option for parameter in here.params for option in parameter.opts}
    return [w for w in words if re.match(r"--[a-z]", w) and w.partition("=")[0] not in known]


def prepare(folder: Path, corpus: Path) -> None:
    """Lay out the files that examples may use."""
    shutil.copytree(SAMPLES, folder / "samples", ignore=shutil.ignore_patterns("expected"))
    shutil.copy(SAMPLES / "ceasefire.html", folder / "page.html")
    shutil.copy(corpus, folder / "corpus.duckdb")
    (folder / "src" / "dateline").mkdir(parents=True)
    (folder / "src" / "dateline" / "samples").symlink_to(folder / "samples")


def run_document(document: Path) -> Iterator[tuple[Block, str]]:
    """Run the examples of a document in the current folder; gives each that lies, with the reason."""
    names: dict[str, Any] = {}
    for block in blocks(document):
        if block.file is not None:
            Path(block.file).write_text(block.body, encoding="utf-8")
        if block.kind == "python":
            problem = run_python(block, names)
        elif block.kind == "console":
            problem = "\n".join(filter(None, map(difference, commands(block))))
        else:
            problem = ""
        if problem:
            yield block, problem


def run_python(block: Block, names: dict[str, Any]) -> str:
    """Run a block; '' when it ran and its values are those shown."""
    problems = []
    for lines in _statements(block.body):
        match = _SHOWN.match(lines)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                if match is None:
                    exec(lines, names)
                    continue
                value = shown(eval(match["code"], names))
        except Exception as error:
            return f"{lines!r} raises {type(error).__name__}: {error}"
        if value != match["value"].strip():
            problems.append(f"{match['code']} is {value}, shown is {match['value']}")
    return "\n".join(problems)


def _statements(body: str) -> Iterator[str]:
    """The source of each statement with the comment behind it."""
    lines = body.splitlines()
    for node in ast.parse(body).body:
        yield "\n".join(lines[node.lineno - 1 : node.end_lineno])


def shown(value: Any) -> str:
    """A value as the documents show it."""
    if isinstance(value, Actor):
        codes = " ".join(filter(None, (value.country, value.sector, value.sector2)))
        return f"{codes}, {value.office}" if value.office else codes
    return str(value)


def difference(command: Command) -> str:
    """What is wrong with the output of a command; '' for nothing."""
    code, output = run_command(command.words)
    if code:
        return f"$ {command.words}\nexit code {code}: {output[-500:]}"
    missing = first_missing(command.output, output) if command.output else None
    return f"$ {command.words}\ndoes not print here: {missing}" if missing is not None else ""


def first_missing(wanted: str, output: str) -> str | None:
    """The first shown line that the output does not have in its place, None when all are there. Lines
    that follow each other in the document do so in the output; '...' stands for any lines, blank ones
    do not count."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    at, free = 0, False
    for line in (w.rstrip() for w in wanted.splitlines() if w.strip()):
        if line.strip() == ELISION:
            free = True
            continue
        place = next((i for i in range(at, len(lines)) if lines[i] == line), None)
        if place is None or (place > at and not free):
            return line
        at, free = place + 1, False
    return None if free or at == len(lines) else "(more lines are printed than shown)"


def run_command(words: str) -> tuple[int, str]:
    """Exit code and standard output; a ``dateline`` command without shell signs runs in this process."""
    if words.startswith("dateline ") and not _SHELL.search(words):
        return _run_here(shlex.split(words))
    with tempfile.TemporaryDirectory() as tools:
        shim = Path(tools) / "dateline"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dateline "$@"\n')
        shim.chmod(0o755)
        path = os.pathsep.join([tools, str(Path(sys.executable).parent), os.environ["PATH"]])
        package = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
        done = subprocess.run(
            ["bash", "-c", words],
            env=os.environ | {"PATH": path, "PYTHONPATH": package},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    return done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr


def _run_here(arguments: list[str]) -> tuple[int, str]:
    out, err, kept = io.StringIO(), io.StringIO(), (sys.argv, gc.get_threshold())
    sys.argv = arguments
    code: Any = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as stop:
        code = stop.code or 0
    finally:
        sys.argv = kept[0]
        gc.set_threshold(*kept[1])
    return code, out.getvalue() if code == 0 else out.getvalue() + err.getvalue()


# Bringing a document up to date


def rewritten(document: Path) -> str:
    """The document with what is printed now in the place of output that is not."""
    text = document.read_text(encoding="utf-8")
    for block in blocks(document):
        if block.file is not None:
            Path(block.file).write_text(block.body, encoding="utf-8")
        for command in commands(block) if block.kind == "console" else ():
            _, output = run_command(command.words)
            if command.output and first_missing(command.output, output) is not None:
                text = text.replace(command.output, _cut(command.output, output))
    return text


def _cut(wanted: str, output: str) -> str:
    """The output, cut where the document cuts it: of each section (a heading and what stands under it
    till the next blank line) as many lines as are shown, from its top."""
    if ELISION not in wanted.split():
        return output.rstrip()
    printed = {
        section[0]: section for section in map(str.splitlines, output.split("\n\n")) if section
    }
    kept = []
    for section in map(str.splitlines, wanted.split("\n\n")):
        new = printed.get(section[0], [])
        count = sum(line.strip() != ELISION for line in section)
        more = ["  " + ELISION] if len(new) > count else []
        kept.append("\n".join(line.rstrip() for line in [*new[:count], *more]))
    return "\n\n".join(filter(None, kept))


def build_corpus(store: Path) -> None:
    """The store of the sample pages, built in this process."""
    from build_child import run

    pages = sorted(str(page) for page in SAMPLES.glob("*.html"))
    run(store, pages, batch=50)


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "corpus.duckdb"
        build_corpus(store)
        for document in (Path(name).resolve() for name in names):
            folder = Path(tempfile.mkdtemp(dir=name))
            prepare(folder, store)
            with contextlib.chdir(folder):
                document.write_text(rewritten(document), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
