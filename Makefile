# run · test · check · bench · prove: the only commands anyone needs. Everything is installed into .venv; no root needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
JOBS ?= 2
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)

.PHONY: help run install dev test fast check bench prove lock screenshots
.DEFAULT_GOAL := help

help:
	@echo "make run           start everything: database, web, worker, simulator, demonstration region (PORT, SIM_PORT, OTKLIK_HOME)"
	@echo "make test          the whole suite    make fast   a minute of it: no servers, no browser"
	@echo "make check         style, types, import contracts, templates, migrations, catalogues"
	@echo "make bench         benchmarks, one JSON object a line (ONLY=name for one)"
	@echo "make prove         the long campaigns"
	@echo "make lock          compile requirements/*.in    make screenshots   pictures for the README"

run: install
	@exec $(BIN)/otklik up

install: $(VENV)/.app $(VENV)/.catalogues

dev: install $(VENV)/.dev

test: dev $(VENV)/.clients
	$(BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)

# What starts servers, simulators and browsers is left to `test`: this part is over in about a minute.
HEAVY := attack channels demo desk launch netsim
fast: dev
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not slow and not browser and not clients" \
		$(HEAVY:%=--ignore tests/%) $(ARGS)

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint otklik netsim --lint --check --quiet
	$(BIN)/otklik manage makemigrations --check --dry-run
	$(BIN)/otklik manage catalogue check
	$(BIN)/python -m pip check

bench: dev
	$(BIN)/python -m bench $(ONLY)

prove: dev
	OTKLIK_PROVE=1 $(BIN)/pytest -m prove -p no:randomly -s --timeout 0 $(ARGS)

screenshots: dev
	$(BIN)/python -m bench.screenshots

lock: dev
	cd requirements && ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header base.in -o base.txt
	cd requirements && ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header dev.in -o dev.txt

# Each step leaves a stamp, so a second run does only what has changed.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.base: requirements/base.txt $(VENV)/.made
	$(PIP) install --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.app: pyproject.toml $(VENV)/.base
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Clients that others wrote, in environments of their own: one of them pins a part that would bind ours.
$(VENV)/.clients: requirements/clients.txt tests/clients/package-lock.json $(VENV)/.made
	$(BIN)/python tests/clients/install.py
	@touch $@

$(VENV)/.catalogues: $(VENV)/.app $(CATALOGUES)
	$(BIN)/otklik manage catalogue compile
	@touch $@
