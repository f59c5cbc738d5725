"""Run the fuzz targets for a stated time each, from seeds made of our samples.

``python benchmarks/fuzz/run.py [--minutes 10] [--target extract] [--keep FOLDER]`` prints JSON: inputs
tried, new ones kept because they reached new code, and inputs that broke something, which are saved in
FOLDER (by default the working folder). Exits 1 when there is any.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import zstandard

HERE = Path(__file__).parent
HOSTILE = HERE.parent / "hostile"
TARGETS = ("extract", "times", "inputs")
# Largest input in bytes, and seconds after which one counts as a hang.
LENGTHS = {"extract": 20_000, "times": 2_000, "inputs": 20_000}
TIMEOUT = 60


def seeds(target: str) -> list[bytes]:
    """First inputs of a target; the first byte is the choice that the target makes."""
    samples = files("dateline").joinpath("samples")
    pages = [
        f.read_bytes()
        for f in sorted(samples.iterdir(), key=str)
        if f.name[-4:] in {"html", ".txt"}
    ]
    if target == "extract":
        return [bytes([n]) + page for page in pages for n in (0, 1, 128)]
    if target == "times":
        lines = (HOSTILE / "dates.txt").read_text("utf-8").splitlines()
        lines += [line for page in pages for line in page.decode().splitlines() if len(line) > 60]
        return [bytes([n % 6]) + line.encode() for n, line in enumerate(lines)]
    return archives(pages)


def archives(pages: list[bytes]) -> list[bytes]:
    """Small archives of each format, plain and packed."""
    row = {
        "url": "https://osk.example/1",
        "text": "Talks resumed.",
        "published": 1739395200,
        "title": "A",
    }
    lines = (json.dumps(row) + "\n").encode() * 2
    cells = b'url,text,title\nhttps://osk.example/1,"One, ""two"".\n\nThree.",A\n'
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=latin-1\r\n\r\n<p>Caf\xe9</p>"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    coded = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(
        b"<p>x</p>", mtime=0
    )
    records = b"".join(
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://osk.example/1\r\nContent-Type: "
        b"application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(body), body)
        for body in (http, chunked, coded)
    )
    plain = {
        0: pages[0][:2000],
        1: lines,
        2: cells,
        3: cells.replace(b",", b"\t"),
        4: records,
        5: lines,
    }
    made = [bytes([n + 6 * (k // 6)]) + data for n, data in plain.items() for k in (0, 120, 180)]
    packed = [
        gzip.compress(lines, mtime=0),
        zstandard.compress(records),
        gzip.compress(records, mtime=0),
    ]
    return made + [bytes([n]) + data for n in (1, 4, 5) for data in packed]


def fuzz(target: str, minutes: float, keep: Path) -> dict[str, Any]:
    """One target for a time; after a crash it goes on with another seed, till the time is over."""
    start, tried, crashes = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name)
        for number, data in enumerate(seeds(target)):
            (corpus / f"seed{number:03}").write_bytes(data)
        given = len(list(corpus.iterdir()))
        while (left := minutes * 60 - (time.monotonic() - start)) > 5:
            done = run_target(target, corpus, round(left), crashes + 1, keep)
            tried += _executions(done.stderr)
            if done.returncode != 0:
                crashes += 1
                print(done.stderr[-3000:], file=sys.stderr)
        kept = len(list(corpus.iterdir())) - given
    spent = (time.monotonic() - start) / 60
    return {
        "target": target,
        "minutes": round(spent, 1),
        "inputs": tried,
        "kept": kept,
        "crashes": crashes,
    }


def run_target(
    target: str, corpus: Path, seconds: int, seed: int, keep: Path
) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        str(HERE / f"{target}.py"),
        str(corpus),
        f"-max_total_time={seconds}",
    ]
    command += [f"-seed={seed}", f"-max_len={LENGTHS[target]}", f"-timeout={TIMEOUT}"]
    command += [f"-artifact_prefix={keep}/{target}-", "-rss_limit_mb=4000", "-print_final_stats=1"]
    return subprocess.run(command, capture_output=True, text=True, errors="replace")


def _executions(log: str) -> int:
    found = re.findall(r"number_of_executed_units:\s*(\d+)", log) or re.findall(
        r"^#(\d+)\s", log, re.M
    )
    return int(found[-1]) if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--target", action="append", choices=TARGETS)
    parser.add_argument("--keep", type=Path, default=Path.cwd())
    args = parser.parse_args()
    reports = []
    for target in args.target or TARGETS:
        reports.append(fuzz(target, args.minutes, args.keep))
        print(json.dumps(reports[-1]), flush=True)
    sys.exit(any(report["crashes"] for report in reports))


if __name__ == "__main__":
    main()
