# The two main targets are run and test. Both need Python 3.11 or newer and git, and the network only the first time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
PORT ?= 8000
SECONDS ?= 300
# --frozen installs exactly what the lock file says; --inexact keeps what pip installed, uv itself. Without
# --compile-bytecode each start would compile 1,280 modules again where PYTHONDONTWRITEBYTECODE is set or the
# environment is read-only.
SYNC = UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode

.DEFAULT_GOAL := help
.PHONY: help run test coverage lint type slow quick check slower mutants fuzz bench docs sbom audit clean

help:  ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: $(VENV)/.run models/default/manifest.json  ## Set everything up and serve the desk at http://127.0.0.1:8000
	@$(BIN)/disposisi serve --port $(PORT)

test: $(VENV)/.dev  ## Run the fast tests, on all cores
	$(BIN)/pytest -n auto --dist worksteal

coverage: $(VENV)/.dev  ## Run the fast tests and report line coverage (takes twice as long)
	$(BIN)/pytest -n auto --dist worksteal --cov

lint: $(VENV)/.dev  ## Check style, formatting and which package imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

type: $(VENV)/.dev  ## Check types
	$(BIN)/mypy

slow: $(VENV)/.dev  ## Run the tests that need minutes, a browser, PostgreSQL 15 or a fresh environment
	$(BIN)/pytest -m slow --durations=15

quick: lint type test  ## Run what a commit must pass: lint, type and test (about 5 minutes)

# The slow tests run last, so that the output ends with pytest's summary line.
check: test slower  ## Run everything that CI runs

slower: lint type slow

mutants: $(VENV)/.dev models/default/manifest.json  ## Mutation-test the code that decides (MUTANTS='pipeline.text*' for a part of it)
	DISPOSISI_TEST_MODEL=$(CURDIR)/models/default $(BIN)/mutmut run $(MUTANTS)
	$(BIN)/mutmut results

fuzz: $(VENV)/.dev models/default/manifest.json  ## Fuzz the code that reads foreign input, SECONDS=300 per target (Linux, x86-64)
	for target in text readers artifact region; do $(BIN)/python -m tests.fuzz $$target --seconds $(SECONDS) || exit 1; done

bench: $(VENV)/.dev models/default/manifest.json  ## Run the benchmarks that need no outside data (Linux, about 8 minutes)
	for script in starter speed one_text latency server_costs; do $(BIN)/python benchmarks/$$script.py || exit 1; done

docs: $(VENV)/.dev  ## Build the documentation site in site/
	$(BIN)/python docs/house.py > docs/images/house.svg
	$(BIN)/python docs/licences.py > docs/licences.md
	$(BIN)/zensical build --strict

sbom: $(BIN)/uv  ## Write a bill of materials (CycloneDX) of the locked packages, without development tools
	@mkdir -p dist
	$(BIN)/uv export --quiet --frozen --format cyclonedx1.5 --all-extras --no-extra dev --output-file dist/sbom.cdx.json

audit: $(BIN)/uv  ## Check the locked packages for known vulnerabilities at osv.dev
	$(BIN)/uv audit --frozen --preview-features audit-command

clean:  ## Remove the environment and the default model
	rm -rf $(VENV) models/default mutants

models/default/manifest.json: | $(VENV)/.run
	@echo "No model yet: training models/default on the starter corpus (one to two minutes)."
	@$(BIN)/disposisi train --out models/default

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Disposisi needs Python 3.11 or newer; $(PYTHON) is older. Try: make run PYTHON=python3.12"; exit 1; }
	@echo "Creating the environment $(VENV)."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.run: pyproject.toml uv.lock | $(BIN)/uv
	@$(SYNC)
	@touch $@

$(VENV)/.dev: pyproject.toml uv.lock | $(BIN)/uv
	@$(SYNC) --all-extras
	@touch $@ $(VENV)/.run
