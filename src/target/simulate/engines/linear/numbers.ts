/** The numbers of a machine priced by a straight line: cycles for each multiply-accumulate and each byte moved, by family. */
import { z } from 'zod'
import { families } from '../../../../graph/ops/define.ts'
import { evidence } from '../../../profiles/evidence.ts'
import { calibration } from '../calibration.ts'

const price = z.strictObject({
  cyclesPerMac: z.number().nonnegative(),
  cyclesPerByte: z.number().nonnegative().describe('of activations read and written'),
  cyclesPerNode: z.number().nonnegative(),
})

export const linear = z.strictObject({
  kind: z.literal('linear'),
  evidence,
  clockHz: z.int().positive(),
  calibration: calibration.default({ state: 'uncalibrated', because: 'no published latency stands behind these prices.' }),
  uncertainty: z.string().min(1).describe('how far an estimate may be off, in words'),
  families: z.strictObject(
    Object.fromEntries(families.map((family) => [family, price])) as Record<(typeof families)[number], typeof price>,
  ),
})

export type Linear = z.infer<typeof linear>
