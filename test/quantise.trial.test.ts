/** What makes tuning quick and must not show: compiled sums of products, and graphs that are scored from the first node on that differs. */
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { FastKernels } from '../src/execute/define.ts'
import { loadFastKernels } from '../src/execute/fast/load.ts'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { key, normal } from '../src/graph/math/random.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { calibrate } from '../src/quantise/calibrate.ts'
import { calibrationSet } from '../src/quantise/calibration-set.ts'
import { proving, sqnrDb } from '../src/quantise/proof.ts'
import { quantiseWith } from '../src/quantise/quantise.ts'
import { plainProducts } from '../src/quantise/refine/products.ts'
import { trialOf } from '../src/quantise/trial.ts'
import { tune } from '../src/quantise/tune.ts'
import { images, modelOf } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

describe('sums of products', () => {
  test.each([
    [1, 1, 3],
    [27, 1, 70],
    [64, 1, 33],
    [9, 2, 40],
    [9, 7, 65],
    [4, 16, 32],
  ])('of %i values of %i channels over %i windows are the plain ones to the bit', (depth, channels, windows) => {
    const [plain, fast] = [plainProducts(depth, channels), loadFastKernels().products(depth, channels)]
    for (let w = 0; w < windows; w++) {
      const window = Float32Array.from({ length: depth * channels }, (_, i) => normal(key(w, 'test'), i) * 2 ** (w % 9))
      for (const each of [plain, fast]) each.add(window)
    }
    for (let c = 0; c < channels; c++) {
      const matrix = plain.matrix(c)
      expect(fast.matrix(c)).toEqual(matrix)
      expect(matrix[0]).toBeGreaterThan(0)
      if (depth > 1) expect(matrix[1]).toBe(matrix[depth])
    }
  })
  test('of two layers in one memory do not meet', () => {
    const kernels = loadFastKernels()
    const [a, b] = [kernels.products(5, 1), kernels.products(3, 3)]
    a.add(Float32Array.of(1, 2, 3, 4, 5))
    b.add(Float32Array.from({ length: 9 }, () => 1))
    expect([...a.matrix(0).subarray(0, 5)]).toEqual([1, 2, 3, 4, 5])
    expect([...b.matrix(2)]).toEqual(new Array(9).fill(1))
  })
})

/** With a branch, so that more than one tensor crosses every cut. */
const branched = (): Graph<'folded'> =>
  foldGraph(
    stripGraph(
      importLayers(
        modelOf([8, 8, 3], (x) => {
          const a = layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu', name: 'a' }).apply(x)
          const b = layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'b' }).apply(a)
          const c = layers.conv2d({ filters: 8, kernelSize: 1, activation: 'relu', name: 'c' }).apply(b)
          const sum = layers.add({ name: 'sum' }).apply([a, c] as never)
          return layers.dense({ units: 5, name: 'logits' }).apply(layers.globalAveragePooling2d({ name: 'pool' }).apply(sum)) as never
        }),
      ),
    ),
  )

describe('a graph that differs from the known one', () => {
  const folded = branched()
  const { inputs } = calibrationSet(
    folded,
    Array.from({ length: 6 }, (_, i) => images([8, 8, 3], 1, i)),
  )
  const { proof, observe } = proving(folded, inputs)
  const ranges = calibrate(folded, inputs, [observe])
  const narrowed = (t: number, by: number) =>
    quantiseWith(folded, (at) => {
      const { min, max } = ranges.get(at)!
      return at === t ? { min: by * min, max: by * max } : { min, max }
    })

  test('scores as it does by itself, wherever it differs', () => {
    const trial = trialOf(proof)
    trial.follow(narrowed(-1, 1))
    const scores = new Set<number>()
    for (const t of ranges.keys()) {
      const other = narrowed(t, 0.7)
      scores.add(sqnrDb(other, proof))
      expect(trial.score(other), folded.tensors[t]!.name).toBe(sqnrDb(other, proof))
    }
    expect(scores.size).toBeGreaterThan(4)
    // What is followed in turn stands on values of the one before.
    for (const t of [...ranges.keys()].reverse()) {
      const other = narrowed(t, 0.9)
      expect(trial.follow(other)).toBe(sqnrDb(other, proof))
      expect(trial.score(narrowed(-1, 1))).toBe(sqnrDb(narrowed(-1, 1), proof))
    }
  })
  test('runs only what computes something else', () => {
    const executed = vi.fn()
    const kernels = (): FastKernels => {
      const fast = loadFastKernels()
      const counted = Array.from(fast.overlays, ([op, { prepare }]) => {
        const noted: typeof prepare = (...given) => {
          executed(op)
          return prepare(...given)
        }
        return [op, { op, prepare: noted }] as const
      })
      return { ...fast, overlays: new Map(counted) }
    }
    const trial = trialOf(proof, kernels)
    trial.follow(narrowed(-1, 1))
    const all = executed.mock.calls.length
    executed.mockClear()
    trial.score(narrowed([...ranges.keys()].at(-1)!, 0.7))
    expect(executed.mock.calls.length).toBeLessThan(all / 2)
    expect(executed.mock.calls.length).toBeGreaterThan(0)
  })
  test('and tuning gives the same bytes with compiled kernels as without', () => {
    const set = calibrationSet(folded, inputs)
    const [plain, fast] = [undefined, () => loadFastKernels()].map((kernels) => writeTflite(tune(folded, set, { kernels }).graph))
    expect(Buffer.compare(plain!, fast!)).toBe(0)
  })
})
