"""How well are new event types found from eight examples? ``python training/new_types.py --data DIR``.

Six PLOVER types are left out in turn. Each is then described as in a user codebook, by eight sentences of
our own, and looked for among the acts of two development folds: ``own``, sentences of own_events.jsonl
with the act marked and as many words that tell none; ``plv``, marked pairs without the act. The head is
the one that users get (``dateline.record.user_types``); the type's own rows are taken out of its
background.

The shipped network was trained on all sixteen types, so its states know the type that is left out, and
the figures are above what a type of another kind gets. ``--without A,B --base DIR`` first trains an act
reader that has never seen these types and scores that one (20 minutes on two cores).
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import acts
import corpora
import numpy as np
from acts import TYPES, Marked
from train import FOLD_SEED, held_out, load_pairs

from dateline.analysis import network
from dateline.analysis.tokens import tokenize
from dateline.record.user_types import LEAST_CHANCE, background, fit_head
from dateline.spans import Span, overlaps

LEFT_OUT = ("CONSULT", "AID", "REQUEST", "THREATEN", "PROTEST", "COERCE")
SHOWN = 8
HELD = 0.2  # as train_acts.py


@dataclass
class Row:
    """A question with the fold it belongs to and the type of its act."""

    fold: str
    type: str
    asked: Marked


def rows(data: Path, own_events: Path) -> list[Row]:
    """All that is read: background, examples, and the two folds."""
    found = [*_background()]
    sentences, aside = corpora.folds(acts.own_sentences(own_events), HELD / 2, FOLD_SEED)
    taken = {" ".join(row.asked.words) for row in found}
    found += _examples(s for s in sentences if " ".join(s.words) not in taken)
    found += _own_fold(aside)
    pairs = held_out(load_pairs(data, None), HELD, FOLD_SEED)["plv"]
    for e in pairs:
        asked = Marked("", e.words, e.pair.actor, e.pair.recipient)
        found.append(Row("plv", TYPES[e.pair.types[0]], asked))
    return found


def _background() -> Iterator[Row]:
    for kind, sentence in background():
        tokens = tokenize(sentence.text)

        def inside(spans: Iterable[Span], tokens=tokens) -> list[int]:
            listed = list(spans)
            return [t.i for t in tokens if any(overlaps(t.span, s) for s in listed)]

        words = [t.text for t in tokens]
        parties = inside(sentence.actor), inside(sentence.recipient)
        yield Row("background", kind, Marked("", words, *parties, inside(sentence.act)))
        yield Row("background", kind, Marked("", words, *parties))


def _examples(sentences: Iterable[acts.OwnSentence]) -> Iterator[Row]:
    """The first sentences of each left-out type that tell one act only."""
    counts: Counter[str] = Counter()
    for s in sentences:
        if len(s.events) == 1 and s.events[0].type in LEFT_OUT:
            e = s.events[0]
            counts[e.type] += 1
            if counts[e.type] <= SHOWN:
                parties = acts.joined(e.actor), acts.joined(e.recipient)
                yield Row("examples", e.type, Marked("", s.words, *parties, e.trigger))
                yield Row("examples", e.type, Marked("", s.words, *parties))


def _own_fold(sentences: Iterable[acts.OwnSentence]) -> Iterator[Row]:
    """Every act of the fold, and one word that tells none for each sentence."""
    rng = random.Random(5)
    for s in sentences:
        for e in s.events:
            parties = acts.joined(e.actor), acts.joined(e.recipient)
            yield Row("own", e.type, Marked("", s.words, *parties, e.trigger))
        triggers = {i for e in s.events for i in e.trigger}
        open_ = [
            i for i, w in enumerate(s.words) if i not in triggers and len(w) > 4 and w.islower()
        ]
        if open_:
            yield Row("own", "NONE", Marked("", s.words, trigger=[rng.choice(open_)]))


def shipped_states(asked: Iterable[Marked]) -> np.ndarray:
    """States [n,1536] by the network of the package."""
    found = []
    for m in asked:
        pieces = network.word_pieces(m.words)
        found.append(network.run_act(m.words, pieces, m.actor, m.recipient, m.trigger).state)
    return np.stack(found).astype(np.float64)


def trained_states(asked: list[Marked], args: argparse.Namespace) -> np.ndarray:
    """States by an act reader trained on the other types; a sentence that tells a left-out type is not
    trained on at all."""
    import torch
    import train_acts
    from acts import ROLES, STATUSES
    from model import ActReader
    from transformers import AutoModel, AutoTokenizer

    random.seed(args.seed)
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    out = {TYPES.index(name) for name in args.without.split(",")}
    pairs = load_pairs(args.data, args.own_pairs)
    held_out(pairs, HELD, FOLD_SEED)
    sentences, _ = corpora.folds(acts.own_sentences(args.own_events), HELD / 2, FOLD_SEED)
    tagged = {"plv", "gsr", "own"}
    made = {
        name: list(acts.questions([e for e in v if not _tells(e, out)], name in tagged))
        for name, v in pairs.items()
    }
    kept = [s for s in sentences if not any(TYPES.index(e.type) in out for e in s.events)]
    made["own-events"] = list(acts.own_questions(kept, random.Random(args.seed)))
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    bert = AutoModel.from_pretrained(
        args.base, attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0
    )
    net = ActReader(bert, len(TYPES), len(ROLES), len(STATUSES)).to(device)
    groups = {k: [train_acts.vectorise(m, tokenizer) for m in v] for k, v in made.items()}
    train_acts.train(net, groups, args, device, dict)
    found = train_acts.answers(net, [train_acts.vectorise(m, tokenizer) for m in asked], device)
    return np.stack([a["state"].numpy() for a in found]).astype(np.float64)


def _tells(example: corpora.Example, types: set[int]) -> bool:
    return example.pair is not None and bool(types & set(example.pair.types or ()))


@dataclass
class Score:
    """Precision, recall and F1 of one type in a fold, and how many acts of the fold have it."""

    precision: float
    recall: float
    f1: float
    gold: int


def score(listed: list[Row], states: np.ndarray, kind: str, fold: str) -> Score:
    """How well ``kind``, left out, is found again in a fold."""
    act = fold == "own"  # the act is marked there and nowhere in plv

    def chosen(name: str, of_kind: bool) -> np.ndarray:
        return states[[
            row.fold == name and bool(row.asked.trigger) == act and (row.type == kind) == of_kind
            for row in listed
        ]]  # fmt: skip

    head = fit_head(chosen("examples", True), chosen("background", False))
    inside = [n for n, row in enumerate(listed) if row.fold == fold]
    gold = np.array([listed[n].type == kind for n in inside])
    told = np.array([head.chance(states[n]) >= LEAST_CHANCE for n in inside])
    hits = int((gold & told).sum())
    precision, recall = hits / max(1, told.sum()), hits / max(1, gold.sum())
    f1 = 2 * hits / max(1, gold.sum() + told.sum())
    return Score(precision, recall, f1, int(gold.sum()))


def report(listed: list[Row], states: np.ndarray, kinds: Iterable[str]) -> None:
    print(f"{'type':10} {'fold':5} {'acts':>5} {'precision':>9} {'recall':>7} {'F1':>6}")
    for fold in ("own", "plv"):
        scores = {kind: score(listed, states, kind, fold) for kind in kinds}
        for kind, s in scores.items():
            print(f"{kind:10} {fold:5} {s.gold:5} {s.precision:9.3f} {s.recall:7.3f} {s.f1:6.3f}")
        means = [
            np.mean([getattr(s, k) for s in scores.values()]) for k in ("precision", "recall", "f1")
        ]
        print(f"{'mean':10} {fold:5} {'':5} {means[0]:9.3f} {means[1]:7.3f} {means[2]:6.3f}")


def main() -> None:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--own-pairs", type=Path, default=here / "own_pairs.jsonl")
    parser.add_argument("--own-events", type=Path, default=here / "own_events.jsonl")
    parser.add_argument("--without", default="", help="types to train without, split by commas")
    parser.add_argument("--base", help="folder of the base encoder, with --without")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--head-lr", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(scores_each=False)
    args = parser.parse_args()
    listed = rows(args.data, args.own_events)
    if args.without:
        if args.base is None:
            from base import base_folder

            args.base = base_folder()
        states = trained_states([row.asked for row in listed], args)
    else:
        states = shipped_states(row.asked for row in listed)
    report(listed, states, args.without.split(",") if args.without else LEFT_OUT)


if __name__ == "__main__":
    main()
