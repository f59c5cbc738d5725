"""A running average of trained weights."""

from __future__ import annotations

import torch
from torch import nn


class RunningAverage:
    """Exponential average of the trained weights, which ships instead of the last step's."""

    def __init__(self, net: nn.Module, keep: float) -> None:
        """``keep`` is the share of the average that stays at each step, once it has run for a while."""
        self.keep, self.steps = keep, 0
        self.kept = {k: p.detach().clone() for k, p in net.named_parameters() if p.requires_grad}

    def add(self, net: nn.Module) -> None:
        self.steps += 1
        share = min(self.keep, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for name, p in net.named_parameters():
                if name in self.kept:
                    self.kept[name].lerp_(p, 1 - share)

    def put(self, net: nn.Module) -> None:
        net.load_state_dict(self.kept, strict=False)
