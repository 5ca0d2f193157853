# `make lab` and `make test` do all the set-up. CONTRIBUTING.md lists the plain commands behind each
# target, for those without make. Needed: python3 (3.11 or newer), node (20 or newer), GNU make.

PYTHON ?= python3
PORT ?= 8888
BROWSER ?= yes
# Worker processes of pytest: CI has two cores.
JOBS ?= 2
CONSTRAINTS ?= .ci/constraints.txt
PYTEST_ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(CONSTRAINTS),-c $(CONSTRAINTS))
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(PYTEST_ARGS)
# Fails the recipe where no browser can be had; an assignment in front of a command would not.
WITH_CHROME := path="$$($(BIN)/python tests/browser/find_chrome.py --install)" && export CHROME_PATH="$$path" &&
# Colab's anywidget, beside the newest one in the virtual environment.
OLD := .cache/anywidget-0.9.21
OLD_TESTS ?= tests/test_widget.py tests/browser
# All of Colab's versions, and our wheel among them. What is tested there stands in tests/conftest.py.
COLAB := .cache/colab

BUNDLE := lstm_widget/static/widget.js
JS_SOURCES := $(shell find js -path js/node_modules -prune -o -path js/tests -prune -o -path 'js/.*' -prune -o -type f -print 2>/dev/null)

# In order also under -j, so that the last line of `make test` is pytest's.
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help lab test lint format js test-js test-python test-old-anywidget test-notebooks test-browser test-colab \
  bench bench-quick dist clean

help:
	@echo "make lab                       JupyterLab on the quickstart (PORT=8899 BROWSER=no: headless)"
	@echo "make test test-colab           everything that CI runs"
	@echo "make lint format js            ruff and mypy; ruff's formatter; the browser bundle"
	@echo "make test-python test-js test-browser test-notebooks test-old-anywidget"
	@echo "make bench bench-quick         tables of ratios, in minutes and in under two"
	@echo "make dist clean                sdist and wheel into dist/; remove all that was made"

# --- for people ------------------------------------------------------------------------------------

lab: .venv/.lab $(BUNDLE)
	$(BIN)/python -m jupyter lab --port=$(PORT) --LabApp.default_url=/lab/tree/notebooks/quickstart.ipynb \
	  $(if $(filter no,$(BROWSER)),--no-browser) $$([ "$$(id -u)" = 0 ] && echo --allow-root)

test: lint test-js test-old-anywidget
	@echo "== Python tests, notebooks and JupyterLab in a browser"
	$(WITH_CHROME) $(PYTEST)

lint: .venv/.test
	@echo "== ruff, mypy"
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/.test
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

js: $(BUNDLE)

test-js: js/node_modules/.package-lock.json $(BUNDLE) .venv/.test
	@echo "== TypeScript: types, lint, tests in a browser"
	npm --prefix js run check
	$(WITH_CHROME) npm --prefix js test

test-python: .venv/.test $(BUNDLE)
	$(PYTEST) --ignore=tests/browser --ignore=tests/notebooks

test-notebooks: .venv/.test $(BUNDLE)
	$(PYTEST) tests/notebooks

test-browser: .venv/.test $(BUNDLE)
	$(WITH_CHROME) $(PYTEST) tests/browser

test-old-anywidget: .venv/.test $(BUNDLE) $(OLD)/.done
	@echo "== The widget with Colab's anywidget"
	$(WITH_CHROME) PYTHONPATH='$(CURDIR)/$(OLD)' JUPYTER_PATH='$(CURDIR)/$(OLD)/share/jupyter' ANYWIDGET_VERSION=0.9.21 \
	  $(PYTEST) $(OLD_TESTS)

# Not `python -m pytest`, which would import the clone in place of the wheel.
test-colab: $(COLAB)/.wheel
	@echo "== Colab's versions: Python tests, notebooks and classic Notebook in a browser"
	$(WITH_CHROME) $(COLAB)/venv/bin/pytest -n $(JOBS) --dist loadfile $(PYTEST_ARGS)

bench: .venv/.bench
	$(BIN)/python benchmarks/importing.py
	$(BIN)/python benchmarks/extraction.py
	$(BIN)/python benchmarks/recording.py
	$(BIN)/python benchmarks/leaking.py
	$(WITH_CHROME) $(BIN)/python benchmarks/scrubbing.py
	$(WITH_CHROME) $(BIN)/python benchmarks/notebook.py

bench-quick: .venv/.lab
	$(BIN)/python benchmarks/extraction.py --quick

dist: .venv/.test
	$(BIN)/python -m hatchling build --directory dist

clean:
	rm -rf .venv .cache dist js/node_modules lstm_widget/static .mypy_cache .ruff_cache .pytest_cache .hypothesis

# --- what they stand on: each is made once, and again when what it was made from has changed --------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), and lstm_widget needs Python 3.11 or newer."; \
	  echo "Where another one is installed, name it: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "$(PYTHON) could not make a virtual environment. On Debian and Ubuntu that is a package of its own, type"; \
	  echo "    apt-get install python3-venv        (as root)"; \
	  echo "and try again."; exit 1; } >&2

# The bundle comes first: the build hook then finds it fresh, and npm's own words are seen here.
.venv/.lab: pyproject.toml hatch_build.py $(CONSTRAINTS) | .venv/bin/python $(BUNDLE)
	@echo "== Installing lstm_widget, TensorFlow and JupyterLab into .venv (some minutes, once)"
	$(PIP) -e '.[tensorflow,notebooks]'
	@touch $@

.venv/.test: pyproject.toml hatch_build.py $(CONSTRAINTS) | .venv/bin/python $(BUNDLE)
	@echo "== Installing lstm_widget, TensorFlow, JupyterLab and the test tools into .venv (some minutes, once)"
	$(PIP) -e '.[tensorflow,notebooks,test]'
	@touch .venv/.lab $@

.venv/.bench: .venv/.test
	@echo "== Installing what the benchmarks compare with"
	$(PIP) -e '.[benchmarks]'
	@touch $@

# npm's own mark; it keeps the times of the archive it came in, hence touch.
js/node_modules/.package-lock.json: js/package.json js/package-lock.json
	@command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { \
	  echo "This needs Node.js 20 or newer with npm, and found $$(node --version 2>/dev/null || echo no node)" \
	    "and $$(command -v npm || echo no npm)."; \
	  echo "Install it (apt-get install nodejs npm, where the system's is recent enough) and try again."; exit 1; } >&2
	npm --prefix js ci --no-audit --no-fund
	@touch $@

$(BUNDLE): js/node_modules/.package-lock.json $(JS_SOURCES)
	npm --prefix js run build
	@touch $@

# Old packages of Jupyter ask setuptools for pkg_resources, which newer ones lack.
$(COLAB)/.made: .ci/colab.txt | .venv/.test
	@echo "== Installing Colab's versions into $(COLAB) (a minute or two, once)"
	rm -rf $(COLAB)
	$(PYTHON) -m venv $(COLAB)/venv
	$(COLAB)/venv/bin/python -m pip install --quiet --disable-pip-version-check -r .ci/colab.txt 'setuptools<81' \
	  hypothesis nbclient nbconvert pandas playwright pytest pytest-xdist sktime xarray zarr
	@touch $@

# As `pip install lstm-widget` would, with what it depends on, and no other version of anything that is there.
$(COLAB)/.wheel: pyproject.toml hatch_build.py $(BUNDLE) $(shell find lstm_widget -name '*.py' -o -name '*.npz' \
  -o -name '*.json') $(COLAB)/.made
	rm -rf $(COLAB)/dist
	$(BIN)/python -m hatchling build --target wheel --directory $(COLAB)/dist
	$(COLAB)/venv/bin/python -m pip uninstall --quiet --yes lstm-widget
	$(COLAB)/venv/bin/python -m pip install --quiet --disable-pip-version-check $(COLAB)/dist/*.whl
	@touch $@

$(OLD)/.done: | .venv/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(OLD) anywidget==0.9.21
	@touch $@
