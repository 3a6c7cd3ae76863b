# Ripple. `make help` lists what can be done. Needs Python 3.11 to 3.14 with venv, git and make.

.DEFAULT_GOAL := help
.NOTPARALLEL:

PY    = .venv/bin/python
PORT  = 8501
ARGS  =
UV    = 0.13.9

# The developer's shell may be inside another environment; what runs here sees only .venv and this folder.
unexport CONDA_PREFIX MYPYPATH PIP_PREFIX PIP_TARGET PYTHONHOME VIRTUAL_ENV
export PIP_USER = 0
export PYTHONPATH = $(CURDIR)

.PHONY: help
help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: app
app: setup-app ## Serve the app on http://localhost:8501 (another port: make app PORT=8600)
	@$(PY) -m sim.experiments.warmth
	@$(PY) -m streamlit run app.py --server.port $(PORT)

.PHONY: test
test: setup-dev ## Run the tests (some of them: make test ARGS="-k name")
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not long" $(ARGS)

.PHONY: test-long
test-long: setup-dev ## Run the tests that take minutes
	@$(PY) -m pytest -m long --collect-only -q $(ARGS) >/dev/null 2>&1; \
	if [ $$? -eq 5 ]; then echo "No tests are marked long."; else $(PY) -m pytest -n 2 -m long $(ARGS); fi

.PHONY: test-attacks
test-attacks: setup-dev ## Try what a stranger's file, link or neighbour could do; what happened, in a table
	@$(PY) -m pytest -n 2 --dist loadfile -m attack $(ARGS)

.PHONY: check
check: setup-dev ## Check format, lint, types and imports between layers
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) .venv/bin/lint-imports --no-logo --cache-dir .cache/import-linter

.PHONY: format
format: setup-dev ## Put the code in its standard format
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

.PHONY: bench
bench: setup-dev ## Measure how fast it is (one part: make bench ARGS="mm1"; all of it: ARGS="--full")
	@$(PY) -m benchmarks $(ARGS)

.PHONY: docs
docs: setup-dev ## Write the reference in docs/reference anew from the code
	@$(PY) -m sim.reference

.PHONY: notebooks
notebooks: setup-dev ## Run the notebooks again and store what they show
	@$(PY) -c "$$RUN_NOTEBOOKS" notebooks/*.ipynb

.PHONY: lock
lock: setup-dev ## Pin the requirements again from pyproject.toml
	@$(PY) -m pip install -qq --disable-pip-version-check uv==$(UV)
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 pyproject.toml \
	    --output-file requirements.txt >/dev/null
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.11 pyproject.toml \
	    --group dev --constraints requirements.txt --output-file requirements-dev.txt >/dev/null

.PHONY: clean
clean: ## Remove all that make has made: .venv and the caches
	rm -rf .venv .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name .git -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +

.PHONY: setup-app setup-dev
setup-app:
	@sh -c "$$SETUP" setup requirements.txt
setup-dev:
	@sh -c "$$SETUP" setup requirements.txt requirements-dev.txt

# Makes .venv hold the requirements files that are its arguments, and Ripple itself as it stands in this folder.
# Each file fully installed is copied into .venv, so the next time a comparison is all it takes, and an install that
# stopped half-way starts again.
define SETUP
set -eu
fits='import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
version='import sys; print("%d.%d.%d" % sys.version_info[:3] + " of Windows" * (sys.platform == "win32"))'
refuse() {
    echo "Ripple needs Python 3.11 to 3.14 with its venv module; here $$found." >&2
    echo "$$WAYS_TO_PYTHON" >&2
    exit 1
}
if $(PY) -c "$$fits" >/dev/null 2>&1; then
    changed=
    for file in "$$@" pyproject.toml; do cmp -s "$$file" ".venv/installed-$$file" || changed=yes; done
    [ "$$changed" ] || exit 0
    echo "Bringing .venv up to date…"
else
    chosen= found=
    for candidate in "$${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        has=$$("$$candidate" -c "$$version" 2>/dev/null) || continue
        found="$$found$${found:+, }$$candidate is $$has"
        case $$has in *Windows) continue ;; 3.11.* | 3.12.* | 3.13.* | 3.14.*) ;; *) continue ;; esac
        "$$candidate" -c 'import ensurepip, venv' 2>/dev/null && chosen=$$candidate && break
        found="$$found but lacks venv (on Debian it is in python$${has%.*}-venv)"
    done
    found=$${found:-no Python was found}
    if [ "$$chosen" ]; then
        echo "Setting up .venv with $$chosen, Python $$has (about a minute the first time)…"
        "$$chosen" -m venv --clear .venv
    elif command -v uv >/dev/null; then
        echo "Here $$found: uv looks for a Python from 3.11 to 3.14 and sets up .venv with it…"
        rm -rf .venv
        found="$$found, and uv brought none that fits (it says why above)"
        uv venv --quiet --seed --python '>=3.11,<3.15' .venv && $(PY) -c "$$fits" || refuse
    else
        refuse
    fi
fi
rm -f .venv/installed-*
options=
for file do options="$$options -r $$file"; done
$(PY) -m pip install -qq --disable-pip-version-check --no-input $$options --editable . || {
    echo "Setting up .venv did not finish: pip says why above. Then run make again." >&2
    exit 1
}
for file in "$$@" pyproject.toml; do cp "$$file" ".venv/installed-$$file"; done
endef
export SETUP

define WAYS_TO_PYTHON
  Debian, Ubuntu   sudo apt install python3 python3-venv
  macOS            brew install python@3.14, or the installer of python.org
  Windows          wsl --install, then inside WSL as on Debian
  older systems    install uv: make then lets it bring a Python
Then run make again. If there is one elsewhere: make PYTHON=/path/to/python3.14 ...
endef
export WAYS_TO_PYTHON

define RUN_NOTEBOOKS
import pathlib, sys
import nbclient, nbformat

for path in map(pathlib.Path, sys.argv[1:]):
    print(f"Running {path}…", flush=True)
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        notebook,
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        timeout=1800,
        extra_arguments=["--log-level=ERROR"],
    ).execute()
    nbformat.write(notebook, path)
endef
export RUN_NOTEBOOKS
