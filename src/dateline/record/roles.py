"""Actor and recipient of a sentence's main act, as the network's role head marks them.

Syntax finds the parties of most acts; of a sentence's main act the role head knows them better, and
where no word of the lexicon tells the act, its parties and the pair layer's type and trigger make one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from dateline.analysis import network
from dateline.analysis.chunks import Chunk, chunks
from dateline.analysis.model import Sentence, Token
from dateline.analysis.network import ActOutput
from dateline.record.acceptance import first_look, worth_asking
from dateline.record.acts import Act, word_types
from dateline.record.context import Context
from dateline.record.lexicon import reporting_verbs
from dateline.record.model import Dropped, Party, Statement
from dateline.record.tree import base
from dateline.spans import Span, contains

# Mean probability a role chunk must have (CAMEO span development fold).
_LEAST_ROLE = 0.4
# Least fit of a lexicon act to the marked parties, see ``_fit``; probability that a type must have
# where the lexicon finds no act for them (PLOVER gold records and our sample pages).
_LEAST_FIT = 0.5
_CONTRADICTED = 0.5
_LEAST_TYPE = 0.35
_LEAST_SUPPORTED = 0.25
_NONE = "NONE"
_NO_START = frozenset({"CC", "IN", "TO"})
_NO_END = frozenset({"CC", "IN", "TO", "DT"})
_VIOLENT = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "SANCTION"})
_OF_PLACE_OR_TIME = frozenset({"in", "at", "near", "after", "during", "since", "before"})
_THINGS = frozenset({"DT", "WDT", "EX"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_NO_PARTY = frozenset({"the", "a", "an", "of", "in", "to", "'s", "’s", "and", "this", "that"})
# What a speaker does by saying it, and the probability the type must have: 'said it would withdraw'
# promises, 'said Sudan must return it' demands; 'said Y attacked Z' only reports.
_SPEECH_ACTS = {"AGREE": 0.5, "REQUEST": 0.5, "REJECT": 0.5, "THREATEN": 0.5, "ACCUSE": 0.7}


@dataclass(slots=True)
class MarkedRoles:
    """Head tokens of the marked parties with the phrase of each, and the tokens of all phrases."""

    actors: list[int] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    spans: dict[int, Span] = field(default_factory=dict)
    actor_words: list[int] = field(default_factory=list)
    recipient_words: list[int] = field(default_factory=list)


def with_marked_roles(
    context: Context, acts: Sequence[Act], *, every: bool = False
) -> list[Act]:
    """Acts in the order of their sentences. In a lone sentence the main act has the marked parties; one
    is added where marked parties fit none. In an article the act reader is asked about each candidate
    that is worth it, or about ``every`` one."""
    by_sentence: dict[int, list[Act]] = {}
    for act in acts:
        by_sentence.setdefault(context.tree.sentence_of[act.trigger], []).append(act)
    found: list[Act] = []
    for number, sentence in enumerate(context.analysis.sentences):
        here = by_sentence.get(number, [])
        if context.single:
            roles = marked_roles(context, sentence, context.reading.act(sentence))
            if roles.actors or roles.recipients:
                here = _settled(context, sentence, roles, here)
        else:
            here = [act for act in here if _worth_asking(context, act) or every]
            for act in here:
                act.marked = context.reading.act(
                    sentence,
                    _words_of(context, act.actors), _words_of(context, act.recipients),
                    [act.trigger],
                )  # fmt: skip
                _fill_open(context, act, marked_roles(context, sentence, act.marked))
        found += here
    return found


def _worth_asking(context: Context, act: Act) -> bool:
    """False, with a note, for a candidate that would hardly become an event: without a party to begin
    with, or unlikely at a first look."""
    act.first = first_look(context, act) if act.actors or act.recipients or act.speaker_asks else {}
    if act.first and worth_asking(act.first):
        return True
    span = context.tree.tokens[act.trigger].span
    reason, message = (
        ("unsure", f"may be {act.type}, too unlikely")
        if act.first
        else ("no_party", "no party that syntax names")
    )
    context.dropped.append(Dropped(stage="event", reason=reason, message=message, span=span))
    return False


def _words_of(context: Context, heads: Iterable[int]) -> list[int]:
    return [i for head in heads for i in context.tree.phrase_tokens(head)]


def marked_roles(context: Context, sentence: Sentence, told: ActOutput) -> MarkedRoles:
    """The parties that the act reader tells in a sentence; of each role the chunks it is sure of."""
    found = MarkedRoles()
    labelled = chunks(told.roles, network.labels()["roles"])
    for chunk in _joined(context, sentence, [c for c in labelled if c.score >= _LEAST_ROLE]):
        indices = _trimmed(
            context, range(sentence.first + chunk.first, sentence.first + chunk.last)
        )
        if not indices:
            continue
        if chunk.kind == "actor" and found.actors and _speaks(context, sentence, indices):
            continue
        heads = _heads(context, indices, found.spans)
        if chunk.kind in {"actor", "both"}:
            found.actors += heads
            found.actor_words += indices
        if chunk.kind in {"recipient", "both"}:
            found.recipients += heads
            found.recipient_words += indices
    return found


def _joined(context: Context, sentence: Sentence, parts: Sequence[Chunk]) -> list[Chunk]:
    """Chunks of one kind that touch, or that only a hyphen parts, are one phrase: two parties have a
    comma or a conjunction between them."""
    joined: list[Chunk] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and last.kind == part.kind and _touch(context, sentence, last, part):
            score = min(last.score, part.score)
            joined[-1] = Chunk(part.kind, last.first, part.last, score)
        else:
            joined.append(part)
    return joined


def _touch(context: Context, sentence: Sentence, left: Chunk, right: Chunk) -> bool:
    tokens = context.tree.tokens[sentence.first + left.last : sentence.first + right.first]
    opens = context.tree.tokens[sentence.first + right.first]
    return all(t.text == "-" for t in tokens) and opens.tag != "CC" and opens.text != ","


def _speaks(context: Context, sentence: Sentence, indices: Sequence[int]) -> bool:
    """Some other words of the sentence are reported by these: not theirs is the act, then."""
    start = context.tree.tokens[indices[0]].start
    return any(
        s.speaker is not None
        and s.speaker.span[0] <= start < s.speaker.span[1]
        and any(a < sentence.end and sentence.start < b for a, b in s.content)
        for s in context.statements
    )


def _trimmed(context: Context, indices: Sequence[int]) -> list[int]:
    """Without conjunctions, prepositions and punctuation at the ends, which belong to no party; []
    when only an article is left."""
    kept = list(indices)
    tokens = context.tree.tokens
    while kept and (tokens[kept[0]].tag in _NO_START or not _wordy(tokens[kept[0]].text)):
        kept.pop(0)
    cut = next((n for n, i in enumerate(kept) if n and _reports(tokens[i])), len(kept))
    kept = kept[:cut]
    while kept and _trails(context, kept):
        kept.pop()
    if all(tokens[i].text.lower() in _NO_PARTY for i in kept) or _is_time(context, kept):
        return []
    return _whole_names(context, _whole_phrase(context, kept))


def _whole_phrase(context: Context, indices: list[int]) -> list[int]:
    """With the noun that the last word only modifies: 'Norway's prime' (minister). A lone word stays
    as it is: 'Russian' in 'Russian shelling' is the party."""
    tokens = context.tree.tokens
    last = tokens[indices[-1]]
    modifies = len(indices) > 1 and base(last.dep) in {"amod", "compound"}
    if modifies and last.i < last.head and tokens[last.head].tag in {"NN", "NNS"}:
        return [*indices, *range(last.i + 1, last.head + 1)]
    return indices


def _whole_names(context: Context, indices: list[int]) -> list[int]:
    """With the rest of a person's name that the phrase cuts in two."""
    tokens = context.tree.tokens
    last = indices[-1]
    for name in context.analysis.names:
        if name.kind == "person" and name.span[0] <= tokens[last].start < name.span[1]:
            end = context.tree.sentences[context.tree.sentence_of[last]].last
            while last + 1 < end and tokens[last + 1].end <= name.span[1]:
                last += 1
                indices.append(last)
    return indices


def _is_time(context: Context, indices: Sequence[int]) -> bool:
    tokens = context.tree.tokens
    span = tokens[indices[0]].start, tokens[indices[-1]].end
    return any(contains(t.span, span) for t in context.analysis.times)


def _trails(context: Context, indices: Sequence[int]) -> bool:
    last = context.tree.tokens[indices[-1]]
    return last.tag in _NO_END or not (_wordy(last.text) or _closes(context, indices))


def _closes(context: Context, indices: Sequence[int]) -> bool:
    """A bracket that was opened inside."""
    texts = [context.tree.tokens[i].text for i in indices]
    return texts[-1] == ")" and "(" in texts


def _reports(token: Token) -> bool:
    """A finite verb of speech, at which a party's phrase surely ends."""
    return token.tag in _FINITE and any(
        len(cue.lemmas) == 1 and cue.kind == "speech"
        for cue in reporting_verbs().get(token.lemma, ())
    )


def _wordy(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _heads(context: Context, indices: Sequence[int], spans: dict[int, Span]) -> list[int]:
    """Heads of the coordinated phrases of a chunk; the phrase of each goes into ``spans``."""
    heads = []
    for part in _coordinated_parts(context, indices):
        span = context.tree.tokens[part[0]].start, context.tree.tokens[part[-1]].end
        head = context.tree.head_in(span)
        if head is not None:
            spans[head] = span
            heads.append(head)
    return heads


def _coordinated_parts(context: Context, indices: Sequence[int]) -> list[list[int]]:
    """'Canada and Costa Rica' is two parties: a chunk is cut at a conjunction when what stands on
    either side has a name of its own ('the Ministry of Trade and Industry' has one in all)."""
    tokens = context.tree.tokens
    parts: list[list[int]] = [[]]
    for i in indices:
        if tokens[i].tag == "CC":
            parts.append([])
        else:
            parts[-1].append(i)
    parts = [part for part in parts if part]
    if len(parts) > 1 and all(_own_name(context, part) for part in parts):
        return parts
    return [list(indices)]


def _own_name(context: Context, part: Sequence[int]) -> bool:
    span = context.tree.tokens[part[0]].start, context.tree.tokens[part[-1]].end
    return any(contains(span, name.span) for name in context.analysis.names)


# -- the main act ------------------------------------------------------------------------------


def _settled(
    context: Context, sentence: Sentence, roles: MarkedRoles, acts: list[Act]
) -> list[Act]:
    pair = _read_pair(context, sentence, roles)
    main = max(acts, key=lambda act: _fit(context, sentence, roles, pair, act), default=None)
    if main is not None and _fit(context, sentence, roles, pair, main) >= _LEAST_FIT:
        _adopt(context, main, roles, pair, alone=len(acts) == 1)
        return acts
    if acts and not context.single:
        return acts
    added = _marked_act(context, sentence, roles, pair)
    return acts if added is None else [*acts, added]


def _read_pair(context: Context, sentence: Sentence, roles: MarkedRoles) -> ActOutput:
    return context.reading.act(sentence, roles.actor_words, roles.recipient_words)


def _fit(
    context: Context, sentence: Sentence, roles: MarkedRoles, pair: ActOutput, act: Act
) -> float:
    """How well an act suits the marked parties: probability of its type and of its words as trigger,
    and a point for each side that syntax and role head agree on."""
    type_ = float(pair.type[network.labels()["type"].index(act.type)])
    words = [i - sentence.first for i in act.words if sentence.first <= i < sentence.last]
    told = float(max((pair.told_by[n] for n in words), default=0.0))
    actor = _share(context, act.actors, roles.actor_words)
    recipient = _share(context, act.recipients, roles.recipient_words)
    return type_ + told + actor + recipient


def _share(context: Context, heads: Iterable[int], marked: Sequence[int]) -> float:
    heads, inside = list(heads), set(marked)
    if not heads or not inside:
        return 0.0
    return 1.0 if any(i in inside for i in heads) else -_CONTRADICTED


def _adopt(context: Context, act: Act, roles: MarkedRoles, pair: ActOutput, alone: bool) -> None:
    """Give an act the marked parties; in a sentence of several acts the role head marks the parties
    of all, and where syntax names some of them only those are taken."""
    act.spans = roles.spans
    act.marked = pair
    if roles.actors and not _only_reports(context, act, roles):
        act.actors, act.speaker_asks = _narrowed(context, act.actors, roles.actors, alone), False
        act.recipients = [i for i in act.recipients if i not in act.actors]
    if roles.recipients:
        found = _narrowed(context, act.recipients, roles.recipients, alone)
        act.recipients = [i for i in found if i not in act.actors]


def _fill_open(context: Context, act: Act, roles: MarkedRoles) -> None:
    """In an article syntax decides, and the act reader, asked about the act's trigger, fills
    the sides that syntax leaves open, never with the speaker of the statement that the act is part of,
    nor with a phrase of place or time or a part of the other side, and adds what is coordinated with
    what syntax names."""
    act.actors = _parties_only(context, act.actors)
    act.recipients = _parties_only(context, act.recipients)
    if act.actors:
        act.actors = _widened(context, act.actors, roles.actors)
    elif not act.speaker_asks and not _reported_by(context, act, roles):
        act.actors = _apart(context, roles.actors, act.recipients)
    act.actors = _one_each(context, act, act.actors, roles)
    if act.recipients:
        act.recipients = _widened(context, act.recipients, roles.recipients)
    elif not (act.reciprocal and len(act.actors) > 1):
        found = _apart(context, roles.recipients, act.actors)
        act.recipients = [i for i in found if not _adjunct(context, i)]
    act.recipients = _one_each(context, act, act.recipients, roles)


def _parties_only(context: Context, heads: Sequence[int]) -> list[int]:
    """Without times and bare pronouns for things, which a wrong tree names ('denied that and accused
    ...', 'fired on Wednesday'), and without phrases of place beside others."""
    tokens = context.tree.tokens
    kept = [i for i in heads if tokens[i].tag not in _THINGS and not _is_time(context, [i])]
    return [i for i in kept if not _adjunct(context, i)] or kept


def _apart(context: Context, marked: Sequence[int], others: Sequence[int]) -> list[int]:
    """The marked heads outside the phrases of the other side."""
    taken = {i for head in others for i in context.tree.phrase_tokens(head)} | set(others)
    return [i for i in marked if i not in taken]


def _one_each(context: Context, act: Act, heads: Sequence[int], roles: MarkedRoles) -> list[int]:
    """One head for each marked phrase: where syntax cut 'dairy farmers' groups' in two, the last."""
    tokens = context.tree.tokens
    kept = list(heads)
    for span in roles.spans.values():
        inside = [i for i in heads if span[0] <= tokens[i].start < span[1]]
        joined = any(tokens[i].tag == "CC" for i in range(min(inside, default=0), max(inside, default=0)))
        if len(inside) > 1 and not joined:
            kept = [i for i in kept if i not in inside[:-1]]
            act.spans[inside[-1]] = span
    return kept


def _widened(context: Context, syntactic: Sequence[int], marked: Sequence[int]) -> list[int]:
    """The syntactic heads with the marked ones that are coordinated with them."""
    more = [
        i
        for i in marked
        if i not in syntactic and any(_coordinated(context, i, k) for k in syntactic)
    ]
    return [*syntactic, *more]


def _narrowed(
    context: Context, syntactic: Sequence[int], marked: Sequence[int], alone: bool
) -> list[int]:
    """The marked heads that syntax names, with those coordinated with them; all when it names none
    or the act is alone."""
    if alone:
        settled = [
            i for i in marked if context.single or i in syntactic or not _adjunct(context, i)
        ]
        return settled or list(marked)
    kept = {i for i in marked if i in syntactic}
    kept |= {i for i in marked if any(_coordinated(context, i, k) for k in kept)}
    return [i for i in marked if i in kept] or list(marked)


def _coordinated(context: Context, a: int, b: int) -> bool:
    """Linked by the parser, or with a conjunction before the later one and no verb between."""
    tree = context.tree
    low, high = min(a, b), max(a, b)
    if high in tree.conjuncts(low):
        return True
    between = [tree.tokens[i].tag for i in range(low + 1, high)]
    return "CC" in between and not any(t[:1] == "V" or t in {"IN", "TO"} for t in between)


def _adjunct(context: Context, i: int) -> bool:
    """A phrase of place or time: 'killed in Syria'; by the tree, or by the word before it."""
    tree = context.tree
    first = tree.first_token(tree.phrase(i))
    opening = {tree.tokens[n].text.lower() for n in (first - 1, first) if n >= 0}
    return tree.case(i) in _OF_PLACE_OR_TIME or bool(opening & _OF_PLACE_OR_TIME)


def _only_reports(context: Context, act: Act, roles: MarkedRoles) -> bool:
    """The marked actors merely say what the act is part of: somebody else does it there, or it is a
    deed, which is not done by saying it."""
    statement = _reported_by(context, act, roles)
    if statement is None:
        return False
    if not act.actors:
        return act.type in _VIOLENT and not context.single
    speaker = statement.speaker
    return any(_is_other(context, i, speaker) for i in act.actors)


def _is_other(context: Context, i: int, speaker: Party | None) -> bool:
    """The party at ``i`` is somebody else than the speaker; a name the cast cannot tie counts."""
    party = context.cast.party(i, speaker)
    if party is None or party.actor is None:
        return context.matcher.kind(i) is not None
    return party.actor != (speaker.actor if speaker else None)


def _reported_by(context: Context, act: Act, roles: MarkedRoles) -> Statement | None:
    """The statement in the act's sentence whose speaker all marked actors are; None when none is, or
    when saying it is the act ('accused the police of ...')."""
    tokens = context.tree.tokens
    sentence = context.tree.sentences[context.tree.sentence_of[act.trigger]]
    for statement in context.statements:
        said = any(a <= tokens[act.trigger].start < b for a, b in statement.cue)
        if statement.speaker is None or said:
            continue
        low, high = statement.speaker.span
        near = any(a < sentence.end and sentence.start < b for a, b in statement.content)
        if near and all(low <= tokens[i].start < high for i in roles.actors):
            return statement
    return None


def _marked_act(
    context: Context, sentence: Sentence, roles: MarkedRoles, pair: ActOutput
) -> Act | None:
    """The act that the pair layer sees between the marked parties; None when it sees none, or when no
    word that the lexicon knows for it is there. A sentence that stands alone was picked for its act:
    there the pair layer is believed without the lexicon."""
    if not roles.actors:
        return None
    found = _told_by_lexicon(context, sentence, roles, pair)
    if found is None and context.single:
        found = _told_by_pair(context, sentence, roles, pair)
    if found is None or _reported(context, roles, *found):
        return None
    if not context.single and _speech_only(context, roles, found[2]):
        return None
    kind, chance, trigger = found
    return Act(
        trigger, kind, None, (), None, chance, list(roles.actors), list(roles.recipients), {trigger},
        spans=roles.spans, marked=pair,
    )  # fmt: skip


def _told_by_lexicon(
    context: Context, sentence: Sentence, roles: MarkedRoles, pair: ActOutput
) -> tuple[str, float, int] | None:
    """Type, its probability and the trigger: a word that some frame has for that type."""
    labels = network.labels()["type"]
    best: tuple[float, str, int] | None = None
    for i in _open_words(context, sentence, roles):
        told = float(pair.told_by[i - sentence.first])
        for kind in word_types(context.tree.tokens[i], alone=not context.single):
            chance = float(pair.type[labels.index(kind)])
            if chance >= _LEAST_SUPPORTED and (best is None or chance * told > best[0]):
                best = chance * told, kind, i
    return (best[1], float(pair.type[labels.index(best[1])]), best[2]) if best else None


def _told_by_pair(
    context: Context, sentence: Sentence, roles: MarkedRoles, pair: ActOutput
) -> tuple[str, float, int] | None:
    best = int(np.argmax(pair.type))
    kind, chance = network.labels()["type"][best], float(pair.type[best])
    words = _open_words(context, sentence, roles)
    trigger = max(words, key=lambda i: float(pair.told_by[i - sentence.first]), default=None)
    if trigger is None or kind == _NONE or chance < _LEAST_TYPE:
        return None
    return kind, chance, trigger


def _open_words(context: Context, sentence: Sentence, roles: MarkedRoles) -> list[int]:
    """Verbs and nouns outside the parties."""
    parties = {*roles.actor_words, *roles.recipient_words}
    return [
        i
        for i in range(sentence.first, sentence.last)
        if i not in parties and context.tree.tokens[i].tag[:1] in {"V", "N"}
    ]


def _reported(context: Context, roles: MarkedRoles, kind: str, chance: float, trigger: int) -> bool:
    """True for a mere report; a promise, demand, refusal or threat is made by saying it."""
    needed = _SPEECH_ACTS.get(kind, 2.0) + (0.0 if roles.recipients else 0.3)
    return chance < needed and _speech_only(context, roles, trigger)


def _speech_only(context: Context, roles: MarkedRoles, trigger: int) -> bool:
    """True when the trigger is a cue, or the marked actor merely says what the sentence reports: a
    report is a statement, not an act."""
    tokens = context.tree.tokens
    start = tokens[trigger].start
    sentence = context.tree.sentences[context.tree.sentence_of[trigger]]
    for statement in context.statements:
        if any(a <= start < b for a, b in statement.cue):
            return True
        if not any(a < sentence.end and sentence.start < b for a, b in statement.content):
            continue
        speaker = statement.speaker.span if statement.speaker else (0, 0)
        if any(speaker[0] <= tokens[i].start < speaker[1] for i in roles.actors):
            return True
    return False
