/** Seeded damage to TFLite files, and what reading the damaged ones costs and says. */
import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import { mobilenetInt8 } from '../samples/mobilenet-int8.ts'
import { Draws, randomGraph } from './tflite-graphs.ts'
import { outcome } from './tflite-outcome.ts'

/** Five files: four small ones of ours, and a MobileNet. */
export const seedFiles = (): Uint8Array[] => [
  ...[1, 4, 9, 16].map((seed) => writeTflite({ ...randomGraph(seed), metadata: { licence: 'any '.repeat(500) } })),
  writeTflite(mobilenetInt8()),
]

const folder = new URL('../../../shared/models/', import.meta.url)

/** Files of other tools, where they are there. */
export const foreignFiles = (): Uint8Array[] =>
  existsSync(folder)
    ? ['kws_ref_model', 'person_detect'].map((name) => new Uint8Array(readFileSync(new URL(`${name}.tflite`, folder))))
    : []

const extremes = [0, 1, 2, 4, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff]

/** One mutation: cut short, some bytes or words changed in the head, the tail or anywhere, an offset led elsewhere. */
export function mutated(file: Uint8Array, draws: Draws): Uint8Array {
  const kind = draws.below(8)
  if (kind === 0) return file.slice(0, draws.below(file.length))
  const copy = file.slice()
  const view = new DataView(copy.buffer)
  const region = draws.pick([() => draws.below(256), () => copy.length - 1 - draws.below(4096), () => draws.below(copy.length)])
  const place = () => Math.min(Math.max(0, region()), copy.length - 4)
  for (let i = draws.pick([1, 1, 2, 3, 5, 8]); i > 0; i--) {
    const word = place() & ~3
    if (kind <= 2) copy[place()] = draws.below(256)
    else if (kind === 3) view.setUint32(word, draws.bits(), true)
    else if (kind <= 5) view.setUint32(word, draws.pick([...extremes, copy.length, copy.length - word]), true)
    else if (kind === 6) view.setUint16(word, draws.pick([0, 2, 4, 6, 8, 0x7fff, 0xffff]), true)
    // To itself, back, or forward to another aligned place: loops and shared tables.
    else view.setInt32(word, (draws.below(copy.length) & ~3) - (draws.below(2) ? word : 0), true)
  }
  return copy
}

export type Survival = {
  /** How many came to which end. */
  readonly seen: Readonly<Record<string, number>>
  /** Of one read: the most CPU time, and the most memory that it took beyond 16 times its file, on the heap and beside it. */
  readonly mostMs: number
  readonly mostExtraBytes: number
}

const held = (): number => {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + Math.max(external, arrayBuffers)
}

/** Reads `count` mutations, by turns of each file; fails on the first that crashes, hangs for a second, or is refused without a code. */
export function survive(files: readonly Uint8Array[], count: number, from = 0): Survival {
  const seen: Record<string, number> = {}
  let [mostMs, mostExtraBytes] = [0, 0]
  for (let seed = from; seed < from + count; seed++) {
    const bytes = mutated(files[seed % files.length]!, new Draws(seed, 2))
    const [started, before] = [process.cpuUsage(), held()]
    const code = outcome(bytes)
    // A collection in between makes this less, never more: over thousands of reads the largest is seen.
    const extra = held() - before - 16 * bytes.length
    const ms = process.cpuUsage(started).user / 1000
    expect(ms, `mutation ${seed} in time`).toBeLessThan(1000)
    expect(extra, `mutation ${seed} in memory`).toBeLessThan(64 * 2 ** 20)
    ;[mostMs, mostExtraBytes] = [Math.max(mostMs, ms), Math.max(mostExtraBytes, extra)]
    seen[code] = (seen[code] ?? 0) + 1
  }
  return { seen, mostMs, mostExtraBytes }
}
