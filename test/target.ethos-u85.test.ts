/** The U85 branch of the Ethos-U engine against golden operations of Arm Vela 5.1: micro-blocks, blocks, cycles, accesses. */
import { describe, expect, test } from 'vitest'
import { loadTarget } from '../src/target/profiles/load.ts'
import type { Block } from '../src/target/simulate/engines/ethos-u/block.ts'
import { memoriesOf } from '../src/target/simulate/engines/ethos-u/memories.ts'
import type { EthosU85 } from '../src/target/simulate/engines/ethos-u/numbers.ts'
import type { Operation } from '../src/target/simulate/engines/ethos-u/operation.ts'
import { accessCycles85 } from '../src/target/simulate/engines/ethos-u/u85/access.ts'
import { searchBlock85 } from '../src/target/simulate/engines/ethos-u/u85/block.ts'
import { costOf85 } from '../src/target/simulate/engines/ethos-u/u85/cost.ts'
import { haveGolden, operationOf, type Row, rows } from './support/regor-rows.ts'

const engines = new Map<string, EthosU85>()
function engineOf(name: string): EthosU85 {
  const engine = engines.get(name) ?? loadTarget(name).engine
  if (engine.kind !== 'ethos-u' || engine.generation !== 'u85') throw new Error(`${name} has another engine`)
  engines.set(name, engine)
  return engine
}

const times = (dims: readonly number[]) => dims.join('x')
const traversals = { 'depth-first': 'DepthFirst', 'part-kernel': 'PartKernel', depthwise: 'Depthwise' } as const

describe.skipIf(!haveGolden)('golden regor_ops.csv, U85 (skipped without the golden folder)', () => {
  const known = haveGolden ? rows().filter((row) => row.acc!.includes('u85')) : []
  const sparse = (row: Row) => row.weight_fmt!.includes('Sparse2_4')
  const blockOf = (row: Row): [Operation, Block, EthosU85] => {
    const engine = engineOf(row.acc!)
    const op = operationOf(row, engine)
    return [op, searchBlock85(op, engine.accelerator, 'regor-5.1', sparse(row))!, engine]
  }

  test('shapes give the same traversal, micro-block and blocks, for every operation', () => {
    expect(known.length).toBe(310)
    for (const row of known) {
      const [, block] = blockOf(row)
      const found = [traversals[block.traversal], times(block.ifm), times(block.ofm), times(block.unit)]
      expect(found, Object.values(row).join()).toEqual([row.traversal, row.ifm_block, row.ofm_block, row.ofm_ublock])
    }
  })

  test('blocks give the same mac, output and issue cycles; operation cycles and accesses too where weights are not staged', () => {
    for (const row of known) {
      const [op, block, engine] = blockOf(row)
      const staged = row.weight_buffering !== ''
      const { staging } = memoriesOf(engine, row.system!, row.memmode!)
      const scaleMemory = staged ? staging : op.weights?.memory
      const cost = costOf85(op, block, engine, 'regor-5.1', { sparse: sparse(row), scaleMemory, part: 'whole' })
      const where = Object.values(row).join()
      if (op.kind !== 'elementwise') expect(cost.mac, where).toBe(Number(row.mac_cycles))
      expect([cost.output, cost.issue], where).toEqual([Number(row.ao_cycles), Number(row.cmd_cycles)])
      if (staged) continue
      expect(cost.npu, where).toBe(Number(row.npu_cycles))
      const access = accessCycles85(op, block, engine.accelerator, 'regor-5.1', { fast: false })
      expect([access.sram, access.external], where).toEqual([Number(row.sram_ac), Number(row.ext_ac || 0)])
    }
  })
})
