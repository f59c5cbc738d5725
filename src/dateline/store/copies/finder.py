"""Finding the copies of a text among all texts before it, and grouping copies into stories.

Texts are told apart by their digest; articles with the same digest are exact copies and take no room
here. A *story* is a connected set of texts under ``Shared.is_copy``, which looks at two texts and at
nothing else, so the stories do not depend on the order in which texts came. Its id is that of its
text with the smallest digest.

One limit keeps the cost of a text flat: under a key that more than ``MOST_UNDER_KEY`` different texts
have (a notice printed under every article of an outlet), only those of smallest digest are
candidates. Until a key is that common, order cannot matter; beyond it, only for two texts all of
whose common passages are that common.
"""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dateline.store.copies.runs import SortedRuns
from dateline.store.copies.shared import Shared, compare
from dateline.store.copies.signature import Keys, Signature
from dateline.store.copies.words import Codes

LoadWords = Callable[[Sequence[int]], Sequence[Codes]]

MOST_UNDER_KEY = 256
_KEYS_SHARED = 0.1  # of the shorter list of keys, at least, for a pair to be looked at
_CACHED_TEXTS = 20_000  # word codes kept in memory, about 1 kB each
_RESTORED_AT_ONCE = 50_000
_RANK_BITS = 32


@dataclass(frozen=True, slots=True)
class Link:
    """Two texts that are one text, edited: digests, the smaller first, and what they share."""

    a: int
    b: int
    shared: Shared


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a text was put. ``story`` is its story's id after adding; ``exact`` says that a text of
    the same words was there before; ``links`` are the near copies that put it there (one for each
    story it joined); ``joined`` the ids that no longer name a story because it brought them
    together or because it has the smallest digest."""

    story: str
    exact: bool
    links: tuple[Link, ...] = ()
    joined: tuple[str, ...] = ()


def story_id(digest: int) -> str:
    """The id of a story whose text of smallest digest is ``digest``."""
    return f"st{digest:016x}"


class CopyFinder:
    """The copy index. ``load`` gives the word codes of texts by digest, for texts that are no longer
    in memory (a store reads them from its signatures); without it all are kept in memory.

    Memory without words: about 300 bytes a text (35 keys of eight bytes, and three numbers). A
    finder is restored from a store's signatures with ``restore``; the keys need not be computed
    again.
    """

    def __init__(self, load: LoadWords | None = None) -> None:
        self._load = load
        self._passages = SortedRuns()  # key -> rank (the digest's upper bits)
        self._ranks = SortedRuns()  # rank -> text's number
        self._digests = array("Q")
        self._n_keys = array("H")
        self._parents = array("I")
        self._words: OrderedDict[int, Codes] = OrderedDict()

    def __len__(self) -> int:
        """Different texts in the index."""
        return len(self._digests)

    @property
    def nbytes(self) -> int:
        """Bytes of the index, words left out."""
        return self._passages.nbytes + self._ranks.nbytes + 14 * len(self._digests)

    def add(self, signature: Signature) -> Placement:
        """Find the copies of a text, add it, and say where it belongs. Adding a text again changes
        nothing. A text too short to compare (digest 0) is not kept: its story is '', and the
        caller counts its article as a story of its own."""
        if not signature.digest:
            return Placement("", exact=False)
        known = self._number(signature.digest)
        if known is not None:
            return Placement(self._story(known), exact=True)
        links = self._links(signature)
        number = self._append(signature)
        joined = {self._story(n) for n, _ in links}
        for other, _ in links:
            self._unite(number, other)
        story = self._story(number)
        gone = tuple(sorted(joined - {story}))
        return Placement(story, exact=False, links=tuple(x for _, x in links), joined=gone)

    def story_of(self, digest: int) -> str | None:
        """The story that a text is in, None for a text that is not in the index."""
        number = self._number(digest)
        return None if number is None else self._story(number)

    def copies(self, signature: Signature) -> list[Link]:
        """All near copies of a text in the index, itself left out; nothing is added."""
        found = []
        for number in self._candidates(signature):
            link = self._link(signature, number)
            if link is not None:
                found.append(link)
        return found

    def restore(self, texts: Iterable[tuple[Signature, str]]) -> None:
        """Fill an empty finder with texts and the stories they are in, as ``story_of`` gave them."""
        keys: list[Keys] = []
        heads: dict[str, int] = {}
        for signature, story in texts:
            if not signature.digest:
                continue
            number = self._enter(signature)
            self._unite(number, heads.setdefault(story, number))
            keys.append(signature.keys.copy())  # not the bytes it was read from
            if self._load is None:
                self._words[signature.digest] = signature.words
            if len(keys) == _RESTORED_AT_ONCE:
                self._fill(keys)
                keys = []
        self._fill(keys)

    def _fill(self, keys: list[Keys]) -> None:
        """Index the last texts entered, one list of keys each."""
        if not keys:
            return
        first = len(self._digests) - len(keys)
        digests = np.array(self._digests[first:], np.uint64)
        ranks = (digests >> np.uint64(_RANK_BITS)).astype(np.uint32)
        numbers = np.arange(first, len(self._digests), dtype=np.uint32)
        self._ranks.extend(ranks, numbers)
        self._passages.extend(np.concatenate(keys), np.repeat(ranks, [len(k) for k in keys]))

    # -- candidates -------------------------------------------------------------------------------

    def _links(self, signature: Signature) -> list[tuple[int, Link]]:
        """One verified copy in each story that has one, with the copy's number. Whether a story has
        further copies cannot change the grouping, so they are not looked at."""
        links: list[tuple[int, Link]] = []
        met: set[int] = set()
        for number in self._candidates(signature):
            root = self._root(number)
            if root in met:
                continue
            link = self._link(signature, number)
            if link is not None:
                met.add(root)
                links.append((number, link))
        return links

    def _candidates(self, signature: Signature) -> list[int]:
        """Numbers of the texts that share enough keys, those that share most first."""
        shared: Counter[int] = Counter()
        for ranks in self._passages.find(signature.keys, MOST_UNDER_KEY).values():
            shared.update(ranks)
        if not shared:
            return []
        ranks_met = np.fromiter(shared, np.uint32, len(shared))
        own, found = len(signature.keys), []
        for rank, numbers in self._ranks.find(ranks_met, MOST_UNDER_KEY).items():
            for number in numbers:
                digest = self._digests[number]
                enough = _KEYS_SHARED * min(own, self._n_keys[number])
                if shared[rank] >= enough and digest != signature.digest:
                    found.append((-shared[rank], digest, number))
        return [number for _, _, number in sorted(found)]

    def _link(self, signature: Signature, number: int) -> Link | None:
        """The pair's link, None when they are no copies. Measured in one direction whichever text
        came first: the shorter against the longer, by digest where they are as long."""
        digest = self._digests[number]
        words = self._words_of(digest)
        pair = sorted(
            [
                (len(signature.words), signature.digest, signature.words),
                (len(words), digest, words),
            ],
            key=lambda text: text[:2],
        )
        shared = compare(pair[0][2], pair[1][2])
        return Link(pair[0][1], pair[1][1], shared) if shared.is_copy else None

    def _words_of(self, digest: int) -> Codes:
        words = self._words.get(digest)
        if words is None:
            assert self._load is not None  # without a loader nothing is ever let go
            words = self._load([digest])[0]
            self._keep(digest, words)
        elif self._load is not None:
            self._words.move_to_end(digest)
        return words

    def _keep(self, digest: int, words: Codes) -> None:
        self._words[digest] = words
        if self._load is not None and len(self._words) > _CACHED_TEXTS:
            self._words.popitem(last=False)

    # -- texts and stories ------------------------------------------------------------------------

    def _append(self, signature: Signature) -> int:
        number, rank = self._enter(signature), signature.digest >> _RANK_BITS
        self._ranks.add(np.array([rank], np.uint32), number)
        self._passages.add(signature.keys, rank)
        self._keep(signature.digest, signature.words)
        return number

    def _enter(self, signature: Signature) -> int:
        """Give a text its number, and a story of its own."""
        number = len(self._digests)
        self._digests.append(signature.digest)
        self._n_keys.append(len(signature.keys))
        self._parents.append(number)
        return number

    def _number(self, digest: int) -> int | None:
        rank = digest >> _RANK_BITS
        found = self._ranks.find(np.array([rank], np.uint32), MOST_UNDER_KEY)
        numbers = [n for n in found.get(rank, ()) if self._digests[n] == digest]
        return numbers[0] if numbers else None

    def _story(self, number: int) -> str:
        return story_id(self._digests[self._root(number)])

    def _root(self, number: int) -> int:
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def _unite(self, a: int, b: int) -> None:
        """Bring two stories together; the root is the text of smallest digest."""
        a, b = self._root(a), self._root(b)
        if self._digests[b] < self._digests[a]:
            a, b = b, a
        self._parents[b] = a
