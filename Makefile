# One Makefile that people and CI both call. Everything happens in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: audit test check format bench selftest dist clean

audit: $(STAMP)  ## audit the embedded demo model and write audit-report/report.html
	$(BIN)/medaudit run --suite safety --out audit-report --fail-on never
	@echo "open audit-report/report.html"

test: $(STAMP)  ## all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(STAMP)  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)  ## speed measurements, written to benchmarks/results.md
	$(BIN)/python benchmarks/run.py

selftest: $(STAMP)  ## simulated models through the whole audit, all of them; writes docs/selftest.md
	$(BIN)/medaudit selftest --full --out docs

dist: $(STAMP)  ## the wheel
	$(BIN)/python -m build --wheel

# torch comes first and pinned: a bare `torch` would fetch gigabytes of CUDA
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist *.egg-info audit-report
