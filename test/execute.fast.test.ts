/** Every overlay against its room's kernel, bit for bit, over random cases; and that it writes nowhere else. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import * as overlays from '../src/execute/fast/index.ts'
import { loadFastKernels } from '../src/execute/fast/load.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { type Graph, size } from '../src/graph/ir/graph.ts'
import type { Rounding } from '../src/graph/ops/define.ts'
import { opOf } from '../src/graph/ops/registry.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { type Case, cases, draws, elements } from './samples/overlay-cases.ts'

const CASES = 150
const GUARD = 64

/** What the overlay writes, with the bytes about it; undefined where it does not cover the case. */
function runFast(op: string, { attrs, inputs, outputs }: Case, xs: readonly Int8Array[], rounding: Rounding) {
  const { overlays: fast, memory } = loadFastKernels()
  const length = size(outputs[0]!.shape)
  const places = xs.map((x) => memory.allocate(x.length))
  const guarded = memory.allocate(length + 2 * GUARD)
  const kernel = fast.get(op)!.prepare(attrs, inputs, outputs, rounding, memory)
  if (!kernel) return undefined
  const around = new Uint8Array(memory.buffer, guarded, length + 2 * GUARD).fill(0xa5)
  const at = xs.map((x, i) => {
    const view = new Int8Array(memory.buffer, places[i]!, x.length)
    view.set(x)
    return view
  })
  const y = new Int8Array(memory.buffer, guarded + GUARD, length)
  kernel([...at, ...inputs.slice(xs.length).map((c) => c.data as Int8Array)], [y])
  const before = around.subarray(0, GUARD).every((v) => v === 0xa5)
  const after = around.subarray(GUARD + length).every((v) => v === 0xa5)
  return { y: y.slice(), clean: before && after && at.every((view, i) => view.every((v, k) => v === xs[i]![k])) }
}

describe.each(Object.values(overlays).map(({ op }) => op))('%s', (op) => {
  test('equals its room bit for bit', () => {
    const seen = { covered: 0, saturated: 0, inside: 0 }
    for (let seed = 0; seed < CASES; seed++) {
      const d = draws(seed)
      const one = cases[op]!(d)
      const xs = one.inputs.filter((t) => !t.data).map((t) => elements(d, t))
      const rounding = d.oneOf<Rounding>('tflm', 'litert')
      const fast = runFast(op, one, xs, rounding)
      if (!fast) continue
      const plain = new Int8Array(size(one.outputs[0]!.shape))
      const given = [...xs, ...one.inputs.slice(xs.length).map((c) => c.data as Int8Array)]
      opOf({ op }).int8!(one.attrs, one.inputs, one.outputs, rounding)(given, [plain])
      const differs = plain.findIndex((v, i) => v !== fast.y[i])
      if (differs >= 0)
        expect.fail(`seed ${seed}: element ${differs} is ${fast.y[differs]}, not ${plain[differs]}: ${describeCase(one, rounding)}`)
      expect(fast.clean, `seed ${seed} writes outside its output`).toBe(true)
      seen.covered++
      for (const v of plain) v === -128 || v === 127 ? seen.saturated++ : seen.inside++
    }
    // A case that falls through to the room, or an output at its ends only, proves nothing.
    expect(seen.covered).toBe(CASES)
    expect(seen.inside).toBeGreaterThan(1000)
    expect(seen.saturated).toBeGreaterThan(100)
  })
})

const describeCase = ({ attrs, inputs, outputs }: Case, rounding: Rounding) =>
  JSON.stringify({ rounding, attrs, inputs: inputs.map((t) => ({ shape: t.shape, quant: t.quant })), outputs })

test('what the kernels cannot do is left to the rooms', () => {
  const { overlays: fast, memory } = loadFastKernels()
  const d = draws(0)
  const takes = (op: string, change: (c: Case) => Case) => {
    const { attrs, inputs, outputs } = change(cases[op]!(d))
    return fast.get(op)!.prepare(attrs, inputs, outputs, 'tflm', memory) !== undefined
  }
  const input = (at: number, change: object) => (c: Case) => ({
    ...c,
    inputs: c.inputs.map((t, i) => (i === at ? { ...t, ...change } : t)),
  })
  const output = (change: object) => (c: Case) => ({ ...c, outputs: [{ ...c.outputs[0]!, ...change }] })
  expect(takes('conv-2d', (c) => c)).toBe(true)
  for (const op of ['conv-2d', 'depthwise-conv-2d', 'fully-connected', 'add', 'average-pool-2d', 'max-pool-2d']) {
    expect(
      takes(op, (c) => ({ ...c, attrs: { ...c.attrs, fusedActivation: 'tanh' } })),
      `${op}: tanh`,
    ).toBe(false)
    expect(takes(op, input(0, { quant: undefined })), `${op}: no scale`).toBe(false)
    expect(takes(op, input(0, { dtype: 'int16' })), `${op}: int16`).toBe(false)
    expect(takes(op, input(0, { data: new Int8Array(1) })), `${op}: constant input`).toBe(false)
    expect(takes(op, output({ dtype: 'float32' })), `${op}: float output`).toBe(false)
  }
  expect(takes('conv-2d', input(1, { data: undefined })), 'weights computed').toBe(false)
  expect(
    takes('conv-2d', (c) => input(0, { shape: [1, 9, 9, 2 * c.inputs[1]!.shape[3]!] })(c)),
    'groups',
  ).toBe(false)
  const asymmetric = { scale: [0.1], zero: [3], axis: 0 }
  expect(takes('fully-connected', input(1, { quant: asymmetric })), 'weights with a zero point').toBe(false)
  expect(takes('add', input(1, { shape: [1] })), 'broadcasting').toBe(false)
})

/** How many tensors the plain and the fast run of some inputs have in common; fails at the first that differs. */
function compareRuns(graph: Graph, inputs: Int8Array, count: number, rounding: Rounding): number {
  const plain = prepareExecutor(graph, { rounding })
  const fast = prepareExecutor(graph, { rounding, fast: loadFastKernels() })
  const length = inputs.length / count
  let tensors = 0
  for (let i = 0; i < count; i++) {
    const input = inputs.subarray(i * length, (i + 1) * length)
    const expected = new Map<number, Int8Array>()
    plain.run([input], (t, data) => expected.set(t, (data as Int8Array).slice()))
    fast.run([input], (t, data) => {
      const other = expected.get(t)!
      const at = (data as Int8Array).findIndex((v, k) => v !== other[k])
      if (at >= 0) expect.fail(`input ${i}, tensor ${graph.tensors[t]!.name}, element ${at}: ${data[at]}, not ${other[at]}`)
      tensors++
    })
  }
  return tensors
}

test.each<Rounding>(['tflm', 'litert'])('a whole MobileNet has the same tensors, %s rounding', (rounding) => {
  const graph = mobilenetInt8()
  const d = draws(1)
  const inputs = Int8Array.from({ length: 2 * 32 * 32 * 3 }, () => d.whole(-128, 127))
  expect(compareRuns(graph, inputs, 2, rounding)).toBe(2 * graph.nodes.length)
})

const shared = (path: string) => fileURLToPath(new URL(`../../shared/${path}`, import.meta.url))

// The files are not part of the project: without the folder beside the checkout these four are skipped.
test.skipIf(!existsSync(shared('models'))).each(['pretrainedResnet_quant', 'kws_ref_model', 'ad01_int8', 'person_detect'])(
  'every tensor of %s is the same with and without fast kernels (needs ../shared)',
  (name) => {
    const graph = readTflite(readFileSync(shared(`models/${name}.tflite`)))
    const inputs = readFileSync(shared(`golden/int8/${name}.in.i8`))
    expect(compareRuns(graph, new Int8Array(inputs), 16, 'litert')).toBe(16 * graph.nodes.length)
  },
)
