/** Strip and fold: what they change, and that they keep what a network computes. */
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { compact, Draft } from '../src/graph/ir/edit.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { key, uniform } from '../src/graph/math/random.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { passes } from '../src/graph/passes/passes.ts'
import { strip } from '../src/graph/passes/strip.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'
import { apart, type Chain, chain, executed, images, modelOf } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

const shape = [8, 8, 3]
const pea = (alpha: number, name?: string) =>
  new Ensemble({ mix: 'stochastic', activation: 'mish', base: alpha === 1 ? 'relu6' : 'relu', alpha, ...(name && { name }) })
const imported = (...list: layers.Layer[]) => importLayers(modelOf(shape, chain(...list)))
const folded = (...list: layers.Layer[]) => foldGraph(stripGraph(imported(...list)))
const opsOf = (graph: Graph) => graph.nodes.map((n) => n.op)
const fusedOf = (graph: Graph) => graph.nodes.map((n) => n.attrs.fusedActivation)
const conv = (options: object = {}) => layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false, ...options })

/** A random network of convolutions, normalisations, ensembles, padding and branches. */
function randomNetwork(seed: number): Chain {
  const draws = key(seed, 'test')
  let drawn = 0
  const pick = (n: number) => Math.floor(uniform(draws, drawn++) * n)
  return (x) => {
    let at: unknown = x
    for (let i = 0; i < 5; i++) {
      const stride = 1 + pick(2)
      const block = [
        () => [layers.zeroPadding2d({ padding: 1 }), conv({ padding: 'valid', strides: stride }), layers.batchNormalization(), pea(1)],
        () => [layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthMultiplier: stride }), layers.batchNormalization(), pea(1)],
        () => [layers.batchNormalization(), layers.conv2d({ filters: 5, kernelSize: 1 }), pea(1)],
        () => [layers.batchNormalization(), pea(1), conv()],
        () => [
          layers.separableConv2d({ filters: 4, kernelSize: 3, padding: 'same' }),
          layers.dropout({ rate: 0.5 }),
          layers.batchNormalization(),
        ],
      ][pick(5)]!()
      const out = block.reduce((y, layer) => layer.apply(y as never) as unknown, at)
      const alike = String((out as tf.Tensor).shape) === String((at as tf.Tensor).shape)
      at = alike && pick(2) ? layers.add().apply([at, out] as never) : out
    }
    return chain(
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 6 }),
      layers.batchNormalization(),
      layers.softmax({ axis: -1 }),
    )(at as never)
  }
}

describe('strip', () => {
  test.each([1, 2, 3, 4])('changes no answer of random network %i, and is idempotent', (seed) => {
    const graph = importLayers(modelOf(shape, randomNetwork(seed), seed))
    const batch = images(shape, 2, seed)
    const stripped = stripGraph(graph)
    expect(apart(executed(stripped, batch), executed(graph, batch))).toBeLessThanOrEqual(1e-6)
    expect(opsOf(stripped)).not.toContain('ensemble')
    expect(strip.run({ ...stripped, phase: 'imported' })).toEqual({ ...stripped, phase: 'imported' })
  })

  test('leaves the base of each ensemble, and names', () => {
    const graph = imported(
      conv(),
      pea(1, 'act'),
      new Ensemble({ mix: 'weighted', activation: 'gelu', base: 'relu', alpha: 1, name: 'last' }),
    )
    const stripped = stripGraph(graph)
    expect(opsOf(stripped)).toEqual(['conv-2d', 'relu6', 'relu'])
    expect(stripped.tensors.map((t) => t.name)).toEqual(graph.tensors.map((t) => t.name))
  })

  test('refuses an ensemble that still mixes, and says which', () => {
    expect(() => stripGraph(imported(conv(), pea(1), pea(0.75, 'late')))).toThrow(
      expect.objectContaining({ code: 'not-stripped', found: 'late (mish, alpha 0.75)' }),
    )
  })
})

describe('fold', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('changes no answer of random network %i by 1e-4 of the largest', (seed) => {
    const stripped = stripGraph(importLayers(modelOf(shape, randomNetwork(seed), seed)))
    const batch = images(shape, 2, seed)
    const graph = foldGraph(stripped)
    expect(apart(executed(graph, batch), executed(stripped, batch))).toBeLessThanOrEqual(1e-4)
    expect(opsOf(graph)).not.toContain('batch-normalization')
    expect(foldGraph({ ...graph, phase: 'stripped' })).toEqual(graph)
    expect(compact(graph)).toEqual(graph)
    const before = new Set(stripped.tensors.map((t) => t.name))
    const made = graph.nodes.map((n) => graph.tensors[n.outputs[0]!]!.name)
    expect(made.filter((name) => !before.has(name))).toEqual([])
  })

  test('puts normalisation and activation into the convolution before them', () => {
    const graph = folded(conv({ name: 'conv' }), layers.batchNormalization(), pea(1, 'act'))
    expect([opsOf(graph), fusedOf(graph)]).toEqual([['conv-2d'], ['relu6']])
    expect(graph.tensors.map((t) => t.name).sort()).toEqual(['act', 'conv/bias', 'conv/kernel', 'image'])
  })

  test('puts normalisation into the convolution behind it, where no padding stands between', () => {
    expect(opsOf(folded(layers.batchNormalization(), conv({ padding: 'valid' })))).toEqual(['conv-2d'])
    expect(opsOf(folded(layers.batchNormalization(), conv({ kernelSize: 1, strides: 2 })))).toEqual(['conv-2d'])
    expect(opsOf(folded(layers.flatten(), layers.reLU(), layers.batchNormalization(), layers.dense({ units: 2 })))).toEqual([
      'reshape',
      'relu',
      'fully-connected',
    ])
  })

  test('makes a depthwise convolution of normalisation that no neighbour takes', () => {
    expect(opsOf(folded(layers.batchNormalization(), conv()))).toEqual(['depthwise-conv-2d', 'conv-2d'])
    expect(opsOf(folded(layers.maxPooling2d({ poolSize: 2 }), layers.batchNormalization(), pea(1)))).toEqual([
      'max-pool-2d',
      'depthwise-conv-2d',
    ])
  })

  test('parts normalisation behind a concatenation: the convolution takes its share, the pool gets a 1 x 1 depthwise one', () => {
    const make: Chain = (x) => {
      const branches = [
        layers.conv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', name: 'conv' }).apply(x as never),
        layers.maxPooling2d({ poolSize: 2, name: 'pool' }).apply(x as never),
      ]
      return chain(layers.batchNormalization({ name: 'norm' }), pea(1, 'act'))(layers.concatenate().apply(branches as never) as never)
    }
    const stripped = stripGraph(importLayers(modelOf(shape, make)))
    const graph = foldGraph(stripped)
    expect(opsOf(graph).sort()).toEqual(['concatenation', 'conv-2d', 'depthwise-conv-2d', 'max-pool-2d'])
    expect(fusedOf(graph).filter((fused) => fused === 'relu6')).toHaveLength(2)
    const batch = images(shape, 2)
    expect(apart(executed(graph, batch), executed(stripped, batch))).toBeLessThan(1e-5)
  })

  test('leaves normalisation behind a concatenation that no convolution feeds, and one of other axes, in one piece', () => {
    const pools: Chain = (x) => {
      const branches = [2, 3].map((poolSize) => layers.maxPooling2d({ poolSize, strides: 2, padding: 'same' }).apply(x as never))
      return chain(layers.batchNormalization())(layers.concatenate().apply(branches as never) as never)
    }
    const rows: Chain = (x) => {
      const branches = [1, 3].map((kernelSize) => conv({ kernelSize }).apply(x as never))
      return chain(layers.batchNormalization())(layers.concatenate({ axis: 1 }).apply(branches as never) as never)
    }
    for (const make of [pools, rows])
      expect(opsOf(foldGraph(stripGraph(importLayers(modelOf(shape, make))))).filter((op) => op === 'depthwise-conv-2d')).toHaveLength(1)
  })

  test('keeps weights that two layers share apart', () => {
    const shared = conv({ name: 'conv', filters: 3 })
    const make = chain(shared, layers.batchNormalization(), layers.reLU(), shared)
    const stripped = stripGraph(importLayers(modelOf(shape, make)))
    const graph = foldGraph(stripped)
    const batch = images(shape, 2)
    expect(apart(executed(graph, batch), executed(stripped, batch))).toBeLessThan(1e-5)
    expect(new Set(graph.tensors.map((t) => t.name)).size).toBe(graph.tensors.length)
  })

  test('leaves a convolution alone whose output others read', () => {
    const make: Chain = (x) => {
      const y = conv().apply(x as never)
      return layers.add().apply([y, chain(layers.batchNormalization(), layers.reLU())(y as never)] as never) as never
    }
    const stripped = stripGraph(importLayers(modelOf(shape, make)))
    const graph = foldGraph(stripped)
    expect(opsOf(graph)).toEqual(['conv-2d', 'depthwise-conv-2d', 'add'])
    const batch = images(shape, 2)
    expect(apart(executed(graph, batch), executed(stripped, batch))).toBeLessThan(1e-5)
  })

  test('refuses normalisation of rows that no dense layer takes', () => {
    expect(() => folded(layers.flatten(), layers.reLU(), layers.batchNormalization({ name: 'norm' }), layers.reLU())).toThrow(
      expect.objectContaining({ code: 'unfoldable-batch-norm', message: expect.stringContaining('norm') }),
    )
  })

  test.each([
    ['one on each side, stride 1', { padding: 1 }, { strides: 1 }, true],
    [
      'behind only, stride 2 on an even image',
      {
        padding: [
          [0, 1],
          [0, 1],
        ],
      },
      { strides: 2 },
      true,
    ],
    ['one on each side, stride 2 on an even image', { padding: 1 }, { strides: 2 }, false],
    ['more than the kernel needs', { padding: 2 }, { strides: 1 }, false],
    [
      'a row too many behind, which no tap reads',
      {
        padding: [
          [0, 2],
          [0, 2],
        ],
      },
      { strides: 2 },
      true,
    ],
  ])('takes padding into a convolution: %s', (_, padding, strides, taken) => {
    const stripped = stripGraph(imported(layers.zeroPadding2d(padding as never), conv({ padding: 'valid', ...strides })))
    const graph = foldGraph(stripped)
    expect(opsOf(graph)).toEqual(taken ? ['conv-2d'] : ['pad', 'conv-2d'])
    const batch = images(shape, 2)
    expect(apart(executed(graph, batch), executed(stripped, batch))).toBeLessThan(1e-6)
  })

  test('joins clamps that follow each other, and drops what changes nothing', () => {
    expect(fusedOf(folded(conv(), layers.reLU(), layers.reLU({ maxValue: 6 }), layers.reLU()))).toEqual(['relu6'])
    expect(opsOf(folded(conv(), layers.reshape({ targetShape: [8, 8, 4] }), layers.zeroPadding2d({ padding: 0 }), layers.reLU()))).toEqual([
      'conv-2d',
    ])
  })

  test('writes swish in operators of the format, and refuses mish', () => {
    const graph = folded(conv(), layers.activation({ activation: 'swish', name: 'gate' }))
    expect(opsOf(graph)).toEqual(['conv-2d', 'logistic', 'mul'])
    const stripped = stripGraph(imported(conv(), layers.activation({ activation: 'swish' })))
    const batch = images(shape, 1)
    expect(apart(executed(foldGraph(stripped), batch), executed(stripped, batch))).toBeLessThan(1e-6)
    expect(() => folded(conv(), layers.activation({ activation: 'mish', name: 'smooth' }))).toThrow(
      expect.objectContaining({ code: 'no-tflite-form', message: expect.stringContaining('smooth') }),
    )
  })
})

describe('a graph', () => {
  test('is never changed by a pass', () => {
    const deepFreeze = <T>(value: T): T => {
      if (value && typeof value === 'object' && !ArrayBuffer.isView(value))
        for (const v of Object.values(Object.freeze(value))) deepFreeze(v)
      return value
    }
    const graph = deepFreeze(
      imported(layers.zeroPadding2d({ padding: 1 }), conv({ padding: 'valid' }), layers.batchNormalization(), pea(1)),
    )
    const bytes = graph.tensors.map((t) => t.data?.slice())
    expect(() => foldGraph(stripGraph(graph))).not.toThrow()
    expect(graph.tensors.map((t) => t.data)).toEqual(bytes)
  })

  test('in the wrong phase does not compile', () => {
    const graph = imported(conv())
    // @ts-expect-error an imported graph must be stripped first
    expectTypeOf(foldGraph).toBeCallableWith(graph)
    // @ts-expect-error a stripped graph has no ensembles left to strip
    expectTypeOf(stripGraph).toBeCallableWith(stripGraph(graph))
    expectTypeOf(foldGraph(stripGraph(graph))).toEqualTypeOf<Graph<'folded'>>()
  })

  test('drops what no output needs, and numbers equal names', () => {
    const graph = imported(conv({ name: 'a' }), layers.reLU({ name: 'b' }))
    const draft = new Draft(graph)
    const extra = draft.tensor({ ...graph.tensors[graph.nodes[0]!.outputs[0]!]!, name: 'b' })
    draft.replace(0, graph.nodes[0]!, { op: 'relu', attrs: {}, inputs: graph.nodes[0]!.outputs, outputs: [extra] })
    draft.tensor({ name: 'unused', shape: [1], dtype: 'float32', data: new Float32Array(1) })
    expect(draft.finish()).toEqual(graph)
    draft.redirect(graph.outputs[0]!, extra)
    draft.replace(1)
    expect(draft.finish().tensors.map((t) => t.name)).toEqual(['image', 'a/kernel', 'a', 'b'])
  })
})

test('each pass says what it does, under a name of its own', () => {
  expect(new Set(passes.map((p) => p.name)).size).toBe(passes.length)
  expect(passes.every((p) => p.says.length > 20)).toBe(true)
})
