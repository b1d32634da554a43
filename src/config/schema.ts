/** The project file, `peapod.json`: every key, its default, and what it means. */
import { z } from 'zod'
import { wideForms } from '../quantise/mixed/define.ts'
import { type MetricName, metricNames } from '../report/metrics.ts'
import { decayForms, weightKinds } from '../training/fit/define.ts'
import { bases, mixes, phaseUnits, shapes, smoothActivations } from '../training/pea/define.ts'

const rate = z.strictObject({
  peak: z.number().positive().optional(),
  warmUpEpochs: z.number().min(0).optional().describe('epochs of linear warm-up'),
  shape: z.enum(['cosine', 'constant', 'steps']).optional().describe('of the rate behind the warm-up'),
  atEpochs: z.array(z.number().min(0)).optional().describe('of steps: where the rate falls'),
  factor: z.number().positive().optional().describe('of steps: what it is multiplied by'),
})

const decay = z.strictObject({
  amount: z.number().min(0).optional(),
  kinds: z.array(z.enum(weightKinds)).optional().describe('of weights that decay'),
  form: z.enum(decayForms).optional().describe('l2 in the loss, or decoupled from it (AdamW)'),
})

const optimiser = z.strictObject({
  name: z.enum(['sgd', 'adam', 'radam']).optional(),
  momentum: z.number().min(0).lt(1).optional(),
  beta1: z.number().min(0).lt(1).optional(),
  beta2: z.number().min(0).lt(1).optional(),
  epsilon: z.number().positive().optional(),
})

const augment = z.strictObject({
  resizedCrop: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('bring a part of at least this share of the area to the whole size; 0.08 is usual on ImageNet'),
  translate: z.int().min(1).optional().describe('move by at most this many pixels'),
  cutout: z.int().min(1).optional().describe('hide a square of this side, in pixels'),
})

/** Of the transition; what is absent is what the recipe says. */
const phases = {
  from: z.number().min(0).optional().describe('where the transition begins, as a share of all iterations unless unit says otherwise'),
  to: z.number().min(0).optional().describe('where the transition ends'),
  unit: z.enum(phaseUnits).optional().describe('of from and to'),
  shape: z.enum(shapes).optional().describe('how alpha rises: linear (Eq. 2), cosine, or in equal jumps'),
  jumps: z.number().int().min(1).optional().describe('how many, where it rises in jumps'),
}
const beta = z.number().positive().optional().describe('slope of swish, 1 by default')
const trainableBeta = z.boolean().optional().describe('whether that slope is a weight, one a layer, which beta starts; swish alone')
const ensemble = z.enum([...mixes, 'none'])
const pattern = z.string().min(1).describe('the name of activation layers, with * for any characters; outer/inner in nested models')

const gate = z
  .strictObject({
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    worseBy: z
      .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?%$/, 'a share is written as 5%')])
      .optional()
      .describe('how much worse than the baseline it may be: in the metric’s own unit, or a share of the baseline’s value, such as 5%'),
    level: z.enum(['fail', 'warn']).default('fail').describe('what a limit that is not kept means'),
    missing: z.enum(['fail', 'warn', 'skip']).default('fail').describe('what a run without this metric means'),
    requirement: z.string().min(1).max(200).optional().describe('the id of the requirement behind it, for the evidence'),
  })
  .refine((g) => g.atLeast !== undefined || g.atMost !== undefined || g.worseBy !== undefined, 'a gate needs atLeast, atMost or worseBy')
  .nullable()
  .describe('a limit on a metric; null takes a default gate away')

export const projectSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).optional().describe('the name of the network in reports; by default the name of the network function'),
  network: z
    .strictObject({
      use: z.string().default('mobilenet-v1').describe('a network of Peapod, or the path of a module of yours that exports one'),
      options: z.record(z.string(), z.unknown()).default({}).describe('what the network function takes, such as width'),
    })
    .prefault({}),
  data: z
    .strictObject({
      source: z.string().default('roadsigns').describe('a folder whose format is recognised, or roadsigns'),
      seed: z
        .number()
        .int()
        .min(0)
        .max(0x7fffffff)
        .default(1)
        .describe('of a data set that is rendered: another training seed sees the same images'),
      mirror: z.boolean().optional().describe('whether a mirrored image keeps its class; by default what the data set says'),
      skipCorrupt: z
        .boolean()
        .optional()
        .describe('leave out image files that cannot be read, and name them; by default what dataset.json says'),
      limit: z.int().min(1).optional().describe('at most so many images of each split, classes balanced, drawn by data.seed'),
    })
    .prefault({}),
  train: z
    .strictObject({
      recipe: z.string().default('default'),
      epochs: z.number().int().min(1).optional(),
      batchSize: z.number().int().min(1).optional(),
      rate: z.union([z.number().positive(), rate]).optional().describe('the peak learning rate, or what else to set of it'),
      decay: z
        .union([z.number().min(0), decay])
        .optional()
        .describe('the amount of weight decay, or what else to set of it'),
      optimiser: optimiser
        .optional()
        .describe('what to set of it; of another one than the recipe has, the rest is what its authors propose'),
      labelSmoothing: z.number().min(0).lt(1).optional(),
      crop: z.number().int().min(0).optional().describe('pad by this many pixels and crop back'),
      mirror: z.boolean().optional().describe('mirror half of the images, where a mirrored one keeps its class'),
      augment: augment.optional().describe('more than crop and mirror'),
      init: z
        .string()
        .min(1)
        .optional()
        .describe('weights to begin with: a run folder, a tfjs layers model, a Keras file; layers that do not match are listed and drawn'),
      backend: z
        .enum(['auto', 'wasm', 'tensorflow', 'eager'])
        .default('auto')
        .describe('auto takes the fastest that knows every layer of the network'),
      threads: z.number().int().min(1).optional().describe('by default all cores; the bytes that come out do not depend on it'),
    })
    .prefault({}),
  pea: z
    .strictObject({
      ensemble: z
        .enum([...mixes, 'none', 'smooth'])
        .default('stochastic')
        .describe('weighted (Eq. 1), stochastic (Eq. 3), none: the base alone, or smooth: the activation alone, which never fades'),
      activation: z.enum(smoothActivations).default('mish'),
      base: z.enum(bases).default('relu'),
      ...{ beta, trainableBeta, ...phases },
      layers: z
        .array(
          z.strictObject({
            match: pattern,
            ensemble: ensemble.optional(),
            activation: z.enum(smoothActivations).optional(),
            beta,
            trainableBeta,
            ...phases,
          }),
        )
        .optional()
        .describe('what differs for some layers; each entry that matches applies, a later one over an earlier one'),
    })
    .prefault({}),
  quantise: z
    .strictObject({
      method: z
        .string()
        .default('auto')
        .describe(
          'how ranges are chosen: auto takes for each tensor what suits the network best on the calibration set; or one method for all',
        ),
      refine: z
        .boolean()
        .default(true)
        .describe('try equalisation, adaptive rounding and bias correction, and keep what helps on the calibration set'),
      aware: z
        .boolean()
        .default(false)
        .describe('train the last part of the final phase as int8 will compute, to ranges that the file then has'),
      allow: z.boolean().default(false).describe('let smooth activations stay that the target does not have'),
      mixed: z
        .strictObject({
          budget: z.number().gt(0).max(1).describe('the share of multiply-accumulates that may stay wider than int8'),
          keep: z.enum(wideForms).default('int16').describe('int16: 16-bit activations with 8-bit weights; or float32'),
        })
        .optional()
        .describe('keep the layers wide that cost the network most in int8, each only if that helps'),
      calibration: z.number().int().min(1).default(200).describe('images of the training split, balanced over the classes'),
    })
    .prefault({}),
  targets: z.array(z.string()).min(1).default(['ethos-u55-128']),
  runner: z
    .union([z.string(), z.array(z.string()).min(1)])
    .default('simulator:')
    .describe('where the file also runs, as a URI; or several, which run side by side'),
  compiler: z
    .string()
    .default('auto')
    .describe(
      'auto takes the compiler that the target names where it is installed; none; or the path of its program, or of a Python that has it',
    ),
  baseline: z
    .string()
    .default('baseline.json')
    .describe('the committed figures that worseBy holds a run against; peapod baseline renews it'),
  gates: z.partialRecord(z.enum(metricNames as [MetricName, ...MetricName[]]), gate).default({}),
  seed: z.number().int().min(0).max(0x7fffffff).default(1),
})

export type ProjectFile = z.input<typeof projectSchema>
export type Project = z.output<typeof projectSchema>

/** The gates that hold unless the project file says otherwise. */
export const defaultGates: Project['gates'] = {
  int8Accuracy: { atLeast: 0.85, level: 'fail', missing: 'fail' },
  accuracyDrop: { atMost: 0.01, level: 'fail', missing: 'fail' },
  cpuOperators: { atMost: 0, level: 'fail', missing: 'fail' },
  errors: { atMost: 0, level: 'fail', missing: 'fail' },
  latencyMs: { atMost: 10, level: 'fail', missing: 'fail' },
  arenaBytes: { atMost: 512 * 1024, level: 'fail', missing: 'fail' },
  modelBytes: { atMost: 1024 * 1024, level: 'fail', missing: 'fail' },
  agreement: { atLeast: 0.99, level: 'fail', missing: 'skip' },
}

/** What differs where the network answers pixels: how many of them it gets right says little of a scene that is mostly road and sky. */
export const pixelGates: Project['gates'] = { int8Accuracy: null, meanIouDrop: { atMost: 0.02, level: 'fail', missing: 'fail' } }
