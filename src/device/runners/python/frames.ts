/** Requests and replies over a child's pipes: a digest, a line of JSON with their number and how many raw bytes follow, a timeout, and a word when the child dies. */
import { createHash } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { DeviceError } from '../../../errors.ts'

export type Frame = { readonly fields: Readonly<Record<string, unknown>>; readonly payload: Uint8Array }

export type Frames = {
  ask(fields: Readonly<Record<string, unknown>>, payload?: Uint8Array): Promise<Frame>
}

/** A reply has at most so many bytes, and its line of JSON so many: the other end is not trusted. */
const mostBytes = 1 << 30
const mostLine = 1 << 16

/** `died` resolves with the error of a child that ended before it answered. */
export function frames(to: Writable, from: Readable, died: Promise<DeviceError>, timeoutMs: number): Frames {
  const next = reader(from)
  let asked = 0
  to.on('error', () => {}) // a pipe that broke speaks through `died`
  /** A wire may bring a reply twice, or late: what answers an earlier request is passed over. */
  const replyTo = async (number: number): Promise<Frame> => {
    for (;;) {
      const frame = await next()
      if (frame.fields.garbled) throw garbled('a request that changed on its way')
      if (frame.fields.number === number) return frame
      if (!(Number(frame.fields.number) < number)) throw garbled('a reply to nothing that was asked')
    }
  }
  return {
    async ask(fields, payload = new Uint8Array()) {
      const number = ++asked
      const line = JSON.stringify({ ...fields, number, bytes: payload.length })
      to.write(`${digestOf(line, payload)} ${line}\n`)
      to.write(payload)
      const frame = await within(timeoutMs, String(fields.verb), Promise.race([replyTo(number), died.then(fallen)]))
      if (typeof frame.fields.error === 'string')
        throw new DeviceError('runtime-refused', `the runtime refused to ${fields.verb}: ${frame.fields.error}`, {
          hint: 'Run `peapod check` on the model, or try another runner.',
        })
      return frame
    },
  }
}

const fallen = (error: DeviceError): never => {
  throw error
}

const digestOf = (line: string, payload: Uint8Array): string => createHash('sha256').update(line).update(payload).digest('hex')

const garbled = (found: string): DeviceError =>
  new DeviceError('wire-garbled', 'bytes changed between here and there', { found, hint: 'Look after the cable, and try again.' })

const garbage = (found: string): DeviceError =>
  new DeviceError('bad-reply', 'what came back is no reply of ours', {
    found: found.slice(0, 120).replace(/[^\x20-\x7e]/g, '?'),
    expected: 'a line of JSON',
    hint: 'Does the other end print something at login?',
  })

function fieldsIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const fields = JSON.parse(line) as Record<string, unknown>
    if (Number.isInteger(fields.bytes) && Number(fields.bytes) >= 0 && Number(fields.bytes) <= mostBytes) return fields
  } catch {
    // said below
  }
  throw garbage(line)
}

async function within<T>(timeoutMs: number, verb: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new DeviceError('runtime-timeout', `the runtime did not answer \`${verb}\` in ${timeoutMs} ms`, {
            hint: 'A first run can take minutes on some NPUs: raise the runner’s timeout.',
          }),
        ),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function reader(from: Readable): () => Promise<Frame> {
  const chunks = from[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let held = Buffer.alloc(0)
  const more = async () => {
    const { value, done } = await chunks.next()
    if (done) await new Promise(() => {}) // the end of the child is told by `died`
    held = held.length ? Buffer.concat([held, value]) : value
  }
  return async () => {
    while (!held.includes(10)) {
      if (held.length > mostLine) throw garbage(held.toString('latin1'))
      await more()
    }
    const end = held.indexOf(10)
    const [seal, line] = [held.subarray(0, 64).toString('latin1'), held.subarray(65, end).toString()]
    if (!/^[0-9a-f]{64}$/.test(seal) || held[64] !== 32) throw garbage(held.subarray(0, end).toString())
    const fields = fieldsIn(line)
    held = held.subarray(end + 1)
    const wanted = Number(fields.bytes)
    const parts: Buffer[] = []
    for (let got = 0; got < wanted; ) {
      if (!held.length) await more()
      const part = held.subarray(0, wanted - got)
      parts.push(part)
      got += part.length
      held = held.subarray(part.length)
    }
    const payload = new Uint8Array(Buffer.concat(parts))
    if (digestOf(line, payload) !== seal) throw garbled('a reply that is not the one that was sent')
    return { fields, payload }
  }
}
