/** A newcomer adds an operator in one file and one line: from then on every stage knows it. */
import { expect, test, vi } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { planArena } from '../src/graph/memory/arena.ts'
import { factsOf } from '../src/graph/ops/facts.ts'
import { validate } from '../src/graph/ops/validate.ts'

// The one line: export { square } from './square.ts'
vi.mock('../src/graph/ops/index.ts', async (original) => ({ ...(await original<object>()), ...(await import('./samples/square.ts')) }))

const quant = (scale: number, zero: number) => ({ scale: [scale], zero: [zero], axis: 0 })
const graph: Graph<'quantised'> = {
  phase: 'quantised',
  name: 'newcomer',
  tensors: [
    { name: 'x', shape: [1, 4], dtype: 'int8', quant: quant(0.5, 0) },
    { name: 'squared', shape: [1, 4], dtype: 'int8', quant: quant(0.25, -128) },
    { name: 'y', shape: [1, 4], dtype: 'int8', quant: quant(0.25, -128) },
  ],
  nodes: [
    { op: 'square', attrs: {}, inputs: [0], outputs: [1] },
    { op: 'relu', attrs: {}, inputs: [1], outputs: [2] },
  ],
  inputs: [0],
  outputs: [2],
  metadata: {},
}

test('it is validated, written, read back, planned, described and executed', () => {
  const back = readTflite(writeTflite(validate(graph)))
  expect(back.nodes).toEqual(graph.nodes)
  expect(planArena(back).bytes).toBeGreaterThan(0)
  expect(factsOf(back, back.nodes[0]!)).toMatchObject({ family: 'elementwise', quantised: true, scalesEqual: false })
  const [y] = prepareExecutor(back).run([Int8Array.of(-8, 0, 3, 127)])
  // (0.5 x 8)^2 = 16 = 0.25 x 64, from -128 on; 127 saturates.
  expect([...(y as Int8Array)]).toEqual([-64, -128, -119, 127])
})

test('a float graph of it runs too', () => {
  const real: Graph<'imported'> = {
    ...graph,
    phase: 'imported',
    tensors: graph.tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
  }
  const [y] = prepareExecutor(validate(real)).run([Float32Array.of(-1.5, 0, 2, -0.25)])
  expect([...(y as Float32Array)]).toEqual([2.25, 0, 4, 0.0625])
})
