"""Record what a comparison told its estimator and when: the recorded runs that the estimator is tested on.

``python -m benchmarks.pace TABLE TARGET OUT.json --budget 300`` runs the default comparison once. The file holds the
folds, the budget and every call with its second.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from core.__main__ import main as amalgam
from core.compare import runner as comparing
from core.compare.estimator import Estimator

TOLD = ("expect", "probed", "expect_encoding", "under_way", "finished", "refitted", "drop")
EVERY_SECONDS = 1.0  # between two looks at how far a fold is


def recorded(calls: list[dict[str, Any]]) -> type[Estimator]:
    """An estimator that also writes down what it is told."""

    class Recorded(Estimator):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            calls.append({"call": "begin", "given": list(given), "named": {**named}, "at": 0.0})

    def noted(name: str) -> Any:
        inner = getattr(Estimator, name)

        def call(self: Estimator, *given: Any) -> None:
            at = time.monotonic() - self.began
            if name != "under_way" or at - calls[-1]["at"] >= EVERY_SECONDS:
                calls.append({"call": name, "given": list(given), "at": round(at, 2)})
            inner(self, *given)

        return call

    for name in TOLD:
        setattr(Recorded, name, noted(name))
    return Recorded


def main() -> None:
    """Run one comparison and write what was told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("target")
    parser.add_argument("out", type=Path)
    parser.add_argument("--budget", default=None)
    parser.add_argument("--rows", default=None)
    chosen = parser.parse_args()
    calls: list[dict[str, Any]] = []
    comparing.Estimator = recorded(calls)
    flags = ["--budget", chosen.budget] if chosen.budget else []
    flags += ["--rows", chosen.rows] if chosen.rows else []
    code = amalgam(["compare", str(chosen.table), "--target", chosen.target, *flags])
    chosen.out.write_text(json.dumps(calls, indent=0))
    sys.exit(code)


if __name__ == "__main__":
    main()
