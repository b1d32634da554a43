/** Secrets and serial numbers: what is taken out, what stays, and every door that words leave by. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockDevice } from '../src/device/lock/lock.ts'
import { openRunner, requireRunner, runnerKind } from '../src/device/open.ts'
import { adbAddress } from '../src/device/runners/adb/address.ts'
import { adb } from '../src/device/runners/adb.ts'
import { DeviceError, UserError } from '../src/errors.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { redact, redactAll, tagOf } from '../src/redact.ts'
import { keptByRunner } from '../src/stages/kept-outputs.ts'
import { runCli } from './support/run-cli.ts'
import { graph } from './support/runner-cases.ts'

const secret = 'hunter2Hunter2'

test.each([
  [`ssh://pi:${secret}@board?x=1`, 'ssh://pi:***@board?x=1'],
  [`serial:tcp://u:${secret}@host:3000`, 'serial:tcp://u:***@host:3000'],
  [`command:./run --token ${secret} {model}`, 'command:./run --token *** {model}'],
  [`command:./run --api-key="${secret} x" {model}`, 'command:./run --api-key="***" {model}'],
  [`command:["run","--password","${secret}","{model}"]`, 'command:["run","--password","***","{model}"]'],
  [JSON.stringify(`command:["run","--password","${secret}"]`), '"command:[\\"run\\",\\"--password\\",\\"***\\"]"'],
  [`command:env HF_TOKEN=${secret} run`, 'command:env HF_TOKEN=*** run'],
  [`ssh://u@h?password=${secret}&threads=2`, 'ssh://u@h?password=***&threads=2'],
  [`Authorization: Bearer ${secret}`, 'Authorization: Bearer ***'],
  [`a ghp_${'a1'.repeat(18)} b glpat-${'x'.repeat(20)}`, 'a *** b ***'],
  ['adb:R58M123ABC/opt/python3?threads=2', `adb:${tagOf('R58M123ABC')}/opt/python3?threads=2`],
  [`error: device 'R58M123ABC' not found`, `error: device '${tagOf('R58M123ABC')}' not found`],
  ['serial:/dev/serial/by-id/usb-STM_0671FF-if02?baud=9600', `serial:/dev/serial/by-id/${tagOf('usb-STM_0671FF-if02')}?baud=9600`],
])('%s', (text, expected) => {
  expect(redact(text)).toBe(expected)
  expect(redact(redact(text))).toBe(expected)
})

test.each([
  'ssh://pi@board.local:2222/opt/python3?identity=/home/u/.ssh/key',
  'adb:10.0.0.7:5555/opt/python3',
  'adb: error: no devices',
  'adb:[SERIAL][/PATH]',
  'Name one: adb:SERIAL; `adb devices` lists them.',
  'serial:/dev/ttyACM0?baud=115200',
  'the token is short; passed 12 of 12; key: value',
  'conv_1/depthwise;token_embedding',
  'https://example.org/a:b@c',
])('%s stays', (text) => expect(redact(text)).toBe(text))

test('in a serial’s place stands what tells devices apart, and names the device again', () => {
  expect(tagOf('R58M123ABC')).not.toBe(tagOf('R58M123ABD'))
  expect(adbAddress(redact('adb:R58M123ABC'), adb).serial).toBe(tagOf('R58M123ABC'))
})

const uri = `command:false --token ${secret} {model} {input} {output}`
const door = (what: unknown) => {
  const said = JSON.stringify(what)
  expect(said).not.toContain(secret)
  expect(said).toContain('***')
}

test('errors, notes, descriptions and kept outputs', async () => {
  for (const Kind of [UserError, DeviceError]) {
    const words = `--token ${secret}`
    const { message, found, expected, hint } = new Kind('x', words, { found: words, expected: words, hint: words })
    for (const each of [message, found, expected, hint]) door(each)
  }
  expect(() => runnerKind(`nonsense:--token ${secret}`)).toThrow(expect.objectContaining({ found: 'nonsense:--token ***' }))
  const refused = await requireRunner(`ssh://u@h?token=${secret}`).catch((error: UserError) => ({ ...error, message: error.message }))
  door(refused)
  const runner = await openRunner(uri, { timeoutMs: 5_000 })
  door(await runner.describe())
  await runner.load(writeTflite(graph))
  await expect(runner.invoke(new Uint8Array(192), 1)).rejects.toMatchObject({ code: 'command-failed' })
  await runner.close()
  door(redactAll({ [uri]: [{ runner: uri, samples: 3 }] }))
  let kept = new Uint8Array()
  const scratch = { read: async () => kept, write: async (bytes: Uint8Array) => void (kept = new Uint8Array(bytes)) }
  await (await keptByRunner(scratch))(uri).write(Uint8Array.of(7))
  door(Buffer.from(kept).toString())
  expect(await (await keptByRunner(scratch))(uri).read()).toEqual(Uint8Array.of(7))
})

test('what the command line prints, as text and as JSON', async () => {
  const said = await runCli('devices', uri, '--json')
  expect(said.code).toBe(0)
  door(said.out)
  door((await runCli('devices', uri)).out)
  const off = await runCli('run', '/nowhere.tflite', '--runner', uri)
  expect(off.out + off.err).not.toContain(secret)
  const bad = await runCli('devices', `bogus:x?token=${secret}`)
  expect(bad.code).toBe(2)
  door(bad.err)
})

test('the files of a lock, and who is told that it is held', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peapod-redact-'))
  try {
    const device = await adb.device!('adb:R58M123ABC/opt/python3')
    expect(device).toBe(`adb:${tagOf('R58M123ABC')}`)
    expect(await adb.device!(device)).toBe(device)
    const release = await lockDevice(device, { folder })
    for (const name of await readdir(folder))
      if (name.endsWith('.lock')) expect(await readFile(join(folder, name), 'utf8')).not.toContain('R58M')
    await release()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
