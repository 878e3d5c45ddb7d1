# The two commands of a newcomer are `make demo` and `make test`; both make everything they need.
# A plain Debian with python3, python3-venv and make is enough: Node comes as a wheel, git is not used.

PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
VENDOR := src/kedang/web/static/vendor
BENCHMARKS := $(filter-out __init__,$(basename $(notdir $(wildcard benchmarks/*.py))))
CATALOGUES := $(wildcard src/kedang/locale/*/LC_MESSAGES/django.po)
# Tools import the settings, and those make a secret in the home; this home is never used.
TOOLS := KEDANG_HOME=.mypy_cache/home KEDANG_DATABASE_URL= DJANGO_SETTINGS_MODULE=kedang.config.settings PYTHONUTF8=1

.PHONY: help setup demo test lint format bench soak control-mutation ci lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 22

setup: $(VENV)/.packages $(VENV)/.assets $(VENV)/.translations ## create .venv from the lock, fetch assets, compile translations

$(VENV)/.packages: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Kedang needs Python 3.11 or newer' >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.assets: $(VENV)/.packages package-lock.json scripts/assets.py src/kedang/web/icons.txt
	$(BIN)/python scripts/assets.py
	@touch $@

$(VENV)/.translations: $(VENV)/.packages scripts/translations.py $(CATALOGUES)
	$(BIN)/python scripts/translations.py compile
	@touch $@

demo: setup ## a sample company, ready to sign in to
	$(BIN)/kedang demo

test: setup ## the test suite, on SQLite and (where its server is installed) on PostgreSQL
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

lint: setup ## style, types, import contracts, translations, migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(TOOLS) $(BIN)/lint-imports
	$(TOOLS) $(BIN)/python -m django makemigrations --check --dry-run
	$(BIN)/python scripts/translations.py check
	$(TOOLS) $(BIN)/mypy src tests scripts $(wildcard benchmarks)

format: setup ## rewrite the code in its one style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## every benchmark (BENCHMARKS=search ARGS='--rows 10000' for one)
	@for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m "benchmarks.$$name" $(ARGS) || exit 1; done

soak: setup ## the long runs: kill -9 during imports, a million rows, a day of random deeds, ten years of limits
	$(BIN)/python -m pytest -m soak $(ARGS)

control-mutation: setup ## take every available control away in turn: its test must notice (ARGS='records' for one pack)
	$(BIN)/python scripts/control_mutation.py $(ARGS)

ci: ## what the server runs
	bash .ci/run

lock: ## renew requirements.lock and package-lock.json (needs uv and npm)
	uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock
	npm install --package-lock-only --ignore-scripts

clean: ## remove all that make made, but no data
	rm -rf $(VENV) node_modules $(VENDOR) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
