/** `runtime=benchmark_model` over ssh and adb: files there and back, its own times, layers, the proof of a delegate, nothing left behind. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measureLatency } from '../../src/device/latency/measure.ts'
import { openRunner } from '../../src/device/open.ts'
import { delegationIn, mustHaveRun, timingIn } from '../../src/device/runners/benchmark-model/read-output.ts'
import { layersIn } from '../../src/device/runners/benchmark-model/read-profile.ts'
import { benchmarkWords } from '../../src/device/runners/benchmark-model/words.ts'
import { isRemoteFlag } from '../../src/device/runners/remote/words.ts'
import { prepareExecutor } from '../../src/execute/execute.ts'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import { adbLack, loopbackAdb } from '../support/loopback-adb.ts'
import { loopbackSshd, sshLack } from '../support/loopback-sshd.ts'
import { graph } from '../support/runner-cases.ts'

const line = 'INFO: count=50 first=812 curr=790 min=771 max=1203 avg=801.25 std=33 p5=775 median=795 p95=840'
const whole = 'INFO: Inference timings in us: Init: 4321, First inference: 9876, Warmup (avg): 1000, Inference (avg): 801.25'

test('its lines, of new and old builds', () => {
  const told = { runs: 50, initMs: 4.321, firstMs: 9.876, minMs: 0.771, medianMs: 0.795, meanMs: 0.80125, p95Ms: 0.84, deviationMs: 0.033 }
  expect(timingIn(`count=1 curr=5000\n${line}\n${whole}`)).toEqual(told)
  const old = timingIn(`count=1 curr=5000\n${line.replace(/ p5.*/, '')}\n${whole.replaceAll('INFO: ', '')}`)
  expect(old.medianMs).toBe(0.80125)
  expect(old).not.toHaveProperty('p95Ms')
  expect(() => timingIn(line)).toThrow(expect.objectContaining({ code: 'bad-reply', exitCode: 3 }))
})

test.each([
  [0, 'Unconsumed cmdline flags: --use_npu', 'device-refused'],
  [1, 'ERROR: Disallowed CPU fallback detected.', 'cpu-fallback'],
  [127, 'sh: benchmark_model: not found', 'runtime-missing'],
  [126, 'cannot execute binary file: Exec format error', 'runtime-missing'],
  [1, 'ERROR: Op builtin_code out of range\nERROR: Benchmarking failed.', 'runtime-refused'],
  [1, 'write: No space left on device', 'device-full'],
])('exit code %i with %j is %s', (exitCode, output, code) => {
  expect(() => mustHaveRun(exitCode, output)).toThrow(expect.objectContaining({ code, exitCode: 3 }))
})

test('what it says of a delegate', () => {
  expect(
    delegationIn(
      'INFO: Explicitly applied GPU delegate, and the model graph will be partially executed by the delegate w/ 3 delegate kernels.',
    ),
  ).toEqual({
    delegate: 'GPU',
    part: 'partially',
    kernels: 3,
  })
  expect(delegationIn('Though NNAPI delegate is explicitly applied, the model graph will not be executed by the delegate.')?.part).toBe(
    'not',
  )
  expect(delegationIn('nothing')).toBeUndefined()
})

test('layers by the header of the file, with commas in names', () => {
  const rows =
    'node type, start, first, avg_ms, %, cdf%, mem KB, times called, name\nCONV_2D, 0, 0.1, 0.25, 50%, 50%, 0, 1, [a\tb]:0\nSOFTMAX, 0, 0.1, 0.05, 50%, 50%, 0, 1, [c]:1\n'
  expect(layersIn(`==== Run Order ====\n${rows}\n==== Top ====\n${rows}`)).toEqual([
    { op: 'CONV_2D', name: 'a,b', meanMs: 0.25 },
    { op: 'SOFTMAX', name: 'c', meanMs: 0.05 },
  ])
  expect(layersIn('')).toEqual([])
})

test('words of a delegate, and flags that may travel', () => {
  const of = (query: string) => benchmarkWords(new URLSearchParams(query), 'p')
  expect(of('delegate=gpu')?.flags).toContain('--require_full_delegation=true')
  expect(of('delegate=gpu&fallback=1')?.flags).not.toContain('--require_full_delegation=true')
  for (const off of ['delegate=tpu', 'delegate=/a/../b', 'delegate=/a b', 'threads=0', 'fallback=2', 'kernels=reference'])
    expect(of(off), off).toBeUndefined()
  for (const flag of ["--a=b'c", '--a=$(id)', '--a=`id`', '--a=b\nc', '--A=b', '-a']) expect(isRemoteFlag(flag), flag).toBe(false)
})

/** The stand-in, held to the Python that has the runtime: a session over ssh has a search path of its own. */
function standIn(): string {
  const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim()
  const path = join(mkdtempSync(join(tmpdir(), 'peapod-benchmark-')), 'benchmark_model')
  const text = readFileSync(new URL('../support/benchmark-model.py', import.meta.url), 'utf8')
  writeFileSync(path, text.replace(/^#!.*/, `#!${python}`), { mode: 0o755 })
  return path
}

const program = standIn()
afterAll(() => rm(dirname(program), { recursive: true }))
const model = writeTflite(graph)
const inputs = Int8Array.from({ length: 3 * 192 }, (_, i) => ((i * 7919) % 256) - 128)
const bytes = new Uint8Array(inputs.buffer)
const ways = [
  { name: 'ssh', lack: sshLack('ai_edge_litert'), serve: async () => loopbackSshd() },
  { name: 'adb', lack: adbLack('ai_edge_litert'), serve: async () => loopbackAdb() },
]
for (const { name, lack } of ways) if (lack) console.log(`skipped: benchmark_model over ${name}, since ${lack}`)

describe.each(ways.filter(({ lack }) => !lack))('over $name', { timeout: 240_000 }, ({ serve }) => {
  let there: Awaited<ReturnType<typeof serve>>
  let work: string
  beforeAll(async () => {
    there = await serve()
    work = await mkdtemp(join(tmpdir(), 'peapod-there-'))
  })
  afterAll(async () => {
    await there.stop()
    await rm(work, { recursive: true, force: true })
  })
  const uri = (query = '') => there.uri(`&runtime=benchmark_model&work=${work}${query}`, undefined, program).replace('?work=/tmp&', '?')
  const leftNothing = async () => {
    await expect.poll(there.running, { timeout: 10_000 }).toEqual([])
    expect(await readdir(work)).toEqual([])
  }

  test('our bits, its own times, its layers, and nothing is left', async () => {
    const runner = await openRunner(uri(), { timeoutMs: 60_000 })
    try {
      await runner.load(model)
      const executor = prepareExecutor(graph, { rounding: 'litert' })
      const here = [0].flatMap((n) => [...(executor.run([inputs.subarray(n * 192, (n + 1) * 192)])[0] as Int8Array)])
      const { outputs, durationsMs } = await runner.invoke(bytes.subarray(0, 192), 1)
      expect([...new Int8Array(outputs.buffer, outputs.byteOffset, outputs.byteLength)]).toEqual(here)
      expect(durationsMs.every((ms) => ms > 0)).toBe(true)
      const measured = await measureLatency(runner, model, bytes.subarray(0, 192), { minRuns: 10, minMs: 5, maxMs: 1, warmUp: 1 })
      expect(measured.latency.runs).toBeGreaterThanOrEqual(2)
      expect(measured.layers!.map(({ op }) => op)).toContain('CONV_2D')
    } finally {
      await runner.close()
    }
    await leftNothing()
  })

  test('a silent fallback to the CPU is an error, unless it is allowed, and is said then', async () => {
    const load = async (query: string) => {
      const runner = await openRunner(uri(query), { timeoutMs: 60_000 })
      try {
        await runner.load(model)
        return (await runner.describe()).facts.delegate
      } finally {
        await runner.close()
      }
    }
    await expect(load('&delegate=/opt/part.so')).rejects.toMatchObject({ code: 'cpu-fallback', exitCode: 3 })
    expect(await load('&delegate=/opt/part.so&fallback=1')).toContain('partially')
    expect(await load('&delegate=/opt/whole.so')).toContain('completely')
    // A build that takes the flag and says nothing proves nothing.
    await expect(load('&delegate=gpu')).rejects.toMatchObject({ code: 'cpu-fallback', found: 'no word of a delegate' })
    await leftNothing()
  })

  test('after Ctrl-C in the middle nothing is left there', async () => {
    const controller = new AbortController()
    const runner = await openRunner(uri(), { timeoutMs: 60_000, signal: controller.signal })
    await runner.load(model)
    const work = runner.time!(bytes.subarray(0, 192), { runs: 10, minMs: 60_000, warmUp: 0 })
    setTimeout(() => controller.abort(), 300)
    await expect(work).rejects.toMatchObject({ code: 'runner-cancelled' })
    await runner.close()
    await leftNothing()
  })

  test('a folder that may not be written to, a program that is not there', async () => {
    await expect(openRunner(uri().replace(work, '/proc/nowhere'), { timeoutMs: 20_000 })).rejects.toMatchObject({ exitCode: 3 })
    const runner = await openRunner(uri().replace(program, '/nowhere/benchmark_model'), { timeoutMs: 20_000 })
    await expect(runner.load(model)).rejects.toMatchObject({ code: 'runtime-missing', exitCode: 3 })
    await runner.close()
    await leftNothing()
  })
})
