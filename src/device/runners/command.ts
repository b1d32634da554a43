/** `command:` the user's own program: it gets files, and leaves a file. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeviceError } from '../../errors.ts'
import { readTflite } from '../../formats/tflite/read.ts'
import { bytesPerElement, size } from '../../graph/ir/graph.ts'
import type { Invocation, RunnerKind, RunnerOptions } from '../define.ts'
import { argvOf, type Template } from './command/argv.ts'
import { runProgram } from './command/run-program.ts'
import { conditionsHere } from './conditions.ts'

/**
 * One process a sample with {input} and {output}, one for many with {inputs} and {outputs}: files of raw bytes in the tensors' own types,
 * one sample after the other. A program that measures writes one number of milliseconds a line to {times}.
 */
export const command: RunnerKind = {
  scheme: 'command',
  says: 'command:PROGRAM {model} {input} {output}  your own program, started without a shell; {inputs} {outputs} for many samples at once, {times} for its own clock',
  missing: async (uri) => {
    if (uri !== 'command:') argvOf(uri, command)
    return undefined
  },
  open: async (uri, options) => {
    const template = argvOf(uri, command)
    const folder = await mkdtemp(join(tmpdir(), 'peapod-command-'))
    const ended = new AbortController()
    const signal = AbortSignal.any([ended.signal, ...(options.signal ? [options.signal] : [])])
    let outputBytes = 0
    let running: Promise<unknown> = Promise.resolve()
    return {
      describe: async () => ({
        runner: uri,
        facts: { program: template.words[0]!, times: template.times ? 'told by the program' : 'of the whole process' },
        timing: template.times ? 'measured' : 'host',
      }),
      load: async (model) => {
        const { tensors, outputs } = readTflite(model)
        outputBytes = outputs.reduce((sum, t) => sum + size(tensors[t]!.shape) * bytesPerElement(tensors[t]!.dtype), 0)
        await writeFile(join(folder, 'model.tflite'), model)
        return { initMs: 0 }
      },
      invoke: (inputs, count) => {
        const made = invoke(template, folder, inputs, count, outputBytes, { ...options, signal })
        running = made.catch(() => {})
        return made
      },
      conditions: conditionsHere,
      close: async () => {
        ended.abort()
        await running
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

async function invoke(
  template: Template,
  folder: string,
  inputs: Uint8Array,
  count: number,
  outputBytes: number,
  options: RunnerOptions,
): Promise<Invocation> {
  const stride = template.many ? count : 1
  const one = inputs.length / count
  const outputs = new Uint8Array(count * outputBytes)
  const durationsMs: number[] = []
  for (let at = 0; at < count; at += stride) {
    const files = Object.fromEntries(['input', 'output', 'times'].map((name) => [name, join(folder, name)])) as Record<string, string>
    await Promise.all([rm(files.output!, { force: true }), rm(files.times!, { force: true })])
    await writeFile(files.input!, inputs.subarray(at * one, (at + stride) * one))
    const argv = template.fill({ model: join(folder, 'model.tflite'), ...files, inputs: files.input!, outputs: files.output! })
    const wallMs = await runProgram(argv, options)
    const made = await readFile(files.output!).catch(() => new Uint8Array())
    if (made.length !== stride * outputBytes)
      throw new DeviceError('bad-output', `${argv[0]} left an output file of another size`, {
        found: `${made.length} bytes`,
        expected: `${stride * outputBytes} bytes for ${stride} sample${stride > 1 ? 's' : ''}`,
        hint: 'The raw bytes of all outputs, in the order of the model, and nothing else.',
      })
    outputs.set(made, at * outputBytes)
    durationsMs.push(...(template.times ? await timesIn(files.times!, stride) : new Array<number>(stride).fill(wallMs / stride)))
  }
  return { outputs, durationsMs }
}

async function timesIn(path: string, count: number): Promise<number[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const times = text.trim().split(/\s+/).map(Number)
  if (text.trim() && times.length === count && times.every((ms) => ms >= 0)) return times
  throw new DeviceError('bad-output', 'the program left no times', {
    found: JSON.stringify(text.slice(0, 80)),
    expected: `${count} numbers of milliseconds, one a line`,
    hint: 'Write them to {times}, or leave {times} out.',
  })
}
