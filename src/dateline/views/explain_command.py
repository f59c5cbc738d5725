"""``dateline explain``: which words led to each field of an event, and what else came close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.views import terminal
from dateline.views.errors import Exit, UsageProblem
from dateline.views.layout import Line, Run, clean, clip, flow

if TYPE_CHECKING:
    from dateline.record.explain import Choice, Explanation, FieldWhy, PartyWhy, Words
    from dateline.record.model import Record

_SHOWN = 110  # characters of evidence
_OUR_JSON = b'{"article"'


def explain(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-|URL",
            help="A page, or the JSON that 'dateline read --json' gave for it.",
        ),
    ],
    event: Annotated[str, typer.Argument(metavar="EVENT", help="Id of an event, as e3.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="As for read, where the page does not say."),
    ] = None,
    actors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The actors file given to read.")
    ] = None,
    codebook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The event types given to read.")
    ] = None,
) -> None:
    """Say which words led to each field of an event and which alternatives were close."""
    from dateline.knowledge.tables import KnowledgeError
    from dateline.record.actors import Registry
    from dateline.record.explain import UnknownEvent
    from dateline.record.explain import explain as explained

    try:
        record = _record(source, published, actors, codebook)
        why = explained(record, event, registry=Registry.load(actors) if actors else None)
    except (UnknownEvent, KnowledgeError) as error:
        raise UsageProblem(_worded(error)) from None
    if json:
        terminal.write(why.model_dump_json(indent=2) + "\n")
    else:
        terminal.show(render(why, width=terminal.width()))


def _worded(error: Exception) -> str:
    return str(error.args[0]) if error.args else str(error)


def _record(
    source: str, published: str | None, actors: Path | None, codebook: Path | None
) -> Record:
    """The record of a page, or the one that a file holds."""
    import dateline
    from dateline.views.cli import parse_published
    from dateline.views.sources import load

    page = load(source)
    if b"".join(page.data[:200].split()).startswith(_OUR_JSON):
        return _saved(page.data, source)
    day = parse_published(published)
    try:
        record = dateline.read(
            page.data, url=page.url, published=day, actors=actors, codebook=codebook
        )
    except OSError as error:
        raise UsageProblem(f"{error.filename or source}: {error.strerror or error}") from None
    if record.article.problem is not None:
        terminal.say(record.article.problem.message)
        raise typer.Exit(Exit.NO_STORY)
    return record


def _saved(data: bytes, source: str) -> Record:
    from pydantic import ValidationError

    from dateline.record.model import Record

    try:
        return Record.model_validate_json(data)
    except ValidationError as error:
        found = error.errors()[0]
        where = ".".join(str(part) for part in found["loc"])
        raise UsageProblem(
            f"{source} looks like a record and is none of this version: {where}: {found['msg']}"
        ) from None


def render(why: Explanation, *, width: int | None) -> list[Line]:
    """The explanation as lines, a field a paragraph."""
    event = why.event
    lines: list[Line] = [(Run(f"{event.id} {event.type}", "title"),)]
    lines += flow([_quote(w) for w in why.evidence], width=width)
    lines += _part("Trigger", _trigger(why), width)
    lines += _part("Type", _type(why), width)
    for party in why.parties:
        lines += _part(party.side.capitalize(), [_party(party)], width)
    lines += _field("Status", why.status, "the network's odds", width)
    lines += _field("When", why.when, "other times in the sentence", width)
    lines += _field("Where", why.place, "other places or readings", width)
    lines += _field("Reported by", why.reporter, "", width)
    lines += _part("Confidence", _confidence(why), width)
    nearby: list[list[Line]] = [
        [(Run(clean(d.reason.replace("_", " "))),), (Run(clean(d.message), "dim"),)]
        for d in why.dropped_nearby
    ]
    return lines + (_part("Dropped nearby", nearby, width) if nearby else [])


def _part(title: str, rows: Iterable[Sequence[Line]], width: int | None) -> list[Line]:
    lines: list[Line] = [(), (Run(title, "heading"),)]
    for row in rows:
        lines += flow(list(row), width=width)
    return lines


def _quote(words: Words) -> Line:
    text = Run(f"“{clip(clean(words.text), _SHOWN)}”", "words")
    return (text, Run(f" ({clean(words.role)})", "dim")) if words.role else (text,)


def _trigger(why: Explanation) -> list[list[Line]]:
    trigger = why.trigger
    weight = "" if trigger.weight is None else f"weight {trigger.weight:g}"
    rows: list[list[Line]] = [
        [_quote(trigger.word), (Run(trigger.frame),), (Run(f"says {trigger.says}", "type"),),
         (Run(weight, "dim"),)],
    ]  # fmt: skip
    if trigger.governors:
        rows.append([(Run("under "), *_quote(word)) for word in trigger.governors])
    if trigger.words:
        rows.append([(Run("with "), *_quote(word)) for word in trigger.words])
    rows += [[(Run(f"not: {frame}", "dim"),)] for frame in trigger.others]
    return rows


def _type(why: Explanation) -> list[list[Line]]:
    rows = [
        [(Run("lexicon and network"),), *_choices(why.type.together)],
        [(Run("network alone"),), *_choices(why.type.network_alone)],
    ]
    if why.type.user_types:
        own = [(Run(f"{name} {p:.2f}", "type"),) for name, p in why.type.user_types.items()]
        rows.append([(Run("your types"),), *own])
    return rows


def _choices(listed: Sequence[Choice]) -> list[Line]:
    found: list[Line] = []
    for choice in listed:
        chance = "" if choice.probability is None else f" {choice.probability:.2f}"
        note = f" ({clean(choice.note)})" if choice.note else ""
        found.append((Run(clean(choice.label) + chance), Run(note, "dim")))
    return found


def _party(party: PartyWhy) -> list[Line]:
    named = f"named {clean(party.name)!r} in the article, {party.mentions} ×" if party.name else ""
    who = clean(party.entry) if party.entry else "no known actor"
    return [
        _quote(party.words), (Run(f"by {party.found_by}", "dim"),), (Run(named),),
        (Run(f"→ {who}", "actor"),), (Run(clean(party.role)),),
        (Run(f"from {party.source}" if party.source else "", "dim"),),
        (Run(clean(party.note or ""), "dim"),),
    ]  # fmt: skip


def _field(title: str, why: FieldWhy, others: str, width: int | None) -> list[Line]:
    rows: list[list[Line]] = [
        [(Run(clean(why.value), "type"),), (Run(clean(why.reason)),), *map(_quote, why.words)]
    ]
    if why.alternatives and others:
        rows.append([(Run(others, "dim"),), *_choices(why.alternatives)])
    return _part(title, rows, width)


def _confidence(why: Explanation) -> list[list[Line]]:
    told = why.confidence
    rows: list[list[Line]] = [
        [(Run(f"{told.value:.2f}"),), (Run(f"coded from {told.least:g}", "dim"),)]
    ]
    moved: list[Line] = [
        (Run(f"{c.feature} {c.added:+.2f}"), Run(f" ({c.value:g})", "dim"))
        for c in told.contributions
    ]
    return [*rows, moved] if moved else rows
