"""Copies and stories: quality on a corpus made for it, and cost up to a million texts.

``python benchmarks/copies.py quality [--data FILE] [--half tune|report] [--seeds 10 11 12]`` makes a
corpus of articles, edited copies of them and texts that only look like copies, groups it and prints
precision, recall and F1 over all pairs of texts. Bases are the package's sample pages and, when FILE
(JSON Lines with ``text``) is given, its articles: every other one each for tuning and reporting.

``python benchmarks/copies.py scale [--texts 1000000]`` restores the index with 1k, 10k, 100k and 1M
synthetic signatures and adds more (a fifth of them edited copies of one another, a twentieth with one
of 20 notices); it prints processor microseconds for each text added, seconds to restore, and bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import numpy as np

import dateline
from dateline.evaluation.files import rows
from dateline.store.copies import CopyFinder, Signature, signature, story_id

Paragraphs = list[str]
SAMPLES = ("ceasefire.html", "dock-protest.html", "trade-dispute.html")


@dataclass(frozen=True)
class Text:
    """A text of the corpus. Texts with one ``origin`` are one story; ``kind`` is how it was made."""

    text: str
    origin: str
    kind: str


# -- edits that leave a text a copy ------------------------------------------------------------------

HEADLINES = [
    "Live: what we know so far",
    "Fresh doubts after a long day of talks, officials say",
    "Five things to know this morning",
    "UPDATE 2 - Leaders weigh next step as pressure grows",
]
FURNITURE = [
    "Sign up to our morning briefing and never miss a story again.",
    "Read more: How we got here, in seven charts",
    "Follow us on social media for the latest pictures and video.",
    "This article has been republished as part of our content partnership.",
    "Advertisement",
    "Support independent journalism from less than the price of a coffee a week.",
    "Related: Ten places to watch in the year ahead",
]
SIGNATURES = [
    "(Reporting by Mara Lindqvist in Oslo; Editing by Tom Abara)",
    "Reuters",
    "© 2024 AFP",
    "The Associated Press contributed to this report.",
]
SPELLINGS = [
    ("organis", "organiz"),
    ("recognis", "recogniz"),
    ("criticis", "criticiz"),
    ("realis", "realiz"),
    ("defence", "defense"),
    ("labour", "labor"),
    ("neighbour", "neighbor"),
    ("favour", "favor"),
    ("honour", "honor"),
    ("colour", "color"),
    ("centre", "center"),
    ("programme", "program"),
    ("travelled", "traveled"),
    ("cancelled", "canceled"),
    ("dialogue", "dialog"),
    ("licence", "license"),
    ("analyse", "analyze"),
    ("theatre", "theater"),
]
REWORDINGS = {
    "said": ["stated", "added", "told reporters"],
    "about": ["around", "roughly"],
    "also": ["further", ""],
    "that": [""],
    "very": [""],
    "just": [""],
    "but": ["however,"],
    "after": ["following"],
    "before": ["ahead of"],
    "because": ["as", "since"],
    "while": ["as", "whereas"],
    "many": ["numerous", "scores of"],
    "began": ["started"],
    "people": ["persons", "individuals"],
    "against": ["versus", "opposing"],
    "would": ["will"],
    "more than": ["over"],
    "government": ["administration"],
    "president": ["leader"],
    "called": ["dubbed", "termed"],
    "big": ["large", "major"],
}


def cut_tail(text: Paragraphs, rng: random.Random, _: Paragraphs) -> Paragraphs:
    """The first fifth to seven tenths, at least 60 words."""
    keep = max(1, round(len(text) * rng.uniform(0.2, 0.7)))
    while keep < len(text) and words("\n".join(text[:keep])) < 60:
        keep += 1
    return text[:keep]


def add_paragraphs(text: Paragraphs, rng: random.Random, donor: Paragraphs) -> Paragraphs:
    """One to three paragraphs of somebody's own reporting, a third of the text at most."""
    text, room = list(text), words("\n".join(text)) // 3
    for paragraph in rng.sample(donor, min(len(donor), rng.randint(1, 3))):
        if words(paragraph) <= room:
            text.insert(rng.randint(1, len(text)), paragraph)
            room -= words(paragraph)
    return text


def add_furniture(text: Paragraphs, rng: random.Random, _: Paragraphs) -> Paragraphs:
    text = list(text)
    for line in rng.sample(FURNITURE, rng.randint(1, 3)):
        text.insert(rng.randint(0, len(text)), line)
    return text


def change_headline(text: Paragraphs, rng: random.Random, _: Paragraphs) -> Paragraphs:
    return [rng.choice(HEADLINES), *text]


def change_signature(text: Paragraphs, rng: random.Random, _: Paragraphs) -> Paragraphs:
    kept = [p for p in text if not p.startswith(("(Reporting", "©", "Reuters"))]
    return kept + ([rng.choice(SIGNATURES)] if rng.random() < 0.5 else [])


def edit_head(text: Paragraphs, rng: random.Random, donor: Paragraphs) -> Paragraphs:
    """A new first paragraph over the old one cut short."""
    lead = text[0].split()
    short = " ".join(lead[: max(8, len(lead) // 2)]) + "."
    return [sentence(rng.choice(donor)), short, *text[1:]]


def copy_edit(text: Paragraphs, rng: random.Random, _: Paragraphs) -> Paragraphs:
    """Listed words reworded with a chance of 0.6, any other word dropped with a chance of 0.015."""

    def edit(match: re.Match[str]) -> str:
        word = match[0]
        options = REWORDINGS.get(word.lower())
        if options and rng.random() < 0.6:
            return rng.choice(options)
        return "" if rng.random() < 0.015 else word

    return [re.sub(r"[A-Za-z]+", edit, paragraph) for paragraph in text]


def respell(text: Paragraphs, rng: random.Random, _: Paragraphs) -> Paragraphs:
    """All British, or all American."""
    side = rng.randint(0, 1)
    joined = "\n\n".join(text)
    for pair in SPELLINGS:
        joined = re.sub(pair[1 - side], pair[side], joined)
    return joined.split("\n\n")


def update_numbers(text: Paragraphs, rng: random.Random, _: Paragraphs) -> Paragraphs:
    """A fifth of the numbers moved."""

    def move(match: re.Match[str]) -> str:
        return str(int(match[0]) + rng.randint(1, 9)) if rng.random() < 0.2 else match[0]

    return [re.sub(r"\b\d{1,4}\b", move, paragraph) for paragraph in text]


def reparagraph(text: Paragraphs, rng: random.Random, _: Paragraphs) -> Paragraphs:
    """Neighbouring paragraphs run together here and there."""
    merged = [text[0]]
    for paragraph in text[1:]:
        if rng.random() < 0.3:
            merged[-1] += " " + paragraph
        else:
            merged.append(paragraph)
    return merged


Edit = Callable[[Paragraphs, random.Random, Paragraphs], Paragraphs]
EDITS: list[Edit] = [
    cut_tail,
    add_paragraphs,
    add_furniture,
    change_headline,
    change_signature,
    edit_head,
    copy_edit,
    respell,
    update_numbers,
    reparagraph,
]


# -- texts that only look like copies ----------------------------------------------------------------

NOTICE = (
    "The views expressed here are those of the authors and do not reflect the policy of this site. "
    "To republish this article ask our syndication desk. Subscribers receive the weekend edition, "
    "the crossword and the archive of more than forty years at no further cost. Our newsletter "
    "brings the stories that matter to your inbox every weekday at six, with a summary of markets, "
    "weather and travel. Corrections are published on page two; readers who find an error are asked "
    "to write to the editor with the date of the edition and the page. Calls may be recorded."
)
MARKET = (
    "{city} shares closed {way} on {day}, with the main index {way} {a}.{b} per cent at {c},{d}.{e} "
    "points, as investors weighed {cause} and {other}.\n\n{sector} stocks led the {side}, with {firm} "
    "{way} {f}.{g} per cent and {firm2} {way} {h}.{i} per cent. Volume was {j}{k} million shares, "
    "compared with an average of {l}{m} million over the past {n} sessions.\n\nAmong currencies the "
    "dollar bought {o}{p}.{q} yen against {r}{s}.{t} late on {day2}, and the euro stood at "
    "1.{u}{v}{w}. Brent crude was {way2} {x}.{y} per cent at {z} dollars a barrel, and gold traded at "
    "{gold} dollars an ounce. The yield on the benchmark ten-year bond was at {a2}.{b2} per cent."
)
QUAKE = (
    "An earthquake of magnitude {a}.{b} struck {c} km {way} of {city} on {day} at a depth of {d}{e} km, "
    "the seismological centre said. The quake hit at {f}:{g}{h} local time and was felt in {city2}. "
    "There were no immediate reports of damage or casualties, and no tsunami warning was issued. The "
    "region has had {i}{j} quakes above magnitude {k} since {year}. A quake of magnitude {l}.{m} in "
    "{year2} killed {n}{o} people there and destroyed {p},{q}00 homes."
)
RESULTS = (
    "{firm} reported {word} profit of {a}.{b} million dollars for the quarter to {month}, {way} from "
    "{c}.{d} million a year before, and revenue of {e}{f} million. Analysts had expected {g}.{h} "
    "million. Earnings per share came to {i}.{j}{k} dollars. The company, which employs {l},{m}00 "
    "people in {city}, said it expects sales of {n}{o}0 million to {p}{q}0 million in {year}. Its "
    "shares have {way} {r}{s} per cent since {month2}."
)
FILLINGS = {
    "city": ["Tokyo", "Lagos", "Frankfurt", "Mumbai", "Lima", "Jakarta", "Nairobi", "Quito"],
    "way": ["higher", "lower", "up", "down", "north", "west", "little changed", "sharply lower"],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    "cause": ["rate fears", "trade talks", "weak factory data", "strong earnings", "oil prices"],
    "other": ["a stronger currency", "election news", "profit taking", "thin holiday trading"],
    "sector": ["Mining", "Bank", "Energy", "Technology", "Retail", "Property"],
    "side": ["gains", "losses", "way"],
    "firm": [
        "Halden Steel",
        "Oru Bank",
        "Merit Foods",
        "Castel Air",
        "Nilo Telecom",
        "Brae Energy",
    ],
    "word": ["net", "operating", "pre-tax", "record"],
    "month": ["March", "June", "September", "December"],
    "year": ["1999", "2004", "2010", "2015", "2021"],
    "gold": ["1,954", "2,011", "1,877", "2,340"],
}


def fill(form: str, rng: random.Random) -> str:
    def value(match: re.Match[str]) -> str:
        listed = FILLINGS.get(match[1])
        return rng.choice(listed) if listed else str(rng.randint(1, 9))

    return re.sub(r"\{([a-z]+)\d?\}", value, form)


def templates(rng: random.Random) -> Iterator[Text]:
    for name, form in (("market", MARKET), ("quake", QUAKE), ("results", RESULTS)):
        for n in range(12):
            yield Text(fill(form, rng), f"{name}-{n}", "template")


def notices(donors: Sequence[Paragraphs], rng: random.Random) -> Iterator[Text]:
    """Short items, each with the same notice under it."""
    for n, donor in enumerate(donors):
        item: Paragraphs = []
        while len(item) < len(donor) and words("\n".join(item)) < rng.randint(60, 150):
            item.append(donor[len(item)])
        yield Text("\n\n".join([*item, NOTICE]), f"notice-{n}", "notice")


def follow_up(base: Paragraphs, donor: Paragraphs, rng: random.Random) -> Text | None:
    """New reporting over the background paragraphs at the end of ``base``: a quarter to four tenths
    of the follow-up."""
    share = rng.uniform(0.25, 0.4)
    old: Paragraphs = []
    size = words("\n".join(base))
    for paragraph in reversed(base[1:]):
        if words("\n".join([paragraph, *old])) > share * size:
            break
        old.insert(0, paragraph)
    news: Paragraphs = []
    for paragraph in donor:
        if words("\n".join(news)) * share >= words("\n".join(old)) * (1 - share):
            break
        news.append(paragraph)
    return Text("\n\n".join(news + old), "", "follow_up") if old else None


def same_quotes(base: Paragraphs, donor: Paragraphs, rng: random.Random) -> Text | None:
    """Another reporter's text with the quotations of ``base`` in it, up to three tenths."""
    quoted = [q for p in base for q in re.findall(r"[“\"][^“”\"]{20,}[”\"]", p)]
    room, text = words("\n".join(donor)) * 3 // 7, list(donor)
    for quote in quoted:
        if words(quote) <= room:
            text.insert(rng.randint(1, len(text)), f"{quote} was how it was put to this newspaper.")
            room -= words(quote)
    return Text("\n\n".join(text), "", "same_quotes") if len(text) > len(donor) else None


def digest(bases: Sequence[Paragraphs]) -> Text:
    """A briefing: the first 60 words of several reports, none of them a third of it."""
    items = [" ".join(" ".join(base).split()[:60]) + " ..." for base in bases]
    return Text("\n\n".join(items), "", "digest")


# -- the corpus --------------------------------------------------------------------------------------


def words(text: str) -> int:
    return len(text.split())


def sentence(paragraph: str) -> str:
    return re.split(r"(?<=[.!?])\s", paragraph, maxsplit=1)[0]


def sample_texts() -> list[str]:
    folder = files("dateline.samples")
    return [dateline.extract(folder.joinpath(n).read_bytes()).text for n in SAMPLES]


def distinct(texts: Sequence[str]) -> list[str]:
    """``texts`` without those that share a fifth of their runs of eight words with an earlier one:
    corpora hold copies of their own."""
    seen: set[str] = set()
    kept = []
    for text in texts:
        row = re.findall(r"\w+", text.lower())
        runs = {" ".join(row[i : i + 8]) for i in range(len(row) - 7)}
        if len(runs & seen) < 0.2 * len(runs):
            kept.append(text)
        seen |= runs
    return kept


def copies_of(base: Paragraphs, donor: Paragraphs, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Two to five copies, each edited in one to five ways."""
    for _ in range(rng.randint(2, 5)):
        text, chosen = list(base), rng.sample(EDITS, rng.randint(1, 5))
        for edit in sorted(chosen, key=EDITS.index):
            text = edit(text, rng, donor)
        yield "\n\n".join(text), "+".join(edit.__name__ for edit in sorted(chosen, key=EDITS.index))


def corpus(texts: Sequence[str], seed: int) -> list[Text]:
    """Articles, copies and look-alikes. Half of ``texts`` are articles of the corpus; the other half
    lends paragraphs to edits and look-alikes, each to one of them."""
    rng = random.Random(seed)
    pool = [[p for p in t.split("\n\n") if p.strip()] for t in texts]
    pool = [p for p in pool if words("\n".join(p)) >= 100]
    rng.shuffle(pool)
    bases, donors = pool[::2], pool[1::2]
    made: list[Text] = list(templates(rng))
    third = max(1, len(donors) // 3)
    for n, (base, donor) in enumerate(zip(bases, donors, strict=False)):
        made.append(Text("\n\n".join(base), f"a{n}", "article"))
        if n % 3:
            lookalike = follow_up(base, donor, rng) if n % 3 == 1 else same_quotes(base, donor, rng)
            if lookalike:
                made.append(Text(lookalike.text, f"l{n}", lookalike.kind))
        made += [
            Text(text, f"a{n}", how) for text, how in copies_of(base, donors[-1 - n % third], rng)
        ]
    made += [
        Text(digest(bases[i : i + 6]).text, f"d{i}", "digest") for i in range(0, len(bases) - 5, 6)
    ]
    made += notices([d for n, d in enumerate(donors) if n % 3 == 0][:third], rng)
    rng.shuffle(made)
    return made


# -- quality -----------------------------------------------------------------------------------------


def group(made: Sequence[Text]) -> list[str]:
    """The story of each text."""
    finder = CopyFinder()
    signatures = [signature(text.text) for text in made]
    for one in signatures:
        finder.add(one)
    return [finder.story_of(s.digest) or f"alone{n}" for n, s in enumerate(signatures)]


def quality(texts: Sequence[str], seeds: Sequence[int], show: int) -> dict[str, object]:
    counts: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for seed in seeds:
        made = corpus(texts, seed)
        stories = group(made)
        counts["texts"] += len(made)
        for i, j in combinations(range(len(made)), 2):
            same, found = made[i].origin == made[j].origin, stories[i] == stories[j]
            counts[f"{same}{found}"] += 1
            if same and not found:
                missed[f"{made[i].kind} | {made[j].kind}"] += 1
            if found and not same:
                wrong[f"{made[i].kind} | {made[j].kind}"] += 1
    right, wrongs, misses = counts["TrueTrue"], counts["FalseTrue"], counts["TrueFalse"]
    return {
        "texts": counts["texts"],
        "pairs_of_copies": right + misses,
        "precision": round(right / max(1, right + wrongs), 4),
        "recall": round(right / max(1, right + misses), 4),
        "f1": round(2 * right / max(1, 2 * right + wrongs + misses), 4),
        "missed": dict(missed.most_common(show)),
        "wrong": dict(wrong.most_common(show)),
    }


def bases(data: Path | None, half: str) -> list[str]:
    texts = sample_texts()
    if data:
        listed = distinct([row["text"] for row in rows([data])])
        texts += listed[0::2] if half == "tune" else listed[1::2]
    return texts


# -- scale -------------------------------------------------------------------------------------------

BATCH = 1000
TEXT_WORDS = 450  # coded words of an article of 750
TEXT_KEYS = 35
ADDED = 6000  # texts added at each size
COPIES = 0.2  # of the texts are copies of one of the thousand before, with words changed
NOTICES = 0.05  # of the texts carry one of 20 notices, three keys each


class Source:
    """Synthetic texts: stretches of one long row of random words, with random keys. ``words`` gives
    those of a text again from its digest, in place of a store; a copy's digest says of which."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.row = self.rng.integers(0, 0xC000, 20_000_000, np.uint16)
        self.notices = self.rng.integers(0, 1 << 32, (20, 3), np.uint32)

    def words(self, digests: Sequence[int]) -> list[np.ndarray]:
        found = []
        for digest in digests:
            start = digest >> 32 if digest < 1 << 63 else digest % (1 << 25)
            start %= len(self.row) - TEXT_WORDS
            text = self.row[start : start + TEXT_WORDS].copy()
            if digest >= 1 << 63:  # a copy
                text[np.random.default_rng(digest).random(TEXT_WORDS) < 0.04] = 7
            found.append(text)
        return found

    def originals(self, count: int) -> Iterator[tuple[Signature, str]]:
        """Texts without copies, as a store gives them back, each with its story."""
        words = np.empty(0, np.uint16)
        for _ in range(count // BATCH):
            digests = self.rng.integers(1, 1 << 63, BATCH)
            keys = np.sort(self.rng.integers(0, 1 << 32, (BATCH, TEXT_KEYS), np.uint32))
            noticed = np.flatnonzero(self.rng.random(BATCH) < NOTICES)
            keys[noticed, :3] = self.notices[self.rng.integers(20, size=len(noticed))]
            for digest, row in zip(digests.tolist(), keys, strict=True):
                yield Signature(digest, row, words), story_id(digest)

    def batches(self, count: int) -> Iterator[list[Signature]]:
        """Batches of signatures; an original's start in the row is in its digest's upper bits."""
        before: list[Signature] = []
        for _ in range(count // BATCH):
            batch = [self._next(before) for _ in range(BATCH)]
            yield batch
            before = [one for one in batch if one.digest < 1 << 63]

    def _next(self, before: list[Signature]) -> Signature:
        rng = self.rng
        keys = rng.integers(0, 1 << 32, TEXT_KEYS, np.uint32)
        drawn = rng.random()
        if before and drawn < COPIES:
            origin = before[int(rng.integers(len(before)))]
            keys[: int(TEXT_KEYS * 0.7)] = origin.keys[: int(TEXT_KEYS * 0.7)]
            start = (origin.digest >> 32) % (len(self.row) - TEXT_WORDS)
            digest = (1 << 63) + (int(rng.integers(1 << 37)) << 25) + start
        else:
            digest = int(rng.integers(1, 1 << 63))
            if drawn > 1 - NOTICES:
                keys[:3] = self.notices[int(rng.integers(20))]
        return Signature(digest, np.sort(keys), self.words([digest])[0])


def scale(count: int) -> Iterator[dict[str, object]]:
    """For each size: an index restored to it, and the cost of adding texts to that."""
    for size in (1000, 10_000, 100_000, 1_000_000):
        if size <= count:
            yield at_size(size)


def at_size(size: int) -> dict[str, object]:
    source = Source(1)
    finder = CopyFinder(source.words)
    start = time.process_time()
    finder.restore(source.originals(size))
    restored, seconds, copies = time.process_time() - start, 0.0, 0
    for batch in source.batches(ADDED):
        start = time.process_time()
        copies += sum(bool(finder.add(one).links) for one in batch)
        seconds += time.process_time() - start
    return {
        "texts": size,
        "us_per_added_text": round(seconds / ADDED * 1e6, 1),
        "copies_found": copies,
        "restore_s": round(restored, 1),
        "index_mb": round(finder.nbytes / 1e6, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("quality")
    one.add_argument("--data", type=Path)
    one.add_argument("--half", choices=("tune", "report"), default="report")
    one.add_argument("--seeds", type=int, nargs="+", default=[10, 11, 12])
    one.add_argument("--show", type=int, default=8)
    two = commands.add_parser("scale")
    two.add_argument("--texts", type=int, default=1_000_000)
    args = parser.parse_args()
    if args.command == "quality":
        texts = bases(args.data, args.half)
        print(json.dumps(quality(texts, args.seeds, args.show), indent=1))
        return
    for row in scale(args.texts):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
