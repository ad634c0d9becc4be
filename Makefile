# make report | make test   the two commands; each first makes .venv, on any machine with Python 3.11-3.13
# make install              just .venv with the chainrule command
# make test-long      the tests, with each line of every chapter
# make check                style, types and floors, under a minute
# make mutants | make speed every proof against mutated formulas | the benchmarks, with JAX and torch where installed
# make clean                all that was built, .venv included

BIN   := .venv/bin
STAMP := .venv/installed
JOBS  ?= auto

.PHONY: report test test-long install check mutants speed clean

report: $(STAMP)
	$(BIN)/chainrule report

test: $(STAMP)
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup

test-long: $(STAMP)
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup --long

install: $(STAMP)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_floors.py

mutants: $(STAMP)
	$(BIN)/python -m tests.mutants

speed: $(STAMP)
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/code.py
	$(BIN)/python benchmarks/speed.py --json reports/speed.json
	$(BIN)/python benchmarks/rows.py --json reports/layers_measured.json
	$(BIN)/python benchmarks/layers.py
	$(BIN)/python benchmarks/mixture.py

clean:
	rm -rf .venv reports/build build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv if it is there, which never downloads a Python; else the newest Python that fits, with venv and pip.
$(STAMP): pyproject.toml
	@set -e; \
	if command -v uv >/dev/null 2>&1 \
	  && UV_PYTHON_DOWNLOADS=never uv venv --quiet --clear --python '>=3.11,<3.14' .venv 2>/dev/null; then \
	  echo "installing into .venv with uv"; \
	  uv pip install --quiet --python $(BIN)/python -e '.[dev]'; \
	else \
	  for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	    "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	      2>/dev/null && break; \
	    python=; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "chainrule needs Python 3.11, 3.12 or 3.13 with its venv module; none was found on the PATH." >&2; \
	    echo "Install one (Debian: apt install python3 python3-venv), or say make PYTHON=/path/to/python." >&2; \
	    exit 1; \
	  fi; \
	  echo "installing into .venv with $$python"; \
	  "$$python" -m venv --clear .venv; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@touch $(STAMP)
