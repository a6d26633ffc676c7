# Clearwell. `make help` lists what there is; setup/ holds what it fetches, tools/ what checks it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

home := $(shell setup/home.sh)
# Go and Node of set-up's own, there only where the machine had none or too old ones.
export PATH := $(home)/toolchain/go/bin:$(home)/toolchain/node/bin:$(PATH)
export CGO_ENABLED := 1

version := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
tool := go tool -modfile=tools/go.mod
npm := npm --prefix web --silent

packages := web/node_modules/.package-lock.json
pages := web/dist/index.html
page_sources := $(shell find web/src web/public -type f 2>/dev/null) \
	$(wildcard web/*.html web/*.ts web/*.json)
modules := bin/.modules

## run: everything from a fresh checkout: set up, build, serve with examples and a first answer (ARGS="--listen …")
.PHONY: run
run: build
	@exec bin/clearwell serve --welcome examples $(ARGS)

## test: all tests: unit, real Postgres, HTTP, pages, browser (TESTFLAGS="-run …")
.PHONY: test
test: setup $(pages) $(modules)
	@setup/browser.sh --optional
	@failed=; \
	go test -p 2 -timeout 20m $(TESTFLAGS) ./... || failed+=' Go'; \
	$(npm) test || failed+=' pages'; \
	setup/browser.sh --optional; \
	if [[ $$failed ]]; then echo "FAILED:$$failed"; exit 1; fi; \
	echo 'All tests passed.'

## test-postgres16: the tests that touch Postgres, on the oldest version that is supported
.PHONY: test-postgres16
test-postgres16: setup $(pages) $(modules)
	@CLEARWELL_TEST_POSTGRES=16 go test -p 2 -timeout 20m $(TESTFLAGS) $$(tools/postgres-packages.sh)

## small-model: what a real language model says that is mostly wrong, against the checks of answers (TESTFLAGS=-short)
.PHONY: small-model
small-model: setup $(pages) $(modules)
	@setup/setup.sh smallmodel
	@CLEARWELL_REQUIRE_SMALL_MODEL=1 go test -timeout 60m $(TESTFLAGS) -run TestSmallModel -v ./cmd/clearwell

## build: bin/clearwell, with the pages inside
.PHONY: build
build: setup $(pages) $(modules)
	@go build -trimpath -ldflags '-X main.version=$(version)' -o bin/clearwell ./cmd/clearwell

## lint: format, vet, staticcheck, pages, generated code, go.mod, stray hosts and paths
.PHONY: lint
lint: tools $(packages) $(pages) $(modules)
	@tools/lint.sh

## generate: Go and TypeScript code from api/openapi.yaml
.PHONY: generate
generate: tools $(packages)
	$(tool) oapi-codegen -config api/cfg.yaml api/openapi.yaml
	$(npm) run generate

## bench: ratios that matter (pipeline to embedder, search to SQL …), memory, and the size of what was fetched
.PHONY: bench
bench: build
	@bin/clearwell bench $(ARGS)
	@tools/size.sh

## fuzz: each fuzz test for a moment (FUZZTIME=10s)
.PHONY: fuzz
fuzz: setup $(pages) $(modules)
	@tools/fuzz.sh

## setup: fetch and prepare what is missing, once for all clones
.PHONY: setup
setup:
	@setup/setup.sh

# Go and Node only: what lint and generate need.
.PHONY: tools
tools:
	@setup/setup.sh tools

## browser: Chromium for the browser tests
.PHONY: browser
browser:
	@setup/browser.sh

## clean: remove what was built here; what set-up fetched stays
.PHONY: clean
clean:
	rm -rf bin web/node_modules test-output
	find web/dist -mindepth 1 ! -name .gitkeep -delete

## help: this list
.PHONY: help
help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST)) | awk -F ': ' '{ printf "make %-16s %s\n", $$1, substr($$0, length($$1) + 3) }'

$(packages): web/package.json web/package-lock.json web/.npmrc | tools
	@setup/modules.sh web
	@touch $@

$(pages): $(page_sources) $(packages)
	@echo 'set-up: building the pages'
	@$(npm) run build
	@touch $@ web/dist/.gitkeep

$(modules): go.mod go.sum | tools
	@setup/modules.sh
	@mkdir -p $(@D) && touch $@
