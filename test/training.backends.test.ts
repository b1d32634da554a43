/** Every network of the registry: the eager and the compiled step are the same training. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { key, normal } from '../src/graph/math/random.ts'
import type { Backend, Batch, StepOptions } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { readWeights } from '../src/training/fit/weights.ts'
import { buildNetwork, networks } from '../src/training/networks/build-network.ts'
import { ensembles, plain } from '../src/training/pea/activations.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'

const size = 4
const classes = 5
const inputShape = [32, 32, 3] as const
const floats = inputShape.reduce((a, b) => a * b, 1)

/** Images with a hint of their label; a label for each pixel where the network answers so, every seventh ignored. */
function batchesFor(model: LayersModel): Batch[] {
  const pixels = (model.outputs[0]!.shape.slice(1, -1) as number[]).reduce((a, b) => a * b, 1)
  return Array.from({ length: 4 }, (_, b) => {
    const of = Int32Array.from({ length: size }, (_, n) => (3 * n + b) % classes)
    const images = Float32Array.from({ length: size * floats }, (_, i) => normal(key(1, 'test', b), i) + 0.3 * of[Math.floor(i / floats)]!)
    const labels = Int32Array.from({ length: size * pixels }, (_, i) => (pixels > 1 && i % 7 === 0 ? -1 : of[Math.floor(i / pixels)]!))
    return { images, labels, size }
  })
}
const options: StepOptions = {
  batchSize: size,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0.1,
  decayOf: (name) => (/\/kernel/.test(name) ? 1e-3 : 0),
  seed: 5,
  threads: 2,
}
function lengthOf(a: Float32Array): number {
  let sum = 0
  for (const v of a) sum += v * v
  return Math.sqrt(sum)
}
const distance = (a: Float32Array, b: Float32Array): number => lengthOf(a.map((v, i) => v - b[i]!))

type Made = Parameters<typeof buildNetwork>[1]['activation']

async function run(backend: Backend, name: string, activation: Made, steps: number, rate: number) {
  const model = buildNetwork(name, { inputShape, classes, activation, seed: 2 })
  for (const ensemble of findEnsembles(model)) ensemble.alpha = 0.3
  const batches = batchesFor(model)
  const step = await backend.prepare(model, options)
  try {
    const losses = [step.train(batches[0]!, { step: 0, rate }).loss]
    const gradients = new Map([...step.optimiserState()].map(([weight, v]) => [weight, v.slice()]))
    step.store()
    const weights = readWeights(model)
    const logits = step.predict(batches[0]!.images, 3)
    for (let i = 1; i < steps; i++) losses.push(step.train(batches[i % 4]!, { step: i, rate }).loss)
    return { losses, gradients, weights, logits }
  } finally {
    step.dispose()
  }
}

/** The others take up to a minute of the eager step each (and pass the time limit of a test on a busy machine): `make soak` has them. */
const light = ['mobilenet-v1', 'ds-cnn', 'resnet-8', 'erfnet']
const names = [...networks.keys()].filter((name) => process.env.PEAPOD_SOAK || light.includes(name))
test.each(names.filter((name) => process.env.PEAPOD_SOAK || name !== 'erfnet'))(
  '%s with stochastic ensembles: the first loss',
  async (name) => {
    const activation = ensembles({ mix: 'stochastic', activation: 'mish', base: 'relu' })
    const [a, b] = [await run(eager, name, activation, 1, 0.02), await run(wasm, name, activation, 1, 0.02)]
    expect(Math.abs(a.losses[0]! - b.losses[0]!)).toBeLessThan(1e-5)
  },
)

// A smooth activation: where the input of a ReLU changes its sign, a difference of 1e-6 in the weights alone moves gradients by 1e-3 and
// the loss by 1e-2 within 20 steps (measured on the compiled step against itself).
test.each(names)('%s: loss, gradients, weights, moving statistics and logits of the first step', async (name) => {
  const [a, b] = [await run(eager, name, plain('mish'), 1, 0.02), await run(wasm, name, plain('mish'), 1, 0.02)]
  expect(Math.abs(a.losses[0]! - b.losses[0]!)).toBeLessThan(1e-5)
  expect([...a.gradients.keys()].sort()).toEqual([...b.gradients.keys()].sort())
  // A shift before a batch normalisation (a bias, or the beta of a linear bottleneck, which goes through a 1 x 1 convolution into the next)
  // has no gradient but rounding, in both: such a weight must be next to nothing in both instead.
  const whole = Math.hypot(...[...a.gradients.values()].map(lengthOf))
  const noise = (weight: string) =>
    [a, b].every(({ gradients }) => gradients.has(weight) && lengthOf(gradients.get(weight)!) < 1e-5 * whole)
  for (const [weight, gradient] of a.gradients)
    if (!noise(weight))
      expect(distance(b.gradients.get(weight)!, gradient) / lengthOf(gradient), `gradient of ${weight}`).toBeLessThan(1e-4)
  // The mean behind a linear bottleneck is nothing but rounding too: what goes into its convolution has none, by the normalisation before.
  const still = (weight: string) =>
    /moving_mean/.test(weight) &&
    [a, b].every(({ weights }) => lengthOf(weights.get(weight)!) < 1e-7 * Math.sqrt(weights.get(weight)!.length))
  for (const [weight, values] of a.weights)
    if (!noise(weight) && !still(weight))
      expect(distance(b.weights.get(weight)!, values) / (lengthOf(values) || 1), weight).toBeLessThan(1e-4)
  const silent = [...a.gradients.keys()].filter(noise)
  expect(silent.filter((weight) => !/bias|_project_bn\/beta/.test(weight))).toEqual([])
  expect(distance(b.logits, a.logits) / lengthOf(a.logits)).toBeLessThan(1e-3)
})

const small = names.filter((name) => process.env.PEAPOD_SOAK || name === 'ds-cnn' || name === 'resnet-8')
test.each(small)('%s: the loss after 20 steps', async (name) => {
  const [a, b] = [await run(eager, name, plain('mish'), 20, 1e-4), await run(wasm, name, plain('mish'), 20, 1e-4)]
  expect(Math.abs(a.losses[19]! - b.losses[19]!)).toBeLessThan(1e-3)
})
