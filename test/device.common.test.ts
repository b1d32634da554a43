/** What every kind of runner keeps: the contract from open to close, timeouts, cancellation. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRunner, runnerKinds } from '../src/device/open.ts'
import { prepareExecutor } from '../src/execute/execute.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { graph, lackOf, type RunnerCase, runnerCases } from './support/runner-cases.ts'

const options = { timeoutMs: 30_000 }
const model = writeTflite(graph)
const samples = 3
const inputs = Int8Array.from({ length: samples * 192 }, (_, i) => ((i * 7919) % 256) - 128)
const bytes = new Uint8Array(inputs.buffer)
const here = (rounding: RunnerCase['rounding']) => {
  const executor = prepareExecutor(graph, { rounding })
  return Array.from({ length: samples }, (_, i) => [...(executor.run([inputs.subarray(i * 192, (i + 1) * 192)])[0] as Int8Array)]).flat()
}
const kinds = await Promise.all(runnerKinds.map(async ({ scheme }) => ({ scheme, lack: await lackOf(scheme) })))
for (const { scheme, lack } of kinds) if (lack) console.log(`skipped: ${scheme}:, since ${lack}`)

test('every kind of runner is held to this suite, and says its form', () => {
  expect(Object.keys(runnerCases).sort()).toEqual(runnerKinds.map(({ scheme }) => scheme).sort())
  for (const { scheme, says } of runnerKinds) expect(says.startsWith(`${scheme}:`)).toBe(true)
})

describe.each(kinds.filter(({ lack }) => !lack))('$scheme:', ({ scheme }) => {
  let it: RunnerCase
  beforeAll(async () => {
    it = await runnerCases[scheme]!()
  })
  afterAll(() => it.stop())

  test('open, describe, load, invoke twice, close: our bits', async () => {
    const runner = await openRunner(it.uri, options)
    try {
      const { runner: name, facts } = await runner.describe()
      expect(name).toBe(it.uri)
      expect(Object.values(facts).every((fact) => typeof fact === 'string' && fact !== '')).toBe(true)
      expect((await runner.load(model)).initMs).toBeGreaterThanOrEqual(0)
      for (const share of [samples, 1]) {
        const { outputs, durationsMs } = await runner.invoke(bytes.subarray(0, share * 192), share)
        const there = [...new Int8Array(outputs.buffer, outputs.byteOffset, outputs.byteLength)]
        const ours = here(it.rounding).slice(0, share * 12)
        expect(there.length).toBe(ours.length)
        if (it.withinSteps === undefined) expect(there).toEqual(ours)
        else for (const [i, q] of there.entries()) expect(Math.abs(q - ours[i]!)).toBeLessThanOrEqual(it.withinSteps)
        expect(durationsMs.length).toBe(share)
      }
    } finally {
      await runner.close()
    }
  })

  test('a closed runner refuses, and closes again', async () => {
    const runner = await openRunner(it.uri, options)
    await runner.close()
    await runner.close()
    for (const verb of [() => runner.describe(), () => runner.load(model), () => runner.invoke(bytes, samples)])
      await expect(verb()).rejects.toMatchObject({ code: 'runner-closed', exitCode: 3 })
  })

  test('cancelled before it opens or while it works, it ends at once', async () => {
    const controller = new AbortController()
    const runner = await openRunner(it.uri, { ...options, signal: controller.signal })
    try {
      await runner.load(model)
      const started = performance.now()
      const many = new Uint8Array(20_000 * 192)
      const work = runner.invoke(many, 20_000)
      setTimeout(() => controller.abort(), 50)
      await expect(work).rejects.toMatchObject({ code: 'runner-cancelled', exitCode: 3 })
      expect(performance.now() - started).toBeLessThan(5_000)
      await expect(runner.invoke(bytes, samples)).rejects.toMatchObject({ code: 'runner-cancelled' })
    } finally {
      await runner.close()
    }
  })

  test('an option that is off is the user’s error', async () => {
    await expect(openRunner(`${scheme}:-x?nonsense=1`, options)).rejects.toMatchObject({ code: 'bad-runner', exitCode: 2 })
  })

  test('an other end that is silent is a timeout', async ({ skip }) => {
    if (!it.silent) return skip()
    const attempt = async () => {
      const runner = await openRunner(it.silent!, { timeoutMs: 300 })
      try {
        await runner.load(model)
        await runner.invoke(bytes, samples)
      } finally {
        await runner.close()
      }
    }
    await expect(attempt()).rejects.toMatchObject({ code: 'runtime-timeout', exitCode: 3 })
  })
})
