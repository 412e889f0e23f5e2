# What a person runs. `make help` lists it.
MAKEFLAGS += --no-print-directory
JOBS ?= 2

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## install what is missing: Debian packages, and Arrow C++ under build/
	@scripts/setup

build: setup  ## the release binary, build/release/linkwright
	@cmake --preset release > build/configure.log || { cat build/configure.log; exit 1; }
	@cmake --build --preset release -- --quiet

.PHONY: help setup build
