# The face of the project. Every target says what it is about to do; `make help` lists them.
# Variables: ARGS (for make run), DOCKER=1 (installs it as well), JOBS (compilers at once),
# SECONDS_EACH (make fuzz), ALL=1 (make lint: every file), ROUNDS, TESTS and PEERS (make bench-proxy).
.DEFAULT_GOAL := build
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

# Sockets, processes and threads are theirs: where memory errors and races would be.
sanitized = net sql process proxy http
space := $(subst ,, )

with = $(if $(DOCKER),docker)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z<>%-]+:.*## ' Makefile | sed -E 's/^([^:]+):.*## /\1\t/' | sed 's/%/<module>/' | \
	  awk -F'\t' '{printf "  make %-15s %s\n", $$1, $$2}'

.PHONY: run
run: ## install what is missing, build, and start Temps (ARGS="--listen 127.0.0.1:9000", DOCKER=1)
	@echo "make run: install what is missing, build the release binary, start it"
	@setup/install build runtime $(with)
	@setup/build release temps
	@setup/lacking
	@exec build/release/temps up $(ARGS)

.PHONY: build
build: ## install what the build needs, and build build/release/temps
	@echo "make build: build the release binary (make help lists what else there is)"
	@setup/install build
	@setup/build release temps
	@echo "build/release/temps is ready: build/release/temps up starts it"

.PHONY: test
test: ## install what the tests need, build everything, run every test
	@echo "make test: install what is missing, build everything, run every test"
	@setup/install build runtime test
	@setup/build test
	@setup/test

.PHONY: test-asan test-tsan
test-asan test-tsan: test-%: ## unit tests, and integration tests of the lowest modules, under the sanitizers
	@echo "make test-$*: build with the $* preset, run the unit tests and the integration tests of $(sanitized)"
	@setup/install build runtime test sanitize
	@setup/build $*
	@ctest --test-dir build/$* -L '^unit$$' --output-on-failure
	@ctest --test-dir build/$* -L '^integration$$' -L '^($(subst $(space),|,$(sanitized)))$$' --output-on-failure

test-%: ## build and run the tests of one module
	@echo "make test-$*: build the tests of src/$* and run them"
	@setup/install build runtime test
	@setup/test-module $*

.PHONY: openapi
openapi: ## write docs/api/openapi.json as the API is now; the console's types come from it
	@echo "make openapi: build the program, and write docs/api/openapi.json"
	@setup/install build
	@setup/openapi

.PHONY: fmt
fmt: ## format the sources
	@echo "make fmt: format the C and C++ files with clang-format 19"
	@setup/install lint
	@setup/lint format

.PHONY: lint
lint: ## check the format, and what clang-tidy says of changed files (ALL=1: of every file)
	@echo "make lint: check format and clang-tidy of $(if $(ALL),every file,the changed files)"
	@setup/install build lint
	@setup/lint $(if $(ALL),all,changed)

.PHONY: bench
bench: ## measure, with the release build; TEMPS_BENCH_QUICK=1 leaves out how long building takes
	@echo "make bench: build the release binary and the benchmarks, and run them"
	@setup/install build runtime test
	@setup/bench

.PHONY: bench-build
bench-build: ## measure a clean build, and one after a change in one .cpp (takes minutes)
	@echo "make bench-build: build everything anew in build/bench-build, and again after small changes"
	@setup/install build
	@bench/build-times

.PHONY: bench-proxy
bench-proxy: ## measure the proxy against nginx, HAProxy, h2o, Caddy (ROUNDS=9, TESTS="h1 tls", PEERS="nginx")
	@echo "make bench-proxy: install the other proxies (they are not started as services), build, and measure"
	@setup/install build bench-proxy
	@setup/build release temps bench_load bench_origin
	@bench/proxy/measure $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(TESTS),--tests "$(TESTS)") \
	  $(if $(PEERS),--peers "$(PEERS)")

.PHONY: fuzz
fuzz: ## fuzz each parser for a while (SECONDS_EACH=30)
	@echo "make fuzz: build the fuzz targets and run each for $(or $(SECONDS_EACH),30) s"
	@setup/install build sanitize
	@setup/fuzz $(or $(SECONDS_EACH),30)

.PHONY: check-systemd
check-systemd: ## install the units in a Debian with systemd (in a container), reload under load (as root, minutes)
	@echo "make check-systemd: build the release binary, and try the units in a Debian 12 of their own"
	@setup/install build docker
	@command -v debootstrap >/dev/null || setup/install test
	@setup/build release temps
	@packaging/check/systemd

.PHONY: modules
modules: ## print the module graph
	@echo "make modules: the modules by floor, and what each depends on"
	@setup/modules

.PHONY: clean
clean: ## remove what was built
	@echo "make clean: remove build/ (but what setup fetched into build/deps)"
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} + 2>/dev/null || true
