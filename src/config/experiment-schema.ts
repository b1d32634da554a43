/** The experiment file: a grid of trainings over one project, every key of it and what it means. */
import { z } from 'zod'
import { mixes, smoothActivations } from '../training/pea/define.ts'
import { projectSchema } from './schema.ts'

const { use, options } = projectSchema.shape.network.unwrap().shape
const { base } = projectSchema.shape.pea.unwrap().shape

/** What all cells share: a project file without what the grid sets. */
const shared = projectSchema.omit({
  network: true,
  pea: true,
  seed: true,
  gates: true,
  runner: true,
  compiler: true,
  baseline: true,
  name: true,
})

/** Without defaults: what is not said is said by project.train. */
const bare = (field: z.ZodType): z.ZodType => (field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field).optional()
const trainOverrides = z.strictObject(
  Object.fromEntries(Object.entries(shared.shape.train.unwrap().shape).map(([key, field]) => [key, bare(field)])),
)

const networkSchema = z.strictObject({
  use: use.removeDefault(),
  options,
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'a name of letters, digits, dots and dashes')
    .optional()
    .describe('in tables and folders'),
  base: base.describe('what remains, and what the baseline has'),
  train: trainOverrides.default({}).describe('keys in place of those of project.train, for this network'),
})

const different = <T>(list: readonly T[]) => new Set(list.map((each) => JSON.stringify(each))).size === list.length
const listOf = <T extends z.ZodType>(each: T) => z.array(each).refine(different, 'the same entry stands twice')

export const experimentSchema = z.strictObject({
  $schema: z.string().optional(),
  preset: z.string().optional().describe('an experiment of the paper whose keys hold where this file says nothing'),
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'a name of letters, digits, dots and dashes')
    .default('experiment'),
  says: z.string().optional().describe('one sentence on what it shows, for the head of the tables'),
  project: shared.prefault({}).describe('what all cells share, as in a project file'),
  networks: listOf(z.union([z.string().transform((use) => networkSchema.parse({ use })), networkSchema])).min(1),
  baseline: z.boolean().default(true).describe('whether the plain network, its base alone, is trained too'),
  ensembles: listOf(z.enum(mixes)).default([]),
  activations: listOf(z.enum(smoothActivations)).default([]).describe('those of the ensembles'),
  variants: listOf(z.strictObject({ ensemble: z.enum(mixes), activation: z.enum(smoothActivations) }))
    .default([])
    .describe('single ensembles with their activation, beside the product of ensembles and activations'),
  upperLimits: listOf(z.enum(smoothActivations)).default([]).describe('trained alone, never fading: what an ensemble could reach'),
  from: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('where the transition begins, as a share of all iterations; by default what the recipe says'),
  ends: listOf(z.number().gt(0).lt(1))
    .default([])
    .describe(
      'where the transition ends, as shares of all iterations; baseline and upper limits choose their epoch over the same last ones',
    ),
  seeds: listOf(z.int().min(0).max(0x7fffffff)).min(1).default([1, 2, 3]),
})

export type Experiment = z.output<typeof experimentSchema>

/** An experiment as it is written, by us or in a user's file: keys left out have their defaults. */
export type ExperimentFile = Omit<z.input<typeof experimentSchema>, 'networks'> & {
  readonly networks: readonly (string | z.input<typeof networkSchema>)[]
}
