/** Verification in batches: what is kept when the wire breaks, where the next run goes on, which samples are kept as files. */
import { expect, test } from 'vitest'
import { worstFiles, worstPixelFiles } from '../src/device/agreement/worst-files.ts'
import type { Agreement, Runner } from '../src/device/define.ts'
import { type Kept, verifyOn } from '../src/device/verify.ts'
import { type VerifyParts, verifyParts } from '../src/device/verify-parts.ts'
import { DeviceError } from '../src/errors.ts'
import { readNpy } from '../src/npy.ts'
import { graph } from './support/runner-cases.ts'

const samples = 450
const classes = 12
const input = graph.tensors[graph.inputs[0]!]!
const output = graph.tensors[graph.outputs[0]!]!
const inputs = Uint8Array.from({ length: samples * 192 }, (_, i) => (i * 7919 + (i >> 8)) % 256)
/** What stands in for a model: the first bytes of each input. */
const answers = (bytes: Uint8Array, count: number) =>
  new Uint8Array(Array.from({ length: count }, (_, n) => [...bytes.subarray(n * 192, n * 192 + classes)]).flat())
const here = new Int8Array(answers(inputs, samples).buffer)
const labels = new Int32Array(samples)
const given = { inputs, labels, here, output }

function runner(breaksAt = Infinity, change = (outputs: Uint8Array) => outputs): Runner & { asked: number } {
  const state = { asked: 0 }
  return Object.assign(state, {
    describe: async () => ({ runner: 'test:', facts: {}, timing: 'measured' as const }),
    load: async () => ({ initMs: 0 }),
    invoke: async (bytes: Uint8Array, count: number) => {
      if (state.asked + count > breaksAt) throw new DeviceError('wire-lost', 'the cable is out', { hint: 'Put it in.' })
      state.asked += count
      return { outputs: change(answers(bytes, count)), durationsMs: new Array<number>(count).fill(1) }
    },
    close: async () => {},
  })
}
function memory(): Kept & { bytes?: Uint8Array } {
  const state: { bytes?: Uint8Array } = {}
  return Object.assign(state, {
    read: async () => state.bytes,
    write: async (bytes: Uint8Array) => void (state.bytes = bytes),
  })
}

test('what came before the break is kept and marked, and the next run asks for the rest alone', async () => {
  const kept = memory()
  const partial: Agreement[] = []
  const world = { kept, model: 'm', onPartial: async (each: Agreement) => void partial.push(each) }
  await expect(verifyOn(runner(250), given, world)).rejects.toMatchObject({ code: 'wire-lost', exitCode: 3 })
  expect(partial).toMatchObject([{ samples: 200, partial: { of: samples }, bitEqual: 1 }])
  const again = runner()
  expect(await verifyOn(again, given, world)).toMatchObject({ samples, bitEqual: 1, agreement: 1 })
  expect(again.asked).toBe(250)
  expect(partial).toHaveLength(1)
})

test('outputs of another model, other inputs or another runner are not taken up', async () => {
  const kept = memory()
  await expect(verifyOn(runner(250), given, { kept, model: 'm' })).rejects.toThrow()
  const bytes = kept.bytes!
  for (const [world, what] of [
    [{ model: 'another' }, given],
    [{ model: 'm' }, { ...given, inputs: inputs.map((b) => b ^ 1) }],
  ] as const) {
    const fresh = runner()
    await verifyOn(fresh, what, { kept: { read: async () => bytes, write: async () => {} }, ...world })
    expect(fresh.asked).toBe(samples)
  }
  const torn = runner()
  await verifyOn(torn, given, { kept: { read: async () => bytes.subarray(0, 32 + 1001), write: async () => {} }, model: 'm' })
  expect(torn.asked).toBe(samples - Math.floor(1001 / classes))
})

/** The same answers as classes of 2 x 2 pixels, 150 samples a part. */
const pixels: VerifyParts = {
  ...{ output: { ...output, shape: [1, 2, 2, 3] }, of: samples, digest: 'd' },
  inputOf: (sample) => inputs.subarray(sample * 192, (sample + 1) * 192),
  *from(first) {
    for (let at = first; at < samples; at += 150) {
      const to = Math.min(at + 150, samples)
      const part = { inputs: inputs.subarray(at * 192, to * 192), here: here.subarray(at * classes, to * classes) }
      yield { ...part, labels: Uint8Array.from({ length: (to - at) * 4 }, (_, i) => (at * 4 + i) % 4), samples: to - at }
    }
  },
}

test('of pixels the counts are kept: the next run goes on and comes to the same figures', async () => {
  const changed = (outputs: Uint8Array) => outputs.map((b, i) => (i % 31 === 0 ? b ^ 64 : b))
  const whole = await verifyParts(runner(Infinity, changed), pixels)
  const kept = memory()
  const partial: Agreement[] = []
  const world = { kept, model: 'm', onPartial: async (each: Agreement) => void partial.push(each) }
  await expect(verifyParts(runner(350, changed), pixels, world)).rejects.toMatchObject({ code: 'wire-lost', exitCode: 3 })
  expect(partial).toMatchObject([{ samples: 300, partial: { of: samples } }])
  const again = runner(Infinity, changed)
  expect(await verifyParts(again, pixels, world)).toEqual(whole)
  expect(again.asked).toBe(150)
  const files = worstPixelFiles(whole, pixels, input)
  const rows = JSON.parse(files['worst.json'] as string) as { sample: number; agreed: boolean }[]
  expect(rows).toHaveLength(10)
  expect(rows[0]).toMatchObject({ agreed: false, maxDifference: 64 })
  const { shape, data } = readNpy(files['worst-inputs.npy'] as Uint8Array, 'worst-inputs.npy')
  expect(shape).toEqual([10, ...input.shape.slice(1)])
  expect([...new Uint8Array((data as Int8Array).slice(0, 192).buffer)]).toEqual([...pixels.inputOf(rows[0]!.sample)])
  expect(whole).toMatchObject({ samples, meanIou: expect.any(Number), firstDifference: { sample: 0, element: 0 } })
  for (const other of [
    [{ ...world, model: 'n' }, pixels],
    [world, { ...pixels, digest: 'e' }],
  ] as const) {
    const fresh = runner()
    await verifyParts(fresh, other[1], { ...other[0], kept: { read: async () => kept.bytes, write: async () => {} } })
    expect(fresh.asked).toBe(samples)
  }
})

test('a break before the first batch keeps nothing', async () => {
  const kept = memory()
  let said = 0
  await expect(verifyOn(runner(0), given, { kept, onPartial: async () => void said++ })).rejects.toMatchObject({ code: 'wire-lost' })
  expect([kept.bytes, said]).toEqual([undefined, 0])
})

test('the ten worst are kept with their inputs, those of another class first', async () => {
  const spoilt = (outputs: Uint8Array) => {
    const all = new Int8Array(outputs.slice().buffer)
    for (let n = 0; n * classes < all.length; n += 7) all[n * classes] = Math.max(-128, all[n * classes]! - 40 - (n % 30))
    return new Uint8Array(all.buffer)
  }
  const result = await verifyOn(runner(Infinity, spoilt), given)
  expect(result.worst).toHaveLength(10)
  const order = result.worst!.map(({ agreed, maxDifference }) => (agreed ? 0 : 1000) + maxDifference)
  expect(order).toEqual([...order].sort((a, b) => b - a))
  const files = worstFiles(result, given, input)
  const rows = JSON.parse(String(files['worst.json'])) as { sample: number; label: number; outputsHere: number[] }[]
  const npy = readNpy(files['worst-inputs.npy'] as Uint8Array, 'worst')
  expect(npy.shape).toEqual([10, 8, 8, 3])
  for (const [i, { sample, outputsHere }] of rows.entries()) {
    expect(outputsHere).toEqual([...here.subarray(sample * classes, (sample + 1) * classes)])
    expect([...new Uint8Array(npy.data.buffer, npy.data.byteOffset).subarray(i * 192, (i + 1) * 192)]).toEqual([
      ...inputs.subarray(sample * 192, (sample + 1) * 192),
    ])
  }
  expect(result.confusion!.reduce((sum, { samples: n }) => sum + n, 0)).toBe(Math.round((1 - result.agreement) * samples))
  expect(worstFiles({ ...result, worst: [] }, given, input)).toEqual({})
})
