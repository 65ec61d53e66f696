PYTHON ?= python3
ARGS ?=

# Settings of the caller's shell that would lead Python into another project.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

SETUP := $(PYTHON) -I districtops/setup/environment.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench defects translations lock

help: ## Show these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

run: ## Set up, fill an empty database with the demonstration, start the server
	@$(SETUP) run
	@.venv/bin/flask --app app serve $(ARGS)

test: ## Set up and run all tests; ARGS="-k name" runs some
	@$(SETUP) test
	@.venv/bin/python -m pytest -n 2 $(ARGS)

check: ## Lint, types, imports, templates, translations, migrations, locks
	@$(SETUP) test
	@.venv/bin/python districtops/setup/check.py

defects: ## Take the guards away one by one and see that a test notices; ARGS="--only name" tries some
	@$(SETUP) test
	@cd tests && ../.venv/bin/python -m defects $(ARGS)

bench: ## Measure the speed against its goals, on data of its own; ARGS=--quick for a first look
	@$(SETUP) test
	@PYTHONPATH=tests .venv/bin/python -m bench $(ARGS)

translations: ## Bring the Korean catalogue in step with the texts in the code
	@$(SETUP) test
	@.venv/bin/python districtops/setup/translations.py update

COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header pyproject.toml $(ARGS)

lock: ## Write the lock files anew after a change in pyproject.toml; ARGS=--upgrade takes newer versions
	@$(SETUP) test
	@$(COMPILE) -o requirements.lock >/dev/null
	@$(COMPILE) -c requirements.lock --group test -o requirements-test.lock >/dev/null
	@$(subst pyproject.toml,--group tools,$(COMPILE)) -o requirements-tools.lock >/dev/null
	@$(subst pyproject.toml,--group node,$(COMPILE)) -o requirements-node.lock >/dev/null
