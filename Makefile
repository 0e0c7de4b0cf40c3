# make crawl                              crawl the bundled sample sites; no internet needed
# make crawl URL="https://a.example/ …"   any news sites; or SITES=file (one URL a line); or SITE=name (a spider here)
# make test | check | schema | clean      tests | linters and types | schema/article.schema.json | remove .venv, caches
#
# The set-up (.venv) comes by itself and is done again only where a requirements file's content has changed.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
RUNTIME := $(VENV)/runtime-$(shell cksum < requirements.txt | cut -d' ' -f1).stamp
TOOLS := $(VENV)/tools-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1).stamp

quoted = '$(subst ','\'',$(1))'
target = $(if $(SITE),$(call quoted,$(value SITE)),$(if $(URL)$(SITES),news,--samples))
options = $(if $(URL),-a url=$(call quoted,$(value URL))) $(if $(SITES),-a sites=$(call quoted,$(value SITES)))

.PHONY: crawl test check schema clean
.DEFAULT_GOAL := crawl

crawl: $(RUNTIME)
	@$(PY) -m scrapy crawl $(target) $(options)

test: $(TOOLS)
	@$(PY) -m pytest -n auto

check: $(TOOLS)
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

schema: $(RUNTIME)
	@$(PY) -m aggregator.schema

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info
	find aggregator tests -name __pycache__ -prune -exec rm -rf {} +

$(RUNTIME): | $(PY)
	@echo "Setting up $(VENV) (once; a minute or two) …"
	@$(PIP) install -q -r requirements.txt
	@touch $@

$(TOOLS): | $(PY)
	@echo "Setting up $(VENV) with the tools for tests and checks (once; a minute or two) …"
	@$(PIP) install -q -r requirements-dev.txt
	@touch $(RUNTIME) $@

# Debian's python3 without python3-venv has no ensurepip; then pip or virtualenv, where there is one, fills the gap.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, $(PYTHON) is: $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.11 …" >&2; exit 1; }
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then $(PYTHON) -m venv --clear $(VENV); \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $(PY) --no-input install -q pip; \
	elif $(PYTHON) -m virtualenv --version >/dev/null 2>&1; then $(PYTHON) -m virtualenv -q --clear $(VENV); \
	else echo "$(PYTHON) cannot make a virtual environment; install its venv package (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; fi
