/** The fit loop: rates, recipes, checkpoints, interruption and resuming, divergence, the choice of the best epoch. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { exitCodes } from '../src/errors.ts'
import { key, normal, shuffled } from '../src/graph/math/random.ts'
import type { Backend, Batch } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../src/training/fit/checkpoint.ts'
import { decayOf } from '../src/training/fit/decay.ts'
import type { EpochRecord, Feed, Progress, Rate, Recipe } from '../src/training/fit/define.ts'
import { findRecipe, recipes, settingsFor } from '../src/training/fit/find-recipe.ts'
import { type FitOptions, fit } from '../src/training/fit/fit.ts'
import { rateAt } from '../src/training/fit/rates.ts'
import { scoreModel } from '../src/training/fit/score-model.ts'
import { readWeights } from '../src/training/fit/weights.ts'
import { findNetwork } from '../src/training/networks/build-network.ts'
import { drawWeights } from '../src/training/networks/draw-weights.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'

describe('rates', () => {
  const run = { epochs: 10, stepsPerEpoch: 4 }
  const at = (rate: Rate, ...iterations: number[]) => iterations.map((i) => rateAt(rate, i, run))
  test('one epoch of linear warm-up, then a cosine to zero', () => {
    const [first, third, last, peak, middle, end] = at({ peak: 0.8, warmUpEpochs: 1, shape: 'cosine' }, 0, 2, 3, 4, 22, 39)
    expect([first, third, last, peak]).toEqual([0.2, 0.6000000000000001, 0.8, 0.8])
    expect(middle).toBeCloseTo(0.4, 12)
    expect(end).toBeCloseTo(0.4 * (1 + Math.cos((35 / 36) * Math.PI)), 12)
  })
  test('steps and constant', () => {
    expect(at({ peak: 1, warmUpEpochs: 0, shape: 'steps', atEpochs: [3, 6], factor: 0.1 }, 0, 11, 12, 23, 24)).toEqual([
      1,
      1,
      0.1,
      0.1,
      0.1 ** 2,
    ])
    expect(at({ peak: 1, warmUpEpochs: 0, shape: 'constant' }, 0, 39)).toEqual([1, 1])
  })
})

const side = 4
const classes = 3
/** Three classes of noisy stripes, shuffled anew each epoch; learnable, not trivially. */
function feedOf(count: number, size: number, stream: number): Feed {
  const pixels = side * side
  const sample = (i: number, into: Float32Array, at: number) => {
    for (let p = 0; p < pixels; p++) into[at + p] = normal(key(1, 'test', stream), i * pixels + p) + ((p + i) % classes === 0 ? 1.2 : 0)
  }
  const steps = Math.floor(count / size)
  return {
    steps,
    *epoch(epoch, from = 0): Iterable<Batch> {
      const order = shuffled(key(2, 'test', stream, epoch), count)
      for (let step = from; step < steps; step++) {
        const ids = order.slice(step * size, (step + 1) * size)
        const images = new Float32Array(size * pixels)
        for (const [n, id] of ids.entries()) sample(id, images, n * pixels)
        yield { images, labels: Int32Array.from(ids, (id) => id % classes), size }
      }
    },
  }
}
function network() {
  const model = tfl.sequential()
  model.add(tfl.layers.conv2d({ inputShape: [side, side, 1], filters: 6, kernelSize: 3, useBias: false, kernelInitializer: 'zeros' }))
  model.add(tfl.layers.batchNormalization({ momentum: 0.9 }))
  model.add(new Ensemble({ mix: 'stochastic', activation: 'mish', base: 'relu' }))
  model.add(tfl.layers.flatten())
  model.add(tfl.layers.dropout({ rate: 0.1 }))
  model.add(tfl.layers.dense({ units: classes, kernelInitializer: 'zeros' }))
  model.add(tfl.layers.softmax())
  drawWeights(model, 1)
  return model
}
const recipe: Recipe = { ...findRecipe('default', { epochs: 4, batchSize: 8 }), phases: { from: 1, to: 3, unit: 'epoch' } }
const base = (): FitOptions => ({
  model: network(),
  backend: eager,
  recipe,
  train: feedOf(50, 8, 0),
  validation: feedOf(30, 30, 1),
  seed: 1,
  threads: 1,
  digest: 'data',
})
const timeless = (history: readonly EpochRecord[]) => history.map(({ imagesPerSecond: _, ...record }) => record)

describe('fit', () => {
  test('runs the schedule, reports each epoch, learns, and ends with the best epoch of the final phase at alpha = 1', async () => {
    const seen: Progress[] = []
    const weights: (ReadonlyMap<string, Float32Array> | undefined)[] = []
    const options = base()
    const watch = new tfl.CustomCallback({ onEpochEnd: () => void weights.push(readWeights(options.model)) }, 'never')
    const { history, best } = await fit({ ...options, callbacks: [watch], onProgress: (p) => seen.push(p) })
    expect(history.map((h) => h.alpha)).toEqual([0, 0.5, 1, 1])
    expect(best.epoch).toBeGreaterThanOrEqual(2)
    expect(best.accuracy).toBe(Math.max(history[2]!.validationAccuracy, history[3]!.validationAccuracy))
    expect(best.accuracy).toBeGreaterThan(0.6)
    expect(history[3]!.loss).toBeLessThan(history[0]!.loss)
    expect(seen.filter((p) => p.record)).toHaveLength(4)
    expect(seen).toHaveLength(4 * 6 + 4)
    expect(readWeights(options.model)).toEqual(weights[best.epoch])
    expect(findEnsembles(options.model)[0]!.alpha).toBe(1)
    const scored = await scoreModel(eager, options.model, options.validation, classes, { threads: 1, batchSize: 7 })
    expect(scored).not.toHaveProperty('iou')
    expect(scored.accuracy).toBeCloseTo(best.accuracy, 10)
  })

  test('interrupted in an epoch, between two, and after the last, and resumed: the same bytes as in one run', async () => {
    const straight = base()
    const whole = await fit(straight)
    for (const stopAt of [3, 6, 14, 23, 24]) {
      let saved: Uint8Array | undefined
      const resume = async (steps: number) => {
        const stop = new AbortController()
        let done = 0
        const options: FitOptions = {
          ...base(),
          signal: stop.signal,
          onProgress: (p) => void (!p.record && ++done === steps && stop.abort()),
          save: (bytes) => void (saved = bytes),
          ...(saved ? { checkpoint: saved } : {}),
        }
        return { options, result: await fit(options) }
      }
      await expect(resume(stopAt)).rejects.toMatchObject({ code: 'interrupted', exitCode: exitCodes.interrupted })
      const { options, result } = await resume(Number.POSITIVE_INFINITY)
      expect(readWeights(options.model), `stopped after step ${stopAt}`).toEqual(readWeights(straight.model))
      expect(timeless(result.history)).toEqual(timeless(whole.history))
      expect(result.best).toEqual(whole.best)
    }
  })

  test('a checkpoint of other settings, of another network, or damaged is refused', async () => {
    let saved: Uint8Array | undefined
    const stop = AbortSignal.abort()
    await expect(fit({ ...base(), signal: stop, save: (bytes) => void (saved = bytes) })).rejects.toMatchObject({ code: 'interrupted' })
    const checkpoint = saved!
    const code = (change: Partial<FitOptions>) =>
      fit({ ...base(), signal: stop, checkpoint, ...change }).then(
        () => 'none',
        (error) => error.code,
      )
    expect(await code({})).toBe('interrupted')
    expect(await code({ digest: 'other data' })).toBe('checkpoint-mismatch')
    expect(await code({ seed: 2 })).toBe('checkpoint-mismatch')
    expect(await code({ recipe: { ...recipe, labelSmoothing: 0 } })).toBe('checkpoint-mismatch')
    expect(
      await code({ model: tfl.sequential({ layers: [tfl.layers.flatten({ inputShape: [4, 4, 1] }), tfl.layers.dense({ units: 3 })] }) }),
    ).toBe('checkpoint-mismatch')
    expect(await code({ checkpoint: checkpoint.slice(0, -1) })).toBe('checkpoint-damaged')
    expect(await code({ checkpoint: checkpoint.slice(0, 20) })).toBe('checkpoint-damaged')
    expect(await code({ checkpoint: new Uint8Array(0) })).toBe('checkpoint-damaged')
    expect(await code({ checkpoint: checkpoint.map((b, i) => (i === 1000 ? b ^ 1 : b)) })).toBe('checkpoint-damaged')
    expect(await code({ checkpoint: checkpoint.map((b, i) => (i === 8 ? 2 : b)) })).toBe('checkpoint-version')
  })

  test('a rate too high names the step and the layer, and the last good checkpoint stays', async () => {
    const saved: Uint8Array[] = []
    let bad = false
    const backend: Backend = {
      ...eager,
      async prepare(model, options) {
        const step = await eager.prepare(model, options)
        return {
          ...step,
          train: (batch, at) =>
            step.train(bad && at.step === 8 ? { ...batch, images: batch.images.map((x, i) => (i === 3 ? Number.NaN : x)) } : batch, at),
        }
      },
    }
    bad = true
    const error = await fit({ ...base(), backend, save: (bytes) => void saved.push(bytes) }).catch((e) => e)
    expect(error).toMatchObject({ code: 'training-diverged', exitCode: exitCodes.user })
    expect(error.message).toContain('iteration 8 (epoch 2, step 3)')
    expect(saved).toHaveLength(1)
    for (const values of decodeCheckpoint(saved[0]!).arrays.values()) expect(values.every(Number.isFinite)).toBe(true)

    const hot = await fit({ ...base(), recipe: { ...recipe, rate: { peak: 1e30, warmUpEpochs: 0, shape: 'constant' } } }).catch((e) => e)
    expect(hot).toMatchObject({ code: 'training-diverged' })
    expect(hot.found).toMatch(/conv|norm|dense/)
  })

  test('a backend that refuses, too few images and a schedule without a final phase are said before anything runs', async () => {
    const code = (change: Partial<FitOptions>) => fit({ ...base(), ...change }).catch((error) => error.code)
    expect(await code({ backend: { ...eager, refuses: () => 'no' } })).toBe('backend-refuses')
    expect(await code({ train: { ...feedOf(50, 8, 0), steps: 0 } })).toBe('too-few-images')
    expect(await code({ recipe: { ...recipe, phases: { from: 0, to: 1 } } })).toBe('no-final-phase')
  })
})

test('checkpoints carry text and arrays through bytes', () => {
  const arrays = new Map([
    ['a', Float32Array.from([1, -0, Number.MAX_VALUE, 2 ** -140])],
    ['empty', new Float32Array(0)],
    ['ünï', new Float32Array(3)],
  ])
  const json = { x: 0.1 + 0.2, text: 'ü', list: [1, null] }
  const encoded = encodeCheckpoint({ json, arrays })
  // At an odd place of a larger buffer, as a file may arrive.
  const shifted = new Uint8Array(encoded.length + 3)
  shifted.set(encoded, 3)
  expect(decodeCheckpoint(shifted.subarray(3))).toEqual({ json, arrays })
})

describe('recipes', () => {
  test.each([...recipes.values()])('$name has a final phase, and every number can be overridden', (r) => {
    expect(r.phases.to).toBeLessThan(1)
    const set = { epochs: 3, batchSize: 5, rate: 0.5, decay: 0.25, labelSmoothing: 0.125, crop: 7, from: 0.1, to: 0.2 }
    const found = findRecipe(r.name, set)
    expect([
      found.epochs,
      found.batchSize,
      found.rate.peak,
      found.decay.amount,
      found.labelSmoothing,
      found.crop,
      found.phases.from,
      found.phases.to,
    ]).toEqual(Object.values(set))
    const { networks: _, ...plain } = r
    expect(findRecipe(r.name, { rate: undefined })).toEqual(plain)
  })

  test('single numbers of rate, decay and optimiser are set, the others stay', () => {
    const found = findRecipe('imagenet', {
      rate: { factor: 0.5, atEpochs: [10] },
      decay: { form: 'decoupled' },
      optimiser: { name: 'adam', beta1: 0.8 },
      mirror: false,
    })
    expect(found.rate).toEqual({ peak: 0.1, warmUpEpochs: 5, shape: 'steps', atEpochs: [10], factor: 0.5 })
    expect(found.decay).toMatchObject({ amount: 1e-4, form: 'decoupled' })
    expect(found.optimiser).toEqual({ name: 'adam', beta1: 0.8, beta2: 0.999, epsilon: 1e-8 })
    expect(found.mirror).toBe(false)
    expect(findRecipe('imagenet', { rate: { shape: 'cosine' } }).rate).toEqual({ peak: 0.1, warmUpEpochs: 5, shape: 'cosine' })
    expect(() => findRecipe('default', { rate: { shape: 'steps', atEpochs: [3] } })).toThrow(
      expect.objectContaining({ code: 'incomplete-rate' }),
    )
  })

  test('what a recipe says of a network goes under what the user sets', () => {
    expect(findRecipe('imagenet', {}, 'mobilenet-v1').decay).toEqual({ amount: 4e-5, kinds: ['kernel', 'bias'], form: 'l2' })
    expect(findRecipe('imagenet', { decay: 0.1 }, 'mobilenet-v1').decay.amount).toBe(0.1)
    expect(settingsFor('imagenet', 'alexnet-bn')).toEqual({ dropout: 0.5 })
    for (const { networks: own = {} } of recipes.values())
      for (const [name, { settings = {} }] of Object.entries(own)) expect(() => findNetwork(name, settings)).not.toThrow()
  })

  test('phases in epochs come in place of shares', () => {
    expect(findRecipe('cityscapes', { from: 20, to: 350, unit: 'epoch', shape: 'cosine' }).phases).toEqual({
      from: 20,
      to: 350,
      unit: 'epoch',
      shape: 'cosine',
    })
    expect(() => findRecipe('default', { to: 9, unit: 'epoch' })).toThrow(expect.objectContaining({ code: 'phases-of-two-units' }))
  })
  test('an unknown one is refused', () => expect(() => findRecipe('defualt')).toThrow(expect.objectContaining({ code: 'unknown-recipe' })))

  test('decay leaves out depthwise kernels and batch norm', () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 1], name: 'c' }),
        tfl.layers.depthwiseConv2d({ kernelSize: 3, name: 'd', useBias: false }),
        tfl.layers.batchNormalization({ name: 'n' }),
      ],
    })
    const decay = decayOf(model, recipes.get('default')!.decay)
    const decaying = ['c/kernel', 'c/bias', 'd/depthwise_kernel', 'n/gamma', 'n/beta', 'n/moving_mean', 'other'].filter(
      (name) => decay(name) > 0,
    )
    expect(decaying).toEqual(['c/kernel', 'c/bias'])
    tf.dispose(model.getWeights())
  })
})
