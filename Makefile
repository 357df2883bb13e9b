# Every target makes what it needs from a bare checkout with python3 (3.11 or 3.12), make and git.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed-$(shell cat requirements.lock pyproject.toml | cksum | tr ' ' -)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
export SCARF_ANALYTICS := false

.PHONY: help env demo down test test-nights lint bench clean destroy lock

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

env: $(STAMP)  ## Make .venv from requirements.lock; a second call does nothing

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' || \
		{ echo "Python 3.11 or 3.12 is needed; found: $$($(PYTHON) --version 2>&1). Try: make env PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python has no venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV) (about 900 MB, one to three minutes) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/installed-* && touch $@

demo: env  ## One night on an invented Wisconsin, by a real Airflow run
	@$(BIN)/p20w demo

down: env  ## Stop what demo or p20w up started
	@$(BIN)/p20w down

test: env  ## Everything that must hold
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

test-nights: env  ## Further nights by Airflow: unchanged, broken source, rollback
	@$(BIN)/python -m pytest -m "end_to_end" tests/end_to_end

lint: env  ## Style, types, imports, SQL
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfluff lint dbt_project/models

bench: env  ## Loading and the nightly run, as ratios
	@$(BIN)/p20w bench

clean:  ## Remove build products (not the home, not the data)
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dbt_project/target \
		dbt_project/logs *.egg-info
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

destroy: env  ## Remove the home with everything in it (asks first)
	@$(BIN)/p20w destroy

lock:  ## Renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --no-annotate --extra dev pyproject.toml -o requirements.lock
