"""Making relations fit their heads.

Tags that the form of the word rules out are mended first. Head and relation of a word are read off the
network separately. Where they cannot both be right (a noun that is 'flat' on a verb, an 'obl' on a
noun) the head is kept and the relation follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from dateline.analysis.lemmas import lemma
from dateline.analysis.model import Name, Token
from dateline.spans import contains

_NOMINAL = ("N", "PRP", "CD")
_INSIDE_NOUN = frozenset(
    {"flat", "compound", "nmod", "nmod:desc", "appos", "amod", "nmod:unmarked"}
)
_DETERMINERS = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "each", "every", "all", "both", "some", "any",
     "no", "another", "either", "neither", "such", "half", "many", "quite", "what", "which", "la",
     "le", "el", "del", "de", "les", "los", "al", "th", "da", "whatever", "whichever"}
)  # fmt: skip
_MENDED = frozenset({"DT", "VBG", "VBD", "VBN"})
_SHORTEST_GERUND = 6  # 'bring', 'sting', 'fling' are no gerunds
_ARGUMENTS = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "obl"})
_NAMING = frozenset({"NNP", "NNPS", "PRP"})
_NAME_INSIDE = frozenset({"flat", "compound", "dep", "nmod:desc", "amod"})


def repair(tokens: Sequence[Token], names: Sequence[Name]) -> None:
    """Mend tags, heads inside names, then relations, in place."""
    for token in tokens:
        _mend_tag(token)
    named = {name.span[1] for name in names}
    for name in names:
        if name.kind == "person":
            parts = _inside(tokens, name)
            _join_name(tokens, parts)
            _take_title(tokens, parts, named)
    for token in tokens:
        if token.dep == "cc" and 0 < token.i < token.head:
            _coordinate(tokens, token)
    cases = {t.head for t in tokens if t.dep == "case"}
    joined = {t.head for t in tokens if t.dep == "cc" and t.i < t.head}
    subjects = {t.head for t in tokens if t.dep.startswith("nsubj")}
    copulas = {t.head for t in tokens if t.dep == "cop"}
    for token in tokens:
        if token.head != token.i:
            head = tokens[token.head]
            if token.i in joined and token.i > head.i and token.dep in _INSIDE_NOUN:
                token.dep = "conj"
            token.dep = _fitting(
                token, head, token.i in cases, head.i in subjects, head.i in copulas
            )


def _mend_tag(token: Token) -> None:
    """Determiners are a closed class, and -ing and -ed are what they look like; the lemma follows."""
    if token.tag not in _MENDED:
        return
    low = token.text.lower()
    if token.tag == "DT" and low not in _DETERMINERS and low.isalpha():
        token.tag = "NNS" if low.endswith("s") else "NN"
    elif token.tag == "VBG" and low.endswith("ed"):
        token.tag = "VBN"
    elif token.tag in {"VBD", "VBN"} and low.endswith("ing") and len(low) > _SHORTEST_GERUND:
        token.tag = "VBG"
    else:
        return
    token.lemma = lemma(token.text, token.tag)


def _inside(tokens: Sequence[Token], name: Name) -> list[Token]:
    low, high = 0, len(tokens)
    while low < high:
        middle = (low + high) // 2
        if tokens[middle].end <= name.span[0]:
            low = middle + 1
        else:
            high = middle
    found = []
    while low < len(tokens) and contains(name.span, tokens[low].span):
        found.append(tokens[low])
        low += 1
    return found


def _join_name(tokens: Sequence[Token], parts: Sequence[Token]) -> None:
    """All words of a name hang on the one that leads out of it with a relation of its own; one whose
    way up comes back into the name cannot, or the tree would close into a ring."""
    indices = {t.i for t in parts}
    outward = [t for t in parts if not _returns(tokens, t, indices)]
    if len(parts) < 2 or not outward:
        return
    lead = next((t for t in outward if t.dep not in _NAME_INSIDE), outward[0])
    for token in parts:
        if token is not lead:
            token.head, token.dep = lead.i, "flat"


def _take_title(tokens: Sequence[Token], parts: Sequence[Token], named: set[int]) -> None:
    """'President' in 'invited Serbian President Milan Petrov' is no second object of the verb.
    ``named``: where names end, since a name of its own is no title."""
    before = tokens[parts[0].i - 1] if parts and parts[0].i else None
    lead = next((t for t in parts if t.head not in {p.i for p in parts}), None)
    if before is None or lead is None or before.tag[:1] != "N" or before.end in named:
        return
    if before.head == lead.head != before.i and {before.dep, lead.dep} <= _ARGUMENTS:
        before.head, before.dep, lead.dep = lead.i, "nmod:desc", before.dep


def _coordinate(tokens: Sequence[Token], joiner: Token) -> None:
    """'Ana Lima and Bob', 'he and Bob': the later name hangs on the earlier, never the other way round
    nor on the verb that both are parties of."""
    left, right = _lead(tokens, joiner.i - 1), tokens[joiner.head]
    if left.tag not in _NAMING or right.tag not in {"NNP", "NNPS"} or right.head == left.i:
        return
    if left.head == right.i and left.dep in _INSIDE_NOUN:
        _turn_round(tokens, left, right)
    elif right.dep == "conj" and right.i != right.head > joiner.i and left.head == right.head:
        right.head = left.i
        left.dep = left.dep if left.dep in _ARGUMENTS else "nsubj"


def _lead(tokens: Sequence[Token], i: int) -> Token:
    """The first word of the name that ends at ``i``."""
    token = tokens[i]
    return tokens[token.head] if token.dep == "flat" and token.head < i else token


def _turn_round(tokens: Sequence[Token], left: Token, right: Token) -> None:
    before = [t for t in tokens[: left.i] if t.head == right.i]
    above = tokens[right.head]
    relation = right.dep
    if relation in {"conj", "root"}:
        relation = "nmod" if above.tag.startswith("N") else "obl"
    left.head, left.dep = (left.i, "root") if above is right else (above.i, relation)
    right.head, right.dep = left.i, "conj"
    for token in before:
        token.head = left.i


def _returns(tokens: Sequence[Token], token: Token, indices: set[int]) -> bool:
    """True when the way from a token up to its root passes another word of the name."""
    at = token
    for _ in range(len(tokens)):
        if at.head == at.i:
            return False
        at = tokens[at.head]
        if at.i in indices:
            return True
    return True


def _fitting(token: Token, head: Token, cased: bool, has_subject: bool, copular: bool) -> str:
    """The relation that ``token`` can have under ``head``."""
    dep = token.dep
    verbal = head.tag.startswith("V")
    if verbal and dep in _INSIDE_NOUN and token.tag.startswith(_NOMINAL):
        if cased:
            return "obl"
        return "nsubj" if token.i < head.i and not has_subject else "obj"
    if verbal and dep == "acl":
        return "advcl"
    if head.tag.startswith("N") and not copular:
        return {"obl": "nmod", "obl:agent": "nmod", "advcl": "acl"}.get(dep, dep)
    return dep
