"""Positions: where a party stands on an issue, in its own words or in the article's.

A word of the stance table whose frame holds gives the stance; who takes it is the word's own subject,
or the speaker of the statement when the frame names nobody; what it is about are the words up to the
clause's end, and the issue is read from them. What is only asked, supposed or wished of others is no
position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from dateline.analysis.lemmas import lemma
from dateline.analysis.model import Sentence
from dateline.knowledge.tables import read_csv
from dateline.record import extent, lexicon
from dateline.record.context import Context
from dateline.record.extent import span_of
from dateline.record.frames import part_of_speech
from dateline.record.issues import issues_of
from dateline.record.lexicon import Slot, StanceFrame, Step
from dateline.record.model import Actor, Party, Position, Stance, Statement, When
from dateline.record.negation import negated
from dateline.record.stance_phrases import PhraseHit, noun_phrase, owner, verb_phrase
from dateline.record.stance_words import stance_words
from dateline.record.tree import base
from dateline.record.verb_group import VerbGroup, verb_group
from dateline.record.when import when_of
from dateline.spans import contains

# What a negated stance amounts to; one not named here says nothing when negated: who has not ruled
# something out has not accepted it.
_NEGATED: dict[str, Stance] = {
    "accepts": "rejects",
    "supports": "rejects",
    "offers": "rejects",
    "rejects": "accepts",
}
_SUBJECT: tuple[Slot, ...] = ((Step("nsubj"),),)
_WILL_NOT = 0.65  # below every frame that names its stance: the verb itself is not looked at
_ANAPHOR = 0.7  # share of confidence kept when the issue is read from the sentence before
# Frames this weak must name their issue among the first words of the content.
_WEAK, _NEAR = 0.6, 6
# Of 23 positions read in training articles, all right ones named their issue nearer than this.
_FAR = 16
_RECOGNISE = frozenset({"recognise", "recognize"})
_ENDINGS = (("s", "VBZ"), ("ed", "VBD"), ("ing", "VBG"))
_IMAGINED = frozenset({"Say", "Suppose", "Imagine", "Assume"})  # at the head of a sentence
_QUOTES = frozenset({"“", '"', "‘", "``"})
_DUTIES = frozenset({"must", "should", "have", "has", "need", "needs"})
_CONDITIONS = frozenset({"unless", "if"})
_FIRST_PERSON = frozenset({"i", "we"})
Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A position before its id: the word that told it and whether that is the predicate of a finite
    clause, which then outweighs what the clause hangs on."""

    position: Position
    word: int
    finite: bool


def make_positions(context: Context) -> list[Position]:
    """Positions in text order; one a party, issue, stance and content."""
    found: list[Found] = []
    for sentence in context.tree.sentences:
        for i in _unasked(context, sentence):
            found.extend(_at(context, i))
    kept = [f.position for f in found if not any(_outweighs(context, g, f) for g in found)]
    unique = {(p.party.actor or p.party.text, p.issue, p.stance, p.content): p for p in kept}
    ordered = sorted(unique.values(), key=lambda p: p.content)
    return [p.model_copy(update={"id": f"p{n}"}) for n, p in enumerate(ordered, start=1)]


def _outweighs(context: Context, other: Found, found: Found) -> bool:
    """Of two stances of one side, one inside the other's words: 'refused to accept' is a refusal, but
    'recognise that a return is unrealistic' rules the return out."""
    if other is found or not _same_side(context, other.position.party, found.position.party):
        return False
    inside = contains(other.position.content, context.tree.tokens[found.word].span)
    around = contains(found.position.content, context.tree.tokens[other.word].span)
    if inside and not around:
        return not found.finite
    return around and other.finite and not (inside and found.word < other.word)


def _same_side(context: Context, a: Party, b: Party) -> bool:
    one, two = _actor(context, a), _actor(context, b)
    if one is None or two is None:
        return a.text == b.text
    return one.id == two.id or (bool(one.country) and one.country == two.country)


def _at(context: Context, i: int) -> Iterable[Found]:
    """What token ``i`` tells of a stance."""
    token = context.tree.tokens[i]
    if token.tag[:1] in {"V", "M"} and (hit := verb_phrase(context.tree, i)) is not None:
        yield from _by_phrase(context, i, hit)
    elif (hit := noun_phrase(context.tree, i)) is not None:
        yield from _by_noun(context, i, hit)
    elif (frame := _frame(context, i)) is not None:
        yield from _told(context, i, frame)
    elif token.tag.startswith("V") and token.lemma in stance_words("refusable"):
        yield from _will_not(context, i)
    word = context.tree.words[i]
    if word in _DUTIES:
        yield from _must(context, i)
    elif word in _CONDITIONS:
        yield from _conditional(context, i)
    elif word == "there":
        yield from _there_is_no(context, i)


def _frame(context: Context, i: int) -> StanceFrame | None:
    token, table = context.tree.tokens[i], lexicon.stances()
    pos = part_of_speech(token.tag)
    if pos is None:
        return None
    forms = [token.lemma]
    if pos == "V":  # a wrong tag gives a wrong lemma: demands/VBP, accepted/VB
        forms += [lemma(token.text, tag) for end, tag in _ENDINGS if token.text.endswith(end)]
    for form in forms:
        for frame in table.get((form, pos), ()):
            if context.matcher.holds(i, frame.requires)[0]:
                return frame
    return None


# -- a stance named by its word ------------------------------------------------------------------


def _told(context: Context, i: int, frame: StanceFrame) -> Iterable[Found]:
    group = verb_group(context.tree, i)
    if frame.pos == "V" and not _real(context, i, group):
        return
    statement = _own(context, i) or context.statement_at(context.tree.tokens[i].start)
    stance = _stance(context, i, frame, group)
    words = _content(context, i, frame, group)
    if stance is None or words is None or (statement is None and frame.lemma == "need"):
        return  # what the article itself says somebody needs is its own judgement
    for party in _parties(context, i, frame, group):
        if not _mere_prediction(context, i, frame, party):
            finite = frame.pos == "A"
            yield from _positions(
                context, i, party, stance, words, frame.weight, statement, finite=finite
            )


def _own(context: Context, i: int) -> Statement | None:
    """The statement whose cue the stance's word is ('demanded that ...')."""
    start = context.tree.tokens[i].start
    return next((s for s in context.statements if any(a <= start < b for a, b in s.cue)), None)


def _parties(context: Context, i: int, frame: StanceFrame, group: VerbGroup) -> list[Party]:
    """The stance's own parties that are actors; the speaker of the statement around it when the
    frame has none of its own."""
    around = context.statement_at(context.tree.tokens[i].start)
    speaker = around.speaker if around else None
    heads = context.matcher.parties(i, frame.party_slots)
    if not heads and frame.party_slots == _SUBJECT and not group.passive and frame.pos != "N":
        heads = _subject_in_a_row(context, group)
    heads = [h for h in heads if h == heads[0] or base(context.tree.tokens[h].dep) == "conj"]
    found = _held_by(context, heads, speaker)
    own = _own(context, i)
    said = own.speaker if own and not group.passive else None
    if said is not None and _counts(context, said):
        return found if any(p.actor == said.actor for p in found) else [said]
    optional = not frame.party_slots or (frame.pos == "A" and frame.party_slots != _SUBJECT)
    if found or heads or not optional:
        return found
    return [speaker] if speaker is not None and _counts(context, speaker) else []


def _subject_in_a_row(context: Context, group: VerbGroup) -> list[int]:
    """The noun right before the verb group; after 'and' the subject of the verb before, where the
    tree names none."""
    tree = context.tree
    at = group.first - 1
    while at > 0 and (tree.tokens[at].text in _QUOTES or tree.tokens[at].lemma == "have"):
        at -= 1  # 'he had “agreed to talk”'
    if at < tree.sentences[tree.sentence_of[group.verb]].first:
        return []
    token = tree.tokens[at]
    if token.tag.startswith(("NNP", "PRP")):
        joined = at > 1 and tree.tokens[at - 1].tag == "CC"
        pair = joined and tree.tokens[at - 2].tag.startswith(("NNP", "PRP"))
        return [at - 2, at] if pair else [at]
    if token.tag != "CC":
        return []
    for before in range(at - 1, tree.sentences[tree.sentence_of[group.verb]].first, -1):
        if tree.tokens[before].tag in {"VBZ", "VBD", "VBP", "VBN", "VB"} and not tree.tokens[
            before
        ].dep.startswith("acl"):
            heads = [c for c in tree.dependents(before, "nsubj") if c < before]
            if heads:
                return heads[-1:]
    return []


def _counts(context: Context, party: Party) -> bool:
    """True for a party that the registry or the article gives a country or a part in public life.
    Private persons are none ('her husband', 'the coach of Ghana'), nor is a part of a people ('many
    Chileans'), nor a company of no country."""
    actor = _actor(context, party)
    if actor is None or party.text.partition(" ")[0].lower() in stance_words("some"):
        return False
    private = {"", "UNK", "CVL", "MED", "BUS"} if actor.kind == "role" else {"", "UNK"}
    if actor.kind in {"person", "role"} and actor.sector in private:
        return False
    return bool(actor.country) or actor.sector not in {"", "UNK", "BUS", "MED"}


def _actor(context: Context, party: Party) -> Actor | None:
    return context.cast.actors.get(party.actor or "")


def _stance(context: Context, i: int, frame: StanceFrame, group: VerbGroup) -> Stance | None:
    """The frame's stance, turned when the word is negated and the frame does not say so itself."""
    tokens = context.tree.tokens
    if tokens[i].lemma in {"want", "seek"} and i + 2 < len(tokens) and not group.negated:
        own_act = tokens[i + 1].text == "to" and tokens[i + 2].lemma in stance_words("concession")
        if own_act:
            return "offers"
    told = any(test.lemmas & {"not", "no", "never"} for c in frame.requires for test in c.tests)
    stance: Stance = frame.stance  # type: ignore[assignment]
    if told or not (group.negated or _refused(context, i)):
        return stance
    willed = {"will", "would", "wo"} & set(group.words)
    if willed and stance in {"accepts", "offers", "supports"}:
        return "rules_out"
    if stance == "demands" and context.tree.tokens[i].lemma in {"want", "seek", "need"}:
        return "rejects"
    if stance == "offers" and not group.future and frame.pos != "A":
        return None
    return _NEGATED.get(stance)


def _refused(context: Context, i: int) -> bool:
    """True for a negated word; the 'no' of 'no-fly zone' negates nothing."""
    tree = context.tree
    if not negated(tree, i):
        return False
    number = tree.sentence_of[i]
    last = tree.sentences[number].last
    return not any(
        tree.tokens[n].text.lower() == "no" and tree.tokens[n + 1].text == "-"
        for n in range(i, last - 1)
    )


def _content(context: Context, i: int, frame: StanceFrame, group: VerbGroup) -> Extent | None:
    """The words taken a stand on: the clause for predicates, the subject of a passive, else what
    follows. A question ('asked whether') or a claim that is denied is nothing to take a stand on."""
    tokens = context.tree.tokens
    if frame.pos == "A" and any(slot[0].relation == "nsubj" for slot in frame.content_slots):
        return extent.around(context, i)
    participle = context.tree.tokens[i].tag == "VBG" and group.bare
    found = extent.after(context, i, nominal=frame.pos == "N" or participle)
    if found is not None and frame.content_slots and frame.content_slots[0][0].relation == "advcl":
        found = _from_mark(context, frame, found)
    if not frame.content_slots:
        return (i, found[1]) if found else (i, i + 1)
    if frame.pos == "N" and any(slot[0].relation == "nsubj" for slot in frame.content_slots):
        found = found if frame.party_slots else extent.around(context, i)
    if frame.pos == "V" and group.passive and not _complement(context, i):
        return extent.around(context, i)[0], group.first
    if frame.pos == "V" and not group.passive and _elsewhere_said(context, i, frame):
        return None
    if found is None or tokens[found[0]].text.lower() in stance_words("open"):
        return None
    first = next((tokens[n] for n in range(*found) if tokens[n].tag.startswith("N")), None)
    if first is not None and first.lemma in stance_words("claim"):
        return None
    return found


def _elsewhere_said(context: Context, i: int, frame: StanceFrame) -> bool:
    """'a treaty he had rejected in talks': what the verb is about stands before it."""
    after = context.tree.tokens[i + 1].text.lower() if i + 1 < len(context.tree.tokens) else ""
    of_preposition = any(slot[0].relation == "prep" for slot in frame.content_slots)
    return after in {"in", "at", "by", "during"} and not of_preposition


def _from_mark(context: Context, frame: StanceFrame, words: Extent) -> Extent | None:
    """The condition alone: from 'if' or 'unless' on."""
    marks = {step.case for slot in frame.content_slots for step in slot if step.case}
    tokens = context.tree.tokens
    for n in range(*words):
        if tokens[n].text.lower() in marks:
            return n, words[1]
    return None


def _complement(context: Context, i: int) -> bool:
    """A passive with a complement of its own: 'was urged to withdraw'."""
    return bool(context.tree.dependents(i, "xcomp", "ccomp"))


def _real(context: Context, i: int, group: VerbGroup) -> bool:
    """False for a stance that is supposed, asked of others or only possible."""
    tokens, unreal = context.tree.tokens, stance_words("unreal")
    modals = unreal & set(group.words)
    if modals and not (modals <= {"can", "could"} and group.negated):
        return False
    if _supposed(context, i) or _denied(context, i):
        return False
    before = group.first - 1
    governor = tokens[before].lemma if before >= 0 else ""
    carried = governor in stance_words("carrier") or (
        tokens[tokens[i].head].lemma in stance_words("carrier")
    )
    tag = tokens[i].tag
    if group.infinitive:
        return carried
    if tag == "VB" and group.bare:
        return False
    if tag == "VBG" and group.bare:
        return before >= 0 and tokens[before].tag != "IN"
    return True


def _supposed(context: Context, i: int) -> bool:
    """True when 'if', 'unless' or 'whether' stands before the word in its own clause."""
    tree = context.tree
    first = tree.sentences[tree.sentence_of[i]].first
    if tree.tokens[first].text in _IMAGINED:
        return True
    for at in range(i - 1, first - 1, -1):
        word = tree.tokens[at].text.lower()
        if word in {",", "that", "“", ";"}:
            return False
        if word in {"if", "unless", "whether"}:
            return True
    return False


def _denied(context: Context, i: int) -> bool:
    """True inside what somebody denies."""
    tree = context.tree
    around = context.statement_at(tree.tokens[i].start)
    cues = around.cue if around else []
    return any(tree.tokens[tree.first_token(c)].lemma in {"deny", "dispute"} for c in cues)


def _unasked(context: Context, sentence: Sentence) -> range:
    """The tokens of a sentence that are no question: those after a question mark at its end."""
    first = sentence.first
    for n in range(max(first, sentence.last - 3), sentence.last):
        if context.tree.words[n] == "?":
            first = n + 1
    return range(first, sentence.last)


def _mere_prediction(context: Context, i: int, frame: StanceFrame, party: Party) -> bool:
    """'Russia will release them', said by somebody else: what one side says another will do."""
    around = context.statement_at(context.tree.tokens[i].start)
    willed = {"will", "would", "'ll", "’ll"} & set(verb_group(context.tree, i).words)
    told = not frame.content_slots or (frame.pos == "V" and willed)
    if not told or not frame.party_slots or around is None:
        return False
    return around.speaker is None or not _same_side(context, party, around.speaker)


# -- a stance told by words in a row --------------------------------------------------------------


def _by_phrase(context: Context, i: int, hit: PhraseHit) -> Iterable[Found]:
    """'sees no reason to hold talks': the stance of the verb's subject."""
    group = verb_group(context.tree, i)
    if not _real(context, i, group) or group.passive:
        return
    negated_here = hit.negated or group.negated
    stance: Stance | None = hit.phrase.stance  # type: ignore[assignment]
    if negated_here and not {"no", "not"} & set(hit.phrase.words):
        stance = _NEGATED.get(hit.phrase.stance)
    words = extent.after(context, hit.last)
    if stance is None or words is None:
        return
    at = context.tree.tokens[i].head if context.tree.tokens[i].dep in {"cop", "aux"} else i
    heads = context.matcher.parties(at, _SUBJECT) or _subject_in_a_row(context, group)
    statement = _own(context, i) or context.statement_at(context.tree.tokens[i].start)
    speaker = statement.speaker if statement else None
    for party in _held_by(context, heads, speaker):
        yield from _positions(
            context, i, party, stance, words, hit.phrase.weight, statement, finite=True
        )


def _by_noun(context: Context, i: int, hit: PhraseHit) -> Iterable[Found]:
    """'Cuba's rejection of the exchange': the stance of the noun's owner."""
    at = owner(context.tree, i)
    claims = context.tree.tokens[i + 1].text.lower() == "that"
    words = extent.after(context, i, nominal=not claims)
    if at is None or words is None or _lacking(context, i) or _supposed(context, i):
        return
    statement = context.statement_at(context.tree.tokens[i].start)
    speaker = statement.speaker if statement else None
    stance: Stance = hit.phrase.stance  # type: ignore[assignment]
    for party in _held_by(context, [at], speaker)[:1]:
        yield from _positions(
            context, i, party, stance, words, hit.phrase.weight, statement, finite=False
        )


def _lacking(context: Context, i: int) -> bool:
    """'dropped its demand for', 'lacks the support for': the stance is no longer or not held."""
    tokens = context.tree.tokens
    first = context.tree.sentences[context.tree.sentence_of[i]].first
    near = {tokens[n].lemma for n in range(max(first, i - 5), i)}
    return bool(near & stance_words("dropped"))


def _held_by(context: Context, heads: Sequence[int], speaker: Party | None) -> list[Party]:
    """The parties at ``heads`` that count; 'his country' and 'our government' are the speaker's."""
    found = []
    for head in heads:
        party = _own_side(context, head, speaker) or context.cast.party(head, speaker)
        if party is None and _begins_report(context, head):
            party = speaker
        if party is not None and _counts(context, party):
            found.append(party)
    return found


def _begins_report(context: Context, head: int) -> bool:
    """'Iran said it would': a pronoun right at the start of reported words is their speaker."""
    token = context.tree.tokens[head]
    statement = context.statement_at(token.start)
    starts = {span[0] for span in statement.content} if statement else set()
    return token.text.lower() in {"it", "he", "she", "they"} and token.start in starts


def _own_side(context: Context, head: int, speaker: Party | None) -> Party | None:
    """The speaker for 'his country', 'our government' inside his own words; None for other heads."""
    tokens = context.tree.tokens
    owned = any(tokens[c].tag == "PRP$" for c in context.tree.children[head])
    if speaker is None or not owned or tokens[head].lemma not in stance_words("ownside"):
        return None
    return speaker


def _conditional(context: Context, i: int) -> Iterable[Found]:
    """'will not sign unless its border is recognised', 'will withdraw only if the hostages are
    freed': what a side makes its own act depend on."""
    tree = context.tree
    only = i > 0 and tree.tokens[i - 1].text.lower() == "only"
    verb = _conditioned(context, i)
    if verb is None or not (only or tree.tokens[i].text.lower() == "unless"):
        return
    group = verb_group(tree, verb)
    threat = tree.tokens[verb].lemma in stance_words("threat")
    if not ({"will", "would", "wo", "can", "could"} & set(group.words) or threat):
        return
    words = extent.after(context, i)
    heads = context.matcher.parties(verb, _SUBJECT) or _subject_in_a_row(context, group)
    statement = context.statement_at(tree.tokens[i].start)
    if words is None or (_frame_conditions(context, verb)):
        return
    for party in _held_by(context, heads, statement.speaker if statement else None):
        told = statement.speaker if statement else None
        # What is narrated of others and not negated is the article's own forecast.
        if _same_side(context, party, told) if told else group.negated or threat:
            yield from _positions(
                context, i, party, "conditions", (i, words[1]), _WILL_NOT, statement, finite=True,
                else_about=(verb, i),
            )  # fmt: skip


def _frame_conditions(context: Context, verb: int) -> bool:
    frame = _frame(context, verb)
    return frame is not None and frame.stance == "conditions"


def _conditioned(context: Context, i: int) -> int | None:
    """The verb whose act the condition at ``i`` is of: the one the tree hangs it on, where that is a
    threat, else the first of the clause."""
    tokens = context.tree.tokens
    above = tokens[tokens[tokens[i].head].head]
    if above.i < i and above.lemma in stance_words("threat"):
        return above.i
    return _verb_before(context, i)


def _verb_before(context: Context, i: int) -> int | None:
    """The finite verb group's verb of the clause before token ``i``: the first one of the clause."""
    tree = context.tree
    first = tree.sentences[tree.sentence_of[i]].first
    statement = context.statement_at(tree.tokens[i].start)
    for span in statement.content if statement else ():
        first = max(first, tree.first_token(span))
    for at in range(first, i):
        token = tree.tokens[at]
        if token.tag.startswith("V") and token.lemma not in {"be", "have", "do"}:
            return at
    return None


def _there_is_no(context: Context, i: int) -> Iterable[Found]:
    """'There can be no talks', said by somebody: ruled out."""
    tree = context.tree
    after = min(i + 1, len(tree.tokens) - 1)
    statement = context.statement_at(tree.tokens[after].start)
    words = [t.text.lower() for t in tree.tokens[i + 1 : i + 4]]
    if statement is None or statement.speaker is None or "be" not in words or "no" not in words:
        return
    if not {"can", "will"} & set(words) or not _counts(context, statement.speaker):
        return
    last = i + 1 + words.index("no")
    found = extent.after(context, last)
    if found is not None:
        yield from _positions(
            context, i, statement.speaker, "rules_out", (last, found[1]), _WILL_NOT, statement,
            finite=True,
        )  # fmt: skip


# -- a stance told by auxiliaries ----------------------------------------------------------------


def _will_not(context: Context, i: int) -> Iterable[Found]:
    """'Bolivia will not give up its positions', said by Bolivia's own: ruled out."""
    group = verb_group(context.tree, i)
    statement = context.statement_at(context.tree.tokens[i].start)
    said = {"will", "would", "shall", "wo", "'ll", "’ll"} & set(group.words)
    if not (said and group.negated) or group.passive or statement is None:
        return
    heads = context.matcher.parties(i, _SUBJECT) or _subject_in_a_row(context, group)
    party = next(iter(_held_by(context, heads, statement.speaker)), None)
    speaker = statement.speaker
    if party is None or speaker is None or not _counts(context, party):
        return
    if not _same_side(context, party, speaker) or _supposed(context, i):
        return
    found = extent.after(context, i)
    words = (i, found[1] if found else i + 1)
    yield from _positions(context, i, party, "rules_out", words, _WILL_NOT, statement, finite=True)


def _must(context: Context, i: int) -> Iterable[Found]:
    """'Troops must leave', 'aid would have to come from Europe': a demand of the speaker. What the
    speaker must do himself is none."""
    tokens = context.tree.tokens
    statement = context.statement_at(tokens[i].start)
    verb = _obliged(context, i)
    if verb is None or statement is None or statement.speaker is None or _supposed(context, i):
        return
    words = extent.around(context, verb)
    subject = [tokens[n].text.lower() for n in range(words[0], i)]
    if not subject or _FIRST_PERSON & set(subject) or not _counts(context, statement.speaker):
        return
    if {"may", "might", "could"} & set(subject):
        return
    between = {tokens[n].lemma for n in range(i + 1, verb)}
    if tokens[i].text.lower() == "should" and "be" not in between:
        heads = context.matcher.parties(verb, _SUBJECT)
        if not any(context.cast.party(h) for h in heads):
            return
    near = {tokens[n].text.lower() for n in range(max(0, i - 2), verb)}
    no = bool(near & {"not", "never", "n't", "n’t", "no"})
    if no and tokens[i].text.lower() in {"have", "has", "need", "needs"}:
        return
    yield from _positions(
        context, i, statement.speaker, "rejects" if no else "demands", words, _WILL_NOT, statement,
        finite=True,
    )  # fmt: skip


def _obliged(context: Context, i: int) -> int | None:
    """The verb that 'must', 'should', 'have to' or 'need to' at ``i`` makes a duty; None when they
    tell something else ('must have been', 'has to offer')."""
    tokens = context.tree.tokens
    word = tokens[i].text.lower()
    at = i + 1
    if word not in {"must", "should"}:
        if at >= len(tokens) or tokens[at].text.lower() != "to":
            return None
        at += 1
    seen = []
    while at < len(tokens) and (tokens[at].tag.startswith("RB") or tokens[at].lemma == "be"):
        seen.append(tokens[at].lemma)
        at += 1
    if at >= len(tokens):
        return None
    if tokens[at].lemma in stance_words("idle"):
        return None
    if tokens[at].tag.startswith("V") and tokens[at].lemma != "have":
        return at
    return at - 1 if seen and seen[-1] == "be" else None


# -- from words to positions ---------------------------------------------------------------------


def _positions(
    context: Context,
    i: int,
    party: Party,
    stance: Stance,
    words: Extent,
    weight: float,
    statement: Statement | None,
    *,
    finite: bool,
    else_about: Extent | None = None,
) -> Iterable[Found]:
    """One position for each issue named in ``words``; where they name none, in ``else_about``."""
    first, last = words
    reach = min(last, first + (_NEAR if weight <= _WEAK else _FAR))
    if context.tree.tokens[i].lemma in _RECOGNISE and first == i + 1:
        first = i  # the verb is part of the cue: 'recognise the breakaway province'
    issues: Sequence[str] = issues_of(context, first, reach)
    if not issues and else_about is not None:
        issues = issues_of(context, *else_about)
    if not issues:
        issues, weight = _issue_before(context, first, last), weight * _ANAPHOR
    if not issues:
        issues = _recognised(context, i, first)
    sure = statement.confidence if statement else 1.0
    for issue in issues:
        yield Found(
            Position(
                id="",
                party=party,
                issue=issue,
                stance=stance,
                content=span_of(context, words),
                statement=statement.id if statement else None,
                when=_when(context, i, words, statement),
                via=_chain(context, party),
                confidence=round(weight * sure, 4),
            ),
            i,
            finite,
        )


def _issue_before(context: Context, first: int, last: int) -> list[str]:
    """'rejects the plan': the issue of the sentence before, when the words are a definite phrase
    that stands for what it told."""
    tree = context.tree
    words = [tree.tokens[n] for n in range(first, min(last, first + 4))]
    if len(words) < 2 or words[0].text.lower() not in {"the", "this", "that", "those", "these"}:
        return []
    if last - first > 3 or words[-1].lemma not in stance_words("anaphor"):
        return []
    number = tree.sentence_of[first]
    if number == 0:
        return []
    before = tree.sentences[number - 1]
    found = issues_of(context, before.first, before.last)
    return [issue for issue in found if issue != "talks_format"][:1]


def _recognised(context: Context, i: int, first: int) -> list[str]:
    """'recognised Kosovo': the verb itself names the issue when its object is a state or body."""
    if context.tree.tokens[i].lemma not in _RECOGNISE:
        return []
    kinds = {
        context.matcher.kind(n) for n in range(first, min(first + 3, len(context.tree.tokens)))
    }
    return ["recognition"] if kinds & {"place", "organisation"} else []


def _when(context: Context, i: int, words: Extent, statement: Statement | None) -> When | None:
    """The stance's own time; a position inside a statement was taken when the statement was made. A
    date in the words themselves ('leave by June') is a deadline or a name."""
    own = when_of(context, i)
    span = span_of(context, words)
    if own is not None and (own.span is None or contains(span, own.span)):
        own = None
    if own is None and statement is not None and statement.when is not None:
        own = statement.when
    if own is None and context.published is not None:
        day = context.published.isoformat()
        own = When(start=day, end=day, granularity="day", basis="published")
    return own


def _chain(context: Context, party: Party) -> list[str]:
    """From the words to the state or body the party speaks for: mention, name, office, country."""
    actor = _actor(context, party)
    if actor is None:
        return [party.text]
    chain = [party.text, actor.name, actor.office or "", _countries().get(actor.country, "")]
    return list(dict.fromkeys(part for part in chain if part))


@cache
def _countries() -> dict[str, str]:
    columns = ("iso3", "name", "aliases", "adjectives", "people", "capitals", "status", "sector",
               "since", "until", "note")  # fmt: skip
    return {row["iso3"]: row["name"] for row in reversed(read_csv("countries.csv", columns))}
