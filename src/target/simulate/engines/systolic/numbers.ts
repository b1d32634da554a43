/** The numbers of a machine with one array of multipliers, a vector unit, a memory of its own and a host. */
import { z } from 'zod'
import { evidence } from '../../../profiles/evidence.ts'
import { calibration } from '../calibration.ts'

const count = z.int().positive()
const rate = z.number().positive()

export const systolic = z.strictObject({
  kind: z.literal('systolic'),
  clockHz: count,
  array: z.strictObject({
    evidence,
    rows: count.describe('products that are summed in one step: kernel taps times input channels'),
    columns: count.describe('output channels in one step'),
    efficiency: z.number().positive().max(1).describe('share of the array’s steps that do work; the free parameter of a calibration'),
  }),
  vector: z.strictObject({ evidence, elementsPerCycle: rate.describe('of pools, sums, tables, moves: elements read or written') }),
  memory: z.strictObject({
    evidence,
    onChipBytes: count.describe('for weights that stay and for the maps of a layer'),
    externalBytesPerSecond: rate.describe('what is not on the chip comes at this rate'),
    weights: z
      .enum(['kept', 'streamed'])
      .describe('kept: from inference to inference, as far as there is room; streamed: they come each time'),
  }),
  setup: z.strictObject({
    evidence,
    startMs: z.number().nonnegative().describe('of each part of the graph that the host starts'),
    layerCycles: z.number().nonnegative(),
  }),
  link: z
    .strictObject({ evidence, bytesPerSecond: rate })
    .optional()
    .describe('between host and accelerator, for inputs, outputs and what crosses; absent where they share a memory'),
  host: z
    .strictObject({ evidence, macsPerSecond: rate, bytesPerSecond: rate, operatorMs: z.number().nonnegative() })
    .optional()
    .describe('prices operators left on the CPU; absent: they have no price'),
  calibration,
})

export type Systolic = z.infer<typeof systolic>
