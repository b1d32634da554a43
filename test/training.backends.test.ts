/** Every network of the registry: the eager and the compiled step are the same training. */
import { expect, test } from 'vitest'
import { key, normal } from '../src/graph/math/random.ts'
import type { Backend, Batch, StepOptions } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { readWeights } from '../src/training/fit/weights.ts'
import { buildNetwork, networks } from '../src/training/networks/build-network.ts'
import { ensembles, plain } from '../src/training/pea/activations.ts'
import { mixes } from '../src/training/pea/define.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'

const size = 6
const classes = 5
const inputShape = [32, 32, 3] as const
const batches: Batch[] = Array.from({ length: 4 }, (_, b) => {
  const labels = Int32Array.from({ length: size }, (_, n) => (3 * n + b) % classes)
  const floats = inputShape.reduce((a, b) => a * b, 1)
  const images = Float32Array.from(
    { length: size * floats },
    (_, i) => normal(key(1, 'test', b), i) + 0.3 * labels[Math.floor(i / floats)]!,
  )
  return { images, labels, size }
})
const options: StepOptions = {
  batchSize: size,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0.1,
  decayOf: (name) => (/\/kernel/.test(name) ? 1e-3 : 0),
  seed: 5,
  threads: 2,
}
const apart = (a: Float32Array, b: Float32Array): number => {
  let [difference, length] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2
    length += b[i]! ** 2
  }
  return Math.sqrt(difference / (length || 1))
}

type Made = Parameters<typeof buildNetwork>[1]['activation']

async function run(backend: Backend, name: string, activation: Made, steps: number, rate: number) {
  const model = buildNetwork(name, { inputShape, classes, activation, seed: 2 })
  for (const ensemble of findEnsembles(model)) ensemble.alpha = 0.3
  const step = await backend.prepare(model, options)
  try {
    const losses = [step.train(batches[0]!, { step: 0, rate }).loss]
    const gradients = new Map([...step.optimiserState()].map(([weight, v]) => [weight, v.slice()]))
    step.store()
    const weights = readWeights(model)
    const logits = step.predict(batches[0]!.images, 5)
    for (let i = 1; i < steps; i++) losses.push(step.train(batches[i % 4]!, { step: i, rate }).loss)
    return { losses, gradients, weights, logits }
  } finally {
    step.dispose()
  }
}

const cases = [...networks.keys()].flatMap((name) => mixes.map((mix) => [name, mix] as const))
test.each(cases)('%s, %s: first loss, gradients, weights, moving statistics and logits', async (name, mix) => {
  const activation = ensembles({ mix, activation: 'mish', base: 'relu' })
  const [a, b] = [await run(eager, name, activation, 1, 0.02), await run(wasm, name, activation, 1, 0.02)]
  expect(Math.abs(a.losses[0]! - b.losses[0]!)).toBeLessThan(1e-5)
  expect([...a.gradients.keys()].sort()).toEqual([...b.gradients.keys()].sort())
  for (const [weight, gradient] of a.gradients)
    expect(apart(b.gradients.get(weight)!, gradient), `gradient of ${weight}`).toBeLessThan(1e-4)
  for (const [weight, values] of a.weights) expect(apart(b.weights.get(weight)!, values), weight).toBeLessThan(1e-4)
  expect(a.logits).toHaveLength(5 * classes)
  expect(apart(b.logits, a.logits)).toBeLessThan(1e-3)
})

// A smooth activation and a low rate: where a ReLU's input changes its sign, a difference of 1e-6 in the weights alone moves the loss
// by 1e-2 within 20 steps (measured on the compiled step against itself).
test.each([...networks.keys()])('%s: the loss after 20 steps', async (name) => {
  const [a, b] = [await run(eager, name, plain('mish'), 20, 1e-4), await run(wasm, name, plain('mish'), 20, 1e-4)]
  expect(Math.abs(a.losses[19]! - b.losses[19]!)).toBeLessThan(1e-3)
  expect(a.losses[19]!).toBeLessThan(a.losses[0]!)
})
