/** Thousands of damaged files: each is refused with a UserError or reads as a lawful graph, in time and in memory. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { relu } from '../src/graph/ops/index.ts'
import { Draws, graphOfExample, randomGraph } from './support/tflite-graphs.ts'
import { made, table } from './support/tflite-made.ts'
import { outcome } from './support/tflite-outcome.ts'

const small = graphOfExample(relu, { shapes: [[1, 4]] })

/** Files to mutate: ours, and where they are there, those of other tools. */
const folder = new URL('../../shared/models/', import.meta.url)
const foreign = existsSync(folder)
  ? ['kws_ref_model', 'person_detect'].map((name) => new Uint8Array(readFileSync(new URL(`${name}.tflite`, folder))))
  : []
const own = [1, 4, 9, 16, 25].map((seed) => writeTflite({ ...randomGraph(seed), metadata: { licence: 'any '.repeat(500) } }))
const extremes = [0, 1, 2, 4, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff]

/** One mutation: cut short, some bytes or words changed in the head, the tail or anywhere, an offset led elsewhere. */
function mutated(file: Uint8Array, draws: Draws): Uint8Array {
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

function survive(files: readonly Uint8Array[], count: number): Record<string, number> {
  const seen: Record<string, number> = {}
  for (let seed = 0; seed < count; seed++) {
    const file = files[seed % files.length]!
    const bytes = mutated(file, new Draws(seed, 2))
    const started = process.cpuUsage()
    const code = outcome(bytes)
    const { user } = process.cpuUsage(started)
    expect(user, `mutation ${seed} in time`).toBeLessThan(1_000_000)
    seen[code] = (seen[code] ?? 0) + 1
  }
  return seen
}

/** Bytes of objects on the heap that a read leaves behind, for each byte of the file. */
function heapPerByte(file: Uint8Array): number {
  readTflite(file)
  const kept: Graph[] = []
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 4; i++) kept.push(readTflite(file))
  return (process.memoryUsage().heapUsed - before) / kept.length / file.length
}

test('a file of nothing but small tensors takes memory in proportion', () => {
  const file = made((b) => ({ tensors: Array.from({ length: 50_000 }, () => table(b)) }))
  expect(heapPerByte(file)).toBeLessThan(60)
})

describe('mutations', () => {
  test('2,400 of our own files are refused or read', () => {
    const seen = survive(own, 2400)
    expect(seen['tflite-corrupt']).toBeGreaterThan(100)
    expect(seen['tflite-truncated']).toBeGreaterThan(100)
    expect(seen.reads).toBeGreaterThan(100)
  })

  test.skipIf(foreign.length === 0)('400 of files of other tools are refused or read (skipped without ../shared/models)', () => {
    const seen = survive(foreign, 400)
    expect(seen.reads! + seen['tflite-corrupt']! + seen['tflite-truncated']!).toBeGreaterThan(300)
  })

  test('a file cut at any byte is refused, or lacks padding only', () => {
    const file = writeTflite(small)
    const whole = readTflite(file)
    for (let length = 0; length < file.length; length++) {
      const code = outcome(file.slice(0, length))
      if (code === 'reads') {
        expect(file.subarray(length).every((byte) => byte === 0)).toBe(true)
        expect(readTflite(file.slice(0, length))).toEqual(whole)
      }
    }
  })

  test('any one byte of a small file may change', () => {
    const file = writeTflite(small)
    for (let at = 0; at < file.length; at++) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const copy = file.slice()
        copy[at] = value
        outcome(copy)
      }
    }
  })
})
