/** Whole networks from their .tflite: totals, encoded weights and weight staging against Arm Vela 5.1 and 5.2. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readTflite } from '../src/formats/tflite/read.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import { simulate } from '../src/target/simulate/simulate.ts'
import { haveGolden, type Row, rows } from './support/regor-rows.ts'

const folder = new URL('../../shared/models/', import.meta.url)
const haveModels = haveGolden && existsSync(folder)

const graphs = new Map<string, Graph<'quantised'>>()
function graphOf(name: string): Graph<'quantised'> {
  const graph = graphs.get(name) ?? (readTflite(readFileSync(new URL(`${name}.tflite`, folder))) as Graph<'quantised'>)
  graphs.set(name, graph)
  return graph
}

const estimate = (row: Row, model: string) =>
  simulate(graphOf(row.model!), loadTarget(row.acc!), { model, systemConfig: row.system!, memoryMode: row.memmode! })

const named = (row: Row) => [row.acc, row.system, row.memmode, row.model].join(' ')
const covered = (file: string, core: string) => (haveModels ? rows(file).filter((row) => row.core === core) : [])

describe.skipIf(!haveModels)('golden networks (skipped without the golden folder and the models)', () => {
  test('regor-5.1: total cycles and encoded weights equal those of Vela 5.1, in every configuration', () => {
    const all = covered('network.csv', 'regor')
    expect(all.length).toBe(39)
    for (const row of all) {
      const found = estimate(row, 'regor-5.1')
      expect([found.totalCycles, found.weightBytes, found.originalWeightBytes], named(row)).toEqual(
        [row.cycles_total, row.total_npu_encoded_weights, row.total_original_weights].map(Number),
      )
      expect(found.unpriced).toEqual([])
    }
  })

  test('regor-5.2: total cycles, encoded weights and arena equal those of Vela 5.2, in every configuration', () => {
    const all = covered('network-5.2.csv', 'regor')
    expect(all.length).toBe(52)
    for (const row of all) {
      const found = estimate(row, 'regor-5.2')
      expect([found.totalCycles, found.weightBytes, found.arenaBytes], named(row)).toEqual(
        [row.cycles_total, row.total_npu_encoded_weights, row.arena_peak].map(Number),
      )
    }
  })

  test('legacy: networks within 15 %, for the legacy scheduler is not followed', () => {
    const all = covered('network.csv', 'legacy').filter((row) => row.acc === 'ethos-u55-128')
    expect(all.length).toBeGreaterThan(3)
    for (const row of all) {
      expect(Math.abs(estimate(row, 'legacy').totalCycles / Number(row.cycles_total) - 1), named(row)).toBeLessThan(0.15)
    }
  })
})
