.DEFAULT_GOAL := help
.PHONY: help setup setup-dev models run test test-slow mutants fuzz soak sbom audit trial bench peers check house docs screenshots format words package clean
PORT ?= $(or $(AMALGAM_PORT),8501)
DATA ?=
TORCH ?=
PYTHON ?= python3
SECONDS ?= 60
MINUTES ?= 60

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | awk -F'\t' '{printf "  %-12s %s\n", $$1, $$2}'

setup:  ## Make a ready .venv (TORCH=URL of a package index with the torch build you want)
	@TORCH="$(TORCH)" sh scripts/setup.sh run

setup-dev:  ## The same with what tests and checks need
	@TORCH="$(TORCH)" sh scripts/setup.sh test

models: setup  ## Fetch a larger language model, 1.1 GB, that writes from then on; everything works without it
	@.venv/bin/python -m core models add qwen2.5-coder-1.5b-instruct-q4_k_m

run: setup  ## Open the dashboard (PORT=8501)
	@AMALGAM_PORT=$(PORT) exec .venv/bin/python app.py

test: setup-dev  ## Run the test suite
	@sh scripts/test.sh

test-slow: setup-dev  ## Run the slow tests
	@.venv/bin/python -m pytest -m slow

mutants: setup-dev  ## Plant 200 small faults, one at a time, and see which the tests notice
	@nice -n 10 .venv/bin/python -m scripts.mutants

fuzz: setup-dev  ## Attack routes, websocket, bundles and readers with inputs nobody thought of (SECONDS=60; REPLAY=1: those that failed)
	@.venv/bin/python -m scripts.fuzz --seconds $(SECONDS) $(if $(REPLAY),--replay)

soak: setup-dev  ## Load a server over and over and see that it does not grow (MINUTES=60)
	@.venv/bin/python -m benchmarks.soak --minutes $(MINUTES)

# An environment of its own, as for the docs.
build/audit/ready: requirements-audit.txt
	@[ -x build/audit/bin/python ] || $(PYTHON) -m venv build/audit
	@build/audit/bin/python -m pip install -q --disable-pip-version-check -r requirements-audit.txt && touch $@

sbom: setup-dev build/audit/ready  ## List what is installed for use, in the form of CycloneDX: build/sbom.json
	@.venv/bin/python -m scripts.installed sbom

audit: setup-dev build/audit/ready  ## Look up known weaknesses of what is installed for use
	@.venv/bin/python -m scripts.installed audit

trial: setup-dev  ## Repeat the main journeys on real files: make trial DATA=folder
	@if [ -z "$(DATA)" ] || [ ! -d "$(DATA)" ]; then echo "There is no folder “$(DATA)”. Say where the real files are: make trial DATA=folder"; exit 2; fi
	@AMALGAM_TRIAL_DATA="$(abspath $(DATA))" .venv/bin/python -m pytest tests/trial -m "slow or not slow"

bench: setup-dev  ## Measure speed, memory and quality (DATA=folder with the real tables)
	@AMALGAM_TRIAL_DATA="$(if $(DATA),$(abspath $(DATA)))" .venv/bin/python -m benchmarks

# An environment of its own: peers want other versions, and bring the tables that ours has no use for.
peers:  ## Install what `python -m benchmarks.quality` compares with, some 3 GB: AutoGluon, and packages with tables
	@[ -x build/peers/bin/python ] || $(PYTHON) -m venv build/peers
	@build/peers/bin/python -m pip install -q --disable-pip-version-check -r requirements-peers.txt
	@build/peers/bin/python -m pip install -q --disable-pip-version-check --no-deps -r requirements-tables.txt

# Without the conftest: what all tests share loads torch, for seconds.
check: setup-dev  ## Lint, types, imports
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/python -m pytest --noconftest tests/test_house.py

house: setup-dev  ## List the rooms, and what stands against the rules of the house
	@.venv/bin/python -m scripts.house

# An environment of its own: building the pages needs none of what the app needs.
docs:  ## Build the documentation: build/site/index.html opens it, without a server or a network
	@[ -x build/docs/bin/mkdocs ] || $(PYTHON) -m venv build/docs
	@build/docs/bin/python -m pip install -q --disable-pip-version-check -r requirements-docs.txt
	@NO_MKDOCS_2_WARNING=1 build/docs/bin/python -m mkdocs build --strict

screenshots: setup-dev  ## Take the pictures of the documentation anew, from the running app
	@.venv/bin/python -m scripts.screenshots

format: setup-dev  ## Format the code
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

words: setup-dev  ## Bring the catalogues up to date with the words in the code
	@.venv/bin/python scripts/words.py

package: setup-dev  ## Build a wheel that pip, pipx and uv can install: build/amalgam-*.whl
	@.venv/bin/python -m hatchling build -t wheel -d build

clean:  ## Remove what setup and tests made
	@rm -rf .venv .mypy_cache .ruff_cache .hypothesis build
