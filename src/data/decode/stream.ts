/** Images decoded on demand, by another thread, into as much memory as they may have: the one unused longest gives way. */
import { UserError } from '../../errors.ts'
import { complaint, nextStream, post } from './decoder.ts'
import { failed, pending, ready } from './worker-source.ts'

export type Item = { readonly image: string; readonly mask?: string }

export type StreamOptions = {
  /** To which an image is brought, before edge pixels are repeated `right` and `below`. */
  readonly size: readonly [height: number, width: number]
  readonly right?: number
  readonly below?: number
  /** The class of each value of a mask: 255 is ignored, `unknownClass` refused. */
  readonly table?: Uint8Array
  readonly memoryBytes: number
}

export type Stream = {
  /** Whether all items fit into memory together. */
  readonly whole: boolean
  /** Image and mask of an item, valid until the next call; waits for them. Throws UserErrors `bad-image`, `decoder-stopped`. */
  item(index: number): { readonly image: Uint8Array; readonly mask: Uint8Array }
  ahead(indices: ArrayLike<number>): void
  /** Decodes every item once; the ones that cannot be, with the reason. */
  check(): Promise<ReadonlyMap<number, string>>
  close(): void
}

/** Items in flight while all are decoded: enough for four cores, few enough for small memories. */
const atOnce = 16
const stalledMs = 60_000

export function openStream(items: readonly Item[], { size, right = 0, below = 0, table, memoryBytes }: StreamOptions): Stream {
  const [height, width] = size
  const pixels = (height + below) * (width + right)
  const itemBytes = pixels * (table ? 4 : 3)
  const slots = Math.max(1, Math.min(items.length, Math.floor(memoryBytes / itemBytes)))
  const memory = new SharedArrayBuffer(slots * itemBytes)
  const states = new Int32Array(new SharedArrayBuffer(4 * slots))
  const stream = nextStream()
  const options = { height, width, right, below, table, itemBytes, imageBytes: 3 * pixels }
  post({ stream, items, options, memory, states })

  /** The slot of each item in memory or on its way; the one used last is the last. */
  const slotOf = new Map<number, number>()
  const free = Array.from({ length: slots }, (_, i) => slots - 1 - i)

  const arrived = (slot: number): boolean => {
    const state = Atomics.load(states, slot)
    return state === ready || state === failed
  }
  const touch = (index: number): number | undefined => {
    const slot = slotOf.get(index)
    if (slot === undefined) return undefined
    slotOf.delete(index)
    slotOf.set(index, slot)
    return slot
  }
  /** A slot that nobody waits for, or none while all are on their way. */
  const vacate = (): number | undefined => {
    const empty = free.pop()
    if (empty !== undefined) return empty
    for (const [index, slot] of slotOf) {
      if (!arrived(slot)) continue
      if (Atomics.load(states, slot) === failed) complaint(stream, slot)
      slotOf.delete(index)
      return slot
    }
    return undefined
  }
  const request = (index: number): number | undefined => {
    const slot = touch(index) ?? vacate()
    if (slot === undefined || slotOf.has(index)) return slot
    Atomics.store(states, slot, pending)
    slotOf.set(index, slot)
    post({ stream, slot, index })
    return slot
  }
  const wait = (slot: number): void => {
    while (!arrived(slot)) {
      if (Atomics.wait(states, slot, pending, stalledMs) !== 'timed-out') continue
      throw new UserError('decoder-stopped', 'the thread that decodes images does not answer', {
        found: `nothing for ${stalledMs / 1000} s`,
      })
    }
  }
  /** Forgets an item that failed, so that it is read again when it is asked for again. */
  const reasonOf = (index: number, slot: number): string | undefined => {
    if (Atomics.load(states, slot) !== failed) return undefined
    slotOf.delete(index)
    free.push(slot)
    return complaint(stream, slot)
  }

  return {
    whole: slots === items.length,
    item(index) {
      let slot = request(index)
      while (slot === undefined) {
        wait(slotOf.values().next().value!)
        slot = request(index)
      }
      wait(slot)
      const reason = reasonOf(index, slot)
      if (reason !== undefined) throw badImage(items[index]!, reason)
      const at = slot * itemBytes
      return { image: new Uint8Array(memory, at, 3 * pixels), mask: new Uint8Array(memory, at + 3 * pixels, itemBytes - 3 * pixels) }
    },
    ahead(indices) {
      for (let i = 0; i < Math.min(indices.length, slots >> 1); i++) request(indices[i]!)
    },
    async check() {
      const bad = new Map<number, string>()
      const width = Math.min(atOnce, slots)
      for (let from = 0; from < items.length; from += width) {
        const some = Array.from({ length: Math.min(width, items.length - from) }, (_, i) => from + i)
        for (const index of some) request(index)
        for (const index of some) {
          const slot = slotOf.get(index)!
          const started = performance.now()
          // In turns of the event loop, so that Ctrl-C is heard.
          while (!arrived(slot) && performance.now() - started < stalledMs) await new Promise((resolve) => setTimeout(resolve, 1))
          wait(slot)
          const reason = reasonOf(index, slot)
          if (reason !== undefined) bad.set(index, reason)
        }
      }
      return bad
    },
    close: () => post({ stream, close: true }),
  }
}

export const badImage = ({ image, mask }: Item, found: string): UserError =>
  new UserError('bad-image', `${found.includes('mask') && mask ? mask : image} cannot be read`, {
    found,
    expected: mask ? 'a whole image, and a mask of one 8-bit channel' : 'a whole PNG, JPEG or WebP image',
    hint: 'Repair or remove the file, or leave such files out: --skip-corrupt, or "skipCorrupt": true in dataset.json.',
  })
