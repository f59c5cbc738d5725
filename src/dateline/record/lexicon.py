"""The word tables of the event coder, and the small language in which their conditions are written.

``event_lexicon.csv``, one row a frame
    ``lemma``   head word of the trigger, lower case: 'call' for *call off*, 'strike' for
                *air strike*.
    ``pos``     V verb, N noun, A predicative adjective (its clause carries the slots).
    ``frame``   what must hold around the trigger; empty: nothing.
    ``type``    PLOVER type; '-' blocks: the words look like an event and are none.
    ``mode``, ``context`` (several split by ';')   PLOVER's words, may be empty.
    ``actor``, ``recipient``   slots to look in, best first; '+' before the recipient's marks a
                reciprocal act: what is found there joins the actors.
    ``weight``  0..1, how often the words mean the type when the frame holds; an expert's guess, to
                be overruled by a measured confidence.
    ``cameo``   a CAMEO code where it is sharper than ``Codebook.cameo_for`` can tell, else empty.

Frames
    frame     = condition (' & ' condition)*          all must hold
    condition = ['!'] test ('|' test)*                any may hold; '!': none may
    test      = slot ['=' filler (',' filler)*]       the slot is filled [by one of these]
    slot      = step ('>' step)*                      a path down from the trigger
    step      = relation [':' case]
    filler    = lemma | '@' class of event_classes.yaml | '#' kind of name

    A slot is filled when a token hangs on the trigger (for '>', on the token found so far) by the
    relation. Relations are those of Universal Dependencies, subtypes counting as their parent:
    nsubj, csubj, obj, iobj, obl, nmod, compound, amod, advmod, xcomp, ccomp, advcl, acl, appos,
    det, aux, conj; and
      prt:up      compound:prt with that word, or an advmod that is that word: parsers differ
      poss        nmod:poss
      obl:with    obl whose case (or mark) is that word; nmod:with likewise
      prep:with   obl:with of the trigger, else nmod:with of the trigger, else nmod:with of its
                  object: where a parser hangs a prepositional phrase is often a toss-up
      advcl:if, xcomp:to, acl:to   the clause with that mark

    Voice: frames are written for the active. In a passive clause nsubj means obl:agent (case *by*)
    and obj means nsubj:pass. A participle on a noun (acl, amod) has that noun as its object when
    passive ('troops sent'), else as its subject ('rebels holding the town'). The subject of an
    xcomp, of a coordinated verb or of an advcl without its own is that of the verb above.
    Words: a filler or cue matches a token's lemma or its lower-case form ('talks'); one with a
    hyphen matches tokens joined by hyphens, and the last of them is the token found. A token of
    class 'transparent' also counts as its nouns under *of* ('a series of attacks').
    Names: '#place', '#person', '#organisation' test that the token is inside a proper name of that
    kind, '#name' inside any.
    Parties: compound, amod and poss give an actor or recipient only when they name a country,
    person, organisation or group ('Russian', 'police').

    Of the frames of a word that hold, the one with most conditions wins, then the heavier, then the
    one that stands first in the file: ``Frame.rank``. When the winner is a block, no event.

``event_embedding.csv``: what an act becomes under another word
    'vowed to attack' is no attack but a threat. ``governor`` is a lemma or '@' class, ``link`` how
    the embedded trigger hangs on it (slots as above; 'aux': the governor is the trigger's
    auxiliary), ``polarity`` '-' negated, '+' not, or 'any'; ``embedded`` the types it applies to
    split by '|' ('*': all); ``type`` and ``mode`` the outcome ('=': unchanged, '-': no event).
    ``actor`` and ``recipient`` are slots of the governor, or 'inner.actor', 'inner.recipient' for
    the act's own. ``status`` is that of the outcome, '' to read it from the words. The first rule
    in the file that applies wins; a governor with a frame of its own is then not coded again.

``status_cues.csv``: words that say how real an act is
    ``cue`` is a lemma or a phrase of lemmas; ``kind`` how it attaches: aux, advmod, det, governor
    (the trigger is its xcomp, ccomp or object), mark (of the trigger's clause), tense (the
    morphology named), phrase (the words in a row, in the clause), amod, clause-governor (as governor,
    but not of an object: 'discussed the attack'); ``scope`` what it reaches:
    trigger, clause or sentence; ``status`` as in ``record.model.Status``; of several cues the
    highest ``priority`` wins.

``reporting_verbs.csv``: cues of attribution
    ``cue`` lemma or phrase of lemmas, ``pos`` V, N or P (a phrase such as *according to*),
    ``kind`` speech, thought, writing, evidential or perception, ``implies`` the PLOVER type of the
    reporting act itself, or '', ``stance`` of the source to the content as the word tells it:
    neutral, committed (*confirm*) or doubtful (*claim*: the reporter keeps a distance).

``issues.yaml`` and ``stances.csv``: what parties negotiate about, and the words that tell where
    they stand. A stance row reads like an event frame; ``content`` is the slot that holds what is
    demanded, offered and so on; ``party`` empty: the speaker of the statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.record.codebook import Codebook, load_codebook, parse_yaml_mapping

FRAME_COLUMNS = (
    "lemma", "pos", "frame", "type", "mode", "context", "actor", "recipient", "weight", "cameo",
    "note",
)  # fmt: skip
EMBEDDING_COLUMNS = (
    "governor", "link", "polarity", "embedded", "type", "mode", "actor", "recipient", "status",
    "weight", "note",
)  # fmt: skip
STATUS_COLUMNS = ("cue", "kind", "scope", "status", "priority", "note")
REPORTING_COLUMNS = ("cue", "pos", "kind", "implies", "mode", "stance", "note")
STANCE_COLUMNS = ("lemma", "pos", "frame", "stance", "party", "content", "weight", "note")

RELATIONS = frozenset(
    ("nsubj", "csubj", "obj", "iobj", "obl", "nmod", "prep", "poss", "prt", "compound", "amod")
) | frozenset(("advmod", "xcomp", "ccomp", "advcl", "acl", "appos", "det", "aux", "conj"))
NAME_KINDS = frozenset(("place", "person", "organisation", "name"))
STATUSES = frozenset(
    ("happened", "ongoing", "planned", "proposed", "hypothetical", "denied", "background")
)
STANCES = frozenset(
    ("demands", "offers", "accepts", "rejects", "rules_out", "supports", "doubts", "conditions")
)
CUE_KINDS = frozenset(
    ("aux", "advmod", "amod", "det", "governor", "clause-governor", "mark", "tense", "phrase")
)
SCOPES = frozenset(("trigger", "clause", "sentence"))
REPORT_KINDS = frozenset(("speech", "thought", "writing", "evidential", "perception"))
BLOCK = "-"
SAME = "="


@dataclass(frozen=True, slots=True)
class Step:
    """One step down the tree: a relation, and the case or particle it asks for (None: any)."""

    relation: str
    case: str | None = None


Slot = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SlotTest:
    """A slot, and what may fill it. ``lemmas`` and ``names`` both empty: anything."""

    slot: Slot
    lemmas: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when any test does; when ``negated``, if none does."""

    tests: tuple[SlotTest, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One way a word is used. ``type`` '-' blocks; ``mode`` and ``cameo`` None when not given."""

    lemma: str
    pos: str
    requires: tuple[Condition, ...]
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    actor_slots: tuple[Slot, ...]
    recipient_slots: tuple[Slot, ...]
    reciprocal: bool
    weight: float
    cameo: str | None
    order: int

    @property
    def rank(self) -> tuple[int, float, int]:
        """Sorts frames that hold at once; the smallest wins."""
        return -len(self.requires), -self.weight, self.order


@dataclass(frozen=True, slots=True)
class Embedding:
    """What an act becomes under a governor. ``embedded`` empty: any type. ``type`` '=' keeps the
    act's own type and mode, '-' makes it no event. Slots starting with 'inner' are the act's own
    parties. ``status`` None: read it from the words."""

    governors: frozenset[str]
    links: tuple[Slot, ...]
    polarity: str
    embedded: frozenset[str]
    type: str
    mode: str | None
    actor: tuple[Slot, ...]
    recipient: tuple[Slot, ...]
    status: str | None
    weight: float
    order: int


@dataclass(frozen=True, slots=True)
class StatusCue:
    """A word or phrase (lemmas) that says how real an act is; the higher ``priority`` wins."""

    lemmas: tuple[str, ...]
    kind: str
    scope: str
    status: str
    priority: int


@dataclass(frozen=True, slots=True)
class ReportingCue:
    """A cue of attribution. ``implies`` is the PLOVER type of the reporting act itself ('accuse'),
    None for plain reporting."""

    lemmas: tuple[str, ...]
    pos: str
    kind: str
    implies: str | None
    mode: str | None
    stance: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Something parties negotiate about; ``cues`` are phrases of lemmas, split into words. A cue does
    not count with one of the lemmas of ``not_with`` close after it ('withdraw from the race')."""

    key: str
    title: str
    description: str
    cues: tuple[tuple[str, ...], ...]
    not_with: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StanceFrame:
    """A way of taking a stand: who (``party_slots``) on what (``content_slots``)."""

    lemma: str
    pos: str
    requires: tuple[Condition, ...]
    stance: str
    party_slots: tuple[Slot, ...]
    content_slots: tuple[Slot, ...]
    weight: float
    order: int

    @property
    def rank(self) -> tuple[int, float, int]:
        """Sorts frames that hold at once; the smallest wins."""
        return -len(self.requires), -self.weight, self.order


INNER_ACTOR: Slot = (Step("inner", "actor"),)
INNER_RECIPIENT: Slot = (Step("inner", "recipient"),)


# -- accessors ---------------------------------------------------------------------------------


@cache
def event_classes() -> Mapping[str, frozenset[str]]:
    """Word classes: name -> lemmas. Raises KnowledgeError for an unknown class inside a class."""
    raw = _yaml("event_classes.yaml")
    return MappingProxyType({name: frozenset(_members(name, raw, ())) for name in raw})


@cache
def event_frames() -> Mapping[tuple[str, str], tuple[Frame, ...]]:
    """(lemma, pos) -> its frames, best rank first. Raises KnowledgeError naming file and line."""
    book = load_codebook()
    found: dict[tuple[str, str], list[Frame]] = {}
    for order, row in enumerate(read_csv("event_lexicon.csv", FRAME_COLUMNS)):
        frame = _frame(row, order, book)
        found.setdefault((frame.lemma, frame.pos), []).append(frame)
    return MappingProxyType(
        {key: tuple(sorted(frames, key=lambda f: f.rank)) for key, frames in found.items()}
    )


@cache
def embeddings() -> Mapping[str, tuple[Embedding, ...]]:
    """Governor lemma -> its rules, in the order to try them (file order)."""
    found: dict[str, list[Embedding]] = {}
    for order, row in enumerate(read_csv("event_embedding.csv", EMBEDDING_COLUMNS)):
        rule = _embedding(row, order)
        for governor in sorted(rule.governors):
            found.setdefault(governor, []).append(rule)
    return MappingProxyType({key: tuple(rules) for key, rules in found.items()})


@cache
def status_cues() -> Mapping[str, tuple[StatusCue, ...]]:
    """First lemma -> cues that begin with it, longest first."""
    found: dict[str, list[StatusCue]] = {}
    for line, row in enumerate(read_csv("status_cues.csv", STATUS_COLUMNS), start=2):
        where = f"status_cues.csv, line {line}"
        cue = StatusCue(
            tuple(row["cue"].split()),
            _one_of(row["kind"], CUE_KINDS, where),
            _one_of(row["scope"], SCOPES, where),
            _one_of(row["status"], STATUSES, where),
            int(_number(row["priority"], where)),
        )
        found.setdefault(cue.lemmas[0], []).append(cue)
    return MappingProxyType(
        {key: tuple(sorted(cues, key=lambda c: -len(c.lemmas))) for key, cues in found.items()}
    )


@cache
def reporting_verbs() -> Mapping[str, tuple[ReportingCue, ...]]:
    """First lemma -> reporting cues that begin with it, longest first."""
    book = load_codebook()
    found: dict[str, list[ReportingCue]] = {}
    for line, row in enumerate(read_csv("reporting_verbs.csv", REPORTING_COLUMNS), start=2):
        where = f"reporting_verbs.csv, line {line}"
        implies, mode = row["implies"] or None, row["mode"] or None
        if implies is not None:
            _check_type(implies, mode, (), book, where)
        cue = ReportingCue(
            tuple(row["cue"].split()),
            _one_of(row["pos"], frozenset("VNP"), where),
            _one_of(row["kind"], REPORT_KINDS, where),
            implies,
            mode,
            _one_of(row["stance"], frozenset(("neutral", "committed", "doubtful")), where),
        )
        found.setdefault(cue.lemmas[0], []).append(cue)
    return MappingProxyType(
        {key: tuple(sorted(cues, key=lambda c: -len(c.lemmas))) for key, cues in found.items()}
    )


@cache
def issues() -> Mapping[str, Issue]:
    """Key -> issue, in the table's order."""
    raw = _yaml("issues.yaml")
    return MappingProxyType({key: _issue(key, value) for key, value in raw.items()})


def user_issues(path: Path) -> Mapping[str, Issue]:
    """The built-in issues with those of a user's YAML file: a new key adds an issue, a known one
    replaces it. Raises OSError for a file that cannot be read, KnowledgeError, naming the file and
    the key, for one that does not fit."""
    raw = parse_yaml_mapping(path.read_text(encoding="utf-8"), path.name)
    try:
        own = {str(key): _issue(str(key), value) for key, value in raw.items()}
    except KnowledgeError as error:
        raise KnowledgeError(str(error).replace("issues.yaml", path.name, 1)) from None
    return MappingProxyType({**issues(), **own})


@cache
def stances() -> Mapping[tuple[str, str], tuple[StanceFrame, ...]]:
    """(lemma, pos) -> its stance frames, best rank first."""
    found: dict[tuple[str, str], list[StanceFrame]] = {}
    for order, row in enumerate(read_csv("stances.csv", STANCE_COLUMNS)):
        where = f"stances.csv, line {order + 2}"
        frame = StanceFrame(
            row["lemma"],
            _one_of(row["pos"], frozenset("VNA"), where),
            parse_frame(row["frame"], where),
            _one_of(row["stance"], STANCES, where),
            parse_slots(row["party"], where),
            parse_slots(row["content"], where),
            _weight(row["weight"], where),
            order,
        )
        found.setdefault((frame.lemma, frame.pos), []).append(frame)
    return MappingProxyType(
        {key: tuple(sorted(frames, key=lambda f: f.rank)) for key, frames in found.items()}
    )


# -- the frame language ------------------------------------------------------------------------


def parse_frame(text: str, where: str = "frame") -> tuple[Condition, ...]:
    """Conditions of a frame; () for the empty one. Raises KnowledgeError that begins with
    ``where`` and says which part is wrong."""
    try:
        return _conditions(text)
    except KnowledgeError as error:
        raise KnowledgeError(f"{where}: {error}") from None


def parse_slots(text: str, where: str = "slots") -> tuple[Slot, ...]:
    """Slots of an actor, recipient or content column, best first; () for an empty one."""
    try:
        return _slots(text)
    except KnowledgeError as error:
        raise KnowledgeError(f"{where}: {error}") from None


# Cached: the rows of a table share most of their frames and slots, and cold start counts.
@cache
def _conditions(text: str) -> tuple[Condition, ...]:
    return tuple(_condition(part.strip()) for part in text.split("&") if part.strip())


@cache
def _slots(text: str) -> tuple[Slot, ...]:
    return tuple(_slot(part.strip()) for part in text.split("|") if part.strip())


def _condition(text: str) -> Condition:
    tests = tuple(_test(part.strip()) for part in text.lstrip("!").split("|"))
    return Condition(tests, negated=text.startswith("!"))


def _test(text: str) -> SlotTest:
    slot, equals, fillers = text.partition("=")
    if equals and not fillers:
        raise KnowledgeError(f"nothing after '=' in {text!r}")
    parts = fillers.split(",") if fillers else []
    classes = [_class(part[1:]) for part in parts if part.startswith("@")]
    names = [_one_of(part[1:], NAME_KINDS) for part in parts if part.startswith("#")]
    lemmas = [part for part in parts if part[0:1] not in ("@", "#")]
    return SlotTest(_slot(slot.strip()), frozenset(lemmas).union(*classes), frozenset(names))


@cache
def _slot(text: str) -> Slot:
    if text in ("inner.actor", "inner.recipient"):
        return INNER_ACTOR if text == "inner.actor" else INNER_RECIPIENT
    return tuple(_step(part) for part in text.split(">"))


def _step(text: str) -> Step:
    relation, _, case = text.partition(":")
    return Step(_one_of(relation, RELATIONS), case or None)


def _class(name: str) -> frozenset[str]:
    try:
        return event_classes()[name]
    except KeyError:
        raise KnowledgeError(f"no class {name!r} in event_classes.yaml") from None


# -- rows --------------------------------------------------------------------------------------


def _frame(row: Mapping[str, str], order: int, book: Codebook) -> Frame:
    where = f"event_lexicon.csv, line {order + 2}"
    mode = row["mode"] or None
    contexts = tuple(part for part in row["context"].split(";") if part)
    if row["type"] != BLOCK:
        _check_type(row["type"], mode, contexts, book, where)
    if row["cameo"] and row["cameo"] not in book.cameo:
        raise KnowledgeError(f"{where}: no CAMEO code {row['cameo']!r}")
    return Frame(
        lemma=_word(row["lemma"], where),
        pos=_one_of(row["pos"], frozenset("VNA"), where),
        requires=parse_frame(row["frame"], where),
        type=row["type"],
        mode=mode,
        contexts=contexts,
        actor_slots=parse_slots(row["actor"], where),
        recipient_slots=parse_slots(row["recipient"].lstrip("+"), where),
        reciprocal=row["recipient"].startswith("+"),
        weight=_weight(row["weight"], where),
        cameo=row["cameo"] or None,
        order=order,
    )


def _embedding(row: Mapping[str, str], order: int) -> Embedding:
    where, book = f"event_embedding.csv, line {order + 2}", load_codebook()
    governor, mode = row["governor"], row["mode"] or None
    embedded = frozenset() if row["embedded"] == "*" else frozenset(row["embedded"].split("|"))
    for name in embedded:
        _check_type(name, None, (), book, where)
    if row["type"] not in (BLOCK, SAME):
        _check_type(row["type"], mode, (), book, where)
    return Embedding(
        governors=_class(governor[1:]) if governor[:1] == "@" else frozenset([governor]),
        links=parse_slots(row["link"], where),
        polarity=_one_of(row["polarity"], frozenset(("+", "-", "any")), where),
        embedded=embedded,
        type=row["type"],
        mode=mode,
        actor=parse_slots(row["actor"], where),
        recipient=parse_slots(row["recipient"], where),
        status=_one_of(row["status"], STATUSES, where) if row["status"] else None,
        weight=_weight(row["weight"], where),
        order=order,
    )


def _issue(key: str, value: Any) -> Issue:
    where = f"issues.yaml, {key}"
    expected = {"title", "description", "cues"}
    if not isinstance(value, dict) or set(value) - {"not_with"} != expected:
        raise KnowledgeError(f"{where}: expected the keys {sorted(expected)}, 'not_with' if need be")
    lists = {name: value.get(name, []) for name in ("cues", "not_with")}
    for name, found in lists.items():
        if not isinstance(found, list) or not all(isinstance(cue, str) and cue for cue in found):
            raise KnowledgeError(f"{where}: expected a list of phrases under '{name}'")
    cues = tuple(tuple(cue.split()) for cue in lists["cues"])
    excluded = frozenset(lists["not_with"])
    return Issue(key, str(value["title"]), str(value["description"]), cues, excluded)


# -- checks ------------------------------------------------------------------------------------


def _yaml(name: str) -> dict[str, Any]:
    text = files("dateline.knowledge").joinpath(name).read_text(encoding="utf-8")
    return parse_yaml_mapping(text, name)


def _members(name: str, raw: Mapping[str, Any], inside: tuple[str, ...]) -> Iterable[str]:
    """Lemmas of a class, those of the classes it names included."""
    if name not in raw or name in inside:
        raise KnowledgeError(f"event_classes.yaml: class {name!r} is unknown or contains itself")
    for item in raw[name]:
        if not isinstance(item, str):
            raise KnowledgeError(f"event_classes.yaml, {name}: expected a word, found {item!r}")
        yield from _members(item[1:], raw, (*inside, name)) if item.startswith("@") else (item,)


def _check_type(
    type_name: str, mode: str | None, contexts: Iterable[str], book: Codebook, where: str
) -> None:
    if type_name not in book.types:
        raise KnowledgeError(f"{where}: no type {type_name!r} in the codebook")
    if mode is not None and mode not in book.types[type_name].modes:
        raise KnowledgeError(f"{where}: {type_name} has no mode {mode!r}")
    unknown = [context for context in contexts if context not in book.contexts]
    if unknown:
        raise KnowledgeError(f"{where}: no context {unknown[0]!r} in the codebook")


def _word(text: str, where: str) -> str:
    if not text or text != text.lower() or " " in text:
        raise KnowledgeError(f"{where}: expected one word in lower case, found {text!r}")
    return text


def _one_of(text: str, allowed: frozenset[str], where: str = "") -> str:
    if text not in allowed:
        place = f"{where}: " if where else ""
        raise KnowledgeError(f"{place}{text!r} is none of {sorted(allowed)}")
    return text


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise KnowledgeError(f"{where}: expected a number, found {text!r}") from None


def _weight(text: str, where: str) -> float:
    weight = _number(text, where)
    if not 0 < weight <= 1:
        raise KnowledgeError(f"{where}: weight {text} is not between 0 and 1")
    return weight
