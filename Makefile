# `make demo` and `make test` set up what they need; `make check` is what every commit passes.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check lint samples golden blanks docs bench mutation clean

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

# Exit code 1 means that findings were written, which is normal.
demo: $(READY)
	$(BIN)/mlbatch run input_samples/2018-01 --out output/2018-01 --as-of 2018-01-15 || test $$? -eq 1

# On all cores, since many tests run a whole month. One test alone: .venv/bin/python -m pytest tests/… -k …
test: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check: lint test

samples: $(READY)
	$(BIN)/python input_samples/make.py

# The text of each month of the sample year (tests/golden/); its diff says what a change did to the year.
golden: $(READY)
	$(BIN)/python -m tests.year

blanks: $(READY)
	$(BIN)/mlbatch templates --out output/blanks
	rm -rf templates/107 && mv output/blanks templates/107 && rm templates/107/run.json

docs: $(READY)
	$(BIN)/python docs/make_clauses.py
	$(BIN)/python docs/make_letter_fields.py
	$(BIN)/pybabel compile -d mlbatch/locale

# An hour on two cores; BENCH takes options and parts, e.g. BENCH="--schools 300 file cold" (benchmarks/__main__.py).
bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m benchmarks $(BENCH)

# An hour, not part of `test`: docs/studies/mutation.md. Results stay in mutants/; a second run takes only what changed.
# All mutants of the modules of money are tried, and DRAW percent of each other.
DRAW ?= 15
mutation: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mutation]'
	LAW_EXAMPLES=15 $(BIN)/python -m studies.forks --draw $(DRAW)
	$(BIN)/python -m studies.mutation

clean:
	rm -rf $(VENV) output/*/
