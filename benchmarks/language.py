"""The language lab: how fast the bundled model writes, and how fast networks train.

python -m benchmarks.language [--tokens N] [--repeats N]
"""

from __future__ import annotations

import argparse
import json

from benchmarks._generation import generation
from benchmarks._machine import machine
from benchmarks._training_speed import training


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=128, help="of each text")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    found = {"training": training(), "generation": generation(options.tokens, options.repeats)}
    print(json.dumps({"results": found, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
