"""How much of what a careful reader would note the software finds on the bundled sample pages.

The expected records (``dateline/samples/expected/*.json``) are partial and written by hand: they
name a passage by its words, a party by its codes ('BOL GOV': country, then sector where the text
makes it plain) or by the words that name it, and a field may list several right answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from dateline.article.model import Article
from dateline.record.model import Event, Party, Record, Statement
from dateline.spans import Span, overlaps

SAMPLES = Path(str(files("dateline") / "samples"))
FORMATS = ("html", "text")
_SUFFIX = {"html": ".html", "text": ".txt"}


@dataclass(slots=True)
class Tally:
    """Right answers and questions per figure, and what was wrong, for a person to read."""

    right: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, figure: str, right: bool, note: str) -> None:
        self.asked[figure] = self.asked.get(figure, 0) + 1
        self.right[figure] = self.right.get(figure, 0) + right
        if not right:
            self.wrong.append(f"{figure}: {note}")

    def shares(self) -> dict[str, float]:
        return {figure: self.right[figure] / asked for figure, asked in self.asked.items()}


def names() -> list[str]:
    """The samples' names, in order."""
    return sorted(path.stem for path in (SAMPLES / "expected").glob("*.json"))


def page_path(name: str, form: str) -> Path:
    """The page of a sample; ``form`` is 'html' or 'text'."""
    return SAMPLES / (name + _SUFFIX[form])


def expected(name: str, form: str) -> dict[str, Any]:
    """What is right for one page: the part common to both forms and the form's own."""
    whole = json.loads((SAMPLES / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    own = whole.pop(form)
    page = {key: own.pop(key) for key in ("copies", "furniture")}
    others = {key: value for key, value in whole.items() if key not in FORMATS}
    return others | {"article": whole["article"] | own} | page


def evaluate(paths: list[Path] | None = None) -> dict[str, Any]:
    """Shares right over all samples in both forms; ``paths`` is there for the other evaluators'
    sake and not used, since the samples travel with the package."""
    import dateline

    tally = Tally()
    for name in names():
        for form in FORMATS:
            record = dateline.read(page_path(name, form))
            compare(tally, record, expected(name, form), f"{name} {form}")
    return {**tally.shares(), "wrong": tally.wrong}


def compare(tally: Tally, record: Record, right: dict[str, Any], page: str) -> None:
    """Count what ``record`` has right of ``right`` into ``tally``."""
    for name, answer, found in metadata(record.article, right):
        tally.count("metadata", answer == found, f"{page}: {name} {found!r}, not {answer!r}")
    kinds = {item.kind for item in record.article.furniture}
    for kind in right["furniture"]:
        tally.count("furniture", kind in kinds, f"{page}: no {kind}")
    for wanted in right["statements"]:
        _compare_statement(tally, record, wanted, page)
    for wanted in right["events"]:
        _compare_event(tally, record, wanted, page)
    for wanted in right["positions"]:
        tally.count("positions", _has_position(record, wanted), f"{page}: {wanted['words']}")
    for wanted in right["discrepancies"]:
        tally.count("discrepancies", _has_discrepancy(record, wanted), f"{page}: {wanted}")


def metadata(article: Article, right: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Each metadata field with the right answer and the one found."""
    wanted = right["article"]
    for key in ("headline", "standfirst", "bylines", "agency", "datelines", "outlet", "section"):
        if key in wanted:
            yield key, wanted[key], getattr(article, key)
    yield "published", True, _same_moment(article.published, wanted["published"])
    captions = [{"text": c.text, "credit": c.credit} for c in article.captions]
    yield "captions", wanted["captions"], captions
    yield "paragraphs", wanted["paragraphs"], len(article.paragraphs)
    yield "first words", wanted["first"], article.text[: len(wanted["first"])]
    yield "last words", wanted["last"], article.text[-len(wanted["last"]) :]
    yield "copies", right["copies"], len(article.copies)


def _same_moment(found: datetime | None, wanted: str) -> bool:
    """Equal as instants, or as printed where the page names no zone."""
    if found is None:
        return False
    moment = datetime.fromisoformat(wanted)
    return found == moment if moment.tzinfo else found.replace(tzinfo=None) == moment


def _place(record: Record, words: str) -> Span:
    start = record.article.text.find(words)
    return start, start + len(words)


def _compare_statement(tally: Tally, record: Record, wanted: dict[str, Any], page: str) -> None:
    note = f"{page}: {wanted['speaker']}: {wanted['begins']}"
    place = _place(record, wanted["begins"])
    near = [s for s in record.statements if any(overlaps(place, span) for span in s.content)]
    named = [s for s in near if _is_party(record, s.speaker, wanted["speaker"])]
    tally.count("statements_found", bool(near), note)
    tally.count("statements_speaker", bool(named), f"{note} ({_speakers(near)})")
    tally.count("statements_kind", any(s.kind == wanted["kind"] for s in named or near), note)


def _speakers(statements: list[Statement]) -> str:
    return ", ".join(s.speaker.text if s.speaker else "unnamed" for s in statements) or "none"


def _compare_event(tally: Tally, record: Record, wanted: dict[str, Any], page: str) -> None:
    note = f"{page}: {wanted['words']}"
    place = _place(record, wanted["words"])
    near = [e for e in record.events if overlaps(place, e.trigger)]
    typed = [e for e in near if e.type in wanted["type"]]
    tally.count("events_found", bool(typed), f"{note} ({', '.join(e.type for e in near)})")
    for key in ("actors", "recipients"):
        if key in wanted:
            right = any(_has_parties(record, getattr(e, key), wanted[key]) for e in typed)
            tally.count("events_parties", right, f"{note}: {key} not {wanted[key]}")
    for key in ("when", "status", "mode"):
        if key in wanted:
            right = any(_has_field(event, key, wanted[key]) for event in typed)
            tally.count(f"events_{key}", right, f"{note}: {key} not {wanted[key]}")


def _has_field(event: Event, key: str, wanted: Any) -> bool:
    if key == "when":
        return event.when is not None and event.when.start.startswith(wanted)
    found: object = getattr(event, key)
    return found in wanted if isinstance(wanted, list) else found == wanted


def _has_parties(record: Record, parties: list[Party], wanted: list[str]) -> bool:
    return all(any(_is_party(record, party, one) for party in parties) for one in wanted)


def _is_party(record: Record, party: Party | None, wanted: str) -> bool:
    """True when ``party`` is the one described by codes or by words."""
    if party is None:
        return False
    actor = next((a for a in record.actors if a.id == party.actor), None)
    if wanted.isupper():
        country, _, sector = wanted.partition(" ")
        return actor is not None and actor.country == country and sector in ("", actor.sector)
    words = f"{party.text} | {actor.name if actor else ''}".casefold()
    return wanted.casefold() in words


def _has_position(record: Record, wanted: dict[str, Any]) -> bool:
    place = _place(record, wanted["words"])
    return any(
        overlaps(place, position.content)
        and position.stance in wanted["stance"]
        and _is_party(record, position.party, wanted["party"])
        for position in record.positions
    )


def _has_discrepancy(record: Record, wanted: dict[str, str]) -> bool:
    """True when one discrepancy shows every passage wanted, each from its part of the page."""
    return any(
        all(
            any(p.where == where and words in p.text for p in discrepancy.passages)
            for where, words in wanted.items()
        )
        for discrepancy in record.discrepancies
    )
