/** A wire that fails by a seeded script: it drops, delays, cuts, repeats and flips what passes, in both directions. */
import { createServer, connect as dial, type Socket } from 'node:net'
import { key, uniform } from '../../src/graph/math/random.ts'

export const faults = ['drop', 'delay', 'cut', 'repeat', 'flip', 'halve'] as const
export type Fault = (typeof faults)[number]

export type FaultProxy = { readonly port: number; readonly done: Record<Fault, number>; close(): Promise<void> }

/** One script a seed: which fault prevails and how often, where it strikes, and for how long. `spare` chunks pass before the first; `scale` is for wires of few chunks. */
export async function faultProxy(
  to: { readonly host: string; readonly port: number },
  seed: number,
  { spare = 0, scale = 1 } = {},
): Promise<FaultProxy> {
  const stream = key(seed, 'test', 77)
  const sockets = new Set<Socket>()
  const done = Object.fromEntries(faults.map((fault) => [fault, 0])) as Record<Fault, number>
  const prevailing = faults[seed % faults.length]!
  const rate = scale * (0.004 + 0.03 * uniform(stream, 1))
  let chunks = 0

  const strike = (): Fault | undefined => {
    const n = 10 + 3 * chunks++
    if (chunks <= spare || uniform(stream, n) > rate) return undefined
    const fault = uniform(stream, n + 1) < 0.6 ? prevailing : faults[Math.floor(uniform(stream, n + 1) * 1e6) % faults.length]!
    done[fault]++
    return fault
  }
  const pass = (chunk: Buffer, from: Socket, into: Socket) => {
    const where = Math.floor(uniform(stream, 5 + chunks * 7) * chunk.length)
    switch (strike()) {
      case 'drop':
        return
      case 'delay':
        setTimeout(() => into.writable && into.write(chunk), 20 + 600 * uniform(stream, 6 + chunks * 7))
        return
      case 'cut':
        from.destroy()
        into.destroy()
        return
      case 'repeat':
        into.write(chunk)
        into.write(chunk)
        return
      case 'flip':
        chunk[where]! ^= 1 << (where % 7)
        into.write(chunk)
        return
      case 'halve':
        into.write(chunk.subarray(0, where))
        return
      default:
        into.write(chunk)
    }
  }

  const server = createServer((near) => {
    const far = dial({ ...to, noDelay: true })
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.setNoDelay(true)
      from.on('data', (chunk: Buffer) => pass(chunk, from, into))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        into.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    done,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
