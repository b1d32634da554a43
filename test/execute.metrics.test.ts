/** Metrics of classes and of pixels, against counts by hand and the Cityscapes evaluator's own figures. */
import { describe, expect, test } from 'vitest'
import { evaluatePixels } from '../src/execute/pool/evaluate-pixels.ts'
import { score } from '../src/execute/score.ts'
import { addPixels, classesOf, noPixels, pixelScore, segmentScore } from '../src/execute/segment-score.ts'
import { topK } from '../src/execute/top-k.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { key, uniform } from '../src/graph/math/random.ts'
import type { Step } from '../src/training/backends/define.ts'
import { evaluate } from '../src/training/fit/evaluate.ts'
import recorded from './golden/cityscapes.json' with { type: 'json' }
import { map } from './support/small-graph.ts'

const draws = (length: number, stream: number) => Float32Array.from({ length }, (_, i) => uniform(key(4, 'test', stream), i))
const scored = (classes: number, predicted: readonly number[], labels: readonly number[]) => {
  const counts = noPixels(classes)
  addPixels(counts, predicted, labels)
  return segmentScore(counts)
}

describe('pixels', () => {
  test(`IoU of each class and its mean are those of cityscapesscripts ${recorded.versions.cityscapesscripts}`, () => {
    const { classes, predictions, labels, iou, meanIou } = recorded
    const counts = noPixels(classes)
    // Image by image, as the evaluator adds them.
    for (let at = 0; at < labels.length; at += 192) addPixels(counts, predictions.slice(at, at + 192), labels.slice(at, at + 192))
    const found = segmentScore(counts)
    expect(found.iou).toEqual(iou)
    expect(found.meanIou).toBeCloseTo(meanIou, 14)
    expect(found.pixels).toBe(labels.filter((label) => label !== 255).length)
  })

  test('by hand: an ignored label counts nothing, an unknown prediction misses, an absent class has no IoU', () => {
    const found = scored(4, [0, 0, 1, 1, 255, 2, 2], [0, 1, 1, 1, 1, 255, -1])
    expect(found.iou).toEqual([1 / 2, 2 / 4, null, null])
    expect(found).toMatchObject({ pixels: 5, accuracy: 3 / 5, meanIou: 0.5 })
  })

  test('a class that is only predicted has an IoU of 0; without pixels there is no mean', () => {
    expect(scored(3, [2, 0], [0, 0]).iou).toEqual([1 / 2, null, 0])
    expect(scored(2, [0], [255])).toEqual({ pixels: 0, accuracy: 0, iou: [null, null], meanIou: null })
  })

  test('as a report has it: images, recall and confusion of pixels beside the IoU', () => {
    const counts = noPixels(3)
    addPixels(counts, [0, 1, 1, 1, 1, 0], [0, 0, 1, 1, 255, 1])
    expect(pixelScore(counts, 2)).toEqual({
      ...{ samples: 2, pixels: 5, accuracy: 3 / 5, recall: [1 / 2, 2 / 3, null] },
      ...{ confusion: [[1, 1, 0], [1, 2, 0], [0, 0, 0]], iou: [1 / 3, 1 / 2, null], meanIou: (1 / 3 + 1 / 2) / 2 }, // biome-ignore format: a table
    })
    expect(pixelScore(noPixels(2), 0)).toMatchObject({ pixels: 0, meanIou: 0, recall: [null, null] })
  })

  test('scores become classes, ties the lower one', () => {
    expect([...classesOf([1, 3, 2, 5, 5, 1], 3)]).toEqual([1, 0])
  })
})

test('a model that answers pixels is scored in parts as all at once', async () => {
  const [side, classes, count] = [4, 3, 5]
  const shape = [1, side, side, classes]
  const graph: Graph = {
    ...{ phase: 'quantised', name: 'same', inputs: [0], outputs: [1], metadata: {} },
    tensors: ['x', 'y'].map((name) => map(name, shape)),
    nodes: [{ op: 'maximum', attrs: {}, inputs: [0, 0], outputs: [1] }],
  }
  const inputs = Int8Array.from(draws(count * side * side * classes, 6), (v) => Math.floor(v * 100))
  const labels = Uint8Array.from(draws(count * side * side, 7), (v) => (v < 0.1 ? 255 : Math.floor(v * classes)))
  const parts = function* (step: number) {
    for (let n = 0; n < count; n += step) {
      const samples = Math.min(step, count - n)
      const [from, to] = [n * side * side, (n + samples) * side * side]
      yield { inputs: inputs.slice(from * classes, to * classes), labels: labels.slice(from, to), samples }
    }
  }
  const wanted = noPixels(classes)
  addPixels(wanted, classesOf(inputs, classes), labels)
  for (const step of [1, 2, 5]) {
    const { imagesPerSecond, ...found } = await evaluatePixels(graph, parts(step), classes, {})
    expect(found).toEqual(pixelScore(wanted, count))
    expect(imagesPerSecond).toBeGreaterThan(0)
  }
})

describe('top-k', () => {
  const [classes, samples] = [7, 40]
  const values = draws(classes * samples, 1).map((v) => Math.floor(v * 5))
  const labels = Int32Array.from(draws(samples, 2), (v) => Math.floor(v * classes))

  test('is the accuracy of score at k = 1, ties included; rises with k; is 1 at all classes', () => {
    const shares = Array.from({ length: classes }, (_, i) => topK(values, labels, classes, i + 1))
    expect(shares[0]).toBe(score(values, labels, classes).accuracy)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    expect(shares[0]).toBeLessThan(shares[4]!)
  })

  test('is that of sorting the scores', () => {
    let right = 0
    for (const [n, label] of labels.entries()) {
      const row = [...values.subarray(n * classes, (n + 1) * classes)].map((v, c) => [v, c] as const)
      const best = row.sort(([a, i], [b, j]) => b - a || i - j).slice(0, 3)
      right += best.some(([, c]) => c === label) ? 1 : 0
    }
    expect(topK(values, labels, classes, 3)).toBe(right / samples)
  })

  test('stands in a score of more than five classes', () => {
    expect(score(values, labels, classes).top5).toBe(topK(values, labels, classes, 5))
    expect(score([1, 0], [0], 2)).not.toHaveProperty('top5')
  })
})

test('validation counts pixels as it counts images: in parts, without those ignored, and adds the mean IoU', () => {
  const [size, rows, classes] = [5, 6, 3]
  const logits = draws(size * rows * classes, 3)
  const labels = Int32Array.from(draws(size * rows, 4), (v) => Math.floor(v * 4) - 1)
  // The images are the numbers of the images.
  const predict = (images: Float32Array) =>
    Float32Array.from([...images].flatMap((n) => [...logits.subarray(n * rows * classes, (n + 1) * rows * classes)]))
  const feed = { steps: 1, epoch: () => [{ images: Float32Array.from({ length: size }, (_, n) => n), labels, size }] }
  const found = evaluate({ predict } as unknown as Step, feed, 2)
  const wanted = scored(classes, [...classesOf(logits, classes)], [...labels])
  expect(found.meanIou).toBe(wanted.meanIou)
  expect(found.accuracy).toBeCloseTo(wanted.accuracy, 14)
  const losses = [...labels].flatMap((label, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes)
    return label < 0 ? [] : [Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[label]!]
  })
  expect(found.loss).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / losses.length, 6)
  expect(losses.length).toBeLessThan(size * rows)
})
