# Two commands for a new user: `make demo` and `make test`. Everything goes into .venv; nothing outside is touched.
# Another interpreter: make test PYTHON=python3.12. Tests run in two processes; more or fewer: make test JOBS=4

PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$candidate; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
JOBS ?= 2
# Neighbours stay in one process, so that it makes what a module's tests share; who is done takes from the other's end.
PYTEST := $(BIN)/python -m pytest --numprocesses $(JOBS) --dist worksteal
DEMO := luohu-red-packets-2020
PACKAGES := wallets sandbox reports

# Runs a command and shows what it printed only if it fails.
quietly = output=$$($(1) 2>&1) || { printf '%s\n' "$$output"; exit 1; }

.PHONY: help demo test test-slow test-plain test-all check lint types bench reference messages clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo       install into .venv, run $(DEMO), say where the report is and how to go on'
	@echo 'make test       the suite without slow tests'
	@echo 'make test-slow  the slow tests alone'
	@echo 'make test-plain every verb and scenario with the package alone, on each Python, and with the lowest versions'
	@echo 'make test-all   the whole suite, slow tests and hunts of many minutes too'
	@echo 'make check      lint, types, doctests, tests; quiet when green'
	@echo 'make bench      measure speed and memory'
	@echo 'make reference  write the generated pages of docs/ again'
	@echo 'make messages   collect what is to be translated; bring translations up to it and compile them'
	@echo 'make clean      remove .venv and what builds and tests leave'

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then echo 'Python 3.11 or newer is needed: apt-get install python3 python3-venv' >&2; exit 1; fi
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'Python lacks its venv module: apt-get install python3-venv' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml | $(BIN)/python
	@echo 'Installing into $(VENV) (once) ...'
	@$(PIP) install --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	@$(PIP) install --editable '.[dev]'
	@touch $@

demo: $(INSTALLED)
	@$(BIN)/ecny-sandbox run $(DEMO) --force
	@echo
	@echo 'Next: $(BIN)/ecny-sandbox list'
	@echo 'Or type `. $(BIN)/activate` once in this terminal; then the command is just: ecny-sandbox'

test: $(INSTALLED_DEV)
	@$(PYTEST) -m 'not slow and not long'

test-slow: $(INSTALLED_DEV)
	@$(PYTEST) -m slow

test-plain: $(INSTALLED_DEV)
	@$(BIN)/python tools/environments.py

test-all: $(INSTALLED_DEV)
	@$(PYTEST)

lint: $(INSTALLED_DEV)
	@$(call quietly,$(BIN)/ruff check .)

types: $(INSTALLED_DEV)
	@$(call quietly,$(BIN)/mypy)

check: lint types
	@$(call quietly,$(PYTEST) -m 'not slow and not long')

bench: $(INSTALLED)
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.experiments

reference: $(INSTALLED)
	@$(BIN)/python -m sandbox.reference

messages: $(INSTALLED_DEV)
	@$(BIN)/python -m tools.messages

clean:
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
