"""Export a trained network to the 8-bit ONNX files that the package ships.

``python training/export.py --main DIR --acts DIR --temperatures FILE --to DIR --name VERSION``
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from acts import STATUSES
from base import base_folder
from corpora import ROLES, TYPES
from model import ActReader, Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import AutoModel


class MainPass(nn.Module):
    """What one window gives: probabilities where the package needs them, choices elsewhere."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, vectors: Tensor, shapes: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        words = self.net.encoder(vectors, torch.ones_like(shapes), shapes, first)
        out = self.net.heads(words)
        return (
            self.net.heads.acts(words).softmax(-1),
            out["names"].softmax(-1),
            out["mentions"].softmax(-1),
            out["attribution"].softmax(-1),
            out["tag"].argmax(-1),
            out["head"],
            out["link"].log_softmax(-1),
            out["rel_child"],
            out["rel_parent"],
        )


class ActPass(nn.Module):
    """What the act reader says of one sentence with marked words: probabilities, those of type and
    status made to mean what they say by their temperatures (calibration.py)."""

    def __init__(self, net: ActReader, temperatures: dict[str, float]) -> None:
        super().__init__()
        self.net, self.temperatures = net, temperatures

    def forward(
        self, vectors: Tensor, shapes: Tensor, marks: Tensor, first: Tensor
    ) -> tuple[Tensor, ...]:
        out = self.net(vectors, torch.ones_like(shapes), shapes, marks, first)
        for name, temperature in self.temperatures.items():
            out[name] = out[name] / temperature
        return (out["state"], *(out[name].softmax(-1) for name in ACT_OUTPUTS[1:]))


MAIN_OUTPUTS = [
    "acts", "names", "mentions", "attribution", "tag", "head", "link", "rel_child", "rel_parent",
]  # fmt: skip
ACT_OUTPUTS = ["state", "type", "status", "told_by", "roles", "kinds"]


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


def export_words(vectors: Tensor, folder: Path) -> None:
    """The word vectors that both networks share: 8-bit rows, each with its own scale."""
    scale = vectors.abs().amax(1).clamp(min=1e-8) / 127
    rows = (vectors / scale[:, None]).round().to(torch.int8)
    np.save(folder / "words.npy", rows.numpy())
    np.save(folder / "scales.npy", scale.numpy().astype(np.float32))


def export_main(net: Network, to: Path) -> None:
    net.eval()
    size = net.encoder.bert.config.hidden_size
    shapes, first = torch.zeros((1, 20), dtype=torch.long), torch.arange(1, 13).unsqueeze(0)
    axes = {"vectors": {1: "pieces"}, "shapes": {1: "pieces"}, "first": {1: "words"}}
    axes |= {k: {1: "words"} for k in MAIN_OUTPUTS}
    axes["head"] = axes["link"] = {1: "words", 2: "words"}
    export(
        MainPass(net),
        (torch.randn(1, 20, size), shapes, first),
        ["vectors", "shapes", "first"],
        MAIN_OUTPUTS,
        axes,
        to / "main.onnx",
    )


def export_acts(net: ActReader, temperatures: dict[str, float], to: Path) -> None:
    net.eval()
    size = net.bert.config.hidden_size
    shapes, first = torch.zeros((1, 20), dtype=torch.long), torch.arange(1, 13).unsqueeze(0)
    axes = {k: {1: "pieces"} for k in ("vectors", "shapes", "marks")} | {"first": {1: "words"}}
    axes |= {k: {1: "words"} for k in ("told_by", "roles", "kinds")}
    export(
        ActPass(net, temperatures),
        (torch.randn(1, 20, size), shapes, torch.ones_like(shapes), first),
        ["vectors", "shapes", "marks", "first"],
        ACT_OUTPUTS,
        axes,
        to / "acts.onnx",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--main", type=Path, required=True, help="folder written by train.py")
    parser.add_argument("--acts", type=Path, required=True, help="folder written by train_acts.py")
    parser.add_argument("--base", default=base_folder(), help="folder of the base encoder")
    parser.add_argument("--temperatures", type=Path, required=True, help="by calibration.py")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--name", required=True, help="version recorded in every Record")
    args = parser.parse_args()
    labels = json.loads((args.main / "labels.json").read_text())
    counts = {k: len(v) for k, v in labels.items()}
    args.to.mkdir(parents=True, exist_ok=True)
    bert = AutoModel.from_pretrained(args.base, attn_implementation="eager")
    net = Network(bert, counts, len(TYPES))
    net.load_state_dict(torch.load(args.main / "network.pt", map_location="cpu"))
    export_words(net.encoder.bert.embeddings.word_embeddings.weight.detach(), args.to)
    export_main(net, args.to)
    joint = net.heads.rel.out
    np.savez(
        args.to / "relations.npz",
        weight=joint.weight.detach().numpy(),
        bias=joint.bias.detach().numpy(),
    )
    bert = AutoModel.from_pretrained(args.base, attn_implementation="eager")
    reader = ActReader(bert, len(TYPES), len(ROLES), len(STATUSES))
    reader.load_state_dict(torch.load(args.acts / "acts.pt", map_location="cpu"))
    export_acts(reader, json.loads(args.temperatures.read_text()), args.to)
    shutil.copy(Path(args.base) / "tokenizer.json", args.to / "tokenizer.json")
    labels |= {"type": TYPES, "roles": ROLES, "status": STATUSES}
    (args.to / "labels.json").write_text(json.dumps({"version": args.name, **labels}, indent=1))


if __name__ == "__main__":
    main()
