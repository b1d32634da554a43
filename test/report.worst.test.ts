/** The images that int8 gets wrong the most, and the noise of figures that two networks have from the same images. */
import { describe, expect, test } from 'vitest'
import { decodeImageScores, encodeImageScores, imagesCounted, imagesRight } from '../src/execute/image-scores.ts'
import { pixelScore } from '../src/execute/segment-score.ts'
import { key, uniform } from '../src/graph/math/random.ts'
import { imageNoise } from '../src/report/compare/image-noise.ts'
import { ranges } from '../src/report/compare/ranges.ts'
import { html } from '../src/report/writers/html.ts'
import { worstAnswers, worstMasks } from '../src/stages/worst-images.ts'
import { longReport } from './samples/long-report.ts'

const draw = (n: number) => uniform(key(7, 'test', 0), n)

describe('paired noise', () => {
  const images = 400
  const flags = (right: (i: number) => boolean) => Array.from({ length: images }, (_, i) => Float64Array.of(right(i) ? 1 : 0))
  // float is right on 90 %; int8 errs on 8 images of those, and is right on 4 of the others.
  const float = flags((i) => i >= 40)
  const int8 = flags((i) => (i >= 40 && i < 392) || i < 4)

  test('is what McNemar’s counts say, and narrower than of two sets', () => {
    const [low, high] = imageNoise(float, int8, 10).accuracyDrop!
    const [lost, won] = [8, 4]
    const half = (1.96 * Math.sqrt(lost + won - (lost - won) ** 2 / images)) / images
    expect(low).toBeLessThan((lost - won) / images)
    expect(high).toBeGreaterThan((lost - won) / images)
    expect((high - low) / 2 / half).toBeGreaterThan(0.75)
    expect((high - low) / 2 / half).toBeLessThan(1.25)
    const apart = 1.96 * Math.sqrt((0.9 * 0.1 + 0.89 * 0.11) / images)
    expect((high - low) / 2).toBeLessThan(apart / 2)
  })

  test('is the same each time, and goes before the report’s own counts', () => {
    expect(imageNoise(float, int8, 10)).toEqual(imageNoise(float, int8, 10))
    const { verdict: _, ...report } = longReport(3, 4)
    expect(ranges({ ...report, noise: { accuracyDrop: [-0.5, 0.5] } }).accuracyDrop).toEqual([-0.5, 0.5])
    expect(ranges(report).accuracyDrop).not.toEqual([-0.5, 0.5])
  })

  test('is unknown where the two did not see the same images', () => expect(imageNoise(float.slice(1), int8, 10)).toEqual({}))
})

describe('pixels', () => {
  const [images, classes, each] = [30, 3, 50]
  const labels = Uint8Array.from({ length: images * each }, (_, i) => (i % 7 === 0 ? 255 : Math.floor(draw(i) * classes)))
  // How often it errs differs from image to image, as it does of photographs.
  const predicted = (errs: number) =>
    Uint16Array.from(labels, (label, i) => (draw(10_000 + i) < errs * draw(50_000 + Math.floor(i / each)) ? (label + 1) % classes : label))
  const of = (errs: number) => imagesCounted(predicted(errs), labels, images, classes)

  test('the intervals of all figures hold the figures of the whole set', () => {
    const [float, int8] = [of(0.4), of(0.5)]
    const sum = (scores: typeof int8) =>
      pixelScore({ classes, counts: Float64Array.from(scores[0]!, (_, k) => scores.reduce((a, s) => a + s[k]!, 0)) }, images)
    const noise = imageNoise(float, int8, classes)
    const inside = (range: readonly [number, number], value: number) => expect([range[0] < value, value < range[1]]).toEqual([true, true])
    inside(noise.int8MeanIou!, sum(int8).meanIou)
    inside(noise.floatMeanIou!, sum(float).meanIou)
    inside(noise.meanIouDrop!, sum(float).meanIou - sum(int8).meanIou)
    inside(noise.int8Accuracy!, sum(int8).accuracy)
    expect(Object.keys(noise)).toEqual(expect.arrayContaining(['floatAccuracy', 'accuracyDrop', 'lowestRecall', 'lowestIou']))
    const width = ([low, high]: readonly [number, number]) => high - low
    expect(width(noise.meanIouDrop!)).toBeLessThan(width(noise.int8MeanIou!) + width(noise.floatMeanIou!))
    // By single pixels it would seem far better known than it is.
    expect(width(noise.int8Accuracy!)).toBeGreaterThan(1.5 * 2 * 1.96 * Math.sqrt((0.75 * 0.25) / (images * each)))
  })

  test('the worst are those of the lowest IoU; one without labels is none', () => {
    const scores = [...of(0.4), Float64Array.from({ length: classes * (classes + 1) })]
    const worst = worstMasks(scores, classes) as { sample: number; meanIou: number }[]
    expect(worst.length).toBe(4)
    expect(worst.map((w) => w.meanIou)).toEqual([...worst.map((w) => w.meanIou)].sort((a, b) => a - b))
    expect(worst.some((w) => w.sample === images)).toBe(false)
  })

  test('scores of images survive their file', () => {
    expect(decodeImageScores(encodeImageScores(of(0.4)), images)).toEqual(of(0.4))
    expect(decodeImageScores(encodeImageScores([]), 0)).toEqual([])
  })
})

test('the worst answers stand furthest above the true one, in real values; right ones are none', () => {
  const outputs = Int8Array.from([-128, 127, -128, 0, -10, -118, 100, -128, -100, -128, 60, -60])
  const quant = { scale: Float32Array.of(1 / 256), zero: Int32Array.of(-128), axis: 0 }
  expect(worstAnswers(outputs, [0, 0, 2, 1], 3, quant as never)).toEqual([
    { sample: 0, actual: 0, predicted: 1, score: 255 / 256, scoreOfActual: 0 },
    { sample: 2, actual: 2, predicted: 0, score: 228 / 256, scoreOfActual: 28 / 256 },
  ])
  expect(imagesRight(outputs, [0, 0, 2, 1], 3).map(([right]) => right)).toEqual([0, 1, 0, 1])
})

test('the page shows each with its picture, and says what it was taken for', async () => {
  const png = Uint8Array.of(137, 80, 78, 71)
  const worst = [{ sample: 7, actual: 0, predicted: 2, score: 0.9, scoreOfActual: 0.05 }]
  const report = { ...longReport(3, 4), worst }
  const page = await html.write(report, [png])
  expect(page).toContain('src="data:image/png;base64,iVBORw=="')
  expect(page).toContain('taken for <b><bdi>layer 2</bdi></b> (0.90), is <bdi>layer 0</bdi> (0.05)')
  expect(await html.write(report, [])).toContain('test image 7')
})
