/** The MLPerf Tiny firmware's command loop, with our executor in place of a board: for tests, and to try a set-up without one. */
import type { Executor } from '../../execute/define.ts'
import { bytesPerElement, type Data, type Elements, size, view } from '../../graph/ir/graph.ts'

export type FirmwareOptions = {
  readonly executor: Executor
  /** What `profile%` says; the reference ids bring their input conventions. */
  readonly id: string
  readonly vendor: string
  /** Largest input in bytes; 27,648 in the reference firmware. */
  readonly bufferBytes?: number
  /** The clock, in microseconds. */
  readonly nowUs?: () => number
}

/** A command is cut after so many characters: the last is overwritten, as on a board. */
const mostCharacters = 80
const conventions: Readonly<Record<string, 'pixels' | 'real'>> = { ic01: 'pixels', vww01: 'pixels', ad01: 'real' }

export type Firmware = {
  /** What it says when it starts. */
  boot(): string
  /** Takes what came over the wire and answers with what it says. */
  hear(text: string): string
}

export function firmware({ executor, id, vendor, bufferBytes = 27_648, nowUs = () => performance.now() * 1e3 }: FirmwareOptions): Firmware {
  const { graph } = executor
  const input = graph.tensors[graph.inputs[0]!]!
  const output = graph.tensors[graph.outputs[0]!]!
  const convention = conventions[id] ?? 'raw'
  const elements = size(input.shape)
  const wanted = elements * (convention === 'real' ? 4 : bytesPerElement(input.dtype))
  let [command, buffer, filled] = ['', new Uint8Array(0), 0]
  let values: number[] = new Array<number>(size(output.shape)).fill(0)

  const stamp = () => `m-lap-us-${Math.floor(nowUs()) >>> 0}`
  const results = () => `m-results-[${values.map((v) => v.toFixed(3)).join(',')}]`

  function modelInput(): Data {
    const bytes = buffer.slice(0, wanted)
    if (convention === 'pixels' && input.dtype === 'int8') return view('int8', bytes.map((b) => b ^ 0x80).buffer, 0, elements)
    if (convention !== 'real') return view(input.dtype, bytes.buffer, 0, elements)
    const real = new Float32Array(bytes.buffer)
    const [scale, zero] = [input.quant?.scale[0] ?? 1, input.quant?.zero[0] ?? 0]
    return Int8Array.from(real, (v) => Math.max(-128, Math.min(127, Math.round(v / scale) + zero)))
  }

  function infer([runs = '1', warmUp = '10']: readonly string[]): string[] {
    const [count, before] = [Number.parseInt(runs, 10) || 0, Number.parseInt(warmUp, 10) || 0]
    if (count <= 0) return ['e-[Inference iterations must be >0]']
    if (before < 0) return ['e-[Inference warmup must be >=0]']
    const complaint = buffer.length === wanted && filled === wanted ? [] : [`Input db has ${filled} elemented, expected ${wanted}`]
    const given = complaint.length ? view(input.dtype, new ArrayBuffer(elements * bytesPerElement(input.dtype)), 0, elements) : modelInput()
    let made: Data[] = []
    for (let i = 0; i < before; i++) executor.run([given])
    const start = stamp()
    for (let i = 0; i < count; i++) made = executor.run([given])
    const end = stamp()
    const [scale, zero] = [output.quant?.scale[0] ?? 1, output.quant?.zero[0] ?? 0]
    values = Array.from(made[0] as Elements, (q) => (output.dtype === 'float32' ? q : (q - zero) * scale))
    return [...complaint, `m-warmup-start-${before}`, 'm-warmup-done', `m-infer-start-${count}`, start, end, 'm-infer-done', results()]
  }

  function fill(hex: string): string[] {
    if (hex.length % 2) return ['e-[Insufficent number of hex digits]']
    for (const pair of hex.match(/../g) ?? []) {
      if (!/^[0-9a-f]{2}$/i.test(pair)) return [`e-[Invalid hex digit '${pair}']`]
      if (filled >= buffer.length) return []
      buffer[filled++] = Number.parseInt(pair, 16)
      if (filled === buffer.length) return ['m-load-done']
    }
    return []
  }

  function db([verb, amount]: readonly string[]): string[] {
    if (verb === undefined) return ["e-[Command 'db' requires a subcommand]"]
    if (verb === 'print') return hexLines(buffer)
    if (verb !== 'load') return fill(verb)
    if (amount === undefined) return ["e-[Command 'db load' requires the # of bytes]"]
    const bytes = Number.parseInt(amount, 10) || 0
    if (bytes <= 0) return ["e-[Command 'db load' must be >0 bytes]"]
    if (bytes > bufferBytes) return [`Supplied buffer size ${bytes} exceeds maximum of ${bufferBytes}`]
    buffer = new Uint8Array(bytes)
    filled = 0
    return [`m-[Expecting ${bytes} bytes]`]
  }

  function answer(text: string): string[] {
    const [verb = '', ...rest] = text.split(' ').filter(Boolean)
    if (verb === 'name') return [`m-name-dut-[${vendor}]`]
    if (verb === 'timestamp') return [stamp()]
    if (verb === 'profile') return ['m-profile-[ULPMark for tinyML Firmware V0.0.1]', `m-model-[${id}]`]
    if (verb === 'results') return [results()]
    if (verb === 'db') return db(rest)
    if (verb === 'infer') return infer(rest)
    return [`e-[Unknown command: ${verb}]`]
  }

  const lines = (said: readonly string[]) => said.map((line) => `${line}\r\n`).join('')
  return {
    boot: () => lines(['m-timestamp-mode-performance', stamp(), 'm-init-done', 'm-ready']),
    hear: (text) => {
      let said = ''
      for (const letter of text) {
        if (letter === '%') {
          said += lines([...answer(command), 'm-ready'])
          command = ''
        } else command = command.slice(0, mostCharacters - 1) + letter
      }
      return said
    },
  }
}

function hexLines(buffer: Uint8Array): string[] {
  return Array.from({ length: Math.ceil(buffer.length / 8) }, (_, n) => {
    const bytes = [...buffer.subarray(n * 8, n * 8 + 8)]
    return `m-buffer-${bytes.map((b) => b.toString(16).padStart(2, '0')).join('-')}`
  })
}
