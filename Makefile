# Needs GNU Make 3.81 or newer, a POSIX shell and Python 3.11 to 3.14.
# PYTHON=/path/to/python chooses the interpreter; ARGS="..." goes to the program.

VENV := .venv
PY := $(VENV)/bin/python
INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header
PYTHON_NAMES := $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
YAML_FILES := compose.yaml .pre-commit-config.yaml .github
YAML_RULES := {extends: default, rules: {document-start: disable, line-length: {max: 125}, truthy: {check-keys: false}}}

.DEFAULT_GOAL := help
.PHONY: demo run load test test-all slow coverage bench lint format soak pictures lock clean help

demo: $(VENV)/.demo ## Try it: a simulated Discord in your browser, no account needed
	@$(PY) -m bot demo $(ARGS)

run: $(VENV)/.run ## Run the bot on Discord (set DISCORD_TOKEN)
	@$(PY) -m bot run $(ARGS)

load: $(VENV)/.run ## Load the packs in seeds/ into the library (ARGS="my.yaml" for your own)
	@$(PY) -m bot load $(ARGS)

test: $(VENV)/.dev ## Run the tests, in about 4 minutes on two cores (ARGS="-k vote" for some, ARGS="-n 0" on one core)
	$(PY) -m pytest -n auto --dist loadgroup $(ARGS)

test-all: $(VENV)/.dev ## Run the slow tests too, and try properties on more examples
	$(PY) -m pytest -n auto --dist loadgroup -m "not soak" --hypothesis-profile ci $(ARGS)

slow: $(VENV)/.dev ## The same, and write down which tests are slow (tests/slow.txt)
	$(PY) -m pytest -n auto --dist loadgroup -m "not soak" --hypothesis-profile ci -p tests.slow $(ARGS)

coverage: $(VENV)/.dev ## The same, and measure how much of the code they run
	$(PY) -m pytest -n auto --dist loadgroup -m "not soak" --hypothesis-profile ci --cov $(ARGS)

bench: $(VENV)/.dev ## Measure how fast it is
	$(PY) -m tests.bench $(ARGS)

lint: $(VENV)/.dev ## Check format, style, types, workflow, compose file and Dockerfile
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/basedpyright --pythonpath $(PY)
	$(VENV)/bin/yamllint --strict -d '$(YAML_RULES)' $(YAML_FILES)
	$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
	$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/ci.yml
	$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*.yml
	$(VENV)/bin/zizmor --offline --quiet --config .github/zizmor.yml .github/workflows
	$(VENV)/bin/hadolint Dockerfile

format: $(VENV)/.dev ## Format the code and fix what can be fixed safely
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

soak: $(VENV)/.dev ## Run the long tests
	$(PY) -m pytest -m soak --hypothesis-profile long --timeout 7200 $(ARGS)

pictures: $(VENV)/.dev ## Take the README's pictures from the demo again
	$(PY) -m tests.demo.pictures

# The smaller sets take their versions from the largest, so one .venv serves all three.
lock: $(VENV)/.made ## Pin the dependencies of pyproject.toml again (ARGS=--upgrade for newer versions)
	@$(PY) -m pip install -qq --disable-pip-version-check "uv>=0.9"
	$(COMPILE) $(ARGS) --extra dev -o requirements-dev.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra demo -c requirements-dev.txt -o requirements-demo.txt pyproject.toml
	$(COMPILE) $(ARGS) -c requirements-dev.txt -o requirements.txt pyproject.toml

clean: ## Remove .venv, caches and builds (never a database)
	rm -rf $(VENV) build dist htmlcov .coverage *.egg-info .pytest_cache .hypothesis .ruff_cache
	find bot cogs db tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## List the targets
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  %-8s %s\n' $$name "$$text"; done

$(VENV)/.made:
	@for python in $(PYTHON_NAMES); do \
	    if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1; then \
	        "$$python" -m venv --clear $(VENV) && touch $@ && exit 0; \
	        echo "$$python couldn't create $(VENV). On Debian and Ubuntu, run apt install python3-venv, then try again." >&2; \
	        exit 1; \
	    fi; \
	done; \
	echo "Almanac needs Python 3.11 to 3.14, but found none among: $(PYTHON_NAMES)." >&2; \
	echo "Install one, or say where it is: make PYTHON=/path/to/python3.13 ..." >&2; \
	exit 1

$(VENV)/.run: requirements.txt | $(VENV)/.made
	@echo "Installing what the bot needs into $(VENV), once: about half a minute ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.demo: requirements-demo.txt | $(VENV)/.made
	@echo "Installing what the demo needs into $(VENV), once: about half a minute ..."
	@$(INSTALL) -r requirements-demo.txt
	@touch $(VENV)/.run $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/.made
	@echo "Installing what the tests and linters need into $(VENV), once: about a minute ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $(VENV)/.run $(VENV)/.demo $@
