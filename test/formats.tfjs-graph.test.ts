/** Graph models against tfjs's own answers, and what is refused. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFloat } from '../src/formats/read-float.ts'
import * as nodes from '../src/formats/tfjs-graph/nodes/index.ts'
import { constantsIn } from '../src/formats/tfjs-graph/weights.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { Builder, ints, s, texts } from './support/graph-models.ts'
import { apart, executed, images } from './support/layers-models.ts'

let folder: string
beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  folder = await mkdtemp(join(tmpdir(), 'peapod-'))
})
afterAll(() => rm(folder, { recursive: true }))

const shape = [7, 6, 4]
const window = { strides: ints(1, 2, 1, 1), padding: s('SAME'), data_format: s('NHWC'), dilations: ints(1, 1, 1, 1) }
const whole = { ...window, strides: ints(1, 1, 1, 1) }

type Case = readonly [op: string, make: (b: Builder) => unknown]
const axes = (b: Builder, ...list: number[]) => b.constant('axes', [list.length], list, 'int32')
const unary = (op: string): Case => [op, (b) => b.add(op, 'y', ['x'])]
const binary = (op: string, ...constant: number[]): Case => [
  op,
  (b) => b.add(op, 'y', ['x', constant.length ? b.drawn('c', ...constant) : b.add('Relu', 'r', ['x'])]),
]
const cases: readonly Case[] = [
  ['Conv2D', (b) => b.add('Conv2D', 'y', ['x', b.drawn('w', 3, 2, 4, 5)], window)],
  ['Conv2D', (b) => b.add('Conv2D', 'y', ['x', b.drawn('w', 3, 3, 4, 2)], { ...whole, padding: s('VALID'), dilations: ints(1, 2, 2, 1) })],
  [
    'Conv2D',
    (b) =>
      b.add('Conv2D', 'y', ['x', b.drawn('w', 3, 3, 4, 2)], {
        ...window,
        padding: s('EXPLICIT'),
        explicit_paddings: ints(0, 0, 1, 0, 2, 1, 0, 0),
      }),
  ],
  [
    '_FusedConv2D',
    (b) =>
      b.add('_FusedConv2D', 'y', ['x', b.drawn('w', 1, 1, 4, 5), b.drawn('bias', 5)], {
        ...whole,
        fused_ops: texts('BiasAdd', 'Relu6'),
        num_args: { i: '1' },
      }),
  ],
  ['DepthwiseConv2dNative', (b) => b.add('DepthwiseConv2dNative', 'y', ['x', b.drawn('w', 3, 3, 4, 2)], whole)],
  [
    'FusedDepthwiseConv2dNative',
    (b) =>
      b.add('FusedDepthwiseConv2dNative', 'y', ['x', b.drawn('w', 3, 3, 4, 1), b.drawn('bias', 4)], {
        ...whole,
        fused_ops: texts('BiasAdd', 'Relu'),
        num_args: { i: '1' },
      }),
  ],
  [
    'FusedBatchNormV3',
    (b) =>
      b.add('FusedBatchNormV3', 'y', ['x', ...['gamma', 'beta', 'mean', 'variance'].map((n) => b.drawn(n, 4))], {
        epsilon: { f: 0.01 },
        is_training: { b: false },
      }),
  ],
  ['BiasAdd', (b) => b.add('BiasAdd', 'y', ['x', b.drawn('bias', 4)])],
  ...['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'Identity'].map(unary),
  ['LeakyRelu', (b) => b.add('LeakyRelu', 'y', ['x'], { alpha: { f: 0.1 } })],
  ['Softmax', (b) => b.add('Softmax', 'y', [b.add('Mean', 'm', ['x', axes(b, 1, 2)])])],
  binary('AddV2'),
  binary('AddV2', 4),
  binary('AddV2', 1, 7, 6, 4),
  binary('Mul'),
  binary('Mul', 1, 1, 1, 4),
  ['Mul', (b) => b.add('Mul', 'y', [b.drawn('c'), 'x'])],
  binary('Sub'),
  binary('Sub', 4),
  binary('Maximum'),
  binary('Minimum'),
  ['Mean', (b) => b.add('Mean', 'y', ['x', axes(b, 2, 1)], { keep_dims: { b: true } })],
  ['Mean', (b) => b.add('Mean', 'y', ['x', axes(b, -1)])],
  ['AvgPool', (b) => b.add('AvgPool', 'y', ['x'], { ...window, ksize: ints(1, 3, 2, 1) })],
  ['MaxPool', (b) => b.add('MaxPool', 'y', ['x'], { ...window, ksize: ints(1, 2, 2, 1), padding: s('VALID') })],
  ['Pad', (b) => b.add('Pad', 'y', ['x', b.constant('by', [4, 2], [0, 0, 1, 2, 0, 1, 0, 0], 'int32')])],
  ['PadV2', (b) => b.add('PadV2', 'y', ['x', b.constant('by', [4, 2], [0, 0, 1, 2, 0, 1, 0, 0], 'int32'), b.constant('zero', [], [0])])],
  ['ConcatV2', (b) => b.add('ConcatV2', 'y', ['x', b.add('Relu', 'r', ['x']), axes(b, 3)])],
  ['Reshape', (b) => b.add('Reshape', 'y', ['x', b.constant('to', [2], [-1, 168], 'int32')])],
  [
    'Squeeze',
    (b) => b.add('Squeeze', 'y', [b.add('Mean', 'm', ['x', axes(b, 1, 2)], { keep_dims: { b: true } })], { squeeze_dims: ints(1, 2) }),
  ],
  ['MatMul', (b) => b.add('MatMul', 'y', [b.add('Mean', 'm', ['x', axes(b, 1, 2)]), b.drawn('w', 4, 3)])],
  ['MatMul', (b) => b.add('MatMul', 'y', [b.add('Mean', 'm', ['x', axes(b, 1, 2)]), b.drawn('w', 3, 4)], { transpose_b: { b: true } })],
  [
    '_FusedMatMul',
    (b) =>
      b.add('_FusedMatMul', 'y', [b.add('Mean', 'm', ['x', axes(b, 1, 2)]), b.drawn('w', 4, 3), b.drawn('bias', 3)], {
        fused_ops: texts('BiasAdd', 'Elu'),
        num_args: { i: '1' },
      }),
  ],
]

describe('a node computes what tfjs computes', () => {
  test.each(cases.map(([op, make], i) => ({ op, make, i })))('$op ($i)', async ({ make, i }) => {
    const builder = new Builder(shape)
    make(builder)
    const batch = images(shape, 1)
    const graph = await readFloat(await builder.save(join(folder, `c${i}`)))
    expect(apart(executed(graph, batch), await builder.predicted(batch))).toBeLessThan(1e-5)
    expect(graph.tensors[graph.outputs[0]!]!.name).toBe(graph.nodes.length ? 'y' : 'x')
  })

  test('every operator has a case, but for old spellings', () => {
    const old = [
      'FusedConv2D',
      'DepthwiseConv2d',
      'FusedBatchNorm',
      'FusedBatchNormV2',
      'Add',
      'StopGradient',
      'PreventGradient',
      'Snapshot',
      'CheckNumerics',
    ]
    const shown = new Set([...cases.map(([op]) => op), ...old])
    expect(
      Object.values(nodes)
        .flatMap(({ ops }) => ops)
        .filter((op) => !shown.has(op)),
    ).toEqual([])
  })
})

/** As a SavedModel of Keras comes out: convolution, normalisation, bias, activation, residual, pool, dense. */
function network(): Builder {
  const b = new Builder(shape)
  const conv = b.add('Conv2D', 'conv', ['x', b.drawn('w', 3, 3, 4, 4)], whole)
  const bias = b.add('BiasAdd', 'bias', [conv, b.drawn('b', 4)])
  const norm = b.add('FusedBatchNormV3', 'norm', [bias, ...['gamma', 'beta', 'mean', 'variance'].map((n) => b.drawn(n, 4))], {
    epsilon: { f: 0.001 },
    is_training: { b: false },
  })
  const relu = b.add('Relu', 'relu', [norm])
  const sum = b.add('AddV2', 'sum', [relu, 'x'])
  const mean = b.add('Mean', 'pool', [sum, axes(b, 1, 2)])
  const dense = b.add('_FusedMatMul', 'dense', [mean, b.drawn('v', 4, 3), b.drawn('c', 3)], {
    fused_ops: texts('BiasAdd'),
    num_args: { i: '1' },
  })
  b.add('Identity', 'out', [b.add('Softmax', 'softmax', [dense]), '^relu'])
  return b
}

test('a network folds to what can be quantised, and computes the same', async () => {
  const builder = network()
  const path = await builder.save(join(folder, 'net'), builder.model({ signature: { outputs: { probabilities: { name: 'out:0' } } } }))
  const graph = foldGraph(stripGraph(await readFloat(path)))
  expect(graph.nodes.map(({ op }) => op)).toEqual(['conv-2d', 'add', 'average-pool-2d', 'reshape', 'fully-connected', 'softmax'])
  const batch = images(shape, 2)
  expect(apart(executed(graph, batch), await builder.predicted(batch))).toBeLessThan(1e-5)
})

test('quantised constants are restored', () => {
  const entry = (name: string, quantization: object, dtype = 'float32') => ({ name, shape: [2], dtype, quantization })
  const specs = [
    entry('a', { dtype: 'uint8', scale: 0.5, min: -1 }),
    entry('b', { dtype: 'uint16', scale: 2, min: 3 }),
    entry('c', { dtype: 'float16' }),
  ]
  const bytes = Uint8Array.from([0, 255, ...[1, 0, 0, 1], ...[0x00, 0x3c, 0x01, 0x80]])
  const found = constantsIn([{ paths: ['w'], weights: specs as never }], [bytes])
  expect([...found.values()].map(({ data }) => [...data])).toEqual([
    [-1, 126.5],
    [5, 515],
    [1, -(2 ** -24)],
  ])
})

describe('refused', () => {
  const read = async (edit: (model: any, b: Builder) => void, before: (b: Builder) => void = () => {}) => {
    const builder = network()
    before(builder)
    const model = structuredClone(builder.model())
    edit(model, builder)
    return readFloat(await builder.save(join(folder, 'bad'), model))
  }
  const at = (model: any, name: string) => model.modelTopology.node.find((n: { name: string }) => n.name === name)

  test.each<readonly [string, (model: any) => void, string, string]>([
    ['an unknown operator, with its node', (m) => Object.assign(at(m, 'relu'), { op: 'Erf' }), 'unsupported-operator', 'node relu (Erf)'],
    ['channels first', (m) => Object.assign(at(m, 'conv').attr, { data_format: s('NCHW') }), 'unsupported-operator', 'node conv'],
    [
      'a normalisation in training',
      (m) => Object.assign(at(m, 'norm').attr, { is_training: { b: true } }),
      'unsupported-operator',
      'in training',
    ],
    [
      'a kernel that is no constant',
      (m) => Object.assign(at(m, 'conv'), { input: ['x', 'x'] }),
      'unsupported-operator',
      'kernel is not constant',
    ],
    ['strides along channels', (m) => Object.assign(at(m, 'conv').attr, { strides: ints(1, 1, 1, 2) }), 'unsupported-operator', 'strides'],
    [
      'an unknown activation in a fused node',
      (m) => Object.assign(at(m, 'dense').attr, { fused_ops: texts('BiasAdd', 'Erf') }),
      'unsupported-operator',
      'fused with Erf',
    ],
    ['a second output', (m) => Object.assign(at(m, 'relu'), { input: ['norm:1'] }), 'unsupported-operator', 'norm:1'],
    ['nodes in a circle', (m) => Object.assign(at(m, 'conv'), { input: ['sum', 'w'] }), 'unreadable-model', 'waits for itself'],
    ['an input that is no node', (m) => Object.assign(at(m, 'relu'), { input: ['ghost'] }), 'unreadable-model', 'no node ghost'],
    ['two nodes of one name', (m) => m.modelTopology.node.push(at(m, 'relu')), 'unreadable-model', 'two nodes'],
    ['no nodes', (m) => Object.assign(m, { modelTopology: { node: [] } }), 'unreadable-model', 'no nodes'],
    [
      'an input of no fixed shape',
      (m) => Object.assign(at(m, 'x').attr, { shape: { shape: { unknownRank: true } } }),
      'unknown-shape',
      'input x',
    ],
    ['shapes that do not fit', (m) => Object.assign(at(m, 'sum'), { input: ['relu', 'w'] }), 'shapes-do-not-fit', 'add at sum'],
    ['a constant without weights', (m) => m.weightsManifest[0].weights.pop(), 'missing-weight', 'constant c'],
    [
      'weight files that end early',
      (m) => m.weightsManifest[0].weights.push({ name: 'more', shape: [9], dtype: 'float32' }),
      'truncated-file',
      'weight more',
    ],
    [
      'a weight of another type',
      (m) => Object.assign(m.weightsManifest[0].weights[0], { dtype: 'string' }),
      'unreadable-model',
      'weight w',
    ],
    ['a manifest that is none', (m) => Object.assign(m, { weightsManifest: [{ paths: 'weights.bin' }] }), 'unreadable-model', 'manifest'],
    ['a weight file elsewhere', (m) => Object.assign(m.weightsManifest[0], { paths: ['../weights.bin'] }), 'unsafe-path', 'leads out'],
    [
      'a weight file by its whole path',
      (m) => Object.assign(m.weightsManifest[0], { paths: ['/etc/hostname'] }),
      'unsafe-path',
      'leads out',
    ],
    ['a weight file that is missing', (m) => Object.assign(m.weightsManifest[0], { paths: ['none.bin'] }), 'unreadable-model', 'none.bin'],
  ])('%s', async (_, edit, code, words) => {
    await expect(read(edit)).rejects.toMatchObject({ code, message: expect.stringContaining(words) })
  })

  test('a link out of the folder, by layers models too', async () => {
    await writeFile(join(folder, 'outside.bin'), 'secret')
    await read((m) => Object.assign(m.weightsManifest[0], { paths: ['none.bin'] })).catch(() => {})
    await symlink(join(folder, 'outside.bin'), join(folder, 'bad', 'link.bin'))
    await expect(read((m) => Object.assign(m.weightsManifest[0], { paths: ['link.bin'] }))).rejects.toMatchObject({ code: 'unsafe-path' })
    await writeFile(
      join(folder, 'bad', 'layers.json'),
      JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths: ['link.bin'], weights: [] }] }),
    )
    await expect(readFloat(join(folder, 'bad', 'layers.json'))).rejects.toMatchObject({ code: 'unsafe-path' })
  })

  test('a weight that is not finite', async () => {
    const nan = read(
      () => {},
      (b) => b.add('BiasAdd', 'late', ['out', b.constant('nan', [3], [0, Number.NaN, 0])]),
    )
    await expect(nan).rejects.toMatchObject({ code: 'not-finite', message: expect.stringContaining('weight nan') })
  })
})
