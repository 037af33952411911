"""``make bench``: every benchmark in turn, each printing one JSON document."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ASKED_FOR = {  # by themselves
    "soak",  # an hour of `make soak`
    "pace",  # what the estimator is tested on is recorded anew
    "quality",  # hours, and peers that `make peers` installs
    "portfolio",  # writes the order that the automatic choice follows
}


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
