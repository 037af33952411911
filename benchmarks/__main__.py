"""``make bench``: every benchmark in turn, each printing one JSON document."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ASKED_FOR = {"soak", "pace"}  # by themselves: an hour of `make soak`; what the estimator is tested on is recorded anew


def main() -> int:
    """Run each benchmark in a process of its own.  →  0 if all ran"""
    failed = 0
    for path in sorted(HERE.glob("*.py")):
        if not path.name.startswith("_") and path.stem not in ASKED_FOR:
            print(f"== {path.stem}", flush=True)
            failed += subprocess.run([sys.executable, "-m", f"benchmarks.{path.stem}"], check=False).returncode != 0
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
