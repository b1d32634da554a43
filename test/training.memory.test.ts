/** Where memory ends: an error that names a batch size that fits, never a wrong number. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { describe, expect, test, vi } from 'vitest'
import type { StepOptions } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { startWasm } from '../src/training/backends/eager/start-wasm.ts'
import { compile } from '../src/training/backends/wasm/compile.ts'
import { topology } from '../src/training/backends/wasm/topology.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { drawWeights } from '../src/training/networks/draw-weights.ts'

const options = (batchSize: number): StepOptions => ({
  batchSize,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0,
  decayOf: () => 0,
  seed: 1,
  threads: 2,
})

/** Two classes of an image of `side` x `side`, through one convolution. */
function network(side: number, filters: number): tfl.LayersModel {
  const model = tfl.sequential()
  model.add(
    tfl.layers.conv2d({
      inputShape: [side, side, 1],
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: 'zeros',
    }),
  )
  model.add(tfl.layers.globalAveragePooling2d({}))
  model.add(tfl.layers.dense({ units: 2, kernelInitializer: 'zeros' }))
  drawWeights(model, 1)
  return model
}

describe('the compiled step', () => {
  test.each([
    // Two tensors of 16 channels, and the images: about 132 MiB an image of 1024 x 1024.
    [1024, 16, 40],
    // A single image of this size is too much.
    [16384, 16, 1],
  ])('%i x %i pixels, %i channels', async (side, filters, batchSize) => {
    const model = network(side, filters)
    const refused: Error & { hint?: string } = await wasm.prepare(model, options(batchSize)).then(
      () => new Error('was not refused'),
      (error) => error,
    )
    expect(refused).toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/^A training step of \d+ images? needs \d{4,} MiB\.$/),
    })
    const named = Number(/Try a batch size of (\d+)\.$/.exec(refused.hint!)?.[1] ?? 0)
    const sites = topology(model)
    if (typeof sites === 'string') throw new Error(sites)
    expect(compile(sites, model, options(batchSize)).bytes).toBeGreaterThan(2 ** 32)
    if (batchSize === 1) expect(refused.hint).toBe('Take smaller images or a smaller network.')
    else {
      expect(named).toBeGreaterThanOrEqual(1)
      expect(compile(sites, model, options(named)).bytes).toBeLessThanOrEqual(2 ** 32)
    }
  })

  test('memory that the machine does not give is refused alike', async () => {
    const real = WebAssembly.Memory
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (this: unknown, given: WebAssembly.MemoryDescriptor) {
      if (given.initial > 200) throw new RangeError('could not allocate memory')
      return new real(given)
    } as never)
    await expect(wasm.prepare(network(512, 16), options(8))).rejects.toMatchObject({
      code: 'out-of-memory',
      hint: 'Try a batch size of 4.',
    })
    vi.restoreAllMocks()
  })
})

test('the heap of tfjs: a step that does not fit says so, with the batch size to try, and never writes where it should not', async () => {
  await startWasm()
  const model = network(8, 4)
  const batch = { images: Float32Array.from({ length: 128 }, (_, i) => Math.sin(i)), labels: Int32Array.from([0, 1]), size: 2 }
  const step = await eager.prepare(model, options(2))
  const before = step.predict(batch.images, 2)
  const { wasm: heap } = tf.backend() as unknown as { wasm: { _malloc(bytes: number): number; _free(address: number): void } }
  const full = { code: 'out-of-memory', hint: 'Try a batch size of 1.' }
  const refused = expect.objectContaining({ code: 'out-of-memory' })
  for (const bytes of [2 ** 31, 3 * 2 ** 30, 2 ** 32 - 2 ** 16, 2 ** 32, 2 ** 33 + 100]) expect(() => heap._malloc(bytes)).toThrow(refused)
  expect(step.predict(batch.images, 2)).toEqual(before)
  // To the end of the 4 GiB, in large pieces and then in small ones.
  for (const bytes of [2 ** 30, 2 ** 20, 2 ** 12, 16])
    expect(() => {
      for (;;) heap._malloc(bytes)
    }).toThrow(refused)
  expect(() => step.train(batch, { step: 0, rate: 0.1 })).toThrow(expect.objectContaining(full))
  expect(() => step.predict(batch.images, 2)).toThrow(expect.objectContaining(full))
  step.dispose()
})
