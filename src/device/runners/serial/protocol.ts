/** The commands of the MLPerf Tiny / EnergyRunner firmware, each held to the reply that it must have. */
import { DeviceError } from '../../../errors.ts'
import { garbled, type Talk } from './talk.ts'

/** Commands hold 80 characters; 31 bytes in hex are 66. */
const bytesPerCommand = 31

export type Lap = { readonly us: number; readonly start: number; readonly values: readonly number[] }

/** Says the device's name once both sides agree on whose turn it is. A first `e-` answer is the end of a command that was cut. */
export async function synchronise(talk: Talk, tries = 4): Promise<string> {
  for (let n = 1; ; n++) {
    await talk.drain()
    try {
      const name = (await talk.ask('name')).map((line) => /^m-name-dut-\[(.*)\]$/.exec(line)?.[1]).find((found) => found !== undefined)
      await talk.drain()
      if (name !== undefined) return name
      if (n >= tries) throw garbled('name', [], 'm-name-dut-[vendor]')
    } catch (error) {
      if (n >= tries || (error as DeviceError).code === 'wire-lost') throw error
    }
  }
}

/** The id of the model in the firmware, such as ic01. */
export async function modelId(talk: Talk): Promise<string> {
  const lines = await talk.ask('profile')
  const id = lines.map((line) => /^m-model-\[(.*)\]$/.exec(line)?.[1]).find((found) => found !== undefined)
  if (id === undefined) throw garbled('profile', lines, 'm-model-[id]')
  return id
}

/** Puts an input into the device's buffer, and reads it back where asked: nothing else on this wire would notice a bit that fell over. */
export async function fillBuffer(talk: Talk, bytes: Uint8Array, readback: boolean): Promise<void> {
  const command = `db load ${bytes.length}`
  const expected = `m-[Expecting ${bytes.length} bytes]`
  const lines = await talk.ask(command)
  const room = lines.map((line) => /exceeds maximum of (\d+)/.exec(line)?.[1]).find((found) => found !== undefined)
  if (room !== undefined)
    throw new DeviceError('device-refused', 'the input does not fit the device’s buffer', {
      found: `${bytes.length} bytes`,
      expected: `at most ${room}`,
      hint: 'This firmware cannot be given inputs of this model over its wire.',
    })
  if (lines.length !== 1 || lines[0] !== expected) throw garbled(command, lines, expected)
  for (let at = 0; at < bytes.length; at += bytesPerCommand) {
    const part = bytes.subarray(at, at + bytesPerCommand)
    const reply = await talk.ask(`db ${Buffer.from(part).toString('hex')}`)
    const wanted = at + bytesPerCommand >= bytes.length ? 'm-load-done' : ''
    if (reply.join('\n') !== wanted) throw garbled('db', reply, wanted || 'nothing')
  }
  if (!readback) return
  const held = await talk.ask('db print')
  const hex = held
    .map((line) => /^m-buffer-((?:[0-9a-fA-F]{2}-?)+)$/.exec(line)?.[1] ?? '?')
    .join('-')
    .replaceAll('-', '')
  if (hex.slice(0, bytes.length * 2).toLowerCase() !== Buffer.from(bytes).toString('hex'))
    throw garbled('db print', held, 'the bytes that were sent')
}

/**
 * Runs the buffer `count` times. The time of one is (b - a mod 2^32) / count microseconds; more than passed here means a clock that was
 * set back, or digits that fell over. Results are asked for twice, since digits may fall over in them too.
 */
export async function infer(talk: Talk, count: number, timeoutMs: number, replyMs: number): Promise<Lap> {
  const command = `infer ${count} 0`
  const started = performance.now()
  // Silence is right only while it computes: after its first line, and before the second time.
  const computes = (lines: readonly string[]) => lines.length > 0 && lines.filter((line) => line.startsWith('m-lap-us-')).length < 2
  const lines = await talk.ask(command, (sofar) => (computes(sofar) ? timeoutMs : replyMs))
  const elapsedUs = (performance.now() - started) * 1e3
  const stale = lines.find((line) => line.startsWith('Input db has'))
  if (stale) throw garbled(command, [stale], 'an input of the size that the model wants')
  const reply =
    /^m-warmup-start-0\|m-warmup-done\|m-infer-start-(\d+)\|m-lap-us-(\d+)\|m-lap-us-(\d+)\|m-infer-done\|(m-results-\[.*\])$/.exec(
      lines.join('|'),
    )
  if (!reply && lines.some((line) => line.startsWith('m-infer-done')) && !lines.some((line) => line.startsWith('m-lap-us-')))
    throw new DeviceError('device-refused', 'the device tells no times', {
      found: 'energy mode',
      expected: 'm-timestamp-mode-performance',
      hint: 'Build its firmware with EE_CFG_ENERGY_MODE=0.',
    })
  if (!reply || Number(reply[1]) !== count) throw garbled(command, lines, 'warm-up, two times, results')
  const [start, end] = [Number(reply[2]), Number(reply[3])]
  const us = (end - start) >>> 0
  if (us > elapsedUs * 1.05 + 20_000) throw garbled(command, lines, `a time of at most ${Math.round(elapsedUs)} us`)
  const again = await talk.ask('results')
  if (again.length !== 1 || again[0] !== reply[4]) throw garbled('results', again, reply[4]!.slice(0, 80))
  return { us: us / count, start, values: valuesOf(reply[4]!) }
}

/** Tolerates a comma at the end, which a reference firmware prints, and 0.1000, which another prints for 1. */
function valuesOf(line: string): number[] {
  const words = line.slice('m-results-['.length, -1).replace(/,\s*$/, '').split(',')
  return words.map((word) => {
    if (!/^\s*-?\d+(\.\d+)?$/.test(word)) throw garbled('results', [line], 'numbers')
    return word.trim() === '0.1000' ? 1 : Number(word)
  })
}
