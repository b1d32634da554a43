/** `serial:` a board with the MLPerf Tiny / EnergyRunner firmware, on a terminal device or behind a TCP port. */
import { realpath } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { DeviceError, UserError } from '../../errors.ts'
import { readTflite } from '../../formats/tflite/read.ts'
import { size, type Tensor } from '../../graph/ir/graph.ts'
import { redact } from '../../redact.ts'
import type { Invocation, RunnerKind, RunnerOptions } from '../define.ts'
import { type Address, addressOf } from './serial/address.ts'
import { decodeResults, type Encoding, encodeInput, encodingOf } from './serial/encode.ts'
import { holdAgainstGolden } from './serial/golden.ts'
import { openWire } from './serial/open-wire.ts'
import { fillBuffer, infer, type Lap, modelId, synchronise } from './serial/protocol.ts'
import { type Talk, talkOver } from './serial/talk.ts'
import { terminals } from './serial/terminals.ts'

/** A board that was just opened may boot for 5 s; a command without an inference is answered at once. */
const bootMs = 8_000
const commandMs = 2_000
/** Where a try may help: noise, loss, a reset. Pauses between them, in milliseconds. */
const pausesMs = [50, 200, 800]
const worthATry = ['wire-garbled', 'wire-lost', 'runtime-timeout']
/** Equal inputs are timed together for at least this long, so that a clock of 1 us or 1 ms is fine enough. */
const windowUs = 10_000

type Loaded = { readonly input: Tensor; readonly output: Tensor; readonly encoding: Encoding }

export const serial: RunnerKind = {
  scheme: 'serial',
  says: 'serial:/dev/ttyACM0[?baud=115200] or serial:tcp://HOST:PORT[?…]  a board with the MLPerf Tiny firmware; &model=ID &input=raw|uint8|float32 &golden=N &readback=0 &decimals=3',
  missing: async (uri) => {
    if (uri !== 'serial:') addressOf(uri, serial)
    return undefined
  },
  device: async (uri) => {
    const { place } = addressOf(uri, serial)
    if (place.kind === 'tcp') return `tcp://${place.host.toLowerCase()}:${place.port}`
    return redact(await realpath(place.path).catch(() => place.path)) // names under by-id are links
  },
  list: async () => (await terminals()).map((path) => `serial:${path}`),
  open: async (uri, options) => {
    const address = addressOf(uri, serial)
    const board = boardAt(address, options)
    try {
      await board.open()
    } catch (error) {
      await board.close()
      throw error
    }
    return {
      describe: async () => ({
        runner: uri,
        timing: 'measured',
        decimals: address.decimals,
        ...(board.wireMs() !== undefined && { wireMs: board.wireMs()! }),
        facts: {
          device: board.name,
          model: board.id,
          firmware: 'MLPerf Tiny protocol',
          results: `printed with ${address.decimals} decimals`,
          inputs: address.readback ? 'each read back before it is run' : 'not read back',
        },
      }),
      load: (model) => board.hold(model),
      invoke: (inputs, count) => board.invoke(inputs, count),
      close: () => board.close(),
    }
  },
}

function boardAt({ place, golden, readback, encoding, model, decimals }: Address, { timeoutMs, note }: RunnerOptions) {
  const replyMs = Math.min(commandMs, timeoutMs)
  let talk: Talk | undefined
  let opening: Talk | undefined
  let reached = false
  let closed = false
  let [name, id] = ['', '']
  let loaded: Loaded | undefined
  let [held, lastStart] = ['', Number.NaN]
  let wire: number | undefined

  async function ready(): Promise<Talk> {
    if (talk) return talk
    const fresh = talkOver(await openWire(place, Math.min(timeoutMs, bootMs)), replyMs)
    opening = fresh
    held = ''
    name = await synchronise(fresh, Math.max(1, Math.ceil(Math.min(timeoutMs, bootMs) / replyMs)))
    reached = true // before, a try more would only make the wait for a device that is off longer
    const found = await modelId(fresh)
    if (id && found !== id) throw wrongModel(found, id)
    id = found
    if (model !== undefined && id !== model) throw wrongModel(id, model)
    talk = fresh
    return fresh
  }

  /** Tries again what noise or a reset spoilt, from the input on: nothing half done is believed. */
  async function persist<T>(work: (talk: Talk) => Promise<T>): Promise<T> {
    for (let n = 0; ; n++) {
      try {
        return await work(await ready())
      } catch (error) {
        const { code } = error as DeviceError
        if (closed || !reached || n >= pausesMs.length || !(error instanceof DeviceError) || !worthATry.includes(code)) throw error
        held = ''
        if (code === 'wire-lost' || !talk) await drop()
        await pause(pausesMs[n]!)
        if (talk) await synchronise(talk).catch(drop)
      }
    }
  }
  async function drop(): Promise<void> {
    await (talk ?? opening)?.close()
    talk = undefined
    opening = undefined
  }

  async function one(input: Uint8Array, count: number): Promise<Lap> {
    const { input: tensor, output, encoding } = loaded!
    const lap = await persist(async (talk) => {
      const digits = Buffer.from(input).toString('latin1')
      if (held !== digits) await fillBuffer(talk, encodeInput(input, tensor, encoding), readback)
      held = digits
      const made = await infer(talk, count, timeoutMs, replyMs)
      if (made.start === lastStart)
        throw new DeviceError('wire-garbled', 'the device sent an old reply again', { hint: 'Noise on the line.' })
      return made
    })
    lastStart = lap.start
    if (lap.values.length !== size(output.shape))
      throw new DeviceError('wrong-model', 'the device answers with another number of results', {
        found: String(lap.values.length),
        expected: String(size(output.shape)),
        hint: 'Flash this model into it.',
      })
    return lap
  }

  /** Equal inputs in a row are sent once; a few are run together where one is too short for the clock. */
  async function invoke(inputs: Uint8Array, count: number): Promise<Invocation> {
    const bytes = inputs.length / count
    const outputs: Uint8Array[] = []
    const durationsMs: number[] = []
    for (let at = 0; at < count; ) {
      const input = inputs.subarray(at * bytes, (at + 1) * bytes)
      let run = 1
      while (at + run < count && Buffer.compare(input, inputs.subarray((at + run) * bytes, (at + run + 1) * bytes)) === 0) run++
      for (let done = 0, width = 1, next = 1; done < run; done += width) {
        width = Math.min(next, run - done)
        const { us, values } = await one(input, width)
        for (let i = 0; i < width; i++) {
          outputs.push(decodeResults(values, loaded!.output))
          durationsMs.push(us / 1e3)
        }
        next = Math.max(1, Math.ceil(windowUs / Math.max(us, 1)))
      }
      at += run
    }
    return { outputs: new Uint8Array(Buffer.concat(outputs)), durationsMs }
  }

  return {
    open: () => persist(async () => {}),
    invoke,
    get name() {
      return name
    },
    get id() {
      return id
    },
    wireMs: () => wire,
    hold: async (bytes: Uint8Array) => {
      const { tensors, inputs, outputs } = readTflite(bytes)
      if (inputs.length !== 1 || outputs.length !== 1)
        throw new UserError('cannot-serve', 'this protocol carries one input and one output', {
          found: `${inputs.length} inputs and ${outputs.length} outputs`,
        })
      loaded = { input: tensors[inputs[0]!]!, output: tensors[outputs[0]!]!, encoding: encoding ?? encodingOf(id) }
      wire = await holdAgainstGolden({ model: bytes, count: golden, decimals, invoke, note, id })
      return { initMs: 0, preflashed: true as const }
    },
    close: async () => {
      closed = true
      await drop()
    },
  }
}

const wrongModel = (found: string, expected: string): DeviceError =>
  new DeviceError('wrong-model', 'the device holds another model', {
    found,
    expected,
    hint: 'Flash this one into it, or name the device that has it.',
  })
