# demo: set up, render the sample dataset, start the app.   test: set up with the browser, run the tests.
# test-postgres: what meets the database once more, on a PostgreSQL server of Debian's that lives as long as the tests.
# screenshots: pictures of every page, light and dark, for the README (trains for about ten minutes first).
# Everything is installed into .venv; the only system packages asked for are Debian's python3-venv and chromium.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
ON_POSTGRES := api background batches doubts login openapi reviewed_bias shifts worker
ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
SHELL := /bin/sh

.PHONY: demo serve test test-postgres postgres slow check screenshots browser clean

demo: $(VENV)/.app
	$(BIN)/respot demo

serve: $(VENV)/.app
	$(BIN)/respot serve

test: $(VENV)/.dev browser
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --dist loadfile

test-postgres: $(VENV)/.dev postgres
	pg_virtualenv -t -o fsync=off -o full_page_writes=off env RESPOT_TEST_DATABASE_URL=postgresql:// \
	    $(BIN)/pytest -m "not slow and not browser" tests/storage $(ON_POSTGRES:%=tests/app/test_%.py)

slow: $(VENV)/.dev browser
	$(BIN)/pytest -m slow

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports

screenshots: $(VENV)/.dev browser
	$(BIN)/python -m tests.screenshots

$(BIN)/uv:
	@test -n "$(PYTHON)" || \
	    { echo "Respot needs Python 3.11 or newer and found none. Install it, or run: make PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || \
	    { echo "Python's venv module is missing; installing Debian's python3-venv"; \
	      $(ROOT) apt-get update -q && $(ROOT) apt-get install -y -q python3-venv; } || \
	    { echo "Please install python3-venv (as root: apt-get install python3-venv), then run make again"; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv

$(VENV)/.app: pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install --python $(BIN)/python -e .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install --python $(BIN)/python -e . --group dev
	@touch $@ $(VENV)/.app

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	    { echo "No Chromium found; installing Debian's chromium for the browser tests"; \
	      $(ROOT) apt-get update -q && $(ROOT) apt-get install -y -q chromium; } || \
	    { echo "Please install Chromium (as root: apt-get install chromium), then run make test again"; exit 1; }

postgres:
	@command -v pg_virtualenv >/dev/null || \
	    { echo "No PostgreSQL found; installing Debian's for the tests"; \
	      $(ROOT) apt-get update -q && $(ROOT) apt-get install -y -q postgresql; } || \
	    { echo "Please install PostgreSQL (as root: apt-get install postgresql), then run make test-postgres"; exit 1; }

clean:
	rm -rf $(VENV) build dist
