/** The executor: the same answers however memory is laid out, every tensor seen, clear refusals. */
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { UserError } from '../src/errors.ts'
import { prepareExecutor } from '../src/execute/execute.ts'
import { loadFastKernels } from '../src/execute/fast/load.ts'
import type { Data, Graph, Tensor } from '../src/graph/ir/graph.ts'
import { bits, key } from '../src/graph/math/random.ts'
import { add } from '../src/graph/ops/add.ts'
import { conv2d } from '../src/graph/ops/conv-2d.ts'
import { nodeOf } from '../src/graph/ops/define.ts'
import { dequantize } from '../src/graph/ops/dequantize.ts'
import { quantize } from '../src/graph/ops/quantize.ts'
import { relu } from '../src/graph/ops/relu.ts'
import { reshape } from '../src/graph/ops/reshape.ts'
import { validate } from '../src/graph/ops/validate.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'

const noise = (length: number, n: number) => Int8Array.from({ length }, (_, i) => bits(key(n, 'test'), i) & 255)

function trace(graph: Graph, options: Parameters<typeof prepareExecutor>[1], input: Data): Map<number, number[]> {
  const seen = new Map<number, number[]>()
  const [y] = prepareExecutor(graph, options).run([input], (t, data) => seen.set(t, Array.from(data as Int8Array)))
  seen.set(-1, Array.from(y as Int8Array))
  return seen
}

test('shared memory and memory of their own give every tensor the same elements, and each is seen once', () => {
  const graph = mobilenetInt8({ extent: 16 })
  const input = noise(16 * 16 * 3, 1)
  const planned = trace(graph, {}, input)
  expect(planned).toEqual(trace(graph, { keepAll: true }, input))
  expect([...planned.keys()].filter((t) => t >= 0).sort((a, b) => a - b)).toEqual(
    graph.nodes.flatMap((n) => [...n.outputs]).sort((a, b) => a - b),
  )
})

test('a second run does not depend on the first', () => {
  const graph = mobilenetInt8({ extent: 16 })
  const executor = prepareExecutor(graph)
  const [one, two] = [noise(16 * 16 * 3, 1), noise(16 * 16 * 3, 2)]
  const first = Array.from(executor.run([one])[0] as Int8Array)
  expect(Array.from(executor.run([two])[0] as Int8Array)).not.toEqual(first)
  expect(Array.from(executor.run([one])[0] as Int8Array)).toEqual(first)
})

test.skipIf(!existsSync(new URL('../dist/kernels/execute.wasm', import.meta.url)))(
  'fast kernels (dist/kernels) give the same bits in every tensor',
  () => {
    const graph = mobilenetInt8({ extent: 16 })
    const input = noise(16 * 16 * 3, 3)
    for (const rounding of ['tflm', 'litert'] as const)
      expect(trace(graph, { rounding, fast: loadFastKernels() }, input)).toEqual(trace(graph, { rounding }, input))
  },
)

const real = (name: string, shape: number[], data?: Float32Array): Tensor => ({ name, shape, dtype: 'float32', ...(data && { data }) })

test('a float graph with a branch and a reshape', () => {
  const w = Float32Array.of(1, 0, 0, 1)
  const graph: Graph<'imported'> = {
    phase: 'imported',
    name: 'branch',
    tensors: [
      real('x', [1, 1, 2, 2]),
      real('w', [2, 1, 1, 2], w),
      real('c', [1, 1, 2, 2]),
      real('r', [1, 1, 2, 2]),
      real('s', [1, 1, 2, 2]),
      real('y', [4]),
    ],
    nodes: [
      nodeOf(conv2d, { strideH: 1, strideW: 1 }, [0, 1, -1], [2]),
      nodeOf(relu, {}, [2], [3]),
      nodeOf(add, {}, [3, 0], [4]),
      nodeOf(reshape, { newShape: [-1] }, [4], [5]),
    ],
    inputs: [0],
    outputs: [5],
    metadata: {},
  }
  expect([...(prepareExecutor(graph).run([Float32Array.of(1, -2, 3, -4)])[0] as Float32Array)]).toEqual([2, -2, 6, -4])
})

test('float edges around integer kernels', () => {
  const q = { scale: [0.5], zero: [-10], axis: 0 }
  const graph: Graph<'quantised'> = {
    phase: 'quantised',
    name: 'edges',
    tensors: [
      real('x', [4]),
      { ...real('q', [4]), dtype: 'int8', quant: q },
      { ...real('r', [4]), dtype: 'int8', quant: q },
      real('y', [4]),
    ],
    nodes: [nodeOf(quantize, {}, [0], [1]), nodeOf(relu, {}, [1], [2]), nodeOf(dequantize, {}, [2], [3])],
    inputs: [0],
    outputs: [3],
    metadata: {},
  }
  const [y] = prepareExecutor(validate(graph)).run([Float32Array.of(0.76, -3, 0.25, 1000)])
  // 0.76 is 1.52 steps and rounds to 2; 0.25 is half a step and rounds away from zero; 1000 saturates at 127 + 10 steps.
  expect([...(y as Float32Array)]).toEqual([1, 0, 0.5, 68.5])
})

const single = (op: string, attrs: object, dtype: Tensor['dtype'], quant?: Tensor['quant']): Graph => ({
  phase: 'quantised',
  name: '',
  tensors: [0, 1].map((i) => ({ name: `t${i}`, shape: [4], dtype, ...(quant && { quant }) })),
  nodes: [{ op, attrs, inputs: [0], outputs: [1] }],
  inputs: [0],
  outputs: [1],
  metadata: {},
})

test.each<[string, Graph, RegExp]>([
  [
    'another integer type',
    single('relu', {}, 'uint8', { scale: [1], zero: [0], axis: 0 }),
    /relu at t1: its integer kernel does not take this type/,
  ],
  ['no scale', single('relu', {}, 'int8'), /an operand has no scale/],
  ['no integer kernel', single('mish', {}, 'int8', { scale: [1], zero: [0], axis: 0 }), /no integer kernel/],
  [
    'a huge tensor',
    { ...single('relu', {}, 'float32'), tensors: [0, 1].map((i) => real(`t${i}`, [65536, 65536])) },
    /tensor t0 is too large/,
  ],
  ['int64', single('relu', {}, 'int64'), /no kernel takes this type/],
])('%s is refused with its place', (_, graph, words) => {
  expect(() => prepareExecutor(graph)).toThrow(UserError)
  expect(() => prepareExecutor(graph)).toThrow(words)
})

test('inputs of another length or type are a broken promise', () => {
  const executor = prepareExecutor(single('relu', {}, 'float32'))
  expect(() => executor.run([new Float32Array(3)])).toThrow(/input 0 must hold 4 float32/)
  expect(() => executor.run([new Int8Array(4)])).toThrow(/input 0 must hold 4 float32/)
  expect(() => executor.run([])).toThrow(/1 inputs were expected/)
})
