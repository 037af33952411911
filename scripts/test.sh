#!/bin/sh
# The test suite. Tests that start browsers and servers run by themselves after the quick ones, which share the cores.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
exec .venv/bin/python -m pytest "$@"
