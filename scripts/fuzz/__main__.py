"""``make fuzz SECONDS=60``: every target in turn, each for its share of the time; one line of JSON for each.

    python -m scripts.fuzz [--seconds 60] [--target routes frames bundles readers] [--seed N] [--replay]

Each target runs in a process of its own, so that one that dies of a crash is a fault among others. What was found lies
in ``build/fuzz``; ``--replay`` tries again what has failed before, and nothing else.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import settings

from scripts.fuzz.hunt import KEPT, Hunt

TARGETS = ("routes", "frames", "bundles", "readers")
SERVED = {"routes", "frames"}


def hunted(name: str, seconds: float, seed: int, replay: bool) -> dict[str, Any]:
    """Attack one target.  →  what is told of it"""
    hunt, module = Hunt(name), importlib.import_module(f"scripts.fuzz.{name}")
    attack: Callable[..., None] = partial(module.attack, hunt)
    begun = time.monotonic()
    with ExitStack() as stack:
        if name in SERVED:
            served = importlib.import_module("scripts.fuzz.served")
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            attack = partial(attack, attacked=stack.enter_context(served.attacked(folder)))

        def one(chosen: settings, number: int) -> None:
            attack(chosen=chosen, number=number)

        if replay:
            hunt.replay(one)
        else:
            hunt.run(one, seconds, seed)
    return {
        "target": name,
        "executions": hunt.executions,
        "faults": len(hunt.faults),
        "slowest_seconds": round(hunt.slowest_seconds, 2),
        "seconds": round(time.monotonic() - begun),
        "seed": seed,
    } | ({"found": hunt.faults} if hunt.faults else {})


def main() -> int:
    """Attack them all, or one here if the time is all its own.  →  0 if nothing was found"""
    parser = argparse.ArgumentParser(prog="scripts.fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--target", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--replay", action="store_true", help="only what has failed before")
    parser.add_argument("--here", action="store_true", help="one target, in this process")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(10**9) if options.seed is None else options.seed
    if options.here:
        told = hunted(options.target[0], options.seconds, seed, options.replay)
        print(json.dumps(told, ensure_ascii=False), flush=True)
        return int(bool(told["faults"]))
    failed = 0
    for name in options.target:
        share = str(options.seconds / len(options.target))
        command = [sys.executable, "-m", "scripts.fuzz", "--here", "--target", name, "--seconds", share]
        command += ["--seed", str(seed), *(["--replay"] if options.replay else [])]
        code = subprocess.run(command, check=False).returncode
        if code < 0:
            print(json.dumps({"target": name, "faults": 1, "found": f"died of signal {-code}"}), flush=True)
        failed += code != 0
    if failed:
        print(f"What was found lies in {KEPT}; make fuzz REPLAY=1 tries it again.", file=sys.stderr)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
