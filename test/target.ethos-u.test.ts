/** The Ethos-U engine against golden operations of Arm Vela 5.1: blocks, cycles, transfers, encoded weights, single layers of the legacy core. */
import { describe, expect, test } from 'vitest'
import { loadTarget } from '../src/target/profiles/load.ts'
import { type Block, searchBlock } from '../src/target/simulate/engines/ethos-u/block.ts'
import { accessCycles, costOf } from '../src/target/simulate/engines/ethos-u/cost.ts'
import { memoriesOf } from '../src/target/simulate/engines/ethos-u/memories.ts'
import type { EthosU55 } from '../src/target/simulate/engines/ethos-u/numbers.ts'
import { type Operation, pointKernel } from '../src/target/simulate/engines/ethos-u/operation.ts'
import { encodedBytes, streamBytes } from '../src/target/simulate/engines/ethos-u/weights/encoded-bytes.ts'
import { haveGolden, operationOf, type Row, rows } from './support/regor-rows.ts'

const engines = new Map<string, EthosU55>()
function engineOf(name: string): EthosU55 {
  const engine = engines.get(name) ?? loadTarget(name).engine
  if (engine.kind !== 'ethos-u' || engine.generation !== 'u55') throw new Error(`${name} has another engine`)
  engines.set(name, engine)
  return engine
}

const times = (dims: readonly number[]) => dims.join('x')
const traversals = { 'depth-first': 'DepthFirst', 'part-kernel': 'PartKernel', depthwise: 'Depthwise' } as const

describe.skipIf(!haveGolden)('golden regor_ops.csv, U55 and U65 (skipped without the golden folder)', () => {
  const known = haveGolden ? rows().filter((row) => !row.acc!.includes('u85')) : []
  const blockOf = (row: Row): [Operation, Block, EthosU55] => {
    const engine = engineOf(row.acc!)
    const op = operationOf(row, engine)
    return [op, searchBlock(op, engine.accelerator, 'regor-5.1')!, engine]
  }

  test('shapes give the same traversal and blocks, for every operation', () => {
    expect(known.length).toBe(712)
    for (const row of known) {
      const [, block] = blockOf(row)
      const found = [traversals[block.traversal], times(block.ifm), times(block.ofm)].join(' ')
      expect(found, Object.values(row).join()).toBe([row.traversal, row.ifm_block, row.ofm_block].join(' '))
    }
  })

  test('blocks give the same mac, output, issue and operation cycles; accesses too where weights are not staged', () => {
    for (const row of known) {
      const [op, block, engine] = blockOf(row)
      const staged = row.weight_buffering !== ''
      const { staging } = memoriesOf(engine, row.system!, row.memmode!)
      const cost = costOf(op, block, engine, 'regor-5.1', staged ? staging : undefined)
      const where = Object.values(row).join()
      if (op.kind !== 'elementwise') expect(cost.mac, where).toBe(Number(row.mac_cycles))
      expect([cost.output, cost.issue], where).toEqual([Number(row.ao_cycles), Number(row.cmd_cycles)])
      if (staged) continue
      expect(cost.npu, where).toBe(Number(row.npu_cycles))
      const access = accessCycles(op, block, engine, 'regor-5.1')
      expect([access.sram, access.external], where).toEqual([Number(row.sram_ac), Number(row.ext_ac || 0)])
    }
  })
})

describe.skipIf(!haveGolden)('golden legacy-layers.csv (skipped without the golden folder)', () => {
  /** A layer by its name in the file: SAME padding, int8, maps in bricks but for dense layers and depths that bricks do not fit. */
  function layer(name: string, engine: EthosU55): Operation {
    const { sram, external } = memoriesOf(engine, engine.defaults.systemConfig, engine.defaults.memoryMode)
    const [, kind, kh = '1', kw = '1', s = '1'] = /^([a-z]+?)(?:(\d)x(\d))?(?:s(\d))?_/.exec(name)!
    const sizes = name
      .split('_')
      .slice(1)
      .map((part) => part.split('x').map(Number))
    const [ifm, last] = [sizes[0]!, sizes.at(-1)!]
    const dense = kind === 'fc'
    const [h, w, c] = dense ? [1, 1, ifm[0]!] : (ifm as [number, number, number])
    const [kernelH, kernelW] = [Number(kh), Number(kw)]
    const whole = kind === 'avgpool'
    const stride = whole ? 8 : Number(s)
    const depth = kind === 'conv' || kind === 'pw' || dense ? last.at(-1)! : c
    const ofm = whole ? ([1, 1, c] as const) : ([Math.ceil(h / stride), Math.ceil(w / stride), depth] as const)
    const kinds = {
      conv: 'convolution',
      pw: 'convolution',
      dw: 'depthwise',
      fc: 'vector-product',
      avgpool: 'pooling',
      maxpool: 'pooling',
      add: 'elementwise',
      mul: 'elementwise',
    } as const
    const outputs = { maxpool: 'max-pool', add: 'sum', mul: 'multiply' } as const
    const map = (shape: readonly [number, number, number]) =>
      ({ shape, bits: 8, format: shape[2] % 8 === 0 && !dense ? 'nhcwb16' : 'nhwc', memory: sram }) as const
    const weighed = kind === 'conv' || kind === 'pw' || kind === 'dw' || dense
    return {
      kind: kinds[kind as keyof typeof kinds],
      output: outputs[kind as keyof typeof outputs] ?? 'other',
      activation: 'none',
      kernel: { ...pointKernel, height: kernelH, width: kernelW, strideY: stride, strideX: stride },
      ifm: map([h, w, c]),
      ...(kind === 'add' || kind === 'mul' ? { ifm2: map([h, w, c]) } : {}),
      ofm: map(ofm),
      ...(weighed ? { weights: { bytes: 0, scaleBytes: 0, memory: external } } : {}),
      scaled: true,
      lutBytes: 0,
    }
  }

  test('all 96 layers: blocks and cycles', () => {
    const wrong: string[] = []
    const all = rows('legacy-layers.csv')
    for (const row of all) {
      const engine = engineOf(row.acc!)
      const op = layer(row.layer!, engine)
      const block = searchBlock(op, engine.accelerator, 'legacy')!
      const cost = costOf(op, block, engine, 'legacy')
      const found = [times(block.ofm), times(block.ifm), cost.npu].join(' ')
      const wanted = [row.ofm_block, row.ifm_block, row.npu_cycles].join(' ')
      if (found !== wanted) wrong.push(`${row.acc} ${row.layer}: ${found}, not ${wanted}`)
    }
    expect(all.length).toBe(96)
    expect(wrong).toEqual([])
  })
})

describe('encoded weights', () => {
  test('a stream is a multiple of 16 bytes, and grows with what it must say', () => {
    const noise = (n: number) => Int16Array.from({ length: n }, (_, i) => ((i * 2654435761) >>> 24) - 128)
    const few = Int16Array.from({ length: 4096 }, (_, i) => (i % 3) - 1)
    expect(streamBytes(noise(4096)) % 16).toBe(0)
    expect(streamBytes(noise(4096))).toBeGreaterThan(4096)
    expect(streamBytes(noise(4096))).toBeLessThan(4096 * 1.3)
    expect(streamBytes(few)).toBeLessThan(4096 / 3)
    expect(streamBytes(new Int16Array(4096))).toBeLessThanOrEqual(4096 / 7)
  })

  test('two cores have a stream each', () => {
    const source = {
      data: new Int8Array(64 * 32).fill(1),
      zero: 0,
      strides: [32, 0, 0, 1],
      height: 1,
      width: 1,
      gaps: [1, 1],
      depth: 32,
    } as const
    const bricks = {
      traversal: 'depth-first',
      ofmBlockDepth: 64,
      ofmUblockDepth: 8,
      ifmUblockDepth: 8,
      ifmBits: 8,
      subKernel: [8, 8],
    } as const
    expect(encodedBytes(source, 0, 64, bricks, 2)).toBeGreaterThanOrEqual(32)
    expect(encodedBytes(source, 0, 1, bricks, 2)).toBe(encodedBytes(source, 0, 1, bricks, 1))
  })
})

test('every block that the search gives fits, and none is given where none does', () => {
  const engine = engineOf('ethos-u55-32')
  const { sram } = memoriesOf(engine, 'Ethos_U55_High_End_Embedded', 'Shared_Sram')
  const map = { shape: [16, 16, 16], bits: 8, format: 'nhcwb16', memory: sram } as const
  const op: Operation = {
    kind: 'convolution',
    output: 'other',
    activation: 'clamp',
    kernel: pointKernel,
    ifm: map,
    ofm: map,
    scaled: true,
    lutBytes: 0,
  }
  expect(searchBlock(op, engine.accelerator, 'regor-5.2')).toBeDefined()
  expect(searchBlock({ ...op, lutBytes: 14 * 1024 }, engine.accelerator, 'regor-5.2')).toBeUndefined()
})
