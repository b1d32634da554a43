/** Thousands of damaged files: each is refused with a UserError or reads as a lawful graph, in time and in memory. */
import { describe, expect, test } from 'vitest'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { relu } from '../src/graph/ops/index.ts'
import { graphOfExample } from './support/tflite-graphs.ts'
import { made, table } from './support/tflite-made.ts'
import { foreignFiles, seedFiles, survive } from './support/tflite-mutations.ts'
import { outcome } from './support/tflite-outcome.ts'

const small = graphOfExample(relu, { shapes: [[1, 4]] })

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
  test('2,000 of five of our own files are refused or read, in time and in memory', () => {
    const { seen } = survive(seedFiles(), 2000)
    expect(seen['tflite-corrupt']).toBeGreaterThan(100)
    expect(seen['tflite-truncated']).toBeGreaterThan(100)
    expect(seen.reads).toBeGreaterThan(100)
  })

  test.skipIf(foreignFiles().length === 0)('400 of files of other tools are refused or read (skipped without ../shared/models)', () => {
    const { seen } = survive(foreignFiles(), 400)
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
