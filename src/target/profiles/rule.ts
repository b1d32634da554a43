/** What a rule of a target file may say: limits on facts, what breaking them costs, and what to do. */
import { z } from 'zod'
import { costs } from '../define.ts'
import { evidence } from './evidence.ts'

const value = z.union([z.number(), z.string(), z.boolean()])
const unit = z.enum(['bytes', 'KiB', 'MiB']).optional().describe('of the numbers of a range of bytes; bytes where absent')

const limit = z.union([
  z.strictObject({ is: value }),
  z.strictObject({ oneOf: z.array(value).min(1) }),
  z.strictObject({ multipleOf: z.number().positive() }),
  z
    .strictObject({ min: z.number().optional(), max: z.number().optional(), unit })
    .refine((l) => l.min !== undefined || l.max !== undefined, { message: 'a range needs min, max or both' }),
])
const limits = z.record(z.string(), limit).describe('fact: limit; a fact is what a room in graph/ops says of a node')

export const rule = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]+$/),
  scope: z
    .enum(['node', 'model'])
    .default('node')
    .describe('node: holds for each operator; model: for the whole, on the facts of `peapod check --explain`'),
  ops: z.array(z.string()).min(1).optional().describe('operators it holds for; all where absent'),
  except: z.array(z.string()).optional(),
  when: limits.optional().describe('holds only where all of these hold'),
  limits,
  once: z.boolean().default(false).describe('one finding for all nodes that break it'),
  severity: z.enum(['error', 'warning', 'note']).default('warning'),
  costs: z.enum(costs).default('cpu').describe('cpu, refused: a node that breaks the rule does not run on the accelerator'),
  says: z.string().min(1),
  hint: z.string().min(1),
  evidence,
})

export type Rule = z.infer<typeof rule>
