/**
 * Cycles of small models on ethos-u55-128 (High_End_Embedded, Shared_Sram), recorded from Arm Vela 5.2.0 on the very
 * files that writeTflite makes of these graphs: so the estimator is held to the compiler where no golden folder is.
 */
import { expect, test } from 'vitest'
import type { Graph, Tensor } from '../src/graph/ir/graph.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import { simulate } from '../src/target/simulate/simulate.ts'
import { bias, indices, map, oneNode, quant, weights } from './support/small-graph.ts'

const image = (name = 'x', depth = 16) => map(name, [1, 16, 16, depth])
const unary = (op: string, depth = 16, q = quant()) => oneNode(op, {}, [image('x', depth)], map('y', [1, 16, 16, depth], q))
const pair = (op: string, second: Tensor = map('z', [1, 16, 16, 16], quant(0.03))) => oneNode(op, {}, [image(), second], image('y'))
const conv = (dilation: number, kernel: readonly [number, number], x: Tensor, y: Tensor) =>
  oneNode(
    'conv-2d',
    { strideH: 1, strideW: 1, dilationH: dilation, dilationW: dilation },
    [x, weights('w', [y.shape[3]!, ...kernel, x.shape[3]!]), bias('b', y.shape[3]!)],
    y,
  )
const pool = (op: string, [h, w]: readonly [number, number], stride: number, x: Tensor, y: Tensor) =>
  oneNode(op, { filterH: h, filterW: w, strideH: stride, strideW: stride }, [x], y)
const dense = (rows: number) =>
  oneNode('fully-connected', {}, [map('x', [rows, 64]), weights('w', [10, 64]), bias('b', 10)], map('y', [rows, 10]))
const joined = oneNode('concatenation', { axis: 3 }, [image(), image('z')], image('y', 32))

/** Two convolutions of one input, side by side, and a third over both. */
const branches: Graph<'quantised'> = {
  ...joined,
  tensors: [
    ...[image('x', 8), weights('w', [16, 3, 3, 8]), bias('b', 16), image('p'), weights('v', [16, 1, 1, 8]), image('q'), image('y', 32)],
    ...[weights('u', [8, 1, 1, 32]), bias('d', 8), image('z', 8)],
  ],
  nodes: [
    { ...conv(1, [3, 3], image(), image()).nodes[0]!, inputs: [0, 1, 2], outputs: [3] },
    { ...conv(1, [1, 1], image(), image()).nodes[0]!, inputs: [0, 4, 2], outputs: [5] },
    { ...joined.nodes[0]!, inputs: [3, 5], outputs: [6] },
    { ...conv(1, [1, 1], image(), image()).nodes[0]!, inputs: [6, 7, 8], outputs: [9] },
  ].map((node, n) => (n % 3 === 0 ? { ...node, attrs: { ...node.attrs, fusedActivation: 'relu' } } : node)),
  inputs: [0],
  outputs: [9],
}

test.each<[string, Graph<'quantised'>, number]>([
  ['relu', unary('relu'), 4352],
  ['relu6 of 24 channels', unary('relu6', 24), 6544],
  ['logistic, by a table', unary('logistic', 16, { scale: [1 / 256], zero: [-128], axis: 0 }), 4672],
  ['requantisation', unary('quantize', 16, quant(0.07)), 4352],
  ['add', pair('add'), 6144],
  ['add of a row of channels', pair('add', map('z', [1, 1, 1, 16], quant(0.03))), 6144],
  ['add of a constant', pair('add', { ...map('z', [16], quant(0.03)), data: new Int8Array(16).fill(3) }), 6144],
  ['mul', pair('mul'), 3072],
  ['maximum', pair('maximum', image('z')), 2048],
  ['convolution of dilation 2', conv(2, [3, 3], image(), image('y')), 7800],
  ['convolution of dilation 3, a larger kernel with zeros', conv(3, [3, 3], image('x', 8), image('y', 8)), 8632],
  ['one-dimensional convolution', conv(1, [1, 5], map('x', [1, 1, 64, 16]), map('y', [1, 1, 64, 32])), 3776],
  ['max pool', pool('max-pool-2d', [2, 2], 2, image(), map('y', [1, 8, 8, 16])), 1748],
  ['average pool', pool('average-pool-2d', [3, 3], 1, image(), image('y')), 10580],
  ['average pool of 8 x 8', pool('average-pool-2d', [8, 8], 1, map('x', [1, 300, 12, 8]), map('y', [1, 300, 12, 8])), 465169],
  ['mean over the image', oneNode('mean', {}, [image('x', 32), indices('axes', [1, 2])], map('y', [1, 32])), 11324],
  ['mean of 9 x 7', oneNode('mean', { keepDims: true }, [map('x', [1, 9, 7, 24]), indices('a', [1, 2])], map('y', [1, 1, 1, 24])), 2369],
  ['dense layer', dense(1), 256],
  ['dense layer over four rows', dense(4), 256],
  [
    'softmax over 20 rows',
    oneNode('softmax', { beta: 1 }, [map('x', [20, 10])], map('y', [20, 10], { scale: [1 / 256], zero: [-128], axis: 0 })),
    5641,
  ],
  ['concatenation of two inputs of the network, copied', joined, 8704],
  ['concatenation of two branches, in place', branches, 10032],
])('%s', (_, graph, cycles) => {
  const { totalCycles, unpriced, layers } = simulate(graph, loadTarget('ethos-u55-128'))
  expect(totalCycles).toBe(cycles)
  expect(unpriced).toEqual([])
  expect(layers.every(({ boundBy }) => boundBy.length > 0)).toBe(true)
})

const moved = (op: string, inputs: readonly Tensor[], shape: readonly number[], attrs: object = {}) =>
  oneNode(op, attrs, inputs, map('y', shape))
const sides = { ...indices('p', [0, 0, 1, 2, 0, 1, 0, 0]), shape: [4, 2] }
const doubled = [indices('s', [1, 32, 32, 8]), weights('w', [8, 3, 3, 16]), image(), bias('b', 8)]
const corner = [image(), indices('a', [0, 0, 0, 0]), indices('b', [1, 8, 8, 16]), indices('c', [1, 1, 1, 1])]

test.each<[string, Graph<'quantised'>, number, number]>([
  ['pad, by a copy and fills', moved('pad', [image(), sides], [1, 19, 17, 16]), 7450, 7398],
  ['transposed convolution', moved('transpose-conv', doubled, [1, 32, 32, 8], { strideH: 2, strideW: 2, padding: 'same' }), 14168, 18070],
  ['bilinear resize', moved('resize-bilinear', [image(), indices('s', [32, 32])], [1, 32, 32, 16]), 17732, 8192],
  ['nearest neighbours, by four', moved('resize-nearest-neighbor', [image(), indices('s', [64, 64])], [1, 64, 64, 16]), 84728, 32768],
  ['slice', moved('strided-slice', corner, [1, 8, 8, 16]), 1568, 1448],
])('%s, on ethos-u55-128 and on ethos-u85-128 with flash', (_, graph, small, large) => {
  expect(simulate(graph, loadTarget('ethos-u55-128')).totalCycles).toBe(small)
  const flash = { systemConfig: 'Ethos_U85_SYS_Flash_High', memoryMode: 'Shared_Sram' }
  expect(simulate(graph, loadTarget('ethos-u85-128'), flash).totalCycles).toBe(large)
})

test('a stride of four runs pixel by pixel: within 0.2 % of the compiler', () => {
  const inputs = [image('x', 3), weights('w', [8, 4, 4, 3]), bias('b', 8)]
  const graph = moved('conv-2d', inputs, [1, 4, 4, 8], { strideH: 4, strideW: 4, padding: 'valid', fusedActivation: 'relu' })
  expect(Math.abs(simulate(graph, loadTarget('ethos-u55-128')).totalCycles / 5157 - 1)).toBeLessThan(0.002)
})

test('a layer without a price is named, never silently free', () => {
  const graph = oneNode('mean', {}, [map('x', [1, 4, 4, 8]), indices('a', [1])], map('y', [1, 4, 8]))
  const { unpriced, notes } = simulate(graph, loadTarget('ethos-u55-128'))
  expect(unpriced).toEqual(['y'])
  expect(notes.at(-1)).toBe('No price is known for y: the total is too small.')
})

test('a layer that the compiler cuts into many is marked as priced too low', () => {
  const graph = oneNode('transpose', {}, [map('x', [1, 16, 8, 16]), indices('p', [0, 2, 1, 3])], map('y', [1, 8, 16, 16]))
  expect(simulate(graph, loadTarget('ethos-u55-128')).notes.join(' ')).toContain('several operations of y')
})
