/** What a compiler's estimate leaves out, as numbers of a target file: the host that runs the other operators, starts, transfers. */
import { z } from 'zod'
import { evidence } from '../../../profiles/evidence.ts'
import { linear } from '../linear/numbers.ts'

const positive = z.number().positive()
const span = z.tuple([positive, positive]).refine(([low, high]) => low <= high, { message: 'the lower end comes first' })

export const besides = z
  .strictObject({
    host: z
      .strictObject({
        evidence,
        pricesOf: z.string().optional().describe('a target that is priced by a straight line, whose engine is taken for `prices`'),
        prices: linear,
        times: span.describe('lowest and highest of what the prices may be off by, as factors'),
      })
      .optional()
      .describe('runs the operators that the accelerator does not; absent: they have no price'),
    start: z
      .strictObject({ evidence, ms: span.describe('lowest and highest') })
      .optional()
      .describe('of each part of the graph that the host starts'),
    transfer: z
      .strictObject({ evidence, bytesPerSecond: span.describe('slowest and fastest') })
      .optional()
      .describe('of inputs, outputs and what crosses between host and accelerator'),
  })
  .describe('what the total leaves out, shown apart from it')

export type BesidesNumbers = z.infer<typeof besides>
