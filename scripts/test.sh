#!/bin/sh
# The test suite: first what can run side by side, then the browser, which gets the machine to itself.
# Lint and types are in `make check`.
set -u
cd "$(dirname "$0")/.."
failed=0
OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n 2 --dist loadfile -m "not slow and not browser" || failed=1
.venv/bin/python -m pytest tests/browser -m "not slow" || failed=1
exit $failed
