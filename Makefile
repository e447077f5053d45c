# Everything a developer or a trainer types. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench lock

BIN := .venv/bin
STAMP := .venv/.stamp

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with the pinned packages (uv if present, else venv and pip)

$(STAMP): requirements.lock pyproject.toml tools/setup.sh
	@tools/setup.sh
	@touch $@

demo: $(STAMP) ## open a throw-away training desk, signed in
	@$(BIN)/bdesk demo $(if $(ROLE),--role $(ROLE)) $(if $(SCENARIO),--scenario $(SCENARIO))

test: $(STAMP) ## run all tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(STAMP) ## all that must be green before a commit: style, types, contracts, texts, tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python tools/messages.py check
	@$(MAKE) --no-print-directory test

bench: $(STAMP) ## measure the speed against its floors
	@$(BIN)/python -m benchmarks

lock: ## pin the packages anew (needs uv)
	@tools/lock.sh
