/** The numbers of an Ethos-U in a target file, and which of the compiler's models prices with them. */
import { z } from 'zod'
import { evidence } from '../../../profiles/evidence.ts'
import { besides } from '../besides/numbers.ts'
import { accelerator85, outputStage85, system85 } from './u85/numbers.ts'

export const lowerings = [
  'convolution',
  'depthwise',
  'vector-product',
  'average-pool',
  'max-pool',
  'sum',
  'multiply',
  'compare',
  'rough-compare',
  'copy',
  'rough-copy',
  'slice',
  'border',
  'upscale',
  'blend',
  'transposed-convolution',
  'join',
  'clamp',
  'table',
  'plane-mean',
  'softmax-chain',
  'nothing',
] as const
/** What the compiler makes of an operator; each is a way of pricing. */
export type Lowering = (typeof lowerings)[number]

export const models = ['regor-5.2', 'regor-5.1', 'legacy'] as const
/** Which estimator of Arm Vela is followed; their figures do not compare with each other. */
export type Model = (typeof models)[number]

const count = z.int().positive()
const cycles = z.number().nonnegative()
const dims = z.tuple([count, count, count])

const accelerator = z.strictObject({
  evidence,
  macsPerCycle: count,
  cores: count,
  ofmUblock: dims.describe('height, width, depth of the output micro-block, per core'),
  ifmUblock: dims,
  shramBanks: count.describe('banks of shared RAM'),
  bankBytes: count,
  reservedOutputBanks: z.int().nonnegative(),
  reservedEndBanks: z.int().nonnegative(),
  granules: z
    .strictObject({ ifm: count, ifm32: count, acc16: count, acc32: count, acc40: count })
    .describe('banks are taken in multiples of these'),
  maxBlock: dims,
  subKernel: z.tuple([count, count]),
  splitDepth: count,
  axiBytesPerCycle: count.describe('bytes per cycle of one port'),
})

const outputStage = z.strictObject({
  evidence,
  wide: z.strictObject({ unary: cycles, binary: cycles, multiply: cycles }).describe('cycles per element with 32-bit operands'),
  multiply: cycles,
  sum: cycles,
  maxPool: cycles,
  other: cycles,
  activation: z.strictObject({ lut: cycles, clamp: cycles, none: cycles }),
})

const port = z.strictObject({
  scale: z.number().positive().describe('share of the core clock'),
  ports: count,
  burst: count,
  readLatency: cycles,
  writeLatency: cycles,
})
const system = z.strictObject({ evidence, coreClockHz: count, sram: port, external: port })
const memoryMode = z.strictObject({
  evidence,
  constants: z.enum(['sram', 'external']),
  arena: z.enum(['sram', 'external']),
  staging: z.enum(['sram', 'external']),
  arenaCacheBytes: count.optional(),
})

const common = {
  kind: z.literal('ethos-u'),
  operations: z
    .strictObject({ evidence, families: z.record(z.string(), z.enum(lowerings)), ops: z.record(z.string(), z.enum(lowerings)) })
    .describe('how the accelerator runs an operator, by family, and by name where it differs'),
  besides: besides.optional(),
  memoryModes: z.record(z.string(), memoryMode),
  defaults: z.strictObject({ model: z.enum(models), systemConfig: z.string(), memoryMode: z.string() }),
}

const ethosU55 = z.strictObject({
  ...common,
  generation: z.literal('u55').describe('U55 and U65: one micro-block, one RAM shared by input and accumulators'),
  accelerator,
  outputStage,
  systems: z.record(z.string(), system),
})
const ethosU85 = z.strictObject({
  ...common,
  generation: z.literal('u85').describe('several micro-blocks, chained operations, sparse weights'),
  accelerator: accelerator85,
  outputStage: outputStage85,
  systems: z.record(z.string(), system85),
})

export const ethosU = z.discriminatedUnion('generation', [ethosU55, ethosU85])

export type EthosU = z.infer<typeof ethosU>
export type EthosU55 = z.infer<typeof ethosU55>
export type EthosU85 = z.infer<typeof ethosU85>
export type Accelerator = EthosU55['accelerator']
export type OutputStage = EthosU55['outputStage']
