/** Wires that fail by seeded scripts: never a wrong verdict, never a hang, and the exit code of a device where the wire won. */
import { describe, expect, test } from 'vitest'
import type { Agreement } from '../../src/device/define.ts'
import { openRunner } from '../../src/device/open.ts'
import { brokenExecutor } from '../../src/device/stand-in/broken.ts'
import { firmware } from '../../src/device/stand-in/firmware.ts'
import { serveTcp } from '../../src/device/stand-in/serve.ts'
import { verifyOn } from '../../src/device/verify.ts'
import { DeviceError } from '../../src/errors.ts'
import { prepareExecutor } from '../../src/execute/execute.ts'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import type { Rounding } from '../../src/graph/ops/define.ts'
import { faultProxy } from '../support/fault-proxy.ts'
import { adbLack, loopbackAdb } from '../support/loopback-adb.ts'
import { loopbackSshd, sshLack } from '../support/loopback-sshd.ts'
import { graph } from '../support/runner-cases.ts'

/** `make soak` asks for more. */
const scripts = Number(process.env.PEAPOD_FAULT_SCRIPTS ?? 10)
const limitMs = 30_000
const samples = 6
const model = writeTflite(graph)
const output = graph.tensors[graph.outputs[0]!]!
const inputs = Int8Array.from({ length: samples * 192 }, (_, i) => ((i * 7919 + (i >> 6) * 31) % 256) - 128)
const hereBy = (rounding: Rounding) => {
  const executor = prepareExecutor(graph, { rounding })
  const run = (n: number) => [...(executor.run([inputs.subarray(n * 192, (n + 1) * 192)])[0] as Int8Array)]
  return Int8Array.from(Array.from({ length: samples }, (_, n) => run(n)).flat())
}

type Wire = {
  readonly name: string
  readonly lack?: string | undefined
  readonly rounding: Rounding
  readonly timeoutMs: number
  readonly strength?: { readonly spare?: number; readonly scale?: number }
  readonly together: number
  serve(): Promise<{ port: number; uri(port: number): string; running?(): number[]; stop(): Promise<void> }>
}

const wires: readonly Wire[] = [
  {
    name: 'serial',
    rounding: 'tflm',
    timeoutMs: 800,
    together: 10,
    serve: async () => {
      const executor = brokenExecutor(graph)
      const served = await serveTcp(() => firmware({ executor, id: 'small', vendor: 'tests' }), 0)
      return { port: Number(served.uri.split(':').at(-1)), uri: (port) => `serial:tcp://127.0.0.1:${port}`, stop: served.close }
    },
  },
  {
    // ssh notices every byte that fell over, and ends; so half of the scripts let it log in before they begin.
    name: 'ssh',
    lack: sshLack('ai_edge_litert'),
    rounding: 'litert',
    timeoutMs: 4_000,
    strength: { spare: 12, scale: 4 },
    together: 3,
    serve: async () => {
      const sshd = await loopbackSshd()
      return { port: sshd.port, running: sshd.running, uri: (port) => sshd.uri('&kernels=reference', port), stop: sshd.stop }
    },
  },
  {
    // Between adb's server and the device: nothing there notices a byte that fell over, but the digests of our frames.
    name: 'adb',
    lack: adbLack('ai_edge_litert'),
    rounding: 'litert',
    timeoutMs: 4_000,
    strength: { spare: 4, scale: 4 },
    together: 3,
    serve: async () => {
      const bridge = await loopbackAdb()
      return { port: bridge.port, running: bridge.running, uri: (port) => bridge.uri('&kernels=reference', port), stop: bridge.stop }
    },
  },
]
for (const { name, lack } of wires) if (lack) console.log(`skipped: faults of ${name}:, since ${lack}`)

async function outcomeOf(uri: string, timeoutMs: number, here: Int8Array): Promise<{ result?: Agreement; error?: unknown; ms: number }> {
  const started = performance.now()
  const took = () => performance.now() - started
  try {
    const runner = await openRunner(uri, { timeoutMs })
    try {
      await runner.load(model)
      const given = { inputs: new Uint8Array(inputs.buffer), labels: new Int32Array(samples), here, output }
      return { result: await verifyOn(runner, given), ms: took() }
    } finally {
      await runner.close()
    }
  } catch (error) {
    return { error, ms: took() }
  }
}

/** `bad-reply`: a byte that fell over in the digest of a reply's own line. */
const ofTheWire = ['wire-lost', 'wire-garbled', 'runtime-timeout', 'runtime-died', 'bad-reply']

async function runScript({ rounding, timeoutMs, strength }: Wire, served: Awaited<ReturnType<Wire['serve']>>, seed: number) {
  const proxy = await faultProxy({ host: '127.0.0.1', port: served.port }, seed, strength)
  const { result, error, ms } = await outcomeOf(served.uri(proxy.port), timeoutMs, hereBy(rounding))
  await proxy.close()
  const struck = Object.values(proxy.done).some((times) => times > 0)
  const script = `script ${seed} ${JSON.stringify(proxy.done)}`
  expect(ms, script).toBeLessThan(limitMs)
  if (error === undefined) expect(result, script).toMatchObject({ samples, bitEqual: 1, agreement: 1 })
  else {
    expect(error, script).toBeInstanceOf(DeviceError)
    expect((error as DeviceError).exitCode, script).toBe(3)
    expect(ofTheWire, `${script}: ${(error as DeviceError).message} ${(error as DeviceError).found}`).toContain((error as DeviceError).code)
  }
  return { struck, failed: error !== undefined }
}

describe.each(wires.filter(({ lack }) => !lack))('$name:', (wire) => {
  const limit = 60_000 + scripts * 3_000
  const says = `${scripts} scripts: no wrong verdict, no hang, the exit code of a device`
  const work = async () => {
    const served = await wire.serve()
    const made: Awaited<ReturnType<typeof runScript>>[] = []
    for (let first = 0; first < scripts; first += wire.together) {
      const seeds = Array.from({ length: Math.min(wire.together, scripts - first) }, (_, n) => first + n)
      made.push(...(await Promise.all(seeds.map((seed) => runScript(wire, served, seed)))))
    }
    if (served.running) await expect.poll(served.running, { timeout: 10_000 }).toEqual([])
    await served.stop()
    const struck = made.filter((script) => script.struck)
    const failed = struck.filter((script) => script.failed)
    console.log(`${wire.name}: of ${scripts} scripts ${struck.length} struck, ${failed.length} of these failed as a device does`)
    expect(struck.length).toBeGreaterThan(scripts / 2)
    expect(made.length - failed.length).toBeGreaterThan(0)
  }
  test(says, work, limit)
})
