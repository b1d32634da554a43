/** Every network of the registry: published parameter counts, initial weights, errors. */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildNetwork, networks } from '../src/training/networks/build-network.ts'
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

describe.each([...networks.keys()])('%s', (name) => {
  const make = (seed: number) => buildNetwork(name, { inputShape: [32, 32, 3], classes: 7, activation: plain('relu'), seed })

  test('the seed decides the initial weights', () => {
    const values = (seed: number) =>
      make(seed)
        .getWeights()
        .map((w) => w.dataSync())
    const [first, again, other] = [values(3), values(3), values(4)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
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

  test('answers with a distribution over the classes', () => {
    const sums = tf.tidy(() => tf.sum(make(0).predict(tf.ones([2, 32, 32, 3])) as tf.Tensor, 1).dataSync())
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5)
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
