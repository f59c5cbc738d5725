"""Reading a dependency tree the way frames are written: for the active voice, with subjects that
coordination, control and relative clauses leave unsaid filled in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache

from dateline.analysis.model import Sentence, Token
from dateline.record.lexicon import Slot, Step
from dateline.spans import Span

_RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$"})
_PASSIVE_HELPERS = frozenset({"be", "get"})
_PARTICIPLES = frozenset({"VBN", "VBD"})  # taggers confuse the two
_CLAUSES = frozenset({"ccomp", "xcomp", "advcl", "acl", "conj", "parataxis", "root"})
# Verbs whose subject, not object, does what their infinitive says ('promised Kyiv to help').
_SUBJECT_CONTROL = frozenset({"promise", "vow", "pledge", "threaten", "swear"})
_MARKERS = frozenset({"case", "mark"})
_APART = frozenset({"obl:unmarked", "nmod:poss"})
# Relations that do not belong to the noun phrase of their head.
_OUTSIDE_PHRASE = frozenset(
    {"acl", "appos", "conj", "cc", "punct", "parataxis", "case", "dep", "mark", "discourse",
     "advcl", "cop", "aux", "nsubj", "list", "ccomp", "xcomp", "obj", "orphan", "vocative",
     "expl"}
)  # fmt: skip


@cache
def base(dep: str) -> str:
    """A relation without its subtype."""
    return dep.partition(":")[0]


class Tree:
    """The dependency trees of all sentences of a text, over one list of tokens, which no longer
    change: what is read off the tree more than once is kept. ``words`` are the tokens in lower
    case."""

    def __init__(self, tokens: Sequence[Token], sentences: Sequence[Sentence]) -> None:
        self.tokens = tokens
        self.sentences = sentences
        self._starts = [token.start for token in tokens]
        self._ends = [token.end for token in tokens]
        self.words = [token.text.lower() for token in tokens]
        self.children: list[list[int]] = [[] for _ in tokens]
        # Head -> index, relation and relation without subtype of each child.
        self._arcs: dict[int, list[tuple[int, str, str]]] = {}
        self._passive: dict[int, bool] = {}
        self._objects: dict[int, list[int]] = {}
        self._phrases: dict[int, list[int]] = {}
        self.sentence_of: list[int] = [0] * len(tokens)
        for number, sentence in enumerate(sentences):
            for i in range(sentence.first, sentence.last):
                self.sentence_of[i] = number
        for token in tokens:
            if token.head != token.i and token.head >= 0:
                self.children[token.head].append(token.i)
                arc = (token.i, token.dep, base(token.dep))
                self._arcs.setdefault(token.head, []).append(arc)

    # -- single relations ------------------------------------------------------------------

    def dependents(self, i: int, *relations: str) -> list[int]:
        """Children of ``i`` with one of the relations (subtypes included unless one is named)."""
        return [
            c for c, dep, kind in self._arcs.get(i, ()) if kind in relations or dep in relations
        ]

    def case(self, i: int) -> str | None:
        """The adposition or subordinator of ``i``, lower case, None when there is none."""
        return next(
            (self.words[c] for c, _, kind in self._arcs.get(i, ()) if kind in _MARKERS), None
        )

    def is_passive(self, i: int) -> bool:
        """A passive verb: a participle with *be* or *get*, or one that modifies a noun. A finite verb
        without such an auxiliary is active, whatever its subject is labelled; a coordinated
        participle shares the auxiliary of the verb it hangs on."""
        if i not in self._passive:
            self._passive[i] = self._reads_passive(i)
        return self._passive[i]

    def _reads_passive(self, i: int) -> bool:
        token = self.tokens[i]
        helpers = {self.tokens[c].lemma for c in self.dependents(i, "aux", "cop")}
        if helpers & _PASSIVE_HELPERS and token.tag in _PARTICIPLES:
            return not ("be" in helpers and token.text.endswith("ing"))
        if helpers:  # 'had spoken by phone'
            return False
        if token.tag == "VBN" and self._after_be(i):
            return True
        if token.tag not in _PARTICIPLES or self.dependents(i, "obj"):
            return False
        if base(token.dep) == "conj" and not self.dependents(i, "nsubj"):
            return token.head != i and self.is_passive(token.head)
        if base(token.dep) in {"amod", "acl"} and token.dep != "acl:relcl":
            return token.tag == "VBN" or self._by_somebody(i)
        if token.tag == "VBN" and self._by_somebody(i):
            return True
        return bool(self.dependents(i, "obl:agent")) and bool(self.dependents(i, "nsubj:pass"))

    def _by_somebody(self, i: int) -> bool:
        """'Excoriated by Democrats': no subject before it, and *by* right after it."""
        after = self.tokens[i + 1 : i + 2]
        return bool(after) and after[0].text == "by" and not self.dependents(i, "nsubj")

    def _after_be(self, i: int) -> bool:
        """'was', 'been' or 'being' stands right before, adverbs aside: parsers mislabel some
        auxiliaries."""
        first = self.sentences[self.sentence_of[i]].first
        at = i - 1
        while at > first and self.tokens[at].tag.startswith("RB"):
            at -= 1
        return at >= first and self.tokens[at].lemma == "be"

    def conjuncts(self, i: int) -> list[int]:
        """``i`` and what is coordinated with it."""
        return [i, *self.dependents(i, "conj")]

    # -- arguments ---------------------------------------------------------------------------

    def subjects(self, i: int) -> list[int]:
        """Who does ``i`` (active voice): agents of a passive, unsaid subjects filled in."""
        if self.is_passive(i):
            agents = self.dependents(i, "obl:agent")
            return agents or [c for c in self.dependents(i, "obl") if self.case(c) == "by"]
        return self._surface_subjects(i)

    def objects(self, i: int) -> list[int]:
        """Whom or what ``i`` is done to (active voice)."""
        if i not in self._objects:
            self._objects[i] = self._find_objects(i)
        return list(self._objects[i])

    def _find_objects(self, i: int) -> list[int]:
        if self.is_passive(i):
            return self._passive_objects(i)
        misread = self._fronted(i)
        found = [
            c for c in self.dependents(i, "obj") if not self._is_relative(c) and c not in misread
        ]
        if found:
            return found
        if self.tokens[i].dep == "acl:relcl":
            gap = [c for c in self.dependents(i, "obj") if self._is_relative(c)]
            spoken = self.dependents(i, "nsubj")
            if gap or (spoken and not any(self._is_relative(c) for c in spoken)):
                return [self.tokens[i].head]
        return []

    def _passive_objects(self, i: int) -> list[int]:
        found = [c for c, dep, _ in self._arcs.get(i, ()) if dep == "nsubj:pass"]
        if found and not self._is_relative(found[0]):
            return found
        token = self.tokens[i]
        if base(token.dep) in {"acl", "amod"} or found:
            return [token.head]
        return self._inherited(i)

    def _surface_subjects(self, i: int) -> list[int]:
        found = [c for c, dep, _ in self._arcs.get(i, ()) if dep in {"nsubj", "nsubj:pass"}]
        if not found:
            return self._fronted(i) or self._inherited(i)
        if self._is_relative(found[0]):
            return self._antecedent(i)
        before = [c for c in found if c < i]
        return (before or found) + self._stray_conjuncts(i, before)

    def _stray_conjuncts(self, i: int, subjects: list[int]) -> list[int]:
        """Nouns between subject and verb that the parser coordinates with the verb: they go with the
        subject ('the mayor and his deputy resigned')."""
        return [
            c
            for c in self.dependents(i, "conj")
            if subjects and subjects[-1] < c < i and self.tokens[c].tag[:1] == "N"
        ]

    def _misplaced(self, i: int) -> list[int]:
        """The subject of a reported clause that the parser hung on the verb of saying: a noun between
        the two ('said Togo had agreed')."""
        head = self.tokens[i].head
        found = [
            c
            for c in self.dependents(head, "obj", "nsubj")
            if head < c < i and not self._is_relative(c)
        ]
        return found + self._stray_conjuncts(i, found)

    def _fronted(self, i: int) -> list[int]:
        """Objects before a verb without a subject: English puts none there, so that they are the
        subject under a wrong label."""
        if self.tokens[i].tag[:1] != "V" or self.dependents(i, "nsubj"):
            return []
        return [c for c in self.dependents(i, "obj") if c < i and not self._is_relative(c)]

    def _inherited(self, i: int) -> list[int]:
        """The unsaid subject of a clause: that of the clause it hangs on, the object of a verb of
        control ('urged Kyiv to withdraw'), the noun a participle modifies."""
        token = self.tokens[i]
        relation, head = base(token.dep), token.head
        if head == i:
            return []
        if relation == "acl":
            return [head]
        if relation == "xcomp":
            below = [] if self.tokens[head].lemma in _SUBJECT_CONTROL else self.objects(head)
            return below or self._voiced_subject(head)
        if relation in {"conj", "advcl", "parataxis"} and self.tokens[head].tag.startswith("V"):
            return self._voiced_subject(head)
        if relation == "ccomp":
            return self._misplaced(i)
        if relation == "amod":
            return [head]
        return []

    def _voiced_subject(self, i: int) -> list[int]:
        """What stands as subject above: of a passive clause, its passive subject."""
        return self._passive_objects(i) if self.is_passive(i) else self._surface_subjects(i)

    def _antecedent(self, i: int) -> list[int]:
        """The noun that a relative clause's verb ``i`` belongs to."""
        while base(self.tokens[i].dep) in {"conj", "xcomp", "aux", "cop"}:
            i = self.tokens[i].head
        return [self.tokens[i].head] if self.tokens[i].dep.startswith("acl") else []

    def _is_relative(self, i: int) -> bool:
        token = self.tokens[i]
        return token.tag in _RELATIVE_TAGS or (
            token.lemma == "that" and base(token.dep) in {"nsubj", "obj"} and token.tag == "IN"
        )

    # -- slots -------------------------------------------------------------------------------

    def fill(self, i: int, slot: Slot) -> list[int]:
        """Tokens that fill a slot of ``i``, in text order, without coordination."""
        current = [i]
        for step in slot:
            current = [found for at in current for found in self._step(at, step)]
        return current

    def _step(self, i: int, step: Step) -> list[int]:
        relation, case = step.relation, step.case
        if relation == "nsubj":
            return self.subjects(i)
        if relation == "obj":
            return self.objects(i)
        if relation == "prep":
            return self._prepositional(i, case)
        if relation == "poss":
            return self.dependents(i, "nmod:poss")
        if relation == "prt":
            found = self.dependents(i, "compound:prt", "advmod")
            return [c for c in found if self.words[c] == case]
        return self._below(i, relation, case)

    def _below(self, i: int, relation: str, case: str | None) -> list[int]:
        """Children by a relation, subtypes included but for those that are none of its kind."""
        found = [
            c for c, dep, kind in self._arcs.get(i, ()) if kind == relation and dep not in _APART
        ]
        return [c for c in found if case is None or self._has_case(c, case)]

    def _prepositional(self, i: int, case: str | None) -> list[int]:
        for relation in ("obl", "nmod"):
            if found := self._below(i, relation, case):
                return found
        return [c for o in self.objects(i) for c in self._below(o, "nmod", case)]

    def _has_case(self, i: int, case: str) -> bool:
        return any(
            kind in _MARKERS and self.words[c] == case for c, _, kind in self._arcs.get(i, ())
        )

    # -- phrases -----------------------------------------------------------------------------

    def phrase(self, i: int) -> Span:
        """Character span of the noun phrase headed by ``i``, without relative clauses, appositions,
        coordinated phrases and the preposition before it."""
        indices = self.phrase_tokens(i)
        return self.tokens[indices[0]].start, self.tokens[indices[-1]].end

    def phrase_tokens(self, i: int) -> list[int]:
        """Token indices of that phrase: the unbroken run around its head."""
        if i not in self._phrases:
            self._phrases[i] = self._run_around(i)
        return list(self._phrases[i])

    def _run_around(self, i: int) -> list[int]:
        inside = set(self._phrase_members(i))
        first = last = i
        while first - 1 in inside:
            first -= 1
        while last + 1 in inside:
            last += 1
        while first < i and self.tokens[first].text in {",", "“", '"', "”", "-"}:
            first += 1
        return list(range(first, last + 1))

    def _phrase_members(self, i: int) -> Iterable[int]:
        yield i
        for c, dep, kind in self._arcs.get(i, ()):
            hyphen = dep == "punct" and self.tokens[c].text in {"-", "’", "'"}
            clause = self.tokens[c].tag.startswith("V") and kind not in {"amod", "compound"}
            if hyphen or not (clause or kind in _OUTSIDE_PHRASE):
                yield from self.subtree(c)

    def subtree(self, i: int) -> Iterable[int]:
        """``i`` and everything under it, relative clauses left out, in no order."""
        stack = [i]
        while stack:
            at = stack.pop()
            yield at
            stack += [
                c for c, dep, _ in self._arcs.get(at, ()) if dep not in {"acl:relcl", "parataxis"}
            ]

    def subtree_span(self, i: int) -> Span:
        """Character span of everything under ``i``."""
        indices = sorted(self.subtree(i))
        return self.tokens[indices[0]].start, self.tokens[indices[-1]].end

    def head_in(self, span: Span) -> int | None:
        """The token of a span whose head lies outside it; None for a span with no token."""
        inside = self.tokens_in(span)
        for i in inside:
            token = self.tokens[i]
            leads_out = token.head == i or token.head not in inside
            if leads_out and base(token.dep) not in {"punct", "case", "det", "cc"}:
                return i
        return inside[-1] if inside else None

    def first_token(self, span: Span) -> int:
        """Index of the first token that ends after the span's start."""
        return bisect_right(self._ends, span[0])

    def tokens_in(self, span: Span) -> range:
        """Indices of the tokens that overlap a span."""
        return range(self.first_token(span), bisect_left(self._starts, span[1]))

    def clause(self, i: int) -> int:
        """The verb (or other head) of the clause that ``i`` stands in."""
        seen = 0
        while base(self.tokens[i].dep) not in _CLAUSES and seen < 100:
            i, seen = self.tokens[i].head, seen + 1
        return i

    def ancestors(self, i: int) -> Iterable[int]:
        """The heads above ``i``, nearest first."""
        seen = 0
        while self.tokens[i].head != i and seen < 200:
            i, seen = self.tokens[i].head, seen + 1
            yield i
