"""Export a trained network to the 8-bit ONNX files that the package ships.

``python training/export.py --run DIR --base DIR --to src/dateline/analysis/weights --name VERSION``
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from model import Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import AutoModel


class MainPass(nn.Module):
    """What one window gives: probabilities where the package needs them, choices elsewhere."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, shapes: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        words = self.net.encoder(ids, torch.ones_like(ids), shapes, first)
        out = self.net.heads(words)
        return (
            words,
            out["names"].softmax(-1),
            out["attribution"].softmax(-1),
            out["roles"].softmax(-1),
            out["tag"].argmax(-1),
            out["rel"].argmax(-1),
            out["head"],
            out["link"].log_softmax(-1),
        )


class TracedLayer(nn.Module):
    """The pair layer's transformer layer, written out: tracing ``nn.MultiheadAttention`` would fix the
    number of words."""

    def __init__(self, layer: nn.TransformerEncoderLayer) -> None:
        super().__init__()
        attention = layer.self_attn
        self.layer, self.heads = layer, attention.num_heads
        self.project = nn.Linear(attention.embed_dim, 3 * attention.embed_dim)
        self.project.weight, self.project.bias = attention.in_proj_weight, attention.in_proj_bias
        self.out = attention.out_proj

    def forward(self, words: Tensor, src_key_padding_mask: Tensor) -> Tensor:
        size = words.size(-1)
        parts = self.project(words).split(size, -1)
        query, key, value = (
            p.view(p.size(0), p.size(1), self.heads, size // self.heads).transpose(1, 2)
            for p in parts
        )
        scores = query @ key.transpose(-1, -2) / (size // self.heads) ** 0.5
        mixed = (scores.softmax(-1) @ value).transpose(1, 2)
        attended = self.out(mixed.reshape(words.size(0), words.size(1), size))
        words = self.layer.norm1(words + attended)
        widened = self.layer.linear2(nn.functional.gelu(self.layer.linear1(words)))
        return self.layer.norm2(words + widened)


class PairPass(nn.Module):
    def __init__(self, net: Network) -> None:
        super().__init__()
        self.pair = net.pair
        self.pair.layer = TracedLayer(net.pair.layer)

    def forward(self, words: Tensor, roles: Tensor) -> tuple[Tensor, Tensor]:
        kinds, _, triggers = self.pair(words, torch.ones_like(roles), roles)
        return kinds, triggers.softmax(-1)


MAIN_OUTPUTS = ["words", "names", "attribution", "roles", "tag", "rel", "head", "link"]


def export(
    module: nn.Module, inputs: tuple, names: list[str], outputs: list[str], axes: dict, path: Path
) -> None:
    """Write an ONNX file, then its 8-bit version in place."""
    raw = path.with_suffix(".raw.onnx")
    torch.onnx.export(
        module,
        inputs,
        str(raw),
        input_names=names,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        raw,
        path,
        weight_type=QuantType.QInt8,
        per_channel=True,
        extra_options={"MatMulConstBOnly": True},
    )
    raw.unlink()


def check_traced(net: Network, hidden: Tensor) -> None:
    """The written-out layer must give what the trained one gives."""
    net.eval()  # exporting the main pass has put the modules back into training mode
    open_ = torch.zeros(hidden.shape[:2], dtype=torch.bool)
    with torch.no_grad():
        before = net.pair.layer(hidden, src_key_padding_mask=open_)
        after = TracedLayer(net.pair.layer)(hidden, open_)
    if not torch.allclose(before, after, atol=1e-4):
        raise SystemExit("the traced pair layer differs from the trained one")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--name", required=True, help="version recorded in every Record")
    parser.add_argument("--weights", default="network.pt")
    args = parser.parse_args()
    torch.backends.mha.set_fastpath_enabled(False)
    labels = json.loads((args.run / "labels.json").read_text())
    counts = {k: len(labels[k]) for k in ("names", "attribution", "roles", "tag", "rel")}
    bert = AutoModel.from_pretrained(args.base, attn_implementation="eager")
    net = Network(bert, counts, len(labels["type"]))
    net.load_state_dict(torch.load(args.run / args.weights, map_location="cpu"))
    net.eval()
    args.to.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (1, 20))
    first = torch.arange(1, 13).unsqueeze(0)
    axes = {"ids": {1: "pieces"}, "shapes": {1: "pieces"}, "first": {1: "words"}}
    axes |= {k: {1: "words"} for k in MAIN_OUTPUTS}
    axes["head"] = axes["link"] = {1: "words", 2: "words"}
    export(
        MainPass(net),
        (ids, torch.zeros_like(ids), first),
        ["ids", "shapes", "first"],
        MAIN_OUTPUTS,
        axes,
        args.to / "main.onnx",
    )
    axes = {
        "words": {0: "pairs", 1: "words"},
        "roles": {0: "pairs", 1: "words"},
        "type": {0: "pairs"},
        "trigger": {0: "pairs", 1: "words"},
    }
    hidden = torch.randn(2, 12, bert.config.hidden_size)
    check_traced(net, hidden)
    export(
        PairPass(net),
        (hidden, torch.ones(2, 12, dtype=torch.long)),
        ["words", "roles"],
        ["type", "trigger"],
        axes,
        args.to / "pair.onnx",
    )
    shutil.copy(Path(args.base) / "tokenizer.json", args.to / "tokenizer.json")
    (args.to / "labels.json").write_text(json.dumps({"version": args.name, **labels}, indent=1))


if __name__ == "__main__":
    main()
