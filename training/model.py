"""The networks: one small BERT encoder with word-level heads, and the act reader.

Shapes: B windows, L word pieces, W words, D hidden size.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

SHAPES = 8  # letter-case classes, see dateline.analysis.shapes.word_shape
ARC, LINK, RELATION, ACTS = 192, 96, 128, 192


class Encoder(nn.Module):
    """BERT with a letter-case embedding added to the input embeddings."""

    def __init__(self, bert: nn.Module) -> None:
        super().__init__()
        self.bert = bert
        self.shape = nn.Embedding(SHAPES, bert.config.hidden_size)
        nn.init.zeros_(self.shape.weight)

    def forward(self, vectors: Tensor, mask: Tensor, shapes: Tensor, first: Tensor) -> Tensor:
        """vectors [B,L,D] of the word pieces; mask, shapes [B,L]; first [B,W], the index of each
        word's first piece -> [B,W,D]."""
        inputs = vectors + self.shape(shapes)
        hidden = self.bert(inputs_embeds=inputs, attention_mask=mask).last_hidden_state
        return hidden.gather(1, first.unsqueeze(-1).expand(-1, -1, hidden.size(-1)))


class Pointer(nn.Module):
    """Scores of every word pointing at every other: [B,W,D] -> [B,W,W] (row points at column)."""

    def __init__(self, size: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.child = nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.Dropout(dropout))
        self.parent = nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.Dropout(dropout))
        self.mix = nn.Linear(inner, inner, bias=False)
        self.bias = nn.Linear(inner, 1)

    def forward(self, words: Tensor) -> Tensor:
        child, parent = self.child(words), self.parent(words)
        scores = torch.matmul(self.mix(child), parent.transpose(1, 2))
        return scores + self.bias(parent).transpose(1, 2)


class Relation(nn.Module):
    """The relation of a word to its head, read when the head is known: the main pass gives each word's
    half as child and as parent, `label` joins two of them."""

    def __init__(self, size: int, relations: int, dropout: float) -> None:
        super().__init__()
        self.child = nn.Linear(size, RELATION)
        self.parent = nn.Linear(size, RELATION)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(RELATION, relations)

    def label(self, child: Tensor, parent: Tensor, heads: Tensor) -> Tensor:
        """child, parent [B,W,R]; heads [B,W] word indices -> logits [B,W,relations]."""
        joined = child + parent.gather(1, heads.unsqueeze(-1).expand(-1, -1, child.size(-1)))
        return self.out(self.dropout(torch.relu(joined)))


class Heads(nn.Module):
    """Word-level outputs of the main pass."""

    def __init__(
        self, size: int, counts: dict[str, int], kinds: int, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.ModuleDict({k: nn.Linear(size, n) for k, n in counts.items() if k != "rel"})
        self.rel = Relation(size, counts["rel"], dropout)
        self.acts = nn.Sequential(  # which words tell an act: trained last, train_triggers.py
            nn.Dropout(0.2), nn.Linear(size, ACTS), nn.GELU(), nn.Linear(ACTS, kinds)
        )
        self.head = Pointer(size, ARC, dropout)
        self.link = Pointer(size, LINK, dropout)

    def forward(self, words: Tensor) -> dict[str, Tensor]:
        words = self.dropout(words)
        out = {k: layer(words) for k, layer in self.linear.items()}
        out["head"], out["link"] = self.head(words), self.link(words)
        out["rel_child"], out["rel_parent"] = self.rel.child(words), self.rel.parent(words)
        return out


class ActReader(nn.Module):
    """A second encoder, of a sentence in which the words of one act are marked.

    It starts from the same base and shares its frozen word vectors, but is trained apart: layers tuned
    together with tags, trees and attribution typed pairs 12 points worse (MODEL_CARD.md).
    """

    def __init__(self, bert: nn.Module, kinds: int, roles: int, statuses: int) -> None:
        super().__init__()
        size = bert.config.hidden_size
        self.bert = bert
        self.shape = nn.Embedding(SHAPES, size)
        nn.init.zeros_(self.shape.weight)
        self.mark = nn.Embedding(8, size, padding_idx=0)
        nn.init.normal_(self.mark.weight[1:], std=0.02)
        self.query = nn.Linear(size, 1)
        self.dropout = nn.Dropout(0.1)
        self.act_type = nn.Sequential(
            nn.Linear(4 * size, size), nn.GELU(), nn.Dropout(0.1), nn.Linear(size, kinds)
        )
        self.conflict = nn.Linear(4 * size, 2)
        self.status = nn.Linear(4 * size, statuses)
        self.told_by = nn.Linear(size, 1)
        self.roles = nn.Linear(size, roles)
        self.kinds = nn.Linear(size, kinds)

    def forward(
        self, vectors: Tensor, mask: Tensor, shapes: Tensor, marks: Tensor, first: Tensor
    ) -> dict[str, Tensor]:
        """vectors [B,L,D] of the word pieces; mask, shapes, marks [B,L], marks being the sum of 1 for
        actor, 2 for recipient, 4 for trigger; first [B,W], -1 where there is no word.

        ``state`` [B,4D] is what the act is judged by: the sentence, actor, recipient, trigger. Logits:
        type [B,types], conflict [B,2] and status [B,statuses] of the marked act; for each
        word roles [B,W,roles], kinds [B,W,types] (of the act it tells) and told_by [B,W]."""
        inputs = vectors + self.shape(shapes) + self.mark(marks)
        hidden = self.bert(inputs_embeds=inputs, attention_mask=mask).last_hidden_state
        weights = self.query(hidden).squeeze(-1).masked_fill(mask == 0, -1e4).softmax(-1)
        pooled = [(weights.unsqueeze(-1) * hidden).sum(1)]
        pooled += [marked_mean(hidden, (marks // bit) % 2) for bit in (1, 2, 4)]
        joined = self.dropout(torch.cat(pooled, -1))
        at = first.clamp(min=0).unsqueeze(-1).expand(-1, -1, hidden.size(-1))
        words = self.dropout(hidden.gather(1, at))
        told_by = self.told_by(words).squeeze(-1).masked_fill(first < 0, -1e4)
        return {
            "state": joined,
            "type": self.act_type(joined),
            "conflict": self.conflict(joined),
            "status": self.status(joined),
            "told_by": told_by,
            "roles": self.roles(words),
            "kinds": self.kinds(words),
        }


def marked_mean(hidden: Tensor, chosen: Tensor) -> Tensor:
    """Mean over the chosen pieces; zeros where none is chosen."""
    weights = chosen.to(hidden.dtype).unsqueeze(-1)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1.0)


class Network(nn.Module):
    """The main pass: encoder and word-level heads."""

    def __init__(self, bert: nn.Module, counts: dict[str, int], kinds: int) -> None:
        super().__init__()
        self.encoder = Encoder(bert)
        self.heads = Heads(bert.config.hidden_size, counts, kinds)

    def forward(self, ids: Tensor, mask: Tensor, shapes: Tensor, first: Tensor) -> dict[str, Tensor]:
        vectors = self.encoder.bert.embeddings.word_embeddings(ids)
        return self.heads(self.encoder(vectors, mask, shapes, first))
