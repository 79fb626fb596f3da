# Everything sets itself up: Python 3.11 or newer, make and git are all that must be there.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# Tests start many processes: what each would compile anew is compiled once.
unexport PYTHONDONTWRITEBYTECODE

build: .venv/.installed  ## compile tables/ into generated/ (this is what `make` does)
	$(BIN)/gapless build tables --out generated

test: .venv/.test  ## lint, format, types, then every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

update: .venv/.test  ## rewrite the outputs quoted in pages and golden folders; review the diff like code
	GAPLESS_UPDATE=1 $(BIN)/python -m pytest -q --numprocesses=0 tests/test_spec.py tests/test_golden.py

test-engines: .venv/.engines  ## the same answers from a PostgreSQL server and from Spark; needs both, and Java
	$(BIN)/python -m pytest --numprocesses=0 tests/engines

test-long: .venv/.test  ## the laws by the thousand, every mutant, builds killed at random moments; takes hours
	$(BIN)/python -m tests.building 20000
	$(BIN)/python -m tests.mechanical 20000
	$(BIN)/python -m tests.kills 40
	$(BIN)/python -m tests.sql_grid duckdb sqlite
	GAPLESS_FILES=5000 GAPLESS_CSV_EXAMPLES=5000 GAPLESS_CHOICES=1 GAPLESS_MUTANTS=all \
		$(BIN)/python -m pytest tests/laws/test_findings.py tests/laws/test_delimited.py \
		tests/test_every_case.py tests/test_mutants.py
	GAPLESS_LONG=1 $(BIN)/python -m pytest

bench-analysis: .venv/.bench  ## measure the analysis beside others; writes benchmarks/analysis/report.md
	PYTHONPATH=dsl:compiler $(BIN)/python -m benchmarks.analysis

bench-lookups: .venv/.bench  ## measure one lookup at a time beside others; writes benchmarks/lookups/report.md
	PYTHONPATH=dsl:compiler:. $(BIN)/python -m benchmarks.lookups

bench-claims: .venv/.engines .venv/.bench  ## ten million claim lines by every engine, compared; writes benchmarks/claims/report.md
	PYTHONPATH=dsl:compiler $(BIN)/python -m benchmarks.claims

bench-cluster: .venv/.engines .venv/.bench  ## one to a hundred million lines through Spark; writes benchmarks/cluster/report.md
	PYTHONPATH=dsl:compiler $(BIN)/python -m benchmarks.cluster

lock:  ## pin the requirements anew, with hashes and without naming any host
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/python -m pip --disable-pip-version-check install --quiet uv
	$(LOCK) --group install --output-file requirements.txt
	$(LOCK) --group install --group test --output-file requirements-dev.txt
	$(LOCK) --group install --group test --group engines --output-file requirements-engines.txt
	$(LOCK) --group install --group test --group engines --group bench --output-file requirements-bench.txt
LOCK := .venv/lock/bin/uv pip compile pyproject.toml --quiet --upgrade --universal \
	--python-version 3.11 --generate-hashes --no-header

clean:  ## forget the environment and every cache; tables/ and generated/ stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
	find . -name __pycache__ -prune -exec rm -rf {} +

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gapless needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "on Debian: apt-get install python3-venv"; exit 1; }

# The backend that makes the editable install is pinned too, so nothing unpinned is fetched.
.venv/.installed: .venv/bin/python requirements.txt pyproject.toml
	$(PIP) --require-hashes --requirement requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

.venv/.test: .venv/.installed requirements-dev.txt
	$(PIP) --require-hashes --requirement requirements-dev.txt
	touch $@

.venv/.engines: .venv/.test requirements-engines.txt
	$(PIP) --require-hashes --requirement requirements-engines.txt
	touch $@

.venv/.bench: .venv/.test requirements-bench.txt
	$(PIP) --require-hashes --requirement requirements-bench.txt
	touch $@

.PHONY: build test test-long test-engines update bench-analysis lock clean help bench-lookups bench-claims bench-cluster
