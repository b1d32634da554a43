/** `ssh:` against a real sshd on the loopback: what it refuses, what it leaves behind, and wires that fail. */
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRunner } from '../src/device/open.ts'
import { isRemoteWord } from '../src/device/runners/remote/words.ts'
import { sshAddress } from '../src/device/runners/ssh/address.ts'
import { ssh } from '../src/device/runners/ssh.ts'
import { prepareExecutor } from '../src/execute/execute.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { type LoopbackSshd, loopbackSshd, sshLack } from './support/loopback-sshd.ts'
import { graph } from './support/runner-cases.ts'

test.each([
  'ssh://host',
  'ssh://-oProxyCommand=x@host',
  'ssh://u@-oProxyCommand=x',
  'ssh://u@host:0',
  'ssh://u@host/bin/python3;reboot',
  "ssh://u@host/bin/py'thon",
  'ssh://u@host/bin/$(id)',
  'ssh://u@host/../python3',
  'ssh://u@host?runtime=tfjs',
  'ssh://u@host?threads=0',
  'ssh://u@host?password=x',
])('refuses %s', (uri) => {
  expect(() => sshAddress(uri, ssh)).toThrow(expect.objectContaining({ code: 'bad-runner', exitCode: 2 }))
})

test('words that travel are from an allow-list', () => {
  for (const word of ['python3', '/opt/py-3.12/bin/python3', './run.sh']) expect(isRemoteWord(word), word).toBe(true)
  for (const word of ['', '-c', 'a b', 'a;b', '$HOME', '`id`', "a'b", 'a/../b', 'ü', 'a\nb']) expect(isRemoteWord(word), word).toBe(false)
})

test('an address', () => {
  expect(sshAddress('ssh://pi@board.local:2222/opt/py/bin/python3?runtime=tflm&identity=k', ssh)).toMatchObject({
    user: 'pi',
    host: 'board.local',
    port: 2222,
    program: '/opt/py/bin/python3',
    identity: 'k',
    knownHosts: '.peapod/known_hosts',
  })
})

const lack = sshLack('ai_edge_litert')
if (lack) console.log(`skipped: ssh: against a real sshd, since ${lack}`)
const options = { timeoutMs: 20_000 }
const model = writeTflite(graph)
let sshd: LoopbackSshd
beforeAll(async () => {
  if (!lack) sshd = await loopbackSshd()
})
afterAll(() => sshd?.stop())
const attempt = async (uri: string) => {
  const runner = await openRunner(uri, options)
  try {
    await runner.load(model)
  } finally {
    await runner.close()
  }
}

test.skipIf(lack)('a host key that is not known, or is another, is refused', async () => {
  const uri = sshd.uri().replace('known_hosts', 'other_hosts')
  await expect(attempt(uri)).rejects.toMatchObject({ code: 'host-key', exitCode: 3, hint: expect.stringContaining('ssh-keyscan') })
  await expect(attempt(sshd.uri().replace('known_hosts', 'no_hosts'))).rejects.toMatchObject({ code: 'host-key', exitCode: 3 })
})

test.skipIf(lack)('a key that the host does not take, a Python that is not there, a port where nothing listens', async () => {
  await expect(attempt(sshd.uri().replace('/client&', '/stranger&'))).rejects.toMatchObject({ code: 'access-denied', exitCode: 3 })
  const elsewhere = sshd.uri().replace(/(:\d+)\/[^?]*/, '$1/nowhere/python3')
  await expect(attempt(elsewhere)).rejects.toMatchObject({ code: 'runtime-missing', exitCode: 3 })
  await expect(attempt(sshd.uri('', 1))).rejects.toMatchObject({ code: 'wire-lost', exitCode: 3 })
})

test.skipIf(lack)('a runtime that is not there says how to get it', async () => {
  const there = spawnSync('python3', ['-c', 'import tflite_micro']).status === 0
  if (!there) await expect(attempt(sshd.uri('&runtime=tflm'))).rejects.toMatchObject({ code: 'runtime-missing', exitCode: 3 })
})

test.skipIf(lack)('a program for another machine, and a model that the runtime refuses', async () => {
  const foreign = join(sshd.folder, 'foreign')
  const head = Buffer.alloc(64)
  Buffer.from('7f454c46020101', 'hex').copy(head)
  head.writeUInt16LE(2, 16) // a program
  head.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18) // for x86-64, or for AArch64
  await writeFile(foreign, head, { mode: 0o755 })
  await expect(attempt(sshd.uri('', sshd.port, foreign))).rejects.toMatchObject({ code: 'runtime-missing', exitCode: 3 })
  const runner = await openRunner(sshd.uri(), options)
  try {
    const refused = { code: 'runtime-refused', exitCode: 3, hint: expect.stringContaining('peapod check') }
    await expect(runner.load(model.slice(0, 200))).rejects.toMatchObject(refused)
    // The process there still serves.
    expect((await runner.load(model)).initMs).toBeGreaterThanOrEqual(0)
  } finally {
    await runner.close()
  }
})

test.skipIf(lack)('after Ctrl-C nothing runs there, and the device is free', async () => {
  const controller = new AbortController()
  const runner = await openRunner(sshd.uri(), { ...options, signal: controller.signal })
  await runner.load(model)
  expect(sshd.running()).not.toEqual([])
  const work = runner.invoke(new Uint8Array(20_000 * 192), 20_000)
  setTimeout(() => controller.abort(), 30)
  await expect(work).rejects.toMatchObject({ code: 'runner-cancelled' })
  await runner.close()
  await expect.poll(sshd.running, { timeout: 5_000 }).toEqual([])
  await (await openRunner(sshd.uri(), options)).close()
})

test.skipIf(lack)('our bits come back, and the overhead an image is small', async () => {
  const runner = await openRunner(sshd.uri('&kernels=reference'), options)
  await runner.load(model)
  const inputs = Int8Array.from({ length: 200 * 192 }, (_, i) => ((i * 7919) % 251) - 125)
  const executor = prepareExecutor(graph, { rounding: 'litert' })
  const here = Array.from({ length: 200 }, (_, n) => [...(executor.run([inputs.subarray(n * 192, (n + 1) * 192)])[0] as Int8Array)]).flat()
  const started = performance.now()
  const { outputs, durationsMs } = await runner.invoke(new Uint8Array(inputs.buffer), 200)
  const overhead = (performance.now() - started - durationsMs.reduce((a, b) => a + b, 0)) / 200
  await runner.close()
  expect([...new Int8Array(outputs.buffer, outputs.byteOffset, outputs.byteLength)]).toEqual(here)
  console.log(`ssh: ${overhead.toFixed(3)} ms an image beyond the runtime's own time`)
  expect(overhead).toBeLessThan(5)
})
