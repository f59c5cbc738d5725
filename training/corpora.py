"""Reading the training corpora into one shape: words with labels, one `Example` a window.

Label sequences are aligned with `Example.words`; a task an example has no labels for is absent from
`Example.labels`, and is then not trained on.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from dateline.analysis.tokens import token_spans
from dateline.evaluation.relations import OLDER_TYPES
from dateline.record.model import EventType
from dateline.spans import Span

NAMES = ["O"] + [f"{p}-{k}" for k in ("person", "organisation", "place", "other") for p in "BI"]
# Any phrase for a person, organisation or place, a pronoun or 'the rebels' as well as a name.
MENTIONS = ["O"] + [f"{p}-{k}" for k in ("person", "organisation", "place") for p in "BI"]
ATTRIBUTION = ["O"] + [f"{p}-{k}" for k in ("source", "cue", "content") for p in "BI"]
ROLES = ["O"] + [f"{p}-{k}" for k in ("actor", "recipient", "both") for p in "BI"]
TYPES = [*get_args(EventType), "NONE"]
QUADS = {
    1: ("AGREE", "CONSULT", "SUPPORT"),
    2: ("CONCEDE", "COOPERATE", "AID", "RETREAT"),
    3: ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    4: ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}
IGNORE = -100


@dataclass
class Pair:
    """A marked pair of parties: word indices, and the PLOVER types that would be right."""

    actor: list[int]
    recipient: list[int]
    types: list[int] | None = None
    conflict: int | None = None
    trigger: list[int] | None = None


@dataclass
class Example:
    source: str
    words: list[str]
    labels: dict[str, list[int]] = field(default_factory=dict)
    pair: Pair | None = None
    breaks: list[int] = field(default_factory=list)  # word indices that open a paragraph


def read_jsonl(path: Path) -> list[dict]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


def words_in(text: str) -> tuple[list[str], list[Span]]:
    spans = token_spans(text)
    return [text[a:b] for a, b in spans], spans


def indices(spans: list[Span], span: Span) -> list[int]:
    """Words that overlap a character span."""
    return [i for i, (a, b) in enumerate(spans) if a < span[1] and span[0] < b]


def bio(label_set: list[str], length: int, chunks: list[tuple[list[int], str]]) -> list[int]:
    labels = [0] * length
    for chunk, kind in chunks:
        for n, i in enumerate(chunk):
            labels[i] = label_set.index(f"{'B' if n == 0 else 'I'}-{kind}")
    return labels


# --- attribution -------------------------------------------------------------------------------


def polnear(path: Path, limit: int = 170) -> Iterator[Example]:
    """Windows of whole paragraphs, at most ``limit`` words unless one paragraph is longer."""
    for row in read_jsonl(path):
        for start, end in windows(row["text"], limit):
            yield polnear_window(row, start, end)


def windows(text: str, limit: int) -> Iterator[Span]:
    first, last, count = None, None, 0
    for match in re.finditer(r"[^\n]+", text):
        size = len(match.group().split())
        if first is not None and count + size > limit:
            yield first, last
            first, count = None, 0
        if first is None:
            first = match.start()
        last, count = match.end(), count + size
    if first is not None:
        yield first, last


def polnear_window(row: dict, start: int, end: int) -> Example:
    text = row["text"][start:end]
    words, spans = words_in(text)
    chunks: list[tuple[list[int], str]] = []
    link = [IGNORE] * len(words)
    for attribution in row["attributions"]:
        parts = {
            kind: [
                indices(spans, (a - start, b - start))
                for a, b in attribution[kind] or []
                if a < end and b > start
            ]
            for kind in ("content", "source", "cue")
        }
        cue = [i for part in parts["cue"] for i in part]
        for kind, listed in parts.items():
            for part in listed:
                if part:
                    chunks.append((part, kind))
                if cue and kind != "cue":
                    for i in part:
                        link[i] = cue[0]
    # Inner roles are written last so that a cue inside other people's content survives.
    chunks.sort(key=lambda c: -len(c[0]))
    breaks = [i for i in range(1, len(words)) if "\n" in text[spans[i - 1][1] : spans[i][0]]]
    labels = {"attribution": bio(ATTRIBUTION, len(words), chunks), "link": link}
    return Example("polnear", words, labels, breaks=breaks)


# --- names -------------------------------------------------------------------------------------

NAME_KINDS = {
    "PER": "person",
    "ORG": "organisation",
    "LOC": "place",
    "MISC": "other",
    "person": "person",
    "location": "place",
    "corporation": "organisation",
    "group": "organisation",
    "product": "other",
    "work": "other",
    "creative-work": "other",
}
MENTION_KINDS = {"Person": "person", "Organisation": "organisation", "Location": "place"}


def tagged_mentions(path: Path, source: str) -> Iterator[Example]:
    return tagged(path, source, "mentions", MENTIONS, MENTION_KINDS)


def tagged_names(path: Path, source: str) -> Iterator[Example]:
    return tagged(path, source, "names", NAMES, NAME_KINDS)


def tagged(
    path: Path, source: str, task: str, labels: list[str], kinds: dict[str, str]
) -> Iterator[Example]:
    for row in read_jsonl(path):
        tokens, tags = row["tokens"], row["tags"]
        text, spans = " ".join(tokens), []
        for token in tokens:
            at = spans[-1][1] + 1 if spans else 0
            spans.append((at, at + len(token)))
        words, word_spans = words_in(text)
        if not words:
            continue
        chunks = [
            (indices(word_spans, (spans[a][0], spans[b - 1][1])), kinds[kind])
            for a, b, kind in tag_runs(tags)
            if kind in kinds
        ]
        yield Example(source, words, {task: bio(labels, len(words), chunks)})


def tag_runs(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    start = None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and (tag[0] != "I" or tag[2:] != tags[start][2:]):
            yield start, i, tags[start][2:]
            start = None
        if start is None and tag != "O":
            start = i


# --- syntax ------------------------------------------------------------------------------------


@dataclass
class TreeSentence:
    words: list[str]
    tags: list[str]
    heads: list[int]
    rels: list[str]
    names: list[int] | None
    mentions: list[int] | None
    text: str
    new_doc: bool
    new_par: bool


def conllu(path: Path) -> Iterator[TreeSentence]:
    new_doc = new_par = False
    rows: list[list[str]] = []
    text = ""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            line = line.rstrip("\n")
            if line.startswith("#"):
                new_doc |= line.startswith("# newdoc")
                new_par |= line.startswith("# newpar")
                if line.startswith("# text = "):
                    text = line[9:]
            elif line:
                fields = line.split("\t")
                if fields[0].isdigit():
                    rows.append(fields)
            elif rows:
                yield tree_sentence(rows, text, new_doc, new_par, "gum" in path.name)
                rows, new_doc, new_par = [], False, False


def tree_sentence(rows, text, new_doc, new_par, entities) -> TreeSentence:
    entries = gum_mentions(rows) if entities else []
    names = gum_names(rows, entries) if entities else None
    heads = [int(r[6]) - 1 if r[6] != "0" else i for i, r in enumerate(rows)]
    return TreeSentence(
        [r[1] for r in rows],
        [r[4] for r in rows],
        heads,
        [r[7] for r in rows],
        names,
        outer_mentions(len(rows), entries) if entities else None,
        text,
        new_doc,
        new_par,
    )


GUM_KINDS = {"person": "person", "organization": "organisation", "place": "place"}


def gum_mentions(rows: list[list[str]]) -> list[tuple[int, int, str]]:
    """First word, end and kind of each GUM mention that lies in one sentence."""
    mentions, open_ = [], {}
    for i, row in enumerate(rows):
        match = re.search(r"Entity=([^|]+)", row[9])
        for part in re.findall(r"\([^()]+\)?|[^()]+\)", match.group(1) if match else ""):
            if part.startswith("("):
                ident, kind = part.strip("()").split("-")[:2]
                if part.endswith(")"):
                    mentions.append((i, i + 1, kind))
                else:
                    open_.setdefault(ident, []).append((i, kind))
            elif open_.get(part[:-1]):
                start, kind = open_[part[:-1]].pop()
                mentions.append((start, i + 1, kind))
    return mentions


def outer_mentions(length: int, mentions: list[tuple[int, int, str]]) -> list[int]:
    """BIO tags of the mentions of persons, organisations and places that lie in no other of them."""
    chosen = [(a, b, GUM_KINDS[k]) for a, b, k in mentions if k in GUM_KINDS]
    outer = [
        (list(range(a, b)), k)
        for a, b, k in chosen
        if not any(c <= a and b <= d and (c, d) != (a, b) for c, d, _ in chosen)
    ]
    return bio(MENTIONS, length, outer)


def gum_names(rows: list[list[str]], mentions: list[tuple[int, int, str]]) -> list[int]:
    """Maximal runs of proper nouns, typed by the smallest GUM mention that covers them."""
    chunks, i = [], 0
    while i < len(rows):
        if rows[i][3] != "PROPN":
            i += 1
            continue
        j = i + 1
        while j < len(rows) and (
            rows[j][3] == "PROPN"
            or (
                rows[j][1] in {"of", "-", "the", "for", "&"}
                and j + 1 < len(rows)
                and rows[j + 1][3] == "PROPN"
            )
        ):
            j += 1
        around = [m for m in mentions if m[0] <= i and j <= m[1]]
        if around:
            kind = min(around, key=lambda m: m[1] - m[0])[2]
            chunks.append((list(range(i, j)), GUM_KINDS.get(kind, "other")))
        i = j
    return bio(NAMES, len(rows), chunks)


def syntax(
    path: Path, tags: list[str], rels: list[str], limit: int = 150, seed: int | None = None
) -> Iterator[Example]:
    """Windows of whole sentences, at most ``limit`` words, or one sentence. With ``seed`` windows are of
    all sizes down to single sentences, so that a sentence read alone is parsed like one read in its
    article."""
    rng = random.Random(seed)
    longest = limit
    window: list[TreeSentence] = []
    for sentence in conllu(path):
        size = sum(len(s.words) for s in window)
        if window and (sentence.new_doc or size + len(sentence.words) > limit):
            yield tree_window(window, tags, rels)
            window = []
        if seed is not None and not window:
            limit = rng.choice((0, 40, longest))
        window.append(sentence)
    if window:
        yield tree_window(window, tags, rels)


def tree_window(window: list[TreeSentence], tags: list[str], rels: list[str]) -> Example:
    words: list[str] = []
    labels: dict[str, list[int]] = {"tag": [], "head": [], "rel": [], "sentence": []}
    breaks = []
    if window[0].names is not None:
        labels["names"] = []
        labels["mentions"] = []
    for n, s in enumerate(window):
        base = len(words)
        if n and s.new_par:
            breaks.append(base)
        words += s.words
        labels["tag"] += [tags.index(t) if t in tags else IGNORE for t in s.tags]
        labels["head"] += [base + h for h in s.heads]
        labels["rel"] += [rels.index(r) if r in rels else IGNORE for r in s.rels]
        labels["sentence"] += [n] * len(s.words)
        if s.names is not None:
            labels["names"] += s.names
            labels["mentions"] += s.mentions
    return Example("syntax", words, labels, breaks=breaks)


# --- who did what to whom ----------------------------------------------------------------------

_MARK = re.compile(r"</?[st]>")


def unmark(marked: str) -> tuple[str, list[Span], list[Span]]:
    """Text without markers, source spans, target spans; unclosed markers run to the next one."""
    text, position, open_, found = [], 0, {}, {"s": [], "t": []}
    for match in _MARK.finditer(marked):
        text.append(marked[position : match.start()])
        at, kind = sum(map(len, text)), match.group()[-2]
        if match.group()[1] != "/":
            open_[kind] = at
        elif kind in open_:
            found[kind].append((open_.pop(kind), at))
        position = match.end()
    text.append(marked[position:])
    return "".join(text), found["s"], found["t"]


def marked_pairs(path: Path, source: str) -> Iterator[Example]:
    for row in read_jsonl(path):
        text, sources, targets = unmark(row["text"])
        words, spans = words_in(text)
        actor = [i for s in sources for i in indices(spans, s)]
        recipient = [i for s in targets for i in indices(spans, s)]
        pair = Pair(actor, recipient)
        if "plover" in row:
            names = ["CONCEDE", "RETREAT"] if row["plover"] == "YIELD" else [row["plover"]]
            pair.types = [TYPES.index(n) for n in names]
        else:
            pair.conflict = row["cooperation"]
            at = text.find(row["trigger"])
            pair.trigger = indices(spans, (at, at + len(row["trigger"]))) if at >= 0 else None
        yield Example(source, words, pair=pair)


def cameo(spans_path: Path, class_path: Path) -> Iterator[Example]:
    """Role spans; the quad class comes from the class file where the sentence stands in both."""
    squeeze = lambda s: re.sub(r"\W+", "", s).lower()  # noqa: E731
    classes = {squeeze(r["text"]): int(r["label"]) for r in read_jsonl(class_path)}
    kinds = {"S": "actor", "T": "recipient", "R": "both"}
    seen = set()
    for row in read_jsonl(spans_path):
        text = " ".join(row["tokens"])
        offsets, at = [], 0
        for token in row["tokens"]:
            offsets.append((at, at + len(token)))
            at += len(token) + 1
        words, spans = words_in(text)
        runs = [
            (indices(spans, (offsets[a][0], offsets[b - 1][1])), kinds[k])
            for a, b, k in tag_runs(row["tags"])
        ]
        example = Example("cameo", words, {"roles": bio(ROLES, len(words), runs)})
        quad = classes.get(squeeze(text))
        seen.add(squeeze(text))
        if quad:
            example.pair = Pair(
                [i for r, k in runs if k != "recipient" for i in r],
                [i for r, k in runs if k != "actor" for i in r],
                [TYPES.index(t) for t in QUADS[quad]],
            )
        yield example
    for row in read_jsonl(class_path):
        if row["label"] == "0" and squeeze(row["text"]) not in seen:
            words, _ = words_in(row["text"])
            yield Example("cameo-class", words, pair=Pair([], [], [TYPES.index("NONE")]))


def gold_records(path: Path) -> Iterator[Example]:
    for row in read_jsonl(path):
        words, spans = words_in(row["text"])
        info = row.get("textInfo")
        markup = info.get("markup", "") if isinstance(info, dict) else ""
        parts = {"SRC": [], "TAR": [], "EVT": []}
        for kinds, inner in re.findall(r"\(((?:SRC|TAR|EVT)(?:/TAR)?): ([^()]*)\)", markup):
            at = row["text"].find(inner)
            if at >= 0:
                for kind in kinds.split("/"):
                    parts[kind] += indices(spans, (at, at + len(inner)))
        kind = OLDER_TYPES.get(row["event"], row["event"])
        if parts["SRC"] or parts["TAR"]:
            yield Example(
                "gsr",
                words,
                pair=Pair(
                    parts["SRC"], parts["TAR"], [TYPES.index(kind)], trigger=parts["EVT"] or None
                ),
            )


def own_pairs(path: Path) -> Iterator[Example]:
    """Sentences written by the project, in the marking of ``relations/plv-train``; a third marker
    ``<e>`` is not used. ``plover`` may be NONE."""
    for row in read_jsonl(path):
        text, sources, targets = unmark(row["text"])
        words, spans = words_in(text)
        yield Example(
            "own",
            words,
            pair=Pair(
                [i for s in sources for i in indices(spans, s)],
                [i for s in targets for i in indices(spans, s)],
                [TYPES.index(row["plover"])],
            ),
        )


def folds(examples: list[Example], held: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Shuffle with ``seed`` and hold back a share."""
    shuffled = examples[:]
    random.Random(seed).shuffle(shuffled)
    cut = round(len(shuffled) * held)
    return shuffled[cut:], shuffled[:cut]
