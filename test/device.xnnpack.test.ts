/** The rounding `xnnpack`: what it is by hand, who gets it, and LiteRT's default kernels bit for bit. */
import { expect, test } from 'vitest'
import { roundingOf } from '../src/device/agreement/rounding-of.ts'
import { openRunner, runnerKind } from '../src/device/open.ts'
import { prepareExecutor } from '../src/execute/execute.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { multiplier, rescale, rescaleFloat } from '../src/graph/math/requantise.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'

test('halves go to even, and a product is rounded once, in float32', () => {
  const { mantissa, shift } = multiplier(0.5)
  expect([1, 3, 5, -1, -3, 2].map((x) => rescaleFloat(x, mantissa, shift))).toEqual([0, 2, 2, 0, -2, 1])
  const third = multiplier(1 / 3)
  for (let x = -5_000; x < 5_000; x += 7) {
    const once = rescaleFloat(x, third.mantissa, third.shift)
    expect(Math.abs(once - x / 3)).toBeLessThanOrEqual(0.51)
    expect(Math.abs(once - rescale(x, third.mantissa, third.shift))).toBeLessThanOrEqual(1)
  }
})

test('LiteRT says which kernels it runs; others round as TFLM', () => {
  const of = (facts: Record<string, string>) => roundingOf({ runner: 'r', timing: 'measured', facts })
  expect(of({ runtime: 'ai-edge-litert', kernels: 'xnnpack' })).toBe('xnnpack')
  expect(of({ runtime: 'ai-edge-litert', kernels: 'reference' })).toBe('litert')
  expect(of({ runtime: 'tflite-micro', kernels: 'reference' })).toBe('tflm')
  expect(of({ firmware: 'x' })).toBe('tflm')
})

const lack = await runnerKind('litert:').missing('litert:')
if (lack) console.log(`skipped: LiteRT's default kernels, since ${lack.what}`)

test.skipIf(lack)('LiteRT’s default kernels, bit for bit, on a MobileNet', async () => {
  const graph = mobilenetInt8({ extent: 16 })
  const samples = 20
  const inputs = Int8Array.from({ length: samples * 768 }, (_, i) => ((i * 7919 + (i >> 7) * 31) % 256) - 128)
  const runner = await openRunner('litert:', { timeoutMs: 60_000 })
  try {
    await runner.load(writeTflite(graph))
    const rounding = roundingOf(await runner.describe())
    const executor = prepareExecutor(graph, { rounding })
    const here = Array.from({ length: samples }, (_, n) => [
      ...(executor.run([inputs.subarray(n * 768, (n + 1) * 768)])[0] as Int8Array),
    ]).flat()
    const { outputs } = await runner.invoke(new Uint8Array(inputs.buffer), samples)
    expect(rounding).toBe('xnnpack')
    expect([...new Int8Array(outputs.buffer, outputs.byteOffset, outputs.byteLength)]).toEqual(here)
  } finally {
    await runner.close()
  }
})
