/** Wires that fail by seeded scripts: never a wrong verdict, never a hang, and the exit code of a device where the wire won. */
import { expect, test } from 'vitest'
import type { Agreement } from '../src/device/define.ts'
import { openRunner } from '../src/device/open.ts'
import { brokenExecutor } from '../src/device/stand-in/broken.ts'
import { firmware } from '../src/device/stand-in/firmware.ts'
import { serveTcp } from '../src/device/stand-in/serve.ts'
import { verifyOn } from '../src/device/verify.ts'
import { DeviceError } from '../src/errors.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { faultProxy } from './support/fault-proxy.ts'
import { graph } from './support/runner-cases.ts'

/** `make soak` asks for more. */
const scripts = Number(process.env.PEAPOD_FAULT_SCRIPTS ?? 10)
const limitMs = 30_000
const samples = 6
const model = writeTflite(graph)
const output = graph.tensors[graph.outputs[0]!]!
const inputs = Int8Array.from({ length: samples * 192 }, (_, i) => ((i * 7919 + (i >> 6) * 31) % 256) - 128)
const executor = brokenExecutor(graph)
const here = Int8Array.from(
  Array.from({ length: samples }, (_, n) => [...(executor.run([inputs.subarray(n * 192, (n + 1) * 192)])[0] as Int8Array)]).flat(),
)
const given = { inputs: new Uint8Array(inputs.buffer), labels: new Int32Array(samples), here, output }

async function outcomeOf(uri: string): Promise<{ result?: Agreement; error?: unknown; ms: number }> {
  const started = performance.now()
  const took = () => performance.now() - started
  try {
    const runner = await openRunner(uri, { timeoutMs: 300 })
    try {
      await runner.load(model)
      return { result: await verifyOn(runner, given), ms: took() }
    } finally {
      await runner.close()
    }
  } catch (error) {
    return { error, ms: took() }
  }
}

test(
  `serial: ${scripts} scripts`,
  async () => {
    const served = await serveTcp(() => firmware({ executor, id: 'small', vendor: 'tests' }), 0)
    const port = Number(served.uri.split(':').at(-1))
    const count = { struck: 0, survived: 0, failed: 0 }
    for (let first = 0; first < scripts; first += 10)
      await Promise.all(
        Array.from({ length: Math.min(10, scripts - first) }, async (_, n) => {
          const proxy = await faultProxy({ host: '127.0.0.1', port }, first + n)
          const { result, error, ms } = await outcomeOf(`serial:tcp://127.0.0.1:${proxy.port}`)
          await proxy.close()
          const script = `script ${first + n} ${JSON.stringify(proxy.done)}`
          const struck = Object.values(proxy.done).some((times) => times > 0)
          expect(ms, script).toBeLessThan(limitMs)
          if (error !== undefined) {
            expect(error, script).toBeInstanceOf(DeviceError)
            expect((error as DeviceError).exitCode, script).toBe(3)
            expect(['wire-lost', 'wire-garbled', 'runtime-timeout'], `${script}: ${(error as DeviceError).code}`).toContain(
              (error as DeviceError).code,
            )
            count.failed++
          } else {
            expect(result, script).toMatchObject({ samples, bitEqual: 1, agreement: 1 })
            if (struck) count.survived++
          }
          if (struck) count.struck++
        }),
      )
    await served.close()
    console.log(
      `serial: ${scripts} scripts, ${count.struck} struck, ${count.survived} of them survived, ${count.failed} failed as a device`,
    )
    expect(count.struck).toBeGreaterThan(scripts / 2)
    expect(count.survived).toBeGreaterThan(0)
  },
  60_000 + scripts * 3_000,
)
