/** How a machine rounds: which integer reference its answers equal, bit for bit. */
import { z } from 'zod'
import { roundings } from '../../graph/ops/define.ts'
import { evidence } from './evidence.ts'

export const numerics = z
  .strictObject({ evidence, rounding: z.enum(roundings).describe('whose integer reference kernels it equals'), says: z.string().min(1) })
  .describe('how the machine rounds; absent: not known, and answers are those of TFLM')
