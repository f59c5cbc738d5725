"""Names: exact spans and types of persons, organisations and places, in tokens with BIO tags.

Corpora differ in what they mark. Those with re3d's tag names (Person, Organisation, Location) mark every
mention, pronouns and 'the rebels' included, and are measured against `Analysis.mentions`; the others
(wikigold's PER, ORG, LOC; WNUT 2017's person, corporation, group, location) mark names only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dateline.analysis.engine import read_text
from dateline.evaluation.files import rows
from dateline.evaluation.scores import f1
from dateline.spans import Span

_OF_NAMES = {
    "PER": "person", "ORG": "organisation", "LOC": "place",
    "person": "person", "corporation": "organisation", "group": "organisation",
    "location": "place",
}  # fmt: skip
_OF_MENTIONS = {"Person": "person", "Organisation": "organisation", "Location": "place"}


def evaluate(paths: Sequence[Path]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of spans with their kind, by kind and together. Rows have ``tokens``
    and ``tags``; a sentence is its tokens with a space between. Raises ValueError when the files hold
    tags of both kinds of corpus."""
    listed = list(rows(paths))
    tags = {tag[2:] for row in listed for tag in row["tags"] if tag != "O"}
    mentions = bool(tags & set(_OF_MENTIONS))
    if mentions and tags & set(_OF_NAMES):
        raise ValueError("tags of names and of mentions in one measurement")
    counts = {kind: [0, 0, 0] for kind in (*_OF_MENTIONS.values(), "all")}
    for row in listed:
        gold = set(_gold(row, _OF_MENTIONS if mentions else _OF_NAMES))
        found = set(_found(" ".join(row["tokens"]), mentions))
        for kind, count in counts.items():
            wanted, given = (
                {x for x in side if kind in ("all", x[1])} for side in (gold, found)
            )
            count[0] += len(wanted & given)
            count[1] += len(given)
            count[2] += len(wanted)
    return {kind: f1(*count) for kind, count in counts.items()}


def _gold(row: dict[str, Any], kinds: dict[str, str]) -> Iterator[tuple[Span, str]]:
    offset, start, end, open_ = 0, 0, 0, ""
    for token, tag in zip((*row["tokens"], ""), (*row["tags"], "O"), strict=True):
        if open_ and (tag[:1] != "I" or tag[2:] != open_):
            if open_ in kinds:
                yield (start, end), kinds[open_]
            open_ = ""
        if tag != "O" and not open_:
            start, open_ = offset, tag[2:]
        offset, end = offset + len(token) + 1, offset + len(token)


def _found(text: str, mentions: bool) -> Iterator[tuple[Span, str]]:
    analysis = read_text(text).analysis
    for name in analysis.mentions if mentions else analysis.names:
        if name.kind != "other":
            yield name.span, name.kind
