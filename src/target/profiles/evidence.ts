/** Where a group of numbers in a target file comes from; it covers every number of the object it stands in. */
import { z } from 'zod'

export const confidences = ['verified', 'documented', 'read in source', 'public', 'assumed'] as const

export const evidence = z
  .strictObject({
    source: z.string().min(1).describe('document, file or page, so that a reader can find it'),
    sourceVersion: z.string().min(1),
    confidence: z.enum(confidences),
  })
  .describe('covers every number of the object it stands in')

export type Evidence = z.infer<typeof evidence>
