/** What a target file may say: one machine, its rules and its prices, as data. */
import { z } from 'zod'
import { ethosU } from '../simulate/engines/ethos-u/numbers.ts'
import { linear } from '../simulate/engines/linear/numbers.ts'
import { evidence } from './evidence.ts'

const value = z.union([z.number(), z.string(), z.boolean()])
const limit = z.union([
  z.strictObject({ is: value }),
  z.strictObject({ oneOf: z.array(value).min(1) }),
  z.strictObject({ min: z.number().optional(), max: z.number().optional() }).refine((l) => l.min !== undefined || l.max !== undefined, {
    message: 'a range needs min, max or both',
  }),
])
const limits = z.record(z.string(), limit).describe('fact: limit; a fact is what a room in graph/ops says of a node')

const rule = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]+$/),
  ops: z.array(z.string()).min(1).optional().describe('operators it holds for; all where absent'),
  except: z.array(z.string()).optional(),
  when: limits.optional().describe('holds only where all of these hold'),
  limits,
  severity: z.enum(['error', 'warning', 'note']).default('warning'),
  costs: z.enum(['cpu', 'nothing']).default('cpu').describe('cpu: a node that breaks the rule does not run on the accelerator'),
  says: z.string().min(1),
  hint: z.string().min(1),
  evidence,
})

const memory = z.strictObject({
  evidence,
  sramBytes: z.int().positive().optional().describe('room for the arena'),
  flashBytes: z.int().positive().optional().describe('room for the model'),
  inPlace: z
    .array(z.enum(['free', 'elementwise']))
    .default(['free'])
    .describe('families whose output may take the storage of an input'),
})

export const profile = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  vendor: z.string().min(1),
  abstract: z.boolean().default(false).describe('only there to be extended'),
  extends: z.string().optional().describe('a target whose keys this one starts from; null removes a key'),
  artefact: z.enum(['int8-tflite']).describe('what the machine takes'),
  compiler: z.strictObject({ evidence, name: z.string(), versions: z.array(z.string()).min(1) }).optional(),
  support: z
    .strictObject({
      evidence,
      operators: z.union([z.array(z.string()).min(1), z.literal('all')]).describe('operators the accelerator can run'),
      otherwise: z.enum(['cpu', 'refused']).describe('what becomes of the others'),
    })
    .describe('the support table'),
  rules: z.array(rule),
  memory: memory.optional(),
  engine: z.discriminatedUnion('kind', [ethosU, linear]),
})

export type Target = z.infer<typeof profile>
export type Rule = z.infer<typeof rule>

/**
 * The JSON Schema of a target file, for editors. Any key may come from the target that a file extends, so none is
 * required here; loading holds the merged whole against `profile`.
 */
export function targetSchema(): object {
  const optional = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(optional)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).flatMap(([k, v]) => (k === 'required' && Array.isArray(v) ? [] : [[k, nullable(k, v)]])))
  }
  // Under `properties` an extending file may also say null, which removes the key.
  const nullable = (k: string, v: unknown): unknown =>
    k === 'additionalProperties' && typeof v === 'object' ? { anyOf: [optional(v), { type: 'null' }] } : optional(v)
  return { ...(optional(z.toJSONSchema(profile, { io: 'input' })) as object), title: 'Peapod target' }
}
