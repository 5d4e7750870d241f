# Needs Python 3.11 or newer, git and make; everything else goes into .venv.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
MESSAGES := build/messages.pot
PEER := build/red-dwarf

.DEFAULT_GOAL := help
.PHONY: help demo test check endurance bench peer lock format translations wheel clean run-tests check-code chromium

help:
	@echo "make demo [PORT=8000] [HOST=127.0.0.1]   install, fill with demo people and serve until Ctrl-C"
	@echo "make test [ARGS='-k votes']              every test, on SQLite, PostgreSQL and in a browser"
	@echo "make check                               linters, types, layers, templates, translations, then the tests"
	@echo "make endurance                           64 people vote on 500 comments through two servers"
	@echo "make bench | lock | format | translations | wheel | clean"

demo: $(VENV)/runtime.stamp
	@exec $(BIN)/consult demo --host $(HOST) --port $(PORT)

test: $(VENV)/development.stamp chromium run-tests

run-tests:
	@echo "Tests"
	@$(BIN)/python -m pytest -n logical --dist loadgroup --quiet $(ARGS)

check: $(VENV)/development.stamp check-code chromium run-tests

check-code:
	@echo "Lint"; $(BIN)/ruff check --quiet --output-format concise
	@echo "Format"; $(BIN)/ruff format --check --quiet
	@echo "Types"; $(BIN)/mypy --no-error-summary
	@mkdir -p build; echo "Layers"; $(BIN)/lint-imports > build/layers.txt || { cat build/layers.txt; exit 1; }
	@echo "Templates"; $(BIN)/djlint --lint --quiet templates
	@echo "Agendas"; $(BIN)/python -m tests.agenda_score
	@echo "Translations"; $(BIN)/python .ci/translations.py
	@if [ -f .ci/vendor/check.py ]; then echo "Vendored files"; $(BIN)/python .ci/vendor/check.py; fi

endurance: $(VENV)/development.stamp
	@CONSULT_ENDURANCE=1 $(BIN)/python -m pytest --quiet tests/web/test_votes_at_once.py

bench: $(VENV)/development.stamp peer
	@test ! -x $(PEER)/bin/python || export BENCH_RED_DWARF=$(CURDIR)/$(PEER)/bin/python; \
	for figure in $(basename $(notdir $(sort $(wildcard bench/[a-z]*.py)))); do \
		echo "Bench: $$figure"; $(BIN)/python -m bench.$$figure || exit 1; \
	done
	@echo "Tables and picture"; $(BIN)/python -m bench._report

# What opinion groups are measured against: in an environment of its own, since the project does not need it.
peer: $(VENV)/development.stamp
	@test -x $(PEER)/bin/python && $(PEER)/bin/python -c 'import reddwarf' 2> /dev/null || { \
		echo "Installing red-dwarf, to measure against it"; \
		$(PYTHON) -m venv $(PEER) && $(PEER)/bin/python -m pip --quiet --disable-pip-version-check install red-dwarf==0.4.0 \
		|| { echo "red-dwarf cannot be installed here: that side will be missing" >&2; rm -rf $(PEER); }; }

lock: $(VENV)/development.stamp
	@$(PIP) install uv
	@$(BIN)/python .ci/lock.py

format: $(VENV)/development.stamp
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet

# Puts new sentences into the catalogues and drops those that no page says any more.
translations: $(VENV)/development.stamp
	@$(BIN)/python .ci/translations.py --extract $(MESSAGES)
	@for language in kk ru; do \
		catalogue=consult/translations/$$language/LC_MESSAGES/messages.po; \
		test -f $$catalogue && command=update || command=init; \
		$(BIN)/pybabel --quiet $$command -i $(MESSAGES) -o $$catalogue -l $$language -w 110 \
			$$(test $$command = init || echo --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date); \
	done

wheel: $(VENV)/development.stamp
	@rm -rf build/lib
	@$(BIN)/python -m build --no-isolation --wheel --outdir dist > build/wheel.txt 2>&1 || { cat build/wheel.txt; exit 1; }
	@ls -t dist/*.whl | head -n 1

clean:
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# A stamp says that the lock file was installed; a second run finds it and starts at once.
$(VENV)/runtime.stamp: requirements.lock setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing from requirements.lock"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/development.stamp: requirements-dev.lock setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing from requirements-dev.lock"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@mkdir -p build
	@touch $(VENV)/runtime.stamp $@

$(BIN)/python:
	@command -v $(PYTHON) > /dev/null || { \
		echo "Consult needs Python 3.11 or newer, and there is no $(PYTHON) here." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Consult needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "$(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

chromium:
	@.ci/chromium
