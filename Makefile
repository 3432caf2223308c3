# Every task of the project. `make` alone prints what there is.
#
# test, demo, lint, layers, bench, soak, fuzz, install and deb do their own set-up first.

SHELL := /bin/sh
.SUFFIXES:
.DEFAULT_GOAL := help
.PHONY: help setup build test lint layers demo bench soak fuzz install deb clean

PREFIX ?= /usr/local
DESTDIR ?=
export PREFIX DESTDIR

help: ## print this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo
	@echo "  Variables: SWIFT (path of swift), PREFIX and DESTDIR (install), FUZZ_SECONDS (fuzz, default 30),"
	@echo "  LOCKTENDER_SEED (repeat one seed), LOCKTENDER_SOAK (seeds per fault test)."

setup: ## install the Debian packages that building and testing need
	@Scripts/setup core

build: setup ## build the program for debugging
	@"$$(Scripts/find-swift)" build --product locktender

test: ## lint, check layers, build, run all tests; the last line counts them
	@Scripts/test

lint: setup ## check the format of Swift, shell and Python sources
	@Scripts/lint

layers: setup ## check which target imports which, and that the check bites
	@Scripts/check-layers
	@Scripts/check-layers --self-test

demo: setup ## an old platform made, checked, planned, imported, verified, reported
	@Scripts/demo

bench: ## measure against peers in the same run; writes docs/performance.md
	@Scripts/setup core bench
	@Scripts/bench

soak: setup ## all tests, the random ones with 200 seeds each
	@Scripts/soak

fuzz: setup ## every harness in Fuzz/ for FUZZ_SECONDS
	@Scripts/fuzz

install: setup ## build for release and install below DESTDIR and PREFIX
	@Scripts/install

deb: setup ## build a Debian package in dist/
	@Scripts/deb

clean: ## remove what builds made
	@rm -rf .build dist demo
