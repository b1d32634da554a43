/** The numbers of an Ethos-U85 in a target file: micro-blocks, RAMs of their own for input, accumulators and output, read buffers. */
import { z } from 'zod'
import { evidence } from '../../../../profiles/evidence.ts'
import { kinds } from '../operation.ts'

const count = z.int().positive()
const cycles = z.number().nonnegative()
const dims = z.tuple([count, count, count])
const runs = z.array(z.enum(kinds))

const microBlock = z.strictObject({
  shape: dims.describe('height, width, depth of what is made at a time'),
  runs: z.strictObject({ bits8: runs, bits16: runs, bits32: runs }).describe('operations that it can run, by bits of the input'),
  pointOnly: z.boolean().default(false).describe('convolutions only with 1x1 kernels, depth first'),
  fetch: z
    .tuple([dims, dims, dims])
    .describe(
      'height, width and bricks of 128 bits that the input RAM is given out in, for depths up to 128, up to 256 and above 256 bits',
    ),
})

export const accelerator85 = z.strictObject({
  evidence,
  macsPerCycle: count,
  cores: count.describe('weight decoders'),
  microBlocks: z.array(microBlock).min(1).describe('in order of preference'),
  inputRamBytes: count,
  accumulatorRamBytes: count,
  outputRamBytes: count,
  chainRamBytes: count.describe('results that pass to a chained operation'),
  chainSlots: count,
  longestChain: count.describe('operations in one chain'),
  chainInputs: count.describe('maps that a chain reads from memory'),
  maxBlock: dims,
  subKernel: z.tuple([count, count]),
  splitDepth: count,
  axiBytesPerCycle: count.describe('bytes per cycle of one port'),
  readBuffers: z
    .strictObject({ copy: count, stream: count, weight: count, fastWeight: count, ifm: count, scale: count })
    .describe('words of 16 bytes in flight, by channel'),
})

export const outputStage85 = z.strictObject({
  evidence,
  to8: cycles.describe('cycles per element, by bits of the result'),
  to16: cycles,
  to32: cycles,
  to64: cycles,
  wideChained: cycles.describe('32-bit operands, into the chaining buffer or to fewer bits'),
  wideBinary: cycles.describe('two 32-bit operands to 32 bits'),
  division: cycles,
  activation: z.strictObject({ full: cycles, half: cycles }).describe('half: where height and width change places, or width is reversed'),
  enlarged: z
    .strictObject({ highFrom: cycles, high8: cycles, high16: cycles, low8: cycles, low16: cycles })
    .describe('enlarging a map, by factor (high from highFrom) and bits of the input'),
})

const port = z.strictObject({
  scale: z.number().positive().describe('share of the core clock'),
  ports: count,
  burst: count,
  readLatency: cycles,
  writeLatency: cycles,
  maxReads: z.int().nonnegative().describe('reads in flight on one port'),
  maxWrites: z.int().nonnegative(),
})
export const system85 = z.strictObject({ evidence, coreClockHz: count, sram: port, external: port })

export type Accelerator85 = z.infer<typeof accelerator85>
export type OutputStage85 = z.infer<typeof outputStage85>
export type MicroBlock = z.infer<typeof microBlock>
export type Channel = keyof Accelerator85['readBuffers']
