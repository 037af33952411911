"""Encoding with MiniLM against sentence-transformers' defaults, in one run: ratios, agreement, and the cache.

    python benchmarks/encoding.py [--tweets N] [--long N] [--repeats N]

Prints one JSON document. Both sides see the same distinct texts in the same order; they take turns, and a ratio is
the median over the turns, so that a busy machine slows both alike.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import pydoc_data.topics
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field

os.environ.setdefault("AMALGAM_HOME", tempfile.mkdtemp(prefix="amalgam-bench-"))

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from core.encode.frozen import FrozenEncoder
from core.encode.inference import usable_threads
from core.encode.model_files import locate, precision

TARGETS = {"tweets": 1.4, "long": 2.0, "cache": 200.0, "cosine": 0.999}
OPENINGS = ["@carrier", "hey @carrier", "so", "thanks @carrier,", "ugh,", "well", "@carrier please:", "update:"]
SUBJECTS = [
    "my flight",
    "the gate agent",
    "your app",
    "flight {n}",
    "my bag",
    "the crew",
    "row {n}",
    "the line at gate {n}",
]
EVENTS = [
    "was late again", "was great today", "never showed up", "left me waiting for {n} minutes", "made my day",
    "keeps crashing", "was cancelled without a word", "is the best I have had in {n} years", "lost my seat",
]  # fmt: skip
ENDINGS = ["", "!", " #fail", " thanks", " and nobody answers the phone", " - what now?", " http://t.co/{n}", " :("]


def tweets(n: int, chance: random.Random) -> list[str]:
    """Distinct short messages, one or two sentences each."""
    made: dict[str, None] = {}
    while len(made) < n:
        parts = [f"{chance.choice(SUBJECTS)} {chance.choice(EVENTS)}{chance.choice(ENDINGS)}"]
        parts += [f"{chance.choice(SUBJECTS)} {chance.choice(EVENTS)}" for _ in range(chance.choice([0, 0, 1, 2]))]
        text = f"{chance.choice(OPENINGS)} {'. '.join(parts)}"
        made[text.replace("{n}", str(chance.randint(2, 4999)))] = None
    return list(made)


def long_texts(n: int, chance: random.Random) -> list[str]:
    """Pieces of Python's own manual, 120 to 400 words each."""
    words = " ".join(pydoc_data.topics.topics.values()).split()
    starts = [chance.randrange(len(words) - 400) for _ in range(n)]
    return [" ".join(words[start : start + chance.randint(120, 400)]) for start in starts]


@dataclass
class Times:
    """Of one way: seconds by the clock and of the processor, per turn."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def in_turns(ways: dict[str, Callable[[], np.ndarray]], repeats: int) -> tuple[dict[str, Times], dict[str, np.ndarray]]:
    """Times and result of each way, run alternately after one warm-up."""
    times = {name: Times() for name in ways}
    results = {name: way() for name, way in ways.items()}
    for _ in range(repeats):
        for name, way in ways.items():
            clock, processor = time.perf_counter(), time.process_time()
            results[name] = way()
            times[name].clock.append(time.perf_counter() - clock)
            times[name].processor.append(time.process_time() - processor)
    return times, results


def times_as_fast(slow: list[float], fast: list[float]) -> float:
    """The median over turns of how many times as fast: what disturbs one turn disturbs both sides of it."""
    return statistics.median(one / other for one, other in zip(slow, fast, strict=True))


def measured(texts: list[str], peer: SentenceTransformer, repeats: int) -> dict[str, float]:
    """One kind of text: ours without cache, the peer, and ours from the cache."""
    plain = FrozenEncoder().fit(texts)
    with tempfile.TemporaryDirectory() as folder:
        cached = FrozenEncoder(cache_folder=folder).fit(texts)
        ways = {
            "peer": lambda: peer.encode(texts),
            "ours": lambda: plain.transform(texts),
            "cache": lambda: cached.transform(texts),
        }
        times, rows = in_turns(ways, repeats)
    cosine = (rows["ours"] * rows["peer"]).sum(axis=1) / np.linalg.norm(rows["peer"], axis=1)
    return {
        "texts": len(texts),
        "peer_seconds": round(statistics.median(times["peer"].clock), 3),
        "our_seconds": round(statistics.median(times["ours"].clock), 3),
        "cache_seconds": round(statistics.median(times["cache"].clock), 5),
        "ratio": round(times_as_fast(times["peer"].clock, times["ours"].clock), 2),
        "processor_ratio": round(times_as_fast(times["peer"].processor, times["ours"].processor), 2),
        "cache_ratio": round(times_as_fast(times["ours"].clock, times["cache"].clock), 1),
        "lowest_cosine": round(float(cosine.min()), 6),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tweets", type=int, default=400)
    parser.add_argument("--long", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    chance = random.Random(0)
    peer = SentenceTransformer(str(locate("minilm").folder), device="cpu")
    results = {
        "tweets": measured(tweets(options.tweets, chance), peer, options.repeats),
        "long": measured(long_texts(options.long, chance), peer, options.repeats),
    }
    reached = {name: results[name]["ratio"] >= TARGETS[name] for name in results}
    reached["cache"] = min(one["cache_ratio"] for one in results.values()) >= TARGETS["cache"]
    reached["cosine"] = min(one["lowest_cosine"] for one in results.values()) >= TARGETS["cosine"]
    machine = {
        "processor": platform.processor() or platform.machine(),
        "cores": usable_threads(None),
        "capability": torch.backends.cpu.get_cpu_capability(),
        "precision": str(precision()),
        "torch": torch.__version__,
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }
    print(json.dumps({"results": results, "targets": TARGETS, "reached": reached, "machine": machine}, indent=2))


if __name__ == "__main__":
    main()
