/** The uint8 form of an int8 network: the same reals, written, read and checked; its arithmetic is refused, for nobody's kernels are its measure. */
import { expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph, Tensor } from '../src/graph/ir/graph.ts'
import { asUint8 } from '../src/quantise/as-uint8.ts'
import { check } from '../src/target/check/check.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import { bias, map, oneNode, quant, weights } from './support/small-graph.ts'

const one = (t: Tensor): Tensor => ({ ...t, quant: { scale: [t.quant!.scale[0]!], zero: [0], axis: 0 } })
/** Scales as a file holds them. */
const stored = (t: Tensor): Tensor => (t.quant ? { ...t, quant: { ...t.quant, scale: t.quant.scale.map(Math.fround) } } : t)
const conv = (tie: (t: Tensor) => Tensor): Graph<'quantised'> => {
  const graph = bare(tie)
  return { ...graph, tensors: graph.tensors.map(stored) }
}
const bare = (tie: (t: Tensor) => Tensor) =>
  oneNode(
    'conv-2d',
    { strideH: 1, strideW: 1 },
    [map('image', [1, 8, 8, 3], quant(0.05, -128)), tie(weights('filter', [4, 3, 3, 3], 0, -3)), tie(bias('bias', 4))],
    map('features', [1, 8, 8, 4], quant(0.1, 17)),
  )
const target = loadTarget('nxp-imx8mp')
const codes = (graph: Graph<'quantised'>) => check(graph, target).findings.map(({ code }) => code)

test('each step stands for the same real; biases stay', () => {
  const graph = asUint8(conv(one))
  const [x, w, b, y] = graph.tensors as [Tensor, Tensor, Tensor, Tensor]
  expect([x, w, b, y].map(({ dtype }) => dtype)).toEqual(['uint8', 'uint8', 'int32', 'uint8'])
  expect([x, w, y].map(({ quant: q }) => q!.zero[0])).toEqual([0, 128, 145])
  expect([...new Set(w.data as Uint8Array)]).toEqual([125])
  expect(b).toEqual(conv(one).tensors[2])
})

test('the file is read as it was written, and the machine that asks for uint8 has nothing against it', () => {
  const graph = asUint8(conv(one))
  expect(readTflite(writeTflite(graph))).toEqual({ ...graph, name: graph.name })
  expect(codes(graph)).toEqual([])
  expect(codes(conv(one))).toEqual(['uint8-maps'])
  expect(codes(conv((t) => t))).toEqual(['uint8-maps', 'per-tensor-weights'])
})

test('weights with a scale for each channel have no uint8 form, and uint8 sums no authority', () => {
  expect(() => asUint8(conv((t) => t))).toThrow(
    expect.objectContaining({ code: 'not-per-tensor', message: expect.stringContaining('filter') }),
  )
  expect(() => prepareExecutor(asUint8(conv(one)))).toThrow(expect.objectContaining({ code: 'cannot-execute', found: 'uint8' }))
})
