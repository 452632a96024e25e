# make demo   the shipped campaign: checked, drawn, rehearsed
# make test   linters and the whole test suite
# Both make .venv from the hash-pinned lock; nothing is installed outside it, but by `make pds`.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint unit docs bench-cards bench-calendar bench-coalition bench-publishing bench-idle bench-preview bench-cluster bench-cluster-full bench-wakes chaos chaos-full spec-check test-deps pds lock clean

demo: .venv/run
	$(BIN)/campaign demo

test: lint
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: .venv/test
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not system" --ignore tests/acceptance --ignore tests/crashing

# The generated pages and the editors' schema; the suite fails while they are out of date.
docs: .venv/test
	$(BIN)/python tools/write_docs.py

# A quote card, drawn by us and by five other engines; they are installed into the user's cache.
bench-cards: .venv/test
	bench/cards/engines.sh "$(CARD_ENGINES)" $(CURDIR)/$(BIN)/python
	PYTHONPATH=$(CURDIR)/bench SEED=$(SEED) ROUNDS=$(ROUNDS) WRITE=$(WRITE) SIDE="$(SIDE)" $(BIN)/python -m cards
CARD_ENGINES := $${XDG_CACHE_HOME:-$$HOME/.cache}/campaign-scheduler/card-engines

bench-calendar: .venv/test
	SEED=$(SEED) $(BIN)/python bench/long_calendar.py

# 10,000 members in files of their own, against the same posts written out in one file.
bench-coalition: .venv/test
	SEED=$(SEED) $(BIN)/python bench/large_coalition.py --members 10000

# Ten thousand deliveries that are due in the same second.
bench-publishing: .venv/test
	$(BIN)/python bench/publishing.py

# A daemon that has nothing to do for weeks; Linux only.
bench-idle: .venv/test
	$(BIN)/python bench/idle_daemon.py

# From a saved word to the page that shows it.
bench-preview: .venv/test
	SEED=$(SEED) $(BIN)/python bench/live_preview.py

# Workers killed at random while the network fails: `make chaos SEED=7 KILLS=100` plays one again.
chaos: .venv/test
	SEED=$(SEED) KILLS=$(KILLS) LEDGER=$(LEDGER) $(BIN)/python bench/chaos.py

# Three workers on PostgreSQL, which is restarted once, and 10,000 deliveries.
chaos-full: .venv/test
	SEED=$(SEED) KILLS=$(KILLS) LEDGER=postgresql $(BIN)/python bench/chaos.py --accounts 274

# Two workers against one, a wake-up against a job each, a ledger of a million.
bench-cluster: .venv/test
	SEED=$(SEED) $(BIN)/python bench/several_machines.py

bench-cluster-full: .venv/test
	SEED=$(SEED) $(BIN)/python bench/several_machines.py --deliveries 40000

# Three engines as messengers; they are installed into the user's cache. Dramatiq needs redis-server.
bench-wakes: .venv/test
	bench/wakes/engines.sh "$(WAKES)"
	PYTHONPATH=$(CURDIR)/bench WAKES_PYTHON="$(WAKES)/bin/python" $(BIN)/python bench/wakening.py
WAKES := $${XDG_CACHE_HOME:-$$HOME/.cache}/campaign-scheduler/wakes

# What the adapters send, against what the platforms publish: make spec-check SPECS=dir, a folder with
# X's OpenAPI document (x-openapi-*.json), Mastodon's (mastodon-openapi-*.json), Bluesky's lexicons/,
# the collection of Threads (threads-postman*.json) and a description of Telegram's Bot API
# (telegram-bot-api-*.json).
spec-check: .venv/test
	@if [ -z "$(SPECS)" ]; then echo "Skipped: no specifications are named; make spec-check SPECS=dir"; \
	else $(BIN)/python -m pytest tests/platforms -m "not system" --specs "$(SPECS)"; fi

# What the suite needs of the system, on Debian and its like; X's own way of counting, to ask it;
# and axe-core, which looks at the pages as somebody may who does not see them.
test-deps:
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends iproute2 util-linux postgresql \
		swift-proxy swift-account swift-container swift-object memcached chromium systemd
	command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends nodejs npm
	test -d "$(TWITTER_TEXT)/node_modules/twitter-text" || \
		npm install --silent --no-save --ignore-scripts --prefix "$(TWITTER_TEXT)" twitter-text@3.1.0
	test -d "$(AXE)/node_modules/axe-core" || \
		npm install --silent --no-save --ignore-scripts --prefix "$(AXE)" axe-core@4.10.3
TWITTER_TEXT := $${XDG_CACHE_HOME:-$$HOME/.cache}/campaign-scheduler/twitter-text-3.1.0
AXE := $${XDG_CACHE_HOME:-$$HOME/.cache}/campaign-scheduler/axe-core-4.10.3

# The real server of Bluesky's protocol, in two versions, for the tests that hold us against it. It
# stays in the user's cache; needs Node 20 and a compiler, two minutes, and 850 MB.
pds: .venv/test
	PYTHON=$(CURDIR)/$(BIN)/python tests/real_pds/install.sh

# The lock files carry hashes and no addresses, so that plain pip can install them from anywhere.
lock:
	$(PYTHON) -m uv pip compile $(LOCK) --group build -o requirements/run.txt
	$(PYTHON) -m uv pip compile $(LOCK) --group build --group test -c requirements/run.txt -o requirements/test.txt
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml

.venv/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/run: .venv/python requirements/run.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/test: .venv/run requirements/test.txt
	$(PIP) install --require-hashes -r requirements/test.txt
	touch $@

clean:
	rm -rf .venv campaign-demo out dist
