"""The network: one small BERT encoder, word-level heads, and a pair layer on top.

Shapes: B windows, L word pieces, W words, D hidden size.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

SHAPES = 8  # letter-case classes, see dateline.analysis.encoder.word_shape
ARC, LINK = 192, 96


class Encoder(nn.Module):
    """BERT with a letter-case embedding added to the input embeddings."""

    def __init__(self, bert: nn.Module) -> None:
        super().__init__()
        self.bert = bert
        self.shape = nn.Embedding(SHAPES, bert.config.hidden_size)
        nn.init.zeros_(self.shape.weight)

    def forward(self, ids: Tensor, mask: Tensor, shapes: Tensor, first: Tensor) -> Tensor:
        """ids, mask, shapes [B,L]; first [B,W], the index of each word's first piece -> [B,W,D]."""
        embeddings = self.bert.embeddings.word_embeddings(ids) + self.shape(shapes)
        hidden = self.bert(inputs_embeds=embeddings, attention_mask=mask).last_hidden_state
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


class Heads(nn.Module):
    """Word-level outputs of the main pass."""

    def __init__(self, size: int, counts: dict[str, int], dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.ModuleDict({k: nn.Linear(size, n) for k, n in counts.items()})
        self.head = Pointer(size, ARC, dropout)
        self.link = Pointer(size, LINK, dropout)

    def forward(self, words: Tensor) -> dict[str, Tensor]:
        words = self.dropout(words)
        out = {k: layer(words) for k, layer in self.linear.items()}
        out["head"], out["link"] = self.head(words), self.link(words)
        return out


class PairLayer(nn.Module):
    """One transformer layer over a sentence's words with the two parties marked.

    roles [B,W]: 0 none, 1 actor, 2 recipient, 3 both. Returns type logits [B,types], conflict logits
    [B,2] and a trigger logit for every word [B,W].
    """

    def __init__(self, size: int, types: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.role = nn.Embedding(4, size)
        self.layer = nn.TransformerEncoderLayer(
            size, 6, 2 * size, dropout, "gelu", batch_first=True
        )
        self.query = nn.Linear(size, 1)
        self.dropout = nn.Dropout(dropout)
        self.kind = nn.Sequential(
            nn.Linear(3 * size, size), nn.GELU(), nn.Dropout(dropout), nn.Linear(size, types)
        )
        self.conflict = nn.Linear(3 * size, 2)
        self.trigger = nn.Linear(size, 1)

    def forward(self, words: Tensor, mask: Tensor, roles: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """words [B,W,D]; mask [B,W], 1 for real words."""
        hidden = self.layer(words + self.role(roles), src_key_padding_mask=mask == 0)
        weights = self.query(hidden).squeeze(-1).masked_fill(mask == 0, -1e4).softmax(-1)
        pooled = [
            (weights.unsqueeze(-1) * hidden).sum(1),
            role_mean(hidden, (roles == 1) | (roles == 3)),
            role_mean(hidden, (roles == 2) | (roles == 3)),
        ]
        joined = self.dropout(torch.cat(pooled, -1))
        triggers = self.trigger(hidden).squeeze(-1).masked_fill(mask == 0, -1e4)
        return self.kind(joined), self.conflict(joined), triggers


def role_mean(hidden: Tensor, chosen: Tensor) -> Tensor:
    """Mean over the chosen words; zeros where none is chosen."""
    weights = chosen.to(hidden.dtype).unsqueeze(-1)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1.0)


class Network(nn.Module):
    def __init__(self, bert: nn.Module, counts: dict[str, int], types: int) -> None:
        super().__init__()
        size = bert.config.hidden_size
        self.encoder = Encoder(bert)
        self.heads = Heads(size, counts)
        self.pair = PairLayer(size, types)
