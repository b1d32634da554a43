# Peapod: every command sets up what it needs and does nothing that is up to date.
TARGET ?= ethos-u55-128
SHELL := /bin/bash
.DEFAULT_GOAL := help

kernels := $(shell find src -name '*.as.ts')
sources := $(shell find src -name '*.ts' ! -name '*.as.ts')
asc := node_modules/.bin/asc
simd := -O3 --noAssert --enable simd --importMemory --runtime stub
threads := --enable threads --sharedMemory --maximumMemory 65536

deploy: dist/.built ## Train, quantise, check, simulate, execute, judge: make deploy TARGET=… [CONFIG=…] [DATA=…] [RUNNER=…] [OUT=…] [ARGS=…]
	@node bin/peapod.js deploy --target $(TARGET) $(if $(CONFIG),--config $(CONFIG)) $(if $(DATA),--data $(DATA)) $(if $(RUNNER),--runner $(RUNNER)) $(if $(OUT),--out $(OUT)) $(ARGS)

test: dist/.built ## Run the tests
	@node_modules/.bin/vitest run

ready: dist/.built ## Format, lint, types, tests
	@node_modules/.bin/biome check --write
	@node_modules/.bin/tsc -p test/tsconfig.json
	@node_modules/.bin/vitest run

build: dist/.built ## Install and compile

node_modules/.installed: package.json package-lock.json
	@npm ci --no-audit --no-fund
	@touch $@

dist/.kernels: node_modules/.installed $(kernels) Makefile
	@mkdir -p dist/kernels
	@touch $@

dist/.built: node_modules/.installed dist/.kernels $(sources) tsconfig.json
	@node_modules/.bin/tsc -p tsconfig.json
	@touch $@

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: deploy test ready build help
