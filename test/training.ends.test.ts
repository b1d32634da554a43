/** The two ends of an ensemble in training: at alpha = 1 the ReLU network, at alpha = 0 the smooth one, step by step and to the bit. */
import { describe, expect, test } from 'vitest'
import { key, normal } from '../src/graph/math/random.ts'
import type { Backend } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { readWeights } from '../src/training/fit/weights.ts'
import { buildNetwork } from '../src/training/networks/build-network.ts'
import { ensembles, type MakeActivation, plain } from '../src/training/pea/activations.ts'
import { bases, mixes, smoothActivations } from '../src/training/pea/define.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'

const [size, classes] = [4, 5]
const images = Float32Array.from({ length: size * 32 * 32 * 3 }, (_, i) => 2 * normal(key(4, 'test'), i))
const batch = { images, labels: Int32Array.of(0, 3, 1, 4), size }

/** Losses, weights and answers of three steps. */
async function trained(backend: Backend, activation: MakeActivation, alpha: number) {
  const model = buildNetwork('ds-cnn', { inputShape: [32, 32, 3], classes, activation, seed: 2 }, { width: 0.25 })
  for (const ensemble of findEnsembles(model)) ensemble.alpha = alpha
  const step = await backend.prepare(model, {
    ...{ batchSize: size, optimiser: { name: 'sgd', momentum: 0.9 }, labelSmoothing: 0.1, seed: 5, threads: 1 },
    decayOf: () => 1e-4,
  })
  try {
    const losses = [0, 1, 2].map((i) => step.train(batch, { step: i, rate: 0.05 }).loss)
    step.store()
    return { losses, weights: [...readWeights(model)], answers: step.predict(images, size) }
  } finally {
    step.dispose()
  }
}

describe.each([wasm, eager])('$name', (backend) => {
  test.each(bases)('at alpha = 1 every ensemble over %s is that network', async (base) => {
    const alone = await trained(backend, plain(base), 1)
    for (const mix of mixes) expect(await trained(backend, ensembles({ mix, activation: 'mish', base }), 1)).toEqual(alone)
  })
})

/** The eager step computes a lone activation by tfjs's own operations and an ensemble by our kernel: to rounding, in training.pea.transform.test.ts. */
test.each(smoothActivations)('at alpha = 0 an ensemble of %s is the smooth network, on the compiled step', async (activation) => {
  const alone = await trained(wasm, plain(activation), 0)
  for (const mix of mixes) expect(await trained(wasm, ensembles({ mix, activation, base: 'relu' }), 0)).toEqual(alone)
})
