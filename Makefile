# The targets of the project; `make` alone lists them.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
TESTS ?= tests
export HOST PORT

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.venv/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Python 3.11 or newer is needed (set PYTHON=...)"; exit 1)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || (echo "On Debian or Ubuntu: apt install python3-venv"; exit 1)
	@echo "Installing what running needs ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Installing what the tests need ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: .venv/run.stamp ## create .venv with what running needs

run: .venv/run.stamp ## the sample county on http://127.0.0.1:8000/ (HOST=, PORT=)
	@$(BIN)/python demo.py

test: .venv/test.stamp ## the whole suite, on SQLite, then on PostgreSQL where its server programs are installed
	@$(BIN)/python -m tests.run $(TESTS)

provider: .venv/test.stamp ## install the provider of sign-on that its tests run against (from npm's registry)
	@$(BIN)/python -m tests.provider

check: .venv/test.stamp ## formatting, lint, types, architecture
	@$(BIN)/ruff format --check --quiet . || (echo "make format mends this"; exit 1)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/pyright --warnings
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_architecture.py

acceptance: .venv/test.stamp ## run what proves a row of the founding documents, and write docs/acceptance.md
	@$(BIN)/python -m pytest -q -n 2 --acceptance docs/acceptance.md tests

bench: .venv/run.stamp ## measure import, publishing and changes, beside Hugo where it is installed (SIZES=, CORPUS=, ROUNDS=)
	@SIZES="$(SIZES)" CORPUS="$(CORPUS)" ROUNDS="$(ROUNDS)" $(BIN)/python -m bench

audit: .venv/test.stamp ## the sample site before the W3C's validator and Lighthouse (needs node and java)
	@$(BIN)/python -m tests.audit

format: .venv/test.stamp ## format the code
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

lock: ## requirements.in -> requirements.txt, with hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements-dev.in -c requirements.txt -o requirements-dev.txt

.PHONY: help install run test provider check bench audit format lock
