# The targets of Byline. `make run` and `make test` need python3 (3.11 or newer, with venv), make and git, nothing else.

PYTHON ?= python3
UV_VERSION := 0.13.9
# What tests bring along from npm: mail addresses, a checker of accessibility, a judge of security policies.
NPM_SUITES := email-addresses@5.0.0 axe-core@4.14.1 csp_evaluator@1.1.8
BIN := .venv/bin
# Half as many test processes again as there are cores: browsers and servers are waited for more than they compute.
TEST_PROCESSES := $(shell expr $$(nproc) \* 3 / 2)
export VIRTUAL_ENV := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never
# Every process starts in half the time where Python may not write beside the packages.
export UV_COMPILE_BYTECODE := 1

.PHONY: run test test-postgres check format bench lighthouse soak
.DEFAULT_GOAL := run

run: .venv/runtime.stamp .env
	@exec $(BIN)/python manage.py serve --prepare

test: .venv/dev.stamp
	@$(BIN)/pytest -n $(TEST_PROCESSES) --dist worksteal $(PYTEST_ARGS)

test-postgres: .venv/dev.stamp
	@$(BIN)/python -m tests.postgres -n $(TEST_PROCESSES) --dist worksteal $(PYTEST_ARGS)

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/mypy
	$(BIN)/lint-imports
	ENV_FILE= $(BIN)/python manage.py makemigrations --check --dry-run
	ENV_FILE= SITE_URL=https://byline.example EMAIL_URL=smtp+tls://user:word@mail.example $(BIN)/python manage.py check --deploy --fail-level WARNING

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev.stamp
	@ENV_FILE= $(BIN)/python -m bench $(BENCH_ARGS)

lighthouse: .venv/dev.stamp
	@ENV_FILE= $(BIN)/python -m bench.lighthouse

soak: .venv/dev.stamp
	@ENV_FILE= $(BIN)/python -m bench.soak

# --- How the environment comes about ------------------------------------------------------------------------------

.venv/uv.stamp: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Byline needs Python 3.11 or newer; $(PYTHON) is older. Name another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing. Install it: apt-get install python3-venv"; exit 1; }
	@echo "Making the virtual environment …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/runtime.stamp: .venv/uv.stamp pyproject.toml uv.lock
	@echo "Installing what Byline runs on …"
	@$(BIN)/uv sync --quiet --frozen --active --inexact --no-dev
	@touch $@

.venv/dev.stamp: .venv/uv.stamp pyproject.toml uv.lock tests/suites.txt
	@echo "Installing what Byline is tested with …"
	@$(BIN)/uv sync --quiet --frozen --active --all-extras
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --require-hashes \
		--requirement tests/suites.txt --dest .venv/suites
	@(command -v npm && cd .venv/suites && npm pack --silent $(NPM_SUITES)) >/dev/null || \
		echo "npm is missing: the tests that need $(NPM_SUITES) are skipped (with CI=true they fail)."
	@touch $@ .venv/runtime.stamp

.env:
	@printf '%s\n' '# Settings of this installation; .env.example lists them all.' 'DEBUG=on' > $@
