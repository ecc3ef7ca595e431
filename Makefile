# Two commands matter: make run, make test. Both need Python 3.11+, git and pip's registry; the second time, nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
PORT ?= 8000
SECONDS ?= 300
# uv keeps what pip put there (--inexact), installs what the lock file says and nothing else (--frozen), and compiles it:
# where PYTHONDONTWRITEBYTECODE is set, or nobody may write there, each start would compile 1,280 modules anew.
SYNC = UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode

.DEFAULT_GOAL := help
.PHONY: help run test coverage lint type slow quick check slower mutants fuzz bench docs sbom audit clean

help:  ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: $(VENV)/.run models/default/manifest.json  ## Set everything up and serve at http://127.0.0.1:8000
	@$(BIN)/disposisi serve --port $(PORT)

test: $(VENV)/.dev  ## Run the fast tests, on all cores
	$(BIN)/pytest -n auto

coverage: $(VENV)/.dev  ## Run the fast tests and tell which lines they reach (twice as long)
	$(BIN)/pytest -n auto --cov

lint: $(VENV)/.dev  ## Check style and the house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

type: $(VENV)/.dev  ## Check types
	$(BIN)/mypy

slow: $(VENV)/.dev  ## Run the tests that need minutes, a browser, PostgreSQL 15 or a fresh environment
	$(BIN)/pytest -m slow --durations=15

quick: lint type test  ## What a commit must pass: style, house rules, types, the fast tests (some 5 minutes)

# The slow tests come last: pytest's closing line then is the last one, so that the count of tests can be read off the end.
check: test slower  ## Everything that CI runs

slower: lint type slow

mutants: $(VENV)/.dev models/default/manifest.json  ## Change what decides, change by change, and see whether a test notices (MUTANTS='pipeline.text*' for a part)
	DISPOSISI_TEST_MODEL=$(CURDIR)/models/default $(BIN)/mutmut run $(MUTANTS)
	$(BIN)/mutmut results

fuzz: $(VENV)/.dev models/default/manifest.json  ## Fuzz what reads what others wrote, SECONDS=300 for each target (Linux, x86-64)
	for target in text readers artifact region; do $(BIN)/python -m tests.fuzz $$target --seconds $(SECONDS) || exit 1; done

bench: $(VENV)/.dev models/default/manifest.json  ## Measure what needs nothing but the project (Linux, about 8 minutes)
	for script in starter speed one_text latency server_costs; do $(BIN)/python benchmarks/$$script.py || exit 1; done

docs: $(VENV)/.dev  ## Build the documents as a site in site/
	$(BIN)/python docs/house.py > docs/images/house.svg
	$(BIN)/python docs/licences.py > docs/licences.md
	$(BIN)/zensical build --strict

sbom: $(BIN)/uv  ## Write the bill of materials (CycloneDX) of what is locked, without the tools of development
	@mkdir -p dist
	$(BIN)/uv export --quiet --frozen --format cyclonedx1.5 --all-extras --no-extra dev --output-file dist/sbom.cdx.json

audit: $(BIN)/uv  ## Ask osv.dev for known vulnerabilities of what is locked
	$(BIN)/uv audit --frozen --preview-features audit-command

clean:  ## Remove the environment and the default model
	rm -rf $(VENV) models/default mutants

models/default/manifest.json: | $(VENV)/.run
	@echo "No model yet: making models/default from the starter corpus (one to two minutes)."
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
