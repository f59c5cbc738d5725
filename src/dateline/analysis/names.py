"""Proper names from the network's name head."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import cast

from dateline.analysis.chunks import Chunk, chunks
from dateline.analysis.model import Name, NameKind, Sentence, Token
from dateline.analysis.network import WindowOutput, labels
from dateline.analysis.windows import Window
from dateline.knowledge.tables import read_csv

EPITHET_COLUMNS = ("noun", "kind", "gender", "open")
_NEVER_NAMES = ("PRP", "W", "DT", "IN", "CC", "TO", "MD", "EX")
_NOT_A_NAME = frozenset({"the", "a", "an", "'s", "’s", "of", ",", ".", "and", '"', "“", "”"})


def decode_names(
    text: str,
    tokens: Sequence[Token],
    sentences: Sequence[Sentence],
    windows: Sequence[tuple[Window, WindowOutput]],
) -> list[Name]:
    """Names in order of appearance, never overlapping, trimmed of articles and punctuation."""
    names: list[Name] = []
    for window, output in windows:
        for chunk in _whole_persons(chunks(output.names, labels()["names"])):
            name = _name(
                text, tokens[window.first + chunk.first : window.first + chunk.last], chunk
            )
            if name:
                names.append(name)
    return names


def decode_mentions(
    text: str, tokens: Sequence[Token], windows: Sequence[tuple[Window, WindowOutput]]
) -> list[Name]:
    """Phrases for persons, organisations and places in order of appearance, the longest of those that
    lie in each other: names, 'the rebels', 'she'."""
    found = []
    for window, output in windows:
        for chunk in chunks(output.mentions, labels()["mentions"]):
            parts = tokens[window.first + chunk.first : window.first + chunk.last]
            start, end = parts[0].start, parts[-1].end
            found.append(
                Name((start, end), text[start:end], cast(NameKind, chunk.kind), chunk.score)
            )
    return found


def _whole_persons(found: Sequence[Chunk]) -> list[Chunk]:
    """Chunks with a person's name that was cut in two made whole: two persons never stand side by
    side without a comma or a word between them."""
    result: list[Chunk] = []
    for chunk in found:
        last = result[-1] if result else None
        if last and last.kind == chunk.kind == "person" and last.last == chunk.first:
            score = min(last.score, chunk.score)
            result[-1] = Chunk(chunk.kind, last.first, chunk.last, score)
        else:
            result.append(chunk)
    return result


def _name(text: str, parts: Sequence[Token], chunk: Chunk) -> Name | None:
    listed = _trimmed(parts)
    if not any(_may_be_named(token) for token in listed):
        return None
    if chunk.kind == "person":
        listed = _trimmed(_person_only(listed))
        if not listed or not listed[-1].text[0].isupper():  # 'spokesman for the army'
            return None
    start, end = listed[0].start, listed[-1].end
    return Name((start, end), text[start:end], cast(NameKind, chunk.kind), chunk.score)


def _trimmed(parts: Sequence[Token]) -> list[Token]:
    """Tokens without articles and punctuation at the ends."""
    listed = list(parts)
    while listed and listed[0].text.lower() in _NOT_A_NAME:
        listed.pop(0)
    while listed and listed[-1].text.lower() in _NOT_A_NAME:
        listed.pop()
    return listed


def _may_be_named(token: Token) -> bool:
    """False for words that are a name only together with others: the network also marks 'he' and 'the
    envoy' as persons."""
    if not token.text[0].isupper() or token.tag.startswith(_NEVER_NAMES):
        return token.text[:1].isdigit() and any(c.isalpha() for c in token.text)
    return token.text.lower() not in _common_nouns()


@cache
def _common_nouns() -> frozenset[str]:
    """Nouns said of a person already named, also with a capital ('the Republican')."""
    return frozenset(row["noun"] for row in read_csv("epithets.csv", EPITHET_COLUMNS))


def _person_only(parts: list[Token]) -> list[Token]:
    """A person's name without what the model took along: all from a possessive, a bracket or a
    preposition on ('Obi's office', 'Ada Obi of Lagos'), and all up to the last title or lower-case
    word that is no particle ('Kenyan President Ada Obi', 'former minister Ada Obi')."""
    for n, token in enumerate(parts):
        of_place = token.tag == "IN" and parts[n - 1].text[0].isupper()
        if n and (token.text in {"'s", "’s", "("} or of_place):
            parts = parts[:n]
            break
    lower = [
        n for n, t in enumerate(parts) if t.text[0].islower() and t.text not in _name_particles()
    ]
    titled = [n for n, t in enumerate(parts[:-1]) if t.text.lower().rstrip(".") in _titles()]
    last = max([*lower, *titled], default=-1)
    return parts[last + 1 :] if last + 1 < len(parts) else parts


@cache
def _titles() -> frozenset[str]:
    """Words that stand before a person's name and are no part of it, lower case without the dot."""
    short = {row["abbreviation"] for row in read_csv("titles.csv", ("abbreviation", "term"))}
    return _common_nouns() | {word for word in short if " " not in word}


@cache
def _name_particles() -> frozenset[str]:
    """Lower-case words inside personal names ('van der', 'bin')."""
    return frozenset(row["word"] for row in read_csv("name_particles.csv", ("word",)))
