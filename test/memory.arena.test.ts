/** Arena plans: nothing overlaps, no plan is below the bound, and Vela's own live ranges meet it. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Graph, Tensor } from '../src/graph/ir/graph.ts'
import { bits, key } from '../src/graph/math/random.ts'
import { planArena } from '../src/graph/memory/arena.ts'
import { lifetimes } from '../src/graph/memory/lifetimes.ts'
import { overlapInTime, type Range } from '../src/graph/memory/place.ts'
import { type Plan, planRanges } from '../src/graph/memory/plan.ts'

const golden = new URL('../../shared/golden/ethos-u/arena.csv', import.meta.url)

function clashes(ranges: readonly Range[], { offsets, bytes }: Plan): string[] {
  const found: string[] = []
  ranges.forEach((a, i) => {
    if (offsets[i]! % 16 !== 0 || offsets[i]! < 0 || offsets[i]! + a.bytes > bytes) found.push(`${i} at ${offsets[i]}`)
    for (let j = 0; j < i; j++) {
      const b = ranges[j]!
      if (overlapInTime(a, b) && offsets[i]! < offsets[j]! + b.bytes && offsets[j]! < offsets[i]! + a.bytes) found.push(`${i} on ${j}`)
    }
  })
  return found
}

describe('planRanges', () => {
  test('random ranges never overlap, never fall below the bound, and plan the same twice', () => {
    for (let trial = 0; trial < 60; trial++) {
      const stream = key(7, 'test', trial)
      const ranges = Array.from({ length: 2 + (bits(stream, 0) % 24) }, (_, i) => {
        const start = bits(stream, 3 * i + 1) % 20
        return { start, end: start + (bits(stream, 3 * i + 2) % 6), bytes: 1 + (bits(stream, 3 * i + 3) % 5000) }
      })
      const plan = planRanges(ranges)
      expect(clashes(ranges, plan)).toEqual([])
      expect(plan.bytes).toBeGreaterThanOrEqual(plan.lowerBound)
      expect(planRanges(ranges)).toEqual(plan)
    }
  })

  test('a case where first fit alone is above the bound is brought down by the search', () => {
    const stuck = Array.from({ length: 400 }, (_, trial) => {
      const stream = key(11, 'test', trial)
      return Array.from({ length: 9 }, (_, i) => {
        const start = bits(stream, 3 * i) % 8
        return { start, end: start + (bits(stream, 3 * i + 1) % 4), bytes: 16 * (1 + (bits(stream, 3 * i + 2) % 8)) }
      })
    }).filter((ranges) => {
      const first = planRanges(ranges, { iterations: 0 })
      return first.bytes > first.lowerBound
    })
    expect(stuck.length).toBeGreaterThan(5)
    const met = stuck.filter((ranges) => {
      const plan = planRanges(ranges)
      return plan.bytes === plan.lowerBound
    })
    expect(met.length / stuck.length).toBeGreaterThan(0.8)
  })

  test('no ranges need no bytes', () => {
    expect(planRanges([])).toEqual({ bytes: 0, offsets: [], lowerBound: 0 })
  })

  test.skipIf(!existsSync(golden))('every arena of golden arena.csv meets its lower bound (skipped without the golden file)', () => {
    const arenas = new Map<string, Range[]>()
    for (const line of readFileSync(golden, 'utf8').trim().split('\n').slice(1)) {
      const [acc, system, mode, model, , start, end, bytes] = line.split(',')
      const name = [acc, system, mode, model].join(' ')
      arenas.set(name, [...(arenas.get(name) ?? []), { start: Number(start), end: Number(end), bytes: Number(bytes) }])
    }
    expect(arenas.size).toBeGreaterThan(30)
    for (const [name, ranges] of arenas) {
      const plan = planRanges(ranges)
      expect(clashes(ranges, plan), name).toEqual([])
      expect(plan.bytes, name).toBe(plan.lowerBound)
    }
  })
})

const tensor = (name: string, ...shape: number[]): Tensor => ({ name, shape, dtype: 'int8', quant: { scale: [1], zero: [0], axis: 0 } })

describe('lifetimes', () => {
  const graph: Graph<'quantised'> = {
    phase: 'quantised',
    name: 'chain',
    tensors: [tensor('in', 1, 8, 8, 4), tensor('a', 1, 8, 8, 4), tensor('b', 1, 8, 8, 4), tensor('out', 1, 8, 8, 4)],
    nodes: [
      { op: 'relu', attrs: {}, inputs: [0], outputs: [1] },
      { op: 'relu', attrs: {}, inputs: [1], outputs: [2] },
      { op: 'relu', attrs: {}, inputs: [2], outputs: [3] },
    ],
    inputs: [0],
    outputs: [3],
    metadata: {},
  }

  test('a chain keeps two tensors alive at a time', () => {
    expect(lifetimes(graph).map(({ start, end }) => [start, end])).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [2, 2],
    ])
    expect(planArena(graph).bytes).toBe(512)
  })

  test('in-place elementwise operators share one storage', () => {
    const arena = planArena(graph, { inPlace: ['free', 'elementwise'] })
    expect(arena.bytes).toBe(256)
    expect(new Set(arena.offsets.values())).toEqual(new Set([0]))
  })

  test('a caller may say what tensors take, and what lies beside them', () => {
    const arena = planArena(graph, { bytesOf: () => 1000, beside: [{ start: 2, end: 5, bytes: 500 }] })
    expect(arena.bytes).toBe(1008 + 1008 + 512)
    expect(arena.offsets.size).toBe(4)
  })

  test('a tensor that is read again later is not overwritten', () => {
    const again = { ...graph, outputs: [3, 1] }
    const arena = planArena(again, { inPlace: ['elementwise'] })
    expect(arena.bytes).toBe(512)
    expect(arena.offsets.get(1)).not.toBe(arena.offsets.get(3))
  })
})
