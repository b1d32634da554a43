/** Every float overlay against its room's kernel, bit for bit, over random cases; and that it writes nowhere else. */
import { describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import * as overlays from '../src/execute/fast/float/index.ts'
import { loadFastKernels } from '../src/execute/fast/load.ts'
import { type Graph, size, type Tensor } from '../src/graph/ir/graph.ts'
import { key, normal } from '../src/graph/math/random.ts'
import { opOf } from '../src/graph/ops/registry.ts'
import { dequantised } from '../src/quantise/dequantise.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { type Case, cases, type Draws, draws } from './samples/overlay-cases.ts'

const CASES = 100
const GUARD = 64

/** The geometry of an int8 case with float values: spread over magnitudes, where sums in another order differ in their last bits. */
function floatCase(d: Draws, op: string): Case {
  const { attrs, inputs, outputs } = cases[op]!(d)
  const constant = (shape: readonly number[]) => numbers(d, size(shape))
  return {
    attrs,
    inputs: inputs.map(({ shape, data }) => ({ shape, dtype: 'float32', ...(data && { data: constant(shape) }) })),
    outputs: outputs.map(({ shape }) => ({ shape, dtype: 'float32' })),
  }
}

function numbers(d: Draws, length: number): Float32Array {
  const stream = key(d.whole(0, 1e6), 'test')
  return Float32Array.from({ length }, (_, i) => normal(stream, 2 * i) * 2 ** (4 * normal(stream, 2 * i + 1)))
}

/** What the overlay writes, and whether the bytes about it are untouched; undefined where it does not cover the case. */
function runFast(op: string, { attrs, inputs, outputs }: Case, x: Float32Array) {
  const { overlays: fast, memory } = loadFastKernels()
  const length = size(outputs[0]!.shape)
  const [place, guarded] = [memory.allocate(4 * x.length), memory.allocate(4 * length + 2 * GUARD)]
  const kernel = fast.get(op)!.prepare(attrs, inputs, outputs, 'tflm', memory)
  if (!kernel) return undefined
  const around = new Uint8Array(memory.buffer, guarded, 4 * length + 2 * GUARD).fill(0xa5)
  const given = new Float32Array(memory.buffer, place, x.length)
  given.set(x)
  const y = new Float32Array(memory.buffer, guarded + GUARD, length)
  kernel([given, ...inputs.slice(1).map((c) => c.data as Float32Array)], [y])
  const clean = [...around.subarray(0, GUARD), ...around.subarray(GUARD + 4 * length)].every((v) => v === 0xa5)
  return { y: y.slice(), clean: clean && given.every((v, k) => v === x[k]) }
}

describe.each(Object.values(overlays).map(({ op }) => op))('%s', (op) => {
  test('equals its room bit for bit', () => {
    const seen = { covered: 0, values: 0, rounded: 0 }
    for (let seed = 0; seed < CASES; seed++) {
      const d = draws(seed)
      const one = floatCase(d, op)
      const x = numbers(d, size(one.inputs[0]!.shape))
      const fast = runFast(op, one, x)
      if (!fast) continue
      const plain = new Float32Array(size(one.outputs[0]!.shape))
      opOf({ op }).float(one.attrs, one.inputs, one.outputs)([x, ...one.inputs.slice(1).map((c) => c.data as Float32Array)], [plain])
      const [a, b] = [plain, fast.y].map(({ buffer }) => new Uint32Array(buffer))
      const differs = a!.findIndex((v, i) => v !== b![i])
      if (differs >= 0) expect.fail(`seed ${seed}: element ${differs} is ${fast.y[differs]}, not ${plain[differs]}`)
      expect(fast.clean, `seed ${seed} writes outside its output`).toBe(true)
      seen.covered++
      seen.values += plain.length
      seen.rounded += plain.filter((v) => v !== 0 && v !== 1 && v !== -1 && v !== 6).length
    }
    // A case that falls through to the room, or clamped outputs only, proves nothing.
    expect(seen.covered).toBe(CASES)
    expect(seen.rounded).toBeGreaterThan(seen.values / 4)
  })
})

test('what the float kernels cannot do is left to the rooms', () => {
  const { overlays: fast, memory } = loadFastKernels()
  const d = draws(0)
  const takes = (op: string, change: (c: Case) => Case) => {
    const { attrs, inputs, outputs } = change(floatCase(d, op))
    return fast.get(op)!.prepare(attrs, inputs, outputs, 'tflm', memory) !== undefined
  }
  const input = (at: number, change: object) => (c: Case) => ({
    ...c,
    inputs: c.inputs.map((t, i) => (i === at ? { ...t, ...change } : t)),
  })
  for (const { op } of Object.values(overlays)) {
    expect(
      takes(op, (c) => c),
      op,
    ).toBe(true)
    expect(
      takes(op, (c) => ({ ...c, attrs: { ...c.attrs, fusedActivation: 'tanh' } })),
      `${op}: tanh`,
    ).toBe(false)
    expect(takes(op, input(1, { data: undefined })), `${op}: weights computed`).toBe(false)
    expect(
      takes(op, (c) => input(1, { data: (c.inputs[1]!.data as Float32Array).map(() => Number.POSITIVE_INFINITY) })(c)),
      `${op}: weights that are no numbers`,
    ).toBe(false)
  }
  expect(
    takes('conv-2d', (c) => input(0, { shape: [1, 9, 9, 2 * c.inputs[1]!.shape[3]!] })(c)),
    'groups',
  ).toBe(false)
})

test('a whole float MobileNet has the same tensors', () => {
  const int8 = mobilenetInt8()
  const real = (t: Tensor): Tensor => ({ name: t.name, shape: t.shape, dtype: 'float32', ...(t.data && { data: dequantised(t) }) })
  const graph: Graph = { ...int8, phase: 'folded', tensors: int8.tensors.map((t) => (t.quant ? real(t) : t)) }
  const [plain, fast] = [prepareExecutor(graph), prepareExecutor(graph, { fast: loadFastKernels() })]
  const x = Float32Array.from({ length: size(graph.tensors[graph.inputs[0]!]!.shape) }, (_, i) => normal(key(1, 'test'), i))
  const expected = new Map<number, Float32Array>()
  plain.run([x], (t, data) => expected.set(t, (data as Float32Array).slice()))
  let tensors = 0
  fast.run([x], (t, data) => {
    expect(data, graph.tensors[t]!.name).toEqual(expected.get(t))
    tensors++
  })
  expect(tensors).toBe(graph.nodes.length)
})
