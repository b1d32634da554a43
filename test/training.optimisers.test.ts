/** Optimisers: the eager and the compiled step against the papers' formulas in double, over steps. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import '../src/training/tensors.ts'
import { key, normal } from '../src/graph/math/random.ts'
import type { Backend, OptimiserOptions, StepOptions } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { ratesAt } from '../src/training/backends/optimisers.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'

const [inputs, classes, size] = [5, 3, 4]
const images = Float32Array.from({ length: size * inputs }, (_, i) => normal(key(1, 'test'), i))
const labels = Int32Array.from([0, 2, 1, 2])
const start = Float32Array.from({ length: inputs * classes }, (_, i) => normal(key(2, 'test'), i))

/** A dense layer by hand: w after `steps` steps. */
function reference(o: OptimiserOptions, steps: number, rate: number, decay: number, decoupled: boolean): number[] {
  const w = Float64Array.from(start)
  const [m, v] = [new Float64Array(w.length), new Float64Array(w.length)]
  for (let t = 1; t <= steps; t++) {
    const g = new Float64Array(w.length)
    for (let n = 0; n < size; n++) {
      const z = Array.from({ length: classes }, (_, c) =>
        Array.from({ length: inputs }, (_, i) => images[n * inputs + i]! * w[i * classes + c]!).reduce((a, b) => a + b),
      )
      const whole = z.reduce((sum, value) => sum + Math.exp(value), 0)
      for (let i = 0; i < inputs; i++)
        for (let c = 0; c < classes; c++)
          g[i * classes + c]! += (images[n * inputs + i]! * (Math.exp(z[c]!) / whole - (c === labels[n] ? 1 : 0))) / size
    }
    for (let i = 0; i < w.length; i++) {
      const gradient = g[i]! + (decoupled ? 0 : decay * w[i]!)
      if (decoupled) w[i]! *= 1 - rate * decay
      if (o.name === 'sgd') {
        m[i] = o.momentum * m[i]! + gradient
        w[i]! -= rate * m[i]!
        continue
      }
      m[i] = o.beta1 * m[i]! + (1 - o.beta1) * gradient
      v[i] = o.beta2 * v[i]! + (1 - o.beta2) * gradient ** 2
      const mean = m[i]! / (1 - o.beta1 ** t)
      const deviation = Math.sqrt(v[i]! / (1 - o.beta2 ** t)) + o.epsilon
      const most = 2 / (1 - o.beta2) - 1
      const length = most - (2 * t * o.beta2 ** t) / (1 - o.beta2 ** t)
      const r = Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length))
      w[i]! -= o.name === 'adam' ? (rate * mean) / deviation : length > 5 ? (rate * r * mean) / deviation : rate * mean
    }
  }
  return [...w]
}

const optimisers: OptimiserOptions[] = [
  { name: 'sgd', momentum: 0.9 },
  { name: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
  { name: 'radam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
]
const cases = [eager, wasm].flatMap((backend) =>
  optimisers.flatMap((optimiser) =>
    [false, true].map((decoupled) => [backend.name, optimiser.name, decoupled, backend, optimiser] as const),
  ),
)

async function prepare(backend: Backend, optimiser: OptimiserOptions, decoupledDecay: boolean) {
  const dense = tfl.layers.dense({ units: classes, inputShape: [inputs], useBias: false, name: 'd' })
  const model = tfl.sequential({ layers: [dense] })
  model.setWeights([tf.tensor(start, [inputs, classes])])
  const options: StepOptions = { batchSize: size, optimiser, labelSmoothing: 0, decayOf: () => 0.1, decoupledDecay, seed: 1, threads: 1 }
  return { model, step: await backend.prepare(model, options) }
}

test.each(cases)('%s, %s, decoupled decay %s: ten steps', async (_, __, decoupled, backend, optimiser) => {
  const { model, step } = await prepare(backend, optimiser, decoupled)
  for (let i = 0; i < 10; i++) step.train({ images, labels, size }, { step: i, rate: 0.05 })
  step.store()
  const expected = reference(optimiser, 10, 0.05, 0.1, decoupled)
  for (const [i, w] of model.getWeights()[0]!.dataSync().entries()) expect(w).toBeCloseTo(expected[i]!, 4)
  const names = [...step.optimiserState().keys()].map((name) => name.replace(/^.*kernel/, ''))
  expect(names).toEqual(optimiser.name === 'sgd' ? [''] : ['', ', squared'])
  step.dispose()
})

test.each([eager, wasm])('$name: Adam goes on from its stored moments to the same bytes', async (backend) => {
  const run = async (break_: boolean) => {
    const { model, step } = await prepare(backend, optimisers[1]!, false)
    for (let i = 0; i < 4; i++) {
      if (break_ && i === 2) {
        const state = new Map([...step.optimiserState()].map(([name, values]) => [name, values.slice()]))
        step.restoreOptimiser(new Map([...state].map(([name, values]) => [name, values.map(() => 9)])))
        step.restoreOptimiser(state)
      }
      step.train({ images, labels, size }, { step: i, rate: 0.05 })
    }
    step.store()
    step.dispose()
    return model.getWeights()[0]!.dataSync().slice()
  }
  expect(await run(true)).toEqual(await run(false))
})

test('RAdam trusts the variance from step 6 on at beta2 = 0.999, as the authors have it', () => {
  const o = { name: 'radam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
  const rectifications = Array.from({ length: 8 }, (_, step) => ratesAt(o, step, 0.1)[3])
  expect(rectifications.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
  expect(rectifications[5]).toBeGreaterThan(0)
  expect(ratesAt(o, 1_000_000, 0.1)[3]).toBeCloseTo(1, 3)
})
