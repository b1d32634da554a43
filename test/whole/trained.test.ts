/** A network trained on the embedded road signs, in runtimes that we did not write: the same class for at least 99.5 % of 500 test images. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { loadProject } from '../../src/config/load.ts'
import { preprocessor } from '../../src/data/preprocessor.ts'
import { agree } from '../../src/device/agreement/agree.ts'
import { openRunner, runnerKind } from '../../src/device/open.ts'
import { verifyOn } from '../../src/device/verify.ts'
import { readTflite } from '../../src/formats/tflite/read.ts'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import type { Graph } from '../../src/graph/ir/graph.ts'
import { deploy } from '../../src/pipeline.ts'
import type { State } from '../../src/stages/define.ts'
import { quantisedInputs } from '../../src/stages/inputs.ts'
import { loadTarget } from '../../src/target/profiles/load.ts'
import { loadLiteRtJs } from '../litert-js/load-litert-js.ts'

const images = 500
const runners = ['litert:', 'litert:?kernels=reference', 'tflm:']
const lacks = await Promise.all(runners.map((uri) => runnerKind(uri).missing(uri)))
for (const [i, lack] of lacks.entries()) if (lack) console.log(`skipped: ${runners[i]}, since ${lack.what}`)

let state: State
let labels: Int32Array
let graph: Graph<'quantised'>

beforeAll(async () => {
  const out = await mkdtemp(join(tmpdir(), 'peapod-trained-'))
  const progress = { stage: () => {}, note: () => {}, bar: () => {}, end: () => {} }
  const project = await loadProject(undefined, ['train.epochs=8'])
  state = (await deploy({
    project,
    target: loadTarget('ethos-u55-128'),
    out,
    threads: 2,
    progress,
    signal: new AbortController().signal,
  })) as State
  labels = state.data.set.splits.test.labels.subarray(0, images)
  graph = readTflite(state.model.bytes) as Graph<'quantised'>
}, 400_000)

test('it has learned, and int8 keeps what it learned', () => {
  expect(state.trained.float.accuracy).toBeGreaterThan(0.75)
  expect(state.trained.float.accuracy - state.executed.int8.accuracy).toBeLessThan(0.01)
  expect(state.model.differences.strip).toBeLessThanOrEqual(1e-6)
  expect(state.model.differences.fold).toBeLessThanOrEqual(1e-4)
})

test('LiteRT.js agrees', async () => {
  const { compile } = await loadLiteRtJs()
  const model = await compile(writeTflite(graph, { io: 'float32' }))
  const { test: split } = state.data.set.splits
  const prepare = preprocessor(state.data.preprocess, split.shape)
  const { quant } = graph.tensors[graph.outputs[0]!]!
  const classes = state.data.set.classes.length
  const there = new Int8Array(images * classes)
  const raw = new Uint8Array(split.shape.reduce((a, b) => a * b, 1))
  for (let i = 0; i < images; i++) {
    const input = new Float32Array(raw.length)
    split.read(i, raw, 0)
    prepare(raw, input, 0)
    const [output] = await model.run([input])
    output!.forEach((v, k) => void (there[i * classes + k] = Math.round(v / quant!.scale[0]!) + quant!.zero[0]!))
  }
  const result = agree('litert.js', there, state.executed.outputs!.subarray(0, images * classes), labels, classes)
  expect(result.agreement).toBeGreaterThanOrEqual(0.995)
}, 120_000)

test.skipIf(lacks.every(Boolean)).each(runners.filter((_, i) => !lacks[i]))(
  '%s agrees',
  async (uri) => {
    const inputs = new Uint8Array(quantisedInputs(graph, state.data.preprocess, state.data.set.splits.test, images).buffer)
    const runner = await openRunner(uri, { timeoutMs: 60_000 })
    try {
      await runner.load(state.model.bytes)
      const output = graph.tensors[graph.outputs[0]!]!
      const here = state.executed.outputs!.subarray(0, images * state.data.set.classes.length)
      const result = await verifyOn(runner, { inputs, labels, here, output })
      expect(result.agreement).toBeGreaterThanOrEqual(0.995)
      if (uri === 'tflm:') expect(result.bitEqual).toBe(1)
    } finally {
      await runner.close()
    }
  },
  120_000,
)
