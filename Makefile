# Two commands for a machine with Python and a package manager: `make demo` and `make test`.

PYTHON ?= python3
VENV := build/venv
BIN := $(VENV)/bin

.PHONY: demo test lint site coverage matrix bench faults fuzz clean

demo: $(VENV)/.made
	@sh tests/setup.sh nix git gcc
	@$(BIN)/python examples/demo.py

test: $(VENV)/.made lint
	@PYTHON=$(PYTHON) sh tests/setup.sh nix direnv git gcc c++ strace fish zsh patchelf unshare \
		setpriv man pg_config pkg-config libGL.so.1 libglib-2.0.so.0 \
		zlib.pc Python.h
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(VENV)/.made
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.lint_shell

# Of branches, by the tests that need no Nix; a change that leaves more untested fails.
coverage: $(VENV)/.made
	$(BIN)/python -m pytest -n auto -q --cov --cov-report=term tests/unit

# The documentation, as pages, in build/site.
site: $(VENV)/.made
	$(BIN)/zensical build --strict

# Python 3.10 to 3.14, and the oldest dependencies; those Pythons that are missing are fetched.
matrix: $(VENV)/.made
	$(BIN)/nox --download-python auto

bench: $(VENV)/.made
	@sh tests/setup.sh nix git gcc strace
	$(BIN)/python -m benchmarks

# Debian keeps venv and pip in packages of their own, without which venv fails.
$(VENV)/.made: pyproject.toml
	@mkdir -p build
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { \
		rm -rf $(VENV); sh tests/setup.sh python3-venv; $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

# Every call by which the venv's program writes is made to fail; `make test` takes a sample.
faults: $(VENV)/.made
	@sh tests/setup.sh strace
	NIXPY_FAULTS=all $(BIN)/python -m pytest -n auto --dist worksteal tests/faults

# As `make test` does for a moment; then each of the files that are made to be slow.
fuzz: $(VENV)/.made
	NIXPY_FUZZ=$${NIXPY_FUZZ:-3000} $(BIN)/python -m pytest -n auto tests/fuzz
	$(BIN)/python -m tests.support.slow

clean:
	rm -rf build
