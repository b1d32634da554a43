/** The serial protocol, both sides: the stand-in's firmware, and the runner against it. */
import { spawnSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { measureLatency } from '../src/device/latency/measure.ts'
import { openRunner } from '../src/device/open.ts'
import { addressOf } from '../src/device/runners/serial/address.ts'
import { decodeResults, encodeInput } from '../src/device/runners/serial/encode.ts'
import { serial } from '../src/device/runners/serial.ts'
import { brokenExecutor } from '../src/device/stand-in/broken.ts'
import { type Firmware, firmware } from '../src/device/stand-in/firmware.ts'
import { type Served, servePty, serveTcp } from '../src/device/stand-in/serve.ts'
import { forecast, verifyOn } from '../src/device/verify.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { graph } from './support/runner-cases.ts'

const model = writeTflite(graph)
const output = graph.tensors[graph.outputs[0]!]!
const inputs = Int8Array.from({ length: 4 * 192 }, (_, i) => ((i * 7919) % 256) - 128)
const executor = brokenExecutor(graph)
const here = Int8Array.from([0, 1, 2, 3].flatMap((n) => [...(executor.run([inputs.subarray(n * 192, (n + 1) * 192)])[0] as Int8Array)]))
const given = { inputs: new Uint8Array(inputs.buffer), labels: Int32Array.of(0, 1, 2, 3), here, output }
const options = { timeoutMs: 2_000 }
const sound = () => firmware({ executor, id: 'small', vendor: 'tests' })

let served: Served | undefined
afterEach(() => served?.close())
async function withRunner<T>(
  device: Served,
  query: string,
  work: (runner: Awaited<ReturnType<typeof openRunner>>) => Promise<T>,
): Promise<T> {
  served = device
  const runner = await openRunner(`${device.uri}${query}`, options)
  try {
    return await work(runner)
  } finally {
    await runner.close()
  }
}
const over = (start: () => Firmware) => serveTcp(start, 0)

test.each([
  ['name', 'm-name-dut-[tests]'],
  ['profile', 'm-profile-[ULPMark for tinyML Firmware V0.0.1]\r\nm-model-[small]'],
  ['what is', 'e-[Unknown command: what]'],
  ['db', "e-[Command 'db' requires a subcommand]"],
  ['db load', "e-[Command 'db load' requires the # of bytes]"],
  ['db load 0', "e-[Command 'db load' must be >0 bytes]"],
  ['db load 30000', 'Supplied buffer size 30000 exceeds maximum of 27648'],
  ['db 123', 'e-[Insufficent number of hex digits]'],
  ['db 12xz', "e-[Invalid hex digit 'xz']"],
  ['infer 0 0', 'e-[Inference iterations must be >0]'],
  ['infer 1 -1', 'e-[Inference warmup must be >=0]'],
])('the firmware answers %j as the reference does', (command, reply) => {
  const device = sound()
  device.hear('db load 4%')
  expect(device.hear(`${command}%`)).toBe(`${reply}\r\nm-ready\r\n`)
})

test('the firmware keeps what it is sent, and prints it', () => {
  const device = sound()
  expect(device.boot()).toMatch(/^m-timestamp-mode-performance\r\nm-lap-us-\d+\r\nm-init-done\r\nm-ready\r\n$/)
  device.hear('db load 9%')
  expect(device.hear('db 0001020304%')).toBe('m-ready\r\n')
  expect(device.hear('db 05060708090a%')).toBe('m-load-done\r\nm-ready\r\n')
  expect(device.hear('db print%')).toBe('m-buffer-00-01-02-03-04-05-06-07\r\nm-buffer-08\r\nm-ready\r\n')
  expect(device.hear('infer 1 0%')).toContain('Input db has 9 elemented, expected 192\r\n')
  expect(device.hear(`${'x'.repeat(90)}y%`)).toBe(`e-[Unknown command: ${'x'.repeat(79)}y]\r\nm-ready\r\n`)
})

test.each([
  '/dev/../etc/passwd',
  'tcp://host',
  'tcp://-host:1',
  'tcp://h:70000',
  '/tmp/x',
  '/dev/tty0?baud=0',
  '/dev/tty0?bauds=1',
  'tcp://h:1?input=hex',
])('refuses serial:%s', (rest) => {
  expect(() => addressOf(`serial:${rest}`, serial)).toThrow(expect.objectContaining({ code: 'bad-runner' }))
})

test('addresses', () => {
  expect(addressOf('serial:/dev/serial/by-id/usb-Arm_Board_01:1.0-if00?baud=9600', serial).place).toEqual({
    kind: 'tty',
    path: '/dev/serial/by-id/usb-Arm_Board_01:1.0-if00',
    baud: 9600,
  })
  expect(addressOf('serial:tcp://[::1]:4000?golden=0&readback=0&model=ic01', serial)).toMatchObject({
    place: { kind: 'tcp', host: '::1', port: 4000 },
    golden: 0,
    readback: false,
    model: 'ic01',
  })
})

test('inputs go in the firmware’s own form, results come back as steps', () => {
  const tensor = { name: 't', shape: [3], dtype: 'int8', quant: { scale: [0.5], zero: [-1], axis: 0 } } as const
  const bytes = new Uint8Array(Int8Array.of(-128, 0, 127).buffer)
  expect(encodeInput(bytes, tensor, 'raw')).toEqual(bytes)
  expect([...encodeInput(bytes, tensor, 'uint8')]).toEqual([0, 128, 255])
  expect([...new Float32Array(encodeInput(bytes, tensor, 'float32').buffer)]).toEqual([-63.5, 0.5, 64])
  expect([...new Int8Array(decodeResults([-63.5, 0.3, 1e9], tensor).buffer)]).toEqual([-128, 0, 127])
})

test('verify: preflashed, held against golden vectors, equal to the bit; said how long it takes', async () => {
  const notes: string[] = []
  served = await over(sound)
  const runner = await openRunner(served.uri, { ...options, note: (text) => notes.push(text) })
  expect(await runner.load(model)).toEqual({ initMs: 0, preflashed: true })
  expect(notes.join()).toMatch(/^small: 2 of 2 golden vectors equal at 3 decimals; \d+ ms a sample on the wire$/)
  const description = await runner.describe()
  expect(description).toMatchObject({ timing: 'measured', decimals: 3, facts: { device: 'tests', model: 'small' } })
  expect(forecast({ ...description, wireMs: 600 }, 2_000)).toBe('2000 samples take about 20 minutes on the wire')
  expect(await verifyOn(runner, given)).toMatchObject({ samples: 4, agreement: 1, bitEqual: 1, maxDifference: 0 })
  await runner.close()
})

test.each(['ic01', 'ad01'])('the conventions of %s meet on both sides', async (id) => {
  await withRunner(await over(() => firmware({ executor, id, vendor: 'tests' })), `?model=${id}`, async (runner) => {
    await runner.load(model)
    expect((await verifyOn(runner, given)).bitEqual).toBe(1)
  })
})

test('a broken operator is another model at first, and shows its difference when asked', async () => {
  const broken = () => firmware({ executor: brokenExecutor(graph, 'mean'), id: 'small', vendor: 'tests' })
  await withRunner(await over(broken), '', (runner) =>
    expect(runner.load(model)).rejects.toMatchObject({ code: 'wrong-model', exitCode: 3 }),
  )
  await served!.close()
  await withRunner(await over(broken), '?golden=0', async (runner) => {
    await runner.load(model)
    const result = await verifyOn(runner, given)
    expect(result.bitEqual).toBe(0)
    expect(result.maxDifference).toBeGreaterThan(0)
  })
  expect(() => brokenExecutor(graph, 'tanh')).toThrow(expect.objectContaining({ code: 'unknown-operator' }))
})

test('another model in the firmware is refused by its id, by golden vectors, by its size', async () => {
  served = await over(sound)
  await expect(openRunner(`${served.uri}?model=ic01`, options)).rejects.toMatchObject({ code: 'wrong-model', exitCode: 3 })
  const others = [mobilenetInt8({ extent: 8, width: 0.125, seed: 2 }), mobilenetInt8({ extent: 8, width: 0.125, classes: 10 })]
  for (const other of others) {
    const runner = await openRunner(served.uri, options)
    await expect(runner.load(writeTflite(other))).rejects.toMatchObject({ code: 'wrong-model', exitCode: 3 })
    await runner.close()
  }
})

test('an input that is too long for the device is refused at once', async () => {
  const small = () => firmware({ executor, id: 'small', vendor: 'tests', bufferBytes: 100 })
  await withRunner(await over(small), '', (runner) =>
    expect(runner.load(model)).rejects.toMatchObject({ code: 'device-refused', found: '192 bytes', expected: 'at most 100' }),
  )
})

test('times are microseconds that wrap at 2^32, over as many runs as were asked', async () => {
  let runs = 0
  const counting = {
    graph,
    run: (given: Parameters<typeof executor.run>[0]) => {
      runs++
      return executor.run(given)
    },
  }
  // 1,000 us an inference, whatever happens between.
  const nowUs = () => 2 ** 32 - 1_500 + runs * 1_000
  await withRunner(await over(() => firmware({ executor: counting, id: 'small', vendor: 'tests', nowUs })), '?golden=0', async (runner) => {
    await runner.load(model)
    const same = new Uint8Array(25 * 192)
    expect((await runner.invoke(same, 25)).durationsMs).toEqual(new Array(25).fill(1))
    expect(runs).toBe(25)
  })
})

test('a clock that is set back gives no time', async () => {
  let t = 1e9
  const back = () => (t -= 5e6)
  await withRunner(await over(() => firmware({ executor, id: 'small', vendor: 'tests', nowUs: back })), '?golden=0', async (runner) => {
    await runner.load(model)
    await expect(runner.invoke(new Uint8Array(192), 1)).rejects.toMatchObject({ code: 'wire-garbled', exitCode: 3 })
  })
})

const edited = (edit: (said: string) => string) => () => {
  const device = sound()
  return { boot: () => '', hear: (text: string) => edit(device.hear(text)) }
}

test('a comma at the end and 0.1000 for 1 are what two reference firmwares print', async () => {
  const odd = edited((said) => said.replace(/m-results-\[[^\]]*\]/g, 'm-results-[0.1000,0.500,-0.200,0,0,0,0,0,0,0,0,0,]'))
  await withRunner(await over(odd), '?golden=0', async (runner) => {
    await runner.load(model)
    const steps = new Int8Array((await runner.invoke(new Uint8Array(192), 1)).outputs)
    expect([...steps].slice(0, 4)).toEqual([15, 10, 3, 5]) // scale 0.1, zero 5
  })
})

test.each([
  ['energy mode', (said: string) => said.replace(/m-lap-us-\d+\r\n/g, ''), 'device-refused'],
  ['words for numbers', (said: string) => said.replace(/m-results-\[[^,]*/, 'm-results-[nan'), 'wire-garbled'],
  [
    'a stale input',
    (said: string) => said.replace('m-warmup-start', 'Input db has 3 elemented, expected 192\r\nm-warmup-start'),
    'wire-garbled',
  ],
])('%s is a failure of the device', async (_, edit, code) => {
  await withRunner(await over(edited(edit)), '?golden=0', async (runner) => {
    await runner.load(model)
    await expect(runner.invoke(new Uint8Array(192), 1)).rejects.toMatchObject({ code, exitCode: 3 })
  })
})

test('nothing there is an error with what to do', async () => {
  await expect(openRunner('serial:tcp://127.0.0.1:1', options)).rejects.toMatchObject({ code: 'wire-lost', exitCode: 3 })
  await expect(openRunner('serial:/dev/ttyNothing', options)).rejects.toMatchObject({
    code: 'wire-lost',
    hint: expect.stringContaining('plugged in'),
  })
  await expect(openRunner('serial:/dev/null', options)).rejects.toMatchObject({
    code: 'wire-lost',
    message: expect.stringContaining('no terminal'),
  })
})

const python = spawnSync('python3', ['-c', 'import pty']).status === 0
if (!python) console.log('skipped: the pseudo-terminal, since there is no python3')
test.skipIf(!python)('a terminal device, whose other end boots once', async () => {
  const device = await servePty(sound)
  await withRunner(device, '?baud=115200', async (runner) => {
    await runner.load(model)
    expect((await verifyOn(runner, given)).bitEqual).toBe(1)
    const { latency } = await measureLatency(runner, model, given.inputs.subarray(0, 192), {
      warmUp: 1,
      minRuns: 4,
      minMs: 0,
      maxMs: 1_000,
    })
    expect(latency.medianMs).toBeGreaterThan(0)
  })
})
