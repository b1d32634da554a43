/** Swish with a beta that learns: its gradient, one weight a layer, its files, and that it fades like any other. */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseProject } from '../src/config/load.ts'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { strip } from '../src/graph/passes/strip.ts'
import { peaOptions } from '../src/stages/pea-options.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { findBackend } from '../src/training/backends/find-backend.ts'
import { kindOf } from '../src/training/fit/decay.ts'
import { readWeights, writeWeights } from '../src/training/fit/weights.ts'
import { drawWeights } from '../src/training/networks/draw-weights.ts'
import { Ensemble, type EnsembleConfig } from '../src/training/pea/ensemble.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'
import { mixTensor } from '../src/training/pea/mix-tensor.ts'
import { pea } from '../src/training/pea/pea.ts'
import { unpea } from '../src/training/pea/unpea.ts'

beforeAll(async () => {
  await eager.prepare(network(), stepOptions).then((step) => step.dispose()) // tfjs WASM, with our kernels
})

const swish: EnsembleConfig = { mix: 'weighted', activation: 'swish', base: 'relu', beta: 1.5, trainableBeta: true }
const stepOptions = {
  ...{ batchSize: 4, optimiser: { name: 'sgd', momentum: 0 } as const, labelSmoothing: 0, seed: 1, threads: 1 },
  decayOf: () => 0,
}
function network(config: EnsembleConfig = swish): tfl.LayersModel {
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2d({ inputShape: [5, 5, 2], filters: 4, kernelSize: 3, kernelInitializer: 'zeros', name: 'conv' }),
      new Ensemble({ ...config, name: 'act' }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: 3, kernelInitializer: 'zeros', name: 'head' }),
    ],
  })
  drawWeights(model, 3)
  return model
}
const batch = {
  images: Float32Array.from({ length: 4 * 50 }, (_, i) => Math.sin(i * 1.3) * 2),
  labels: Int32Array.of(0, 1, 2, 1),
  size: 4,
}

describe.each(['cpu', 'wasm'])('on tfjs %s', (backend) => {
  beforeAll(async () => void (await tf.setBackend(backend)))

  test.each([
    ['weighted', 0, undefined],
    ['weighted', 0.4, undefined],
    ['stochastic', 0.4, 77],
    ['weighted', 1, undefined],
  ] as const)('%s at alpha %d: the gradient by beta is its finite difference', (mix, alpha, key) => {
    const x = tf.tensor2d([-3, -1, -0.2, 0.4, 2, 5, -0.7, 1.1], [2, 4])
    const mixing = { mix, activation: 'swish', base: 'relu', alpha, beta: 1, ...(key !== undefined && { key }) } as const
    const sum = (beta: number) => tf.sum(tf.square(mixTensor(x, mixing, tf.tensor1d([beta]))))
    const [byX, byBeta] = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(mixTensor(a, mixing, b))))([x, tf.tensor1d([1.2])])
    const [above, below] = [1.21, 1.19].map((beta) => sum(beta).dataSync()[0]!)
    expect(byBeta!.shape).toEqual([1])
    expect(byBeta!.dataSync()[0]!).toBeCloseTo((above! - below!) / 0.02, 2)
    const constant = tf.grad((a: tf.Tensor) => tf.sum(tf.square(mixTensor(a, { ...mixing, beta: 1.2 }))))(x)
    expect([...byX!.dataSync()]).toEqual([...constant.dataSync()])
    if (alpha === 1) expect(byBeta!.dataSync()[0]).toBe(0)
  })
})

test('it is a weight that learns, from where it was set; the compiled step leaves it to the eager one, and says so', async () => {
  const model = network()
  expect(findBackend('auto', model)).toMatchObject({ backend: { name: expect.stringMatching(/eager|tensorflow/) } })
  expect(findBackend('auto', model).refusals[0]).toContain('"act" (Ensemble): the kernels have no gradient for its beta')
  expect(kindOf('act/beta')).toBe('norm') // which no recipe lets decay
  const step = await eager.prepare(model, stepOptions)
  const betaOf = () => readWeights(model).get('act/beta')![0]!
  expect(betaOf()).toBe(1.5)
  const loss = () => step.train(batch, { step: 0, rate: 0 }).loss
  const write = (beta: number) => writeWeights(model, new Map([...readWeights(model), ['act/beta', Float32Array.of(beta)]]))
  const losses = [1.6, 1.4].map((beta) => {
    write(beta)
    return loss()
  })
  write(1.5)
  step.train(batch, { step: 0, rate: 0.5 })
  expect((1.5 - betaOf()) / 0.5).toBeCloseTo((losses[0]! - losses[1]!) / 0.2, 3)
  expect(betaOf()).not.toBe(1.5)
  step.dispose()
})

test('its files: JSON and weights; without it a layer has no weight', async () => {
  const model = network()
  writeWeights(model, new Map([...readWeights(model), ['act/beta', Float32Array.of(2.5)]]))
  let saved: tf.io.ModelArtifacts | undefined
  await model.save({
    async save(artifacts) {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    },
  })
  const again = await tfl.loadLayersModel(tf.io.fromMemory(saved!))
  expect(findEnsembles(again)[0]).toMatchObject({ trainableBeta: true, beta: 1.5 })
  expect([...readWeights(again)]).toEqual([...readWeights(model)])
  const x = tf.tensor(batch.images, [4, 5, 5, 2])
  expect([...(again.predict(x) as tf.Tensor).dataSync()]).toEqual([...(model.predict(x) as tf.Tensor).dataSync()])
  const { trainableBeta: _, ...constant } = swish
  expect(findEnsembles(network(constant))[0]!.weights).toEqual([])
})

test('at alpha = 1 it is its base to the bit: in the layer, in unpea, and stripped from the graph', () => {
  const relu = tfl.sequential({
    layers: [
      tfl.layers.conv2d({ inputShape: [5, 5, 2], filters: 4, kernelSize: 3, name: 'conv' }),
      tfl.layers.reLU({ name: 'act' }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: 3, name: 'head' }),
    ],
  })
  drawWeights(relu, 5)
  const made = pea(relu, { mix: 'stochastic', activation: 'swish', trainableBeta: true })
  writeWeights(made, new Map([...readWeights(made), ['act/beta', Float32Array.of(3)]]))
  const x = tf.tensor(batch.images, [4, 5, 5, 2])
  const answers = (model: tfl.LayersModel) => [...(model.predict(x) as tf.Tensor).dataSync()]
  expect(answers(made)).not.toEqual(answers(relu))
  expect(answers(unpea(made))).toEqual(answers(relu))
  findEnsembles(made)[0]!.alpha = 1
  expect(answers(made)).toEqual(answers(relu))
  const kinds = (model: tfl.LayersModel) => strip.run(importLayers(model)).nodes.map(({ op }) => op)
  expect(kinds(made)).toEqual(kinds(relu))
})

describe('in the project file', () => {
  const options = (given: object) => peaOptions(parseProject({ pea: given }, 'peapod.json').pea)

  test('for all layers, or for some', () => {
    expect(options({ activation: 'swish', beta: 2, trainableBeta: true })).toMatchObject({
      activation: 'swish',
      beta: 2,
      trainableBeta: true,
    })
    const some = options({ layers: [{ match: 'a*', activation: 'swish', trainableBeta: true }] })
    expect(some).toMatchObject({ activation: 'mish', layers: [{ trainableBeta: true }] })
    expect(some).not.toHaveProperty('trainableBeta')
  })

  test('of another activation, or without an ensemble, it is refused', () => {
    const gelu = options({ activation: 'gelu', trainableBeta: true })!
    expect(() => pea(unpea(network()), gelu)).toThrow(
      expect.objectContaining({ code: 'beta-without-swish', found: expect.stringContaining('gelu at act') }),
    )
    for (const ensemble of ['none', 'smooth'])
      expect(() => options({ ensemble, trainableBeta: true })).toThrow(expect.objectContaining({ code: 'beta-without-ensemble' }))
    expect(options({ ensemble: 'none' })).toBeUndefined()
  })
})
