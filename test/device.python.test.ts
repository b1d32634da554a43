/** Runners in Python: their form, their errors, and, where the runtime is there, agreement with our executor to the bit. */
import { expect, test } from 'vitest'
import { measureLatency } from '../src/device/latency/measure.ts'
import { openRunner, runnerKind } from '../src/device/open.ts'
import { connect } from '../src/device/runners/python/connect.ts'
import { litertRuntime, tflmRuntime } from '../src/device/runners/python/runtimes.ts'
import { prepareExecutor } from '../src/execute/execute.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'

const options = { timeoutMs: 60_000 }
const runtimes = [
  { uri: 'litert:?kernels=reference', rounding: 'litert', lack: await runnerKind('litert:').missing('litert:') },
  { uri: 'tflm:', rounding: 'tflm', lack: await runnerKind('tflm:').missing('tflm:') },
] as const
const there = runtimes.filter(({ lack }) => !lack)
for (const { uri, lack } of runtimes) if (lack) console.log(`skipped: ${uri}, since ${lack.what}`)

test.each(['litert:?kernels=fast', 'litert:?threads=0', 'litert:?speed=1', 'litert:-c', 'tflm:?threads=2'])('refuses %s', async (uri) => {
  await expect(openRunner(uri, options)).rejects.toMatchObject({ code: 'bad-runner', exitCode: 2 })
})

test('a Python that is not there is an error of the device, with a hint', async () => {
  await expect(openRunner('litert:/nowhere/python3', options)).rejects.toMatchObject({ code: 'runtime-missing', exitCode: 3 })
})

test.skipIf(!there.length).each(there)('$uri gives our bits', async ({ uri, rounding }) => {
  const graph = mobilenetInt8()
  const model = writeTflite(graph)
  const executor = prepareExecutor(graph, { rounding })
  const inputs = Int8Array.from({ length: 4 * 3072 }, (_, i) => ((i * 7919) % 256) - 128)
  const here = Array.from({ length: 4 }, (_, i) => (executor.run([inputs.subarray(i * 3072, (i + 1) * 3072)])[0] as Int8Array).slice())
  const runner = await openRunner(uri, options)
  try {
    const { latency, description } = await measureLatency(runner, model, new Uint8Array(inputs.buffer, 0, 3072), {
      warmUp: 1,
      minRuns: 4,
      minMs: 0,
      maxMs: 300,
    })
    expect(description.timing).toBe('measured')
    expect(latency.medianMs).toBeGreaterThan(0)
    const { outputs, durationsMs } = await runner.invoke(new Uint8Array(inputs.buffer), 4)
    expect(durationsMs.length).toBe(4)
    expect([...new Int8Array(outputs.buffer, outputs.byteOffset, outputs.byteLength)]).toEqual(here.flatMap((h) => [...h]))
  } finally {
    await runner.close()
  }
})

test.skipIf(!there.length).each(there)('what $uri refuses is said in its words', async ({ uri }) => {
  const runner = await openRunner(uri, options)
  try {
    await expect(runner.load(new Uint8Array(64))).rejects.toMatchObject({ code: 'runtime-refused', exitCode: 3 })
  } finally {
    await runner.close()
  }
})

test.skipIf(!there.length)('a model that changed on its way is refused before anything runs', async () => {
  const runtime = there[0]!.uri.startsWith('litert') ? litertRuntime : tflmRuntime
  const spoilt = (program: string) =>
    program.replace("verbs[request['verb']](request, payload)", "verbs[request['verb']](request, payload[::-1])")
  const command = { uri: 'test:', start: (program: string) => ({ argv: ['python3', '-u', '-c', spoilt(program)] }) }
  const reads = {
    ...runtime,
    program: runtime.program.replace('def reply(', 'make = lambda model, options: (None, None, None)\n\ndef reply('),
  }
  const runner = connect(command, reads, {}, {}, options)
  try {
    await expect(runner.load(writeTflite(mobilenetInt8()))).rejects.toMatchObject({ code: 'model-changed', exitCode: 3 })
  } finally {
    await runner.close()
  }
})
