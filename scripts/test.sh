#!/bin/sh
# The test suite. Lint and types are in `make check`.
set -eu
cd "$(dirname "$0")/.."
exec .venv/bin/python -m pytest "$@"
