"""Lemmas from a word and its Penn tag: a table of irregular forms, then English spelling rules."""

from __future__ import annotations

from functools import cache, lru_cache

from dateline.knowledge.tables import read_csv

_VOWELS = frozenset("aeiou")


@cache
def _e_endings() -> frozenset[str]:
    """Final letters of stems whose verb ends in a silent e: impos(e), declar(e)."""
    return frozenset(row["ending"] for row in read_csv("verb_endings.csv", ("ending",)))


@cache
def _plain_stems() -> frozenset[str]:
    """Verbs that the spelling rules would wrongly end in -e."""
    return frozenset(row["stem"] for row in read_csv("verb_stems.csv", ("stem",)))


@cache
def _irregular() -> dict[tuple[str, str], str]:
    rows = read_csv("irregular.csv", ("form", "pos", "lemma"))
    return {(row["form"], row["pos"]): row["lemma"] for row in rows}


@lru_cache(maxsize=50_000)
def lemma(word: str, tag: str) -> str:
    """The lemma, lower case. Words that are neither nouns nor verbs are only lower-cased; proper
    nouns keep their form."""
    low = word.lower().replace("’", "'")
    if tag.startswith("V") or tag == "MD":
        return _irregular().get((low, "V")) or _verb(low, tag)
    if tag == "NNS":
        return _irregular().get((low, "N")) or _noun(low)
    if tag.startswith("NN"):
        found = _irregular().get((low, "N"))
        return found or (_noun(low) if tag == "NN" and _plural_looking(low) else low)
    return "not" if low == "n't" else low


def _verb(word: str, tag: str) -> str:
    if word.endswith("ing") and len(word) > 4:
        return _stem(word[:-3])
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("eed"):
        return word if tag in {"VB", "VBP"} or word[:-2] in _plain_stems() else word[:-1]
    if word.endswith("ed") and len(word) > 3 and tag != "VB":
        return _stem(word[:-2])
    if word.endswith("s") and not word.endswith("ss") and tag == "VBZ":
        return _third_person(word)
    return word


def _third_person(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def _stem(stem: str) -> str:
    """The verb behind a stem left by -ed or -ing: 'stopp' stop, 'impos' impose, 'visit' visit."""
    if stem in _plain_stems() or stem.endswith(("ee", "oe", "go", "do")) or len(stem) < 3:
        return stem
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "lsfz":
        return stem[:-1]
    if len(stem) > 3 and stem.endswith("ll") and stem[:-1] in _plain_stems():
        return stem[:-1]
    if stem.endswith(
        (
            "ss",
            "ll",
            "ff",
            "zz",
            "ck",
            "sh",
            "ch",
            "tch",
            "ct",
            "pt",
            "st",
            "nt",
            "rt",
            "lt",
            "nd",
            "ld",
            "rd",
            "rn",
            "rm",
            "lk",
            "nk",
            "sk",
            "rk",
            "mp",
            "lp",
            "ft",
            "w",
            "y",
            "x",
            "mb",
        )
    ):
        return stem
    vowels = sum(c in _VOWELS for c in stem)
    if len(stem) >= 3 and stem[-1] not in _VOWELS and stem[-2] in _VOWELS and vowels == 1:
        return stem + "e" if stem[-1] not in "nwxyt" or stem.endswith(("at", "ot")) else stem
    if stem.endswith(("et", "i")) and not stem.endswith("let"):
        return stem + "e"
    if stem[-2:] in _e_endings() or stem[-1:] in _e_endings():
        return stem + "e"
    return stem


def _noun(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def _plural_looking(word: str) -> bool:
    """Plurals that a tagger took for singulars ('discussions'); 'politics' and the like are none."""
    return len(word) > 4 and word.endswith("s") and not word.endswith(("ics", "ness", "ess"))
