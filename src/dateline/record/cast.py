"""The cast of an article: which of its words mean the same actor.

Names are grouped first (surname after full name, one-letter misspellings, acronyms), then phrases
('Trump's defence secretary', 'the Kremlin') and pronouns are tied to them on demand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from dateline.analysis.model import Name
from dateline.knowledge.tables import read_csv
from dateline.record.actors import Registry, belongs_elsewhere, resolve_actor
from dateline.record.actors.words import one_edit_apart
from dateline.record.model import Actor, Party
from dateline.record.people import PERSONAL, Member, People, epithets
from dateline.record.tree import Tree, base
from dateline.spans import Span, overlaps

# A surname shorter than this differs from another person's by one letter too often (Bush/Busch).
_SHORTEST_MISSPELT = 5
_FIRST = frozenset({"i", "we", "my", "our", "me", "us", "mine", "ours", "myself", "ourselves"})
_NEUTRAL = frozenset({"it", "its", "itself", "they", "them", "their", "theirs", "themselves"})
_RELATIVE = frozenset({"who", "which", "whom", "whose", "that"})
_PRONOUNS = _FIRST | _NEUTRAL | _RELATIVE | PERSONAL.keys()
# Tags of words that never head the name of a party; a parser's slip must not make an actor of them.
_NO_PARTY = frozenset({"IN", "DT", "CC", "TO", "MD", "RB", "RP", "EX", ",", ".", ":", "``", "''"})
_HONORIFIC = re.compile(r"\b(Mr|Sir|Lord|King|Prince|Pope|Mrs|Ms|Miss|Lady|Queen|Princess)\b\.?")
# Said before a family name and no part of it: 'Mr. Deese' is Brian Deese.
_TITLED = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Messrs|Sen|Rep|Gov|Gen|Prof|Rev)\b\.?\s+")
# What may stand between the words of a name that an acronym passes over.
_SMALL_WORDS = r"(?:\s+(?:of|the|and|for|on|in|against))*\s+"
_FEMALE = frozenset({"Mrs", "Ms", "Miss", "Lady", "Queen", "Princess"})


class Cast:
    """Actors of one article. ``date`` (ISO) is the day roles are looked up for; ``known`` are members
    met in another part of the page, whose names may be repeated here in short."""

    def __init__(
        self,
        tree: Tree,
        text: str,
        names: Sequence[Name],
        date: str | None,
        registry: Registry | None = None,
        known: Sequence[Member] = (),
    ) -> None:
        self.tree = tree
        self.text = text
        self.date = date
        self.registry = registry
        self.actors: dict[str, Actor] = {}
        self.members: list[Member] = [
            Member(m.kind, m.name, [], m.descriptions, m.gender, m.actor) for m in known
        ]
        self._member_at: dict[int, Member] = {}
        self._mention_at: dict[int, Span] = {}
        self._parties: dict[tuple[int, int | None], Party | None] = {}
        self._phrases: dict[tuple[str, int], Actor | None] = {}
        self._word_at: dict[str, list[int]] = {}
        self._people_by_end: dict[int, list[tuple[int, Member]]] = {}
        self._group(names)

    # -- grouping names --------------------------------------------------------------------

    def _group(self, names: Sequence[Name]) -> None:
        whole = [self._whole(n) for n in names if n.kind != "other"]
        ordered = sorted(whole, key=lambda n: (n.kind != "person", -len(n.text.split())))
        for name in ordered:
            text = _bare(name.text)
            member = self._known(text, name.kind, name.span[0])
            if member is None:
                member = Member(name.kind, text)
                self.members.append(member)
            member.mentions.append(name.span)
            self._index(name.span, member)
        self._find_missed()
        for member in self.members:
            member.mentions.sort()
            if member.actor is not None:
                self._keep(member.actor)
                continue
            self._describe(member)
            member.actor = self._resolve_member(member)
        for member in self.members:
            if member.actor is not None and member.actor.kind == "role":
                member.actor = self._office_holder(member.actor) or member.actor
        self._doubt_bare_surnames()
        self.people = People(self.tree, self.text, self.members, self._member_at, self._country_of)
        for member in self.members:
            self._lend_country(member)

    def _whole(self, name: Name) -> Name:
        """The name with the capitalised word before it where the registry knows another by both:
        'Free | Syrian Army', 'Saudi | Arabia'."""
        first = self.tree.first_token(name.span)
        before = self.tree.tokens[first - 1] if first else None
        opens = before is not None and self.tree.sentence_of[first] == self.tree.sentence_of[first - 1]
        if name.kind == "person" or before is None or not opens or not before.text[:1].isupper():
            return name
        text = self.text[before.start : name.span[1]]
        longer, shorter = self._lookup(text, ""), self._lookup(name.text, "")
        if longer is None or longer.kind not in {"organisation", "group", "country"}:
            return name
        known = shorter is not None and shorter.id == longer.id
        return name if known else Name((before.start, name.span[1]), text, name.kind)

    def _known(self, text: str, kind: str, at: int) -> Member | None:
        """The member that a shorter or misspelt name repeats; of several persons of one surname the
        one that news mostly means by it, else the one named last before it; of several of one given
        name none."""
        peers, lower = [m for m in self.members if m.kind == kind], text.lower()
        for member in peers:
            if member.name.lower() == lower:
                return member
            if kind == "organisation" and _acronym(member.name) == text:
                return member
        if kind != "person":
            return self._outlet_in_short(text, peers, at) or self._surname_misread(text, at)
        if found := [m for m in peers if _same_person(text, m)]:
            last = max(found, key=lambda m: _last_before(m.mentions, at))
            return self._usual_bearer(text, found) or last if len(found) > 1 else last
        found = [m for m in peers if " " in m.name and m.name.split()[0] == text]
        return found[0] if len(found) == 1 and text.lower() in _given_names() else None

    def _usual_bearer(self, surname: str, members: Sequence[Member]) -> Member | None:
        """Of persons of one surname the one whom the registry has for the bare surname."""
        usual = self._lookup(surname, "")
        if usual is None or usual.kind != "person":
            return None
        for member in members:
            actor = self._lookup(member.name, "")
            if actor is not None and actor.id == usual.id:
                return member
        return None

    def _outlet_in_short(self, text: str, peers: Sequence[Member], at: int) -> Member | None:
        """The newspaper named in full before: 'the Times' after 'the Tampa Bay Times'."""
        found = [
            m
            for m in peers
            if m.name.endswith(f" {text}") and _last_before(m.mentions, at) >= 0
        ]
        known = self._lookup(text, "") if found else None
        return found[-1] if known is not None and known.sector == "JRN" else None

    def _surname_misread(self, text: str, at: int) -> Member | None:
        """The person named in full before whose bare surname was taken for a body or a place."""
        found = [
            m
            for m in self.members
            if m.kind == "person" and " " in m.name and m.surname == text and m.mentions
        ]
        best = max(found, key=lambda m: _last_before(m.mentions, at), default=None)
        return best if best is not None and _last_before(best.mentions, at) >= 0 else None

    def _index(self, span: Span, member: Member) -> None:
        i = self.tree.first_token(span)
        while i < len(self.tree.tokens) and overlaps(self.tree.tokens[i].span, span):
            self._member_at[i] = member
            self._mention_at[i] = span
            i += 1

    def _find_missed(self) -> None:
        """Mentions of a full name's surname that the name finder passed over."""
        surnames: dict[str, list[Member]] = {}
        for member in self.members:
            if member.kind == "person" and " " in member.name:
                surnames.setdefault(member.surname, []).append(member)
        for token in self.tree.tokens:
            found = surnames.get(token.text)
            if not found or token.tag == "MD" or token.i in self._member_at:
                continue
            last, n = max((_last_before(m.mentions, token.start), k) for k, m in enumerate(found))
            if last >= 0:
                member = found[n]
                member.mentions.append(token.span)
                self._index(token.span, member)

    def _describe(self, member: Member) -> None:
        """Titles and appositions beside the first mentions ('Trump's defence secretary, Pete
        Hegseth'), and gender from an honorific or a given name."""
        if member.kind != "person":
            return
        for span in member.mentions[:4]:
            head = self.tree.head_in(span)
            if head is None:
                continue
            member.descriptions.extend(self._titles(head, span))
            member.titles.extend(self._title_heads(head, span))
            before = self.text[max(0, span[0] - 12) : span[0]] + self.text[span[0] : span[1]]
            if found := _HONORIFIC.search(before):
                member.gender = "f" if found.group(1) in _FEMALE else "m"
        if not member.gender:
            given = member.name.lower().split()
            known = [_given_names()[w] for w in given[:-1] or given if w in _given_names()]
            member.gender = known[0] if known else ""

    def _title_heads(self, head: int, span: Span) -> list[int]:
        """Heads of the appositions to a name and of what it stands in apposition to; also the noun
        before the comma that opens the name, which parsers often hang elsewhere."""
        tokens = self.tree.tokens
        found = self.tree.dependents(head, "appos")
        if base(tokens[head].dep) == "appos":
            found.append(tokens[head].head)
        first = self.tree.first_token(span)
        if first >= 2 and tokens[first - 1].text == "," and tokens[first - 2].tag.startswith("NN"):
            found.append(first - 2)
        return [c for c in dict.fromkeys(found) if c not in self._member_at]

    def _titles(self, head: int, span: Span) -> list[str]:
        found = [self._words(self.tree.phrase(c)) for c in self._title_heads(head, span)]
        phrase = self.tree.phrase(head)
        start = min(phrase[0], self._title_start(span))
        if start < span[0]:
            found.append(self._words((start, span[0])).strip(" ,"))
        return [f for f in found if f]

    def _title_start(self, span: Span) -> int:
        """Where the nouns and adjectives that run up to a name begin."""
        tokens = self.tree.tokens
        first = k = self.tree.first_token(span)
        low = max(self.tree.sentences[self.tree.sentence_of[first]].first, first - 6)
        while k > low and (
            tokens[k - 1].tag.startswith(("NN", "JJ")) or tokens[k - 1].tag == "POS"
        ):
            k -= 1
        return tokens[k].start

    def _country_of(self, phrase: str) -> str:
        actor = self._lookup(phrase, "")
        return actor.country if actor is not None else ""

    def _doubt_bare_surnames(self) -> None:
        """A surname alone that only a former office-holder of a country the article never names could
        bear is left unresolved: 'Mills' in a story about Connecticut is no president of Ghana."""
        countries = {m.actor.country for m in self.members if m.actor and " " in m.name}
        countries |= {m.actor.country for m in self.members if m.actor and m.kind != "person"}
        for member in self.members:
            actor = member.actor
            if actor is None or member.kind != "person" or " " in member.name:
                continue
            if actor.sector == "ELI" and actor.country not in countries:
                member.actor = self._keep(_stranger(member.name))

    def _lend_country(self, member: Member) -> None:
        """A person without a country takes country and sector from the phrase beside the name, once
        its own 'its' or 'his' is known ('its special envoy, Ada Obi')."""
        if member.kind != "person" or member.actor is None or member.actor.country:
            return
        for head in member.titles:
            role = self._phrase_actor(head, self._words(self.tree.phrase(head)))
            if role is not None and role.country and role.kind != "person":
                update = {"country": role.country, "sector": role.sector or member.actor.sector}
                member.actor = member.actor.model_copy(update=update)
                self.actors[member.actor.id] = member.actor
                return

    def _resolve_member(self, member: Member) -> Actor | None:
        named = self._lookup(member.name, " ".join(member.descriptions[:1]))
        if member.kind != "person" and (full := self._expansion(member)):
            spelt = self._lookup(full, "")
            named = spelt if spelt is None or spelt.kind != "role" else None
        if named is not None and member.kind == "person" and named.kind == "country":
            member.kind = "place"
        if named is not None or member.kind != "person":
            return self._keep(named)
        for description in member.descriptions:
            role = self._lookup(description, "")
            known = role is not None and (role.country or role.sector not in {"", "UNK"})
            if role is not None and known and role.kind != "country":
                person = role.model_copy(
                    update={"id": _slug(member.name), "name": member.name, "kind": "person"}
                )
                return self._keep(person)
        return self._keep(_stranger(member.name))

    def _expansion(self, member: Member) -> str:
        """The name that an acronym was made from, where the article spelt it out before: 'the Financial
        Services Agency' in one sentence, 'FSA' in the next; '' for other names."""
        name = member.name
        if not member.mentions or not (name.isalpha() and name.isupper() and 2 < len(name) < 7):
            return ""
        words = _SMALL_WORDS.join(rf"{letter}[\w’'-]+" for letter in name)
        found = list(re.finditer(rf"\b{words}", self.text[: member.mentions[0][0]]))
        return found[-1].group() if found else ""

    def _lookup(self, phrase: str, context: str) -> Actor | None:
        return resolve_actor(phrase, context=context, date=self.date, registry=self.registry)

    def _keep(self, actor: Actor | None) -> Actor | None:
        if actor is not None:
            self.actors.setdefault(actor.id, actor)
        return actor

    # -- parties ---------------------------------------------------------------------------

    def party(self, i: int, speaker: Party | None = None) -> Party | None:
        """The party headed by token ``i``, as mentioned; None when the words name no political
        actor. ``speaker`` is whom 'I' and 'we' mean there (the speaker of a quotation)."""
        key = (i, speaker.span[0] if speaker else None)
        if key not in self._parties:
            self._parties[key] = None  # a phrase that leads back to itself names nobody
            self._parties[key] = self._find_party(i, speaker)
        return self._parties[key]

    def _find_party(self, i: int, speaker: Party | None) -> Party | None:
        token = self.tree.tokens[i]
        if token.text.lower() in _PRONOUNS and token.text != "US":
            return self._pronoun(i, speaker)
        if token.tag in _NO_PARTY and i not in self._member_at:
            return None
        if self.text[token.end : token.end + 1] == "$":
            return None  # 'US$2.8 million'
        span = self.tree.phrase(i)
        text = self._words(span)
        member = self._member_at.get(i)
        if member is None or member.kind != "person":
            person = self._ends_in_person(i, span)
            if person is not None:
                return Party(span=span, text=text, actor=person.actor.id if person.actor else None)
        if member is not None:
            span = self._with_name(i, span)
            text = self._words(span)
            return Party(span=span, text=text, actor=member.actor.id if member.actor else None)
        actor = self._phrase_actor(i, text)
        if actor is None:
            return None
        return Party(span=span, text=text, actor=actor.id)

    def _ends_in_person(self, i: int, span: Span) -> Member | None:
        """The person a phrase ends in whose head was misread as its first word ('Ukrainian president
        Ada Obi')."""
        last = self.tree.first_token((span[1] - 1, span[1]))
        member = self._member_at.get(last)
        if last == i or member is None or member.kind != "person":
            return None
        between = self.tree.tokens[i + 1 : last + 1]
        return member if all(t.tag.startswith(("N", "J")) for t in between) else None

    def described(self, i: int, span: Span) -> Party | None:
        """The party that a whole stretch of words means, whose head is token ``i``: what a reader of
        the words, not of the parse, would take it for."""
        token = self.tree.tokens[i]
        if i in self._member_at or token.text.lower() in _PRONOUNS or token.tag in _NO_PARTY:
            return self.party(i)
        tokens = range(self.tree.first_token(span), self.tree.first_token((span[1], span[1] + 1)))
        actor = self._phrase_actor(i, self._words(span), tokens)
        return (
            Party(span=span, text=self.text[span[0] : span[1]], actor=actor.id) if actor else None
        )

    def people_ending_at(self, offset: int) -> list[tuple[int, Member]]:
        """Persons with a mention that ends at an offset, each with where the mention starts."""
        if not self._people_by_end:
            for member in self.members:
                for start, end in member.mentions if member.kind == "person" else []:
                    self._people_by_end.setdefault(end, []).append((start, member))
        return self._people_by_end.get(offset, [])

    def introduce(self, name: str) -> Actor:
        """A person known by name only, added to the actors."""
        person = _stranger(_bare(name))
        return self.actors.setdefault(person.id, person)

    def _with_name(self, i: int, span: Span) -> Span:
        """The phrase from its first word to the end of the name: what follows a name is more often a
        misread clause than part of it."""
        start, end = self._mention_at[i]
        return min(span[0], start), end

    def _phrase_actor(self, i: int, text: str, tokens: Sequence[int] | None = None) -> Actor | None:
        """Who a phrase without a name at its head means: 'Zelensky's office', 'the US president',
        'the minister'."""
        meant = self.people.meant.get(i)
        if meant is not None and meant.actor is not None:
            return meant.actor
        key = (text, self._possessor_key(i))
        if key not in self._phrases:
            self._phrases[key] = (
                None  # a phrase inside itself, after a slip of the parser, is nobody
            )
            actor = self._lookup(text, "")
            if actor is not None and actor.kind == "role":
                actor = self._office_holder(actor) or self._completed(
                    i, text, actor, self.tree.phrase_tokens(i) if tokens is None else tokens
                )
            self._phrases[key] = self._keep(actor)
        return self._phrases[key]

    def _possessor_key(self, i: int) -> int:
        """Sets phrases with a pronoun ('its army') and short ones ('the ministry') apart by place;
        others mean the same wherever they stand."""
        word = self.tree.tokens[i].text.lower()
        own = any(self.tree.tokens[c].tag == "PRP$" for c in self.tree.children[i])
        short = len(self.tree.phrase_tokens(i)) <= 2
        return i if own or short or word in epithets() else -1

    def _completed(self, i: int, text: str, role: Actor, tokens: Sequence[int]) -> Actor:
        """A role with the country it takes from its owner, or from the fuller phrase it repeats."""
        role = self._through_possessor(i, text, role, tokens)
        if role.country or not text.lower().startswith("the "):
            return role
        return self._fuller(i, text) or role

    def _fuller(self, i: int, text: str) -> Actor | None:
        """'The ministry' after 'the Indian foreign ministry'; 'the bloc' after 'the European Union'."""
        word = self.tree.tokens[i].text.lower()
        entry = epithets().get(word)
        if entry is not None and entry.kind == "body":
            return self._last_union(i)
        for j in reversed(self._same_word(i)):
            words = self._words(self.tree.phrase(j))
            if words.lower() == text.lower():
                continue
            found = self._member_at.get(j)
            actor = found.actor if found else self._phrase_actor(j, words)
            if actor is not None and actor.country and actor.kind != "person":
                return actor
        return None

    def _same_word(self, i: int) -> list[int]:
        """The last few tokens before ``i`` that are the same word."""
        if not self._word_at:
            for j, word in enumerate(self.tree.words):
                self._word_at.setdefault(word, []).append(j)
        return [j for j in self._word_at[self.tree.words[i]] if j < i][-4:]

    def _last_union(self, i: int) -> Actor | None:
        """The body of several states named last before ``i``."""
        best: tuple[int, Actor] | None = None
        at = self.tree.tokens[i].start
        for member in self.members:
            if member.actor is not None and member.actor.country == "IGO":
                last = _last_before(member.mentions, at)
                if last >= 0 and (best is None or last > best[0]):
                    best = (last, member.actor)
        return best[1] if best else None

    def _office_holder(self, role: Actor) -> Actor | None:
        """The person of the article who holds the office a phrase names ('the Russian leader')."""
        office = (role.office or "").lower()
        if not role.country or not office:
            return None
        wanted = {"president"} if office == "leader" else {office}
        for member in self.members:
            actor = member.actor
            if actor is None or actor.kind != "person" or actor.country != role.country:
                continue
            if actor.office and any(w in actor.office.lower() for w in wanted):
                return actor
        return None

    def _through_possessor(self, i: int, text: str, role: Actor, tokens: Sequence[int]) -> Actor:
        """A role without a country takes it from the person, body or state named in its phrase, or
        from the pronoun it belongs to; without a sector it takes that too ('a spokesman for ...')."""
        if role.country or belongs_elsewhere(self.tree.tokens[i].text):
            return role
        for c in tokens:
            member = self._member_at.get(c)
            owner = member.actor if member else None
            if owner is None and c != i and self.tree.tokens[c].tag == "PRP$":
                party = self.party(c)
                owner = self.actors.get(party.actor or "") if party else None
            if owner is not None and owner.country:
                updated = {"country": owner.country, "id": _slug(f"{text} {owner.country}")}
                if role.sector in {"", "UNK"}:
                    updated["sector"] = owner.sector
                return role.model_copy(update={**updated, "name": text})
        return role

    # -- pronouns --------------------------------------------------------------------------

    def _pronoun(self, i: int, speaker: Party | None) -> Party | None:
        token = self.tree.tokens[i]
        word = token.text.lower()
        if word in _FIRST:
            actor = speaker.actor if speaker else None
            return Party(span=token.span, text=token.text, actor=actor) if speaker else None
        if word in _RELATIVE:
            return None
        found: Actor | None = None
        if word in PERSONAL:
            meant = self.people.meant.get(i)
            found = meant.actor if meant else None
        elif word in _NEUTRAL:
            found = self._body_before(i, plural=word.startswith("the"))
        if found is None:
            return None
        return Party(span=token.span, text=token.text, actor=found.id)

    def _body_before(self, i: int, plural: bool) -> Actor | None:
        """The country or body an 'it' or 'its' means: the subject of its own clause for a possessive,
        else the nearest one standing as subject before it."""
        tokens = self.tree.tokens
        if tokens[i].dep == "nmod:poss":
            for above in self.tree.ancestors(i):
                for subject in self.tree.subjects(above) if tokens[above].tag[:1] == "V" else []:
                    actor = self._plain_actor(subject) if subject < i else None
                    if actor is not None and (plural or _may_be_it(actor, tokens[subject].tag)):
                        return actor
        here = self.tree.sentence_of[i]
        for number in range(here, max(-1, here - 2), -1):
            sentence = self.tree.sentences[number]
            for j in range(min(i, sentence.last) - 1, sentence.first - 1, -1):
                if tokens[j].dep in {"nsubj", "nsubj:pass"} and tokens[j].head != tokens[i].head:
                    actor = self._plain_actor(j)
                    if actor is not None and not plural and _may_be_it(actor, tokens[j].tag):
                        return actor
                    if plural and actor is not None and _may_be_they(actor, tokens[j].tag):
                        return actor
        return None

    def _plain_actor(self, i: int) -> Actor | None:
        if self.tree.tokens[i].tag.startswith(("PRP", "W")):
            return None
        entry = epithets().get(self.tree.tokens[i].text.lower())
        if entry is not None and entry.kind == "person":
            return None
        party = self.party(i)
        return self.actors.get(party.actor) if party and party.actor else None

    # -- words -----------------------------------------------------------------------------

    def _words(self, span: Span) -> str:
        return re.sub(r"\s+", " ", self.text[span[0] : span[1]])


def _may_be_it(actor: Actor, tag: str) -> bool:
    """A country or a body: no person, known by name or only by a word ('a migrant'), nor several."""
    people = actor.kind == "role" and actor.sector in {"CVL", "REF", "UNK"}
    return actor.kind != "person" and not people and tag != "NNS"


def _may_be_they(actor: Actor, tag: str) -> bool:
    """Several people, or a body: never one person, nor things told in the plural."""
    return actor.kind != "person" and (
        actor.kind in {"organisation", "group"}
        or (tag == "NNS" and actor.sector not in {"", "UNK"})
    )


def _bare(name: str) -> str:
    bare = _TITLED.sub("", re.sub(r"\s+", " ", re.sub(r"['’]s$", "", name)))
    return bare or name


def _same_person(text: str, member: Member) -> bool:
    """A bare surname repeats a full name, also with one letter wrong; so does a full name whose
    given name is the same and whose surname is one letter off."""
    # What a ruler rules is no part of the name: 'King Ada of Norland' is not meant by 'Norland'.
    parts, known = text.split(), member.name.partition(" of ")[0].split()
    if len(parts) > 1 and " ".join(known[-len(parts) :]).lower() == text.lower():
        return True
    if len(parts) == 1:
        surname = known[-1]
        return parts[0] == surname or _misspelt(parts[0], surname)
    if len(parts) >= len(known) and parts[0] == known[0]:
        return parts[-1] == known[-1] or _misspelt(parts[-1], known[-1])
    return len(parts) < len(known) and known[-len(parts) :] == parts


def _misspelt(a: str, b: str) -> bool:
    if min(len(a), len(b)) < _SHORTEST_MISSPELT or a[0] != b[0]:
        return False
    return one_edit_apart(a.lower(), b.lower()) or _swapped(a.lower(), b.lower())


def _swapped(a: str, b: str) -> bool:
    """Two neighbouring letters changed places ('Hesgeth', 'Hegseth')."""
    if len(a) != len(b):
        return False
    off = [k for k in range(len(a)) if a[k] != b[k]]
    return (
        len(off) == 2
        and off[1] == off[0] + 1
        and a[off[0]] == b[off[1]]
        and (a[off[1]] == b[off[0]])
    )


@lru_cache(maxsize=4096)
def _acronym(name: str) -> str:
    return "".join(w[0] for w in name.split() if w[:1].isupper())


def _last_before(mentions: Sequence[Span], at: int) -> int:
    """Start of the last mention before an offset, -1 when all come after it."""
    return max((start for start, _ in mentions if start < at), default=-1)


def _stranger(name: str) -> Actor:
    """A person known only from the article."""
    return Actor(id=_slug(name), name=name, kind="person", source="article")


def _slug(name: str) -> str:
    return "~" + re.sub(r"\W+", "-", name.lower()).strip("-")


@cache
def _given_names() -> dict[str, str]:
    """Common given names and the gender they are nearly always given to."""
    rows = read_csv("given_names.csv", ("name", "gender"))
    return {row["name"].lower(): row["gender"] for row in rows}
