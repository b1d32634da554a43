/** The ensemble layer, its schedule and its callback. */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { bits, key, normal } from '../src/graph/math/random.ts'
import { AlphaSchedule } from '../src/training/pea/alpha-schedule.ts'
import { bases, mixes, smoothActivations } from '../src/training/pea/define.ts'
import { Ensemble, type EnsembleConfig } from '../src/training/pea/ensemble.ts'
import { findEnsembles, numberEnsembles } from '../src/training/pea/find-ensembles.ts'
import { schedule } from '../src/training/pea/schedule.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

const erf = (x: number): number => {
  if (x > 4) return 1
  // Maclaurin series: to 1e-8 up to 4, and 1 - erf(4) is 1.5e-8.
  let term = x
  let sum = x
  for (let n = 1; n < 150; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}
const reference = {
  gelu: (x: number) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  swish: (x: number, beta: number) => x / (1 + Math.exp(-beta * x)),
  mish: (x: number) => x * Math.tanh(Math.log1p(Math.exp(x))),
  elu: (x: number) => (x > 0 ? x : Math.expm1(x)),
  relu: (x: number) => Math.max(0, x),
  relu6: (x: number) => Math.min(6, Math.max(0, x)),
}
const points = Float32Array.from([-3.7, -2, -1.1, -0.4, -0.03, 0.02, 0.5, 1.3, 2.2, 3.9, 5.2, 6.5])
const make = (config: Partial<EnsembleConfig>) => new Ensemble({ mix: 'weighted', activation: 'mish', base: 'relu', ...config })
const run = (layer: Ensemble, x: Float32Array, training: boolean): number[] => [
  ...tf.tidy(() => (layer.apply(tf.tensor(x, [1, x.length]), { training }) as tf.Tensor).dataSync()),
]
const gradient = (layer: Ensemble, x: Float32Array, training: boolean): number[] => [
  ...tf.tidy(() =>
    tf
      .grad((t) => layer.apply(t, { training }) as tf.Tensor)(tf.tensor(x, [1, x.length]))
      .dataSync(),
  ),
]
const close = (found: readonly number[], expected: readonly number[], tolerance: number): void => {
  expect(found.length).toBe(expected.length)
  for (const [i, value] of found.entries())
    expect(Math.abs(value - expected[i]!), `element ${i}: ${value}, not ${expected[i]}`).toBeLessThanOrEqual(tolerance)
}

describe('ensemble', () => {
  for (const activation of smoothActivations)
    for (const base of bases) {
      const beta = activation === 'swish' ? 1.5 : 1
      const smooth = (x: number) => reference[activation](x, beta)
      const kept = reference[base]
      test(`weighted ${activation} over ${base} is Eq. 1, and its gradient is its slope`, () => {
        const layer = make({ activation, base, beta, alpha: 0.3 })
        const f = (x: number) => 0.3 * kept(x) + 0.7 * smooth(x)
        close(run(layer, points, true), Array.from(points, f), 2e-6)
        close(
          gradient(layer, points, true),
          Array.from(points, (x) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5),
          2e-5,
        )
      })
      test(`stochastic ${activation} over ${base} is Eq. 3 with the design's draws, the same in the gradient`, () => {
        const layer = make({ mix: 'stochastic', activation, base, beta, alpha: 0.6 })
        Object.assign(layer, { seed: 11, stream: 3, step: 5 })
        const x = Float32Array.from({ length: 240 }, (_, i) => points[i % points.length]!)
        const drawn = (i: number) => ((bits(key(11, 'ensemble', 3, 5), i >>> 1) >>> (16 * (i & 1))) & 0xffff) < Math.round(0.6 * 2 ** 16)
        const f = (v: number, i: number) => (drawn(i) ? kept(v) : smooth(v))
        close(run(layer, x, true), Array.from(x, f), 2e-6)
        close(
          gradient(layer, x, true),
          Array.from(x, (v, i) => (f(v + 1e-5, i) - f(v - 1e-5, i)) / 2e-5),
          2e-5,
        )
      })
    }

  test('at alpha = 1 both mixes are the base to the bit, at alpha = 0 the smooth activation', () => {
    const x = Float32Array.from({ length: 500 }, (_, i) => 4 * normal(key(1, 'test'), i))
    for (const mix of mixes) {
      expect(run(make({ mix, alpha: 1 }), x, true)).toEqual(Array.from(x, (v) => Math.max(0, v)))
      expect(gradient(make({ mix, alpha: 1 }), x, true)).toEqual(Array.from(x, (v) => (v > 0 ? 1 : 0)))
      close(run(make({ mix, alpha: 0 }), x, true), Array.from(x, reference.mish), 3e-6)
    }
  })

  test('inference answers with the expectation, and the mean of many draws comes close to it', () => {
    const layer = make({ mix: 'stochastic', alpha: 0.25 })
    const expected = Array.from(points, (x) => 0.25 * reference.relu(x) + 0.75 * reference.mish(x))
    close(run(layer, points, false), expected, 2e-6)
    const draws = 4000
    const sums = new Float64Array(points.length)
    for (let step = 0; step < draws; step++) for (const [i, y] of run(Object.assign(layer, { step }), points, true).entries()) sums[i]! += y
    for (const [i, x] of points.entries()) {
      const gap = Math.abs(reference.relu(x) - reference.mish(x))
      expect(Math.abs(sums[i]! / draws - expected[i]!)).toBeLessThan(4 * gap * Math.sqrt((0.25 * 0.75) / draws) + 1e-6)
    }
  })

  test('each step, stream and seed draws anew; the same three draw the same', () => {
    const x = new Float32Array(400).fill(-1)
    const at = (stream: number, step: number, seed: number) =>
      run(Object.assign(make({ mix: 'stochastic', alpha: 0.5 }), { stream, step, seed }), x, true).join()
    expect(at(0, 0, 0)).toBe(at(0, 0, 0))
    expect(new Set([at(0, 0, 0), at(1, 0, 0), at(0, 1, 0), at(0, 0, 1)]).size).toBe(4)
  })

  test('values and gradients stay finite far from zero', () => {
    const far = Float32Array.from([-1000, -100, 50, 1000])
    for (const activation of smoothActivations) {
      expect(run(make({ activation, alpha: 0.5 }), far, true).every(Number.isFinite), activation).toBe(true)
      expect(gradient(make({ activation, alpha: 0.5 }), far, true).every(Number.isFinite), activation).toBe(true)
    }
  })

  test('a model with an ensemble survives its own JSON', async () => {
    const build = () =>
      tfl.sequential({
        layers: [
          tfl.layers.dense({ units: 3, inputShape: [4] }),
          make({ mix: 'stochastic', activation: 'swish', base: 'relu6', beta: 2, alpha: 0.5 }),
        ],
      })
    const copy = await tfl.models.modelFromJSON({ modelTopology: JSON.parse(build().toJSON() as string) })
    expect(findEnsembles(copy)[0]).toMatchObject({ mix: 'stochastic', activation: 'swish', base: 'relu6', beta: 2, alpha: 0.5 })
  })
})

describe('schedule', () => {
  test('24 iterations, transition from 1/24 to 3/4: t / T by hand', () => {
    const { alpha } = schedule({ from: 1 / 24, to: 3 / 4 }, { epochs: 6, stepsPerEpoch: 4 })
    expect(alpha(0)).toBe(0)
    expect(alpha(1)).toBe(1 / 17)
    expect(alpha(2)).toBe(2 / 17)
    expect(alpha(16)).toBe(16 / 17)
    expect(alpha(17)).toBe(1)
    expect(alpha(18)).toBe(1)
    expect(alpha(23)).toBe(1)
  })

  test('borders in epochs and in iterations mean the same as shares', () => {
    const run = { epochs: 8, stepsPerEpoch: 10 }
    for (const phases of [
      { from: 0.25, to: 0.75 },
      { from: 2, to: 6, unit: 'epoch' },
      { from: 20, to: 60, unit: 'iteration' },
    ] as const)
      expect(schedule(phases, run)).toMatchObject({ from: 20, to: 60 })
  })

  test.each([
    [{ from: 0.5, to: 0.2 }, 'phases-out-of-order'],
    [{ from: Number.NaN, to: 0.2 }, 'phases-out-of-order'],
    [{ from: 0, to: 12, unit: 'epoch' }, 'phases-overrun'],
    [{ from: 0, to: 1 }, 'no-final-phase'],
  ] as const)('%j is refused: %s', (phases, code) => {
    expect(() => schedule(phases, { epochs: 10, stepsPerEpoch: 3 })).toThrow(expect.objectContaining({ code }))
  })
})

test('in model.fit the callback drives every ensemble, nested ones too, and logs alpha', async () => {
  const inner = tfl.sequential({ layers: [tfl.layers.dense({ units: 4, inputShape: [4] }), make({ mix: 'stochastic' })] })
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 4, inputShape: [4] }), make({ mix: 'stochastic' }), inner] })
  const [first, second] = numberEnsembles(model, 7)
  expect([first!.stream, second!.stream, first!.seed, second!.seed]).toEqual([0, 1, 7, 7])
  model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' })
  const seen: number[] = []
  const watch = new tfl.CustomCallback({ onBatchEnd: () => void seen.push(second!.alpha, second!.step) }, 'never')
  const history = await model.fit(tf.ones([10, 4]), tf.ones([10, 4]), {
    epochs: 4,
    batchSize: 5,
    callbacks: [new AlphaSchedule(model, { from: 1 / 4, to: 3 / 4 }), watch],
  })
  expect(seen).toEqual([0, 0, 0, 1, 0.25, 2, 0.5, 3, 0.75, 4, 1, 5, 1, 6, 1, 7])
  expect(history.history.alpha).toEqual([0, 0.5, 1, 1])
  expect(first!.alpha).toBe(1)
})
