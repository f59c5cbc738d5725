# Needs python3 (3.11 or newer) and make. PYTHON=/path/to/python3.12 picks another interpreter.
PYTHON ?= python3
VENV := .venv
TEST_VENV := .venv-test
PIP_FLAGS := -qq --disable-pip-version-check --no-compile
SAMPLE := src/dateline/samples/ceasefire.html
SOURCES := $(shell find src -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: demo test lint types unit gate clean python-version

demo: $(VENV)/.installed
	@$(VENV)/bin/dateline read $(SAMPLE)

test: lint types unit gate

lint: $(TEST_VENV)/.installed
	@$(TEST_VENV)/bin/ruff check --quiet .

types: $(TEST_VENV)/.installed
	@$(TEST_VENV)/bin/mypy --no-error-summary

unit: $(TEST_VENV)/.installed
	@$(TEST_VENV)/bin/python -m pytest

gate: $(TEST_VENV)/.installed
	@$(TEST_VENV)/bin/python benchmarks/gate/gate.py

# The demo installs the package as a user gets it, so it is installed anew when a source changes.
$(VENV)/.installed: pyproject.toml $(SOURCES) | python-version
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing dateline into $(VENV) ..."
	@$(VENV)/bin/python -m pip install $(PIP_FLAGS) .
	@touch $@

# The test environment points at the sources, so only a change of dependencies installs anything.
$(TEST_VENV)/.installed: pyproject.toml | python-version
	@test -x $(TEST_VENV)/bin/python || $(PYTHON) -m venv $(TEST_VENV)
	@echo "Installing dateline[test] into $(TEST_VENV) ..."
	@$(TEST_VENV)/bin/python -m pip install $(PIP_FLAGS) -e '.[test]'
	@touch $@

python-version:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "dateline needs Python 3.11 or newer; '$(PYTHON)' was not found. Try: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dateline needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }

clean:
	@rm -rf $(VENV) $(TEST_VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
