# What a person runs. `make help` lists it.
MAKEFLAGS += --no-print-directory
JOBS ?= $(shell nproc)
export JOBS

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup:  ## install what is missing: Debian packages, and Arrow C++ under build/
	@scripts/setup test

demo: build  ## link 5,000 people with 5,000 others whose truth is known, and show what came out
	@scripts/demo

build:  ## the release binary, build/release/linkwright
	@scripts/setup build
	@scripts/build release linkwright

spark: build  ## and what runs Spark on this machine, for `linkwright spark up`
	@scripts/setup spark
	@scripts/archive-spark

test:  ## everything: unit tests, sanitizers, short fuzz runs, Splink as oracle, the commands in the documents
	@scripts/setup test
	@scripts/test

asan:  ## all C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/setup test
	@scripts/test asan

tsan:  ## the engine's tests under ThreadSanitizer
	@scripts/setup test
	@scripts/test tsan

fuzz:  ## every fuzz target; FUZZ_SECONDS=60 for each
	@scripts/setup test
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-60} scripts/test fuzz

bench: build  ## Splink 5 and linkwright in turns on this machine: time, memory, ratios; BENCH="--five-million"
	@scripts/setup test
	@scripts/with-splink bench/side_by_side.py $(BENCH)
	@scripts/build bench token_bench
	@scripts/with-openlinktoken bench/tokens_side_by_side.py || [ $$? = 77 ]

bench-spark: spark  ## Splink 5 and linkwright on Spark in turns, minutes; BENCH="--splink-runs 0 --five-million --workers 1,2,4"
	@scripts/setup test
	@scripts/with-splink bench/spark_side_by_side.py $(BENCH)

format:  ## clang-format on every C++ file
	@scripts/setup test
	@git ls-files -z '*.h' '*.cc' | xargs -0 clang-format-14 -i

lint:  ## clang-format and clang-tidy; remembers files that were clean
	@scripts/setup test
	@scripts/build --configure release
	@scripts/lint

clean:  ## remove what was built, but not the downloads of Arrow C++ and Spark
	@find build -mindepth 1 -maxdepth 1 ! -name python ! -name spark-python ! -name spark-protos -exec rm -rf {} +

.PHONY: help setup demo build spark test asan tsan fuzz bench bench-spark format lint clean
