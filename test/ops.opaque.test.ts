/** Operators without a room: read from a file, checked, placed, priced as unknown, laid out; neither executed, quantised nor written. */
import { ByteBuffer } from 'flatbuffers'
import { expect, test } from 'vitest'
import { UserError } from '../src/errors.ts'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { BuiltinOperator, Model } from '../src/formats/tflite/schema/tflite.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph, Tensor } from '../src/graph/ir/graph.ts'
import { planArena } from '../src/graph/memory/arena.ts'
import { nodeOf } from '../src/graph/ops/define.ts'
import { logistic, relu } from '../src/graph/ops/index.ts'
import { ops, opsByCode } from '../src/graph/ops/registry.ts'
import { quantiseGraph } from '../src/quantise/quantise.ts'
import { check } from '../src/target/check/check.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import { simulate } from '../src/target/simulate/simulate.ts'
import { made } from './support/tflite-made.ts'

const tensor = (name: string, scale: number, zero: number): Tensor => ({
  ...{ name, shape: [1, 4, 4, 8], dtype: 'int8', quant: { scale: [scale], zero: [zero], axis: 0 } },
})
const graph: Graph<'quantised'> = {
  ...{ phase: 'quantised', name: 'main', inputs: [0], outputs: [2], metadata: {} },
  tensors: [tensor('in', 0.5, 0), tensor('middle', 1 / 256, -128), tensor('out', 0.5, 0)],
  nodes: [nodeOf(logistic, {}, [0], [1]), nodeOf(relu, {}, [1], [2])],
}

/** The file of `graph` with another code for its last operator. */
function fileWith(code: number): Uint8Array {
  const file = writeTflite(graph)
  const { bb, bb_pos } = Model.getRootAsModel(new ByteBuffer(file)).operatorCodes(1)!
  const view = new DataView(file.buffer)
  view.setInt8(bb_pos + bb!.__offset(bb_pos, 4), Math.min(code, 127))
  view.setInt32(bb_pos + bb!.__offset(bb_pos, 10), code, true)
  return file
}

const roomless = Object.entries(BuiltinOperator).filter(([name, code]) => !opsByCode.has(code) && !name.startsWith('PLACEHOLDER'))

test('every code of the schema is read: under its own name, with the shapes that the file says', () => {
  expect(roomless.length).toBeGreaterThan(100)
  for (const [name, code] of roomless) {
    const { nodes, tensors } = readTflite(fileWith(code))
    expect(nodes[1]).toMatchObject({
      op: name.toLowerCase().replaceAll('_', '-'),
      attrs: { code, custom: '', shapes: [tensors[2]!.shape] },
    })
    expect(ops.has(nodes[1]!.op)).toBe(false)
  }
})

test('a custom operator keeps its name', () => {
  expect(readTflite(made(() => ({ custom: 'MyOp' }))).nodes[0]).toMatchObject({ op: 'custom', attrs: { custom: 'MyOp' } })
})

const read = readTflite(fileWith(BuiltinOperator.ROUND)) as Graph<'quantised'>

test('it is placed and named by a check, and laid out', () => {
  const { findings, placement } = check(read, loadTarget('ethos-u55-128'))
  expect(findings.find((one) => one.node === 1)).toMatchObject({ code: 'unsupported-operator', op: 'round', place: 'out' })
  expect(placement.nodes[1]).toBe('cpu')
  expect(planArena(read).bytes).toBeGreaterThanOrEqual(256)
})

test('an estimate says that it has no price for it', () => {
  const known = simulate(graph, loadTarget('cortex-m55-tflm'))
  const { unpriced, layers } = simulate(read, loadTarget('cortex-m55-tflm'))
  expect([known.unpriced ?? [], unpriced]).toEqual([[], ['out']])
  expect(layers[0]!.cycles).toBe(known.layers[0]!.cycles)
})

test('it is refused with its place where it would have to run, to change or to be written', () => {
  const refusal = (act: () => unknown) => {
    try {
      act()
    } catch (error) {
      if (error instanceof UserError) return [error.code, error.message]
      throw error
    }
    return undefined
  }
  expect(refusal(() => prepareExecutor(read))).toEqual(['cannot-execute', expect.stringContaining('round at out')])
  expect(refusal(() => writeTflite(read))).toEqual(['unsupported-operator', expect.stringContaining('round')])
  const real: Graph<'folded'> = {
    ...read,
    phase: 'folded',
    tensors: read.tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
  }
  const seen = new Map(read.tensors.map((_, t) => [t, { min: -1, max: 1, bins: [] }]))
  expect(refusal(() => quantiseGraph(real, seen as never, { range: () => ({ min: -1, max: 1 }) } as never))).toEqual([
    'no-int8-kernel',
    expect.stringContaining('at out'),
  ])
})
