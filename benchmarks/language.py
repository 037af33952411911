"""The language lab: how fast the bundled model writes, and how fast networks train.

python -m benchmarks.language [--tokens N] [--repeats N]
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from benchmarks._generation import generation
from benchmarks._machine import machine
from benchmarks._training_speed import training


def main() -> None:
    if os.environ.get("OMP_WAIT_POLICY"):  # it slows the peer and not the engine (README.md)
        sys.exit("OMP_WAIT_POLICY is set: the comparison would not be fair. Unset it and start again.")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=128, help="of each text")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    found = {"training": training(), "generation": generation(options.tokens, options.repeats)}
    print(json.dumps({"results": found, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
