/** What a target file may say: one machine, its rules and its prices, as data. */
import { z } from 'zod'
import { weightScales } from '../../quantise/scheme.ts'
import { ethosU } from '../simulate/engines/ethos-u/numbers.ts'
import { linear } from '../simulate/engines/linear/numbers.ts'
import { systolic } from '../simulate/engines/systolic/numbers.ts'
import { artefacts } from './artefacts.ts'
import { evidence } from './evidence.ts'
import { numerics } from './numerics.ts'
import { rule } from './rule.ts'

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
  artefact: z
    .enum(artefacts)
    .describe('what the machine takes: an int8 file; that file as the vendor’s compiler writes it; a float model with calibration images'),
  quantisation: z
    .strictObject({
      evidence,
      weights: z.enum(weightScales).optional().describe('one scale for each output channel, which is the rule, or one for the whole'),
      symmetric: z.boolean().optional().describe('whether activations have the zero point 0'),
      powerOfTwo: z.boolean().optional().describe('whether scales are powers of two'),
      type: z.enum(['int8', 'uint8']).optional().describe('of steps; a uint8 file holds those of int8, 128 higher'),
    })
    .optional()
    .describe('what the machine asks of scales beyond the TFLite 8-bit specification'),
  import: z
    .strictObject({
      evidence,
      tool: z.string().min(1),
      options: z.record(z.string(), z.union([z.string(), z.number()])).describe('as that tool names them'),
      calibrationImages: z.int().positive(),
    })
    .optional()
    .describe('how the vendor’s importer is to take the float model, for a machine that takes one'),
  firmware: z.enum(['tflm']).optional().describe('the runtime that firmware for this machine links, for which `peapod export` writes C'),
  compiler: z
    .strictObject({
      evidence,
      name: z.string().describe('vela or edgetpu; others are not driven'),
      versions: z.array(z.string()).min(1).describe('whose rules and prices this file holds'),
      family: z.string().optional().describe('what the compiler calls the accelerator, without its number of MACs, such as ethos-u55'),
    })
    .optional(),
  support: z
    .strictObject({
      evidence,
      operators: z.union([z.array(z.string()).min(1), z.literal('all')]).describe('operators the accelerator can run'),
      otherwise: z.enum(['cpu', 'refused']).describe('what becomes of the others'),
      maxSegments: z
        .int()
        .positive()
        .optional()
        .describe('parts of a graph that the accelerator takes, from the first on; the rest runs on the CPU'),
    })
    .describe('the support table'),
  rules: z.array(rule),
  addRules: z.array(rule).optional().describe('beside the rules of the target that this one extends; one of the same code takes its place'),
  dropRules: z.array(z.string()).optional().describe('codes of inherited rules that do not hold here'),
  memory: memory.optional(),
  numerics: numerics.optional(),
  notes: z
    .array(z.strictObject({ says: z.string().min(1), evidence }))
    .default([])
    .describe('what every estimate says besides'),
  engine: z.discriminatedUnion('kind', [ethosU, systolic, linear]),
})

export type Target = z.infer<typeof profile>
export type { Rule } from './rule.ts'

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
