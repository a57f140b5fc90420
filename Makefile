# Two commands do all the set-up: `make book` and `make test`. The others need nothing more.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.fertig
READY_TEST := .venv/.fertig-test
KREIS ?= 16065
RUN := $(BIN)/python

.PHONY: book test test-lang test-mutationen lab preview check bench site pictures clean lock

book: $(READY)
	@$(RUN) scripts/render_book.py --kreis $(KREIS) $(OPTIONEN)

test: $(READY_TEST)
	@$(RUN) -m pytest -q -n 2 --dist loadgroup $(TESTS)

# The long suites as well: whole books rendered, published, killed half-way and opened in a browser.
test-lang: $(READY_TEST)
	@$(RUN) -m pytest -q -n 2 --dist loadgroup -m "" $(TESTS)

# 200 random edits: after each the book must be what a render from nothing makes. Takes an hour.
test-mutationen: $(READY_TEST)
	@KREISBERICHT_MUTATIONEN=200 $(RUN) -m pytest -q -m "" tests/test_mutations.py

lab: $(READY)
	@$(RUN) scripts/open_lab.py $(OPTIONEN)

preview: $(READY)
	@command -v quarto >/dev/null && quarto preview || $(RUN) scripts/render_book.py --kreis $(KREIS)

check: $(READY_TEST)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(RUN) scripts/check_data.py
	@mkdir -p _build && $(BIN)/frictionless validate data/datapackage.json > _build/datenpaket.txt \
		|| { cat _build/datenpaket.txt; exit 1; }
	@$(RUN) scripts/check_book.py --kreis $(KREIS)

site: $(READY)
	@$(RUN) scripts/render_book.py --kreis $(KREIS) --edition alle

# How fast it is, against plain papermill and Quarto: docs/benchmark.md. Takes hours; OPTIONEN=--kurz minutes.
bench: $(READY)
	@$(RUN) scripts/measure_speed.py $(OPTIONEN)

pictures: $(READY_TEST) book
	@$(RUN) scripts/make_pictures.py

clean:
	rm -rf _build _site _book .quarto chapters/daten .pytest_cache .ruff_cache .hypothesis
	@test ! -x $(RUN) || $(RUN) scripts/prepare_chapters.py --platzhalter

# requirements.txt is compiled from pyproject.toml; everything pinned.
lock: $(READY)
	@$(RUN) scripts/lock_requirements.py

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) scripts/set_up.py

$(READY_TEST): $(READY) tests/requirements.txt
	@$(PYTHON) scripts/set_up.py --test
