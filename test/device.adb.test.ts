/** `adb:` by the real client against a daemon on the loopback: what it refuses, what it leaves behind. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRunner } from '../src/device/open.ts'
import { adbAddress } from '../src/device/runners/adb/address.ts'
import { adb } from '../src/device/runners/adb.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { adbLack, type LoopbackAdb, loopbackAdb } from './support/loopback-adb.ts'
import { graph } from './support/runner-cases.ts'

test.each([
  'adb:-s',
  'adb:a b',
  'adb:x;reboot',
  'adb:x/bin/$(id)',
  'adb:x/../python3',
  'adb:x?runtime=tfjs',
  'adb:x?work=/tmp/a%20b',
  'adb:x?password=x',
])('refuses %s', (uri) => {
  expect(() => adbAddress(uri, adb)).toThrow(expect.objectContaining({ code: 'bad-runner', exitCode: 2 }))
})

test('an address', () => {
  expect(adbAddress('adb:', adb)).toMatchObject({ serial: undefined, program: 'python3', work: '/data/local/tmp' })
  expect(adbAddress('adb:10.0.0.7:5555/opt/py/bin/python3?runtime=tflm', adb)).toMatchObject({
    serial: '10.0.0.7:5555',
    program: '/opt/py/bin/python3',
  })
})

const lack = adbLack('ai_edge_litert')
if (lack) console.log(`skipped: adb: against the real client, since ${lack}`)
const options = { timeoutMs: 20_000 }
const model = writeTflite(graph)
let bridge: LoopbackAdb
beforeAll(async () => {
  if (!lack) bridge = await loopbackAdb()
})
afterAll(() => bridge?.stop())
const attempt = async (uri: string, timeoutMs = options.timeoutMs) => {
  const runner = await openRunner(uri, { timeoutMs })
  try {
    await runner.load(model)
  } finally {
    await runner.close()
  }
}

test.skipIf(lack)('no device, no port, a program that is not there, a runtime that is not there', async () => {
  await expect(attempt('adb:NOSUCH')).rejects.toMatchObject({
    code: 'device-absent',
    exitCode: 3,
    hint: expect.stringContaining('adb devices'),
  })
  await expect(attempt(bridge.uri('', 1))).rejects.toMatchObject({ code: 'wire-lost', exitCode: 3 })
  await expect(attempt(bridge.uri('', bridge.port, '/nowhere/python3'))).rejects.toMatchObject({ code: 'runtime-missing', exitCode: 3 })
  const there = spawnSync('python3', ['-c', 'import tflite_micro']).status === 0
  if (!there) await expect(attempt(bridge.uri('&runtime=tflm'))).rejects.toMatchObject({ code: 'runtime-missing', exitCode: 3 })
})

test.skipIf(lack)('a device that never answers is not waited for longer than the limit', async () => {
  const mute = createServer(() => {}).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const started = performance.now()
  try {
    const uri = bridge.uri('', (mute.address() as { port: number }).port)
    await expect(attempt(uri, 500)).rejects.toMatchObject({ code: 'wire-lost', exitCode: 3 })
    expect(performance.now() - started).toBeLessThan(10_000)
  } finally {
    mute.close()
  }
})

test.skipIf(lack)('after Ctrl-C nothing runs there, and the device is free', async () => {
  const controller = new AbortController()
  const runner = await openRunner(bridge.uri(), { ...options, signal: controller.signal })
  await runner.load(model)
  expect(bridge.running()).not.toEqual([])
  const work = runner.invoke(new Uint8Array(20_000 * 192), 20_000)
  setTimeout(() => controller.abort(), 30)
  await expect(work).rejects.toMatchObject({ code: 'runner-cancelled' })
  await runner.close()
  await expect.poll(bridge.running, { timeout: 5_000 }).toEqual([])
  await (await openRunner(bridge.uri(), options)).close()
})
