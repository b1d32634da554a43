/** Every network of the registry: published parameter counts, initial weights, errors. */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { buildNetwork, findNetwork, networks } from '../src/training/networks/build-network.ts'
import type { Settings } from '../src/training/networks/define.ts'
import { ensembles, plain } from '../src/training/pea/activations.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

const mish = ensembles({ mix: 'stochastic', activation: 'mish', base: 'relu' })
const build = (size: number, classes: number, settings = {}, seed = 0) =>
  buildNetwork('mobilenet-v1', { inputShape: [size, size, 3], classes, activation: mish, seed }, settings)

/** Howard et al. 2017 at width a, as Keras counts it: kernels, four numbers a channel for batch norm, the dense layer. */
function counted(width: number, classes: number): number {
  const c = [32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024].map((n) => n * width)
  const convolutions = 27 * c[0]! + c.slice(1).reduce((sum, out, i) => sum + 9 * c[i]! + c[i]! * out, 0)
  const norms = 4 * (c[0]! + c.slice(1).reduce((sum, out, i) => sum + c[i]! + out, 0))
  return convolutions + norms + (c.at(-1)! + 1) * classes
}

describe('mobilenet-v1', () => {
  test.each([
    [0.25, 1000, 224, 475_544],
    [0.25, 43, 32, 229_595],
    [0.5, 10, 32, counted(0.5, 10)],
  ])('at width %f with %i classes has its published number of parameters', (width, classes, size, published) => {
    expect(counted(width, classes)).toBe(published)
    expect(build(size, classes, { width }).countParams()).toBe(published)
  })

  test('small images pass the stem at full size, large ones at half', () => {
    const stem = (size: number) => build(size, 10).getLayer('conv1').outputShape
    expect(stem(32)).toEqual([null, 32, 32, 8])
    expect(stem(64)).toEqual([null, 64, 64, 8])
    expect(stem(96)).toEqual([null, 48, 48, 8])
  })

  test('all 27 activations are made by the factory', () => {
    expect(findEnsembles(build(32, 10))).toHaveLength(27)
    const relu6 = buildNetwork('mobilenet-v1', { inputShape: [32, 32, 3], classes: 10, activation: plain('relu6'), seed: 0 })
    expect(findEnsembles(relu6)).toHaveLength(0)
  })

  test('a width without channels is refused', () => {
    expect(() => build(32, 10, { width: 0.02 })).toThrow(expect.objectContaining({ code: 'network-too-narrow' }))
  })
})

/** Networks as small as they come, for tests of what all share. */
const narrow: Readonly<Record<string, number>> = { 'alexnet-bn': 0.02, 'resnet-18': 0.06, 'resnet-50': 0.06, 'mobilenet-v2': 0.1 }

/** Parameters without a single draw: `all` as Keras counts them, moving statistics included, and those that learn. */
function counts(name: string, shape: readonly [number, number, number], classes: number, settings: Settings = {}) {
  const network = findNetwork(name, settings)
  const options = { inputShape: shape, classes, activation: plain('relu'), seed: 0 }
  const model = network.build(options, { ...network.settings, ...settings })
  const learning = model.trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0)
  return { all: model.countParams(), learning }
}

describe('published parameter counts', () => {
  const imagenet = [224, 224, 3] as const
  test.each([
    // torchvision's documentation, which counts what learns.
    ['resnet-18', imagenet, 1000, {}, { learning: 11_689_512 }],
    ['resnet-50', imagenet, 1000, {}, { learning: 25_557_032 }],
    ['mobilenet-v2', imagenet, 1000, {}, { learning: 3_504_872 }],
    // Keras Applications: the summary of MobileNetV2.
    ['mobilenet-v2', imagenet, 1000, {}, { all: 3_538_984 }],
    // The summary of MLPerf Tiny's reference models (Banbury et al. 2021): image classification, keyword spotting.
    ['resnet-8', [32, 32, 3], 10, {}, { all: 78_666 }],
    ['ds-cnn', [49, 10, 1], 12, {}, { all: 24_908 }],
    // He et al. 2016, Table 6, says 0.27 M; the summary of Keras's cifar10_resnet, version 1.
    ['resnet-20', [32, 32, 3], 10, {}, { all: 274_442, learning: 273_066 }],
    // 62,378,344 in one tower (Krizhevsky et al. 2012); two biases go, and two batch norms of two numbers a channel come.
    ['alexnet-bn', [227, 227, 3], 1000, {}, { learning: 62_378_344 + 96 + 256 }],
  ] as const)('%s at %j with %i classes', (name, shape, classes, settings, published) => {
    expect(counts(name, shape, classes, settings)).toMatchObject(published)
  })

  test('MobileNet v2 at other widths, in millions, as its authors list them', () => {
    for (const [width, published] of [[0.35, 1.66], [0.5, 1.95], [0.75, 2.61], [1.4, 6.06]] as const) // biome-ignore format: a table
      expect(Math.abs(counts('mobilenet-v2', imagenet, 1000, { width }).learning / 1e6 - published)).toBeLessThan(0.055)
  })

  /** Romera et al. 2018, Table I, layer by layer: kernels, biases, and two numbers a channel for batch norm. */
  test('ERFNet has the layers of its table: 2.06 M with 19 classes', () => {
    const conv = (taps: number, from: number, to: number) => taps * from * to + to
    const down = (from: number, to: number) => conv(9, from, to - from) + 2 * to
    const module = (channels: number) => 4 * conv(3, channels, channels) + 4 * channels
    const up = (from: number, to: number) => conv(9, from, to) + 2 * to
    const encoder = down(3, 16) + down(16, 64) + 5 * module(64) + down(64, 128) + 8 * module(128)
    const decoder = up(128, 64) + 2 * module(64) + up(64, 16) + 2 * module(16) + conv(4, 16, 19)
    expect(counts('erfnet', [256, 512, 3], 19).learning).toBe(encoder + decoder)
    expect(((encoder + decoder) / 1e6).toFixed(2)).toBe('2.06')
    expect(counts('erfnet-classifier', imagenet, 1000).learning).toBe(encoder + 129 * 1000)
  })
})

describe('shapes', () => {
  const shapesOf = (name: string, size: number) => {
    const network = findNetwork(name)
    const settings = 'width' in network.settings ? { ...network.settings, width: narrow[name] ?? 0.25 } : network.settings
    return network.build({ inputShape: [size, size, 3], classes: 5, activation: plain('relu'), seed: 0 }, settings)
  }
  const sizeBefore = (model: LayersModel, layer: string) => (model.getLayer(layer).input as SymbolicTensor).shape[1]

  test.each([
    ['resnet-18', 'pool', 7, 4],
    ['resnet-50', 'pool', 7, 4],
    ['mobilenet-v2', 'pool', 7, 2],
    ['erfnet-classifier', 'pool', 28, 8],
    ['alexnet-bn', 'flatten', 6, 3],
  ])('%s sees %s at %i pixels from 224, %i from 32', (name, layer, large, small) => {
    expect(sizeBefore(shapesOf(name, 224), layer)).toBe(large)
    expect(sizeBefore(shapesOf(name, 32), layer)).toBe(small)
  })

  test('ERFNet answers each pixel, and refuses sides that are no multiples of 8', () => {
    const erfnet = (height: number, width: number) =>
      buildNetwork('erfnet', { inputShape: [height, width, 3], classes: 4, activation: plain('relu'), seed: 0 }, { width: 0.25 })
    expect(erfnet(16, 24).outputShape).toEqual([null, 16, 24, 4])
    expect(() => erfnet(240, 180)).toThrow(expect.objectContaining({ code: 'bad-input-size', hint: expect.stringContaining('240 x 184') }))
  })
})

describe.each([...networks.values()])('$name', ({ name, settings, answers }) => {
  const small: Settings = 'width' in settings ? { width: narrow[name] ?? 0.25 } : {}
  const make = (seed: number) => buildNetwork(name, { inputShape: [16, 16, 3], classes: 7, activation: plain('relu'), seed }, small)

  test('the seed decides the initial weights', () => {
    const values = (seed: number) =>
      Buffer.concat(
        make(seed)
          .getWeights()
          .map((w) => Buffer.from(w.dataSync().buffer)),
      )
    const first = values(3)
    expect(values(3).equals(first)).toBe(true)
    expect(values(4).equals(first)).toBe(false)
  })

  test('each kernel has the deviation of its rule, and no two share draws', () => {
    const seen = new Set<number>()
    for (const weight of make(1).weights.filter((w) => /kernel/.test(w.originalName))) {
      const shape = weight.shape as number[]
      const values = weight.read().dataSync() as Float32Array
      const spread = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length)
      const fanIn = shape.slice(0, /depthwise/.test(weight.originalName) ? -2 : -1).reduce((a, b) => a * b, 1)
      const rule = Math.sqrt(1 / (3 * fanIn))
      expect(Math.abs(spread / rule - 1), weight.name).toBeLessThan(5 / Math.sqrt(2 * values.length))
      expect(seen.has(values[0]! / rule)).toBe(false)
      seen.add(values[0]! / rule)
    }
  })

  test('answers with distributions over the classes', () => {
    const sums = tf.tidy(() => tf.sum(make(0).predict(tf.ones([2, 16, 16, 3])) as tf.Tensor, -1).dataSync())
    expect(sums).toHaveLength(answers === 'pixels' ? 2 * 16 * 16 : 2)
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5)
  })

  test('the compiled step knows its every layer, with ensembles too', () => {
    const network = findNetwork(name)
    const options = { inputShape: [16, 16, 3], classes: 7, activation: mish, seed: 0 } as const
    expect(wasm.refuses(network.build(options, { ...network.settings, ...small }))).toBeUndefined()
  })
})

test('an unknown network or setting is refused with what there is', () => {
  const options = { inputShape: [32, 32, 3], classes: 2, activation: plain('relu'), seed: 0 } as const
  expect(() => buildNetwork('mobilnet', options)).toThrow(
    expect.objectContaining({ code: 'unknown-network', hint: expect.stringContaining('mobilenet') }),
  )
  expect(() => buildNetwork('mobilenet-v1', options, { widht: 1 })).toThrow(expect.objectContaining({ code: 'unknown-network-setting' }))
  expect(() => buildNetwork('mobilenet-v1', options, { width: 'wide' as unknown as number })).toThrow(
    expect.objectContaining({ code: 'bad-network-setting' }),
  )
})
