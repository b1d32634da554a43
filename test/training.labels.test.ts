/** What a training counts: labels that count, of images and of pixels, ignored ones left out of loss, accuracy and mean IoU. */
import * as tfl from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { key, normal } from '../src/graph/math/random.ts'
import type { Batch, Step } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import type { Feed, Recipe } from '../src/training/fit/define.ts'
import { evaluate } from '../src/training/fit/evaluate.ts'
import { findRecipe } from '../src/training/fit/find-recipe.ts'
import { fit } from '../src/training/fit/fit.ts'
import { drawWeights } from '../src/training/networks/draw-weights.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'

const [side, classes] = [4, 3]
const pixels = side * side

function network(): tfl.LayersModel {
  const model = tfl.sequential()
  model.add(tfl.layers.conv2d({ inputShape: [side, side, 2], filters: 4, kernelSize: 3, padding: 'same', kernelInitializer: 'zeros' }))
  model.add(new Ensemble({ mix: 'weighted', activation: 'mish', base: 'relu' }))
  model.add(tfl.layers.conv2d({ filters: classes, kernelSize: 1, activation: 'softmax', kernelInitializer: 'zeros' }))
  drawWeights(model, 4)
  return model
}

/** Batches of unlike shares of labels that count: a mean of the batches' means would be another number. */
function batchOf(size: number, stream: number, ignored: (i: number) => boolean): Batch {
  const images = Float32Array.from({ length: size * pixels * 2 }, (_, i) => normal(key(1, 'test', stream), i))
  const labels = Int32Array.from({ length: size * pixels }, (_, i) => (ignored(i) ? -1 : (i + stream) % classes))
  return { images, labels, size }
}
const batches = [batchOf(4, 0, (i) => i % 5 !== 0), batchOf(4, 1, () => false), batchOf(4, 2, (i) => i < 40)]
const feed = (list: readonly Batch[]): Feed => ({ steps: list.length, epoch: (_, from = 0) => list.slice(from) })

/** Loss and correct answers of one label, in double. */
function score(logits: Float32Array, label: number, smoothing = 0): { loss: number; right: boolean } {
  const whole = Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0))
  const share = (c: number) => smoothing / classes + (c === label ? 1 - smoothing : 0)
  return { loss: logits.reduce((sum, z, c) => sum + share(c) * (whole - z), 0), right: logits.indexOf(Math.max(...logits)) === label }
}

function expected(step: Step, list: readonly Batch[]) {
  let [loss, right, counted] = [0, 0, 0]
  const seen = Array.from({ length: classes }, () => ({ both: 0, either: 0 }))
  for (const { images, labels, size } of list) {
    const logits = step.predict(images, size)
    for (const [i, label] of labels.entries()) {
      if (label < 0) continue
      const row = logits.subarray(i * classes, (i + 1) * classes)
      const one = score(row, label)
      loss += one.loss
      right += one.right ? 1 : 0
      counted++
      const answer = row.indexOf(Math.max(...row))
      for (const c of new Set([answer, label])) seen[c]!.either++
      if (answer === label) seen[label]!.both++
    }
  }
  const ious = seen.filter(({ either }) => either > 0).map(({ both, either }) => both / either)
  return { loss: loss / counted, accuracy: right / counted, meanIou: ious.reduce((a, b) => a + b) / ious.length }
}

const options = { optimiser: { name: 'sgd', momentum: 0.9 }, decayOf: () => 0, seed: 1, threads: 2 } as const

describe.each([eager, wasm])('$name', (backend) => {
  test('evaluation is over all pixels that count together, whatever part of a batch goes at once', async () => {
    const step = await backend.prepare(network(), { ...options, batchSize: 3, labelSmoothing: 0.1 })
    const parts = batches.flatMap(({ images, labels }) =>
      [0, 2].map((n) => ({
        images: images.subarray(n * pixels * 2, (n + 2) * pixels * 2),
        labels: labels.subarray(n * pixels, (n + 2) * pixels),
        size: 2,
      })),
    )
    const whole = expected(step, parts)
    for (const list of [batches, parts]) {
      const found = evaluate(step, feed(list), 3)
      expect(found.loss).toBeCloseTo(whole.loss, 5)
      expect(found.accuracy).toBeCloseTo(whole.accuracy, 10)
      expect(found.meanIou).toBeCloseTo(whole.meanIou, 10)
    }
    step.dispose()
  })

  test('an epoch’s loss and accuracy weigh each label alike, with smoothing; a batch without any counts for nothing and moves nothing', async () => {
    const recipe: Recipe = {
      ...findRecipe('default', {
        epochs: 2,
        batchSize: 4,
        rate: { peak: 1e-9, warmUpEpochs: 0, shape: 'constant' },
        decay: 0,
        labelSmoothing: 0.1,
      }),
      phases: { from: 0, to: 1, unit: 'iteration' },
    }
    const none = batchOf(4, 3, () => true)
    const list = [none, ...batches, none]
    const model = network()
    const seen: (number | undefined)[] = []
    const watch = new tfl.CustomCallback({ onBatchEnd: (_, logs) => void seen.push(logs?.loss, logs?.acc) }, 'never')
    const { history } = await fit({
      model,
      backend,
      recipe,
      train: feed(list),
      validation: feed(list),
      seed: 1,
      threads: 2,
      digest: '',
      callbacks: [watch],
    })
    expect(seen.every(Number.isFinite)).toBe(true)
    // At so small a rate the weights stay, and from iteration 2 on alpha is 1: the second epoch is the model as it ends.
    const step = await backend.prepare(model, { ...options, batchSize: 4, labelSmoothing: 0.1 })
    let [loss, right, counted] = [0, 0, 0]
    for (const { images, labels, size } of batches) {
      const logits = step.predict(images, size)
      for (const [i, label] of labels.entries()) {
        if (label < 0) continue
        const one = score(logits.subarray(i * classes, (i + 1) * classes), label, 0.1)
        loss += one.loss
        right += one.right ? 1 : 0
        counted++
      }
    }
    expect(history[1]!.loss).toBeCloseTo(loss / counted, 5)
    expect(history[1]!.accuracy).toBeCloseTo(right / counted, 10)
    const whole = expected(step, batches)
    expect(history[1]!.validationLoss).toBeCloseTo(whole.loss, 5)
    expect(history[1]!.validationMeanIou).toBeCloseTo(whole.meanIou, 10)
    step.dispose()
  })

  test('no label of the validation counts: said, not called a divergence', async () => {
    const none = feed([batchOf(4, 3, () => true)])
    const recipe = { ...findRecipe('default', { epochs: 2, batchSize: 4 }), phases: { from: 0, to: 1, unit: 'iteration' } } as const
    const failed = fit({ model: network(), backend, recipe, train: feed(batches), validation: none, seed: 1, threads: 1, digest: '' })
    await expect(failed).rejects.toMatchObject({ code: 'no-labels' })
  })
})
