"""How likely each line of a text page is to be story: features, and two small sets of trees.

The first trees look at a line and its neighbours, the second at the first scores around it (see
``regions``). ``training/textpages.py`` trains both; they are kept in ``weights/lines.json``.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from dateline.article.furniture import furniture_kind, opens_list
from dateline.article.language import detect_language, function_words
from dateline.article.model import FurnitureKind
from dateline.article.regions import CARRIED, REGION_FEATURES, region_features
from dateline.article.trees import Floats, Trees, parse_trees
from dateline.knowledge.tables import KnowledgeError

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_END = re.compile(r"[.!?…。！？][\"'”’)\]»」]*$")
_ENDS = re.compile(r"[.!?。！？][\"'”’)\]»]*(?=\s|$)")
_QUOTE = re.compile(r"[\"“”«»„]")
_YOU = re.compile(r"\b(?:you|your|yours|our|us|my|click|sign|subscribe|follow|read)\b", re.I)
_SAID = re.compile(
    r"\b(?:said|says|told|told|added|according to|announced|asked|he|she|they|was|were|had)\b", re.I
)
_MARK = re.compile(r"[|›»•·→▶►/@#©]|\bhttps?:|\bwww\.")
_BYLINE = re.compile(r"^\W*(?:by|von|por|di|par)[ A-Z:]", re.I)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\bago\b")
_CONTENT = re.compile(r"[^\W\d_]{4,}")
WINDOW = (1, 2, 3)
Wording = tuple[FurnitureKind | None, FurnitureKind | None]


@dataclass(slots=True)
class _Facts:
    """What one line shows by itself."""

    words: int
    function_share: float
    prose: float
    values: list[float]
    kind: FurnitureKind | None
    heading: bool
    content: set[str]

    @property
    def furniture(self) -> bool:
        return self.kind is not None


def line_features(
    texts: list[str], language: str | None = None, wording: list[Wording] | None = None
) -> list[list[float]]:
    """One row of features a line; ``FEATURES`` names the columns.

    ``language`` and ``wording`` (furniture kind and heading kind of each line) are worked out when
    the caller has not done so.
    """
    if language is None:
        language = detect_language("\n".join(t for t in texts if len(t) > 60) or "\n".join(texts))
    common = function_words(language)
    wording = wording or [(furniture_kind(text), opens_list(text)) for text in texts]
    facts = [_facts(text, common, *w) for text, w in zip(texts, wording, strict=True)]
    copies = Counter(texts)
    context = _Context(facts)
    theme = _theme(facts)
    rows = []
    for i, (text, fact) in enumerate(zip(texts, facts, strict=True)):
        shared = sum(theme.get(word, 0.0) for word in fact.content)
        overlap = shared / len(fact.content) if fact.content else 0.0
        rows.append([*fact.values, float(min(copies[text], 4)), overlap, *context.around(i)])
    return rows


def story_scores(
    texts: list[str], language: str | None = None, wording: list[Wording] | None = None
) -> list[float]:
    """For each line the probability (0..1) that it belongs to the story."""
    if not texts:
        return []
    rows = np.array(line_features(texts, language, wording))
    return [float(chance) for chance in _model().probabilities(rows)]


# --- one line ------------------------------------------------------------------------------------


def _facts(
    text: str, common: frozenset[str], kind: FurnitureKind | None, opens: FurnitureKind | None
) -> _Facts:
    words = _WORD.findall(text)
    cjk = len(_CJK.findall(text))
    count = len(words) if cjk < 4 else max(len(words), cjk // 2)
    size = max(1, len(words))
    lower = [word.lower() for word in words]
    function_share = sum(word in common for word in lower) / size if cjk < 4 else 0.4
    if not common and cjk < 4:
        function_share = 0.3  # a language without a table: neither prose nor list
    ended = bool(_END.search(text))
    long = min(count, 40) / 40
    prose = long * (1.0 if ended else 0.4) * min(1.0, function_share / 0.35)
    values = [
        math.log1p(count),
        function_share,
        sum(word[0].isupper() for word in words[1:]) / size,
        sum(word[0].isdigit() for word in words) / size,
        float(ended),
        float(len(_ENDS.findall(text))),
        text.count(",") / size,
        float(text[:1].islower()),
        float(bool(_QUOTE.search(text))),
        len(_YOU.findall(text)) / size,
        len(_SAID.findall(text)) / size,
        float(len(_MARK.findall(text))),
        float(text.isupper()),
        float(text.endswith(":")),
        float(text.endswith("?")),
        len(text) / size,
        float(bool(_BYLINE.match(text))),
        float(count < 25 and bool(_DATE.search(text))),
        float(kind is not None),
        float(kind in {"comment", "sign_in", "share", "offer"}),
        float(kind in {"related", "most_read", "navigation"}),
        float(kind in {"notice", "other"}),
        float(opens is not None),
        prose,
    ]
    content = {word for word in lower if len(word) > 3 and word not in common}
    return _Facts(count, function_share, prose, values, kind, opens is not None, content)


def _theme(facts: list[_Facts]) -> dict[str, float]:
    """Words of the page's prose: how much each belongs to what the page is about (0..1)."""
    counts: Counter[str] = Counter()
    for fact in facts:
        if fact.prose > 0.35 and not fact.furniture:
            counts.update(fact.content)
    return {word: min(1.0, (count - 1) / 4) for word, count in counts.items() if count > 1}


# --- its surroundings ----------------------------------------------------------------------------


class _Context:
    """What stands around each line: prose and furniture near by, and the place on the page."""

    def __init__(self, facts: list[_Facts]) -> None:
        self.facts = facts
        self.prose = [0.3 * f.prose if f.furniture else f.prose for f in facts]
        self.before = [_decayed(self.prose, rate) for rate in (0.6, 0.9)]
        self.after = [_decayed(self.prose[::-1], rate)[::-1] for rate in (0.6, 0.9)]
        self.total = sum(self.prose) or 1.0
        self.mass = _cumulative(self.prose)
        self.since_heading = _since([f.heading for f in facts])
        self.since_prose = _since([p > 0.3 for p in self.prose])
        self.until_prose = _since([p > 0.3 for p in self.prose[::-1]])[::-1]
        self.furniture_mass = _decayed([float(f.furniture) for f in facts], 0.8)
        self.furniture_next = _decayed([float(f.furniture) for f in facts][::-1], 0.8)[::-1]

    def around(self, i: int) -> list[float]:
        row = [i / len(self.facts), float(min(i, 200)), self.mass[i] / self.total]
        for table in (*self.before, *self.after):
            row.append(table[i])
        row += [self.furniture_mass[i], self.furniture_next[i]]
        row += [self.since_heading[i], self.since_prose[i], self.until_prose[i]]
        for distance in WINDOW:
            for j in (i - distance, i + distance):
                row += self._neighbour(j)
        return row

    def _neighbour(self, j: int) -> list[float]:
        if not 0 <= j < len(self.facts):
            return [-1.0, -1.0, -1.0]
        fact = self.facts[j]
        return [self.prose[j], math.log1p(fact.words), float(fact.furniture)]


def _decayed(values: list[float], rate: float) -> list[float]:
    """Sum of the earlier values, each worth ``rate`` less a line further away."""
    sums, current = [], 0.0
    for value in values:
        sums.append(current)
        current = current * rate + value
    return sums


def _cumulative(values: list[float]) -> list[float]:
    sums, current = [], 0.0
    for value in values:
        sums.append(current)
        current += value
    return sums


def _since(flags: list[bool]) -> list[float]:
    """Lines since the last flag, at most 50 (50 before the first)."""
    distances, current = [], 50.0
    for flag in flags:
        distances.append(current)
        current = 1.0 if flag else min(50.0, current + 1)
    return distances


# --- the trees -----------------------------------------------------------------------------------

FEATURES = (
    "log_words function_share capital_share digit_share ended sentence_ends comma_share "
    "starts_lower quote you_share said_share marks upper colon question letters_per_word byline "
    "date furniture prompt list imprint heading prose copies theme place line mass "
    "before_06 before_09 after_06 after_09 furniture_before furniture_after "
    "since_heading since_prose until_prose "
    + " ".join(
        f"{name}_{side}{d}"
        for d in WINDOW
        for side in ("minus", "plus")
        for name in ("prose", "words", "furniture")
    )
).split()
_CARRIED_COLUMNS = [FEATURES.index(name) for name in CARRIED]


@dataclass(frozen=True, slots=True)
class LineModel:
    """``first`` scores a line from its own features, ``second`` from the scores around it."""

    first: Trees
    second: Trees

    def probabilities(self, rows: Floats) -> Floats:
        """Probability of story for each line of one page, given its first features."""
        second = self.second.log_odds(second_features(self.first.log_odds(rows), rows))
        chances: Floats = 1 / (1 + np.exp(-second))
        return chances


def second_features(log_odds: Floats, rows: Floats) -> Floats:
    """Features of the second look for one page, from its first scores and first features."""
    return region_features(log_odds, rows[:, _CARRIED_COLUMNS], np.expm1(rows[:, 0]))


def parse_model(data: object) -> LineModel:
    """Check and build the model from its JSON; raises KnowledgeError when it does not fit."""
    if not isinstance(data, dict) or data.get("features") != [FEATURES, REGION_FEATURES]:
        raise KnowledgeError("weights/lines.json: its features are not those of this version")
    return LineModel(
        parse_trees(data.get("first"), len(FEATURES)),
        parse_trees(data.get("second"), len(REGION_FEATURES)),
    )


@cache
def _model() -> LineModel:
    resource = files("dateline.article").joinpath("weights", "lines.json")
    return parse_model(json.loads(resource.read_text(encoding="utf-8")))
