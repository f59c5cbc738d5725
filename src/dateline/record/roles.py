"""Actor and recipient of a sentence's main act, as the network's role head marks them.

Syntax finds the parties of most acts. Where it leaves one open, or where no word of the lexicon tells
the act, the role head's parties and the pair layer's type and trigger stand in.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dateline.analysis import network
from dateline.analysis.chunks import chunks
from dateline.analysis.model import Sentence
from dateline.record.context import Context

# Mean probability a role chunk must have (CAMEO span development fold: precision above 0.8).
_LEAST_ROLE = 0.6


@dataclass(slots=True)
class MarkedRoles:
    """Head tokens of the marked parties, and the token indices of their whole phrases."""

    actors: list[int] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    actor_words: list[int] = field(default_factory=list)
    recipient_words: list[int] = field(default_factory=list)


def marked_roles(context: Context, sentence: Sentence) -> MarkedRoles:
    """The parties that the role head marks in a sentence; of each role the chunks it is sure of."""
    found = MarkedRoles()
    for chunk in chunks(context.reading.roles(sentence), network.labels()["roles"]):
        if chunk.score < _LEAST_ROLE:
            continue
        indices = list(range(sentence.first + chunk.first, sentence.first + chunk.last))
        tokens = context.tree.tokens
        head = context.tree.head_in((tokens[indices[0]].start, tokens[indices[-1]].end))
        if head is None:
            continue
        if chunk.kind in {"actor", "both"}:
            found.actors.append(head)
            found.actor_words += indices
        if chunk.kind in {"recipient", "both"}:
            found.recipients.append(head)
            found.recipient_words += indices
    return found


def typed_act(
    context: Context, sentence: Sentence, roles: MarkedRoles
) -> tuple[str, float, int] | None:
    """PLOVER type, its probability and the trigger token of what the marked parties do; None when no
    verb or noun can be the trigger. The type may be 'NONE'."""
    probabilities, trigger = network.run_pairs(
        context.reading.hidden(sentence),
        [i - sentence.first for i in roles.actor_words],
        [i - sentence.first for i in roles.recipient_words],
    )
    parties = {*roles.actor_words, *roles.recipient_words}
    open_ = [
        n
        for n in range(len(trigger))
        if sentence.first + n not in parties
        and context.tree.tokens[sentence.first + n].tag[:1] in {"V", "N"}
    ]
    if not open_:
        return None
    best = max(open_, key=lambda n: float(trigger[n]))
    kind = int(np.argmax(probabilities))
    return network.labels()["type"][kind], float(probabilities[kind]), sentence.first + best
