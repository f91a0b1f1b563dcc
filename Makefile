# Everything a person types. Needs python3 (3.11 or newer), git and make; the rest is set up in .venv.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
.PHONY: help setup setup-dev chromium run test lint typecheck bench screenshots charts clean

PYTHON ?= python3
PORT ?= 8050
WORKERS ?= 3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PORT

help: ## this list
	@echo "Segment Atlas: make TARGET"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

setup: $(VENV)/runtime.stamp ## .venv with the pinned packages (at once when nothing changed)

setup-dev: $(VENV)/dev.stamp ## the same with what tests, lint and types need

run: setup ## the app on http://127.0.0.1:8050 (PORT=9000 make run: another port)
	@SEGMENT_ATLAS_PARENT=$$PPID exec $(BIN)/python -m webapp.serve

test: setup-dev chromium ## every test, in the browser too where a Chromium can be had
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup-dev ## ruff, its format, and the layers of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

typecheck: setup-dev ## mypy
	@$(BIN)/mypy core webapp

bench: setup-dev ## our figures: speed, memory, agreement with the planted segments
	@$(BIN)/python -m bench

screenshots: setup-dev chromium ## the README's pictures, from the running app
	@$(BIN)/python -m tests.browser.screenshots

charts: ## assets/plotly-atlas.min.js anew, after a change of tools/plotly (needs node and npm)
	@cd tools/plotly && npm ci --ignore-scripts --no-audit --no-fund && node node_modules/esbuild/install.js && node build.cjs

clean: ## remove .venv and caches; your data in var/ stays
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Segment Atlas needs Python 3.11 or newer; $$($(PYTHON) --version) is here. With another one: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  { $(as_root) apt-get update -q && as_root apt-get install -y -q python3-venv; } >/dev/null 2>&1; } || { \
	  echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The environment $(VENV) could not be made (above: why)."; exit 1; }

$(VENV)/runtime.stamp: requirements.txt | $(BIN)/python
	@echo "Installing the pinned packages into $(VENV) (once)"
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/runtime.stamp
	@echo "Installing the packages for tests into $(VENV)"
	@$(PIP) install -r requirements-dev.txt
	@touch $@

# Runs what follows as root where that needs no question, else fails quietly.
as_root = as_root() { \
  command -v apt-get >/dev/null || return 1; \
  if [ "$$(id -u)" = 0 ]; then "$$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$$@"; else return 1; fi; \
  }; DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; as_root

chromium:
	@found() { for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do \
	    command -v $$name >/dev/null && return 0; \
	  done; return 1; }; \
	found && exit 0; \
	echo "No Chromium here: trying to install it for the browser tests"; \
	{ $(as_root) apt-get update -q && { as_root apt-get install -y -q --no-install-recommends chromium-headless-shell || \
	    as_root apt-get install -y -q --no-install-recommends chromium; }; } >/dev/null 2>&1; \
	found || echo "Chromium could not be installed: the browser tests will be SKIPPED. On Debian: sudo apt-get install chromium"
