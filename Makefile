# Everything here sets itself up: a virtual environment in .venv, then what the target needs.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test lint docs bench clean

demo: $(READY)  ## train one model under three schedules, three seeds each, and report what the schedule changed
	$(BIN)/glideslope compare "constant=Constant()" "step=StepDecay('5ep', gamma=0.1)" \
	  "multistep=MultiStepDecay(['8ep', '12ep'], gamma=0.1)" --seeds 3 --epochs 15 --out runs/demo

test: $(READY)  ## the whole test suite
	$(BIN)/python -m pytest -n 2

lint: $(READY)  ## style, types, import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: $(READY)  ## the pages, in docs/_build/html
	$(BIN)/sphinx-build -n -W -q -b html docs docs/_build/html

bench: $(READY)  ## ratios against torch and numpy, measured in one run
	$(BIN)/python -m pytest benchmarks -p no:xdist --benchmark-only

clean:
	rm -rf .venv build dist docs/_build docs/gallery docs/rules runs

# torch first and pinned: a plain `torch` brings gigabytes of GPU libraries.
$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --upgrade pip
	$(BIN)/pip install -q torch==2.13.0
	$(BIN)/pip install -q -e ".[all,dev]"
	@touch $@
