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

test-tensorflow: dist/.built ## Train on the TensorFlow backend, where make backend-tensorflow has installed it
	@node_modules/.bin/vitest run --config test/tensorflow/vitest.config.ts

quick: dist/.built ## Run the tests that train no whole network
	@node_modules/.bin/vitest run --exclude 'test/whole/**'

ready: dist/.built ## Format, lint, types, tests
	@node_modules/.bin/biome check --write
	@node_modules/.bin/tsc -p test/tsconfig.json
	@node_modules/.bin/vitest run

build: dist/.built ## Install and compile

soak: dist/.built ## Kill a small deploy at 50 seeded points, it must go on to the same bytes; eager and compiled steps of every network; read 50,000 damaged model files
	@node_modules/.bin/vitest run --config test/soak/vitest.config.ts
	@PEAPOD_FAULT_SCRIPTS=200 node_modules/.bin/vitest run test/whole/faults.test.ts

bench: dist/.built ## Measure: training steps against their recorded base (RECORD=1 writes it anew), the executor, the estimator, model files, how repeatable a latency of LiteRT is
	@node_modules/.bin/tsc -p test/bench/tsconfig.json && ln -sfn .. dist/bench/dist && ln -sfn ../../targets dist/bench/targets
	@for f in dist/bench/test/bench/*.js; do node $$f $(if $(RECORD),--record) || exit 1; done

backend-tensorflow: node_modules/.installed ## Install TensorFlow for Node
	@tools/backend-tensorflow.sh

peers := dist/peers/venv

bench-peers: dist/.built ## Measure training steps beside PyTorch, and int8 inference beside LiteRT and LiteRT.js (needs Python 3; takes 5 GB from PyPI)
	@test -x $(peers)/bin/python || python3 -m venv $(peers)
	@$(peers)/bin/pip install -q --no-cache-dir -r test/bench/peers/requirements.txt
	@node_modules/.bin/tsc -p test/bench/tsconfig.json && ln -sfn .. dist/bench/dist
	@node dist/bench/test/bench/peers/compare.js $(peers)/bin/python
	@node dist/bench/test/bench/peers/executor.js $(peers)/bin/python

converter := dist/converter/venv

compare-converter: dist/.built ## Our int8 files beside TFLiteConverter's: make compare-converter [ARGS="--model FILE|RUN --data D"] (needs Python 3; takes 1 GB from PyPI)
	@test -x $(converter)/bin/python || python3 -m venv $(converter)
	@$(converter)/bin/pip install -q --no-cache-dir -r test/bench/converter/requirements.txt
	@node_modules/.bin/tsc -p test/bench/tsconfig.json && ln -sfn .. dist/bench/dist
	@node dist/bench/test/bench/converter/compare.js $(converter)/bin/python $(ARGS)

node_modules/.installed: package.json package-lock.json
	@npm ci --no-audit --no-fund
	@touch $@

dist/.kernels: node_modules/.installed $(kernels) Makefile
	@mkdir -p dist/kernels
	@$(asc) src/execute/fast/execute.as.ts $(simd) -o dist/kernels/execute.wasm
	@$(asc) src/training/kernels/index.as.ts $(simd) -o dist/kernels/training.wasm
	@$(asc) src/training/kernels/index.as.ts $(simd) $(threads) -o dist/kernels/training-shared.wasm
	@touch $@

dist/.built: node_modules/.installed dist/.kernels $(sources) tsconfig.json
	@node_modules/.bin/tsc -p tsconfig.json
	@touch $@

# Of flatc's one file per type: the types that the reader and the writer meet, in one file, enums as plain objects.
schema := src/formats/tflite/schema
schema_enums := tensor-type dimension-type sparse-index-vector quantization-details custom-options-format builtin-operator builtin-options builtin-options2
schema_tables := model metadata signature-def tensor-map buffer external-buffer-group external-buffer sub-graph tensor variant-sub-type \
  quantization-parameters sparsity-parameters dimension-metadata operator operator-code
FLATC ?= flatc

schemas: dist/.built ## Generate the JSON schemas from the code, and TypeScript from schemas/tflite.fbs (needs flatc)
	@node --input-type=module -e "import { projectJsonSchema } from './dist/config/json-schema.js'; process.stdout.write(projectJsonSchema())" > schemas/project.schema.json
	@node --input-type=module -e "import { experimentJsonSchema } from './dist/config/json-schema.js'; process.stdout.write(experimentJsonSchema())" > schemas/experiment.schema.json
	@node --input-type=module -e "import { reportJsonSchema } from './dist/report/schema.js'; process.stdout.write(reportJsonSchema())" > schemas/report.schema.json
	@node --input-type=module -e "import { targetSchema } from './dist/target/profiles/schema.js'; console.log(JSON.stringify(targetSchema(), null, 2))" > schemas/target.schema.json
	@rm -rf $(schema) && mkdir -p $(schema)/parts && $(FLATC) --ts -o $(schema)/parts schemas/tflite.fbs
	@cd $(schema) && { echo '// Generated from schemas/tflite.fbs by make schemas: do not edit.'; echo "import * as flatbuffers from 'flatbuffers'"; \
	  for e in $(schema_enums); do sed -n '/^export enum/,/^}/p' parts/tflite/$$e.ts | \
	    sed -E 's/^export enum (.*) \{/export type \1 = number\nexport const \1 = {/; s/^  (\w+) = /  \1: /; s/^}/} as const/'; done; \
	  for t in $(schema_tables); do sed -E '/^(import|\/\/|\/\* )/d; s/<T extends flatbuffers.Table>//' parts/tflite/$$t.ts; done; } | cat -s > tflite.ts
	@{ echo '/** What tflite.ts was generated from, and with: generated by make schemas. */'; \
	  echo "export const source = { sha256: '$$(sha256sum schemas/tflite.fbs | cut -d ' ' -f 1)', flatc: '$$($(FLATC) --version | sed 's/.* //')' }"; } > $(schema)/source.ts
	@rm -r $(schema)/parts

golden_venv := dist/golden/venv

golden: dist/.built ## Record golden vectors from TFLM and LiteRT's reference kernels, of all operators or of OPS="add sub", and from the Cityscapes evaluator; hold us to Arm Vela and to TFLM's arena (needs Python 3 and PyPI)
	@test -x $(golden_venv)/bin/python || python3 -m venv $(golden_venv)
	@$(golden_venv)/bin/pip install -q -r test/golden/requirements.txt
	@node_modules/.bin/tsc -p test/golden/tsconfig.json
	@node dist/golden/js/test/golden/write-models.js dist/golden/models
	@node dist/golden/js/test/golden/record-losses.js > dist/golden/losses.json && mv dist/golden/losses.json test/golden/losses.json
	@for kind in ops networks; do $(golden_venv)/bin/python test/golden/record.py dist/golden/models/$$kind test/golden/$$kind $(OPS) || exit 1; done
	@$(golden_venv)/bin/python test/golden/cityscapes.py test/golden/cityscapes.json
	@PEAPOD_VELA=$(CURDIR)/$(golden_venv)/bin/vela PEAPOD_TFLM_PYTHON=$(CURDIR)/$(golden_venv)/bin/python \
	  node_modules/.bin/vitest run test/target.compilers.test.ts test/target.export.test.ts
	@PATH="$(CURDIR)/$(golden_venv)/bin:$$PATH" node_modules/.bin/vitest run test/whole/trained.test.ts

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' Makefile

.PHONY: deploy test test-tensorflow quick ready build soak bench backend-tensorflow bench-peers compare-converter schemas golden help
