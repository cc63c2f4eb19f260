# `make demo` and `make test` need only Python 3.11 or newer, make and a package index.
# demo, test and lint never train: `make train` does.

PYTHON ?= python3
BIN := .venv/bin

# What the extension is compiled from, and what tables are prepared from.
COMPILED := hatch_build.py src/declutter/prepared.py src/declutter/words.py $(wildcard src/speedups/*) \
	$(wildcard src/declutter/features/*.toml src/declutter/features/lexicon/*)

# The tests in as many processes as there are cores; who has none left takes some of the others', so that they end together.
SIDE_BY_SIDE := --numprocesses auto --dist worksteal
# The quickest way to see which lines run: from Python 3.12 on the interpreter tells it itself.
CORE = COVERAGE_CORE=$$($(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")')

.DELETE_ON_ERROR:
.PHONY: help demo test coverage test-examples test-hostile test-lowest fuzz fuzz-guided charsets lint format docs train evaluate gate soak bench bench-adapt bench-agreement bench-alarms bench-boxes bench-document bench-languages bench-markup bench-metadata bench-readers bench-speed bench-structure clean

help:
	@echo "make demo            clean the example page and show what was removed"
	@echo "make test            run the tests"
	@echo "make coverage        the same, and say which lines they do not run: twice as long before Python 3.12"
	@echo "make test-lowest     the same with the oldest packages that pyproject.toml allows"
	@echo "make test-examples   the examples of README and manual, those with pandas and Scrapy too"
	@echo "make test-hostile    pages made to break things, in full size: two minutes"
	@echo "make fuzz            mutated pages, 20,000 of them; FUZZ='--cases 200000 --jobs 2' for more"
	@echo "make fuzz-guided     the same with pages that libFuzzer grows by what they reach; FUZZ='--jobs 2' for two processes, '--seconds 600' for a set time"
	@echo "make charsets        write the table of encodings in the manual"
	@echo "make lint            ruff and mypy"
	@echo "make format          put the code in form"
	@echo "make docs            build the manual as a site, with warnings as errors"
	@echo "make train           train a model from the corpora that are here"
	@echo "make evaluate        measure it, corpus by corpus"
	@echo "make gate            check that the shipped model is what it is said to be, and no worse than it was"
	@echo "make bench           the same beside other tools, which get an environment of their own"
	@echo "make bench-adapt     what a model adapted to labelled pages gains on others of their sites"
	@echo "make bench-agreement how far two readers agree on the labels of the same pages"
	@echo "make bench-alarms    content that talks like chrome: how much of it stays"
	@echo "make bench-boxes     boxes of many languages in disguise: what is removed and named, what of the article stays"
	@echo "make bench-document  200 real pages less their chrome: nothing added, the content there, the chrome not"
	@echo "make bench-languages are words of a language needed? models that saw no page in it, with and without wording: 20 minutes"
	@echo "make bench-markup    pages never trained on: class names as served, hashed, absent, and plain text; held-out pages by language"
	@echo "make bench-metadata  titles, authors, days and languages, beside other tools"
	@echo "make bench-readers   how far people who read pages of WCXB and its gold agree, beside the model"
	@echo "make bench-speed     time and memory a page, beside other tools, and how it grows with the page; SPEED='--pages 10 --rounds 1' for less"
	@echo "make bench-structure headings, lists, tables, code, quotations and links kept, beside other tools"
	@echo "make soak            20,000 pages through the library and the command: memory, and what a second process gains"
	@echo "make clean           take away the environment and what tools left"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv

# To run it: the library and what it needs.
.venv/.runnable: pyproject.toml $(COMPILED) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# To work on it: also the tools, and what training takes.
.venv/.installed: pyproject.toml $(COMPILED) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch .venv/.runnable $@

# To build the manual's site, which reads the docstrings of the library.
.venv/.documented: pyproject.toml $(COMPILED) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch .venv/.runnable $@

demo: .venv/.runnable
	$(BIN)/declutter clean examples/flood-wardens.html --removed

test: .venv/.installed
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

coverage: .venv/.installed
	$(CORE) $(BIN)/python -m pytest $(SIDE_BY_SIDE) --cov --cov-report=term-missing:skip-covered

test-examples: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[examples]'
	$(BIN)/python -m pytest tests/test_readme.py

test-lowest:
	$(PYTHON) -m venv --clear .cache/lowest
	.cache/lowest/bin/python -m pip install --quiet --disable-pip-version-check --constraint .ci/lowest.txt --editable '.[dev]'
	.cache/lowest/bin/python -m pytest $(SIDE_BY_SIDE)

test-hostile: .venv/.installed
	DECLUTTER_HOSTILE=1 $(BIN)/python -m pytest tests/test_hostile.py

fuzz: .venv/.installed
	$(BIN)/python benchmarks/fuzz.py $(FUZZ)

# Its library has builds for few systems, and nothing else needs it.
fuzz-guided: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'atheris>=3.0'
	$(BIN)/python benchmarks/fuzz_guided.py $(FUZZ)

charsets: .venv/.installed
	$(BIN)/python benchmarks/charsets.py

lint: .venv/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/.installed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The variable spares us a notice of the theme's makers about later versions.
docs: .venv/.documented
	NO_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict

train: .venv/.installed
	$(BIN)/declutter train

evaluate: .venv/.installed
	$(BIN)/declutter evaluate
	$(BIN)/python benchmarks/readme.py
	$(BIN)/python benchmarks/card.py

gate: .venv/.installed
	$(BIN)/python benchmarks/gate.py

# The newest pip: older ones stumble over what some of the tools ask of lxml.
# The tools in JavaScript are left out where there is no npm.
.cache/bench/.installed: pyproject.toml benchmarks/javascript/package-lock.json $(COMPILED) | $(BIN)/python
	$(PYTHON) -m venv .cache/bench
	.cache/bench/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	.cache/bench/bin/python -m pip install --quiet --editable '.[peers]'
	if command -v npm > /dev/null; then npm ci --prefix benchmarks/javascript --no-audit --no-fund --silent; fi
	@touch $@

bench: .cache/bench/.installed .venv/.installed
	.cache/bench/bin/python benchmarks/bench.py
	$(BIN)/python benchmarks/readme.py

bench-adapt: .venv/.installed
	$(BIN)/python benchmarks/adapting.py

bench-boxes: .venv/.installed
	$(BIN)/python benchmarks/boxes.py
	$(BIN)/python benchmarks/card.py

bench-markup: .venv/.installed
	$(BIN)/python benchmarks/markup.py
	$(BIN)/python benchmarks/card.py

bench-alarms: .venv/.installed
	$(BIN)/python benchmarks/alarms.py

bench-document: .venv/.installed
	$(BIN)/python benchmarks/document.py

bench-languages: .venv/.installed
	$(BIN)/python benchmarks/languages.py

bench-agreement: .venv/.installed
	$(BIN)/python benchmarks/agreement.py

bench-readers: .venv/.installed
	$(BIN)/python benchmarks/readers.py

bench-metadata: .cache/bench/.installed
	.cache/bench/bin/python benchmarks/metadata.py

bench-speed: .cache/bench/.installed .venv/.installed
	.cache/bench/bin/python benchmarks/speed.py $(SPEED)
	$(BIN)/python benchmarks/readme.py

bench-structure: .cache/bench/.installed
	.cache/bench/bin/python benchmarks/structure.py

soak: .venv/.installed
	$(BIN)/python benchmarks/soak.py

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .tox .coverage build dist site
