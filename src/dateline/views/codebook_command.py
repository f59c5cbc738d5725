"""``dateline codebook``: the event types, one of them, a CAMEO code, or a user's own file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.views import terminal
from dateline.views.errors import UsageProblem
from dateline.views.layout import Line, Run, clean, flow, wrap

if TYPE_CHECKING:
    from dateline.record.codebook import CameoCode, Codebook, Reading
    from dateline.record.user_codebook import UserCodebook, UserType


def show_codebook(
    type: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="A type, as ASSAULT; none: all.")
    ] = None,
    cameo: Annotated[str | None, typer.Option(metavar="CODE", help="A CAMEO code, as 042.")] = None,
    user: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own types (docs/codebook.md).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the event types, their modes and contexts, and their CAMEO codes."""
    from dateline.record.codebook import load_codebook

    book, own = load_codebook(), _own(user)
    if cameo is not None:
        code = _code(book, cameo)
        found, lines = _code_data(book, code), _code_lines(book, code)
    elif type is not None:
        found, lines = _one_type(book, own, type)
    else:
        found, lines = _book_data(book, own), _book_lines(book, own)
    if json:
        from dateline.views.tasks import to_json

        terminal.write(to_json(found) + "\n")
    else:
        terminal.show(lines)


def _own(path: Path | None) -> UserCodebook | None:
    if path is None:
        return None
    from dateline.knowledge.tables import KnowledgeError
    from dateline.record.user_codebook import load_user_codebook

    try:
        return load_user_codebook(path)
    except KnowledgeError as error:
        raise UsageProblem(str(error)) from None
    except OSError as error:
        raise UsageProblem(f"{path}: {error.strerror or error}") from None


def _code(book: Codebook, cameo: str) -> CameoCode:
    if cameo not in book.cameo:
        near = [code for code in book.cameo if code.startswith(cameo[:2]) or code == f"0{cameo}"]
        hint = f"; those near it: {', '.join(near[:8])}" if near else ""
        raise UsageProblem(
            f"no CAMEO code {cameo!r}; codes are three or four digits, leading zero kept{hint}"
        )
    return book.cameo[cameo]


def _one_type(
    book: Codebook, own: UserCodebook | None, name: str
) -> tuple[dict[str, Any], list[Line]]:
    mine = {kind.upper(): kind for kind in own.types} if own else {}
    if own and name.upper() in mine:
        kind = own.types[mine[name.upper()]]
        return _user_data(kind), _user_lines(kind)
    if name.upper() not in book.types or (own and own.use == "replace"):
        known = [*(own.types if own else ()), *(() if own and own.use == "replace" else book.types)]
        raise UsageProblem(f"no type {name!r}; the types: {', '.join(known)}")
    return _type_data(book, name.upper()), _type_lines(book, name.upper())


# -- as data -----------------------------------------------------------------------------------


def _book_data(book: Codebook, own: UserCodebook | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "version": book.version,
        "quads": dict(book.quads),
        "types": {name: _type_data(book, name) for name in book.types},
        "contexts": {name: context.definition for name, context in book.contexts.items()},
        "auxiliary": {name: mark.model_dump() for name, mark in book.auxiliary.items()},
        "decisions": [decision.model_dump() for decision in book.decisions],
        "cameo": [_code_data(book, code) for code in book.cameo.values()],
    }
    if own:
        data["user"] = {
            "name": own.name, "version": own.version, "codebook": own.use,
            "types": [_user_data(kind) for kind in own.types.values()],
        }  # fmt: skip
    return data


def _type_data(book: Codebook, name: str) -> dict[str, Any]:
    data: dict[str, Any] = book.types[name].model_dump()
    data["cameo"] = _codes_of(book, name)
    return {"type": name, **data}


def _user_data(kind: UserType) -> dict[str, Any]:
    return {
        "type": kind.name, "definition": kind.definition, "maps_to": _maps_to(kind),
        "cameo": kind.cameo, "quad": kind.quad, "intensity": kind.intensity,
        "examples": [s.text for s in kind.examples],
        "counterexamples": [s.text for s in kind.counterexamples],
    }  # fmt: skip


def _code_data(book: Codebook, code: CameoCode) -> dict[str, Any]:
    return {
        "code": code.code,
        "label": code.label,
        "plover": _reading_data(code.reading) if code.reading else None,
        "also": [_reading_data(reading) for reading in code.also],
        "mirror": book.mirror_of(code.code),
    }


def _reading_data(reading: Reading) -> dict[str, Any]:
    return {"type": reading.type, "mode": reading.mode, "contexts": list(reading.contexts)}


def _codes_of(book: Codebook, name: str) -> list[str]:
    return [c.code for c in book.cameo.values() if c.reading and c.reading.type == name]


# -- as lines ----------------------------------------------------------------------------------


def _book_lines(book: Codebook, own: UserCodebook | None) -> list[Line]:
    width = terminal.width()
    lines: list[Line] = [(Run(f"Codebook {book.version}", "title"),)]
    if own:
        lines += _own_head(own)
    if own is None or own.use == "extend":
        for quad, label in book.quads.items():
            lines += [(), (Run(f"{quad} {label}", "heading"),)]
            names = [name for name in book.types if book.quad(name) == quad]
            lines += [line for name in names for line in _type_row(book, name)]
    lines += [(), (Run("Contexts", "heading"),)]
    lines += wrap(", ".join(book.contexts), width=width, indent=2)
    lines += [(), (Run("Marks on any event", "heading"),)]
    for name, mark in book.auxiliary.items():
        lines += flow(
            [(Run(name, "type"),), (Run(f"status {mark.status}"),), (Run(mark.definition, "dim"),)],
            width=width,
        )
    lines += [(), (Run("Where the sources disagree", "heading"),)]
    for decision in book.decisions:
        lines += flow(
            [
                (Run(decision.question),),
                (Run(decision.choice, "type"),),
                (Run(decision.reason, "dim"),),
            ],
            width=width,
        )
    hint = "dateline codebook TYPE shows a type with its modes and examples, --cameo CODE a code."
    return [*lines, (), (Run(hint, "dim"),)]


def _own_head(own: UserCodebook) -> list[Line]:
    what = "beside PLOVER's types" if own.use == "extend" else "in place of PLOVER's types"
    name = " ".join(part for part in (own.name, own.version) if part)
    lines: list[Line] = [(), (Run(clean(f"{name}, {what}"), "heading"),)]
    for kind in own.types.values():
        lines += _row(kind.name, kind.quad, kind.intensity, clean(kind.definition), _maps_to(kind))
    return lines


def _type_row(book: Codebook, name: str) -> list[Line]:
    kind = book.types[name]
    return _row(name, kind.quad, kind.intensity, kind.definition, ", ".join(kind.modes))


def _row(name: str, quad: int, score: float, definition: str, more: str) -> list[Line]:
    fields: list[Line] = [
        (Run(name, "type"),),
        (Run(f"quad {quad}, score {score:+g}"),),
        (Run(definition),),
        (Run(more, "dim"),),
    ]
    return flow(fields, width=terminal.width())


def _type_lines(book: Codebook, name: str) -> list[Line]:
    kind, width = book.types[name], terminal.width()
    head = f"quad {kind.quad} ({book.quads[kind.quad]}), score {kind.intensity:+g}"
    lines: list[Line] = [(Run(name, "title"), Run(f"  {head}"))]
    lines += wrap(kind.definition, width=width, indent=2)
    lines += wrap(f"actor: {kind.actor}", width=width, indent=2)
    optional = "" if kind.requires_recipient else " (may be missing)"
    lines += wrap(f"recipient: {kind.recipient}{optional}", width=width, indent=2)
    if kind.boundaries:
        lines += [(), (Run("Not to be mixed up", "heading"),)]
        lines += [line for text in kind.boundaries for line in wrap(text, width=width, indent=2)]
    if kind.modes:
        lines += [(), (Run("Modes", "heading"),)]
    for mode, told in kind.modes.items():
        fields: list[Line] = [(Run(mode, "type"),), (Run(f"{book.intensity(name, mode):+g}"),)]
        lines += flow([*fields, (Run(told.definition),), _cameo_run(book, name, mode)], width=width)
    lines += [(), (Run("Examples", "heading"),)]
    for example in kind.examples:
        details = ", ".join(part for part in (example.mode, *example.contexts) if part)
        parties = f"{example.actor} → {example.recipient or '—'}"
        fields = [(Run(example.text, "words"),), (Run(parties, "actor"),), (Run(details, "dim"),)]
        lines += flow(fields, width=width)
    codes = ", ".join(_codes_of(book, name))
    return [*lines, (), (Run("CAMEO codes", "heading"),), *wrap(codes, width=width, indent=2)]


def _cameo_run(book: Codebook, name: str, mode: str) -> Line:
    return (Run(f"CAMEO {book.cameo_for(name, mode)}", "dim"),)


def _user_lines(kind: UserType) -> list[Line]:
    width = terminal.width()
    head = f"quad {kind.quad}, score {kind.intensity:+g}, maps to {_maps_to(kind)}"
    lines: list[Line] = [(Run(clean(kind.name), "title"), Run(f"  {head}"))]
    lines += wrap(clean(kind.definition), width=width, indent=2)
    for title, listed in (("Examples", kind.examples), ("What it is not", kind.counterexamples)):
        if listed:
            lines += [(), (Run(title, "heading"),)]
        for sentence in listed:
            lines += wrap(clean(sentence.text), width=width, style="words", indent=2)
    return lines


def _maps_to(kind: UserType) -> str:
    plover = f"{kind.type}/{kind.mode}" if kind.mode else kind.type
    return f"{plover} (CAMEO {kind.cameo})" if kind.cameo else plover


def _code_lines(book: Codebook, code: CameoCode) -> list[Line]:
    lines: list[Line] = [(Run(f"CAMEO {code.code}", "title"), Run(f"  {code.label}"))]
    lines += list(_readings(code))
    mirror = book.mirror_of(code.code)
    if mirror is not None:
        told = book.cameo[mirror].label
        lines.append((Run(f"  from the other side: {mirror}, {told}", "dim"),))
    if code.note:
        lines += wrap(code.note, width=terminal.width(), style="dim", indent=2)
    return lines


def _readings(code: CameoCode) -> Iterator[Line]:
    if code.reading is None:
        yield (Run("  PLOVER has no type for it", "warning"),)
        return
    for label, reading in (("PLOVER", code.reading), *(("also", r) for r in code.also)):
        mode = f"/{reading.mode}" if reading.mode else ""
        about = f"  ({', '.join(reading.contexts)})" if reading.contexts else ""
        yield (Run(f"  {label} "), Run(f"{reading.type}{mode}", "type"), Run(about))
