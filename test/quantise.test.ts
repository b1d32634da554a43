/** Calibration, scales and integers: what the TFLite 8-bit quantisation specification asks for, and how close int8 comes to float. */
import * as tf from '@tensorflow/tfjs-core'
import { input, layers, model as modelFrom } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { bits, key, normal, shuffled } from '../src/graph/math/random.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { affine, covers, quantised } from '../src/quantise/affine.ts'
import { calibrate } from '../src/quantise/calibrate.ts'
import { Histogram, half } from '../src/quantise/histogram.ts'
import { layerError } from '../src/quantise/layer-error.ts'
import { methodOf, methods } from '../src/quantise/method.ts'
import { quantiseGraph } from '../src/quantise/quantise.ts'
import { UnionFind } from '../src/quantise/union-find.ts'
import { quantiseBias, quantiseWeights, weightQuant } from '../src/quantise/weights.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'
import { type Chain, chain, images, modelOf, seeded } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

const shape = [8, 8, 3]
const conv = (options: object = {}) => layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', ...options })
const fold = (make: Chain, seed = 1) => foldGraph(stripGraph(importLayers(modelOf(shape, make, seed), { metadata: { who: 'test' } })))
const batch = images(shape, 12)
const int8 = (folded: Graph<'folded'>, method = methods.get('min-max')!) => quantiseGraph(folded, calibrate(folded, [batch]), method)
const quantOf = (graph: Graph, name: string) => {
  const { scale, zero } = graph.tensors.find((t) => t.name === name)!.quant!
  return [scale[0], zero[0]]
}
const count = (graph: Graph, op: string) => graph.nodes.filter((n) => n.op === op).length
const float = (values: readonly number[], dims = [values.length]) =>
  ({ name: 't', shape: dims, dtype: 'float32', data: Float32Array.from(values) }) as const

describe('union-find', () => {
  test('joins classes as naive relabelling does', () => {
    const [n, draws, classes] = [60, key(5, 'test'), new UnionFind(60)]
    const label = Array.from({ length: n }, (_, i) => i)
    for (let k = 0; k < 45; k++) {
      const [i, j] = [bits(draws, 2 * k) % n, bits(draws, 2 * k + 1) % n]
      classes.join(i, j)
      const [from, to] = [label[i]!, label[j]!]
      for (let a = 0; a < n; a++) if (label[a] === from) label[a] = to
      for (let a = 0; a < n; a++) expect(classes.find(a) === classes.find(i)).toBe(label[a] === label[i])
    }
  })
})

describe('a histogram', () => {
  const values = Float32Array.from({ length: 3000 }, (_, i) => 7 * normal(key(1, 'test'), i) ** 3)
  const of = (...parts: Float32Array[]) => {
    const h = new Histogram()
    for (const p of parts) expect(h.add(p)).toBe(true)
    return h
  }
  test('counts each value in its bin', () => {
    const { min, max, width, counts, count } = of(values)
    const direct = new Float64Array(2 * half)
    for (const v of values) direct[Math.floor(v / width) + half]!++
    expect(counts).toEqual(direct)
    expect([min, max, count]).toEqual([Math.min(...values), Math.max(...values), 3000])
    expect(Number.isInteger(Math.log2(width))).toBe(true)
    expect(Math.max(max, -min)).toBeGreaterThan((width * half) / 2)
  })
  test('does not depend on the order', () => {
    const order = shuffled(key(2, 'test'), values.length)
    const other = Float32Array.from(order, (i) => values[i]!)
    expect(of(other.subarray(0, 17), other.subarray(17))).toEqual(of(values))
  })
  test('takes no NaN and no infinity', () => {
    expect(new Histogram().add([1, Number.NaN])).toBe(false)
    expect(new Histogram().add([Number.NEGATIVE_INFINITY])).toBe(false)
  })
})

describe('a per-tensor scale', () => {
  test.each([
    [-1, 1],
    [0.5, 3],
    [-3, -2],
    [0, 6],
    [-0.001, 1000],
    [0, 0],
    [-1e-12, 1e-12],
  ])('covers [%f, %f], and 0 exactly', (min, max) => {
    const q = affine({ min, max })
    const [scale, zero] = [q.scale[0]!, q.zero[0]!]
    expect(Math.fround(scale)).toBe(scale)
    expect(Number.isInteger(zero) && zero >= -128 && zero <= 127).toBe(true)
    expect(covers(q).min).toBeLessThanOrEqual(Math.min(0, min) + 0.5001 * scale)
    expect(covers(q).max).toBeGreaterThanOrEqual(Math.max(0, max) - 0.5001 * scale)
    expect(quantised(0, scale, zero, -128, 127)).toBe(zero)
    expect(scale).toBeGreaterThan(1e-9)
  })
  test('rounds halves away from zero', () => {
    expect([-2.5, -0.5, 0.5, 1.5].map((v) => quantised(v, 1, 0, -128, 127))).toEqual([-3, -1, 1, 2])
  })
})

describe('weights', () => {
  const many = float([0.5, -1, 0.25, 0, 0, 0, 1e-30, -2e-30, 0], [3, 1, 1, 3])
  test('are symmetric in [-127, 127], with one scale a channel', () => {
    const quant = weightQuant(many, 0, undefined, 0.02, 0.03)
    expect(quant.scale[0]).toBe(Math.fround(1 / 127))
    expect(Array.from(quantiseWeights(many, quant))).toEqual([64, -127, 32, 0, 0, 0, 0, 0, 0])
    expect([quant.zero, quant.axis]).toEqual([[0, 0, 0], 0])
  })
  test('of zeros keep a multiplier that kernels do not take for 0', () => {
    for (const outScale of [1e-4, 0.03, 10]) {
      const quant = weightQuant(many, 0, float([1, -50, 50]), 0.02, outScale)
      for (const s of quant.scale) expect((0.02 * s) / outScale).toBeGreaterThan(2 ** -30)
    }
  })
  test('make room for their bias in int32', () => {
    const bias = float([1, -5e4, 3e8])
    const quant = weightQuant(many, 0, bias, 0.02, 0.03)
    const { data, quant: steps } = quantiseBias(bias, 0.02, quant)
    expect(steps.scale).toEqual(quant.scale.map((s) => Math.fround(0.02 * s)))
    for (const [k, b] of bias.data.entries()) {
      expect(Math.abs(data[k]!)).toBeLessThanOrEqual(2 ** 30 + 256)
      expect(Math.abs(data[k]! * 0.02 * quant.scale[k]! - b)).toBeLessThanOrEqual(0.51 * 0.02 * quant.scale[k]! + 1e-7 * Math.abs(b))
    }
  })
  test('along the last axis, and per tensor', () => {
    const depthwise = float([1, 0.5, -2, 0.25], [1, 2, 1, 2])
    expect(weightQuant(depthwise, 3, undefined, 1, 1).scale).toEqual([Math.fround(2 / 127), Math.fround(0.5 / 127)])
    const whole = weightQuant(many, -1, undefined, 1, 1)
    expect([whole.scale, whole.zero]).toEqual([[Math.fround(1 / 127)], [0]])
    expect(quantiseBias(float([1, 2, 3]), 1, whole).quant.scale).toHaveLength(1)
  })
})

describe('range methods', () => {
  const seen = new Histogram()
  seen.add(Float32Array.from({ length: 40_000 }, (_, i) => normal(key(3, 'test'), i)))
  seen.add([-40, 90])
  const error = ({ min, max }: { min: number; max: number }) => {
    const { scale, zero } = affine({ min, max })
    let sum = 0
    for (let i = 0; i < 40_000; i++) {
      const x = normal(key(3, 'test'), i)
      sum += (scale[0]! * (quantised(x, scale[0]!, zero[0]!, -128, 127) - zero[0]!) - x) ** 2
    }
    return sum
  }
  test('min-max keeps the outliers, percentile leaves them out', () => {
    expect(methodOf('min-max').range(seen)).toEqual({ min: -40, max: 90 })
    const { min, max } = methodOf('percentile').range(seen)
    expect(max).toBeLessThan(5)
    expect(min).toBeGreaterThan(-5)
    expect(max).toBeGreaterThan(3)
  })
  test('mse errs less than min-max with an outlier, and keeps all where all is alike', () => {
    expect(error(methodOf('mse').range(seen)) + 1).toBeLessThan(error(methodOf('min-max').range(seen)))
    const flat = new Histogram()
    flat.add(Float32Array.from({ length: 5000 }, (_, i) => i / 5000))
    expect(methodOf('mse').range(flat)).toEqual({ min: 0, max: flat.max })
  })
  test('every method takes a tensor that is always zero', () => {
    const zeros = new Histogram()
    zeros.add(new Float32Array(10))
    for (const method of methods.values()) expect(method.range(zeros)).toEqual({ min: 0, max: 0 })
  })
  test('an unknown one is refused', () => {
    expect(() => methodOf('kl')).toThrow(
      expect.objectContaining({ code: 'unknown-method', expected: 'auto, entropy, min-max, mse, percentile' }),
    )
  })
})

describe('calibration', () => {
  const folded = () =>
    fold(chain(conv({ name: 'conv' }), layers.reLU({ name: 'act' }), layers.flatten(), layers.dense({ units: 3, name: 'out' })))
  test('sees inputs and what nodes write, in any order of the inputs', () => {
    const graph = folded()
    const ranges = calibrate(graph, [batch])
    expect([...ranges.keys()].map((t) => graph.tensors[t]!.name).sort()).toEqual(
      ['act', 'flatten_Flatten1', 'image', 'out'].map((n) => (n.startsWith('flatten') ? expect.stringMatching(/^flatten/) : n)) as never,
    )
    const one = (i: number) => batch.subarray(i * 192, (i + 1) * 192)
    expect(calibrate(graph, [one(11), one(3), ...[0, 1, 2, 4, 5, 6, 7, 8, 9, 10].map(one)])).toEqual(ranges)
    expect([...ranges.values()][0]!.min).toBe(Math.min(...batch))
  })
  test.each([
    ['no-calibration-data', []],
    ['calibration-shape', [new Float32Array(191)]],
    ['not-finite', [new Float32Array(192).fill(Number.NaN)]],
  ])('%s', (code, batches) => {
    expect(() => calibrate(folded(), batches)).toThrow(expect.objectContaining({ code }))
  })
})

describe('scales', () => {
  const parts = (list: Record<string, (x: never) => unknown>, merge: layers.Layer, more: layers.Layer[] = []) =>
    fold((x) => chain(...more)(merge.apply(Object.values(list).map((f) => f(x as never)) as never) as never))

  test('of what a concatenation joins, pools and reshapes are one', () => {
    const graph = int8(
      parts(
        {
          a: (x) => conv({ name: 'a' }).apply(x),
          b: (x) =>
            layers.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same', name: 'b' }).apply(conv({ name: 'b0' }).apply(x) as never),
        },
        layers.concatenate({ name: 'both' }),
        [layers.averagePooling2d({ poolSize: 2, name: 'pool' }), layers.flatten({ name: 'flat' })],
      ),
    )
    for (const name of ['a', 'b', 'b0', 'pool', 'flat']) expect(quantOf(graph, name)).toEqual(quantOf(graph, 'both'))
    expect(count(graph, 'quantize')).toBe(0)
  })

  test('that operators fix stand, and softmax ends at 1/256 and -128', () => {
    const graph = int8(
      fold(
        chain(
          layers.flatten(),
          layers.dense({ units: 5 }),
          layers.softmax({ axis: -1, name: 'out' }),
          layers.reshape({ targetShape: [5, 1], name: 'shaped' }),
        ),
      ),
    )
    expect([quantOf(graph, 'out'), quantOf(graph, 'shaped')]).toEqual([
      [1 / 256, -128],
      [1 / 256, -128],
    ])
  })

  test('fixed twice in one class: one stays, the other gets a QUANTIZE', () => {
    const folded = parts(
      { s: (x) => conv({ activation: 'sigmoid', name: 's' }).apply(x), t: (x) => conv({ activation: 'tanh', name: 't' }).apply(x) },
      layers.concatenate({ name: 'both' }),
    )
    const graph = int8(folded)
    expect([quantOf(graph, 's'), quantOf(graph, 't'), quantOf(graph, 'both')]).toEqual([
      [1 / 256, -128],
      [1 / 128, 0],
      [1 / 128, 0],
    ])
    expect(graph.nodes.map((n) => n.op)).toEqual(['conv-2d', 'logistic', 'conv-2d', 'tanh', 'quantize', 'concatenation'])
    expect(quantOf(graph, 's/requantised')).toEqual([1 / 128, 0])
    for (const { sqnrDb } of layerError(folded, graph, [batch])) expect(sqnrDb).toBeGreaterThan(35)
  })

  test('fixed beside a wider range: the range rules, and the fixed one gets a QUANTIZE', () => {
    const folded = parts(
      { s: (x) => conv({ activation: 'sigmoid', name: 's' }).apply(x), w: (x) => conv({ name: 'w', kernelSize: 5 }).apply(x) },
      layers.concatenate({ name: 'both' }),
    )
    const graph = int8(folded)
    expect(quantOf(graph, 's')).toEqual([1 / 256, -128])
    expect(quantOf(graph, 'w')).toEqual(quantOf(graph, 'both'))
    expect(count(graph, 'quantize')).toBe(1)
    for (const { maxSteps } of layerError(folded, graph, [batch])) expect(maxSteps).toBeLessThan(3)
  })

  test('of a narrow tensor that a convolution reads too are not widened by a concatenation', () => {
    const scaleWeights = (model: ReturnType<typeof modelOf>, name: string, by: number) => {
      const layer = model.getLayer(name)
      layer.setWeights(layer.getWeights().map((w) => tf.mul(w, by)))
    }
    const build = (factor: number) => {
      const x = input({ shape, name: 'image' })
      const narrow = conv({ name: 'narrow' }).apply(x)
      const wide = conv({ name: 'wide' }).apply(x)
      const both = layers.concatenate({ name: 'both' }).apply([narrow, wide] as never)
      const side = conv({ name: 'side' }).apply(narrow)
      const model = seeded(modelFrom({ inputs: x, outputs: layers.concatenate({ name: 'out' }).apply([both, side] as never) as never }), 4)
      scaleWeights(model, 'wide', factor)
      return foldGraph(stripGraph(importLayers(model)))
    }
    const graph = int8(build(16))
    expect(quantOf(graph, 'narrow')[0]! * 4).toBeLessThan(quantOf(graph, 'both')[0]!)
    expect(count(graph, 'quantize')).toBe(1)
    expect(count(int8(build(1)), 'quantize')).toBe(0)
  })

  test('of a fused ReLU6 end at its clip', () => {
    const graph = int8(
      fold(
        chain(
          conv({ filters: 8 }),
          layers.activation({ activation: 'elu' }),
          conv({ name: 'c' }),
          layers.reLU({ maxValue: 6, name: 'act' }),
        ),
      ),
    )
    const [scale, zero] = quantOf(graph, 'act')
    expect(zero).toBe(-128)
    expect(scale! * 255).toBeLessThanOrEqual(6.0001)
  })

  test('of a constant operand come from its values', () => {
    const folded = fold(chain(conv({ activation: 'relu' })))
    const [y] = folded.outputs
    const shift = folded.tensors.length
    const tensors = [
      ...folded.tensors,
      { name: 'shift', shape: [4], dtype: 'float32' as const, data: Float32Array.of(-1, 0, 2, 3) },
      { name: 'sum', shape: folded.tensors[y!]!.shape, dtype: 'float32' as const },
    ]
    const add = { op: 'add', attrs: { fusedActivation: 'none', potScaleInt16: true }, inputs: [y!, shift], outputs: [shift + 1] }
    const more: Graph<'folded'> = { ...folded, tensors, nodes: [...folded.nodes, add], outputs: [shift + 1] }
    const graph = int8(more)
    const { scale, zero } = affine({ min: -1, max: 3 })
    expect(quantOf(graph, 'shift')).toEqual([scale[0], zero[0]])
    for (const { maxSteps } of layerError(more, graph, [batch])) expect(maxSteps).toBeLessThan(3)
  })
})

describe('a quantised graph', () => {
  const pea = () => new Ensemble({ mix: 'stochastic', activation: 'mish', base: 'relu', alpha: 1 })
  const residual: Chain = (x) => {
    const a = chain(conv({ filters: 8, useBias: false }), layers.batchNormalization(), pea())(x)
    const b = chain(
      layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false }),
      layers.batchNormalization(),
      pea(),
      conv({ filters: 8 }),
    )(a)
    const sum = chain(pea())(layers.add().apply([a, b] as never) as never)
    return chain(
      layers.globalAveragePooling2d({ name: 'pool' }),
      layers.dense({ units: 6, name: 'logits' }),
      layers.softmax({ axis: -1, name: 'out' }),
    )(sum)
  }

  test.each([1, 2, 3])('answers within a few steps of float (seed %i)', (seed) => {
    const folded = fold(residual, seed)
    const graph = int8(folded)
    const errors = layerError(folded, graph, [batch])
    expect(errors.map((e) => e.op)).toEqual(folded.nodes.map((n) => n.op))
    for (const { name, sqnrDb, maxSteps } of errors) {
      expect(sqnrDb, name).toBeGreaterThan(33)
      expect(maxSteps, name).toBeLessThan(5)
    }
    expect(errors.at(-1)!.maxSteps).toBeLessThan(2)
  })

  test('is int8 from edge to edge, and keeps names, attributes, shapes and metadata', () => {
    const folded = fold(residual)
    const graph = int8(folded)
    expect(graph.phase).toBe('quantised')
    expect(graph.metadata).toEqual({ who: 'test' })
    expect(graph.nodes).toEqual(folded.nodes)
    expect(graph.tensors.map(({ name, shape }) => ({ name, shape }))).toEqual(folded.tensors.map(({ name, shape }) => ({ name, shape })))
    const dtypes = Object.fromEntries(graph.tensors.map((t) => [t.name.split('/').at(-1)!, t.dtype]))
    expect(dtypes).toMatchObject({ image: 'int8', out: 'int8', kernel: 'int8', depthwise_kernel: 'int8', bias: 'int32', shape: 'int32' })
    expect(new Set(graph.tensors.map((t) => t.dtype))).toEqual(new Set(['int8', 'int32']))
  })

  test('is the same from the same ranges', () => {
    const folded = fold(residual)
    expect(int8(folded)).toEqual(int8(folded))
  })

  test('survives channels that training left dead', () => {
    const model = modelOf(shape, residual, 2)
    for (const layer of model.layers)
      if (layer.getClassName() === 'BatchNormalization') {
        const [gamma, ...rest] = layer.getWeights()
        const dead = Array.from(gamma!.dataSync(), (g, c) => [0, 1e-22, 1e-9][c] ?? g)
        layer.setWeights([tf.tensor1d(dead), ...rest])
      }
    const folded = foldGraph(stripGraph(importLayers(model)))
    for (const { name, maxSteps } of layerError(folded, int8(folded), [batch])) expect(maxSteps, name).toBeLessThan(5)
  })

  test('gives a layer that runs twice a bias for each input scale', () => {
    const shared = conv({ filters: 3, name: 'conv' })
    const folded = fold(chain(shared, layers.activation({ activation: 'relu' }), shared))
    const graph = int8(folded)
    expect(graph.tensors.filter((t) => t.name.startsWith('conv/bias')).map((t) => t.name)).toEqual(['conv/bias', 'conv/bias_1'])
    expect(graph.tensors.filter((t) => t.name.startsWith('conv/kernel'))).toHaveLength(1)
    for (const { maxSteps } of layerError(folded, graph, [batch])) expect(maxSteps).toBeLessThan(4)
  })

  test('is made of a folded graph only', () => {
    const stripped = stripGraph(importLayers(modelOf(shape, residual)))
    const folded = foldGraph(stripped)
    // @ts-expect-error a stripped graph must be folded first
    expectTypeOf(calibrate).toBeCallableWith(stripped, [batch])
    // @ts-expect-error a stripped graph must be folded first
    expectTypeOf(quantiseGraph).toBeCallableWith(stripped, new Map())
    expectTypeOf(quantiseGraph(folded, calibrate(folded, [batch]))).toEqualTypeOf<Graph<'quantised'>>()
  })
})
